import { isMissingSystemRelation } from '../catalog/system-relations.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { awaited } from './waiting-views.ts';
import type { Step } from './translation.ts';
import { shownFunction } from './user-functions.ts';

/** The parts of a DuckDB error that this reads. A session has `errors_as_json` on. */
interface DuckDbFailure {
  readonly type: string;
  readonly message: string;
  /** In bytes of the SQL that DuckDB was given. */
  readonly position: number | undefined;
  readonly subtype: string | undefined;
  readonly name: string | undefined;
}

/**
 * A DuckDB error as Redshift would have said it, its position in the original statement.
 * `sql` is what the user wrote, `step` what DuckDB was given.
 */
export function redshiftError(error: unknown, sql: string, step?: Step): RedshiftError {
  if (error instanceof RedshiftError) return error;
  if (error instanceof RangeError)
    return new RedshiftError(SQLSTATE.tooComplex, 'stack depth limit exceeded', { cause: error });
  const failure = parse(error);
  const position =
    failure.position === undefined || step === undefined
      ? undefined
      : Math.min(step.originalOffset(unitOffset(step.sql, failure.position)), sql.length);
  const rule = RULES.map(({ pattern, make }) => {
    const match = pattern.exec(failure.message);
    return match && make(match, failure);
  }).find((said) => said !== null && said !== undefined);
  const [code, message, hint] = rule ?? [SQLSTATE.internal, failure.message.split('\n')[0] ?? ''];
  const placed =
    code === SQLSTATE.undefinedTable && position !== undefined ? inItsSchema(message, sql, position) : message;
  return new RedshiftError(code, placed, { position, hint, cause: error });
}

/** A relation that is not there, with the schema it was asked for in. */
function inItsSchema(message: string, sql: string, position: number): string {
  const name = /^relation "([^]*)" does not exist$/.exec(message)?.[1];
  const [path, schema, relation] = PATH.exec(sql.slice(position)) ?? [];
  const plain = (part = ''): string => (part.startsWith('"') ? part.slice(1, -1) : part).toLowerCase();
  return path === undefined || name === undefined || plain(relation) !== name.toLowerCase()
    ? message
    : `relation "${plain(schema)}.${name}" does not exist`;
}

const PART = String.raw`("[^"]+"|[\p{L}_][\p{L}\w$]*)`;
const PATH = new RegExp(String.raw`^(?:${PART.replace('(', '(?:')}\s*\.\s*)?${PART}\s*\.\s*${PART}`, 'u');

function unitOffset(sql: string, bytes: number): number {
  // oxlint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(sql) ? bytes : Buffer.from(sql).subarray(0, bytes).toString().length;
}

function parse(error: unknown): DuckDbFailure {
  const given = typeof error === 'object' && error !== null ? (error as Record<string, unknown>) : {};
  const message = String(given['message'] ?? given['error_message'] ?? error);
  const json = /\{"exception_type".*\}\s*$/s.exec(message)?.[0];
  const fields = json === undefined ? given : (JSON.parse(json) as Record<string, unknown>);
  const text = (name: string): string | undefined => (fields[name] === undefined ? undefined : String(fields[name]));
  const position = text('position');
  return {
    type: text('exception_type') ?? text('error_type') ?? '',
    message: text('exception_message') ?? text('error_message') ?? message,
    position: position === undefined ? undefined : Number(position),
    subtype: text('error_subtype'),
    name: text('name'),
  };
}

type Said = readonly [code: string, message: string, hint?: string];

/** The first rule whose pattern matches decides. */
const RULES: readonly {
  readonly pattern: RegExp;
  readonly make: (match: RegExpExecArray, failure: DuckDbFailure) => Said | undefined;
}[] = [
  { pattern: /rs:(\w{4,5}):([^;]*)/, make: ([, code = '', message = '']) => [code, message.trim()] },
  {
    pattern: /syntax error at or near "([^]*)"/,
    make: ([, near]) => [SQLSTATE.syntaxError, `syntax error at or near "${near}"`],
  },
  {
    pattern: /Referenced column "([^]*?)" was not found because the FROM clause is missing/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name}" does not exist`],
  },
  {
    pattern: /No extension found that is capable of reading the file "([^]*)"/,
    make: ([, name]) => [SQLSTATE.undefinedTable, `relation "${name}" does not exist`],
  },
  {
    pattern: /Existing object (\S+) is of type \w+, trying to \w+ type (\w+)/,
    make: ([, name, type = '']) => [SQLSTATE.wrongObjectType, `"${name}" is not a ${type.toLowerCase()}`],
  },
  {
    pattern: /^(?:\w+ Error: )?\S+ is not an table|Can only (delete|update) (?:from )?base table/,
    make: ([, verb]) => [SQLSTATE.wrongObjectType, VIEWS_ARE_READ[verb ?? ''] ?? 'cannot insert into a view'],
  },
  {
    pattern: /GROUPING statement cannot be used without groups|GROUPING child .* must be a grouping column/i,
    make: () => [SQLSTATE.grouping, 'arguments to GROUPING must be grouping expressions of the query'],
  },
  {
    pattern: /Separator argument to StringAgg must be a constant/,
    make: () => [SQLSTATE.invalidParameter, 'the delimiter of LISTAGG must be a constant'],
  },
  {
    pattern: /(WHERE|HAVING|GROUP BY|JOIN|QUALIFY|RETURNING) clause cannot contain window functions/,
    make: ([, clause]) => [SQLSTATE.windowing, `window functions not allowed in ${clause} clause`],
  },
  {
    pattern: /Catalog (?:with name )?"?([^"\s]+)"? does not exist/,
    make: ([, name]) => [SQLSTATE.undefinedDatabase, `database "${name}" does not exist`],
  },
  {
    pattern: /Macro Function with name "?([^"\s]+)"? does not exist/,
    make: ([, name]) => [SQLSTATE.undefinedFunction, `function ${name}() does not exist`],
  },
  {
    pattern: /SELECT locking clause is not supported/,
    make: () => [SQLSTATE.notSupported, 'SELECT FOR UPDATE/SHARE is not supported', 'Use LOCK.'],
  },
  {
    pattern: /Unknown TimeZone '([^]*)'/,
    make: ([, zone]) => [SQLSTATE.invalidParameter, `invalid value for parameter "TimeZone": "${zone}"`],
  },
  { pattern: /syntax error at end of input/, make: () => [SQLSTATE.syntaxError, 'syntax error at end of input'] },
  {
    pattern: /unterminated quoted (string|identifier)/,
    make: ([, what]) => [SQLSTATE.syntaxError, `unterminated quoted ${what}`],
  },
  {
    pattern: /does not exist because schema "([^"]*)" does not exist/,
    make: ([, name]) => [SQLSTATE.undefinedSchema, `schema "${name}" does not exist`],
  },
  {
    pattern: /(?:Table|View) with name "?([^"]*?)"? does not exist/,
    make: ([, name = ''], { name: given = name }) =>
      isMissingSystemRelation(given.toLowerCase())
        ? [SQLSTATE.notSupported, `the local cluster does not keep the system table or view "${given}"`]
        : [SQLSTATE.undefinedTable, `relation "${awaited(given)}" does not exist`],
  },
  {
    pattern: /(?:Table|View) with name "([^"]*)" already exists/,
    make: ([, name]) => [SQLSTATE.duplicateTable, `Relation "${name}" already exists`],
  },
  {
    pattern: /Schema with name "?([^"\s]*)"? does not exist/,
    make: ([, name]) => [SQLSTATE.undefinedSchema, `schema "${name}" does not exist`],
  },
  {
    pattern: /Schema with name "?([^"\s]*)"? already exists/,
    make: ([, name]) => [SQLSTATE.duplicateSchema, `schema "${name}" already exists`],
  },
  {
    pattern: /(?:Scalar|Aggregate|Table) Function with name "?([^"\n]*?)"? does not exist/,
    make: ([, name = ''], { name: given = name }) => [
      SQLSTATE.undefinedFunction,
      `function ${shownFunction(given) ?? `${given}()`} does not exist`,
      'No function matches the given name and argument types.',
    ],
  },
  {
    pattern: /No function matches the given name and argument types '([^']*)'/,
    make: ([, call]) => [
      SQLSTATE.undefinedFunction,
      `function ${inRedshiftsNames(call ?? '')} does not exist`,
      'You may need to add explicit type casts.',
    ],
  },
  {
    pattern: /Referenced table "([^"]*)" not found/,
    make: ([, name]) => [SQLSTATE.undefinedTable, `relation "${name}" does not exist`],
  },
  {
    pattern: /Referenced column "?([^]*?)"? not found in FROM clause/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name}" does not exist`],
  },
  {
    pattern: /Column "([^]*?)" (?:referenced in UNPIVOT|in EXCLUDE list not found)|Could not ORDER BY column "([^]*?)"/,
    make: ([, name, other]) => [SQLSTATE.undefinedColumn, `column "${name ?? other}" does not exist`],
  },
  {
    pattern: /Could not rename "[^]*?" to "([^]*?)": another entry/,
    make: ([, name]) => [SQLSTATE.duplicateTable, `relation "${name}" already exists`],
  },
  {
    pattern: /Referenced column "([^]*?)" not found|Table "([^"]*)" does not have a column named "([^"]*)"/,
    make: ([, name, table, column]) => [
      SQLSTATE.undefinedColumn,
      table === undefined ? `column "${name}" does not exist` : `column ${table}.${column} does not exist`,
    ],
  },
  {
    pattern: /Values list "([^"]*)" does not have a column named "([^"]*)"/,
    make: ([, table, column]) => [SQLSTATE.undefinedColumn, `column ${table}.${column} does not exist`],
  },
  {
    pattern: /(?:Table|table) "?([^"\s]*)"? does not have a column (?:with name|named) "?([^"\s]*)"?/,
    make: ([, table, column]) => [SQLSTATE.undefinedColumn, `column "${column}" of relation "${table}" does not exist`],
  },
  {
    pattern: /Ambiguous reference to column name "([^"]*)"/,
    make: ([, name]) => [SQLSTATE.ambiguousColumn, `column reference "${name}" is ambiguous`],
  },
  {
    pattern: /column "?([^"\s]*)"? must appear in the GROUP BY clause/,
    make: ([, name]) => [
      SQLSTATE.grouping,
      `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
    ],
  },
  {
    pattern: /WHERE clause cannot contain aggregates|aggregate function calls cannot be nested/i,
    make: ([text]) => [
      SQLSTATE.grouping,
      text.startsWith('WHERE')
        ? 'aggregates not allowed in WHERE clause'
        : 'aggregate function calls may not be nested',
    ],
  },
  {
    pattern: /NOT NULL constraint failed: (?:.*\.)?(\S+)/,
    make: ([, column]) => [SQLSTATE.notNull, `Cannot insert a NULL value into column ${column}`],
  },
  {
    pattern: /CHECK constraint failed on table \S+ with expression CHECK\(\(+strlen\("?(.*?)"?\) <= (\d+)\)/,
    make: ([, , length]) => [SQLSTATE.valueTooLong, `value too long for type character varying(${length})`],
  },
  {
    pattern: /CHECK constraint failed on table \S+ with expression CHECK\(\(+(\d+) >= strlen/,
    make: ([, length]) => [SQLSTATE.valueTooLong, `value too long for type character(${length})`],
  },
  {
    pattern: /CHECK constraint failed on table \S+ with expression CHECK\(\(+octet_length\("?(.*?)"?\) <= (\d+)\)/,
    make: ([, , length]) => [SQLSTATE.valueTooLong, `value too long for type binary varying(${length})`],
  },
  {
    pattern: /Could not convert string ['"]([^]*)['"] to (\S+)/,
    make: ([, value, type = '']) => [
      SQLSTATE.invalidText,
      `invalid input syntax for ${INPUT_NAMES[type] ?? `type ${type.startsWith('DECIMAL') ? 'numeric' : type.toLowerCase()}`}: "${value}"`,
    ],
  },
  {
    pattern:
      /(?:invalid )?(date|timestamp|time) field value out of range: "([^]*)"|invalid (date|timestamp|time) field format: "([^]*)"/,
    make: ([, type, value, otherType, other]) => [
      SQLSTATE.invalidDatetime,
      `invalid input syntax for type ${type ?? otherType}: "${value ?? other}"`,
    ],
  },
  {
    pattern: /Could not parse string|Could not cast value .* to (?:DATE|TIMESTAMP)/,
    make: (_match, { message }) => [SQLSTATE.invalidDatetime, message.split('\n')[0] ?? ''],
  },
  {
    pattern:
      /Could not cast value (\S+) to DECIMAL|Casting value "[^]*" to type DECIMAL\S* failed|Could not convert string .* to DECIMAL|Overflow in \S+ of DECIMAL|DECIMAL\S* (?:out of range|overflow)/i,
    make: () => [SQLSTATE.numericOverflow, 'Numeric data overflow (result precision)'],
  },
  {
    pattern:
      /Overflow in \S+ of (INT16|INT32|INT64|INT128|HUGEINT)|(?:Type|Value) .* (?:can't be cast because the value is out of range for the destination type) (\S+)|out of range for (?:the destination )?type/i,
    make: ([, from, to]) => [
      SQLSTATE.numericOverflow,
      OVERFLOWS[from ?? to ?? ''] ?? 'Numeric data overflow (result precision)',
    ],
  },
  {
    pattern:
      /^(?:Invalid Input Error: )?(invalid perl operator|missing (?:closing )?\S+|invalid \S+ (?:class|range|escape)|no argument for repetition|bad repetition)[^]*/,
    make: ([text]) => [SQLSTATE.invalidRegularExpression, `Invalid regular expression: ${text.split('\n')[0]}`],
  },
  {
    pattern: /Unimplemented type for cast \((\S+) -> (\S+)\)/,
    make: ([, from = '', to = '']) => [
      SQLSTATE.cannotCoerce,
      `cannot cast type ${TYPE_NAMES[from] ?? from.toLowerCase()} to ${TYPE_NAMES[to] ?? to.toLowerCase()}`,
    ],
  },
  {
    pattern: /Set operations can only apply to expressions with the same number/,
    make: () => [SQLSTATE.syntaxError, 'each UNION query must have the same number of columns'],
  },
  {
    pattern: /Malformed JSON at byte/,
    make: () => [
      SQLSTATE.notSupported,
      'a SUPER value beside another is not supported here by this stand-in for Amazon Redshift',
      'Cast the SUPER value first.',
    ],
  },
  {
    pattern: /More than one row returned by a subquery/,
    make: () => [SQLSTATE.cardinality, 'single-row subquery returns more than one row'],
  },
  {
    pattern: /table (\S+) has (\d+) columns but (\d+) values were supplied/,
    make: ([, , columns, values]) => [
      SQLSTATE.syntaxError,
      Number(values) > Number(columns)
        ? 'INSERT has more expressions than target columns'
        : 'INSERT has more target columns than expressions',
    ],
  },
  {
    pattern: /Column with name (\S+) already exists/,
    make: ([, name]) => [SQLSTATE.duplicateColumn, `column "${name?.replaceAll('"', '')}" specified more than once`],
  },
  {
    pattern: /Cannot drop entry "([^"]*)"/,
    make: ([, name]) => [
      SQLSTATE.dependentObjects,
      `cannot drop ${name} because other objects depend on it`,
      'Use DROP ... CASCADE to drop the dependent objects too.',
    ],
  },
  {
    pattern: /Type with name "?([^"\s]+)"? does not exist/,
    make: ([, name]) => [SQLSTATE.undefinedObject, `type "${name}" does not exist`],
  },
  {
    pattern: /Referenced update column "?([^]*?)"? not found in table/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name}" does not exist`],
  },
  {
    pattern: /Column "([^]*)" referenced that exists in the SELECT clause/,
    make: ([, name]) => [SQLSTATE.undefinedColumn, `column "${name?.toLowerCase()}" does not exist`],
  },
  {
    pattern: /Column "([^]*?)" does not exist on (left|right) side of join/,
    make: ([, name, side]) => [
      SQLSTATE.undefinedColumn,
      `column "${name}" specified in USING clause does not exist in ${side} table`,
    ],
  },
  {
    pattern: /Cannot extract field '([^]*?)' from expression "([^]*?)" because it is not a struct/,
    make: ([, field, value = '']) => [
      SQLSTATE.wrongObjectType,
      `column notation .${field} applied to ${/^\w+$/.test(value) ? `"${value}"` : 'a value'}, which is not a composite type`,
    ],
  },
  {
    pattern: /Table must have at least one column/,
    make: () => [SQLSTATE.invalidTableDefinition, 'tables must have at least one column'],
  },
  {
    pattern: /SELECT clause without selection list/,
    make: () => [SQLSTATE.syntaxError, 'syntax error: SELECT without a list of what to select'],
  },
  {
    pattern: /(ORDER|GROUP) BY non-integer literal/,
    make: ([, clause]) => [SQLSTATE.syntaxError, `non-integer constant in ${clause} BY`],
  },
  {
    pattern: /Expected a constant as type modifier/,
    make: () => [SQLSTATE.syntaxError, 'a type modifier must be a constant'],
  },
  {
    pattern: /Expected ARRAY, but got/,
    make: () => [SQLSTATE.invalidParameter, 'the SUPER value is not an array'],
  },
  {
    pattern: /Macro "?(?:rs_)?(\w+)"?\(\) does not support the supplied arguments/,
    make: ([, name]) => [
      SQLSTATE.undefinedFunction,
      `function ${name}() does not exist`,
      'No function matches the given name and argument types. You may need to add explicit type casts.',
    ],
  },
  {
    pattern: /\* expression without FROM clause/,
    make: () => [SQLSTATE.syntaxError, 'SELECT * with no tables specified is not valid'],
  },
  {
    pattern: /Could not choose a best candidate function for the function call "([^"]*)"/,
    make: ([, call]) => [
      SQLSTATE.ambiguousFunction,
      `function ${inRedshiftsNames(call ?? '')} is not unique`,
      'You may need to add explicit type casts.',
    ],
  },
  {
    pattern: /VALUES lists must all be the same length/,
    make: ([text]) => [SQLSTATE.syntaxError, text],
  },
  {
    pattern: /cannot be applied to a star expression/,
    make: () => [SQLSTATE.syntaxError, 'syntax error at or near "*"'],
  },
  {
    pattern: /(ORDER|GROUP BY) term out of range/,
    make: ([, clause = '']) => [
      SQLSTATE.invalidColumnReference,
      `${clause.replace(' BY', '')} BY position is not in select list`,
    ],
  },
  // What DuckDB makes of a parameter that no PREPARE declares.
  {
    pattern:
      /Attempted to dereference unique_ptr|Values were not provided for the following prepared statement parameters: (\d+)/,
    make: ([, number = '1']) => [SQLSTATE.undefinedParameter, `there is no parameter $${number}`],
  },
  { pattern: /Invalid Input Error: (.*)/, make: ([, text = '']) => [SQLSTATE.invalidParameter, text] },
];

/** `sum(VARCHAR)` as `sum(character varying)`. */
function inRedshiftsNames(call: string): string {
  const [, name = call, types = ''] = /^([^(]*)\((.*)\)$/.exec(call) ?? [];
  const names = types === '' ? [] : types.split(/, (?![^(]*\))/).map((type) => TYPE_NAMES[type] ?? type.toLowerCase());
  return `${name}(${names.join(', ')})`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  VARCHAR: 'character varying',
  STRING_LITERAL: 'unknown',
  INTEGER_LITERAL: 'integer',
  DOUBLE: 'double precision',
  FLOAT: 'real',
  TIMESTAMP: 'timestamp without time zone',
  TIME: 'time without time zone',
  JSON: 'super',
  BLOB: 'binary varying',
  HUGEINT: 'numeric',
  UBIGINT: 'bigint',
  BOOLEAN: 'boolean',
};

const VIEWS_ARE_READ: Readonly<Record<string, string>> = {
  delete: 'cannot delete from a view',
  update: 'cannot update a view',
};

const INPUT_NAMES: Readonly<Record<string, string>> = {
  INT16: 'integer',
  INT32: 'integer',
  INT64: 'integer',
  INT128: 'type numeric',
  DOUBLE: 'type double precision',
  FLOAT: 'type real',
  BOOL: 'type boolean',
};

const OVERFLOWS: Readonly<Record<string, string>> = {
  INT16: 'Value out of range for 2 bytes.',
  INT32: 'Value out of range for 4 bytes.',
  INT64: 'Value out of range for 8 bytes.',
};

import { isMissingSystemRelation } from '../catalog/system-relations.ts';
import { noSuchCall, type FailureRule } from './failure-rule.ts';
import { SQLSTATE } from './redshift-error.ts';
import { shownFunction } from './user-functions.ts';
import { awaited } from './waiting-views.ts';

/** Syntax, and names of what is not there, is there twice, or is something else. */
export const NAME_FAILURES: readonly FailureRule[] = [
  {
    pattern: /unterminated \/\* comment[^]*/,
    make: ([text]) => [SQLSTATE.syntaxError, text],
  },
  {
    pattern: /^(?![^]*Cannot extract field)[^]*?rs:(\w{4,5}):([^;]*)/,
    make: ([, code = '', message = '']) => [code, message.trim()],
  },
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
      noSuchCall(call ?? ''),
      'You may need to add explicit type casts.',
    ],
  },
  {
    pattern: /Referenced table "([^"]*)" not found/,
    make: ([, name]) => [SQLSTATE.undefinedTable, `relation "${name}" does not exist`],
  },
  {
    pattern: /Referenced column "?([^]*?)"? not found in FROM clause/,
    make: ([, name = '']) =>
      HIDDEN_COLUMNS.has(name.toLowerCase())
        ? [
            SQLSTATE.notSupported,
            `the hidden column "${name.toLowerCase()}" is not supported by this stand-in for Amazon Redshift`,
            'Tell rows apart by a key of the table, or by ROW_NUMBER().',
          ]
        : [SQLSTATE.undefinedColumn, `column "${name}" does not exist`],
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
    pattern: /column (?:"([^"]*)"|(\S+)) must appear in the GROUP BY clause/,
    make: ([, quoted, plain]) => [
      SQLSTATE.grouping,
      `column "${quoted ?? plain}" must appear in the GROUP BY clause or be used in an aggregate function`,
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
];

/** Columns that every table has and `*` does not show: https://www.postgresql.org/docs/8.0/ddl-system-columns.html */
const HIDDEN_COLUMNS = new Set(['oid', 'tableoid', 'ctid', 'xmin', 'xmax', 'cmin', 'cmax', 'insertxid', 'deletexid']);

const VIEWS_ARE_READ: Readonly<Record<string, string>> = {
  delete: 'cannot delete from a view',
  update: 'cannot update a view',
};

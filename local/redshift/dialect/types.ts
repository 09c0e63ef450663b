import { SQLSTATE, RedshiftError, syntaxError, unsupported } from './redshift-error.ts';
import { isTrivia, lex, nameOf } from './lexer.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  tree,
  type Node,
} from './token-tree.ts';

/** A Redshift type with its arguments. */
export interface RedshiftType {
  /** PostgreSQL's internal name, as the Data API's `typeName` has it: `int4`, `varchar`, `bpchar`, `numeric`, `timestamptz`, … */
  readonly name: string;
  /** Bytes of `varchar`, `bpchar`, `varbyte`. */
  readonly length?: number | undefined;
  readonly precision?: number | undefined;
  readonly scale?: number | undefined;
  /** As `pg_table_def` shows it: `character varying(20)`, `numeric(18,0)`, … */
  readonly text: string;
  /** Of an interval: the smallest unit that it keeps, if it does not keep all of its kind. */
  readonly finest?: 'year' | 'day' | 'hour' | 'minute' | undefined;
  /** What DuckDB stores it as. */
  readonly duckdb: string;
  /** Whether its arguments were written. A cast to `varchar` alone does not truncate. */
  readonly explicit: boolean;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html */
export const MAX_VARCHAR = 65_535;
const MAX_CHAR = 4_096;
const DEFAULT_VARCHAR = 256;
/** https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_types201.html */
export const MAX_PRECISION = 38;
export const MAX_SCALE = 37;
const DEFAULT_PRECISION = 18;
/** https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html */
const MAX_VARBYTE = 16_777_216;
const DEFAULT_VARBYTE = 64_000;

const interval = (finest: NonNullable<RedshiftType['finest']>, text: string): RedshiftType => ({
  ...plain(finest === 'year' ? 'intervaly2m' : 'intervald2s', text, 'INTERVAL'),
  finest,
});

const plain = (name: string, text: string, duckdb: string): RedshiftType => ({
  name,
  text,
  duckdb,
  explicit: false,
});

/** Types without arguments, under every name they have. */
const PLAIN: ReadonlyMap<string, RedshiftType> = new Map(
  (
    [
      [plain('int2', 'smallint', 'SMALLINT'), 'smallint int2'],
      [plain('int4', 'integer', 'INTEGER'), 'integer int int4'],
      [plain('int8', 'bigint', 'BIGINT'), 'bigint int8'],
      [plain('float4', 'real', 'FLOAT'), 'real float4'],
      [plain('float8', 'double precision', 'DOUBLE'), 'double precision|float8|float'],
      [plain('bool', 'boolean', 'BOOLEAN'), 'boolean bool'],
      [plain('date', 'date', 'DATE'), 'date'],
      [plain('time', 'time without time zone', 'TIME'), 'time|time without time zone'],
      [plain('timetz', 'time with time zone', 'TIME WITH TIME ZONE'), 'timetz|time with time zone'],
      [
        plain('timestamp', 'timestamp without time zone', 'TIMESTAMP'),
        'timestamp|timestamp without time zone|datetime',
      ],
      [
        plain('timestamptz', 'timestamp with time zone', 'TIMESTAMP WITH TIME ZONE'),
        'timestamptz|timestamp with time zone',
      ],
      [plain('super', 'super', 'JSON'), 'super'],
      // https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html
      [
        plain('intervald2s', 'interval day to second', 'INTERVAL'),
        'interval|interval day to second|interval second|interval hour to second|interval minute to second',
      ],
      [plain('intervaly2m', 'interval year to month', 'INTERVAL'), 'interval year to month|interval month'],
      [interval('hour', 'interval day to hour'), 'interval day to hour|interval hour'],
      [interval('minute', 'interval day to minute'), 'interval day to minute|interval hour to minute|interval minute'],
      [plain('oid', 'oid', 'BIGINT'), 'oid'],
      [plain('name', 'name', 'VARCHAR'), 'name'],
      [plain('regclass', 'regclass', 'VARCHAR'), 'regclass'],
      [plain('varchar', 'character varying', 'VARCHAR'), 'sql_identifier|character_data'],
      [plain('int4', 'integer', 'INTEGER'), 'cardinal_number'],
      [plain('regproc', 'regproc', 'VARCHAR'), 'regproc'],
      [plain('regprocedure', 'regprocedure', 'VARCHAR'), 'regprocedure'],
      [plain('regtype', 'regtype', 'VARCHAR'), 'regtype'],
    ] as const
  )
    .flatMap(([type, names]) => names.split(names.includes('|') ? '|' : ' ').map((name) => [name, type] as const))
    .concat(
      (['year', 'day'] as const).map((field) => [`interval ${field}`, interval(field, `interval ${field}`)] as const),
    ),
);

export const TYPE = {
  smallint: plain('int2', 'smallint', 'SMALLINT'),
  integer: plain('int4', 'integer', 'INTEGER'),
  bigint: plain('int8', 'bigint', 'BIGINT'),
  double: plain('float8', 'double precision', 'DOUBLE'),
  varchar: { ...plain('varchar', 'character varying', 'VARCHAR'), length: MAX_VARCHAR },
} as const;

const INTERVAL_FIELDS = ['year', 'month', 'day', 'hour', 'minute', 'second'] as const;

/** Types that a Redshift column, or one of this stand-in, cannot have, and what can be had instead. */
const REFUSED: Readonly<Record<string, string>> = {
  geometry: '',
  geography: '',
  hllsketch: 'Use COUNT(DISTINCT …).',
  array: 'Use SUPER.',
  map: 'Use SUPER.',
  struct: 'Use SUPER.',
  json: 'Use SUPER.',
  jsonb: 'Use SUPER.',
  money: 'Use DECIMAL.',
  bytea: 'Use VARBYTE.',
  uuid: 'Use VARCHAR(36).',
  xml: 'Use VARCHAR.',
  serial: 'Use INTEGER IDENTITY(1, 1).',
  bigserial: 'Use BIGINT IDENTITY(1, 1).',
  bit: 'Use VARBYTE.',
};

/** What takes no length: the display width of MySQL's `int(11)` is a syntax error. */
const BARE = new Set(
  'smallint int2 integer int int4 bigint int8 real float4 float8 boolean bool date super'
    .split(' ')
    .concat('double precision'),
);

const TYPE_SCHEMAS = new Set(['pg_catalog', 'information_schema']);

/** A type name at `start` and where it ends; nothing where there is no type's name. */
export function readType(
  nodes: readonly Node[],
  start: number,
): { readonly type: RedshiftType; readonly end: number } | undefined {
  const next = (at: number): number => {
    while (at < nodes.length && isTrivia(nodes[at] as Node)) at++;
    return at;
  };
  const begin = next(start);
  const schema = nodes[begin];
  // `pg_catalog.text`, as psql and drivers write them.
  const placed = isName(schema) && TYPE_SCHEMAS.has(nameOf(schema)) && isSymbol(nodes[next(begin + 1)], '.');
  const first = placed ? next(next(begin + 1) + 1) : begin;
  const token = nodes[first];
  if (!isName(token)) return undefined;
  let name = nameOf(token);
  let end = first + 1;
  const follow = (word: string): boolean => {
    const at = next(end);
    if (!isWord(nodes[at], word.toUpperCase())) return false;
    name += ` ${word}`;
    end = at + 1;
    return true;
  };
  if (name === 'double') follow('precision');
  else if (name === 'character' || name === 'char' || name === 'nchar' || name === 'binary') follow('varying');
  else if (name === 'national') {
    if (follow('character') || follow('char')) follow('varying');
  } else if (name === 'interval') {
    const unit = (): boolean => INTERVAL_FIELDS.some(follow);
    if (unit() && follow('to')) unit();
  }
  let args: readonly string[] | undefined;
  const group = nodes[next(end)];
  if (isParenthesis(group)) {
    if (BARE.has(name)) throw syntaxError('(', startOf(group));
    args = splitAtCommas(group.items).map((list) => textOf(list).trim());
    end = next(end) + 1;
  }
  if (name === 'time' || name === 'timestamp') {
    const zone = next(end);
    const time = next(zone + 1);
    const word = next(time + 1);
    if (isWord(nodes[zone], 'WITH', 'WITHOUT') && isWord(nodes[time], 'TIME') && isWord(nodes[word], 'ZONE')) {
      name += isWord(nodes[zone], 'WITH') ? ' with time zone' : ' without time zone';
      end = word + 1;
    }
  }
  return { type: typeNamed(name, args, startOf(token)), end };
}

/** The type that nodes are, all of them. */
export function wholeType(nodes: readonly Node[]): RedshiftType | undefined {
  try {
    const read = readType(nodes, 0);
    return read && significant(nodes.slice(read.end)).length === 0 ? read.type : undefined;
  } catch (error) {
    if (error instanceof RedshiftError) return undefined;
    throw error;
  }
}

/** @throws RedshiftError for a type Redshift, or this stand-in, does not have. */
export function typeNamed(name: string, args: readonly string[] | undefined, position?: number): RedshiftType {
  const number = (index: number, fallback: number): number => {
    const text = args?.[index];
    if (text === undefined) return fallback;
    if (!/^-?\d+$/.test(text))
      throw new RedshiftError(SQLSTATE.syntaxError, `syntax error at or near "${text}"`, { position });
    return Number(text);
  };
  const explicit = args !== undefined;
  switch (name) {
    case 'varchar':
    case 'character varying':
    case 'char varying':
    case 'nvarchar':
    case 'nchar varying':
    case 'national character varying':
    case 'national char varying':
    case 'text': {
      const length = args?.[0]?.toLowerCase() === 'max' ? MAX_VARCHAR : number(0, DEFAULT_VARCHAR);
      checkLength('varchar', length, MAX_VARCHAR, position);
      return { name: 'varchar', length, text: `character varying(${length})`, duckdb: 'VARCHAR', explicit };
    }
    case 'char':
    case 'character':
    case 'nchar':
    case 'national character':
    case 'national char':
    case 'bpchar': {
      const length = args?.[0]?.toLowerCase() === 'max' ? MAX_CHAR : number(0, name === 'bpchar' ? 256 : 1);
      checkLength('char', length, MAX_CHAR, position);
      return { name: 'bpchar', length, text: `character(${length})`, duckdb: 'VARCHAR', explicit: true };
    }
    case 'varbyte':
    case 'varbinary':
    case 'binary varying': {
      const length = number(0, DEFAULT_VARBYTE);
      checkLength('varbyte', length, MAX_VARBYTE, position);
      return { name: 'varbyte', length, text: `binary varying(${length})`, duckdb: 'BLOB', explicit };
    }
    case 'decimal':
    case 'numeric':
    case 'dec':
      return numeric(number(0, DEFAULT_PRECISION), number(1, 0), position);
    case 'float':
      if (number(0, 53) > 53 || number(0, 53) < 1)
        throw new RedshiftError(SQLSTATE.invalidParameter, 'precision for type float must be between 1 and 53 bits', {
          position,
        });
      return number(0, 53) <= 24 ? typeNamed('real', undefined) : typeNamed('float8', undefined);
    default: {
      const found = PLAIN.get(name);
      if (found) return found;
      if (name.startsWith('interval ')) throw unsupported(`type "${name}"`, position);
      if (name in REFUSED) throw unsupported(`type "${name}"`, position, REFUSED[name] || undefined);
      throw new RedshiftError(SQLSTATE.undefinedObject, `type "${name}" does not exist`, { position });
    }
  }
}

export function numeric(precision: number, scale: number, position?: number): RedshiftType {
  if (precision < 1 || precision > MAX_PRECISION)
    throw new RedshiftError(
      SQLSTATE.invalidParameter,
      `DECIMAL precision ${precision} must be between 1 and ${MAX_PRECISION}`,
      { position },
    );
  if (scale < 0 || scale > precision)
    throw new RedshiftError(
      SQLSTATE.invalidParameter,
      `DECIMAL scale ${scale} must be between 0 and precision ${precision}`,
      { position },
    );
  return {
    name: 'numeric',
    precision,
    scale,
    text: `numeric(${precision},${scale})`,
    duckdb: `DECIMAL(${precision},${scale})`,
    explicit: true,
  };
}

function checkLength(type: string, length: number, most: number, position: number | undefined): void {
  if (length < 1)
    throw new RedshiftError(SQLSTATE.invalidParameter, `length for type ${type} must be at least 1`, { position });
  if (length > most)
    throw new RedshiftError(SQLSTATE.invalidParameter, `length for type ${type} cannot exceed ${most}`, { position });
}

/** Redshift's type for a type DuckDB names. */
export function typeOfDuckDb(name: string): RedshiftType {
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(name);
  if (decimal) return numeric(Number(decimal[1]), Number(decimal[2]));
  return FROM_DUCKDB.get(name) ?? TYPE.varchar;
}

const FROM_DUCKDB: ReadonlyMap<string, RedshiftType> = new Map([
  ['TINYINT', TYPE.smallint],
  ['UTINYINT', TYPE.smallint],
  ['USMALLINT', TYPE.integer],
  ['UINTEGER', TYPE.bigint],
  ['UBIGINT', numeric(MAX_PRECISION, 0)],
  ['HUGEINT', numeric(MAX_PRECISION, 0)],
  ['BLOB', typeNamed('varbyte', undefined)],
  ['TIMETZ', typeNamed('timetz', undefined)],
  ['TIMESTAMPTZ', typeNamed('timestamptz', undefined)],
  ...[...PLAIN.values()]
    .filter(({ duckdb }) => duckdb !== 'VARCHAR')
    .toReversed()
    .map((type) => [type.duckdb, type] as const),
  ['INTERVAL', typeNamed('interval day to second', undefined)],
]);

/** The type of a stored column: what was written, else what DuckDB has. */
export function storedType(text: string | undefined, duckdb: string): RedshiftType {
  const read = text === undefined ? undefined : readType(tree(lex(text)), 0);
  return read?.type ?? typeOfDuckDb(duckdb);
}

/** A type DuckDB names, as messages show it. */
export function shownType(duckdb: string): string {
  if (duckdb === 'UNKNOWN') return '"unknown"';
  if (duckdb.endsWith('[]')) return `${shownType(duckdb.slice(0, -2))}[]`;
  return duckdb === 'NULL' ? 'unknown' : typeOfDuckDb(duckdb).text.replace(/\(.*\)$/, '');
}

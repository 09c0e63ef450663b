const PLAIN = [
  'smallint',
  'integer',
  'bigint',
  'real',
  'double precision',
  'boolean',
  'date',
  'timestamp',
  'timestamptz',
  'time',
  'timetz',
  'super',
] as const;

/** A type of Redshift, with its parameters as numbers. https://docs.aws.amazon.com/redshift/latest/dg/c_Supported_data_types.html */
export type ColumnType =
  | { readonly name: (typeof PLAIN)[number] }
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number }
  /** `length` in bytes. */
  | { readonly name: 'char' | 'varchar' | 'varbyte'; readonly length: number };

const SYNONYMS: Readonly<Record<string, ColumnType['name']>> = {
  ...Object.fromEntries(PLAIN.map((name) => [name, name])),
  int2: 'smallint',
  int: 'integer',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float: 'double precision',
  float8: 'double precision',
  bool: 'boolean',
  'timestamp without time zone': 'timestamp',
  'timestamp with time zone': 'timestamptz',
  'time without time zone': 'time',
  'time with time zone': 'timetz',
  decimal: 'decimal',
  numeric: 'decimal',
  char: 'char',
  character: 'char',
  nchar: 'char',
  bpchar: 'char',
  varchar: 'varchar',
  'character varying': 'varchar',
  nvarchar: 'varchar',
  text: 'varchar',
  varbyte: 'varbyte',
  varbinary: 'varbyte',
  'binary varying': 'varbyte',
};

const NOT_LOADABLE: Readonly<Record<string, string>> = {
  geometry: 'varchar (well-known text), converted in a transform',
  geography: 'varchar (well-known text), converted in a transform',
  hllsketch: 'super, converted in a transform',
  interval: 'integer, in the unit you mean',
  json: 'super',
  jsonb: 'super',
  uuid: 'char(36)',
  bytea: 'varbyte',
  blob: 'varbyte',
  clob: 'varchar(65535)',
  string: 'varchar(n)',
  tinyint: 'smallint',
  double: 'double precision',
  datetime: 'timestamp',
};

/** Bytes a type of characters or bytes may have, and has when none are given. */
const LENGTHS = {
  char: { most: 4_096, unless: 1 },
  varchar: { most: 65_535, unless: 256 },
  varbyte: { most: 16_777_216, unless: 64_000 },
} as const;

const DECIMAL = { precision: 38, scale: 37 } as const;

/** Why a text is not a type, and what to write instead. */
export interface NotAType {
  readonly why: string;
  readonly do: string;
}

/** Reads a type as Redshift writes it, in any case, with any of its synonyms: `Numeric(12, 2)`, `character varying(20)`, `int8`. */
export function parseColumnType(text: string): ColumnType | NotAType {
  const shape = /^([a-z][a-z0-9 ]*?)\s*(?:\(\s*(\d{1,9}|max)\s*(?:,\s*(\d{1,9})\s*)?\))?$/.exec(
    text.trim().toLowerCase().replaceAll(/\s+/g, ' '),
  );
  const written = shape?.[1] ?? '';
  const name = Object.hasOwn(SYNONYMS, written) ? SYNONYMS[written] : undefined;
  if (name === undefined) {
    const first = written.split(' ')[0] ?? '';
    const instead = Object.hasOwn(NOT_LOADABLE, first) ? NOT_LOADABLE[first] : undefined;
    return {
      why: 'Redshift has no such type for a table that is loaded from files',
      do:
        instead === undefined
          ? 'Use a type of Redshift, for instance integer, decimal(12,2), varchar(64), date or timestamp'
          : `Use ${instead}`,
    };
  }
  const [, , first, second] = shape ?? [];
  if (name === 'decimal') return decimal(first, second);
  if (name === 'char' || name === 'varchar' || name === 'varbyte') return ofLength(name, first, second);
  if (first !== undefined) return { why: `${name} takes no length`, do: `Write ${name}` };
  return { name };
}

function decimal(first: string | undefined, second: string | undefined): ColumnType | NotAType {
  const precision = Number(first ?? 18);
  const scale = Number(second ?? 0);
  if (!(precision >= 1 && precision <= DECIMAL.precision && scale <= Math.min(precision, DECIMAL.scale)))
    return {
      why: `a decimal has 1 to ${DECIMAL.precision} digits, of which at most ${DECIMAL.scale} and no more than all after the point`,
      do: 'Write decimal(digits, digits after the point), for instance decimal(12,2)',
    };
  return { name: 'decimal', precision, scale };
}

function ofLength(
  name: 'char' | 'varchar' | 'varbyte',
  first: string | undefined,
  second: string | undefined,
): ColumnType | NotAType {
  const { most, unless } = LENGTHS[name];
  const length = first === 'max' ? most : Number(first ?? unless);
  if (second !== undefined || !(length >= 1 && length <= most))
    return { why: `${name} takes one length, 1 to ${most} bytes`, do: `Write ${name}(n) with n from 1 to ${most}` };
  return { name, length };
}

export function isColumnType(type: ColumnType | NotAType): type is ColumnType {
  return 'name' in type;
}

/** The type as DDL says it. */
export function typeSql(type: ColumnType): string {
  if ('precision' in type) return `decimal(${type.precision},${type.scale})`;
  if ('length' in type) return `${type.name}(${type.length})`;
  return type.name;
}

/** The type as `svv_columns` tells it. https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_COLUMNS.html */
export interface CataloguedType {
  readonly dataType: string;
  readonly characters?: number;
  readonly precision?: number;
  readonly scale?: number;
}

const CATALOGUED: Readonly<Partial<Record<ColumnType['name'], string>>> = {
  decimal: 'numeric',
  char: 'character',
  varchar: 'character varying',
  varbyte: 'binary varying',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
};

export function cataloguedType(type: ColumnType): CataloguedType {
  const dataType = CATALOGUED[type.name] ?? type.name;
  if ('precision' in type) return { dataType, precision: type.precision, scale: type.scale };
  if (type.name === 'char' || type.name === 'varchar') return { dataType, characters: type.length };
  return { dataType };
}

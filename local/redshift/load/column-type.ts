export type TypeKind =
  | 'smallint'
  | 'integer'
  | 'bigint'
  | 'decimal'
  | 'real'
  | 'double'
  | 'boolean'
  | 'char'
  | 'varchar'
  | 'date'
  | 'time'
  | 'timetz'
  | 'timestamp'
  | 'timestamptz'
  | 'super'
  | 'varbyte'
  | 'interval';

/** A column's type as COPY needs it. */
export interface ColumnType {
  readonly kind: TypeKind;
  /** DuckDB's name, to cast to. */
  readonly duckdb: string;
  /** As `stl_load_errors.type` prints it: `int4`, `varchar`, `numeric`, … */
  readonly name: string;
  /** CHAR, VARCHAR and VARBYTE: bytes at most. */
  readonly length: number | undefined;
  readonly precision: number;
  readonly scale: number;
  /** INTERVAL: its coarsest and finest field, and the digits of a second. */
  readonly qualifier?: { readonly first?: string; readonly to?: string; readonly digits?: number };
}

const PLAIN: Readonly<Record<string, readonly [TypeKind, string]>> = {
  SMALLINT: ['smallint', 'int2'],
  INTEGER: ['integer', 'int4'],
  BIGINT: ['bigint', 'int8'],
  HUGEINT: ['decimal', 'numeric'],
  FLOAT: ['real', 'float4'],
  DOUBLE: ['double', 'float8'],
  BOOLEAN: ['boolean', 'bool'],
  DATE: ['date', 'date'],
  TIME: ['time', 'time'],
  'TIME WITH TIME ZONE': ['timetz', 'timetz'],
  TIMESTAMP: ['timestamp', 'timestamp'],
  'TIMESTAMP WITH TIME ZONE': ['timestamptz', 'timestamptz'],
  JSON: ['super', 'super'],
  BLOB: ['varbyte', 'varbyte'],
  INTERVAL: ['interval', 'interval'],
  VARCHAR: ['varchar', 'varchar'],
};

/** VARCHAR without an attribute is as long as Redshift's longest. */
const LONGEST_VARCHAR = 65_535;

/**
 * `duckdb` is the stored type, `declared` Redshift's (`character varying(20)`) where the dialect kept it, `bytes` the most a text may
 * have.
 */
export function columnType(duckdb: string, declared: string | undefined, bytes?: number): ColumnType {
  const none = { duckdb, length: undefined, precision: 0, scale: 0 };
  const decimal = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(duckdb);
  if (decimal)
    return { ...none, kind: 'decimal', name: 'numeric', precision: Number(decimal[1]), scale: Number(decimal[2]) };
  const [kind, name] = PLAIN[duckdb] ?? (['varchar', 'varchar'] as const);
  const length = bytes ?? Number(/\((\d+)\)/.exec(declared ?? '')?.[1] ?? LONGEST_VARCHAR);
  if (kind === 'interval') return { ...none, kind, ...intervalOf(declared) };
  if (kind === 'varbyte') return { ...none, kind, name, length };
  if (kind !== 'varchar') return { ...none, kind, name };
  if (/^super/i.test(declared ?? '')) return { ...none, kind: 'super', name: 'super' };
  if (/^(bp)?char(acter)?(\(|$)/i.test(declared ?? '')) return { ...none, kind: 'char', name: 'char', length };
  return { ...none, kind, name, length };
}

/** `interval year to month`, `interval day to second(3)` */
function intervalOf(declared = ''): Pick<ColumnType, 'name' | 'qualifier'> {
  const [, first, to, digits] = /^interval (\w+)(?: to (\w+))?(?:\s*\((\d)\))?$/i.exec(declared) ?? [];
  const finest = (to ?? first)?.toUpperCase();
  const ofMonths = finest === 'YEAR' || finest === 'MONTH';
  return {
    name: ofMonths ? 'intervaly2m' : 'intervald2s',
    qualifier: {
      ...(first !== undefined && { first: first.toUpperCase() }),
      ...(to !== undefined && { to: to.toUpperCase() }),
      ...(digits !== undefined && { digits: Number(digits) }),
    },
  };
}

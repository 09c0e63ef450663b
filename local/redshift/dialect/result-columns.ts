import type { DuckDBType } from '@duckdb/node-api';
import { numeric, typeOfDuckDb, type RedshiftType } from './types.ts';

/** What the Data API says of a column of a result. */
export interface ResultColumn {
  readonly label: string;
  /** `int4`, `varchar`, `numeric`, `timestamptz`, `super`, … */
  readonly typeName: string;
  readonly precision: number;
  readonly scale: number;
  /** Of the type, in bytes or characters. */
  readonly length: number;
  readonly isCaseSensitive: boolean;
  readonly isSigned: boolean;
  readonly type: RedshiftType;
}

/** Digits or characters of the types that have no arguments, as the JDBC driver counts them. */
const PRECISIONS: Readonly<Record<string, number>> = {
  int2: 5,
  int4: 10,
  int8: 19,
  float4: 8,
  float8: 17,
  bool: 1,
  date: 13,
  time: 15,
  timetz: 21,
  timestamp: 29,
  timestamptz: 35,
};

const SIGNED = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric']);
const TEXT = new Set(['varchar', 'bpchar', 'super']);

/**
 * Redshift's metadata of a result's column from what DuckDB says of it.
 * https://docs.aws.amazon.com/redshift-data/latest/APIReference/API_ColumnMetadata.html
 */
export function resultColumn(label: string, duckdb: DuckDBType): ResultColumn {
  const type = redshiftType(duckdb);
  const precision = type.precision ?? type.length ?? PRECISIONS[type.name] ?? 0;
  return {
    label,
    typeName: type.name,
    precision,
    scale:
      type.scale ??
      (type.name.startsWith('timestamp') || type.name.startsWith('time')
        ? 6
        : type.name === 'float8'
          ? 17
          : type.name === 'float4'
            ? 8
            : 0),
    length: type.length ?? 0,
    isCaseSensitive: TEXT.has(type.name),
    isSigned: SIGNED.has(type.name),
    type,
  };
}

/** Redshift's type of a DuckDB type. */
export function redshiftType(duckdb: DuckDBType): RedshiftType {
  if (duckdb.alias === 'JSON') return typeOfDuckDb('JSON');
  const name = duckdb.toString();
  // An untyped NULL, and whatever Redshift has no type for, is text there.
  return name === 'HUGEINT' || name === 'UHUGEINT' ? numeric(38, 0) : typeOfDuckDb(name);
}

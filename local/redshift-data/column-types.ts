import {
  BIGINT,
  BLOB,
  BOOLEAN,
  DATE,
  DECIMAL,
  DOUBLE,
  DuckDBDecimalType,
  DuckDBTypeId,
  FLOAT,
  HUGEINT,
  INTEGER,
  INTERVAL,
  SMALLINT,
  TIME,
  TIMESTAMP,
  TIMESTAMPTZ,
  TIMETZ,
  VARCHAR,
  type DuckDBType,
} from '@duckdb/node-api';
import type { ColumnMetadata } from '@aws-sdk/client-redshift-data';

interface ColumnType {
  readonly typeName: string;
  readonly precision: number;
  readonly scale: number;
  readonly signed: boolean;
}

const text = (typeName: string, precision: number): ColumnType => ({ typeName, precision, scale: 0, signed: false });
const whole = (typeName: string, precision: number): ColumnType => ({ typeName, precision, scale: 0, signed: true });

/** The longest VARCHAR: https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html */
const LONGEST_VARCHAR = 65_535;

/** Names, precisions and scales as Redshift's own driver reports them. */
function columnType(type: DuckDBType): ColumnType {
  if (type instanceof DuckDBDecimalType)
    return { typeName: 'numeric', precision: type.width, scale: type.scale, signed: true };
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return text('bool', 1);
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.UTINYINT:
      return whole('int2', 5);
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.USMALLINT:
      return whole('int4', 10);
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UINTEGER:
      return whole('int8', 19);
    case DuckDBTypeId.HUGEINT:
    case DuckDBTypeId.UHUGEINT:
    case DuckDBTypeId.UBIGINT:
      return whole('numeric', 38);
    case DuckDBTypeId.FLOAT:
      return { typeName: 'float4', precision: 8, scale: 8, signed: true };
    case DuckDBTypeId.DOUBLE:
      return { typeName: 'float8', precision: 17, scale: 17, signed: true };
    case DuckDBTypeId.DATE:
      return text('date', 13);
    case DuckDBTypeId.TIME:
      return { ...text('time', 15), scale: 6 };
    case DuckDBTypeId.TIME_TZ:
      return { ...text('timetz', 21), scale: 6 };
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return { ...text('timestamp', 29), scale: 6 };
    case DuckDBTypeId.TIMESTAMP_TZ:
      return { ...text('timestamptz', 35), scale: 6 };
    case DuckDBTypeId.INTERVAL:
      return text('interval', 49);
    case DuckDBTypeId.BLOB:
      return text('varbyte', 1_024_000);
    default:
      return text('varchar', LONGEST_VARCHAR);
  }
}

/** A column of a result. */
export function columnMetadata(name: string, type: DuckDBType): ColumnMetadata {
  const { typeName, precision, scale, signed } = columnType(type);
  return {
    isCaseSensitive: typeName === 'varchar',
    isCurrency: false,
    isSigned: signed,
    label: name,
    length: 0,
    name,
    nullable: 1,
    precision,
    scale,
    schemaName: '',
    tableName: '',
    typeName,
  };
}

/** A column of a table, as DuckDB's catalogue has it. */
export interface StoredColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** `DECIMAL(18,2)`, `VARCHAR`, … */
  readonly type: string;
  readonly nullable: boolean;
  readonly preset: string | undefined;
}

const STORED: Readonly<Record<string, DuckDBType>> = {
  BOOLEAN,
  SMALLINT,
  INTEGER,
  BIGINT,
  HUGEINT,
  FLOAT,
  DOUBLE,
  DATE,
  TIME,
  'TIME WITH TIME ZONE': TIMETZ,
  TIMESTAMP,
  'TIMESTAMP WITH TIME ZONE': TIMESTAMPTZ,
  INTERVAL,
  BLOB,
};

export function storedColumn(column: StoredColumn): ColumnMetadata {
  const [, width, scale] = /^DECIMAL\((\d+),(\d+)\)$/.exec(column.type) ?? [];
  const type = width === undefined ? (STORED[column.type] ?? VARCHAR) : DECIMAL(Number(width), Number(scale));
  const { label: _label, ...metadata } = columnMetadata(column.name, type);
  return {
    ...metadata,
    length: metadata.precision,
    nullable: column.nullable ? 1 : 0,
    schemaName: column.schema,
    tableName: column.table,
    ...(column.preset !== undefined && { columnDefault: column.preset }),
  };
}

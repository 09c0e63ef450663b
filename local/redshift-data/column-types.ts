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

const BOOL = text('bool', 1);
const INT2 = whole('int2', 5);
const INT4 = whole('int4', 10);
const INT8 = whole('int8', 19);
const NUMERIC38 = whole('numeric', 38);
const TIMESTAMP_TYPE: ColumnType = { ...text('timestamp', 29), scale: 6 };

/** Names, precisions and scales as Redshift's own driver reports them; what is not here is text. */
const COLUMN_TYPES: ReadonlyMap<DuckDBTypeId, ColumnType> = new Map([
  [DuckDBTypeId.BOOLEAN, BOOL],
  [DuckDBTypeId.TINYINT, INT2],
  [DuckDBTypeId.UTINYINT, INT2],
  [DuckDBTypeId.SMALLINT, INT2],
  [DuckDBTypeId.USMALLINT, INT4],
  [DuckDBTypeId.INTEGER, INT4],
  [DuckDBTypeId.UINTEGER, INT8],
  [DuckDBTypeId.BIGINT, INT8],
  [DuckDBTypeId.UBIGINT, NUMERIC38],
  [DuckDBTypeId.HUGEINT, NUMERIC38],
  [DuckDBTypeId.UHUGEINT, NUMERIC38],
  [DuckDBTypeId.FLOAT, { typeName: 'float4', precision: 8, scale: 8, signed: true }],
  [DuckDBTypeId.DOUBLE, { typeName: 'float8', precision: 17, scale: 17, signed: true }],
  [DuckDBTypeId.DATE, text('date', 13)],
  [DuckDBTypeId.TIME, { ...text('time', 15), scale: 6 }],
  [DuckDBTypeId.TIME_TZ, { ...text('timetz', 21), scale: 6 }],
  [DuckDBTypeId.TIMESTAMP, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_S, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_MS, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_NS, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_TZ, { ...text('timestamptz', 35), scale: 6 }],
  [DuckDBTypeId.INTERVAL, text('interval', 49)],
  [DuckDBTypeId.BLOB, text('varbyte', 1_024_000)],
]);

function columnType(type: DuckDBType): ColumnType {
  if (type instanceof DuckDBDecimalType)
    return { typeName: 'numeric', precision: type.width, scale: type.scale, signed: true };
  return COLUMN_TYPES.get(type.typeId) ?? text('varchar', LONGEST_VARCHAR);
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

import { DuckDBDecimalType, DuckDBTypeId, type DuckDBType } from '@duckdb/node-api';
import type { ColumnMetadata } from '@aws-sdk/client-redshift-data';
import type { ColumnOrigin } from '../redshift/dialect/query-ranges.ts';
import type { TextType } from '../redshift/dialect/text-types.ts';

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
/** https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html */
const LARGEST_VARBYTE = 1_024_000;

const BOOL = text('bool', 1);
const INT2 = whole('int2', 5);
const INT4 = whole('int4', 10);
const INT8 = whole('int8', 19);
const FLOAT4: ColumnType = { typeName: 'float4', precision: 8, scale: 8, signed: true };
const FLOAT8: ColumnType = { typeName: 'float8', precision: 17, scale: 17, signed: true };
/** https://docs.aws.amazon.com/redshift/latest/dg/r_SUPER_type.html */
const SUPER = text('super', 16_777_216);
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
  [DuckDBTypeId.FLOAT, FLOAT4],
  [DuckDBTypeId.DOUBLE, FLOAT8],
  [DuckDBTypeId.DATE, text('date', 13)],
  [DuckDBTypeId.TIME, { ...text('time', 15), scale: 6 }],
  [DuckDBTypeId.TIME_TZ, { ...text('timetz', 21), scale: 6 }],
  [DuckDBTypeId.TIMESTAMP, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_S, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_MS, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_NS, TIMESTAMP_TYPE],
  [DuckDBTypeId.TIMESTAMP_TZ, { ...text('timestamptz', 35), scale: 6 }],
  [DuckDBTypeId.INTERVAL, text('interval', 49)],
  [DuckDBTypeId.BLOB, text('varbyte', LARGEST_VARBYTE)],
]);

function columnType(type: DuckDBType): ColumnType {
  if (type instanceof DuckDBDecimalType)
    return { typeName: 'numeric', precision: type.width, scale: type.scale, signed: true };
  if (type.alias === 'JSON') return SUPER;
  return COLUMN_TYPES.get(type.typeId) ?? text('varchar', LONGEST_VARCHAR);
}

/** The types whose values have upper and lower case, or may have. */
const CASE_SENSITIVE = new Set(['varchar', 'bpchar', 'super', 'varbyte']);

/** A column of a result. */
export function columnMetadata(name: string, type: DuckDBType): ColumnMetadata {
  return metadata(name, columnType(type));
}

function metadata(name: string, { typeName, precision, scale, signed }: ColumnType): ColumnMetadata {
  return {
    isCaseSensitive: CASE_SENSITIVE.has(typeName),
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

/** The same with the relation it comes from, if it comes from one as it is there. */
export function withOrigin(column: ColumnMetadata, origin: ColumnOrigin | undefined): ColumnMetadata {
  if (origin === undefined) return column;
  const { schema: schemaName, table: tableName, nullable } = origin;
  return { ...column, schemaName, tableName, nullable: nullable ? 1 : 0 };
}

/** The same with the type its text has in Redshift, where known. */
export function withText(column: ColumnMetadata, type: TextType | undefined): ColumnMetadata {
  if (type === undefined || column.typeName !== 'varchar') return column;
  return { ...column, typeName: type.name, precision: type.length };
}

/** A column of a table, as `svv_redshift_columns` has it. */
export interface StoredColumn {
  readonly schema: string;
  readonly table: string;
  readonly name: string;
  /** `numeric(18,2)`, `character varying(20)`, … */
  readonly type: string;
  readonly nullable: boolean;
  readonly preset: string | undefined;
}

/** The driver's names for the types of the SQL standard. */
const STORED: Readonly<Record<string, ColumnType>> = {
  boolean: BOOL,
  smallint: INT2,
  integer: INT4,
  bigint: INT8,
  real: FLOAT4,
  'double precision': FLOAT8,
  date: text('date', 13),
  'time without time zone': { ...text('time', 15), scale: 6 },
  'time with time zone': { ...text('timetz', 21), scale: 6 },
  'timestamp without time zone': TIMESTAMP_TYPE,
  'timestamp with time zone': { ...text('timestamptz', 35), scale: 6 },
  numeric: { typeName: 'numeric', precision: 18, scale: 0, signed: true },
  character: text('bpchar', 1),
  'character varying': text('varchar', LONGEST_VARCHAR),
  'binary varying': text('varbyte', LARGEST_VARBYTE),
  super: SUPER,
};

export function storedColumn(column: StoredColumn): ColumnMetadata {
  const [, name = '', width, scale] = /^([^(]*)(?:\((\d+)(?:,\s*(\d+))?\))?$/.exec(column.type) ?? [];
  const type = STORED[name] ?? text(column.type, LONGEST_VARCHAR);
  const sized = {
    ...type,
    ...(width !== undefined && { precision: Number(width) }),
    ...(scale !== undefined && { scale: Number(scale) }),
  };
  const { label: _label, ...rest } = metadata(column.name, sized);
  return {
    ...rest,
    length: sized.precision,
    nullable: column.nullable ? 1 : 0,
    schemaName: column.schema,
    tableName: column.table,
    ...(column.preset !== undefined && { columnDefault: column.preset }),
  };
}

import {
  DuckDBBlobValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** Bytes of a field's JSON around the value itself, about. */
export const FIELD_OVERHEAD_BYTES = '{"stringValue":""},'.length;

/** Turns a value of one column into the JSON of its field. */
export type FieldEncoder = (value: DuckDBValue) => string;

const NULL_FIELD = '{"isNull":true}';

/**
 * How a column's values become fields: whole numbers and floats as numbers, everything else that is not a boolean or bytes as the text
 * Redshift prints. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-jdbc
 */
export function fieldEncoder(type: DuckDBType): FieldEncoder {
  const encode = ENCODERS.get(type.typeId) ?? ((value) => string(String(value)));
  return (value) => (value === null ? NULL_FIELD : encode(value));
}

const long: FieldEncoder = (value) => `{"longValue":${String(value)}}`;
const timestamp: FieldEncoder = (value) => string(timestampText(value));

const ENCODERS: ReadonlyMap<DuckDBTypeId, FieldEncoder> = new Map<DuckDBTypeId, FieldEncoder>([
  [DuckDBTypeId.BOOLEAN, (value) => (value === true ? '{"booleanValue":true}' : '{"booleanValue":false}')],
  [DuckDBTypeId.TINYINT, long],
  [DuckDBTypeId.UTINYINT, long],
  [DuckDBTypeId.SMALLINT, long],
  [DuckDBTypeId.USMALLINT, long],
  [DuckDBTypeId.INTEGER, long],
  [DuckDBTypeId.UINTEGER, long],
  [DuckDBTypeId.BIGINT, long],
  // The shortest text that names this single-precision number, as Redshift prints it.
  [DuckDBTypeId.FLOAT, (value) => double(Number(Number(value).toPrecision(FLOAT_DIGITS)))],
  [DuckDBTypeId.DOUBLE, (value) => double(Number(value))],
  [DuckDBTypeId.TIMESTAMP, timestamp],
  [DuckDBTypeId.TIMESTAMP_S, timestamp],
  [DuckDBTypeId.TIMESTAMP_MS, timestamp],
  [DuckDBTypeId.TIMESTAMP_NS, timestamp],
  [DuckDBTypeId.TIMESTAMP_TZ, (value) => string(timestampTzText(value))],
  // Digits, a sign and a point need no escaping.
  [DuckDBTypeId.DECIMAL, (value) => `{"stringValue":"${String(value)}"}`],
  [
    DuckDBTypeId.BLOB,
    (value) => `{"blobValue":"${Buffer.from(value instanceof DuckDBBlobValue ? value.bytes : []).toString('base64')}"}`,
  ],
]);

const FLOAT_DIGITS = 7;

function string(text: string): string {
  return `{"stringValue":${JSON.stringify(text)}}`;
}

function double(value: number): string {
  return Number.isFinite(value) ? `{"doubleValue":${value}}` : `{"doubleValue":"${value}"}`;
}

/** `2022-02-22 00:00:00.0`: the Data API prints timestamps as Java does, with at least one digit after the second. */
function timestampText(value: DuckDBValue): string {
  const text = String(value);
  if (value instanceof DuckDBTimestampValue && !value.isFinite) return text;
  const [whole = '', fraction = ''] = text.split('.');
  return `${whole}.${fraction.replace(/0+$/, '') || '0'}`;
}

/** `2022-02-22 00:00:00+00`, in UTC as every session starts. */
function timestampTzText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBTimestampTZValue) || !value.isFinite) return String(value);
  const text = new DuckDBTimestampValue(value.micros).toString();
  const [whole = '', fraction = ''] = text.split('.');
  const digits = fraction.replace(/0+$/, '');
  return `${whole}${digits && `.${digits}`}+00`;
}

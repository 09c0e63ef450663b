import {
  DuckDBBlobValue,
  DuckDBDecimalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';

/** Turns a value of one column into the JSON of its field. */
export type FieldEncoder = (value: DuckDBValue) => string;

const NULL_FIELD = '{"isNull":true}';

/**
 * How a column's values become fields: whole numbers and floats as numbers, everything else that is not a boolean or bytes as the text
 * Redshift prints. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-jdbc
 */
export function fieldEncoder(type: DuckDBType): FieldEncoder {
  const encode = encoderOf(type);
  return (value) => (value === null ? NULL_FIELD : encode(value));
}

function encoderOf(type: DuckDBType): FieldEncoder {
  switch (type.typeId) {
    case DuckDBTypeId.BOOLEAN:
      return (value) => (value === true ? '{"booleanValue":true}' : '{"booleanValue":false}');
    case DuckDBTypeId.TINYINT:
    case DuckDBTypeId.SMALLINT:
    case DuckDBTypeId.INTEGER:
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UTINYINT:
    case DuckDBTypeId.USMALLINT:
    case DuckDBTypeId.UINTEGER:
      return (value) => `{"longValue":${String(value)}}`;
    case DuckDBTypeId.FLOAT:
      // The shortest text that names this single-precision number, as Redshift prints it.
      return (value) => double(Number(Number(value).toPrecision(FLOAT_DIGITS)));
    case DuckDBTypeId.DOUBLE:
      return (value) => double(Number(value));
    case DuckDBTypeId.TIMESTAMP:
    case DuckDBTypeId.TIMESTAMP_S:
    case DuckDBTypeId.TIMESTAMP_MS:
    case DuckDBTypeId.TIMESTAMP_NS:
      return (value) => string(timestampText(value));
    case DuckDBTypeId.TIMESTAMP_TZ:
      return (value) => string(timestampTzText(value));
    case DuckDBTypeId.BLOB:
      return (value) =>
        `{"blobValue":"${Buffer.from(value instanceof DuckDBBlobValue ? value.bytes : []).toString('base64')}"}`;
    case DuckDBTypeId.DECIMAL:
      return (value) => `{"stringValue":"${value instanceof DuckDBDecimalValue ? value.toString() : String(value)}"}`;
    default:
      return (value) => string(String(value));
  }
}

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

import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTypeId,
  type DuckDBType,
  type DuckDBValue,
} from '@duckdb/node-api';
import { isVector } from '../redshift/dialect/catalogue-arrays.ts';

/** Bytes of a field's JSON around the value itself, about. */
export const FIELD_OVERHEAD_BYTES = '{"stringValue":""},'.length;

/** Turns a value of one column into the JSON of its field. */
export type FieldEncoder = (value: DuckDBValue) => string;

const NULL_FIELD = '{"isNull":true}';

/**
 * How a column's values become fields: whole numbers and floats as numbers, everything else that is not a boolean or bytes as the text
 * Redshift prints. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-jdbc
 */
export function fieldEncoder(type: DuckDBType, timeZone = 'UTC'): FieldEncoder {
  if (type.typeId === DuckDBTypeId.TIMESTAMP_TZ) {
    const offset = offsetIn(timeZone);
    return (value) => (value === null ? NULL_FIELD : string(timestampTzText(value, offset)));
  }
  if (isVector(type.toString())) return (value) => (value === null ? NULL_FIELD : string(vectorText(value)));
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
  [DuckDBTypeId.DATE, (value) => string(dateText(value))],
  [DuckDBTypeId.INTERVAL, (value) => string(intervalText(value))],
  [DuckDBTypeId.LIST, (value) => string(arrayText(value))],
  // Digits, a sign and a point need no escaping.
  [DuckDBTypeId.DECIMAL, (value) => `{"stringValue":"${decimalText(value)}"}`],
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

/** DuckDB's own text takes several times as long. */
function decimalText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBDecimalValue)) return String(value);
  const { scale } = value;
  if (scale === 0) return String(value.value);
  const negative = value.value < 0n;
  const digits = String(negative ? -value.value : value.value).padStart(scale + 1, '0');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** `2022-02-22 00:00:00.0`: the Data API prints timestamps as Java does, with at least one digit after the second. */
function timestampText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBTimestampValue)) return String(value);
  const plain = plainText(value.micros);
  if (plain === undefined && !value.isFinite) return String(value);
  const { whole, fraction } = plain ?? otherText(value);
  return `${whole}.${fraction || '0'}`;
}

/** `2022-02-22 00:00:00+00`, in UTC as every session starts, or in the zone it has SET. */
function timestampTzText(value: DuckDBValue, offset: (micros: bigint) => string): string {
  if (!(value instanceof DuckDBTimestampTZValue) || !value.isFinite) return String(value);
  const shown = offset(value.micros);
  const [, sign = '+', hours = '0', minutes = '0', seconds = '0'] = OFFSET.exec(shown) ?? [];
  const east = BigInt(Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * MICROS_PER_SECOND;
  const local = value.micros + (sign === '-' ? -east : east);
  const { whole, fraction } = plainText(local) ?? otherText(new DuckDBTimestampValue(local));
  return `${whole}${fraction && `.${fraction}`}${shown}`;
}

const MICROS_PER_SECOND = 1_000_000n;
const OFFSET = /^([+-])(\d\d)(?::(\d\d))?(?::(\d\d))?$/;

/** How far from UTC a zone is at a moment: `-05`, `+05:30`. */
function offsetIn(timeZone: string): (micros: bigint) => string {
  if (timeZone === 'UTC') return () => '+00';
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  return (micros) => {
    const parts = format.formatToParts(new Date(Number(micros / 1000n)));
    const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? '';
    return name.slice('GMT'.length).replace(/^([+-]\d\d):00$/, '$1') || '+00';
  };
}

const MICROS_PER_DAY = 86_400_000_000;
/** From year 1 to year 9999: days since the epoch whose text is four digits of year. */
const PLAIN_DAYS = [-719_162, 2_932_896] as const;

/** Date and time, and the digits of the second's fraction without trailing zeros. */
interface TimestampText {
  readonly whole: string;
  readonly fraction: string;
}

/** As DuckDB writes it, which takes several times as long. */
function otherText(value: DuckDBTimestampValue): TimestampText {
  const [whole = '', fraction = ''] = value.toString().split('.');
  return { whole, fraction: fraction.replace(/0+$/, '') };
}

/** Of a moment whose year has four digits. */
function plainText(microseconds: bigint): TimestampText | undefined {
  const micros = Number(microseconds);
  const day = Math.floor(micros / MICROS_PER_DAY);
  if (!Number.isSafeInteger(micros) || day < PLAIN_DAYS[0] || day > PLAIN_DAYS[1]) return undefined;
  const rest = micros - day * MICROS_PER_DAY;
  const seconds = Math.floor(rest / 1_000_000);
  const fraction = rest - seconds * 1_000_000;
  const time = `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return {
    whole: `${dayText(day)} ${time}`,
    fraction: fraction === 0 ? '' : String(fraction).padStart(6, '0').replace(/0+$/, ''),
  };
}

const two = (number: number): string => (number < 10 ? `0${number}` : String(number));

/** Results repeat few days many times. */
const days = new Map<number, string>();
const MOST_DAYS = 4096;

function dayText(day: number): string {
  const known = days.get(day);
  if (known !== undefined) return known;
  const text = new Date(day * 86_400_000).toISOString().slice(0, 10);
  if (days.size >= MOST_DAYS) days.clear();
  days.set(day, text);
  return text;
}

/** `1 2` */
function vectorText(value: DuckDBValue): string {
  return value instanceof DuckDBListValue ? value.items.join(' ') : String(value);
}

/** `{100,"group a"}`: an array of the catalogue as PostgreSQL writes it. https://www.postgresql.org/docs/8.0/arrays.html */
function arrayText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBListValue)) return String(value);
  const texts = value.items.map((item) => {
    if (item === null) return 'NULL';
    const text = String(item);
    return /^$|[\s{},"\\]|^null$/i.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
  });
  return `{${texts.join(',')}}`;
}

/** `1 years 8 mons` or `2 days 1 hours 1 mins 0.5 secs`: as Redshift's driver writes the two kinds, and what is of both kinds. */
function intervalText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBIntervalValue)) return String(value);
  const { months, days, micros } = value;
  const cut = (amount: number, unit: number): number => Math.trunc(amount / unit);
  const ofMonths = `${cut(months, 12)} years ${months % 12} mons`;
  if (months !== 0 && days === 0 && micros === 0n) return ofMonths;
  const time = Number(micros);
  const [, second = '', fraction = ''] = /^(-?\d+)\.(\d+)$/.exec(((time % 60_000_000) / 1_000_000).toFixed(6)) ?? [];
  const ofDays = `${days} days ${cut(time, 3_600_000_000)} hours ${cut(time, 60_000_000) % 60} mins ${second}.${fraction.replace(/0+$/, '') || '0'} secs`;
  return months === 0 ? ofDays : `${ofMonths} ${ofDays}`;
}

function dateText(value: DuckDBValue): string {
  if (!(value instanceof DuckDBDateValue) || value.days < PLAIN_DAYS[0] || value.days > PLAIN_DAYS[1])
    return String(value);
  return dayText(value.days);
}

import {
  BIGINT,
  DATE,
  dateValue,
  DECIMAL,
  DOUBLE,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  FLOAT,
  INTERVAL,
  TIMESTAMP,
  TIMESTAMPTZ,
  VARCHAR,
} from '@duckdb/node-api';
import * as fc from 'fast-check';
import { fieldEncoder } from '../../../local/redshift-data/field-json.ts';

const field = (text: string): unknown => JSON.parse(text);

test('timestamps of every year are the text DuckDB itself gives, with a fraction', () => {
  const encode = fieldEncoder(TIMESTAMP);
  fc.assert(
    fc.property(fc.bigInt({ min: -60_000_000_000_000_000n, max: 300_000_000_000_000_000n }), (micros) => {
      const value = new DuckDBTimestampValue(micros);
      const [whole, fraction = ''] = value.toString().split('.');
      expect(field(encode(value))).toEqual({ stringValue: `${whole}.${fraction.replace(/0+$/, '') || '0'}` });
    }),
  );
});

test('dates of every year are the text DuckDB itself gives', () => {
  const encode = fieldEncoder(DATE);
  fc.assert(
    fc.property(fc.integer({ min: -800_000, max: 3_000_000 }), (days) => {
      const value = dateValue(days);
      expect(field(encode(value))).toEqual({ stringValue: value.toString() });
    }),
  );
});

test('decimals of every scale are the text DuckDB itself gives', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 38n), max: 10n ** 38n }), fc.nat(38), fc.nat(38), (value, digits, scale) => {
      const decimal = new DuckDBDecimalValue(value % 10n ** BigInt(digits), 38, scale);
      expect(field(fieldEncoder(DECIMAL(38, scale))(decimal))).toEqual({ stringValue: decimal.toString() });
    }),
  );
});

test('timestamps with a time zone are in UTC', () => {
  const encode = fieldEncoder(TIMESTAMPTZ);
  expect(field(encode(new DuckDBTimestampTZValue(0n)))).toEqual({ stringValue: '1970-01-01 00:00:00+00' });
  expect(field(encode(new DuckDBTimestampTZValue(-1n)))).toEqual({ stringValue: '1969-12-31 23:59:59.999999+00' });
});

test('timestamps with a time zone are in the zone that the session has set', () => {
  const at = (text: string): DuckDBTimestampTZValue => new DuckDBTimestampTZValue(BigInt(Date.parse(text)) * 1000n);
  const inZone = (zone: string, text: string): unknown => field(fieldEncoder(TIMESTAMPTZ, zone)(at(text)));
  expect(inZone('America/New_York', '2020-01-01T00:00:00Z')).toEqual({ stringValue: '2019-12-31 19:00:00-05' });
  expect(inZone('America/New_York', '2020-06-01T14:00:00.5Z')).toEqual({ stringValue: '2020-06-01 10:00:00.5-04' });
  expect(inZone('Asia/Kolkata', '2020-01-01T00:00:00Z')).toEqual({ stringValue: '2020-01-01 05:30:00+05:30' });
  expect(inZone('Etc/GMT+8', '1969-12-31T23:59:59Z')).toEqual({ stringValue: '1969-12-31 15:59:59-08' });
  expect(inZone('Europe/London', '2020-01-01T00:00:00Z')).toEqual({ stringValue: '2020-01-01 00:00:00+00' });
});

test('intervals are written as the driver writes the two kinds', () => {
  const encode = fieldEncoder(INTERVAL);
  const text = (months: number, days: number, micros: bigint): unknown =>
    field(encode(new DuckDBIntervalValue(months, days, micros)));
  expect(text(20, 0, 0n)).toEqual({ stringValue: '1 years 8 mons' });
  expect(text(-14, 0, 0n)).toEqual({ stringValue: '-1 years -2 mons' });
  expect(text(0, 2, 3_661_123_456n)).toEqual({ stringValue: '2 days 1 hours 1 mins 1.123456 secs' });
  expect(text(0, -2, 0n)).toEqual({ stringValue: '-2 days 0 hours 0 mins 0.0 secs' });
  expect(text(0, 0, -500_000n)).toEqual({ stringValue: '0 days 0 hours 0 mins -0.5 secs' });
  expect(text(0, 0, 0n)).toEqual({ stringValue: '0 days 0 hours 0 mins 0.0 secs' });
});

test('any text survives', () => {
  const encode = fieldEncoder(VARCHAR);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(field(encode(text))).toEqual({ stringValue: text });
      expect(encode(text)).not.toContain('\n');
    }),
  );
});

test('numbers that JSON has no word for are named', () => {
  expect(field(fieldEncoder(DOUBLE)(Number.NaN))).toEqual({ doubleValue: 'NaN' });
  expect(field(fieldEncoder(DOUBLE)(-Infinity))).toEqual({ doubleValue: '-Infinity' });
  expect(field(fieldEncoder(FLOAT)(Math.fround(0.1)))).toEqual({ doubleValue: 0.1 });
  expect(fieldEncoder(BIGINT)(9_007_199_254_740_993n)).toBe('{"longValue":9007199254740993}');
  expect(fieldEncoder(BIGINT)(null)).toBe('{"isNull":true}');
});

import { type Expression, join } from '../fragment.ts';
import { literal } from '../lexer.ts';
import { expectArguments, scalar, type FunctionRule, type FunctionTable } from './function.ts';
import { ofMoments, timestamp } from './moments.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html */
const convertTimezone: FunctionRule = (call) => {
  expectArguments(call, 2, 3);
  const zones = call.args.length - 1;
  return {
    type: 'TIMESTAMP',
    fragment: {
      operands: call.args,
      shape: (args) => ['CAST(CAST(concat(', join(args, ','), ') AS VARCHAR) AS TIMESTAMP)'],
      resolve: (types) => ({
        type: 'TIMESTAMP',
        emit: (args) => {
          const value = timestamp(args[zones] ?? '', types[zones] ?? '');
          const utc = zones === 2 ? ['rs_to_utc(', value, ',', args[0] ?? '', ')'] : value;
          return ['rs_from_utc(', utc, ',', args[zones - 1] ?? '', ')'];
        },
      }),
    },
  };
};

/** `value AT TIME ZONE zone`: the other of the two types. https://docs.aws.amazon.com/redshift/latest/dg/r_AT_TIME_ZONE.html */
export function atTimeZone(value: Expression, zone: Expression): Expression {
  return {
    fragment: {
      operands: [value, zone],
      shape: (args) => ['CAST(CAST(concat(', join(args, ','), ') AS VARCHAR) AS TIMESTAMP)'],
      resolve: ([from = '']) =>
        from === 'TIMESTAMP WITH TIME ZONE'
          ? {
              type: 'TIMESTAMP',
              emit: ([t = '', place = '']) => ['rs_from_utc((', t, " AT TIME ZONE 'UTC'),", place, ')'],
            }
          : {
              type: 'TIMESTAMP WITH TIME ZONE',
              emit: ([t = '', place = '']) => ['(rs_to_utc(', timestamp(t, from), ',', place, ") AT TIME ZONE 'UTC')"],
            },
    },
  };
}

const compare = ofMoments(2, 2, 'INTEGER', ([a = '', b = '']) => ['rs_compare(', a, ',', b, ')']);

/** https://docs.aws.amazon.com/redshift/latest/dg/Date_functions_header.html */
export const DATE_FUNCTIONS: FunctionTable = {
  // Whole seconds: https://docs.aws.amazon.com/redshift/latest/dg/r_GETDATE.html
  getdate: scalar(0, 0, () => "date_trunc('second',rs_now())", 'TIMESTAMP'),
  sysdate: scalar(0, 0, () => 'rs_now()', 'TIMESTAMP'),
  now: scalar(0, 0, () => 'now()', 'TIMESTAMP WITH TIME ZONE'),
  timeofday: scalar(0, 0, () => `strftime(rs_now(),${literal('%a %b %d %H:%M:%S.%f %Y UTC')})`, 'VARCHAR'),
  add_months: ofMoments(
    2,
    2,
    'TIMESTAMP',
    ([date = '', months = '']) => ['rs_of_era(rs_add_months(', date, ',CAST(', months, ' AS BIGINT)))'],
    1,
  ),
  last_day: ofMoments(1, 1, 'DATE', ([date = '']) => ['last_day(CAST(', date, ' AS DATE))']),
  next_day: (call) => {
    expectArguments(call, 2, 2);
    return {
      type: 'DATE',
      fragment: {
        operands: call.args,
        shape: (args) => ['CAST(CAST(concat(', join(args, ','), ') AS VARCHAR) AS DATE)'],
        resolve: ([from = '']) => ({
          type: 'DATE',
          emit: ([date = '', day = '']) => ['rs_next_day(CAST(', timestamp(date, from), ' AS DATE),', day, ')'],
        }),
      },
    };
  },
  months_between: ofMoments(2, 2, 'DOUBLE', ([a = '', b = '']) => ['rs_months_between(', a, ',', b, ')']),
  date_cmp: ofMoments(2, 2, 'INTEGER', ([a = '', b = '']) => [
    'rs_compare(CAST(',
    a,
    ' AS DATE),CAST(',
    b,
    ' AS DATE))',
  ]),
  timestamp_cmp: compare,
  date_cmp_timestamp: compare,
  timestamp_cmp_date: compare,
  date_cmp_timestamptz: compare,
  timestamp_cmp_timestamptz: compare,
  timestamptz_cmp: compare,
  timestamptz_cmp_date: compare,
  timestamptz_cmp_timestamp: compare,
  interval_cmp: scalar(
    2,
    2,
    ([a = '', b = '']) => ['rs_compare(CAST(', a, ' AS INTERVAL),CAST(', b, ' AS INTERVAL))'],
    'INTEGER',
  ),
  date_part_year: ofMoments(1, 1, 'INTEGER', ([date = '']) => ['CAST(year(', date, ') AS INTEGER)']),
  convert_timezone: convertTimezone,
  timezone: (call) => {
    expectArguments(call, 2, 2);
    const [zone, value] = call.args as readonly [Expression, Expression];
    return atTimeZone(value, zone);
  },
};

export const DATE_MACROS: readonly string[] = [
  // Years before the first are written, and counted, otherwise than DuckDB does.
  `rs_of_era(x) AS CASE WHEN x < DATE '0001-01-01' THEN error('rs:0A000:dates before the year 1 are not supported here;') ELSE x END`,
  'rs_now() AS CAST(now() AS TIMESTAMP)',
  `rs_add_months(d, n) AS CASE WHEN CAST(d AS DATE) = last_day(CAST(d AS DATE)) THEN CAST(last_day(CAST(d + to_months(CAST(n AS INTEGER)) AS DATE)) AS TIMESTAMP) + (d - date_trunc('day', d)) ELSE d + to_months(CAST(n AS INTEGER)) END`,
  `rs_weekday(w) AS CASE WHEN lower(w) IN ('su', 'sun', 'sunday') THEN 0 WHEN lower(w) IN ('m', 'mo', 'mon', 'monday') THEN 1 WHEN lower(w) IN ('t', 'tu', 'tue', 'tues', 'tuesday') THEN 2 WHEN lower(w) IN ('w', 'we', 'wed', 'wednesday') THEN 3 WHEN lower(w) IN ('th', 'thu', 'thurs', 'thursday') THEN 4 WHEN lower(w) IN ('f', 'fr', 'fri', 'friday') THEN 5 WHEN lower(w) IN ('sa', 'sat', 'saturday') THEN 6 ELSE CASE WHEN w IS NULL THEN NULL ELSE CAST('rs:22023:NEXT_DAY: "' || w || '" is no day of the week;' AS BIGINT) END END`,
  `rs_next_day(d, w) AS d + CAST((rs.main.rs_weekday(w) - date_part('dow', d) + 6) % 7 + 1 AS INTEGER)`,
  `rs_months_between(a, b) AS CASE WHEN day(a) = day(b) OR (CAST(a AS DATE) = last_day(CAST(a AS DATE)) AND CAST(b AS DATE) = last_day(CAST(b AS DATE))) THEN CAST((year(a) - year(b)) * 12 + month(a) - month(b) AS DOUBLE) ELSE (year(a) - year(b)) * 12 + month(a) - month(b) + system.main."/"((day(a) - day(b)) + system.main."/"(date_part('epoch', a - date_trunc('day', a)) - date_part('epoch', b - date_trunc('day', b)), 86400.0), 31.0) END`,
  'rs_compare(a, b) AS CAST(CASE WHEN a < b THEN -1 WHEN a = b THEN 0 WHEN a > b THEN 1 END AS INTEGER)',
];

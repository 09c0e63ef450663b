import { fails, gives, runs, type Case, type Chapter } from '../chapter.ts';

const reads = (type: string, text: string, value: string): Case =>
  gives(`select '${text}'::${type} as v`, [`v ${type}`], [value]);
const date = (text: string, value: string): Case => reads('date', text, value);
const time = (text: string, value: string): Case => reads('time', text, value);
const timestamp = (text: string, value: string): Case => reads('timestamp', text, value);
const timestamptz = (text: string, value: string): Case => reads('timestamptz', text, value);

export const DATE_LITERALS: Chapter = {
  title: 'Date, time, and timestamp literals',
  page: 'r_Date_and_time_literals.html',
  setup: [
    'create table moments (d date, t time, z timetz, ts timestamp, tz timestamptz)',
    `insert into moments values ('080215', '04:05 PM', '04:05 PM EST', '20080215 04:05 PM', '20080215 04:05 PM EST')`,
    'create table texts (c varchar(40))',
    `insert into texts values ('080215'), ('01-02-08'), ('J2345678 04:05:06.789'), (null)`,
  ],
  cases: [
    date('January 8, 1999', '1999-01-08'),
    date('1999-01-08', '1999-01-08'),
    date('1/8/1999', '1999-01-08'),
    date('01/02/00', '2000-01-02'),
    date('2000-Jan-31', '2000-01-31'),
    date('Jan-31-2000', '2000-01-31'),
    date('31-Jan-2000', '2000-01-31'),
    date('20080215', '2008-02-15'),
    date('080215', '2008-02-15'),
    date('2008.366', '2008-12-31'),
    // Months come first, and a year of two digits is one of 1970 to 2069.
    date('01-02-08', '2008-01-02'),
    date('12/31/69', '2069-12-31'),
    date('12/31/70', '1970-12-31'),
    fails("select '99-01-05'::date", '22007', 'invalid input syntax for type date: "99-01-05"'),
    fails("select '2008-02-30'::date", '22007', 'invalid input syntax for type date: "2008-02-30"'),
    time('04:05:06.789', '04:05:06.789'),
    time('04:05:06', '04:05:06'),
    time('04:05', '04:05:00'),
    time('040506', '04:05:06'),
    time('04:05 AM', '04:05:00'),
    time('04:05 PM', '16:05:00'),
    time('16:05', '16:05:00'),
    time('12:05 am', '00:05:00'),
    time('2008-02-15 16:05:06', '16:05:06'),
    fails("select '04:05 XM'::time", '22007', 'invalid input syntax for type time: "04:05 XM"'),
    fails("select '2008-02-15'::time", '22007', 'invalid input syntax for type time: "2008-02-15"'),
    timestamp('20080215 04:05:06.789', '2008-02-15 04:05:06.789'),
    timestamp('20080215 04:05:06', '2008-02-15 04:05:06'),
    timestamp('20080215 04:05', '2008-02-15 04:05:00'),
    timestamp('20080215 040506', '2008-02-15 04:05:06'),
    timestamp('20080215 04:05 AM', '2008-02-15 04:05:00'),
    timestamp('20080215 04:05 PM', '2008-02-15 16:05:00'),
    timestamp('20080215 16:05', '2008-02-15 16:05:00'),
    timestamp('20080215', '2008-02-15 00:00:00'),
    timestamp('2008-02-15 04:05:06 PM', '2008-02-15 16:05:06'),
    timestamp('2008-02-15 04:05:06-08', '2008-02-15 04:05:06'),
    // r_Datetime_types: time zones
    timestamptz('17 Dec 07:37:16 1997 PST', '1997-12-17 15:37:16+00'),
    timestamptz('12/17/1997 07:37:16.00 PST', '1997-12-17 15:37:16+00'),
    timestamptz('12/17/1997 07:37:16.00 US/Pacific', '1997-12-17 15:37:16+00'),
    timestamptz('1997-12-17 07:37:16-08', '1997-12-17 15:37:16+00'),
    timestamptz('17.12.1997 07:37:16.00 PST', '1997-12-17 15:37:16+00'),
    timestamptz('1997-12-17 07:37:16-0830', '1997-12-17 16:07:16+00'),
    timestamptz('1997-12-17 07:37:16+5:30', '1997-12-17 02:07:16+00'),
    // Read the same where they are stored, compared or cast row by row
    gives(
      'select * from moments',
      ['d date', 't time', 'z timetz', 'ts timestamp', 'tz timestamptz'],
      ['2008-02-15', '16:05:00', '21:05:00+00', '2008-02-15 16:05:00', '2008-02-15 21:05:00+00'],
    ),
    gives(
      `select count(*) from moments where d = '02-15-08' and t between '04:04 PM' and '160600' and ts < '080215 04:06 PM'`,
      ['count int8'],
      ['1'],
    ),
    gives(
      'select c::timestamp as ts, c::date as d from texts',
      ['ts timestamp', 'd date'],
      ['2008-02-15 00:00:00', '2008-02-15'],
      ['2008-01-02 00:00:00', '2008-01-02'],
      // automatic-recognition
      ['1710-02-23 04:05:06.789', '1710-02-23'],
      [null, null],
    ),
    // r_interval_data_types: what is smaller than the qualifier is cut off
    gives(
      `select interval '23' month as a, interval '-2' day as b, interval '1-2' month as c, interval '13 day 1 hour 1 minute 1.123 seconds' second as d,
        interval '13 day 1 hour 1 minute 1.123 seconds' day as e, interval '10:20' minute to second as f, interval '1.5' year as g`,
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `${name} intervald2s`),
      ['1 year 11 months', '-2 days', '1 year 2 months', '13 days 01:01:01.123', '13 days', '00:10:20', '1 year'],
    ),
    // An abbreviation after it is a name.
    gives(
      "select interval '1 day' d, date '2008-01-31' + interval '1 month' c, interval '3' hour h",
      ['d intervald2s', 'c timestamp', 'h intervald2s'],
      ['1 day', '2008-02-29 00:00:00', '03:00:00'],
    ),
    // Zones whose names begin as a morning does.
    ...(
      [
        ['2020-01-01 10:00:00 America/New_York', '2020-01-01 15:00:00+00'],
        ['2020-07-01 10:00 America/Port-au-Prince', '2020-07-01 14:00:00+00'],
        ['2020-01-01 10:00:00 PM America/New_York', '2020-01-02 03:00:00+00'],
        ['2020-01-01 10:00am EST', '2020-01-01 15:00:00+00'],
      ] as const
    ).map(([text, moment]) =>
      gives(
        `select '${text}'::timestamptz as l, w::timestamptz as c from (select '${text}'::varchar as w) q`,
        ['l timestamptz', 'c timestamptz'],
        [moment, moment],
      ),
    ),
    // Months, days and time are summed apart.
    gives(
      "select sum(d) as d, avg(d) as a, sum(m) as m, sum(d) - sum(d) as n from (select interval '1 2:3:4' day to second as d, interval '2-6' year to month as m union all select interval '22 hours', interval '1-7' year to month union all select null, null) q",
      ['d intervald2s', 'a intervald2s', 'm intervald2s', 'n intervald2s'],
      ['1 day 24:03:04', '24:01:32', '4 years 1 month', '00:00:00'],
    ),
    fails("select sum(distinct d) from (select interval '1 day' as d) q", '0A000', 'SUM(DISTINCT …) of intervals'),
    fails(
      "select median(d) from (select interval '1 day' as d) q",
      '42883',
      'function median(interval day to second) does not exist',
    ),
    fails("select to_char('10:11'::time, 'HH24')", '0A000', 'to_char of a time of day'),
    // An interval as a text.
    ...(
      [
        ["interval '1 year 2 months 3 days 4:05:06.7'", '1 year 2 mons 3 days 04:05:06.7'],
        ["interval '-1 year 3 days'", '-1 years +3 days'],
        ["(interval '1 day' - interval '2 hours')", '1 day -02:00:00'],
        ["interval '-1 days +02:03'", '-1 days +02:03:00'],
        ["interval '100 hours'", '100:00:00'],
        ["interval '1' month", '1 mon'],
        ["interval '0 day'", '00:00:00'],
        ["(timestamp '2020-01-02 10:00' - timestamp '2020-01-02 11:00:00.5')", '-01:00:00.5'],
      ] as const
    ).map(([interval, text]) =>
      gives(
        `select ${interval}::varchar as v, 'x' || ${interval} as w`,
        ['v varchar', 'w varchar'],
        [text, `x${text}`],
      ),
    ),
    fails("set intervalstyle to 'iso_8601'", '0A000', 'SET intervalstyle TO iso_8601'),
    // r_EXTRACT_function: literals aren't converted to UTC before
    gives(
      `select extract(timezone_hour from timetz '1.12.1997 07:37:16.00 PDT') as z, extract(timezone_minute from '10:00+05:30'::timetz) as m,
        extract(hour from timetz '18:25:33 EST') as h, date_part(timezone, '10:00-05:30'::timetz) as s, extract(hour from t) as c
       from (select '10:00-05:30'::timetz as t) q`,
      ['z int4', 'm int4', 'h int4', 's float8', 'c int4'],
      ['-7', '30', '18', '-19800', '15'],
    ),
    gives(
      `select date '2000-01-01' + timetz '00:30:00+01' as a, timetz '23:00 EST' + date '2000-01-01' as b, d + t as c
       from (select date '2020-01-01' as d, '10:00:00+01'::timetz as t) q`,
      ['a timestamptz', 'b timestamptz', 'c timestamptz'],
      ['1999-12-31 23:30:00+00', '2000-01-02 04:00:00+00', '2020-01-01 09:00:00+00'],
    ),
    fails("select interval '1 year' day", '22007', "invalid input syntax for type interval: '1 year'"),
    runs('create table sample_intervals (y2m interval month, d2s interval day to second)'),
    runs(`insert into sample_intervals values (interval '20' month, interval '2 days 1:1:1.123456' day to second)`),
    runs(`update sample_intervals set y2m = interval '2' year where y2m = interval '1-8' year to month`),
    gives(
      `select count(*) from sample_intervals where y2m = interval '24' month and d2s = interval '2 days 1:1:1.123456' second`,
      ['count int8'],
      ['1'],
    ),
    runs(
      'create table cut_off (y interval year, d interval day, h interval hour, m interval hour to minute, g interval day to hour)',
    ),
    runs("insert into cut_off values ('25 months', '3 days 5 hours', '90 minutes', '90 seconds', '1 day 05:30:00')"),
    runs(
      "insert into cut_off select interval '-25' month, interval '-3 days -5 hours' day to second, interval '-90' minute, interval '-90' second, null",
    ),
    gives(
      'select y::text, d::text, h::text, m::text, g::text from cut_off order by 1',
      ['y varchar', 'd varchar', 'h varchar', 'm varchar', 'g varchar'],
      ['-2 years', '-3 days', '-01:00:00', '-00:01:00', null],
      ['2 years', '3 days', '01:00:00', '00:01:00', '1 day 05:00:00'],
    ),
    gives(
      "select '25 months'::interval year::text as a, interval '90' minute::interval hour::text as b",
      ['a varchar', 'b varchar'],
      ['2 years', '01:00:00'],
    ),
    // Days and hours are told apart, and seconds have a fraction: https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html
    gives(
      "select extract('days' from interval '36 hours' day to second) as a, extract('hours' from interval '50' hour) as b, extract('days' from interval '-50' hour) as c, extract('minute' from interval '70 minutes 70.123 seconds' minute to second) as d, extract('seconds' from interval '1 day 1:1:1.11' day to second) as e, extract(month from interval '30' month) as f",
      ['a int4', 'b int4', 'c int4', 'd int4', 'e float8', 'f int4'],
      ['1', '2', '-2', '11', '1.11', '6'],
    ),
    // A literal is named after its type, keeps six digits of a second or as many as are said, and a date beside months stays one
    gives(
      "select interval '13 months' year, interval '2:2' minute to second, interval '1.234567' second (3), interval '1.23456789' second",
      ['intervaly2m intervald2s', 'intervald2s intervald2s', 'intervald2s intervald2s', 'intervald2s intervald2s'],
      ['1 year', '00:02:02', '00:00:01.235', '00:00:01.234567'],
    ),
    gives(
      "select date '2020-01-31' + interval '1' month as a, date '2020-03-31' - interval '1-1' year to month as b, interval '2' year + date '2020-02-29' as c, date '2020-01-31' + interval '1' day as d",
      ['a date', 'b date', 'c date', 'd timestamp'],
      ['2020-02-29', '2019-02-28', '2022-02-28', '2020-02-01 00:00:00'],
    ),
    fails("select '1'::month", '42704', 'type "month" does not exist'),
    // r_GETDATE: whole seconds, as r_SYSDATE's are not
    gives(`select getdate() = date_trunc('second', sysdate) as whole`, ['whole bool'], ['true']),
    // No moment that a table could hold.
    fails("select 'infinity'::date", '22007', 'invalid input syntax for type date: "infinity"'),
    fails("select '-Infinity'::timestamp", '0A000', 'an infinite timestamp'),
    fails("select a::timestamptz from (select 'infinity'::varchar as a) q", '0A000', 'an infinite timestamp'),
    // Nothing of an interval is lost, and nothing said twice.
    fails("select '1:20:05 5 microseconds'::interval", '22007', 'invalid input syntax for type interval'),
    fails("select '1 hour 2:00'::interval", '22007', 'invalid input syntax for type interval'),
    fails(
      "select a::interval from (select '1:20:05 5 microseconds'::varchar as a) q",
      '22007',
      'invalid input syntax for type interval',
    ),
    gives(
      "select '1:20:05.000005'::interval as a, interval '@ 3 days 04:05:06 ago' as b, '3 04:05:06'::interval as c, '1.5 months'::interval as d",
      ['a intervald2s', 'b intervald2s', 'c intervald2s', 'd intervald2s'],
      ['01:20:05.000005', '-3 days -04:05:06', '3 days 04:05:06', '1 month 15 days'],
    ),
  ],
};

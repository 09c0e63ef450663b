import { fails, gives, type Chapter } from '../chapter.ts';

export const DATES: Chapter = {
  title: 'Date and time functions',
  page: 'Date_functions_header.html',
  setup: [
    'create table event (caldate date, starttime timestamp, zoned timestamptz)',
    "insert into event values ('2008-02-29', '2008-10-30 20:00:05', '2008-10-30 20:00:05+02')",
  ],
  cases: [
    gives(
      'select dateadd(day, 30, caldate) as d, dateadd(m, 5, starttime) as m, dateadd(mon, -1, starttime) as b from event',
      ['d timestamp', 'm timestamp', 'b timestamp'],
      ['2008-03-30 00:00:00', '2008-10-30 20:05:05', '2008-09-30 20:00:05'],
    ),
    // r_Dateparts_for_datetime_functions
    gives(
      "select timestamp 'epoch' + 1230000000 * interval '1 second' as t, timestamptz 'epoch' as z, cast(lower('EPOCH') as timestamp) as c",
      ['t timestamp', 'z timestamptz', 'c timestamp'],
      ['2008-12-23 02:40:00', '1970-01-01 00:00:00+00', '1970-01-01 00:00:00'],
    ),
    gives(
      "select datediff(qtr, '1998-07-01', '2008-10-01') as q, datediff(year, '2008-12-31', '2009-01-01') as y, datediff(hour, '2008-01-01', '2008-01-02') as h",
      ['q int8', 'y int8', 'h int8'],
      ['41', '1', '24'],
    ),
    gives(
      'select date_part(w, starttime) as w, date_part(dow, starttime) as dow, extract(year from starttime) as y, extract(hour from zoned) as h from event',
      ['w float8', 'dow float8', 'y int4', 'h float8'],
      ['44', '4', '2008', '18'],
    ),
    gives(
      "select date_trunc('month', starttime) as m, trunc(starttime) as t from event",
      ['m timestamp', 't date'],
      ['2008-10-01 00:00:00', '2008-10-30'],
    ),
    gives(
      "select add_months('2008-02-29', 12) as a, last_day('2008-02-01') as l, next_day('2014-08-20', 'Tuesday') as n, months_between('1969-01-18', '1969-03-18') as m",
      ['a timestamp', 'l date', 'n date', 'm float8'],
      ['2009-02-28 00:00:00', '2008-02-29', '2014-08-26', '-2'],
    ),
    gives(
      "select convert_timezone('America/New_York', '2013-02-01 08:00:00') as t",
      ['t timestamp'],
      ['2013-02-01 03:00:00'],
    ),
    gives(
      "select to_char(starttime, 'YYYY-MM-DD HH24:MI:SS') as c, to_date('02 Oct 2001', 'DD Mon YYYY') as d from event",
      ['c varchar', 'd date'],
      ['2008-10-30 20:00:05', '2001-10-02'],
    ),
    gives(
      "select caldate + 1 as n, caldate - 1 as p, caldate - '2008-01-01'::date as d, starttime + interval '1 day' as i, starttime - 1 as s from event",
      ['n date', 'p date', 'd int4', 'i timestamp', 's timestamp'],
      ['2008-03-01', '2008-02-28', '59', '2008-10-31 20:00:05', '2008-10-29 20:00:05'],
    ),
    gives(
      "select date '2008-01-31' + interval '1 month' as m, timestamp '2008-01-01' + interval '3' day as d",
      ['m timestamp', 'd timestamp'],
      ['2008-02-29 00:00:00', '2008-01-04 00:00:00'],
    ),
    gives(
      "select '01/31/2008'::date as us, '20080131'::date as compact, 'Jan 31,2008'::date as named, '31-Jan-2008'::date as dashed",
      ['us date', 'compact date', 'named date', 'dashed date'],
      ['2008-01-31', '2008-01-31', '2008-01-31', '2008-01-31'],
    ),
    gives(
      "select count(*) from event where caldate > '02/28/2008' and starttime < 'Oct 31,2008' and caldate in ('29-Feb-2008')",
      ['count int8'],
      ['1'],
    ),
    // A zone may be a column's.
    gives(
      "select convert_timezone('UTC', zone, starttime) as l, convert_timezone(zone, starttime) as m, starttime at time zone zone, next_day(caldate, day) as n from event, (select 'America/New_York'::varchar(30) as zone, 'mon'::varchar(3) as day)",
      ['l timestamp', 'm timestamp', 'timezone timestamptz', 'n date'],
      ['2008-10-30 16:00:05', '2008-10-30 16:00:05', '2008-10-31 00:00:05+00', '2008-03-03'],
    ),
    // As Redshift writes the definitions of views.
    gives(
      `select date_trunc('month'::character varying::text, starttime) as m, "date_part"('year'::text, caldate) as y, to_char(caldate, 'MON-DD'::text) as t from event`,
      ['m timestamp', 'y float8', 't varchar'],
      ['2008-10-01 00:00:00', '2008', 'FEB-29'],
    ),
    fails("select 'yesterdayish'::date", '22007', 'invalid input syntax for type date: "yesterdayish"'),
    fails('select dateadd(fortnight, 1, caldate) from event', '22023', 'invalid date part "fortnight"'),
    fails('select caldate::int from event', '42846', 'cannot cast type date to integer'),
    gives(
      "select date_trunc('month', date '2024-03-31' - 1) - interval '1 day' as a, mod(length('abc'), 2) as b, mod(7, length('ab') + length('c')) as c",
      ['a timestamp', 'b int4', 'c int4'],
      ['2024-02-29 00:00:00', '1', '1'],
    ),
    gives(
      "select date_trunc('month', d - 1) - interval '1 day' as a, mod(length(t), n) as b, substring(t from 2) as c, substring(t from 2 for n) as e from (select date '2024-03-31' as d, 'abcd'::varchar as t, 3 as n) q",
      ['a timestamp', 'b int4', 'c varchar', 'e varchar'],
      ['2024-02-29 00:00:00', '1', 'bcd', 'bcd'],
    ),
    // There is no year 0, and those before the first are not counted here
    fails("select '0000-01-01'::date", '22007', 'invalid input syntax for type date: "0000-01-01"'),
    fails("select '00000101'::timestamp", '22007', 'invalid input syntax for type timestamp: "00000101"'),
    fails("select to_date('0000-01-01', 'YYYY-MM-DD')", '22008', 'date/time field value out of range'),
    ...[
      "dateadd(year, -2020, '2020-01-01')",
      "date '0001-01-01' - 1",
      "add_months('0001-01-31', -1)",
      "timestamp '0001-01-01' - interval '1 day'",
      "date '0001-01-01' - interval '1' year",
    ].map((value) => fails(`select ${value}`, '0A000', 'dates before the year 1 are not supported here')),
    gives("select dateadd(year, -2019, '2020-02-29') as d", ['d timestamp'], ['0001-03-01 00:00:00']),
    fails("select dateadd(hour, -24, timestamp '0001-01-01 10:00:00')", '0A000', 'dates before the year 1'),
    fails("select dateadd(ms, -90000000, timestamptz '0001-01-01 10:00:00+00')", '0A000', 'dates before the year 1'),
    fails("select d + interval '-1 month' from (select date '0001-01-02' as d) q", '0A000', 'dates before the year 1'),
    fails("select n + d from (select date '0001-01-02' as d, -5 as n) q", '0A000', 'dates before the year 1'),
    fails("select date_trunc('decade', date '0001-01-02')", '0A000', 'dates before the year 1'),
  ],
};

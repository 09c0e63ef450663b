import { fails, gives, type Case, type Chapter } from '../chapter.ts';

/** One value in one column. */
const date = (sql: string, column: string, value: string | null): Case => gives(sql, [column], [value]);

export const DATE_EXAMPLES: Chapter = {
  title: 'Date and time functions: the examples of their pages',
  page: 'Date_functions_header.html',
  setup: [
    'create table seconds (micro timestamp)',
    "insert into seconds values ('2009-09-21 11:10:03.189717')",
    'create table listing (listtime timestamp)',
    "insert into listing values ('2008-08-24 09:36:12')",
    'create table time_test (time_val time)',
    "insert into time_test values ('20:00:00'), ('00:00:00.5550'), ('00:58:00')",
  ],
  cases: [
    // Parts of a zone are those of a TIMESTAMPTZ: r_Dateparts_for_datetime_functions
    fails("select extract(timezone from timestamp '2008-01-01')", '0A000', 'timestamp units "timezone" not supported'),
    // r_ADD_MONTHS, r_DATEADD_function: the two ends of months
    date("select add_months('2008-03-31',1)", 'add_months timestamp', '2008-04-30 00:00:00'),
    date("select add_months('2008-04-30',1)", 'add_months timestamp', '2008-05-31 00:00:00'),
    date("select dateadd(month,1,'2008-04-30')", 'date_add timestamp', '2008-05-30 00:00:00'),
    date("select dateadd(month,18,'2008-02-28')", 'date_add timestamp', '2009-08-28 00:00:00'),
    date("select dateadd(m,30,'2008-02-28')", 'date_add timestamp', '2008-02-28 00:30:00'),
    date("select dateadd(month,12,'2016-02-29')", 'date_add timestamp', '2017-02-28 00:00:00'),
    date("select dateadd(year, 1, '2016-02-29')", 'date_add timestamp', '2017-03-01 00:00:00'),
    date("select dateadd(hour, 8, time '13:24:55')", 'date_add time', '21:24:55'),
    date("select dateadd(hour, 12, time '13:24:55')", 'date_add time', '01:24:55'),
    date("select dateadd(hour, 2, timetz '13:24:55 PST')", 'date_add timetz', '23:24:55+00'),
    gives(
      'select dateadd(minute,5,time_val) as minplus5 from time_test',
      ['minplus5 time'],
      ['20:05:00'],
      ['00:05:00.555'],
      ['01:03:00'],
    ),
    fails("select dateadd(epoch, 1, '2008-01-01')", '22023', 'invalid date part "epoch"'),
    // CONVERT_TIMEZONE: an abbreviation is a fixed offset, a name follows the season
    date("select convert_timezone('PST', listtime) as t from listing", 't timestamp', '2008-08-24 01:36:12'),
    date("select convert_timezone('US/Pacific', listtime) as t from listing", 't timestamp', '2008-08-24 02:36:12'),
    date("select convert_timezone('EST', 'PST', '20080305 12:25:29') as t", 't timestamp', '2008-03-05 09:25:29'),
    date(
      "select convert_timezone('America/New_York', '2013-06-01 08:00:00') as t",
      't timestamp',
      '2013-06-01 04:00:00',
    ),
    gives(
      `select convert_timezone('GMT','NEWZONE +2','2014-05-17 12:00:00') as newzone_plus_2,
        convert_timezone('GMT','NEWZONE-2:15','2014-05-17 12:00:00') as newzone_minus_2_15,
        convert_timezone('GMT','America/Los_Angeles+2','2014-05-17 12:00:00') as la_plus_2,
        convert_timezone('GMT','GMT+2','2014-05-17 12:00:00') as gmt_plus_2`,
      ['newzone_plus_2 timestamp', 'newzone_minus_2_15 timestamp', 'la_plus_2 timestamp', 'gmt_plus_2 timestamp'],
      ['2014-05-17 10:00:00', '2014-05-17 14:15:00', '2014-05-17 10:00:00', '2014-05-17 10:00:00'],
    ),
    // r_AT_TIME_ZONE
    date("select timestamp '2001-02-16 20:38:40' at time zone 'MST' as t", 't timestamptz', '2001-02-17 03:38:40+00'),
    date(
      "select timestamp with time zone '2001-02-16 20:38:40-05' at time zone 'MST' as t",
      't timestamp',
      '2001-02-16 18:38:40',
    ),
    // r_DATEDIFF_function: boundaries crossed, not time passed
    date("select datediff(week,'2009-01-01','2009-12-31') as numweeks", 'numweeks int8', '52'),
    gives(
      `select datediff(week, '2008-01-05', '2008-01-06') as sunday, datediff(week, '2008-01-06', '2008-01-12') as within,
        datediff(week, '2019-12-31', '2019-12-27') as back, datediff(week, '2019-12-31', timestamp '2020-01-06 02:00') as next`,
      ['sunday int8', 'within int8', 'back int8', 'next int8'],
      ['1', '0', '-1', '1'],
    ),
    fails("select dateadd(year, 300000, '2008-01-01')", '22008', 'timestamp out of range'),
    fails("select to_date('2008-01-01', 'foo')", '0A000', 'format "foo": nothing in it can be read'),
    date("select datediff(hour, '2023-01-01', '2023-01-03 05:04:03')", 'date_diff int8', '53'),
    date("select datediff(qtr, '1998-07-01', '2008-06-05')", 'date_diff int8', '39'),
    date("select datediff(year, '12-31-2008', '01-01-2009') as y", 'y int8', '1'),
    date("select datediff(century, '2000-01-01', '2001-01-01') as c", 'c int8', '1'),
    gives(
      "select datediff(hour, time_val, time '15:24:45') from time_test",
      ['date_diff int8'],
      ['-5'],
      ['15'],
      ['15'],
    ),
    date("select datediff(hours, timetz '20:00:00 PST', timetz '00:58:00 EST') as numhours", 'numhours int8', '1'),
    // r_DATE_PART_function, r_EXTRACT_function, r_Dateparts_for_datetime_functions
    date("select date_part(microsecond, timestamp '20220502 04:05:06.789')", 'pgdate_part float8', '789000'),
    date('select date_part(sec, micro) from seconds', 'pgdate_part float8', '3.189717'),
    date('select extract(sec from micro) from seconds', 'date_part int4', '3'),
    date("select extract(ms from timestamp '2009-09-09 12:08:43.101')", 'date_part int4', '101'),
    date("select extract(ms from time '18:25:33.123456')", 'date_part int4', '123'),
    date("select extract(century from timestamp '2000-12-16 12:21:13')", 'date_part int4', '20'),
    date("select extract(century from timestamp '2001-12-16 12:21:13')", 'date_part int4', '21'),
    date("select extract(decade from timestamp '1999-02-16 20:38:40')", 'date_part int4', '200'),
    date("select extract(decade from timestamp '2000-02-16 20:38:40')", 'date_part int4', '201'),
    date("select extract(decade from timestamp '2010-02-16 20:38:40')", 'date_part int4', '202'),
    date("select date_part(dow, timestamp '2008-02-17 02:36:48')", 'pgdate_part float8', '0'),
    date("select date_part_year(date '20220502 04:05:06.789')", 'date_part_year int4', '2022'),
    // r_DATE_TRUNC
    date(
      "select date_trunc('quarter', timestamp '20200430 04:05:06.789')",
      'date_trunc timestamp',
      '2020-04-01 00:00:00',
    ),
    date("select date_trunc('week', timestamp '20220430 04:05:06.789')", 'date_trunc timestamp', '2022-04-25 00:00:00'),
    date(
      "select date_trunc('millennium', timestamp '20200430 04:05:06.789')",
      'date_trunc timestamp',
      '2001-01-01 00:00:00',
    ),
    // r_MONTHS_BETWEEN_function, r_NEXT_DAY, r_LAST_DAY, r_DATE_CMP, r_INTERVAL_CMP
    date("select months_between('1969-01-18', '1969-03-18') as months", 'months float8', '-2'),
    date("select next_day('2014-08-20','Tuesday')", 'next_day date', '2014-08-26'),
    fails("select next_day(date '2014-08-20', 'Someday') from listing", '22023', 'is no day of the week'),
    date("select date_cmp('2008-01-01', '2008-01-04')", 'date_cmp int4', '-1'),
    date("select interval_cmp('3 days','1 year')", 'interval_cmp int4', '-1'),
    date("select interval_cmp('2 minutes','1 minute')", 'interval_cmp int4', '1'),
    // r_DATE-CONCATENATE_function
    date("select date '2000-01-01' + time '20:00:00' as ts", 'ts timestamp', '2000-01-01 20:00:00'),
    date("select date '2000-01-01' + timetz '20:00:00 PST' as ts", 'ts timestamptz', '2000-01-02 04:00:00+00'),
    // r_Examples_with_datetime_types: a TIMESTAMP has no zone, a TIMESTAMPTZ heeds it
    date("select 'Jun 1,2008  09:59:59 EST'::timestamp as t", 't timestamp', '2008-06-01 09:59:59'),
    date("select 'Jun 1,2008  09:59:59 EST'::timestamptz as t", 't timestamptz', '2008-06-01 14:59:59+00'),
    date("select '1997-12-17 07:37:16-08'::timestamptz as t", 't timestamptz', '1997-12-17 15:37:16+00'),
    date("select '01/02/03'::date as mdy", 'mdy date', '2003-01-02'),
  ],
};

import { fails, gives, runs, type Chapter } from '../chapter.ts';

/** A name of the SELECT list, used further on in the list and in WHERE, in queries that are grouped or cast. */
export const LATERAL_ALIASES: Chapter = {
  title: 'Names of a SELECT list used in it',
  page: 'r_SELECT_list.html',
  setup: [
    'create table plays (ts timestamp, a int, u varchar(20), year int)',
    `insert into plays values ('2020-01-01', 1, 'x', 7), ('2020-01-01', 1, 'x ', 7), ('2020-01-01', 1, 'y', 8),
      ('2020-03-01', null, null, 9)`,
  ],
  cases: [
    // A cast that can fail.
    gives(
      "select d::date as day, day + 1 as next, dateadd(day, 2, day) as after from (select '2020-01-31' as d) where day > '2020-01-01'",
      ['day date', 'next date', 'after timestamp'],
      ['2020-01-31', '2020-02-01', '2020-02-02 00:00:00'],
    ),
    gives(
      "select cast(t as int) as n, n * 2 as m, row_number() over (partition by n order by m) as r from (select '7' as t) where n = 7",
      ['n int4', 'm int4', 'r int8'],
      ['7', '14', '1'],
    ),
    // A column of FROM goes before.
    gives(
      "select (d || 'x')::varchar(9) as d, len(d) as l from (select 'ab' as d)",
      ['d varchar', 'l int4'],
      ['abx', '2'],
    ),
    gives(
      `select json_extract_path_text(p, 'a') as a, json_extract_path_text(a, 'b') as b, json_extract_path_text(b, 'c') as c
        from (select '{"a":{"b":{"c":5}}}' as p)`,
      ['a varchar', 'b varchar', 'c varchar'],
      ['{"b":{"c":5}}', '{"c":5}', '5'],
    ),
    gives(
      'select distinct ts as start_time, extract(hour from start_time) as hour, extract(week from start_time) from plays order by 1',
      ['start_time timestamp', 'hour int4', 'date_part int4'],
      ['2020-01-01 00:00:00', '0', '1'],
      ['2020-03-01 00:00:00', '0', '9'],
    ),
    gives(
      "select distinct u as uid, upper(uid) || '!' as loud from plays where uid is not null order by uid",
      ['uid varchar', 'loud varchar'],
      ['x', 'X!'],
      ['x ', 'X !'],
      ['y', 'Y!'],
    ),
    gives(
      'select distinct(u) as uid, a from plays where uid is not null order by uid',
      ['uid varchar', 'a int4'],
      ['x', '1'],
      ['y', '1'],
    ),
    gives(
      'select trunc(ts) as day, extract(month from day) as month, count(*) as n, n * 2 as twice from plays group by 1, 2 order by 1',
      ['day date', 'month int4', 'n int8', 'twice int8'],
      ['2020-01-01', '1', '3', '6'],
      ['2020-03-01', '3', '1', '2'],
    ),
    gives(
      'select u as uid, upper(uid), uid::char(1) as c, count(*) from plays where uid is not null group by uid, 2, 3 order by uid',
      ['uid varchar', 'upper varchar', 'c varchar', 'count int8'],
      ['x', 'X', 'x', '2'],
      ['y', 'Y', 'y', '1'],
    ),
    gives(
      `select a, u as uid, case when uid = 'x' then 1 else 0 end as flag, sum(a) as s, s + 1 as more
        from plays group by a, uid, flag order by 2`,
      ['a int4', 'uid varchar', 'flag int4', 's int8', 'more int8'],
      ['1', 'x', '1', '2', '3'],
      ['1', 'y', '0', '1', '2'],
      [null, null, '0', null, null],
    ),
    // A column of the table goes before a name of the list.
    gives(
      'select extract(year from ts) as year, year + 1 as next, count(*) from plays group by 1, 2 order by 2',
      ['year int4', 'next int4', 'count int8'],
      ['2020', '8', '2'],
      ['2020', '9', '1'],
      ['2020', '10', '1'],
    ),
    gives(
      "select date_trunc('month', ts)::date as month, datediff(month, month, '2021-01-01') as ago, count(*) from plays group by 1, 2 order by 1",
      ['month date', 'ago int8', 'count int8'],
      ['2020-01-01', '12', '3'],
      ['2020-03-01', '10', '1'],
    ),
    gives(
      `with doubled as (select a * 2 as b, u from plays)
        select d.n, sum(d.c) as c from (select b as n, n + 1 as c from doubled where n > 1 group by n, c) as d group by 1`,
      ['n int4', 'c int8'],
      ['2', '3'],
    ),
    // What is grouped by is a cast of a column that has the type already.
    gives(
      `select cast(u as varchar(50)) as name, a::int as one, max(a) as most from plays
        where u is not null group by name, 2 having max(a) > 0 order by 1`,
      ['name varchar', 'one int4', 'most int4'],
      ['x', '1', '1'],
      ['y', '1', '1'],
    ),
    gives(
      'select a::int as one, count(*) from plays group by 1 order by one',
      ['one int4', 'count int8'],
      ['1', '3'],
      [null, '1'],
    ),
    gives(
      'select distinct u::varchar(50) as name, ts::timestamp as ts from plays where u is not null order by name',
      ['name varchar', 'ts timestamp'],
      ['x', '2020-01-01 00:00:00'],
      ['y', '2020-01-01 00:00:00'],
    ),
    runs(
      'create table months as select trunc(ts) as d, extract(month from d) as m, count(*) as n from plays group by 1, 2',
    ),
    runs(
      'insert into months select trunc(ts) as d, extract(month from d) as m, count(*) as n from plays group by 1, 2',
    ),
    gives('select m, sum(n) as n from months group by m order by m', ['m int4', 'n int8'], ['1', '6'], ['3', '2']),
    fails('select nope as m, m + 1 as k, count(*) from plays group by 1, 2', '42703', 'column "nope" does not exist'),
  ],
};

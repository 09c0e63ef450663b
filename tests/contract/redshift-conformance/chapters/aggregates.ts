import { fails, gives, type Chapter } from '../chapter.ts';

export const AGGREGATES: Chapter = {
  title: 'Aggregate and window functions',
  page: 'c_Aggregate_Functions.html',
  setup: [
    'create table winsales (salesid int, dateid date, sellerid int, buyerid char(10), qty int, qty_shipped smallint, total bigint, price decimal(8,2), rate float8)',
    `insert into winsales values
      (30001, '2003-08-02', 3, 'b', 10, 10, 100, 10.25, 0.5),
      (10001, '2003-12-24', 1, 'c', 10, 10, 200, 20.50, 1.5),
      (10005, '2003-12-24', 1, 'a', 30, null, 300, 30.00, 2.5),
      (40001, '2004-01-09', 4, 'a', 40, null, 401, null, 3.5)`,
  ],
  cases: [
    // r_LISTAGG: NULL and empty texts are left out
    gives(
      "select listagg(x, '-') within group (order by x) as l, listagg(distinct x) within group (order by x) as d, listagg('', ',') as e from (select 'a' as x union all select '' union all select null union all select 'b' union all select 'b ')",
      ['l varchar', 'd varchar', 'e varchar'],
      ['a-b-b ', 'ab', null],
    ),
    // r_BOOL_AND and r_BOOL_OR: of integers, too
    gives(
      'select bool_and(qty) as a, bool_and(qty - 10) as b, bool_or(qty_shipped - 10) as o, bool_and(distinct total > 50) as d from winsales',
      ['a bool', 'b bool', 'o bool', 'd bool'],
      ['true', 'false', 'false', 'true'],
    ),
    fails('select bool_or(buyerid) from winsales', '42883', 'function bool_or(character varying) does not exist'),
    // r_COUNT: APPROXIMATE stands before COUNT(DISTINCT …) only
    fails('select approximate count(qty) from winsales', '42601', 'syntax error at or near "approximate"'),
    // r_STDDEV_functions and r_VARIANCE_functions: of one value there is no sample
    gives(
      'select stddev_samp(qty) as s, var_samp(qty) as v, variance(qty) as w, stddev_pop(qty) as p, var_pop(qty) as q from winsales where salesid = 30001',
      ['s float8', 'v float8', 'w float8', 'p float8', 'q float8'],
      [null, null, null, '0', '0'],
    ),
    // r_MEDIAN: sort-based aggregates use the same ORDER BY values
    fails(
      'select listagg(sellerid) within group (order by dateid) as s, listagg(dateid) within group (order by sellerid) as d from winsales',
      '0A000',
      'within group ORDER BY clauses for aggregate functions must be the same',
    ),
    fails(
      'select percentile_cont(0.6) within group (order by salesid), 1 + median(price) from winsales group by salesid, price',
      '0A000',
      'within group ORDER BY clauses for aggregate functions must be the same',
    ),
    gives(
      'select listagg(w.qty, $$ $$) within group (order by w.qty asc) as l, median(qty) as m, (select median(total) from winsales) as t, max(a) as a from winsales w, (select median(price) over () as a from winsales) o',
      ['l varchar', 'm numeric(38,1)', 't numeric(38,1)', 'a numeric(38,2)'],
      ['10 10 10 10 10 10 10 10 30 30 30 30 40 40 40 40', '20.0', '250.0', '20.50'],
    ),
    gives(
      'select sum(qty_shipped), sum(qty), sum(total), sum(price), sum(rate) from winsales',
      ['sum int8', 'sum int8', 'sum int8', 'sum numeric(38,2)', 'sum float8'],
      ['20', '90', '1001', '60.75', '8'],
    ),
    gives(
      'select avg(qty), avg(total), avg(price), avg(rate) from winsales',
      ['avg int8', 'avg int8', 'avg numeric(38,2)', 'avg float8'],
      ['22', '250', '20.25', '2'],
    ),
    gives(
      'select count(*), count(qty_shipped), count(distinct buyerid), approximate count(distinct sellerid) as n, hll(sellerid) from winsales',
      ['count int8', 'count int8', 'count int8', 'n int8', 'hll int8'],
      ['4', '2', '3', '3', '3'],
    ),
    // The type of what is counted is found in an inner query, too.
    gives(
      `with days as (select count(distinct trunc(dateid)) as days, count(distinct buyerid || qty) as texts from winsales)
       select days, texts, count(*) from winsales cross join days where sellerid > 0 and buyerid <> 'z' group by days, texts`,
      ['days int8', 'texts int8', 'count int8'],
      ['3', '4', '4'],
    ),
    gives('select sum(distinct qty), avg(distinct qty) from winsales', ['sum int8', 'avg int8'], ['80', '26']),
    gives('select min(dateid), max(price) from winsales', ['min date', 'max numeric(8,2)'], ['2003-08-02', '30.00']),
    gives(
      "select listagg(buyerid, '|') within group (order by salesid desc) from winsales",
      ['listagg varchar'],
      ['a|b|a|c'],
    ),
    gives(
      "select listagg(distinct buyerid, ',') within group (order by buyerid) from winsales",
      ['listagg varchar'],
      ['a,b,c'],
    ),
    gives(
      'select median(qty), percentile_cont(0.25) within group (order by qty) from winsales',
      ['median numeric(38,1)', 'percentile_cont numeric(38,2)'],
      ['20.0', '10.00'],
    ),
    // r_PERCENTILE_CONT: linear, of decimals as of integers
    gives(
      'select percentile_cont(0.7) within group (order by n) as a, percentile_cont(0.95) within group (order by n) as b from generate_series(1, 7) as g(n)',
      ['a numeric(38,1)', 'b numeric(38,2)'],
      ['5.2', '6.70'],
    ),
    gives(
      'select percentile_cont(0.7) within group (order by n * 1.00) as a, percentile_cont(0.95) within group (order by n * 1.00) as b from generate_series(1, 7) as g(n)',
      ['a numeric(38,2)', 'b numeric(38,2)'],
      ['5.20', '6.70'],
    ),
    gives(
      'select sellerid, sum(qty) * 100 / sum(sum(qty)) over () as share from winsales group by sellerid order by sellerid',
      ['sellerid int4', 'share numeric(38,19)'],
      ['1', '44.4444444444444444444'],
      ['3', '11.1111111111111111111'],
      ['4', '44.4444444444444444444'],
    ),
    gives(
      'select salesid, sum(qty) over (order by dateid, salesid rows unbounded preceding) from winsales order by 1',
      ['salesid int4', 'sum int8'],
      ['10001', '20'],
      ['10005', '50'],
      ['30001', '10'],
      ['40001', '90'],
    ),
    gives(
      'select salesid, lag(qty, 1) over (order by salesid) as before, row_number() over (order by salesid desc) as n from winsales order by 1',
      ['salesid int4', 'before int4', 'n int8'],
      ['10001', null, '4'],
      ['10005', '10', '3'],
      ['30001', '30', '2'],
      ['40001', '10', '1'],
    ),
    gives(
      'select last_value(qty_shipped) ignore nulls over (order by salesid rows between unbounded preceding and unbounded following) as v from winsales limit 1',
      ['v int2'],
      ['10'],
    ),
    gives(
      'select sellerid, ratio_to_report(qty) over (partition by sellerid) as r from winsales where sellerid = 1 order by r',
      ['sellerid int4', 'r float8'],
      ['1', '0.25'],
      ['1', '0.75'],
    ),
    gives(
      'select sellerid, grouping(sellerid) as g, sum(qty) from winsales group by rollup (sellerid) order by 1',
      ['sellerid int4', 'g int4', 'sum int8'],
      ['1', '0', '40'],
      ['3', '0', '10'],
      ['4', '0', '40'],
      [null, '1', '90'],
    ),
    // r_WF_LISTAGG: of equal values the one that comes first stays where it is
    gives(
      "select listagg(distinct qty, ',') within group (order by qty) as up from winsales",
      ['up varchar'],
      ['10,30,40'],
    ),
    gives(
      `select listagg(distinct qty, ',') within group (order by salesid desc) as quantities,
        listagg(distinct sellerid, ',') within group (order by salesid desc) as sellers from winsales`,
      ['quantities varchar', 'sellers varchar'],
      ['40,10,30', '4,3,1'],
    ),
    // r_LISTAGG, r_MEDIAN, r_PERCENTILE_CONT: none with another aggregate of distinct values
    ...[
      'select listagg(buyerid) within group (order by salesid), count(distinct qty) from winsales',
      'select listagg(buyerid) from winsales having count(distinct qty) > 1',
      'select median(qty) + sum(distinct qty) from winsales',
    ].map((sql) =>
      fails(sql, '0A000', 'LISTAGG, PERCENTILE_CONT and MEDIAN cannot be used with other DISTINCT aggregate functions'),
    ),
    gives(
      'select listagg(distinct qty) within group (order by qty) as l, (select count(distinct qty) from winsales) as n from winsales',
      ['l varchar', 'n int8'],
      ['103040', '3'],
    ),
    // r_WF_COUNT, r_WF_SUM, …: DISTINCT is not supported
    fails(
      'select count(distinct qty) over (partition by buyerid) from winsales',
      '0A000',
      'DISTINCT is not implemented for window functions',
    ),
    fails(
      'select sum(distinct qty) over () from winsales',
      '0A000',
      'DISTINCT is not implemented for window functions',
    ),
    gives(
      'select percentile_disc(0.6) within group (order by qty desc) as down, percentile_disc(0.6) within group (order by qty) as up from winsales',
      ['down int4', 'up int4'],
      ['10', '30'],
    ),
    gives('select sum(price) / count(*) as mean from winsales', ['mean numeric(38,4)'], ['15.1875']),
    fails('select sum(buyerid) from winsales', '42883', 'function sum(character varying) does not exist'),
    fails('select sellerid, count(*) from winsales', '42803', 'column "sellerid" must appear in the GROUP BY clause'),
    // What floats hold no more is an error, but for what held an infinity before.
    fails(
      'select sum(x) from (select 1e308::float8 as x union all select 1e308) q',
      '22003',
      'value out of range: overflow',
    ),
    fails(
      'select avg(x) over (order by x rows unbounded preceding) from (select 1e308::float8 as x union all select 1e308) q',
      '22003',
      'value out of range: overflow',
    ),
    gives(
      "select sum(x) as s, avg(x) as a, sum(y) as n from (select 'Infinity'::float8 as x, 'NaN'::float8 as y union all select 1e308, 1) q",
      ['s float8', 'a float8', 'n float8'],
      ['Infinity', 'Infinity', 'NaN'],
    ),
  ],
};

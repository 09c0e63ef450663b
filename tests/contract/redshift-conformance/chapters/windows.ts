import { fails, gives, type Chapter } from '../chapter.ts';

const column = (...values: readonly (string | null)[]): readonly (readonly (string | null)[])[] =>
  values.map((value) => [value]);

export const WINDOWS: Chapter = {
  title: 'Window functions: the examples on WINSALES',
  page: 'c_Window_functions.html',
  setup: [
    'create table winsales(salesid int, dateid date, sellerid int, buyerid char(10), qty int, qty_shipped int)',
    `insert into winsales values
      (30001, '8/2/2003', 3, 'b', 10, 10), (10001, '12/24/2003', 1, 'c', 10, 10), (10005, '12/24/2003', 1, 'a', 30, null),
      (40001, '1/9/2004', 4, 'a', 40, null), (10006, '1/18/2004', 1, 'c', 10, null), (20001, '2/12/2004', 2, 'b', 20, 20),
      (40005, '2/12/2004', 4, 'a', 10, 10), (20002, '2/16/2004', 2, 'c', 20, 20), (30003, '4/18/2004', 3, 'b', 15, null),
      (30004, '4/18/2004', 3, 'b', 20, null), (30007, '9/7/2004', 3, 'c', 30, null)`,
  ],
  cases: [
    // ROWS UNBOUNDED FOLLOWING is from the current row on: c_Window_functions
    gives(
      'select sum(qty) over (order by salesid rows unbounded following) as s from winsales order by salesid',
      ['s int8'],
      ...column('215', '205', '175', '165', '145', '125', '115', '100', '80', '50', '10'),
    ),
    // r_WF_NTH: the row's number is greater than 0
    fails(
      'select nth_value(qty, 0) over (order by salesid rows unbounded preceding) from winsales',
      '22023',
      'argument of nth_value must be greater than zero',
    ),
    gives(
      'select nth_value(qty_shipped, 2) ignore nulls over (order by salesid rows between unbounded preceding and unbounded following) as n, first_value(qty) over () is not null as f, lead(qty, 2) over (order by salesid) as l from winsales order by salesid limit 2',
      ['n int4', 'f bool', 'l int4'],
      ['20', 'true', '10'],
      ['20', 'true', '20'],
    ),
    gives(
      'select avg(qty) over (order by dateid, salesid rows unbounded preceding) as avg from winsales order by dateid, salesid',
      ['avg int8'],
      ...column('10', '10', '16', '22', '20', '20', '18', '18', '18', '18', '19'),
    ),
    gives(
      'select sum(qty) over (partition by sellerid order by dateid, salesid rows unbounded preceding) as sum from winsales order by dateid, salesid',
      ['sum int8'],
      ...column('10', '10', '40', '40', '50', '20', '50', '40', '25', '45', '75'),
    ),
    gives(
      'select count(qty_shipped) over (order by salesid rows unbounded preceding) as count from winsales order by salesid',
      ['count int8'],
      ...column('1', '1', '1', '2', '3', '4', '4', '4', '4', '4', '5'),
    ),
    gives(
      'select rank() over (order by qty) as rnk, dense_rank() over (order by qty) as d from winsales order by qty, salesid',
      ['rnk int8', 'd int8'],
      ['1', '1'],
      ['1', '1'],
      ['1', '1'],
      ['1', '1'],
      ['5', '2'],
      ['6', '3'],
      ['6', '3'],
      ['6', '3'],
      ['9', '4'],
      ['9', '4'],
      ['11', '5'],
    ),
    gives(
      'select row_number() over (partition by sellerid order by qty asc, salesid) as row from winsales where sellerid in (3, 4) order by sellerid, salesid',
      ['row int8'],
      ...column('1', '2', '3', '4', '2', '1'),
    ),
    gives(
      'select sellerid, qty, median(qty) over (partition by sellerid) as m from winsales where sellerid > 2 order by sellerid, qty',
      ['sellerid int4', 'qty int4', 'm numeric(38,1)'],
      ['3', '10', '17.5'],
      ['3', '15', '17.5'],
      ['3', '20', '17.5'],
      ['3', '30', '17.5'],
      ['4', '10', '25.0'],
      ['4', '40', '25.0'],
    ),
    gives(
      'select distinct percentile_cont(0.5) within group (order by qty) over () as median from winsales',
      ['median numeric(38,1)'],
      ['20.0'],
    ),
    gives(
      'select qty, percent_rank() over (order by qty) as p, cume_dist() over (order by qty) as c from winsales where sellerid = 2 or salesid = 40005 order by qty',
      ['qty int4', 'p float8', 'c float8'],
      ['10', '0', '0.3333333333333333'],
      ['20', '0.5', '1'],
      ['20', '0.5', '1'],
    ),
    gives(
      'select qty, ratio_to_report(qty) over (partition by sellerid) as r from winsales where sellerid in (2, 4) order by sellerid, qty',
      ['qty int4', 'r float8'],
      ['20', '0.5'],
      ['20', '0.5'],
      ['10', '0.2'],
      ['40', '0.8'],
    ),
    gives(
      'select ntile(2) over (order by salesid) as n from winsales where sellerid = 1',
      ['n int8'],
      ...column('1', '1', '2'),
    ),
    gives(
      'select distinct listagg(sellerid) within group (order by sellerid) over() from winsales',
      ['listagg varchar'],
      ['11122333344'],
    ),
    gives(
      "select distinct listagg(dateid,',') within group (order by sellerid desc,salesid asc) over () as dates from winsales where buyerid = 'b'",
      ['dates varchar'],
      ['2003-08-02,2004-04-18,2004-04-18,2004-02-12'],
    ),
    gives(
      "select listagg(sellerid, ', ') within group (order by sellerid) as s from winsales where buyerid = 'nobody'",
      ['s varchar'],
      [null],
    ),
    fails("select listagg(repeat('x', 10000)) from winsales", '22001', 'Result size exceeds LISTAGG limit'),
    gives(
      'select lag(qty_shipped ignore nulls) over (order by salesid) as l, last_value(qty) over (order by salesid rows between unbounded preceding and unbounded following) as z from winsales where sellerid = 3 order by salesid',
      ['l int4', 'z int4'],
      [null, '30'],
      ['10', '30'],
      ['10', '30'],
      ['10', '30'],
    ),
    // An order needs a frame: https://docs.aws.amazon.com/redshift/latest/dg/r_WF_SUM.html
    fails('select sum(qty) over (order by salesid) from winsales', '42601', 'require a frame clause'),
    fails(
      'select last_value(qty) over (partition by sellerid order by salesid) from winsales',
      '42601',
      'require a frame clause',
    ),
    fails('select lag(qty, 1, 0) over (order by salesid) from winsales', '0A000', 'Default parameter not be supported'),
    fails('select rank() over w from winsales window w as (order by qty)', '42601', 'syntax error at or near "w"'),
    fails(
      'select sum(qty) over (order by qty rows unbounded preceding exclude current row) from winsales',
      '42601',
      'syntax error at or near "exclude"',
    ),
    // What was summed up is ordered and compared by its own type.
    gives(
      `select sellerid, sum(qty) as q, rank() over (order by sum(qty)) as r, rank() over (order by q desc) as d, nullif(sum(qty), count(qty) * 20) as n,
        decode(sum(qty), 75.0, 'most', 'less') as m, sum(avg(qty)) over (order by sellerid rows unbounded preceding) as s from winsales group by sellerid order by sellerid`,
      ['sellerid int4', 'q int8', 'r int8', 'd int8', 'n int8', 'm varchar', 's numeric(38,0)'],
      ['1', '50', '2', '2', '50', 'less', '16'],
      ['2', '40', '1', '4', null, 'less', '36'],
      ['3', '75', '4', '1', '75', 'most', '54'],
      ['4', '50', '2', '2', '50', 'less', '79'],
    ),
    gives(
      'select salesid, sum(qty / 2) over (partition by salesid % 3 order by qty / 20, salesid rows unbounded preceding) as s from winsales where sellerid = 1 order by salesid',
      ['salesid int4', 's int8'],
      ['10001', '5'],
      ['10005', '15'],
      ['10006', '5'],
    ),
    // What is grouped by may be written with its table, and selected without.
    gives(
      'select qty / 20 as q, upper(winsales.buyerid) as u, count(*) as n from winsales group by winsales.qty / 20, upper(buyerid) having qty / 20 > 0 order by winsales.qty / 20, 2',
      ['q int4', 'u varchar', 'n int8'],
      ['1', 'A', '1'],
      ['1', 'B', '2'],
      ['1', 'C', '2'],
      ['2', 'A', '1'],
    ),
    fails('select rank() from winsales', '42809', 'window function rank requires an OVER clause'),
  ],
};

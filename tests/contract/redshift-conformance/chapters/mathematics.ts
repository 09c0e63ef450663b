import { fails, gives, type Case, type Chapter } from '../chapter.ts';

const value = (expression: string, type: string, answer: string | null): Case =>
  gives(`select ${expression} as v`, [`v ${type}`], [answer]);

export const MATHEMATICS: Chapter = {
  title: 'Mathematical and conditional functions',
  page: 'Math_functions.html',
  setup: ['create table sales (commission decimal(8,2), n int)', 'insert into sales values (28.05, 6), (null, null)'],
  cases: [
    // r_ROUND and r_TRUNC: the number of digits may be computed
    gives(
      'select round(commission, n - 5) as a, trunc(commission, n - 5) as b, round(-n * 11, -n / 6) as c from sales where n = 6',
      ['a numeric(9,2)', 'b numeric(9,2)', 'c int4'],
      ['28.10', '28.00', '-70'],
    ),
    // r_OPERATOR_SYMBOLS; a literal takes the other side's type wherever it stands
    gives(
      'select ~5 as a, 6 & 3 as b, 6 | 3 as c, 1 << 4 as d, 16 >> 2 as e, 4 + 3 & 5 as f, ~ (n + 1) as g from sales where n is not null order by n limit 1',
      ['a int4', 'b int4', 'c int4', 'd int4', 'e int4', 'f int4', 'g int4'],
      ['-6', '2', '7', '16', '4', '5', '-8'],
    ),
    gives(
      "select ||/ 27 as a, |/ 25 as b, @ -5 as c, decimal '1.5' as d, int '5' as e, bool 't' as f",
      ['a float8', 'b float8', 'c int4', 'd numeric(18,0)', 'e int4', 'f bool'],
      ['3', '5', '5', '2', '5', 'true'],
    ),
    gives(
      "select '5' + 3 as a, '2' * 1.5 as b, '7' / 2 as c, n + '2' as d from sales where n is not null order by n limit 1",
      ['a int4', 'b numeric(5,2)', 'c int4', 'd int4'],
      ['8', '3.00', '3', '8'],
    ),
    gives(
      "select case when 'abc' ~ '^a' then 1 end as a, case 'x' when 'x' then 'abc' end ~ 'b' as b, not 'abc' ~ 'z' as c",
      ['a int4', 'b bool', 'c bool'],
      ['1', 'true', 'true'],
    ),
    // Of what is computed with a constant NULL DuckDB plans the NULL only.
    gives(
      'select n - null::int as a, commission / nullif(0, 0) as b, n + null as c, null * commission as d, sum(n) / nullif(n - null, 0) as e from sales where n > 0 group by n, commission',
      ['a int4', 'b numeric(19,13)', 'c int4', 'd numeric(17,4)', 'e int8'],
      [null, null, null, null, null],
    ),
    gives(
      'select count(*) as c from sales where n + null > 3 or (n > 5 and commission * null is null)',
      ['c int8'],
      ['1'],
    ),
    value('abs (-38)', 'int4', '38'),
    value('abs (14-76)', 'int4', '62'),
    value('abs (-2.50)', 'numeric(3,2)', '2.50'),
    value('round(acos(-1), 10)', 'float8', '3.1415926536'),
    value('round(cot(1), 10)', 'float8', '0.6420926159'),
    value('round(degrees(.5), 10)', 'float8', '28.6478897565'),
    value('radians(180) = pi()', 'bool', 'true'),
    value('cbrt(27)', 'float8', '3'),
    // r_LOG: a base may stand first
    value('log(100)', 'float8', '2'),
    value('log(2, 100)', 'float8', '6.643856189774725'),
    fails('select log(1, 100)', '2201E', 'the base of a logarithm cannot be 1'),
    fails('select ln(0)', '2201E', 'cannot take logarithm of zero'),
    fails('select dlog10(-1)', '2201E', 'cannot take logarithm of a negative number'),
    fails('select sqrt(-1)', '2201F', 'cannot take square root of a negative number'),
    fails('select asin(2)', '22003', 'input is out of range'),
    fails('select cot(0)', '22003', 'input is out of range'),
    value(`'Infinity'::float::varchar || ('-Infinity'::real) || ('NaN'::float)`, 'varchar', 'Infinity-InfinityNaN'),
    // r_Numeric_types201: what is beyond the range of a type is an error.
    fails('select 1e308 * 10', '22003', 'value out of range: overflow'),
    fails('select 1 where 1e308 + 1e308 > 5', '22003', 'value out of range: overflow'),
    fails('select 2 / (1e308 * 10)', '22003', 'value out of range: overflow'),
    fails('select 1e308 / 1e-10', '22003', 'value out of range: overflow'),
    fails('select 2 ^ 2000', '22003', 'value out of range: overflow'),
    fails('select 3e38::real * 10::real', '22003', 'value out of range: overflow'),
    // Where a part of what is computed is grouped by, DuckDB still finds it.
    gives(
      'select n * 0.5::float + 1 as a, floor(n / 4::float) * 2 as b, round(n * 0.5::float) + 1 as c, n * 0.5::float as d, count(*) as e from sales where n > 0 group by n * 0.5::float, floor(n / 4::float) * 2, round(n * 0.5::float)',
      ['a float8', 'b float8', 'c float8', 'd float8', 'e int8'],
      ['4', '2', '4', '3', '1'],
    ),
    gives(
      'select n * 0.5::float as a, sum(n * 2::float) over (partition by n * 0.5::float) as s from sales where n > 0 group by rollup (n * 0.5::float), n having n * 0.5::float < 9 order by n * 0.5::float, 2',
      ['a float8', 's float8'],
      ['3', '12'],
    ),
    value('dlog10(100) + dlog1(1) + ln(1)', 'float8', '2'),
    value('power(2, 10)', 'float8', '1024'),
    value('sqrt(16)', 'float8', '4'),
    value('mod(10, 4)', 'int4', '2'),
    value('mod(-7, 3)', 'int4', '-1'),
    value('sign(-2)', 'int4', '-1'),
    value('sign(-2.5)', 'numeric(1,0)', '-1'),
    value('ceiling(2.1::float8) + floor(-2.1::float8)', 'float8', '0'),
    gives(
      'select ceiling(commission) = 29 as c, floor(commission) = 28 as f from sales where n = 6',
      ['c bool', 'f bool'],
      ['true', 'true'],
    ),
    gives(
      'select round(commission) = 28 as a, round(commission, 1) = 28.1 as b, round(commission, -1) = 30 as c from sales where n = 6',
      ['a bool', 'b bool', 'c bool'],
      ['true', 'true', 'true'],
    ),
    value('round(2.5) || round(-2.5)', 'varchar', '3-3'),
    value('trunc(-2.7::float8)', 'float8', '-2'),
    fails('select n / 0 from sales', '22012', 'division by zero'),
    fails('select mod(n, 0) from sales', '22012', 'division by zero'),
    // Conditional expressions
    gives(
      'select nvl(n, 0) as nvl, nvl2(n, 1, 2) as nvl2, coalesce(n, 7) as c from sales order by n',
      ['nvl int4', 'nvl2 int4', 'c int4'],
      ['6', '1', '6'],
      ['0', '2', '7'],
    ),
    gives(
      "select decode(n, 6, 'six', null, 'none', 'other') as d from sales order by n",
      ['d varchar'],
      ['six'],
      ['none'],
    ),
    gives(
      'select nullif(n, 6) as u, greatest(n, 3, null) as g, least(null, n) as l from sales order by n',
      ['u int4', 'g int4', 'l int4'],
      [null, '6', '6'],
      [null, '3', null],
    ),
    // Bitwise aggregates: https://docs.aws.amazon.com/redshift/latest/dg/r_BIT_AND.html
    gives(
      'select bit_and(x) as a, bit_or(x) as o from (select 3 as x union all select 7 union all select 10 union all select 22) as t',
      ['a int4', 'o int4'],
      ['2', '31'],
    ),
    gives(
      'select any_value(commission) as v, bool_or(n = 6) as b, stddev(n) as s from sales',
      ['v numeric(8,2)', 'b bool', 's float8'],
      ['28.05', 'true', null],
    ),
    fails("select checksum('x')", '0A000', 'function checksum'),
    fails('select set_config(n, n, true) from sales', '0A000', 'function set_config'),
  ],
};

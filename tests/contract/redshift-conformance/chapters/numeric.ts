import { fails, gives, type Chapter } from '../chapter.ts';

export const NUMERIC: Chapter = {
  title: 'Computations with numeric values',
  page: 'r_numeric_computations201.html',
  setup: [
    'create table sales (pricepaid decimal(8,2), commission decimal(8,2), qtysold smallint, big bigint, ratio real, share float8)',
    'insert into sales values (728.00, 109.20, 4, 5000000000, 1.5, 0.25)',
  ],
  cases: [
    gives(
      'select 7 / 2 as q, -7 / 2 as n, 7 % 3 as r, mod(-7, 3) as m',
      ['q int4', 'n int4', 'r int4', 'm int4'],
      ['3', '-3', '1', '-1'],
    ),
    gives('select pricepaid / commission as q from sales', ['q numeric(17,9)'], ['6.666666666']),
    gives(
      'select pricepaid + commission as s, pricepaid - commission as d from sales',
      ['s numeric(9,2)', 'd numeric(9,2)'],
      ['837.20', '618.80'],
    ),
    gives('select pricepaid * commission as p from sales', ['p numeric(17,4)'], ['79497.6000']),
    gives('select commission * qtysold as p from sales', ['p numeric(14,2)'], ['436.80']),
    gives('select pricepaid / qtysold as p from sales', ['p numeric(14,8)'], ['182.00000000']),
    gives(
      'select qtysold * 2 as t, qtysold + qtysold as s, big / qtysold as b from sales',
      ['t int4', 's int2', 'b int8'],
      ['8', '8', '1250000000'],
    ),
    gives('select share * pricepaid as f, ratio / ratio as r from sales', ['f float8', 'r float4'], ['182', '1']),
    gives('select 1 / 3.0 as q', ['q numeric(15,4)'], ['0.3333']),
    gives('select 10.0 / 3 as q', ['q numeric(14,12)'], ['3.333333333333']),
    gives("select cast('1' as decimal) / 3 as q", ['q numeric(29,11)'], ['0.33333333333']),
    gives('select pricepaid / 0.5 * 2 as chained from sales', ['chained numeric(22,4)'], ['2912.0000']),
    gives(
      'select round(pricepaid / 3, 2) as r, trunc(-2.567, 1) as t, ceil(2.1) as c, floor(-2.1) as f from sales',
      ['r numeric(9,2)', 't numeric(3,1)', 'c numeric(2,0)', 'f numeric(2,0)'],
      ['242.67', '-2.5', '3', '-3'],
    ),
    // Beyond 64 bits: computed again in 128.
    gives(
      'select sum(p * p) as s from (select 1234567890123.12::decimal(18,2) as p)',
      ['s numeric(38,4)'],
      ['1524157875323052097248758.5344'],
    ),
    fails('select 1 / 0', '22012', 'division by zero'),
    fails('select 1.0 / (qtysold - 4) from sales', '22012', 'division by zero'),
    fails('select share / 0 from sales', '22012', 'division by zero'),
    fails('select 5 % 0', '22012', 'division by zero'),
    fails('select pricepaid::decimal(4,3) from sales', '22003', 'Numeric data overflow (result precision)'),
    fails('select 2147483647 + 1', '22003', 'Value out of range for 4 bytes.'),
    fails("select 'a' - 1", '22P02', 'invalid input syntax for integer: "a"'),
    gives(
      'select 1.50::decimal as d, 1.5::int as i, 99.994::decimal(4,2) as n',
      ['d numeric(18,0)', 'i int4', 'n numeric(4,2)'],
      ['2', '2', '99.99'],
    ),
    // A literal is read as what stands beside it
    gives(
      "select '5' + 3 as a, 2 * '3' as b, '2' * 1.5::float as c",
      ['a int4', 'b int4', 'c float8'],
      ['8', '6', '3'],
    ),
    fails("select '2.5' * 2", '22P02', 'invalid input syntax for integer: "2.5"'),
    gives(
      "select date '2024-01-05' - '2024-01-01' as a, '2024-01-09' - date '2024-01-05' as b",
      ['a int4', 'b int4'],
      ['4', '4'],
    ),
    // Bits that leave the type are dropped; `#` is the exclusive or.
    gives(
      'select 1 << 31 as a, -8 >> 1 as b, 5::smallint << 14 as c, -1::bigint << 63 as d, 1::bigint << 40 as e, 5#3 as f, 3 | 4 # 1 as g, null << 1 as h',
      ['a int4', 'b int4', 'c int2', 'd int8', 'e int8', 'f int4', 'g int4', 'h int4'],
      ['-2147483648', '-4', '16384', '-9223372036854775808', '1099511627776', '6', '6', null],
    ),
    fails('select 1 << 32', '22023', 'a shift by 32 bits of a value that has 32'),
    fails('select 1 << -1', '22023', 'a shift by -1 bits'),
    fails('select 1.5 << 1', '42883', 'operator does not exist: numeric << integer'),
    fails('select ln(0)', '2201E', 'cannot take logarithm of zero'),
    fails('select log(-1)', '2201E', 'cannot take logarithm of a negative number'),
    fails('select sqrt(-1)', '2201F', 'cannot take square root of a negative number'),
    fails('select exp(1000)', '22003', 'out of range: overflow'),
    fails('select power(10, 400)', '22003', 'out of range: overflow'),
    fails('select power(0, -1)', '2201F', 'invalid argument for power function'),
    fails('select power(-8, 0.5)', '2201F', 'invalid argument for power function'),
    fails('select asin(2)', '22003', 'input is out of range'),
    // A float is rounded, to the even one of two, and then has to fit.
    gives(
      'select 32766.5::float8::int2 as a, (-32768.5)::float8::int2 as b, try_cast(32767.6::float8 as int2) as c',
      ['a int2', 'b int2', 'c int2'],
      ['32766', '-32768', null],
    ),
    fails('select 32767.6::float8::int2', '22003', 'Value out of range for 2 bytes.'),
    fails('select 2147483647.5::decimal(20,2)::int', '22003', 'Value out of range for 4 bytes.'),
    fails("select dateadd(year, 300000, '2020-01-01'::date)", '22008', 'timestamp out of range'),
    // Of several decimals one is chosen with all of its digits.
    gives(
      'select coalesce(0.5, sum(n) over ()) as a, case when n > 1 then 0.25 else sum(n) over () end as b, decode(n, 2, 0.125, sum(n) over ()) as c, nvl2(n, 0.5, sum(n) over ()) as d, least(0.75, sum(n) over ()) as e from (select 2::bigint as n) q',
      ['a numeric(38,1)', 'b numeric(38,2)', 'c numeric(38,3)', 'd numeric(38,1)', 'e numeric(38,2)'],
      ['0.5', '0.25', '0.125', '0.5', '0.75'],
    ),
    gives(
      'select case when n > 1 then sum(p) else sum(p * p) end as a, sum(case when n > 5 then n::decimal(38,0) else nvl(n::decimal(38,0), p) end) + 1 as b from (select 2 as n, 1.25::decimal(12,2) as p union all select 1, 0.01) q group by n order by 1',
      ['a numeric(38,4)', 'b numeric(38,2)'],
      ['0.0001', '2.00'],
      ['1.2500', '3.00'],
    ),
    // So are those of a set operation, which has the largest scale of them.
    gives(
      'select 0.5 as a union all select sum(n) over () from (select 2::bigint as n) q order by 1',
      ['a numeric(38,1)'],
      ['0.5'],
      ['2.0'],
    ),
    gives(
      "with q as (select 1.25::decimal(10,2) as p, 0.125::decimal(8,4) as r), s as (select sum(p) as a, null as b, 'x' as c from q union all select sum(r), 1, 'y' from q union all select count(*), 2, 'z' from q) select * from s union select sum(r * r), 3, 'w' from q order by c",
      ['a numeric(38,8)', 'b int4', 'c varchar'],
      ['0.01562500', '3', 'w'],
      ['1.25000000', null, 'x'],
      ['0.12500000', '1', 'y'],
      ['1.00000000', '2', 'z'],
    ),
    gives(
      'select max(a) as a from (select * from (select sum(n) as a, 1 as b from (select 2.50::decimal(9,2) as n) p) union all select * from (select sum(m) as c, 2 as d from (select 0.125::decimal(9,3) as m) q)) r where a < 1',
      ['a numeric(38,3)'],
      ['0.125'],
    ),
    gives(
      'select sum(n) as a from (select 2.50::decimal(9,2) as n) p except select sum(m) from (select 2.500::decimal(9,3) as m) q',
      ['a numeric(38,3)'],
    ),
    fails(
      'select 0.5 as a union all select 99999999999999999999999999999999999999::decimal(38,0)',
      '22003',
      'Numeric data overflow',
    ),
    fails('select 1 where 0::decimal(38,0) in (select 0.25)', '0A000', 'a DECIMAL of 38 digits in one place with one'),
    gives(
      'select 1.00 as a union all select sum(n) over () from (select 2::bigint as n) q union all select 0.75::decimal(38,0) order by 1',
      ['a numeric(38,2)'],
      ['1.00'],
      ['1.00'],
      ['2.00'],
    ),
  ],
};

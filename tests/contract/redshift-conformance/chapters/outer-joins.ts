import { fails, gives, type Chapter } from '../chapter.ts';

const COLUMNS = ['x int4', 'z int4'];

export const OUTER_JOINS: Chapter = {
  title: 'Oracle-style outer joins in the WHERE clause',
  page: 'r_WHERE_oracle_outer.html',
  setup: [
    'create table a (x int, y int)',
    'create table b (x int, z int)',
    'create table c (z int, w varchar(5))',
    'insert into a values (1,1),(2,2),(3,3)',
    'insert into b values (1,10),(2,20)',
    "insert into c values (10,'ten')",
  ],
  cases: [
    gives('select a.x, b.z from a, b where a.x = b.x(+) order by 1', COLUMNS, ['1', '10'], ['2', '20'], ['3', null]),
    gives('select b.x, a.x as z from b, a where b.x(+) = a.x and a.y > 1 order by 2', COLUMNS, ['2', '2'], [null, '3']),
    gives(
      'select * from b, a where a.x = b.x(+) order by a.x -- all',
      ['x int4', 'z int4', 'x int4', 'y int4'],
      ['1', '10', '1', '1'],
      ['2', '20', '2', '2'],
      [null, null, '3', '3'],
    ),
    gives(
      'select a.x, c.w from a, b, c where a.x = b.x (+) -- first\n and b.z = c.z(+) and a.y < 3 order by 1',
      ['x int4', 'w varchar'],
      ['1', 'ten'],
      ['2', null],
    ),
    gives(
      'select a.x, b.z from a, b where a.x = b.x(+) and b.z(+) > 15 order by 1',
      COLUMNS,
      ['1', null],
      ['2', '20'],
      ['3', null],
    ),
    gives('select a.x, b.z from a, b where a.x = b.x(+) and b.z is null', COLUMNS, ['3', null]),
    gives('select a.x, b.z from a, b where a.x = b.x(+) and b.z > 15', COLUMNS, ['2', '20']),
    gives(
      'select a.x, z from a, b where a.x = z(+) / 10 and z(+) between 15 and 25 order by 1',
      COLUMNS,
      ['1', null],
      ['2', '20'],
      ['3', null],
    ),
    gives('select count(*) from a t1, a t2 where t1.x = t2.x(+) + 1', ['count int8'], ['3']),
    gives('with q as (select a.x, b.z from a, b where a.x = b.x(+)) select count(*) from q', ['count int8'], ['3']),
    gives(
      'select a.x, a.y as z from a, b where a.x = b.x(+) and a.x > 2 union all select x, z from b order by 1',
      COLUMNS,
      ['1', '10'],
      ['2', '20'],
      ['3', '3'],
    ),
    fails(
      'select 1 from a, b where a.x = b.x(+) or a.y = 1',
      '0A000',
      'Outer join operator (+) not allowed in operand of OR or IN.',
    ),
    fails('select 1 from a, b where a.x(+) = b.x and a.y = b.z(+)', '0A000', 'outer joined to each other'),
    fails('select 1 from a, b where a.x(+) = b.x(+)', '0A000', 'one table only'),
    fails('select 1 from a join c on a.x = c.z, b where a.x = b.x(+)', '0A000', 'JOIN'),
    fails(
      'select 1 from a, b, c where a.x = b.x(+) and c.z = b.z(+)',
      '0A000',
      'A table may be outer joined to at most one other table.',
    ),
    fails('select 1 from a, b where b.x(+) = (select max(x) from a)', '0A000', 'subquery'),
    fails('select 1 from a left join b on a.x > all (select z from c)', '0A000', 'a sub-query in ON of an outer join'),
    fails('select a.x(+) from a', '0A000', 'the outer join operator (+)'),
  ],
};

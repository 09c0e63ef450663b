import { fails, gives, runs, type Chapter } from '../chapter.ts';

const MOVED = 'SELECT * of a join that merges columns, in parentheses or a list of tables';
const BLANKS = 'USING and NATURAL JOIN of texts that end with blanks are not supported here: write JOIN … ON a.x = b.x';

/** What Redshift's PostgreSQL says of them: https://www.postgresql.org/docs/8.0/queries-table-expressions.html */
export const MERGING_JOINS: Chapter = {
  title: 'USING and NATURAL JOIN',
  page: 'r_FROM_clause30.html',
  setup: [
    'create schema far',
    'create table far.side (x int, k varchar(10))',
    'create table near (k varchar(10), y int)',
    'create table other (y int, x int, z varchar(3))',
    "insert into far.side values (1, 'a'), (2, 'b')",
    "insert into near values ('a', 10), ('b', 20)",
    "insert into other values (10, 1, 'p'), (20, 2, 'q')",
    'create view paired as select * from far.side natural join near',
  ],
  cases: [
    gives(
      'select * from far.side natural join near order by 1',
      ['k varchar', 'x int4', 'y int4'],
      ['a', '1', '10'],
      ['b', '2', '20'],
    ),
    gives('select * from paired where y = 10', ['k varchar', 'x int4', 'y int4'], ['a', '1', '10']),
    gives(
      'select * from far.side natural left join near natural join other where z = $$p$$',
      ['x int4', 'y int4', 'k varchar', 'z varchar'],
      ['1', '10', 'a', 'p'],
    ),
    gives(
      'with w as (select * from far.side natural join near) select * from w natural join other order by 1',
      ['x int4', 'y int4', 'k varchar', 'z varchar'],
      ['1', '10', 'a', 'p'],
      ['2', '20', 'b', 'q'],
    ),
    gives(
      'select * exclude (z) from far.side natural join other where x = 1',
      ['x int4', 'k varchar', 'y int4'],
      ['1', 'a', '10'],
    ),
    gives(
      'select distinct * exclude (x) from near natural join (select k, x from far.side) s, (select 1 as one) o where y = 20',
      ['k varchar', 'y int4', 'one int4'],
      ['b', '20', '1'],
    ),
    gives(
      'select distinct * exclude (y, z) from near natural join other order by 1',
      ['k varchar', 'x int4'],
      ['a', '1'],
      ['b', '2'],
    ),
    // Nothing in common: each with each
    gives(
      "select k, o from near natural join (select 'one' as o) q order by 1",
      ['k varchar', 'o varchar'],
      ['a', 'one'],
      ['b', 'one'],
    ),
    gives(
      'select near.k, far.side.x from far.side join near using (k) order by 1',
      ['k varchar', 'x int4'],
      ['a', '1'],
      ['b', '2'],
    ),
    gives(
      'select o.z, k, y1 from other o, (far.side join (select k, y as y1 from near) n using (k)) where o.x = side.x order by 1',
      ['z varchar', 'k varchar', 'y1 int4'],
      ['p', 'a', '10'],
      ['q', 'b', '20'],
    ),
    gives(
      'select count(*) from svv_tables natural join (select $$near$$::varchar as table_name) q',
      ['count int8'],
      ['1'],
    ),
    runs('update near set y = near.y + 1 from far.side s join other o using (x) where near.k = s.k and o.z = $$q$$'),
    gives('select y from near order by 1', ['y int4'], ['10'], ['21']),
    fails('select * from other, far.side natural join near', '0A000', MOVED),
    fails('select * from (far.side join near using (k)) join other using (x)', '0A000', MOVED),
    fails('select * from far.side natural join nowhere', '42P01', 'relation "nowhere" does not exist'),
    fails(
      'select * from far.side join near using (x)',
      '42703',
      'column "x" specified in USING clause does not exist in right table',
    ),
    runs("insert into near values ('c ', 30)"),
    fails('select x from far.side join near using (k)', '0A000', BLANKS),
    fails('select * from paired', '0A000', BLANKS),
    gives('select count(*) from far.side s join near n on s.k = n.k', ['count int8'], ['2']),
  ],
};

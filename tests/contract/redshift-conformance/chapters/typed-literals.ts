import { fails, gives, type Chapter } from '../chapter.ts';

export const TYPED_LITERALS: Chapter = {
  title: 'Literals of text take a type from what they stand beside, or are given one',
  page: 'r_UNION.html',
  setup: [
    'create table sale (id int, price decimal(8,2), day date, at timestamp, done boolean, note varchar(10))',
    "insert into sale values (1, 1.5, '2020-01-01', '2020-01-01 10:00:00', true, 'a')",
  ],
  cases: [
    // https://www.postgresql.org/docs/8.0/typeconv-union-case.html
    gives("select id from sale union all select '9' order by 1", ['id int4'], ['1'], ['9']),
    gives("select '9' union all select id from sale order by 1", ['?column? int4'], ['1'], ['9']),
    gives("select id from sale union select '1'", ['id int4'], ['1']),
    gives(
      "select day from sale union all select 'Jan 5, 2020' order by 1",
      ['day date'],
      ['2020-01-01'],
      ['2020-01-05'],
    ),
    gives(
      "select at, done, price from sale union all select '2021-01-31', 'no', '2.50' order by 1",
      ['at timestamp', 'done bool', 'price numeric(8,2)'],
      ['2020-01-01 10:00:00', 'true', '1.50'],
      ['2021-01-31 00:00:00', 'false', '2.50'],
    ),
    gives(
      "select sum(id) from (select id from sale union all (select '7') union all select '2')",
      ['sum int8'],
      ['10'],
    ),
    gives(
      "select note, 'x' as k from sale union all select 'b', 'y' order by 1",
      ['note varchar', 'k varchar'],
      ['a', 'x'],
      ['b', 'y'],
    ),
    gives("select null as n union all select 'b' order by 1", ['n varchar'], ['b'], [null]),
    fails("select id from sale union all select 'x'", '22P02', 'invalid input syntax for integer: "x"'),
    // Of two literals text is made before the number is looked at.
    fails("select 'a' union all select 'b' union all select id from sale", '0A000', 'a text literal beside'),
    fails("select price from sale union all select '2.555'", '0A000', 'a literal of more digits'),
    // Types with a length: https://www.postgresql.org/docs/8.0/sql-syntax.html#SQL-SYNTAX-CONSTANTS-GENERIC
    gives(
      "select decimal(5,2) '1.25', varchar(3) 'abcd', char(2) 'xyz' as c",
      ['numeric numeric(5,2)', 'varchar varchar', 'c varchar'],
      ['1.25', 'abc', 'xy'],
    ),
    gives(
      "select date(at), text(id) from sale where note = varchar(20) 'a'",
      ['date date', 'text varchar'],
      ['2020-01-01', '1'],
    ),
  ],
};

import { fails, gives, runs, type Chapter } from '../chapter.ts';

export const DATA_CHANGES: Chapter = {
  title: 'INSERT, UPDATE, DELETE, MERGE, TRUNCATE',
  page: 'c_SQL_commands.html',
  setup: [
    'create table target (id int, name varchar(10))',
    'create table source (id int, name varchar(10))',
    "insert into target values (101, 'Bob'), (102, 'John'), (103, 'Susan')",
    "insert into source values (102, 'Tony'), (103, 'Alice'), (104, 'Bill')",
  ],
  cases: [
    runs(
      'merge into target using source on target.id = source.id when matched then update set id = source.id, name = source.name when not matched then insert values (source.id, source.name)',
    ),
    gives(
      'select * from target order by 1',
      ['id int4', 'name varchar'],
      ['101', 'Bob'],
      ['102', 'Tony'],
      ['103', 'Alice'],
      ['104', 'Bill'],
    ),
    runs("insert into source values (102, 'Tom')"),
    fails(
      'merge into target using source on target.id = source.id when matched then delete when not matched then insert values (source.id, source.name)',
      '21000',
      'Found multiple matches to update the same tuple.',
    ),
    runs("delete source where name = 'Tony'"),
    runs('merge into target using source s on target.id = s.id remove duplicates'),
    gives(
      'select * from target order by 1',
      ['id int4', 'name varchar'],
      ['101', 'Bob'],
      ['102', 'Tom'],
      ['103', 'Alice'],
      ['104', 'Bill'],
    ),
    runs("update target set name = s.name || '!' from source s where s.id = target.id and s.id > 102"),
    runs('delete from target using source where target.id = source.id and source.id = 102'),
    gives(
      'select * from target order by 1',
      ['id int4', 'name varchar'],
      ['101', 'Bob'],
      ['103', 'Alice!'],
      ['104', 'Bill!'],
    ),
    runs('alter table target append from source'),
    gives(
      'select (select count(*) from source) as left_over, (select count(*) from target) as moved',
      ['left_over int8', 'moved int8'],
      ['0', '6'],
    ),
    runs('truncate target'),
    gives('select count(*) from target', ['count int8'], ['0']),
    runs('create table mixed (id int, day date, at timestamp, ok boolean, note varchar(10), data super)'),
    runs("insert into mixed values (1, '01/31/2024', 'Jun 1,2008 09:59:59', 'yes', '01/31/2024', 'AWS')"),
    runs("insert into mixed values (2, '20240201')"),
    gives(
      'select * from mixed order by 1',
      ['id int4', 'day date', 'at timestamp', 'ok bool', 'note varchar', 'data super'],
      ['1', '2024-01-31', '2008-06-01 09:59:59', 'true', '01/31/2024', '"AWS"'],
      ['2', '2024-02-01', null, null, null, null],
    ),
    fails("insert into mixed (id) values ('1.5')", '22P02', 'invalid input syntax for integer: "1.5"'),
    fails("insert into target values (1, 'a', 2)", '42601', 'INSERT has more expressions than target columns'),
    fails("insert into target (id) values ('abc')", '22P02', 'invalid input syntax for integer: "abc"'),
    // Without a cast only what Redshift converts by itself: a text becomes no date and no number, a boolean no text.
    runs(
      'create table kept (day date, at timestamp, n int, amount decimal(8,2), ok boolean, note varchar(10), mark char(4), data super)',
    ),
    runs('create table read (x varchar(20), flag boolean, ratio float8)'),
    runs("insert into read values ('12/31/2020', true, 2.0), ('7', false, 2.5)"),
    fails(
      'insert into kept (day) select x from read',
      '42804',
      'column "day" is of type date but expression is of type character varying',
    ),
    fails(
      'insert into kept (at) select x from read',
      '42804',
      'column "at" is of type timestamp without time zone but expression is of type character varying',
    ),
    fails(
      'insert into kept (n) select x from read',
      '42804',
      'column "n" is of type integer but expression is of type character varying',
    ),
    fails("insert into kept (n) values ('1.5'::varchar)", '42804', 'column "n" is of type integer but expression'),
    fails(
      'insert into kept (note) select flag from read',
      '42804',
      'column "note" is of type character varying but expression is of type boolean',
    ),
    fails(
      'insert into kept (data) select x from read',
      '42804',
      'column "data" is of type super but expression is of type character varying',
    ),
    fails(
      'insert into kept (n) values (current_date)',
      '42804',
      'column "n" is of type integer but expression is of type date',
    ),
    fails(
      'insert into kept (day) select 20200101',
      '42804',
      'column "day" is of type date but expression is of type integer',
    ),
    fails(
      "insert into kept (day) select '2020-01-01' union all select '2020-01-02'",
      '42804',
      'column "day" is of type date',
    ),
    fails(
      'update kept set day = x from read',
      '42804',
      'column "day" is of type date but expression is of type character varying',
    ),
    fails(
      'merge into kept using read on kept.note = read.x when matched then update set n = read.x when not matched then insert (n) values (1)',
      '42804',
      'column "n" is of type integer but expression is of type character varying',
    ),
    fails(
      'merge into kept using read on kept.note = read.x when matched then update set n = 1 when not matched then insert (n) values (read.x)',
      '42804',
      'column "n" is of type integer but expression is of type character varying',
    ),
    // Literals have no type yet; a float is text without .0; a CHAR keeps no blanks at its end.
    runs(
      "insert into kept (day, at, n, ok, note, mark) select '1/2/2021', 'Jun 1,2008 09:59:59' as at, ' 12 ', 'y', ratio, 'ab  ' from read where ratio = 2",
    ),
    runs("insert into kept (n, amount, ok, note, mark) values (1.5, 10.005, 1, 3.0::float8, 'x  '::varchar)"),
    runs("update kept set note = 7.0::float8, day = '3/4/2021' where n = 2"),
    gives(
      "select day, at, n, amount, ok, note, mark || '|' as mark from kept order by n desc",
      ['day date', 'at timestamp', 'n int4', 'amount numeric(8,2)', 'ok bool', 'note varchar', 'mark varchar'],
      ['2021-01-02', '2008-06-01 09:59:59', '12', null, 'true', '2', 'ab|'],
      ['2021-03-04', null, '2', '10.01', 'true', '7', 'x|'],
    ),
  ],
};

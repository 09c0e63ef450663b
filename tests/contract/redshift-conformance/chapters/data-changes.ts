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
    fails("insert into target values (1, 'a', 2)", '42601', 'INSERT has more expressions than target columns'),
    fails("insert into target (id) values ('abc')", '22P02', 'invalid input syntax for integer: "abc"'),
  ],
};

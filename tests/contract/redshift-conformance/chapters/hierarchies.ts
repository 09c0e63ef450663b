import { fails, gives, type Chapter } from '../chapter.ts';

export const HIERARCHIES: Chapter = {
  title: 'CONNECT BY',
  page: 'r_CONNECT_BY_clause.html',
  setup: [
    'create table employee (id int, name varchar(20), manager_id int)',
    `insert into employee values (100, 'Carlos', null), (101, 'John', 100), (102, 'Jorge', 101), (103, 'Kwaku', 101), (110, 'Liu', 101),
      (106, 'Mateo', 102), (110, 'Nikki', 103), (104, 'Paulo', 103), (105, 'Richard', 103), (120, 'Saanvi', 104), (200, 'Shirley', 104),
      (201, 'Sofia', 102), (205, 'Zhang', 104)`,
    'create table circle as select 1 as id, 2 as parent union all select 2, 1',
    'create table levelled (id int, level int, parent int)',
  ],
  cases: [
    // START is an alias only where it is quoted or stands after AS.
    gives(
      `select count(*) from Employee "start" connect by prior id = manager_id start with name = 'John'`,
      ['count int8'],
      ['12'],
    ),
    gives(
      `select count(*) from Employee as start connect by prior id = manager_id start with name = 'John'`,
      ['count int8'],
      ['12'],
    ),
    gives(
      `select id, name, manager_id from employee where level < 3 start with name = 'John ' connect by prior id = manager_id order by id`,
      ['id int4', 'name varchar', 'manager_id int4'],
      ['101', 'John', '100'],
      ['102', 'Jorge', '101'],
      ['103', 'Kwaku', '101'],
      ['110', 'Liu', '101'],
    ),
    gives(
      `with e as (select * from employee) select e.*, level, name || '!' as n from e where level = 2
       connect by prior e.id = e.manager_id and level <= 3 start with e.name = 'John' order by e.id desc limit 1`,
      ['id int4', 'name varchar', 'manager_id int4', 'level int4', 'n varchar'],
      ['110', 'Liu', '101', '2', 'Liu!'],
    ),
    gives(
      `select level, count(*) from (select id, manager_id from employee) x start with manager_id is null
       connect by manager_id = prior id group by level order by level`,
      ['level int4', 'count int8'],
      ['1', '1'],
      ['2', '1'],
      ['3', '3'],
      ['4', '5'],
      ['5', '3'],
    ),
    gives(
      `select * from employee start with name = 'Jorge' connect by id = prior manager_id union all select 1, 'x', null order by id`,
      ['id int4', 'name varchar', 'manager_id int4'],
      ['1', 'x', null],
      ['100', 'Carlos', null],
      ['101', 'John', '100'],
      ['102', 'Jorge', '101'],
    ),
    gives('select start, connect from (select 1 as start, 2 as connect)', ['start int4', 'connect int4'], ['1', '2']),
    fails(
      'select * from circle start with id = 1 connect by prior id = parent',
      '54001',
      'CONNECT BY runs in a circle',
    ),
    fails('select * from levelled connect by prior id = parent', '42702', 'column reference "level" is ambiguous'),
  ],
};

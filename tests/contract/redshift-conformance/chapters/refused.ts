import { fails, gives, runs, type Chapter } from '../chapter.ts';

const REFUSED_SQL: readonly (readonly [sql: string, construct: string])[] = [
  ["create library l language plpythonu from 's3://b/k'", 'CREATE LIBRARY'],
  ["create external schema s from data catalog database 'd'", 'CREATE EXTERNAL SCHEMA'],
  ['create model m from t target c function f', 'CREATE MODEL'],
  ['select 1 from t connect by level < 3', 'CONNECT BY without PRIOR'],
  ['select 1 from t connect by nocycle prior a = b', 'CONNECT BY NOCYCLE'],
  ['select 1 from t x join t y on x.a = y.b start with x.a = 1 connect by prior x.a = y.b', 'CONNECT BY of a join'],
  ['select hll_create_sketch(1)', 'function hll_create_sketch'],
  ['select pg_get_session_roles()', 'pg_get_session_roles outside FROM'],
  ["create table ice (a int) using iceberg location 's3://b/k'", 'CREATE TABLE … USING ICEBERG'],
  ['show policies', 'SHOW POLICIES'],
  // r_UNION: ALL is for UNION only.
  ['select 1 except all select 1', 'EXCEPT ALL is not supported'],
  ['select 1 intersect all select 1', 'INTERSECT ALL is not supported'],
  ['analyze compression t', 'ANALYZE COMPRESSION'],
  ['create table g (a geometry)', 'type "geometry"'],
];

/** What DuckDB's grammar takes and Redshift's does not, with what the error is near. */
const FOREIGN_SQL: readonly (readonly [sql: string, near: string])[] = [
  ['from r', 'from'],
  ['select exists (from r)', 'from'],
  ['select * from (table r)', 'table'],
  ['create table q as from r', 'from'],
  // c_unsupported-postgresql-features: VALUES list used as constant tables
  ['select * from (values (1, 2), (3, 4)) v', 'values'],
  ['select 2 in (values (1), (2))', 'values'],
  ['values (1, 2)', 'values'],
  ['create table q as values (1)', 'values'],
  ['select 1 as a union by name select 2 as a', 'by'],
  ['select 1 as a union all by name select 2 as a', 'by'],
  ['select 1 limit 10 percent', 'percent'],
  ['select 1 from r using sample 1', '1'],
  ['select 1 from r using sample reservoir(1)', 'reservoir'],
  ['select 1 from r tablesample system(10)', 'system'],
  ['select #1 from r', '#'],
  ["select * like 'a%' from r", 'like'],
  ['select 1, from r', 'from'],
  ['select abs(1,)', ')'],
  ['select 1 from r group by a, having true', 'having'],
  ['select 1 from r window w as (order by a)', 'w'],
  ['select 1 from r join lateral (select 1) l on true', 'select'],
  ['with a as materialized (select 1) select * from a', 'materialized'],
  ["select listagg(a, ',' order by a) from r", 'order'],
  ['select a in a from r', 'a'],
  ['select 1 in array(1, 2)', 'array'],
  ['select a not null from r', 'null'],
  ['select a from r order by a collate nocase', 'collate'],
  ['select [1, 2]', '['],
  ["select {'a': 1}", '{'],
  ['select [x for x in a] from r', '['],
  ['set variable x = 1', 'x'],
  ['pivot r on a using sum(a)', 'pivot'],
  ['unpivot r on a into name n value v', 'unpivot'],
  ['summarize r', 'summarize'],
  ["pragma table_info('r')", 'pragma'],
  ['insert or replace into r values (1)', 'or'],
  ['insert into r by name select 1 as a', 'by'],
  ['insert into r values (1) on conflict do nothing', 'on'],
  ['select count(*) filter (where true)', '('],
  ["select * from 'file.csv'", "'file.csv'"],
];

/** Functions of DuckDB that Redshift does not have. */
const FOREIGN_FUNCTIONS = [
  "read_csv('/etc/passwd')",
  "read_text('/etc/passwd')",
  "glob('*')",
  "getenv('HOME')",
  "getvariable('rs_user')",
  "strftime(sysdate, '%Y')",
  'list_value(1)',
  'struct_pack(1)',
  'unnest(array(1))',
  'today()',
  'try(1)',
];

const DATASHARES = [
  'share_name varchar',
  'share_owner int4',
  'source_database varchar',
  'consumer_database varchar',
  'share_type varchar',
  'createdate timestamp',
  'is_publicaccessible bool',
  'share_acl varchar',
  'producer_account varchar',
  'producer_namespace varchar',
];

export const REFUSED: Chapter = {
  title: 'What cannot be faithful is refused by name',
  page: 'c_unsupported-postgresql-features.html',
  setup: ['create table r (a int)'],
  cases: [
    fails('select count(t.*) from (select 1) t', '0A000', 'COUNT of the rows of a table'),
    // OR REPLACE is for views, functions and procedures
    fails('create or replace table r (a int)', '42601', 'syntax error at or near "table"'),
    fails('create or replace temp table r as select 1 as a', '42601', 'syntax error at or near "temp"'),
    ...FOREIGN_SQL.map(([sql, near]) => fails(sql, '42601', `syntax error at or near "${near}"`)),
    ...FOREIGN_FUNCTIONS.map((call) =>
      fails(`select ${call}`, '42883', `function ${call.slice(0, call.indexOf('('))}(`),
    ),
    // c_unsupported-postgresql-features: Row constructors
    ...[
      '(a, 1)',
      'coalesce((a, 1), null)',
      'count(distinct (a, 1))',
      '(a, 1)::varchar',
      'upper(r)',
      "(a, 1) || 'x'",
    ].map((row) => fails(`select ${row} from r`, '0A000', 'a row as a value')),
    gives(
      'select (1, 2) = (1, 2) as e, (1, 2) in ((1, 2)) as i, ((select 1)) as s',
      ['e bool', 'i bool', 's int4'],
      ['true', 'true', '1'],
    ),
    fails('select 1 from r,', '42601', 'syntax error at end of input'),
    fails("select json_parse('{}')->'a'", '42883', 'operator does not exist: ->'),
    fails('select current_role', '42703', 'column "current_role" does not exist'),
    fails('select count() from r', '42883', 'function count() does not exist'),
    // r_WITH_clause: a common table expression sees those before it
    fails('with x as (select * from y), y as (select 1 as q) select 1', '42P01', 'relation "y" does not exist'),
    gives('with x as (select a as q from r), r as (select 1 as q) select * from x', ['q int4']),
    gives(
      'with y as (select 1 as q) select * from (with x as (select * from y), y as (select 2 as q) select * from x) z',
      ['q int4'],
      ['1'],
    ),
    gives('select a as from, a as limit from r', ['from int4', 'limit int4']),
    ...REFUSED_SQL.map(([sql, construct]) => fails(sql, '0A000', construct)),
    // What is never there can be dropped IF EXISTS.
    runs('drop masking policy if exists p cascade'),
    runs('drop rls policy if exists p'),
    runs('drop model if exists s.m'),
    runs('drop external view if exists s.v'),
    fails('drop datashare sales', '42704', 'datashare "sales" does not exist'),
    fails('drop library lib', '42704', 'library "lib" does not exist'),
    fails('drop schema s drop external database cascade', '0A000', 'DROP EXTERNAL DATABASE'),
    gives("show datashares like 's%'", DATASHARES),
    fails('select * from "package.json"', '42P01', 'relation "package.json" does not exist'),
    fails('select * from "/etc/hostname"', '42P01', 'relation "/etc/hostname" does not exist'),
    fails("select 'never closed", '42601', 'unterminated quoted string'),
  ],
};

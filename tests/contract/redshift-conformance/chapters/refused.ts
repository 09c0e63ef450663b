import { fails, gives, runs, type Chapter } from '../chapter.ts';

const REFUSED_SQL: readonly (readonly [sql: string, construct: string])[] = [
  ["create library l language plpythonu from 's3://b/k'", 'CREATE LIBRARY'],
  ["create external schema s from data catalog database 'd'", 'CREATE EXTERNAL SCHEMA'],
  ['create model m from t target c function f', 'CREATE MODEL'],
  ['select 1 from t connect by level < 3', 'CONNECT BY without PRIOR'],
  ['select 1 from t connect by nocycle prior a = b', 'CONNECT BY NOCYCLE'],
  ['select 1 from t x join t y on x.a = y.b start with x.a = 1 connect by prior x.a = y.b', 'CONNECT BY of a join'],
  ['select hll_create_sketch(1)', 'function hll_create_sketch'],
  ['select pg_get_session_roles()', 'function pg_get_session_roles'],
  ["create table ice (a int) using iceberg location 's3://b/k'", 'CREATE TABLE … USING ICEBERG'],
  ['show policies', 'SHOW POLICIES'],
  // r_UNION: ALL is for UNION only.
  ['select 1 except all select 1', 'EXCEPT ALL is not supported'],
  ['select 1 intersect all select 1', 'INTERSECT ALL is not supported'],
  ['analyze compression t', 'ANALYZE COMPRESSION'],
  ['create table g (a geometry)', 'type "geometry"'],
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
  setup: [],
  cases: [
    fails('select count(t.*) from (select 1) t', '0A000', 'COUNT of the rows of a table'),
    // OR REPLACE is for views, functions and procedures
    fails('create or replace table r (a int)', '42601', 'syntax error at or near "table"'),
    fails('create or replace temp table r as select 1 as a', '42601', 'syntax error at or near "temp"'),
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

import { fails, type Chapter } from '../chapter.ts';

const WRONG: readonly (readonly [sql: string, code: string, message: string])[] = [
  ['select 180.0 * $1', '42P02', 'there is no parameter $1'],
  ['select * from (values (1, 2), (3)) v', '42601', 'VALUES lists must all be the same length'],
  [
    'select a from u qualify row_number() over (partition by nope order by a) = 1',
    '42703',
    'column "nope" does not exist',
  ],
  ['select * from (select 1 as red) t unpivot (c for k in (red, green))', '42703', 'column "green" does not exist'],
  ['select a from u union select 1 order by zz', '42703', 'column "zz" does not exist'],
  ['select * from nowhere.t', '3F000', 'schema "nowhere" does not exist'],
  ['select * from s.nothing n', '42P01', 'relation "s.nothing" does not exist'],
  ['delete from "s" . nothing', '42P01', 'relation "s.nothing" does not exist'],
  ['select a from u where row_number() over (order by a) = 1', '42P20', 'window functions not allowed in WHERE clause'],
  ['select grouping(a) from u', '42803', 'arguments to GROUPING'],
  ['select listagg(a, a) from u', '22023', 'the delimiter of LISTAGG must be a constant'],
  ['insert into v values (1)', '42809', 'cannot insert into a view'],
  ['delete from v', '42809', 'cannot delete from a view'],
  ['update v set a = 1', '42809', 'cannot update a view'],
  ['insert into nowhere.t values (1)', '3F000', 'schema "nowhere" does not exist'],
  ['select 70000::varbyte::smallint', '22003', 'Value out of range for 2 bytes'],
  ['select *', '42601', 'SELECT * with no tables specified is not valid'],
  ['select 1 union select 1, 2', '42601', 'each UNION query must have the same number of columns'],
  ['select a from u order by 4', '42P10', 'ORDER BY position is not in select list'],
  ['select a from u order by 1.5', '42601', 'non-integer constant in ORDER BY'],
  ['create table x ()', '42P16', 'tables must have at least one column'],
  ['update u set b = 1', '42703', 'column "b" does not exist'],
  ['select round(b, 1) as b, b as c from u', '42703', 'column "b" does not exist'],
  [
    'select * from u join u as w using (q)',
    '42703',
    'column "q" specified in USING clause does not exist in left table',
  ],
  ['select a.b.c from u', '42809', 'column notation .b applied to "a", which is not a composite type'],
  ["select nothing '1'", '42704', 'type "nothing" does not exist'],
  ['select * from (select 1 as a) s natural join', '42601', 'syntax error at end of input'],
  ['select st_astext(1)', '0A000', 'function st_astext'],
  ['select h3_fromlonglat(0, 0, 10)', '0A000', 'function h3_fromlonglat'],
  ["select current_setting('nothing')", '42704', 'unrecognized configuration parameter "nothing"'],
  [
    "alter table s.t add if not exists partition (d = '2008-01-01') location 's3://bucket/key'",
    '0A000',
    'ALTER TABLE … ADD PARTITION',
  ],
];

export const ERROR_MESSAGES: Chapter = {
  title: 'What is not valid is told in Redshift’s words',
  page: 'c_unsupported-postgresql-features.html',
  setup: ['create table u (a int)', 'create schema s', 'create table s.t (a int)', 'create view v as select a from u'],
  cases: WRONG.map(([sql, code, message]) => fails(sql, code, message)),
};

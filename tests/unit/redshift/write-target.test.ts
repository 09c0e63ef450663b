import * as fc from 'fast-check';
import { writeTargets } from '../../../local/redshift/engine/write-target.ts';

test.each([
  ['insert into t values (1)', ['public.t']],
  ['INSERT INTO Staging."T 1" select * from other', ['staging.t 1']],
  ['update a.b set x = 1', ['a.b']],
  ['delete from a.b where x in (select y from c)', ['a.b']],
  ['delete a.b', ['a.b']],
  ['truncate table t', ['public.t']],
  ['truncate t', ['public.t']],
  ['merge into t using s on t.a = s.a when matched then delete', ['public.t']],
  ["copy db.s.t from 's3://b/k' iam_role default", ['s.t']],
  ['alter table t add column a int', ['public.t']],
  ['drop table if exists s.t', ['s.t']],
  ['create table if not exists s.t (a int)', ['s.t']],
  ['create or replace view v as select 1', ['public.v']],
  ['create temp table t (a int)', []],
  ['create table #t (a int)', []],
  ['insert into #t values (1)', []],
  ['grant select on t to u', ['public.rs_access']],
  ['drop user u', ['public.rs_access']],
  ['create group g', ['public.rs_access']],
  ['lock a, s.b', ['public.a', 's.b']],
  ['lock table a', ['public.a']],
  ['with x as (select 1) delete from t using x', ['public.t']],
  ['with x as (delete_me as select 1) select * from t', []],
  ['/* insert into u */ insert into t values (1) -- into v', ['public.t']],
  ["select 'insert into t'", []],
  ['', []],
  ['insert into', []],
  ['lock', []],
])('%s locks %j', (sql, tables) => {
  expect(writeTargets(sql)).toEqual(tables);
});

test('any text at all has an answer', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(Array.isArray(writeTargets(`insert into ${text}`))).toBe(true);
      expect(Array.isArray(writeTargets(`with ${text}`))).toBe(true);
    }),
  );
});

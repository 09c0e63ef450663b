import { fails, gives, runs, type Chapter } from '../chapter.ts';

export const QUERIES: Chapter = {
  title: 'SELECT',
  page: 'r_SELECT_synopsis.html',
  setup: ['create table t (id int, v varchar(5))', "insert into t values (1, 'b'), (2, null), (3, 'a')"],
  cases: [
    gives('select v from t order by v', ['v varchar'], ['a'], ['b'], [null]),
    gives('select v from t order by v desc', ['v varchar'], [null], ['b'], ['a']),
    fails('select id from t union all select top 1 id from t', '0A000', 'TOP in a branch of UNION'),
    gives(
      'select id from t where id = 1 union all (select top 1 id from t order by id desc)',
      ['id int4'],
      ['1'],
      ['3'],
    ),
    gives('select top 2 id from t order by id desc', ['id int4'], ['3'], ['2']),
    gives('(select id from t minus select 2) order by 1', ['id int4'], ['1'], ['3']),
    gives(
      "select decode(v, null, 'none', 'a', 'A', 'other') as d, nvl2(v, 1, 0) as n from t order by id",
      ['d varchar', 'n int4'],
      ['other', '1'],
      ['none', '0'],
      ['A', '1'],
    ),
    gives(
      'with recursive r(n) as (select 1 union all select n + 1 from r where n < 4) select sum(n) as s from r',
      ['s int8'],
      ['10'],
    ),
    gives('select id from t qualify row_number() over (order by id desc) = 1', ['id int4'], ['3']),
    gives("select * from (select id, v from t) pivot (max(id) for v in ('a', 'b'))", ['a int4', 'b int4'], ['3', '1']),
    runs('select id, v into #copy from t'),
    gives('select count(*) from #copy', ['count int8'], ['3']),
    fails('select nope from t', '42703', 'column "nope" does not exist'),
    fails('select t.nope from t', '42703', 'column t.nope does not exist'),
    fails('select * from missing', '42P01', 'relation "missing" does not exist'),
    fails('select id,, v from t', '42601', 'syntax error at or near ","'),
    fails('select nofn(1)', '42883', 'function nofn(integer) does not exist'),
    fails('select (select id from t)', '21000', 'single-row subquery returns more than one row'),
  ],
};

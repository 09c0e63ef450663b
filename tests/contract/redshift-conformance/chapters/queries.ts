import { fails, gives, runs, type Chapter } from '../chapter.ts';

export const QUERIES: Chapter = {
  title: 'SELECT',
  page: 'r_SELECT_synopsis.html',
  setup: ['create table t (id int, v varchar(5))', "insert into t values (1, 'b'), (2, null), (3, 'a')"],
  cases: [
    gives(
      "select id, v is distinct from 'a  ' as d, case when v is not distinct from null then 1 end as n from t where v is distinct from 'b' order by id",
      ['id int4', 'd bool', 'n int4'],
      ['2', 'true', '1'],
      ['3', 'false', null],
    ),
    gives('select count(*) as n from t x join t y on x.v is not distinct from y.v', ['n int8'], ['3']),
    fails('select 1 is distinct from', '42601', 'syntax error'),
    gives('select 1 as one limit 7*24*3600/5', ['one int4'], ['1']),
    // On no page of the guide, and in the monitoring queries of many.
    gives(
      'select sum(isnull(a, 0)) as s, isnull(max(b), 5) as m from (select 1 as a, null::int as b union all select null, null) where b isnull',
      ['s int8', 'm int4'],
      ['1', '5'],
    ),
    // No space is needed between a word and a parenthesis.
    gives(
      "select case when(n) = 'x' then(a / b) else(0) end as c from (select 4 as a, 2 as b, 'x '::varchar(5) as n) where(a / b) = 2 and(n) = 'x' and b between(1)and(a / b) group by a, b, n having(min(b) / 2) > 0",
      ['c int4'],
      ['2'],
    ),
    // GROUP BY ALL is what stands in the list without an aggregate: https://docs.aws.amazon.com/redshift/latest/dg/r_GROUP_BY_clause.html
    gives(
      "select case when id > 1 then 'a' else 'b' end as k, 5 as five, count(*), 'x' as x from t group by all order by k",
      ['k varchar', 'five int4', 'count int8', 'x varchar'],
      ['a', '5', '2', 'x'],
      ['b', '5', '1', 'x'],
    ),
    gives(
      "select v || case when id > 1 then '+' else '' end as k, max(id) as m from (select id, 'x' as v from t) q group by all having count(*) > 1",
      ['k varchar', 'm int4'],
      ['x+', '3'],
    ),
    gives(
      'select * exclude id from (select 1 as id, v from t) q group by all order by 1',
      ['v varchar'],
      ['a'],
      ['b'],
      [null],
    ),
    gives('select v from t order by v', ['v varchar'], ['a'], ['b'], [null]),
    gives('select v from t order by v desc', ['v varchar'], [null], ['b'], ['a']),
    gives('select id from t where id = 2 union all select top 1 id from t where id = 3', ['id int4'], ['2'], ['3']),
    gives(
      'select id from t where id = 1 union all (select top 1 id from t order by id desc)',
      ['id int4'],
      ['1'],
      ['3'],
    ),
    gives('select top 2 id from t order by id desc', ['id int4'], ['3'], ['2']),
    gives('(select id from t minus select 2) order by 1', ['id int4'], ['1'], ['3']),
    gives(
      `with q as (select id, v from t where id < 3), r as (select 9 as id)
        select id from q union select id from r union all select 9 except select 1 order by 1`,
      ['id int4'],
      ['2'],
      ['9'],
    ),
    gives(
      "(with q as (select 'x' as a union select 'x') (select a from q) union (select 'y') order by 1)",
      ['a varchar'],
      ['x'],
      ['y'],
    ),
    gives(
      'with q (x) as ((select 1 as a) union (select 2)) select x from q intersect select x + 1 from q',
      ['x int4'],
      ['2'],
    ),
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
    // What r_FROM_clause30 says PIVOT and UNPIVOT have
    gives(
      'select * from (select id from t) pivot (count(*) for id in (1 + 1, 3))',
      ['?column? int8', '3 int8'],
      ['1', '1'],
    ),
    fails(
      'select * from (select id, v from t) pivot (stddev(id) for v in (1))',
      '0A000',
      'PIVOT has one of COUNT, SUM',
    ),
    fails(
      'select * from (select id, v from t) pivot (sum(id) + 1 for v in (1))',
      '0A000',
      'PIVOT has one of COUNT, SUM',
    ),
    fails(
      'select * from (select id, v from t) pivot (sum(id) for id in (v))',
      '0A000',
      'values of PIVOT cannot be columns',
    ),
    fails('select * from (select id from t) unpivot (c for k in (id + 1))', '42601', 'syntax error at or near "+"'),
    // Types and names of r_FROM_clause-pivot-unpivot-examples
    gives(
      `select * from (select id, v from t) pivot (sum(id) for v in ('a' as "first", 'b'))`,
      ['first int8', 'b int8'],
      ['3', '1'],
    ),
    gives(
      "select * from (select 1 as g, v, cast(id as decimal(8,2)) as d from t) as s pivot (avg(d) as m, count(*) as n for v in ('a', null as na)) as p",
      ['g int4', 'a_m numeric(38,2)', 'a_n int8', 'na_m numeric(38,2)', 'na_n int8'],
      ['1', '3.00', '1', '2.00', '1'],
    ),
    fails(
      "select * from (select id, v from t) pivot (sum(id), max(id) for v in ('a', 'b'))",
      '0A000',
      'PIVOT of several aggregates without aliases',
    ),
    gives(
      "select * from (select id, v from t) pivot (sum(id) as s, max(id) for v in ('a', 'b'))",
      ['a_s int8', 'a int4', 'b_s int8', 'b int4'],
      ['3', '3', '1', '1'],
    ),
    gives(
      'select id as order, 2 as from, 3 as select from t order by 1 limit 1',
      ['order int4', 'from int4', 'select int4'],
      ['1', '2', '3'],
    ),
    // What USING merges comes first, the last join's before the others'
    gives(
      "select * from (select 1 as x, 2 as k) a join (select 2 as k, 'q'::varchar(1) as y) b using (k)",
      ['k int4', 'x int4', 'y varchar'],
      ['2', '1', 'q'],
    ),
    gives(
      'select *, a.x as again from (select 1 as x, 2 as k, 3 as j) a full join (select 9 as k) b using (k) left join (select 3 as j, 7 as "z z") c using (j) order by k',
      ['j int4', 'k int4', 'x int4', 'z z int4', 'again int4'],
      ['3', '2', '1', '7', '1'],
      [null, '9', null, null, null],
    ),
    gives(
      'select b.*, count(*) over () as n from (select 1 as x, 2 as k) a join (select 5 as y, 2 as k) b using (k)',
      ['y int4', 'k int4', 'n int8'],
      ['5', '2', '1'],
    ),
    // As psql and drivers write types
    gives(
      "select 'x'::pg_catalog.text as t, cast('a' as information_schema.sql_identifier) as i, 1::pg_catalog.int8 as n",
      ['t varchar', 'i varchar', 'n int8'],
      ['x', 'a', '1'],
    ),
    gives("select interval '3 hours' / 2 > interval '1 hour' as i", ['i bool'], ['true']),
    gives("select * from (select id, v from t) pivot (max(id) for v in ('a', 'b'))", ['a int4', 'b int4'], ['3', '1']),
    runs('select id, v into #copy from t'),
    gives('select count(*) from #copy', ['count int8'], ['3']),
    fails('select nope from t', '42703', 'column "nope" does not exist'),
    fails('select t.nope from t', '42703', 'column t.nope does not exist'),
    fails('select * from missing', '42P01', 'relation "missing" does not exist'),
    fails('select id,, v from t', '42601', 'syntax error at or near ","'),
    fails('select nofn(1)', '42883', 'function nofn(integer) does not exist'),
    fails('select (select id from t)', '21000', 'single-row subquery returns more than one row'),
    // TOP counts in its own branch
    gives(
      'select top 2 n from generate_series(1, 9) as g(n) union all select top 1 n + 10 from generate_series(1, 9) as g(n) order by 1',
      ['n int8'],
      ['1'],
      ['2'],
      ['11'],
    ),
    gives(
      'with a as (select 1 as x) select top 1 x from a union all select distinct top 5 x from a',
      ['x int4'],
      ['1'],
      ['1'],
    ),
    // A function of the leader node that gives rows
    gives('select generate_series(1, 3) as n order by 1', ['n int8'], ['1'], ['2'], ['3']),
    gives('select * exclude (a) from (select 1 as a, 2 as b)', ['b int4'], ['2']),
    gives('select q.* exclude a from (select 1 as a, 2 as b) as q', ['b int4'], ['2']),
    // EXCLUDE is about the list as a whole. https://docs.aws.amazon.com/redshift/latest/dg/r_SELECT_list.html
    gives('select *, 4 as d exclude (b, c) from (select 1 as a, 2 as b, 3 as c)', ['a int4', 'd int4'], ['1', '4']),
    gives('select * exclude b, c from (select 1 as a, 2 as b, 3 as c)', ['a int4'], ['1']),
    gives('select a, b, c exclude (b) from (select 1 as a, 2 as b, 3 as c)', ['a int4', 'c int4'], ['1', '3']),
    gives('select 1 as exclude', ['exclude int4'], ['1']),
    fails('select * exclude (z) from (select 1 as a)', '42703', 'column "z" does not exist'),
    gives('with one as (select 1 as a) select one.a from (one)', ['a int4'], ['1']),
    fails('select 1, 2 union select 1', '42601', 'each UNION query must have the same number of columns'),
    fails('select max(id) filter (where id > 1) from t', '42601', 'syntax error at or near "("'),
    // Texts are joined with + too, whatever else the query computes.
    gives(
      "select 'DROP ' + quote_ident(s.a) + ';' as ddl, (s.n + 1) * 2 as seq from (select 'x' as a, 3 as n) s union all select 'x', 1 order by 2 desc",
      ['ddl varchar', 'seq int4'],
      ['DROP x;', '8'],
      ['x', '1'],
    ),
    gives("select datepart(year, date '2024-05-06')", ['pgdate_part float8'], ['2024']),
    // Lines that begin with a space as a web page has it.
    gives(
      'select\n\u00a0 id as a,\n\u00a0 trim(v) as b\nfrom t\n\u3000where id = 1 and trim(v) = v',
      ['a int4', 'b varchar'],
      ['1', 'b'],
    ),
    gives(
      "select (select 'abcdef')::varchar(2) as v, (select 'é€😀')::varchar(6) as w",
      ['v varchar', 'w varchar'],
      ['ab', 'é€'],
    ),
    // Columns of VALUES are called column1, column2, …
    // Rows are compared column by column: what may be equal, for all that NULL tells, is not known to differ.
    gives(
      `select (id, v) = (1, 'a ') as e, (id, v) <> (1, null) as n, (id, v) in ((1, 'a'), (2, null)) as i, (id, v) not in ((1, 'a'), (7, 'z')) as o
        from (select 1 as id, 'a' as v union all select 2, 'b' union all select 5, null) r order by id`,
      ['e bool', 'n bool', 'i bool', 'o bool'],
      ['true', null, 'true', 'false'],
      ['false', 'true', null, 'true'],
      ['false', 'true', 'false', 'true'],
    ),
    gives(
      `with r as (select 1 as id, 'a' as v union all select 1, 'y' union all select 2, 'b' union all select 5, null),
          s as (select 1 as id, 'a ' as v union all select 5, 'q' union all select 2, null)
        select (select listagg(id || v) from r where (id, v) in (select id, v from s)) as i, (select listagg(id || v) from r where (id, v) not in (select id, v from s)) as n`,
      ['i varchar', 'n varchar'],
      ['1a', '1y'],
    ),
    // what is not known is NULL, not false
    gives(
      `with r as (select 1 as id, 'a' as v union all select 1, null union all select 2, 'b'), s as (select 1 as id, 'a' as v union all select 3, null)
        select id, v, (id, v) in (select id, v from s) as i, (id, v) not in (select id, v from s) as n, (3, v) in (select id, v from s) as u from r order by 1, 2`,
      ['id int4', 'v varchar', 'i bool', 'n bool', 'u bool'],
      ['1', 'a', 'true', 'false', null],
      ['1', null, null, null, null],
      ['2', 'b', 'false', 'true', null],
    ),
    gives(
      `with r as (select 1 as id, 'a' as v union all select 1, null union all select 2, 'b'), s as (select 1 as id, 'a' as v union all select 3, null)
        select id from r where not ((id, v) in (select id, v from s))`,
      ['id int4'],
      ['2'],
    ),
    gives(
      "select ((select 3), 'b') in (select 1, 'a' union all select 3, null) as r, 'a' in ((select 'x'), 'a ') as l, 5 in ((select null::int), 6) as n",
      ['r bool', 'l bool', 'n bool'],
      [null, 'true', null],
    ),
    // a condition is one argument
    gives(
      'select nullif(false or true, false) as a, nvl2(not true, 1, 2) as b, decode(true or null, true, 1, 2) as c, nullif(1 = 2, 1 = 1) as d',
      ['a bool', 'b int4', 'c int4', 'd bool'],
      ['true', '1', '1', 'false'],
    ),
    // of no rows there is the group of all of them
    gives(
      "select count(*) as n, max(v) as m from (select 'a' as v) q where v = 'b' group by rollup(v)",
      ['n int8', 'm varchar'],
      ['0', null],
    ),
    gives(
      // Which of the two texts the group shows is not defined.
      "select trim(k) as k, n from (select upper(v) as k, sum(count(*)) over (partition by upper(v)) as n from (select 'a' as v union all select 'a ') q group by 1) g",
      ['k varchar', 'n numeric(38,0)'],
      ['A', '2'],
    ),
    fails("select (1, 'a') < (2, 'b')", '0A000', 'a comparison of rows with <'),
    fails('select (1, 2) = (1, 2, 3)', '42601', 'unequal number of entries in row expressions'),
    fails('select * from range(3)', '42883', 'function range() does not exist'),
    fails("select * from repeat('a', 3)", '0A000', 'function repeat in FROM'),
    gives(
      "select extract(year from date_trunc('month', date '2020-05-06')) as y, trim(both 'x' from lower('XaX')) as t",
      ['y int4', 't varchar'],
      ['2020', 'a'],
    ),
    // Arrays of PostgreSQL's, as drivers send them with questions about the catalogue.
    gives(
      `select id, v = any('{a,"b c",NULL}') as t, id <> all(array[1, 2]) as n from t where id = any(array[1, 1 + 2]) or id = some('{}') order by 1`,
      ['id int4', 't bool', 'n bool'],
      ['1', null, 'false'],
      ['3', 'true', 'true'],
    ),
    fails("select 1 < any('{2}')", '0A000', '< ANY of an array'),
    // Arrays as the catalogue has them.
    gives(
      `select count(*) as n from pg_class c left join pg_default_acl d on d.defaclacl = '{}'::aclitem[] where c.relacl = '{}'::aclitem[] or ('{a,"b c"}'::text[])[2] <> 'b c'`,
      ['n int8'],
      ['0'],
    ),
    gives(
      "select array_to_string('{a,\"b c\",NULL}'::text[], '|') as t, ('{3,4}'::int4[])[1] as i",
      ['t varchar', 'i int4'],
      ['a|b c', '3'],
    ),
    fails("select d + '1' from (select '2020-01-01'::date as d) q", '42725', 'operator is not unique: date + unknown'),
    fails('select [1, 2]', '42601', 'syntax error at or near'),
    fails("select v[0] from (select 'abc'::varchar as v) q", '42804', 'cannot subscript type character varying'),
    // Which of the rows that are one would say where it stands?
    fails(
      'select distinct v from t order by id',
      '42P10',
      'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
    ),
    fails('select distinct * from t order by id + 1', '42P10', 'for SELECT DISTINCT, ORDER BY'),
    fails('select distinct t.* from t, t as u order by u.id', '42P10', 'for SELECT DISTINCT, ORDER BY'),
    fails('select distinct upper(v) from t order by lower(v)', '42P10', 'for SELECT DISTINCT, ORDER BY'),
    gives(
      'select distinct t.id % 2 as odd, upper(v) from t where id < 3 order by odd desc, (upper(t.v)), 1, upper, id % 2',
      ['odd int4', 'upper varchar'],
      ['1', 'B'],
      ['0', null],
    ),
    // No type holds a number and a text.
    fails(
      'select id from t union all select v from t',
      '42804',
      'UNION types integer and character varying cannot be matched',
    ),
    fails(
      "select date '2020-01-01' as d except select v from t",
      '42804',
      'EXCEPT types date and character varying cannot be matched',
    ),
    fails(
      'select id = 1 as b from t union select id from t',
      '42804',
      'UNION types boolean and integer cannot be matched',
    ),
    fails(
      'select case when id = 1 then id else v end from t',
      '42804',
      'CASE types integer and character varying cannot be matched',
    ),
    fails('select nvl(id = 1, 0) from t', '42804', 'COALESCE types boolean and integer cannot be matched'),
    fails(
      'select id from t where greatest(v, id) is null',
      '42804',
      'GREATEST types character varying and integer cannot be matched',
    ),
    gives(
      "select coalesce(id, '7') as a, case when id > 1 then v else null end as b, coalesce(null, id) as c, decode(id, 1, 'one', v) as d from t where id < 3 union all select '5'::int, 'x', null, 'y' order by 1",
      ['a int4', 'b varchar', 'c int4', 'd varchar'],
      ['1', null, '1', 'one'],
      ['2', null, '2', null],
      ['5', 'x', null, 'y'],
    ),
    // There is no LATERAL, not even one that goes without saying.
    fails(
      'select * from t, (select t.id as k) q',
      '42P10',
      'subquery in FROM may not refer to other relations of same query level',
    ),
    fails(
      'select t.id from t left join (select max(v) as m from t as u where u.id < t.id) q on true',
      '42P10',
      'subquery in FROM may not refer',
    ),
    gives(
      'select id, (select max(k) from (select u.id as k from t as u where u.id <= t.id) q) as m from t where exists (select 1 from t as a join (select u.id as k from t as u where u.id = t.id) q on a.id = k) order by 1 limit 1',
      ['id int4', 'm int4'],
      ['1', '1'],
    ),
    // A join binds tighter than a comma
    fails(
      'select 1 from (select 1 as x) a, (select 1 as x) b join (select 1 as x) c on a.x = c.x',
      '42P01',
      'invalid reference to FROM-clause entry for table "a"',
    ),
    gives(
      'select count(*) from (select 1 as x) a, (select 1 as x) b join (select 1 as x) c on (b.x = c.x) where a.x = c.x',
      ['count int8'],
      ['1'],
    ),
  ],
};

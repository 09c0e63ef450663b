import { fails, gives, type Chapter } from '../chapter.ts';

export const COLUMN_NAMES: Chapter = {
  title: 'Names of result columns',
  page: 'r_SELECT_list.html',
  setup: [
    'create table t (a int, "B c" varchar(5))',
    "insert into t values (1, 'x')",
    'create table made as select a as KEY, a as VERSION from t',
  ],
  cases: [
    // A constant has no name that a cast would keep.
    gives(
      'select null::int, cast(true as int), false, null, case when true then 1 else null end',
      ['int4 int4', 'int4 int4', 'bool bool', '?column? int4', 'case int4'],
      [null, '1', 'false', null, '1'],
    ),
    // What is written as NULL decides no type: r_NVL_function
    gives(
      "select coalesce(null, '5', 12), nvl(null, '2008-12-31', date '2008-06-01'), greatest(null, '5', 12), coalesce(null, null)",
      ['coalesce int4', 'coalesce date', 'greatest int4', 'coalesce int4'],
      ['5', '2008-12-31', '12', null],
    ),
    fails(
      "select coalesce(null, 'Amazon Redshift', 12)",
      '22P02',
      'invalid input syntax for integer: "Amazon Redshift"',
    ),
    gives(
      'select a, t.a, "B c", a + 1, count(*), sum(a), max(a) as m from t group by 1, 3',
      ['a int4', 'a int4', 'b c varchar', '?column? int4', 'count int8', 'sum int8', 'm int4'],
      ['1', '1', 'x', '2', '1', '1', '1'],
    ),
    gives(
      'select a::varchar(2), cast(a as bigint), upper("B c"), case when true then a end, coalesce(a, 2), nvl(a, 2) from t',
      ['a varchar', 'a int8', 'upper varchar', 'case int4', 'coalesce int4', 'coalesce int4'],
      ['1', '1', 'X', '1', '1', '1'],
    ),
    gives(
      'select clicks / impressions as probability, round(100 * probability, 1) as percentage from (select 5.0 as clicks, 4 as impressions)',
      ['probability numeric(13,12)', 'percentage numeric(14,1)'],
      ['1.250000000000', '125.0'],
    ),
    // Words that are keywords of DuckDB, and letters that are not of ASCII, are folded as any other.
    gives(
      'select K.KEY, K.KEY as NAME, 2 YEAR, VALUE, 3 as "Month", 4 as ÜBER from (select a as KEY, 1 as VALUE from t) K',
      ['key int4', 'name int4', 'year int4', 'value int4', 'month int4', 'über int4'],
      ['1', '1', '2', '1', '3', '4'],
    ),
    gives(
      'select * from (select a as YEAR, a as MONTH from t) unpivot (VALUE for KEY in (YEAR, MONTH))',
      ['key varchar', 'value int4'],
      ['year', '1'],
      ['month', '1'],
    ),
    gives('select a month, a value, a at from t', ['month int4', 'value int4', 'at int4'], ['1', '1', '1']),
    gives('select "column" from pg_table_def where tablename = \'made\'', ['column varchar'], ['key'], ['version']),
  ],
};

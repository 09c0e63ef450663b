import { gives, type Chapter } from '../chapter.ts';

export const COLUMN_NAMES: Chapter = {
  title: 'Names of result columns',
  page: 'r_SELECT_list.html',
  setup: ['create table t (a int, "B c" varchar(5))', "insert into t values (1, 'x')"],
  cases: [
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
    gives('select a month, a value, a at from t', ['month int4', 'value int4', 'at int4'], ['1', '1', '1']),
  ],
};

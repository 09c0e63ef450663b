import { variable } from '../configuration.ts';
import { type Fragment, join } from '../fragment.ts';
import { scalar, type FunctionRule, type FunctionTable } from './function.ts';

/** Of two arrays, and whether an element counts once. */
const ofArrays = (name: string, most: number): FunctionRule =>
  scalar(
    2,
    most,
    ([left = '', right = '', distinct = 'false']) => [`${name}(`, join([left, right, distinct], ','), ')'],
    'JSON',
  );

/** https://docs.aws.amazon.com/redshift/latest/dg/r_default_array_search_null_handling.html */
const FINDS_NULL = `(getvariable('${variable('default_array_search_null_handling')}') IS DISTINCT FROM 'off')`;

/** A value in an array, and whether NULL is one that can be found. */
const search = (name: string, type: string): FunctionRule =>
  scalar(
    2,
    3,
    ([array = '', value = '', nullMatch = FINDS_NULL]): Fragment => [
      `${name}(`,
      array,
      ',to_json(',
      value,
      '),',
      nullMatch,
      ')',
    ],
    type,
  );

/** https://docs.aws.amazon.com/redshift/latest/dg/c_Array_Functions.html */
export const ARRAY_FUNCTIONS: FunctionTable = {
  array_contains: search('rs_array_contains', 'BOOLEAN'),
  array_position: search('rs_array_position', 'INTEGER'),
  array_positions: search('rs_array_positions', 'JSON'),
  array_distinct: scalar(1, 1, ([array = '']) => ['rs_array_union(', array, ",'[]',true)"], 'JSON'),
  array_union: ofArrays('rs_array_union', 2),
  array_except: ofArrays('rs_array_except', 3),
  array_intersection: ofArrays('rs_array_intersection', 3),
  arrays_overlap: scalar(2, 2, ([left = '', right = '']) => ['rs_arrays_overlap(', left, ',', right, ')'], 'BOOLEAN'),
  array_sort: scalar(
    1,
    3,
    ([array = '', ascending = 'true', nullsFirst = ['NOT coalesce(', ascending, ',true)']]) => [
      'rs_array_sort(',
      join([array, ascending, nullsFirst], ','),
      ')',
    ],
    'JSON',
  ),
  array_concat: scalar(2, 2, ([a = '', b = '']) => ['rs_array_concat(', a, ',', b, ')'], 'JSON'),
  // Of several arrays, one of all of them: https://docs.aws.amazon.com/redshift/latest/dg/array_flatten.html
  array_flatten: scalar(
    1,
    1_000,
    (arrays) => ['rs_array_flatten(', arrays.reduce((all, next) => ['rs_array_concat(', all, ',', next, ')']), ')'],
    'JSON',
  ),
};

/** `body` with the two lists of what is compared, and `seen` and `there`: how often an element came so far, and is in the other array. */
const ofBoth = (elements: string, kept: string): string =>
  `list_transform([{a: rs.main.rs_elements(x), b: rs.main.rs_elements(y)}], lambda p: CASE WHEN p['a'] IS NOT NULL AND p['b'] IS NOT NULL THEN list_transform([{e: ${elements}, b: rs.main.rs_element_keys(p['b'])}], lambda k: list_transform([rs.main.rs_element_keys(k['e'])], lambda keys: to_json(list_filter(k['e'], lambda e, i: ${kept
    .replaceAll('seen', 'len(list_filter(keys[1:i], lambda o: o = keys[i]))')
    .replaceAll('there', "len(list_filter(k['b'], lambda o: o = keys[i]))")})))[1])[1] END)[1]`;

/** `found`: the places of the value, from 0 on. Where NULL is no value, a NULL makes unknown what is not found. */
const searched = (none: string, found: string): string =>
  `list_transform([rs.main.rs_elements(x)], lambda l: CASE WHEN l IS NOT NULL AND (null_match OR rs.main.rs_super_key(v) IS NOT NULL) THEN list_transform([rs.main.rs_element_keys(l)], lambda keys: list_transform([list_filter(range(len(keys)), lambda i: keys[i + 1] = rs.main.rs_element_key(v))], lambda found: CASE WHEN len(found) > 0 THEN ${found} WHEN null_match OR NOT list_contains(keys, '') THEN ${none} END)[1])[1] END)[1]`;

export const ARRAY_MACROS: readonly string[] = [
  `rs_elements(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN CAST(x AS JSON[]) END`,
  // NULL is an element like any other.
  `rs_element_key(e) AS coalesce(rs.main.rs_super_key(e), '')`,
  'rs_element_keys(l) AS list_transform(l, lambda e: rs.main.rs_element_key(e))',
  `rs_array_contains(x, v, null_match) AS ${searched('false', 'true')}`,
  `rs_array_position(x, v, null_match) AS ${searched('CAST(-1 AS INTEGER)', 'CAST(found[1] AS INTEGER)')}`,
  `rs_array_positions(x, v, null_match) AS ${searched("json('[]')", 'to_json(found)')}`,
  `rs_array_union(x, y, d) AS ${ofBoth("list_concat(p['a'], p['b'])", 'seen = 1')}`,
  `rs_array_except(x, y, d) AS ${ofBoth("p['a']", 'CASE WHEN d THEN seen = 1 AND there = 0 ELSE seen > there END')}`,
  `rs_array_intersection(x, y, d) AS ${ofBoth("p['a']", 'CASE WHEN d THEN seen = 1 AND there > 0 ELSE seen <= there END')}`,
  `rs_arrays_overlap(x, y) AS list_has_any(rs.main.rs_element_keys(rs.main.rs_elements(x)), rs.main.rs_element_keys(rs.main.rs_elements(y)))`,
  // Booleans, numbers, texts, arrays, objects: in this order.
  `rs_super_rank(e) AS {
    r: CASE json_type(e) WHEN 'BOOLEAN' THEN 1 WHEN 'VARCHAR' THEN 3 WHEN 'ARRAY' THEN 4 WHEN 'OBJECT' THEN 5 ELSE 2 END,
    n: coalesce(rs.main.rs_super_number(e), 0), s: coalesce(rs.main.rs_super_string(e), CAST(e AS VARCHAR))}`,
  `rs_sorted(l) AS list_transform(list_sort(list_transform(l, lambda e: {o: rs.main.rs_super_rank(e), e: CAST(e AS VARCHAR)})), lambda s: CAST(s['e'] AS JSON))`,
  `rs_array_sort(x, ascending, nulls_first) AS list_transform([rs.main.rs_elements(x)], lambda l: CASE WHEN l IS NOT NULL THEN list_transform([{
      s: rs.main.rs_sorted(list_filter(l, lambda e: rs.main.rs_super_key(e) IS NOT NULL)),
      n: list_filter(l, lambda e: rs.main.rs_super_key(e) IS NULL)}], lambda p: list_transform([CASE WHEN ascending THEN p['s'] ELSE list_reverse(p['s']) END], lambda s:
      to_json(CASE WHEN nulls_first THEN list_concat(p['n'], s) ELSE list_concat(s, p['n']) END))[1])[1] END)[1]`,
  // What is no array gives NULL: https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html#array-functions
  `rs_array_concat(x, y) AS CASE WHEN json_type(x) = 'ARRAY' AND json_type(y) = 'ARRAY' THEN to_json(list_concat(rs.main.rs_elements(x), rs.main.rs_elements(y))) END`,
  `rs_flatter(l) AS flatten(list_transform(l, lambda e: CASE WHEN json_type(e) = 'ARRAY' THEN CAST(e AS JSON[]) ELSE [e] END))`,
  // Once for each level there can be.
  `rs_array_flatten(x) AS list_transform([rs.main.rs_elements(x)], lambda l: CASE WHEN l IS NOT NULL THEN to_json(list_reduce(list_prepend(l, list_transform(range(least(length(CAST(x AS VARCHAR)) - length(replace(CAST(x AS VARCHAR), '[', '')), 32)), lambda i: l)), lambda flat, o: rs.main.rs_flatter(flat))) END)[1]`,
];

import { fails, gives, runs, type Case, type Chapter } from '../chapter.ts';

const value = (expression: string, type: string, answer: string | null): Case =>
  gives(`select ${expression} as v`, [`v ${type}`], [answer]);

export const ARRAYS: Chapter = {
  title: 'Array and object functions',
  page: 'c_Array_Functions.html',
  setup: ['create table t1 (s) as select json_parse(\'{"AttributeName": {"B":[{"C":"X:Y"}]}}\')'],
  cases: [
    // Whatever the tables and columns of a query are called, it is none of the functions' own names.
    ...['p', 'k', 's', 'w', 'f'].map((alias) =>
      gives(
        `select array_union(array(1), array(2)) as u, array_sort(array(2, 1)) as o, array_except(array(1, 2), array(2)) as x, json_parse('1') + 2 as n,
          to_char(5, '99') as c, to_date('20200131', 'YYYYMMDD') as d, ('Jan 31 2020'::varchar)::date as g
         from (select array(9) as a, array(9) as b, array(7) as e, 8 as x, 8 as y, 6 as z, 6 as f, 6 as n, array(5) as s, 4 as d, 4 as t, 3 as m) ${alias}`,
        ['u super', 'o super', 'x super', 'n super', 'c varchar', 'd date', 'g date'],
        ['[1,2]', '[1,2]', '[1]', '3', '  5', '2020-01-31', '2020-01-31'],
      ),
    ),
    value("array_contains(array('red', 'green'), 'red')", 'bool', 'true'),
    value("array_contains(array('red', null), 'blue')", 'bool', 'false'),
    value("array_contains(array('red', null), 'blue', false)", 'bool', null),
    value("array_contains(array('red', null), null)", 'bool', 'true'),
    value("array_contains(array('red'), null, false)", 'bool', null),
    value("array_contains(array(1, 2), '1')", 'bool', 'false'),
    value('array_contains(array(array(1), 2), array(1))', 'bool', 'true'),
    value("array_position(array('red', 'green', 'red'), 'red')", 'int4', '0'),
    value('array_position(array(1, 2), 3)', 'int4', '-1'),
    value("array_positions(array('red', 'green', 'red'), 'red')", 'super', '[0,2]'),
    value('array_positions(array(1, 2, 3), 4)', 'super', '[]'),
    value("array_positions(array('red', null, 'green', null), null)", 'super', '[1,3]'),
    value("array_distinct(array('a', 'b', 'a', null, null))", 'super', '["a","b",null]'),
    value("array_union(array('a','b','b'), array('b','c','c'))", 'super', '["a","b","c"]'),
    value("array_union(array('b','a','b'), array(null,'b',null))", 'super', '["b","a",null]'),
    value("array_except(array('a','b','c'), array('b','c','d'))", 'super', '["a"]'),
    value("array_except(array('b','b','b','b'), array('b','b'))", 'super', '["b","b"]'),
    value("array_except(array('a','b','b'), array('b'), true)", 'super', '["a"]'),
    value("array_except(array('a',null), array(null))", 'super', '["a"]'),
    value("array_intersection(array('a','b','c'), array('b','c','d'))", 'super', '["b","c"]'),
    value("array_intersection(array('a','b','b'), array('b','b','b'))", 'super', '["b","b"]'),
    value("array_intersection(array('a','b','b'), array('b','b','b'), true)", 'super', '["b"]'),
    value("array_intersection(array('a',null), array('b',null))", 'super', '[null]'),
    value("arrays_overlap(array('blue', 'green'), array('red', 'green'))", 'bool', 'true'),
    value("arrays_overlap(array('red', null, 'blue'), array('green'))", 'bool', 'false'),
    value("arrays_overlap(json_parse('[null]'), array(null))", 'bool', 'true'),
    value("array_sort(array('b', 'a', 0, null, 1, false))", 'super', '[false,0,1,"a","b",null]'),
    value("array_sort(array('b', 'a', 0, null, 1, false), false)", 'super', '[null,"b","a",1,0,false]'),
    value("array_sort(array('b', 'a', 0, null, 1, false), false, false)", 'super', '["b","a",1,0,false,null]'),
    value("array_sort(array(10, 9, 2.5, 'a b', 'a'))", 'super', '[2.5,9,10,"a","a b"]'),
    // operators-functions: every level, and NULL for what is no array
    value('array_flatten(array(1, array(2, array(3, array()))))', 'super', '[1,2,3]'),
    value(`array_flatten(json_parse('{"a":1}'))`, 'super', null),
    value(`array_concat(array(1), json_parse('{"a":1}'))`, 'super', null),
    // r_lower_attribute_names
    gives('select s.AttributeName from t1', ['attributename super'], [null]),
    gives(
      'select lower_attribute_names(s) as l, upper_attribute_names(s) as u from t1',
      ['l super', 'u super'],
      ['{"attributename":{"b":[{"c":"X:Y"}]}}', '{"ATTRIBUTENAME":{"B":[{"C":"X:Y"}]}}'],
    ),
    value(`get_number_attributes(json_parse('{"a":1,"b":{"c":2}}'))`, 'int4', '2'),
    value("get_number_attributes(json_parse('[1]'))", 'int4', null),
    value(
      `is_char(json_parse('"t"')) and not is_char(json_parse('"é"')) and not is_char(json_parse('1'))`,
      'bool',
      'true',
    ),
    // query-super: a null in a document is one, an index out of bounds gives one
    gives(
      `select d.v.x is null as x, d.v.n is null as n, d.v.nope is null as o, d.v.y[1] is null as y, d.v.y[9] is null as z, d.v.n is not null as m
        from (select json_parse('{"x":1,"n":null,"y":[1,null]}') as v) d`,
      ['x bool', 'n bool', 'o bool', 'y bool', 'z bool', 'm bool'],
      ['false', 'true', 'true', 'true', 'true', 'false'],
    ),
    fails('select s[0:1] from t1', '42601', 'syntax error at or near ":"'),
    fails('select s[-1] from t1', '0A000', 'a negative index of an array'),
    // r_object_transform_function
    ...(
      [
        [
          `keep '"name"."first"', '"age"', '"nope"."x"' set '"name"."first"', upper(v.name.first::text), '"age"', v.age::int + 5, '"by"', 'Amazon'`,
          '{"name":{"first":"JOHN"},"age":30,"by":"Amazon"}',
        ],
        [
          `keep '"name"' set '"name"."first"', 'x', '"n"."m"', null`,
          '{"name":{"last":"Doe","first":"x"},"n":{"m":null}}',
        ],
        [`keep '"a/b"'`, '{"a/b":null}'],
        ['', '{"name":{"first":"John","last":"Doe"},"age":25,"a/b":null}'],
      ] as const
    ).map(([what, answer]) =>
      gives(
        `select object_transform(v ${what}) from (select json_parse('{"name":{"first":"John","last":"Doe"},"age":25,"a/b":null}') as v) d`,
        ['object_transform super'],
        [answer],
      ),
    ),
    gives(
      `select object_transform(json_parse('[1]') keep '"a"') as a, object_transform(null keep '"a"') as b`,
      ['a super', 'b super'],
      ['[1]', null],
    ),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_default_array_search_null_handling.html
    runs('set default_array_search_null_handling to false'),
    gives(
      "select array_contains(array('red', null), 'blue') as a, array_contains(array('red', null), 'red') as b, array_positions(array('red', null), 'blue') as c, array_contains(array('red', null), null, true) as d",
      ['a bool', 'b bool', 'c super', 'd bool'],
      [null, 'true', null, 'true'],
    ),
    runs('reset default_array_search_null_handling'),
    gives("select array_contains(array('red', null), 'blue') as a", ['a bool'], ['false']),
    fails(`select object_transform(s keep 'a') from t1`, '22023', `'a' is no path of names in double quotes`),
    fails(`select object_transform(s set '"a"') from t1`, '42601', 'syntax error at or near ")"'),
  ],
};

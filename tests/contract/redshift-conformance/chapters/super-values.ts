import { fails, gives, runs, type Case, type Chapter } from '../chapter.ts';

const value = (expression: string, type: string, answer: string | null): Case =>
  gives(`select ${expression} as v from bag`, [`v ${type}`], [answer]);

/** Values of other types beside SUPER values become SUPER, and the pages of the functions that make and read them. */
export const SUPER_VALUES: Chapter = {
  title: 'SUPER values beside others',
  page: 'operators-functions.html',
  setup: [
    'create table bag (c super, other super, t varchar(10), n decimal(10,2), d date)',
    `insert into bag values (json_parse('{"a":1,"b":"x"}'), json_parse('{"b":"x"}'), '12', 1.50, '2020-01-01')`,
  ],
  cases: [
    // A text stays a text, a decimal keeps its scale: https://docs.aws.amazon.com/redshift/latest/dg/CAN_JSON_PARSE.html
    value("coalesce(c.none, '1')", 'super', '"1"'),
    value("nvl(c.none, '')", 'super', '""'),
    value('coalesce(c.none, t)', 'super', '"12"'),
    value('coalesce(c.none, n)', 'super', '1.50'),
    value('coalesce(c.none, n::float8)', 'super', '1.5e+0'),
    value("case when c.none is null then '5' else c.a end", 'super', '"5"'),
    value("nvl2(c.none, c.a, 'true')", 'super', '"true"'),
    value("case when can_json_parse('[1]') then json_parse('[1]') else 'This is not JSON.' end", 'super', '[1]'),
    value("case when can_json_parse('[1') then json_parse('[1]') else 'not JSON' end", 'super', '"not JSON"'),
    value('coalesce(c.none, null, c.b)', 'super', '"x"'),
    gives(
      "select c.a as k, t from bag union all select '1'::varchar, c.b from bag union all select n, null from bag order by 1, 2",
      ['k super', 't super'],
      ['1', '"12"'],
      ['1.50', null],
      ['"1"', '"x"'],
    ),
    // Dates and times are never SUPER values: https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html
    fails('select coalesce(c.none, d) from bag', '42804', 'COALESCE types super and date cannot be matched'),
    fails('select c.a from bag union all select d from bag', '42804', 'cannot be matched'),
    fails("select object('k', '2008-12-31'::date)", '42846', 'OBJECT could not convert type date to super'),
    fails('select array(1, d) from bag', '42846', 'ARRAY could not convert type date to super'),
    fails('select greatest(c.a, 9) from bag', '0A000', 'GREATEST of a SUPER value'),
    fails('create table k (c super sortkey)', '42P16', 'column "c" of type super cannot be a sort key'),
    fails(
      'create table k (a int, c super) distkey(c)',
      '42P16',
      'column "c" of type super cannot be a distribution key',
    ),
    // Comparisons go by the type a value has.
    gives(
      "select nullif(c.b, 'x') as a, nullif(c.a, 2) as b, nullif(c.b, other.b) as e from bag",
      ['a super', 'b super', 'e super'],
      [null, '1', null],
    ),
    value("decode(c.b, 'y', 'no', 'x', 'yes')", 'varchar', 'yes'),
    value("decode(c.none, null, 'none', 'some') || decode(c.a, 1.0, '!')", 'varchar', 'none!'),
    gives(
      'select c.a is distinct from 1 as a, c.none is not distinct from null as b, c.b is distinct from other.b as e, c.none is distinct from c.a as f from bag',
      ['a bool', 'b bool', 'e bool', 'f bool'],
      ['false', 'true', 'false', 'true'],
    ),
    // A sign in front of what a query has computed.
    gives(
      'select -x as m, abs(-x) as a, +y as p from (select c.a + 1 as x, c.b as y from bag)',
      ['m super', 'a super', 'p super'],
      ['-2', '2', null],
    ),
    fails("select -'a'::varchar", '42883', 'operator does not exist: - character varying'),
    // https://docs.aws.amazon.com/redshift/latest/dg/JSON_SERIALIZE.html and r_json_size.html
    value('json_serialize(null::super)', 'varchar', 'null'),
    value('json_size(c.none)', 'int4', '4'),
    value(`json_size(json_parse('[10001,10002,"⬤"]'))`, 'int4', '19'),
    value(`json_serialize_to_varbyte(json_parse('[10001,10002,"abc"]'))::varchar`, 'varchar', '[10001,10002,"abc"]'),
    // https://docs.aws.amazon.com/redshift/latest/dg/JSON_ARRAY_LENGTH.html and get_array_length.html
    value(`json_array_length('{"a":1}', true)`, 'int4', null),
    fails(`select json_array_length('{"a":1}')`, '22023', 'invalid json array object {"a":1}'),
    value('get_array_length(c)', 'int4', null),
    value('get_array_length(c.none)', 'int4', null),
    // https://docs.aws.amazon.com/redshift/latest/dg/array_flatten.html
    value('array_flatten(array(1, array(2)), array(3))', 'super', '[1,2,3]'),
    value('array_flatten(array(1), c)', 'super', null),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_lower_attribute_names.html
    runs('create table named (i int, s super)'),
    runs(
      `insert into named values (1, null), (2, 'A'), (3, json_parse('{"AttributeName": "B"}')),
        (4, json_parse('[{"Subobject": {"C": "C"}, "Subarray": [{"D": "D"}, "E"]}]'))`,
    ),
    runs('update named set s = lower_attribute_names(s)'),
    gives(
      'select i, s from named order by i',
      ['i int4', 's super'],
      ['1', null],
      ['2', '"A"'],
      ['3', '{"attributename":"B"}'],
      ['4', '[{"subobject":{"c":"C"},"subarray":[{"d":"D"},"E"]}]'],
    ),
    fails(
      `select lower_attribute_names(json_parse('{"A": "A", "a": "a"}'))`,
      'XX000',
      'SUPER value has duplicate attributes after case conversion.',
    ),
    value(
      `upper_attribute_names(json_parse('{"a": "a", "b": [{"a": "{"}, {"a": "a"}]}'))`,
      'super',
      '{"A":"a","B":[{"A":"{"},{"A":"a"}]}',
    ),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_is_boolean.html, r_is_smallint.html and their like
    gives(
      "select is_boolean(json_parse('true')) as a, is_smallint(json_parse('5')) as b, is_smallint(json_parse('40000')) as e, is_boolean(null::super) as f",
      ['a bool', 'b bool', 'e bool', 'f bool'],
      ['true', 'true', 'false', 'false'],
    ),
  ],
};

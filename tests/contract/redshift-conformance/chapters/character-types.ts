import { fails, gives, runs, type Chapter } from '../chapter.ts';

export const CHARACTER_TYPES: Chapter = {
  title: 'Character types: lengths in bytes',
  page: 'r_Character_types.html',
  setup: ['create table city (city_name char(10), note varchar(4))'],
  cases: [
    // A cast to the type a column has already
    gives(
      "select v::varchar as t, v::varchar(2) as s, d::date as d from (select 'abc'::varchar(3) as v, date '2020-01-02' as d) as q",
      ['t varchar', 's varchar', 'd date'],
      ['abc', 'ab', '2020-01-02'],
    ),
    runs("insert into city values ('City 1', 'abcd'), ('City 2', 'éé')"),
    fails("insert into city (note) values ('abcde')", '22001', 'value too long for type character varying(4)'),
    fails("insert into city (note) values ('ééa')", '22001', 'value too long for type character varying(4)'),
    fails("update city set note = note || 'x'", '22001', 'value too long for type character varying(4)'),
    gives(
      "select cast('abcdef' as varchar(3)) as c, 'ééé'::varchar(5) as e, 'abc'::char(2) as h",
      ['c varchar', 'e varchar', 'h varchar'],
      ['abc', 'éé', 'ab'],
    ),
    gives(
      "select len('français') as chars, octet_length('français') as bytes",
      ['chars int4', 'bytes int4'],
      ['8', '9'],
    ),
    gives(
      "select 'a' || 1 as n, 'a' || null as nothing, concat('a', 'b') as c",
      ['n varchar', 'nothing varchar', 'c varchar'],
      ['a1', null, 'ab'],
    ),
    gives(
      "select 'it''s' as q, 'tab\\there' as t, 'back\\\\slash' as b",
      ['q varchar', 't varchar', 'b varchar'],
      ["it's", 'tab\there', 'back\\slash'],
    ),
    fails('select true::varchar', '42846', 'cannot cast type boolean to character varying'),
    fails("select '12.5'::int", '22P02', 'invalid input syntax for integer: "12.5"'),
    gives(
      "select '12'::int as i, 't'::boolean as b, 1.0::float8::varchar as f",
      ['i int4', 'b bool', 'f varchar'],
      ['12', 'true', '1'],
    ),
    fails('create table wide (c varchar(70000))', '22023', 'length for type varchar cannot exceed 65535'),
  ],
};

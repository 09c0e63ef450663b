import { fails, gives, type Case, type Chapter } from '../chapter.ts';

const tried = (expression: string, type: string, column: string, answer: string | null): Case =>
  gives(`select try_cast(${expression} as ${type}) as v`, [`v ${column}`], [answer]);

export const TRIED_CASTS: Chapter = {
  title: 'CAST and TRY_CAST of texts',
  page: 'r_TRY_CAST.html',
  setup: [
    'create table texts (v varchar(20))',
    "insert into texts values ('1'), ('x'), (null), ('2.5')",
    'create table numbers (f float8, d decimal(8,2))',
  ],
  cases: [
    // Of a SUPER value any type but a date or a time: r_TRY_CAST
    fails(`select try_cast(json_parse('"2020-01-01"') as date)`, '42846', 'cannot cast type super to date'),
    tried(`json_parse('"x"')`, 'int', 'int4', null),
    // A type that is no word of the grammar may be written as a function.
    gives(
      "select text('X'), text(5), int4('5'), float8('1.5'), bool('true'), int2(5.5), date('2020-01-02')",
      ['text varchar', 'text varchar', 'int4 int4', 'float8 float8', 'bool bool', 'int2 int2', 'date date'],
      ['X', '5', '5', '1.5', 'true', '6', '2020-01-02'],
    ),
    tried("'12'", 'int', 'int4', '12'),
    tried("'abc'", 'int', 'int4', null),
    tried("'12.5'", 'int', 'int4', null),
    tried("'99999'", 'smallint', 'int2', null),
    tried('99999', 'smallint', 'int2', null),
    tried('12.5', 'int', 'int4', '13'),
    tried("'123.456'", 'decimal(2,1)', 'numeric(2,1)', null),
    tried("'01-02-08'", 'date', 'date', '2008-01-02'),
    tried("'2008-02-30'", 'timestamp', 'timestamp', null),
    tried("'2008-01-01 10:00 PST'", 'timestamptz', 'timestamptz', '2008-01-01 18:00:00+00'),
    tried("'10:00 PM'", 'time', 'time', '22:00:00'),
    tried("'ten'", 'time', 'time', null),
    tried("'1e400'", 'float8', 'float8', null),
    tried("'1_000'", 'decimal(8,2)', 'numeric(8,2)', null),
    // r_Numeric_types201: the ranges of the types.
    fails("select '99999999999'::int", '22003', 'value "99999999999" is out of range for type integer'),
    fails("select '70000'::smallint", '22003', 'value "70000" is out of range for type smallint'),
    fails("select '9223372036854775808'::bigint", '22003', 'is out of range for type bigint'),
    fails("select '99999'::decimal(4,2)", '22003', 'Numeric data overflow'),
    fails("select '1e400'::float8", '22003', '"1e400" is out of range for type double precision'),
    fails("select '1e39'::real", '22003', '"1e39" is out of range for type real'),
    fails("select '1_000'::float8", '22P02', 'invalid input syntax for type double precision: "1_000"'),
    fails("insert into numbers(f) values ('1e400')", '22003', 'out of range for type double precision'),
    fails("insert into numbers(d) values ('1_0')", '22P02', 'invalid input syntax for type numeric'),
    gives(
      "select interval '1 day'::varchar as v, 'in ' || interval '2 days' as w",
      ['v varchar', 'w varchar'],
      ['1 day', 'in 2 days'],
    ),
    tried(`json_parse('"a"')`, 'int', 'int4', null),
    fails('select try_cast(true as timestamp)', '42846', 'cannot cast type boolean to timestamp'),
    // r_TRY_CAST: pairs of types that are not in its list
    gives("select cast('2020-01-02 10:00'::timestamptz as time) as t", ['t time'], ['10:00:00']),
    fails("select try_cast('true' as boolean)", '42846', 'cannot cast type "unknown" to boolean'),
    fails('select try_cast(true as varchar)', '42846', 'cannot cast type boolean to character varying'),
    fails('select try_cast(1.5 as boolean)', '42846', 'cannot cast type numeric to boolean'),
    fails(
      "select try_cast('2020-01-01'::timestamp as timetz)",
      '42846',
      'cannot cast type timestamp without time zone to time with time zone',
    ),
    fails("select try_cast('1 day' as interval day to second)", '42846', 'cannot cast type "unknown" to interval'),
    fails("select try_cast('a'::varbyte as int)", '42846', 'cannot cast type binary varying to integer'),
    gives(
      "select try_cast(0 as boolean) as b, try_cast(true as int) as i, try_cast('2020-01-02 10:00'::timestamptz as time) as t, try_cast(json_parse('true') as boolean) as s",
      ['b bool', 'i int4', 't time', 's bool'],
      ['false', '1', '10:00:00', 'true'],
    ),
    gives(
      'select try_cast(v as int), try_cast(v as decimal(5,1)) as d from texts',
      ['v int4', 'd numeric(5,1)'],
      ['1', '1.0'],
      [null, null],
      [null, null],
      [null, '2.5'],
    ),
    gives('select sum(try_cast(v as int)) from texts', ['sum int8'], ['1']),
  ],
};

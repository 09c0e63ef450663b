import { fails, gives, runs, type Chapter } from '../chapter.ts';

export const USER_FUNCTIONS: Chapter = {
  title: 'Scalar SQL functions of users',
  page: 'udf-creating-a-scalar-sql-udf.html',
  setup: [
    'create table sales (commission decimal(8,2), pricepaid decimal(8,2), name varchar(10))',
    "insert into sales values (1.5, 10, 'a'), (3, 5, 'b')",
    'create schema etl',
  ],
  cases: [
    runs(`create function f_sql_greater (float, float)
  returns float
stable
as $$
  select case when $1 > $2 then $1
    else $2
  end
$$ language sql;`),
    gives(
      'select f_sql_greater(commission, pricepaid*0.20) from sales order by 1',
      ['f_sql_greater float8'],
      ['2'],
      ['3'],
    ),
    runs(
      'create function f_sql_commission (float, float) returns float stable as $$ select f_sql_greater ($1, $2) $$ language sql',
    ),
    gives(
      'select f_sql_commission(1, 2) as a, public.f_sql_commission(3, 2) as b',
      ['a float8', 'b float8'],
      ['2', '3'],
    ),
    // A name before a type says nothing. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_FUNCTION.html
    runs(
      'create function f_named (src bigint, rate double precision, at timestamp with time zone) returns bigint immutable as $$ select $1 $$ language sql',
    ),
    runs('alter function f_named (src bigint, double precision, at timestamptz) rename to f_other'),
    gives("select f_other(7, 1, '2024-01-01'::timestamptz)", ['f_other int8'], ['7']),
    runs('drop function f_other (src bigint, rate float, timestamp with time zone)'),
    fails(
      'create function f_named (src bigint) returns bigint immutable as $$ select src $$ language sql',
      '42703',
      'column "src" does not exist',
    ),
    fails(
      'create function f_sql_greater (float, float) returns float stable as $$ select $1 $$ language sql',
      '42723',
      'function "f_sql_greater" already exists with same argument types',
    ),
    fails(
      'create or replace function f_sql_greater (float, float) returns int stable as $$ select 1 $$ language sql',
      '42P13',
      'cannot change return type of existing function',
    ),
    // Overloads by the types of the arguments
    runs(
      'create function f_sql_greater (varchar, varchar) returns varchar(100) immutable as $x$ select case when $1 > $2 then $1 else $2 end; $x$ language sql',
    ),
    gives(
      "select f_sql_greater(name, 'aa') as t, f_sql_greater(1, 2) as n from sales where f_sql_greater(name, 'b') = 'b' order by 1",
      ['t varchar', 'n float8'],
      ['aa', '2'],
      ['b', '2'],
    ),
    runs(
      'create function f_days(date, date) returns int immutable as $$ select datediff(day, $1, $2) / 2 $$ language sql',
    ),
    gives(
      "select f_days('2020-01-01', '2020-01-10') as a, f_days(date '2020-01-01', null) as b",
      ['a int4', 'b int4'],
      ['4', null],
    ),
    runs(
      'create function etl.f_year(timestamp) returns int stable as $$ select extract(year from $1)::int $$ language sql',
    ),
    gives("select etl.f_year('2023-05-06') as y", ['y int4'], ['2023']),
    fails("select f_year('2023-05-06')", '42883', 'function f_year("unknown") does not exist'),
    fails('select f_days(1)', '42883', 'function f_days(integer) does not exist'),
    // No clause but SELECT
    fails(
      'create function f_bad(int) returns int stable as $$ select a from t where a = $1 $$ language sql',
      '42P13',
      'cannot have FROM',
    ),
    fails(
      'create function f_bad(int) returns int stable as $$ select (select max(a) from t) $$ language sql',
      '42P13',
      'cannot have',
    ),
    fails(
      'create function f_bad(int) returns int stable as $$ select $2 $$ language sql',
      '42P02',
      'there is no parameter $2',
    ),
    fails(
      'create function f_bad(int) returns int stable as $$ select nope($1) $$ language sql',
      '42883',
      'function nope(',
    ),
    fails(
      'create function f_bad(a int) returns int stable as $$ begin return a; end $$ language plpgsql',
      '0A000',
      'a function in PL/pgSQL is not supported',
    ),
    fails(
      'create function f_bad(a int) returns int stable as $$ return a $$ language plpythonu',
      '0A000',
      'a Python function',
    ),
    runs("create view labels as select f_sql_greater(name, 'b') as label from sales"),
    fails('drop function f_sql_greater(int)', '42883', 'function f_sql_greater(integer) does not exist'),
    fails('drop function f_sql_greater(varchar, varchar)', '2BP01', 'because other objects depend on it'),
    runs('drop function f_sql_greater(a varchar, b varchar) cascade'),
    fails('select * from labels', '42P01', 'relation "labels" does not exist'),
    runs('drop function f_sql_greater(float, float)'),
    fails('select f_sql_commission(1, 2)', '42883', 'function f_sql_greater('),
    // r_ALTER_FUNCTION
    runs('create function f_old(int) returns int stable as $$ select $1 + 1 $$ language sql'),
    gives(
      'select a.n from (select 1 as n union select 2) a join (select 2 as n) b on f_old(a.n) = b.n',
      ['n int4'],
      ['1'],
    ),
    fails(
      "select 1 from (select 'a' as n) a join (select 'a' as n) b on levenshtein(a.n, b.n) = 0",
      '42883',
      'function levenshtein(',
    ),
    runs('alter function f_old(int) rename to f_new'),
    gives('select f_new(1) as v', ['v int4'], ['2']),
    fails('select f_old(1)', '42883', 'function f_old(integer) does not exist'),
    fails('alter function f_old(int) owner to u', '42883', 'function f_old(integer) does not exist'),
    fails('alter function f_new(int) owner to nobody', '42704', 'user "nobody" does not exist'),
    runs('alter function f_new(int) owner to admin'),
  ],
};

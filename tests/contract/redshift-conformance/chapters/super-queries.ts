import { fails, gives, runs, type Chapter } from '../chapter.ts';

const ORDERS = `{"orders":[{"key":5,"lines":["a","b"]},{"key":7,"lines":["c"]}],"address":{"city":"Oslo","zip":"0150"}}`;

export const SUPER_QUERIES: Chapter = {
  title: 'Querying semistructured data',
  page: 'query-super.html',
  setup: [
    'create table doc (id int, s super)',
    `insert into doc values (1, json_parse('1')), (2, json_parse('1.0')), (3, json_parse('{"a":1,"b":[2,"x"]}')), (4, json_parse('{"b":[2.0,"x "],"a":1}')), (5, json_parse('null')), (6, null)`,
    `insert into doc values (7, json_parse('"x"')), (8, json_parse('"x "')), (9, json_parse('12345678901234567890123')), (10, json_parse('[12345678901234567890123]')), (11, json_parse('[12345678901234567890124]'))`,
    'create table customer(id int, c super)',
    `insert into customer values (1, json_parse('${ORDERS}')), (2, null)`,
    'create table people(id int, c super)',
    `insert into people values
      (1, json_parse('{"name":"Ann","age":7,"ok":true,"born":"2001-09-08","tags":["a"]}')), (2, json_parse('{"name":5,"age":"7","ok":"maybe"}')), (3, null)`,
  ],
  cases: [
    // Numbers are sorted as numbers
    runs(
      `create table priced as select 1 as id, json_parse('{"p":10,"at":[3,20,"x",true]}') as c union all select 2, json_parse('{"p":9.5}')
        union all select 3, json_parse('{"p":"a b"}') union all select 4, json_parse('{"p":"a"}') union all select 5, json_parse('{"p":null}')`,
    ),
    gives(
      'select id, c.p from priced order by c.p',
      ['id int4', 'p super'],
      ['2', '9.5'],
      ['1', '10'],
      ['4', '"a"'],
      ['3', '"a b"'],
      ['5', 'null'],
    ),
    gives(
      'select s.c.p as q from priced s where id <= 3 order by q desc nulls last, s.id limit 2',
      ['q super'],
      ['"a b"'],
      ['10'],
    ),
    gives(
      'select s.id, item from priced s, s.c.at as item order by 1, 2 desc',
      ['id int4', 'item super'],
      ['1', '"x"'],
      ['1', '20'],
      ['1', '3'],
      ['1', 'true'],
    ),
    gives('select id from priced where id < 3 order by c.at[1], public.priced.id', ['id int4'], ['1'], ['2']),
    gives(
      'select c.p, count(*) as n from priced where id < 3 group by c.p order by c.p',
      ['p super', 'n int8'],
      ['9.5', '1'],
      ['10', '1'],
    ),
    // UNNEST: https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_clause-unnest-examples.html
    runs(
      `create table baskets as select 1 as id, json_parse('[{"p":"a","parts":["x","y"]},{"p":"b"}]') as items union all select 2, null`,
    ),
    gives(
      'select b.id, u.item.p, item.parts[0] from baskets b, unnest(b.items) as u(item) order by u.item.p',
      ['id int4', 'p super', 'parts super'],
      ['1', '"a"', '"x"'],
      ['1', '"b"', null],
    ),
    gives(
      'select b.id, up.item.p, up.offset_col from baskets b, unnest(b.items) with offset as up(item) order by 3 offset 1',
      ['id int4', 'p super', 'offset_col int8'],
      ['1', '"b"', '1'],
    ),
    gives(
      'select u.item.p, v.part, v.n from baskets b, unnest(b.items) u(item), unnest(u.item.parts) with offset as v(part, n) where v.n = 1',
      ['p super', 'part super', 'n int8'],
      ['"a"', '"y"', '1'],
    ),
    gives(
      'select b.id, u.item.p from baskets b left join unnest(b.items) as u(item) on true order by 1, 2',
      ['id int4', 'p super'],
      ['1', '"a"'],
      ['1', '"b"'],
      ['2', null],
    ),
    gives(
      'select t.x, count(*) from unnest(array(1, 2, 1)) as t(x) group by t.x order by 1',
      ['x super', 'count int8'],
      ['1', '2'],
      ['2', '1'],
    ),
    fails(
      'select * from baskets b, unnest(b.items)',
      '0A000',
      'UNNEST without an alias and a name for its column is not supported by this stand-in for Amazon Redshift',
    ),
    fails('select * from baskets b, unnest(b.items) as u(item, n)', '42601', 'syntax error at or near "n"'),
    // Subqueries iterate over what the query around them has, and a null in JSON is one: https://docs.aws.amazon.com/redshift/latest/dg/super-examples.html
    gives(
      `select d.p from baskets b, b.items d where (select count(*) from d.parts e where e = 'y') > 0`,
      ['p super'],
      ['"a"'],
    ),
    gives(
      'select b.id, (select count(*) from b.items i) as n, (select max(v::varchar) from b.items as i at at_, unpivot i as v at k where at_ = 1) as m from baskets b order by 1',
      ['id int4', 'n int8', 'm varchar'],
      ['1', '2', 'b'],
      ['2', '0', null],
    ),
    gives(
      'select items[0].parts[1], items[1].p::varchar from baskets where id = 1',
      ['parts super', 'p varchar'],
      ['"y"', 'b'],
    ),
    gives(
      `select * from (select c.q as q from (select json_parse('{"q":null}') as c union all select json_parse('{"q":2}')) as t)
        pivot (count(*) for q in (1, 2, null))`,
      ['1 int8', '2 int8', 'null int8'],
      ['0', '1', '1'],
    ),
    // ARRAY is a name where no parenthesis follows: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html
    gives(
      `select array, element from (select json_parse('[[1.1, 1.2], [2.1, 2.2]]') as multi_level_array) as f,
        f.multi_level_array as array, array as element order by 2`,
      ['array super', 'element super'],
      ['[1.1,1.2]', '1.1'],
      ['[1.1,1.2]', '1.2'],
      ['[2.1,2.2]', '2.1'],
      ['[2.1,2.2]', '2.2'],
    ),
    gives(
      'select array[0], t.array from (select array(7, 8) as array) as t',
      ['array super', 'array super'],
      ['7', '[7,8]'],
    ),
    gives('select c.address.city from customer where id = 1', ['city super'], ['"Oslo"']),
    gives('select c.orders[1].key::int + 1 as next from customer where id = 1', ['next int4'], ['8']),
    gives(
      "select case when json_typeof(c.orders[0].key) = 'number' then c.orders[0].key::int end as key from customer order by id",
      ['key int4'],
      ['5'],
      [null],
    ),
    gives(
      'select t.id, o.key::int as key, position from customer t, t.c.orders as o at position order by position',
      ['id int4', 'key int4', 'position int8'],
      ['1', '5', '0'],
      ['1', '7', '1'],
    ),
    gives(
      'select o.key::int as key, line::varchar as line from customer as t, t.c.orders o, o.lines line where o.key::int < 6 order by line',
      ['key int4', 'line varchar'],
      ['5', 'a'],
      ['5', 'b'],
    ),
    fails(
      'select 1 from customer t, unpivot t.c.address as v at k, "a.xlsx"',
      '42P01',
      'relation "a.xlsx" does not exist',
    ),
    // What a condition names is no path into a table: here a schema.
    gives(
      'select count(*) from public.customer join people p on public.customer.id = p.id join public.people q on q.id = p.id',
      ['count int8'],
      ['2'],
    ),
    // Joined, a row without elements stays.
    gives(
      `select t.id, o.key, line, n from customer t left join t.c.orders as o on o.key <> 5 left join o.lines line at n on true order by 1, 2`,
      ['id int4', 'key super', 'line super', 'n int8'],
      ['1', '7', '"c"', '0'],
      ['2', null, null, null],
    ),
    gives(
      'select t.id, k, u.id as other from customer t inner join unpivot t.c.address as value at k on true join customer as u using (id) order by k',
      ['id int4', 'k varchar', 'other int4'],
      ['1', 'city', '1'],
      ['1', 'zip', '1'],
    ),
    gives(
      'select attribute, value::varchar as value from customer t, unpivot t.c.address as value at attribute order by attribute',
      ['attribute varchar', 'value varchar'],
      ['city', 'Oslo'],
      ['zip', '0150'],
    ),
    gives(
      'select t.id, count(*) as n from customer t join customer u on u.id = t.id, t.c.orders o group by t.id',
      ['id int4', 'n int8'],
      ['1', '2'],
    ),
    fails('select o from customer t, t.c.address as o', '22023', 'the SUPER value is not an array'),
    fails('select o from customer t, t.c.orders as o at', '42601', 'syntax error'),
    gives("select convert(datetime, '2008-02-18 02:36:48') as t", ['t timestamp'], ['2008-02-18 02:36:48']),
    // Dynamic typing: https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#dynamic-typing-lax-processing
    gives(
      "select c.name = 'Ann' as a, c.name <> 'Ann' as b, c.name <= 'Ann' as c, c.name in ('Ann', 'Bob') as d, c.name like 'A%' as e from people order by id",
      ['a bool', 'b bool', 'c bool', 'd bool', 'e bool'],
      ['true', 'false', 'true', 'true', 'true'],
      ['false', 'true', null, 'false', null],
      [null, null, null, null, null],
    ),
    gives(
      'select c.age = 7 as a, c.age > 6.5 as b, c.age between 1 and 9 as c, c.age in (7, 8) as d, 7 = c.age as e, c.ok = true as f from people order by id',
      ['a bool', 'b bool', 'c bool', 'd bool', 'e bool', 'f bool'],
      ['true', 'true', 'true', 'true', 'true', 'true'],
      ['false', null, null, 'false', 'false', 'false'],
      [null, null, null, null, null, null],
    ),
    gives('select count(*) as n from people p join people q on p.c.name = q.c.name', ['n int8'], ['2']),
    gives(
      "select json_parse('2.0') = json_parse('2') as n, json_parse('\"a \"') = json_parse('\"a\"') as t, json_parse('[1, 2]') = json_parse('[1,2]') as l",
      ['n bool', 't bool', 'l bool'],
      ['true', 'true', 'true'],
    ),
    // Lax semantics: what cannot be cast is null
    gives(
      'select c.age::int as a, c.name::int as n, c.ok::bool as o, c.born::date as d, c.tags::varchar as t from people order by id',
      ['a int4', 'n int4', 'o bool', 'd date', 't varchar'],
      ['7', null, 'true', '2001-09-08', null],
      ['7', '5', null, null, null],
      [null, null, null, null, null],
    ),
    gives(
      'select 5::super::bool as a, 5.0::super::bool as b, 2.5::super::int as c',
      ['a bool', 'b bool', 'c int4'],
      ['true', null, '3'],
    ),
    fails("select '2019-09-09'::date::super", '42846', 'cannot cast type date to super'),
    gives(
      'select upper(c.name) as u, len(c.name) as n from people where id = 1',
      ['u varchar', 'n int4'],
      ['ANN', '3'],
    ),
    fails("select c.name || 'x' from people", '0A000', '|| of a SUPER value'),
    // Arithmetic: https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html#arithmetic-opertors
    gives(
      `select (k + 0.5) * k / 10 as math, floor((k + 0.5) * k / 10) as f, ceil((k + 0.5) * k / 10) as c, round((k + 0.5) * k / 10) as r
        from (select json_parse('3727782') as k) o`,
      ['math super', 'f super', 'c super', 'r super'],
      ['1389636050341.5000', '1389636050341', '1389636050342', '1389636050342'],
    ),
    gives(
      `select c.age + 1 as a, c.age * 2.50 as b, c.age / 2 as c, c.age / 2.0 as d, c.age % 4 as e, c.name + 'x' as f, c.name + 1 as g, -c.age as h,
        -c.name as i, c.age * 0.5::float as j, sum(-id) over () as k from people order by id`,
      [
        'a super',
        'b super',
        'c super',
        'd super',
        'e super',
        'f super',
        'g super',
        'h super',
        'i super',
        'j super',
        'k int8',
      ],
      ['8', '17.50', '3', '3.5000', '3', '"Annx"', null, '-7', null, '3.5e+0', '-6'],
      [null, null, null, null, null, null, '6', null, '-5', null, '-6'],
      [null, null, null, null, null, null, null, null, null, null, '-6'],
    ),
    gives(
      "select abs(s) as a, trunc(s) as t, sign(s) as g, floor(s) as f from (select json_parse('-2.5') as s) o",
      ['a super', 't super', 'g super', 'f super'],
      ['2.5', '-2', '-1', '-3'],
    ),
    fails('select round(c.age, 1) from people', '42883', 'function round(super, integer) does not exist'),
    fails('select c.age / 0 from people where id = 1', '22012', 'division by zero'),
    fails(
      "select json_parse('9999999999999999999999999999999999') * 99999999999",
      '22003',
      'Numeric data overflow (result precision)',
    ),
    fails("select c.age + date '2020-01-01' from people", '42883', 'operator does not exist: super + date'),
    // r_is_float, r_is_decimal, r_decimal_precision, r_decimal_scale
    runs('create table numbers(s super)'),
    runs('insert into numbers values (2.22::float), (3.14159), (1.50)'),
    gives(
      'select s, is_float(s) as f, is_decimal(s) as d, decimal_precision(s) as p, decimal_scale(s) as c, s::decimal(8,3) as v from numbers order by s',
      ['s super', 'f bool', 'd bool', 'p int4', 'c int4', 'v numeric(8,3)'],
      ['1.50', 'false', 'true', '3', '2', '1.500'],
      ['2.22e+0', 'true', 'false', null, null, '2.220'],
      ['3.14159', 'false', 'true', '6', '5', '3.142'],
    ),
    // r_SUM, r_MAX: the type of the result is the argument's.
    gives(
      'select sum(s) as s, max(s) as m, min(s) as n, sum(distinct s) as d from numbers where is_decimal(s)',
      ['s super', 'm super', 'n super', 'd super'],
      ['4.64159', '3.14159', '1.50', '4.64159'],
    ),
    gives('select max(c.name) as m from people where id = 1', ['m super'], ['"Ann"']),
    fails('select max(c.age) from people', '0A000', 'MIN or MAX of SUPER values of several types'),
    fails('select avg(c.age) from people', '0A000', 'AVG of a SUPER value'),
    fails("select id from people where c.born = date '2001-09-08'", '0A000', 'a comparison of SUPER with date'),
    gives(`select json_parse('{"a" : [1, 2]}') as j`, ['j super'], ['{"a":[1,2]}']),
    // A table may be joined to itself under its own name; an element may be iterated over under its own.
    gives(
      'select people.id as a, other.id as b from people, people other where people.id = other.id + 1 order by 1',
      ['a int4', 'b int4'],
      ['2', '1'],
      ['3', '2'],
    ),
    gives(
      "select n as deep from (select json_parse('[[1,2],[3]]') as m) t, t.m as l, l as n order by n::int",
      ['deep super'],
      ['1'],
      ['2'],
      ['3'],
    ),
    // Dynamic typing: numbers are compared by what they are, texts without the blanks at their end, objects and arrays deeply
    gives(
      'select min(id) as id, count(*) as n from doc group by s order by 1',
      ['id int4', 'n int8'],
      ['1', '2'],
      ['3', '2'],
      ['5', '2'],
      ['7', '2'],
      ['9', '1'],
      ['10', '1'],
      ['11', '1'],
    ),
    gives('select count(*) as n from (select distinct s from doc) d', ['n int8'], ['7']),
    gives('select count(*) as n from (select s from doc union select s from doc) d', ['n int8'], ['7']),
    gives(
      'select count(*) as n from (select s from doc except select s from doc where id in (1, 3)) d',
      ['n int8'],
      ['5'],
    ),
    gives(
      'select count(distinct s) as d, count(s) as n, count(*) as r from doc',
      ['d int8', 'n int8', 'r int8'],
      ['6', '9', '11'],
    ),
    gives(
      'select s.a, count(distinct s.b) as d, count(*) as n from doc where s.a is not null group by s.a',
      ['a super', 'd int8', 'n int8'],
      ['1', '1', '2'],
    ),
    gives(
      'select a.id, b.id as other from doc a join doc b on a.s = b.s and a.id < b.id order by 1',
      ['id int4', 'other int4'],
      ['1', '2'],
      ['3', '4'],
      ['7', '8'],
    ),
    gives(
      'select id, row_number() over (partition by s order by id) as n, dense_rank() over (order by s) as r from doc where id < 9 order by 1',
      ['id int4', 'n int8', 'r int8'],
      ['1', '1', '1'],
      ['2', '2', '1'],
      ['3', '1', '3'],
      ['4', '2', '3'],
      ['5', '1', '4'],
      ['6', '2', '4'],
      ['7', '1', '2'],
      ['8', '2', '2'],
    ),
    // a window over groups
    gives(
      'select min(id) as id, rank() over (order by s desc) as r from doc where id < 9 group by s order by 1',
      ['id int4', 'r int8'],
      ['1', '4'],
      ['3', '2'],
      ['5', '1'],
      ['7', '3'],
    ),
    fails('select count(*) from doc a join doc b using (s)', '0A000', 'USING and NATURAL JOIN of SUPER values'),
    // The null of JSON is NULL
    gives('select id from doc where s is null order by id', ['id int4'], ['5'], ['6']),
    gives('select id from doc where s isnull or not s notnull order by id', ['id int4'], ['5'], ['6']),
    gives(
      'select id, coalesce(s, 7) as c, nvl2(s, 1, 2) as n from doc where id between 4 and 6 and nvl(s, 0) = 0 order by id',
      ['id int4', 'c super', 'n int4'],
      ['5', '7', '2'],
      ['6', '7', '2'],
    ),
    gives(
      'select id, last_value(s ignore nulls) over (order by id rows unbounded preceding) as l from doc where id in (2, 5, 6) order by id',
      ['id int4', 'l super'],
      ['2', '1.0'],
      ['5', '1.0'],
      ['6', '1.0'],
    ),
    gives(
      "select count(e) as n, count(*) as r, sum(case when e is null then 1 else 0 end) as z from (select json_parse('[1,null,2]') as a) q, q.a as e",
      ['n int8', 'r int8', 'z int8'],
      ['2', '3', '1'],
    ),
  ],
};

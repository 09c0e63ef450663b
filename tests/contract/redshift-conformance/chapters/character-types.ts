import { fails, gives, runs, type Chapter } from '../chapter.ts';

export const CHARACTER_TYPES: Chapter = {
  title: 'Character types: lengths in bytes',
  page: 'r_Character_types.html',
  setup: [
    'create table city (city_name char(10), note varchar(4))',
    'create table address (address_id int, address1 varchar(100))',
    'create table fixed (c char(10), v varchar(10), b varbyte(10))',
    "insert into fixed (c, v) values ('aa', 'aa'), (null, null)",
  ],
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
    // Trailing blanks are insignificant when values are compared
    runs("insert into address values (1, '9516 Magnolia Boulevard'), (2, '9516 Magnolia Boulevard  ')"),
    gives("select count(*) from address where address1='9516 Magnolia Boulevard'", ['count int8'], ['2']),
    gives('select length(address1) from address order by 1', ['length int4'], ['23'], ['25']),
    gives('select count(*) from (select distinct * exclude address_id from address) q', ['count int8'], ['1']),
    gives(
      "select count(*) from (select distinct a.*, 'x' as x exclude (address_id, x) from address a) q",
      ['count int8'],
      ['1'],
    ),
    // What comes next decides between them
    gives(
      'select address1 as a, address_id from address where address_id < 3 -- both\n order by 1, 2 desc',
      ['a varchar', 'address_id int4'],
      ['9516 Magnolia Boulevard  ', '2'],
      ['9516 Magnolia Boulevard', '1'],
    ),
    gives(
      'select a.address_id from address a, city where a.address_id > 0 or city_name is null order by city_name desc, a.address1 desc, a.address_id limit 2',
      ['address_id int4'],
      ['1'],
      ['2'],
    ),
    gives(
      'select *, row_number() over (order by address_id) as n from address order by address1, n desc limit 1',
      ['address_id int4', 'address1 varchar', 'n int8'],
      ['2', '9516 Magnolia Boulevard  ', '2'],
    ),
    gives(
      "select count(*) as n, count(distinct a.address1) as d from address a join address b on a.address1 = b.address1 where a.address1 in ('9516 Magnolia Boulevard ')",
      ['n int8', 'd int8'],
      ['4', '1'],
    ),
    gives(
      "select 'a' = 'a ' as e, 'a ' <> 'a' as d, 'a ' > 'a' as g, 'a'::char(3) = 'a' as c, 'b ' between 'a' and 'b' as b, case 'a ' when 'a' then 1 end as w",
      ['e bool', 'd bool', 'g bool', 'c bool', 'b bool', 'w int4'],
      ['true', 'false', 'false', 'true', 'true', '1'],
    ),
    gives(
      'select count(*) from address where address1 in (select address1 from address where address_id = 1)',
      ['count int8'],
      ['2'],
    ),
    runs("update address set address1 = 'short ' where address1 = '9516 Magnolia Boulevard' and address_id = 1"),
    gives("select len(address1) from address where address1 = 'short'", ['len int4'], ['6']),
    // NULLIF and DECODE compare as `=` does
    gives(
      `select nullif('   ', '') as n, nullif(address1, 'short') as a, decode('a ', 'a', 1, 2) as d from address where address_id = 1`,
      ['n varchar', 'a varchar', 'd int4'],
      [null, null, '1'],
    ),
    fails("select * from address where date '2020-01-01' = 5", '42883', 'operator does not exist: date = integer'),
    fails('create table wide (c varchar(70000))', '22023', 'length for type varchar cannot exceed 65535'),
    // Trailing blanks are no part of a CHAR; blanks too many are cut off a VARCHAR
    runs('create table kept (id int, c char(5), v varchar(4))'),
    runs("insert into kept values (1, 'ab  ', 'abcd   '), (2, 'x', 'x ')"),
    runs("insert into kept select 3, 'zz  '::varchar, 'y'"),
    runs("insert into kept (v, c) values ('q', 'abcde    ')"),
    runs("update kept as k set c = case when id = 2 then 'two ' else c end, v = 'w ' where id = 2"),
    gives(
      "select c, len(c) as n, octet_length(c) as o, c || '|' as t, v, len(v) as m from kept order by c",
      ['c varchar', 'n int4', 'o int4', 't varchar', 'v varchar', 'm int4'],
      ['ab', '2', '5', 'ab|', 'abcd', '4'],
      ['abcde', '5', '5', 'abcde|', 'q', '1'],
      ['two', '3', '5', 'two|', 'w ', '2'],
      ['zz', '2', '5', 'zz|', 'y', '1'],
    ),
    runs('create table kept_source (id int, c varchar(10))'),
    runs("insert into kept_source values (1, 'm '), (99, 'n  ')"),
    runs(
      'merge into kept using kept_source as s on kept.id = s.id when matched then update set c = s.c when not matched then insert (id, c) values (s.id, s.c)',
    ),
    gives('select len(c) as n from kept where id in (1, 99)', ['n int4'], ['1'], ['1']),
    fails("insert into kept values (4, 'abcdef', 'x')", '22001', 'value too long for type character(5)'),
    // Nor do they count where windows are made of rows.
    runs('create table contact (mail varchar(20), seen int)'),
    runs("insert into contact values ('a@x', 1), ('a@x ', 2), ('a@x  ', 3), ('b@x', 4), (null, 5)"),
    gives(
      'select seen from contact qualify row_number() over (partition by mail order by seen desc) = 1 order by seen',
      ['seen int4'],
      ['3'],
      ['4'],
      ['5'],
    ),
    gives(
      'select seen, rank() over (order by mail desc nulls last) as r, sum(seen) over (partition by mail order by seen rows unbounded preceding) as s from contact order by seen',
      ['seen int4', 'r int8', 's int8'],
      ['1', '2', '1'],
      ['2', '2', '3'],
      ['3', '2', '6'],
      ['4', '1', '4'],
      ['5', '5', '5'],
    ),
    runs("insert into contact values (' ', 6), ('', 7)"),
    gives(
      "select listagg(distinct mail, '|') within group (order by seen desc) as mails, (select count(distinct mail) from contact) as n from contact",
      ['mails varchar', 'n int8'],
      [' |b@x|a@x  ', '3'],
    ),
    gives(
      "select distinct listagg(distinct mail, '|') within group (order by seen) over (partition by mail is null) as mails from contact order by 1",
      ['mails varchar'],
      ['a@x|b@x| '],
      [null],
    ),
    // Nor where groups are made, whatever their keys look like.
    runs('create table visit (mail varchar(20), page varchar(20), n int)'),
    runs(
      "insert into visit values ('a@x', 'home', 1), ('a@x ', 'home  ', 2), ('a@x  ', 'shop', 4), ('b@x ', 'shop ', 8), ('b@x ', 'shop ', 16), (null, 'shop', 32)",
    ),
    gives(
      'select rtrim(mail) as m, count(*) as c, sum(n) as s, max(len(mail)) as l from visit group by mail order by s',
      ['m varchar', 'c int8', 's int8', 'l int4'],
      ['a@x', '3', '7', '5'],
      ['b@x', '2', '24', '4'],
      [null, '1', '32', null],
    ),
    // A text that is alone keeps its blanks.
    gives("select mail || '|' as m from visit where n > 4 group by 1 order by 1", ['m varchar'], ['b@x |'], [null]),
    gives(
      "select upper(rtrim(v.mail)) as mail, 'web' as channel, sum(n) as s from visit as v group by v.mail, channel having sum(n) > 7 and mail <> 'c' order by v.mail desc",
      ['mail varchar', 'channel varchar', 's int8'],
      ['B@X', 'web', '24'],
    ),
    gives(
      'select s, count(*) as c from (select mail || page as k, sum(n) as s from visit group by k) as q group by s order by 1',
      ['s int8', 'c int8'],
      ['1', '1'],
      ['2', '1'],
      ['4', '1'],
      ['24', '1'],
      ['32', '1'],
    ),
    gives(
      'select rtrim(mail) as m, rtrim(page) as p, sum(n) as s, grouping(mail) + grouping(page) as g from visit where n < 32 group by rollup (mail, page) order by g, s',
      ['m varchar', 'p varchar', 's int8', 'g int4'],
      ['a@x', 'home', '3', '0'],
      ['a@x', 'shop', '4', '0'],
      ['b@x', 'shop', '24', '0'],
      ['a@x', null, '7', '1'],
      ['b@x', null, '24', '1'],
      [null, null, '31', '2'],
    ),
    gives(
      'select sum(n) as s from visit group by grouping sets ((mail), (page)) order by 1',
      ['s int8'],
      ['3'],
      ['7'],
      ['24'],
      ['32'],
      ['60'],
    ),
    fails(
      'select count(*) from visit group by rollup (rtrim(mail), page || page)',
      '0A000',
      'GROUP BY of texts that end with blanks is not supported here',
    ),
    gives(
      'select rtrim(mail) as m, rank() over (order by sum(n) desc) as r, (select max(w.n) from visit as w where w.mail = v.mail) as x from visit as v where mail is not null group by mail qualify row_number() over (order by mail) < 3 order by r',
      ['m varchar', 'r int8', 'x int4'],
      ['b@x', '1', '16'],
      ['a@x', '2', '4'],
    ),
    // Sums are put in order as numbers.
    gives(
      'select rtrim(mail) as m, rank() over (order by sum(n) desc) as r from visit where n < 32 group by mail order by r',
      ['m varchar', 'r int8'],
      ['b@x', '1'],
      ['a@x', '2'],
    ),
    // Rows that are the same come once.
    gives('select count(*) as c from (select distinct mail, page from visit) as q', ['c int8'], ['4']),
    gives(
      'select distinct rtrim(mail) as m, page is null as p from visit order by m',
      ['m varchar', 'p bool'],
      ['a@x', 'false'],
      ['b@x', 'false'],
      [null, 'false'],
    ),
    gives(
      'select count(*) as c from (select distinct v.*, count(*) over (partition by v.n) as k from visit as v) as q',
      ['c int8'],
      ['6'],
    ),
    gives('select count(*) as c from (select distinct * from (select mail from visit) as v) as q', ['c int8'], ['3']),
    gives(
      'select count(*) as c from (select distinct mail, min(page) over (partition by mail) as p from visit) as q',
      ['c int8'],
      ['3'],
    ),
    gives(
      "select rtrim(mail) as m from (select mail from visit union select 'c@x ' union select 'c@x') as q order by 1",
      ['m varchar'],
      ['a@x'],
      ['b@x'],
      ['c@x'],
      [null],
    ),
    gives(
      "select count(*) as c from (select * from visit union all select * from visit union select 'a@x', 'home', 1) as q",
      ['c int8'],
      ['6'],
    ),
    gives("select rtrim(mail) as m, n from visit intersect select 'b@x   ', 8", ['m varchar', 'n int4'], ['b@x', '8']),
    gives("select page from visit where n < 8 minus select 'home   ' order by 1", ['page varchar'], ['shop']),
    gives(
      "select page, page from visit where n = 2 union select 'home  ', 'home  '",
      ['page varchar', 'page varchar'],
      ['home  ', 'home  '],
    ),
    fails("select * from visit except select 'b@x', 'shop', 8", '0A000', 'name the columns'),
    // What is kept is exact, too.
    runs('create table by_mail as select mail, sum(n) as s from visit group by mail'),
    runs('insert into by_mail select distinct mail, 100 from visit union select mail, 100 from visit'),
    runs('create view mails as select mail, count(*) as c from by_mail group by 1'),
    gives(
      'select count(*) as n, min(c) as least, max(c) as most from mails',
      ['n int8', 'least int8', 'most int8'],
      ['3', '2', '2'],
    ),
    // A TOP is the whole query's, whatever CASE its WHERE has
    gives(
      'select top 1 n from visit where case when n < 3 then true else false end order by n desc',
      ['n int4'],
      ['2'],
    ),
    // What says whose blanks count.
    gives(
      'select rtrim(mail) as mail, sum(seen) as s from contact group by 1 order by 1',
      ['mail varchar', 's int8'],
      ['', '13'],
      ['a@x', '6'],
      ['b@x', '4'],
      [null, '5'],
    ),
    // Windows by texts without such blanks, of a query that has conditions of its own or none, and a comment at its end.
    runs('create table page (id int, name varchar(20), other varchar(20))'),
    runs("insert into page values (1, 'a', 'x'), (2, 'b', 'x'), (3, 'a', 'y'), (4, null, 'y')"),
    gives(
      'select id, row_number() over (partition by name order by p.other desc, id) as n from page p order by id -- all',
      ['id int4', 'n int8'],
      ['1', '2'],
      ['2', '1'],
      ['3', '1'],
      ['4', '1'],
    ),
    gives(
      'select id from page where id > 1 and name is not null qualify row_number() over (partition by name order by id) = 1 order by id',
      ['id int4'],
      ['2'],
      ['3'],
    ),
    gives(
      "select upper(name) as other, rank() over (order by other) as r from page where id = 1 or id = 3 union all select name || '!', 0 from page where id = 2 order by r, 1",
      ['other varchar', 'r int8'],
      ['b!', '0'],
      ['A', '1'],
      ['A', '2'],
    ),
    gives(
      'select q.n, p.id from page p left join (select name, count(*) over (partition by name) as n from page where id < 3 or id > 9) q on q.name = p.name where p.id < 3 order by 2',
      ['n int8', 'id int4'],
      ['1', '1'],
      ['1', '2'],
    ),
    gives('select distinct name from page where name is not null and id < 4 -- once', ['name varchar'], ['a'], ['b']),
    gives('select top 1 id from page order by id -- one', ['id int4'], ['1']),
    // r_VARBYTE_type: the cast of a CHAR column has its size, that of a VARCHAR column its bytes
    gives(
      'select c::varbyte, to_hex(f.c::varbyte) as h, to_hex(cast(c as varbyte)) as i, to_hex(v::varbyte) as v from fixed f where c is not null',
      ['c varbyte', 'h varchar', 'i varchar', 'v varchar'],
      ['aa        ', '61612020202020202020', '61612020202020202020', '6161'],
    ),
    gives(
      "with q as (select c as x from fixed) select (select count(*) from fixed f where f.c::varbyte = q.x::varbyte) as n, to_hex('ab'::char(3)::varbyte) as h from q where x::varbyte = 'aa        '::varbyte",
      ['n int8', 'h varchar'],
      ['1', '616220'],
    ),
    // r_OCTET_LENGTH
    gives(
      "select octet_length(cast('francais   ' as char(15))) as c, octet_length(cast('francais   ' as varchar(15))) as v",
      ['c int4', 'v int4'],
      ['15', '11'],
    ),
    gives(
      'select octet_length(c) as n, octet_length(f.v) as v, len(c) as l from fixed f where octet_length( c ) > 5',
      ['n int4', 'v int4', 'l int4'],
      ['10', '2', '2'],
    ),
    runs('update fixed set b = c::varbyte'),
    gives('select len(b) as n from fixed order by n', ['n int4'], ['10'], [null]),
    gives(
      "select md5(c) = md5('aa') as m, len(c || 'x') as n from fixed where c = 'aa'",
      ['m bool', 'n int4'],
      ['true', '3'],
    ),
  ],
};

import { fails, gives, runs, type Chapter } from '../chapter.ts';

const keysOf = (table: string): string =>
  `select "column", distkey, sortkey from pg_table_def where tablename = '${table}' order by "column"`;
const KEYS = ['column varchar', 'distkey bool', 'sortkey int4'];

/** The rules of https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html and of its examples' pages are among the cases. */
export const TABLE_RULES: Chapter = {
  title: 'What a definition of a table may not be',
  page: 'r_CREATE_TABLE_NEW.html',
  setup: [
    'create table listing (listid int not null primary key, sellerid int, code varchar(5), unique (sellerid, code))',
    'create table inventory (day int not null, item int not null, warehouse int not null, note varchar(16) encode zstd, size varbyte(4)) diststyle even',
  ],
  cases: [
    // Keys
    fails(
      'create table t (a int) distkey(a) diststyle even',
      '42P16',
      'DISTKEY column cannot be specified with DISTSTYLE EVEN',
    ),
    fails(
      'create table t (a int distkey) diststyle all',
      '42P16',
      'DISTKEY column cannot be specified with DISTSTYLE ALL',
    ),
    fails('create table t (a int) diststyle key', '42P16', 'DISTSTYLE KEY needs a DISTKEY column'),
    fails('create table t diststyle key as select 1 as a', '42P16', 'DISTSTYLE KEY needs a DISTKEY column'),
    fails('create table t (a int distkey, b int distkey)', '42P16', 'can have one distribution key'),
    fails('create table t (a int sortkey, b int sortkey)', '42P16', 'can have one sort key'),
    fails('create table t (a int) sortkey(a) sortkey(a)', '42601', 'conflicting or redundant options'),
    fails('create table t (a super) sortkey(a)', '42P16', 'column "a" of type super cannot be a sort key'),
    fails('create table t (a super distkey)', '42P16', 'column "a" of type super cannot be a distribution key'),
    fails(
      'create table t (a int, b int, c int, d int, e int, f int, g int, h int, i int) interleaved sortkey(a,b,c,d,e,f,g,h,i)',
      '42P16',
      'at most 8 columns in its interleaved sort key',
    ),
    // Columns
    fails('create table t (a int null not null)', '42601', 'conflicting NULL/NOT NULL declarations for column "a"'),
    fails('create table t (a smallint identity(1,1))', '42P16', 'identity column "a" must be of type INT or BIGINT'),
    fails(
      'create table t (a int identity(1,1) default 5)',
      '42601',
      'multiple default values specified for column "a"',
    ),
    fails('create table t (xmin int)', '42701', 'column name "xmin" conflicts with a system column name'),
    fails('create table t as select 1 as ctid', '42701', 'column name "ctid" conflicts with a system column name'),
    fails('create table t (a int) as select 1', '42601', 'syntax error at or near "int"'),
    fails('create table t (a int encode text255)', '42P16', 'TEXT255 is not supported for column "a" of type integer'),
    fails(
      'create table t (a smallint encode mostly16)',
      '42P16',
      'MOSTLY16 is not supported for column "a" of type smallint',
    ),
    fails('create table t (a varchar(9) encode az64)', '42P16', 'AZ64 is not supported for column "a"'),
    fails('create table t (a int encode zip)', '42601', 'invalid encoding type "zip"'),
    runs(
      'create table t (a int encode delta, b varchar(9) encode text32k, c float encode bytedict, d super encode zstd, e date encode raw, f timestamptz encode delta, g timestamptz encode delta32k)',
    ),
    runs('drop table t'),
    fails('create table t (like inventory) distkey(item)', '42601', 'CREATE TABLE LIKE cannot specify'),
    // Constraints
    fails(
      'create table t (a int primary key, b int primary key)',
      '42P16',
      'multiple primary keys for table "t" are not allowed',
    ),
    fails('create table t (a int primary key, b int, primary key (b))', '42P16', 'multiple primary keys'),
    fails('create table t (a int, unique (b))', '42703', 'column "b" named in key does not exist'),
    fails(
      'create table t (a int references listing (sellerid))',
      '42830',
      'there is no unique constraint matching given keys for referenced table "listing"',
    ),
    fails('create table t (a int references listing (nope))', '42703', 'column "nope" referenced in foreign key'),
    fails(
      'create table t (a int references inventory)',
      '42704',
      'there is no primary key for referenced table "inventory"',
    ),
    runs(
      'create table sales (a int references listing, b int, c varchar(5), foreign key (c, b) references listing (code, sellerid))',
    ),
    fails('alter table sales add primary key (a)', '42P16', 'column "a" of a primary key must be NOT NULL'),
    fails(
      'alter table sales add constraint f foreign key (b) references inventory (item)',
      '42830',
      'no unique constraint',
    ),
    fails('alter table listing add primary key (sellerid)', '42P16', 'multiple primary keys for table "listing"'),
    // Adding columns
    fails('alter table sales add column d int unique', '0A000', 'ADD COLUMN … UNIQUE'),
    fails('alter table sales add column d int primary key', '0A000', 'ADD COLUMN … PRIMARY KEY'),
    fails('alter table sales add column d int references listing', '0A000', 'ADD COLUMN … REFERENCES'),
    fails('alter table sales add column d int identity(1,1)', '0A000', 'ADD COLUMN … IDENTITY'),
    fails('alter table sales add d int generated by default as identity(1,1)', '0A000', 'ADD COLUMN … IDENTITY'),
    fails('alter table sales add column d int distkey', '0A000', 'ADD COLUMN … DISTKEY'),
    // Dropping columns: views, foreign keys of other tables and keys of several columns are in the way
    runs('create view sellers as select l.code from listing l join inventory i on i.item = l.listid'),
    runs('create view more_sellers as select code from sellers'),
    fails('alter table listing drop column code', '2BP01', 'because other objects depend on it'),
    fails('alter table listing drop column sellerid restrict', '2BP01', 'because other objects depend on it'),
    runs('alter table inventory drop column day'),
    fails('alter table inventory drop column item', '2BP01', 'because other objects depend on it'),
    runs('alter table listing drop column code cascade'),
    fails('select * from more_sellers', '42P01', 'relation "more_sellers" does not exist'),
    gives(
      "select conname from pg_constraint c join pg_class t on t.oid = c.conrelid where relname in ('listing', 'sales') order by 1",
      ['conname varchar'],
      ['listing_pkey'],
      ['sales_a_fkey'],
    ),
    runs('alter table inventory drop column item'),
    fails('alter table inventory drop column note sideways', '42601', 'syntax error at or near "sideways"'),
    fails('alter table inventory rename to #passing', '42P16', 'cannot be renamed to "#passing"'),
    fails('alter table inventory rename column note to oid', '42701', 'conflicts with a system column name'),
    // Sizes and encodings
    runs('alter table inventory alter column size type varbyte(300)'),
    fails('alter table inventory alter column note encode zstd', '0A000', 'it is ZSTD already'),
    fails('alter table inventory alter note encode lzo, alter note encode raw', '0A000', 'it comes twice'),
    fails('alter table inventory alter column warehouse encode text255', '42P16', 'TEXT255 is not supported'),
    runs('alter table inventory alter column note encode lzo, alter column warehouse encode delta'),
    gives(
      `select "column", encoding from pg_table_def where tablename = 'inventory' order by 1`,
      ['column varchar', 'encoding varchar'],
      ['note', 'lzo'],
      ['size', 'lzo'],
      ['warehouse', 'delta'],
    ),
    // Keys of a table that is there
    runs('alter table inventory alter diststyle key distkey warehouse'),
    gives(keysOf('inventory'), KEYS, ['note', 'false', '0'], ['size', 'false', '0'], ['warehouse', 'true', '0']),
    runs('alter table inventory alter sortkey (note, warehouse), alter diststyle all'),
    gives(keysOf('inventory'), KEYS, ['note', 'false', '1'], ['size', 'false', '0'], ['warehouse', 'false', '2']),
    runs('alter table inventory alter distkey warehouse, alter sortkey (warehouse)'),
    gives(keysOf('inventory'), KEYS, ['note', 'false', '0'], ['size', 'false', '0'], ['warehouse', 'true', '1']),
    runs('alter table inventory alter sortkey auto'),
    gives(keysOf('inventory'), KEYS, ['note', 'false', '0'], ['size', 'false', '0'], ['warehouse', 'true', '1']),
    runs('alter table inventory alter sortkey none'),
    gives(keysOf('inventory'), KEYS, ['note', 'false', '0'], ['size', 'false', '0'], ['warehouse', 'true', '0']),
    fails('alter table inventory alter distkey nope', '42703', 'column "nope" named in key does not exist'),
    fails('alter table inventory alter interleaved sortkey (note)', '42601', 'syntax error'),
    runs('create table woven (a int, b int) interleaved sortkey (a, b)'),
    fails('alter table woven alter diststyle even', '0A000', 'with an interleaved sort key'),
    fails('alter table woven alter column a encode raw', '0A000', 'interleaved sort key'),
    runs('alter table woven alter sortkey (b)'),
    runs('create temp table passing (a int)'),
    fails('alter table passing alter sortkey (a)', '0A000', 'SORTKEY of a temporary table'),
    fails('alter table passing alter diststyle all', '0A000', 'of a temporary table'),
    // Appending
    runs('create table month (id int, note varchar(5), extra int)'),
    runs('create table year (id int, note varchar(6))'),
    fails('alter table year append from month', '42P16', 'is not in both tables'),
    fails(
      'alter table year append from month ignoreextra',
      '0A000',
      'data types of column "note" differ in the two tables',
    ),
    fails('alter table year append from month ignoreextra filltarget', '42601', 'syntax error at or near "filltarget"'),
    runs('create table counted (n int identity(1,1), id int)'),
    runs('create table counting (n int identity(1,1), id int)'),
    fails('alter table counted append from counting', '0A000', 'identity column "n" cannot be appended'),
    runs('create table keyed (id int distkey, note varchar(6))'),
    fails('alter table year append from keyed', '0A000', 'the distribution styles or keys differ'),
    // Identity columns take no value
    runs('create table visits (id bigint identity, other int generated by default as identity, page varchar(9))'),
    runs("insert into visits (page) values ('a'), ('b')"),
    fails('update visits set id = 5', '42601', 'cannot set an identity column to a value'),
    runs('update visits set other = 7 where id = 1'),
    fails(
      "merge into visits using listing on visits.other = listing.listid when matched then update set id = 1 when not matched then insert (page) values ('c')",
      '42601',
      'cannot set an identity column to a value',
    ),
    gives(
      'select * from visits order by 1',
      ['id int8', 'other int4', 'page varchar'],
      ['1', '7', 'a'],
      ['2', '2', 'b'],
    ),
    fails(
      'insert into year (id) values ((select max(id) + 1 from year)), ((select max(id) + 2 from year))',
      '0A000',
      "can't use subqueries in multi-row VALUES",
    ),
    runs('insert into year (id) values ((select count(*) from year))'),
  ],
};

/** https://docs.aws.amazon.com/redshift/latest/dg/c_Examples_of_UPDATE_statements.html */
export const UPDATES: Chapter = {
  title: 'UPDATE of a table that FROM names again',
  page: 'c_Examples_of_UPDATE_statements.html',
  setup: [
    'create table category (catid int, catgroup varchar(10))',
    'create table event (eventid int, catid int)',
    "insert into category values (1, 'Sports'), (9, 'Concerts'), (6, 'Shows')",
    'insert into event values (796, 6), (797, 9)',
  ],
  cases: [
    runs(
      "update category set catid = 100 from event join category cat on event.catid = cat.catid where cat.catgroup = 'Concerts'",
    ),
    gives(
      'select * from category order by 1',
      ['catid int4', 'catgroup varchar'],
      ['1', 'Sports'],
      ['6', 'Shows'],
      ['100', 'Concerts'],
    ),
    fails(
      "update category set catid = 101 from event left join category cat on event.catid = cat.catid where cat.catgroup = 'Concerts'",
      '0A000',
      'Target table must be part of an equijoin predicate',
    ),
    runs(
      "update category set catid = 102 from (select event.catid from event left join category cat on event.catid = cat.catid) eventcat where category.catid = eventcat.catid and catgroup = 'Shows'",
    ),
    runs('update category c set catid = 2 from category other where other.catid = 1 or other.catid = 0'),
    // Where a condition names both, each row is joined with others.
    runs('update category set catid = other.catid + 1 from category other where category.catid + 2 = other.catid'),
    gives(
      'select * from category order by 1',
      ['catid int4', 'catgroup varchar'],
      ['2', 'Sports'],
      ['102', 'Shows'],
      ['103', 'Concerts'],
    ),
  ],
};

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_VIEW.html, materialized-view-create-sql-command.html, r_SELECT_INTO.html */
export const VIEW_RULES: Chapter = {
  title: 'What views may be of',
  page: 'r_CREATE_VIEW.html',
  setup: ['create table plain (a int, b varchar(10), c char(3))', 'create temp table passing as select 1 as z'],
  cases: [
    ...['plain', '(select a from plain) x', 'svv_table_info'].map((from) =>
      fails(
        `create view late as select * from ${from} with no schema binding`,
        '0A000',
        'All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.',
      ),
    ),
    runs(
      'create view late as with q as (select a from public.plain) select q.a, g from q, generate_series(1, 2) g where a is distinct from g with no schema binding',
    ),
    fails(
      'create view later as with recursive q(n) as (select 1 union all select n + 1 from q where n < 3) select n from q with no schema binding',
      '0A000',
      'a view WITH NO SCHEMA BINDING cannot be recursive',
    ),
    runs('create view bound as select a, b from plain'),
    fails('create or replace view bound as select a from plain', '42P16', 'cannot change number of columns in view'),
    fails('create or replace view bound as select a, c from plain', '42P16', 'cannot change name of view column "b"'),
    fails(
      'create or replace view bound as select b as a, b from plain',
      '42P16',
      'cannot change data type of view column "a"',
    ),
    runs("create or replace view bound (a, b) as select a + 1, b || 'x' from plain"),
    fails('lock table bound', '42809', '"bound" is not a table'),
    // A materialized view has no order, and is of tables and of other materialized views
    fails('create materialized view mv as select a from plain order by a', '0A000', 'cannot have ORDER BY'),
    fails('create materialized view mv as select a from plain limit 3', '0A000', 'cannot have LIMIT'),
    fails('create materialized view mv as select a from bound', '0A000', 'cannot read "bound", which is a view'),
    fails('create materialized view mv as select z from passing', '0A000', 'which is a temporary table'),
    fails('create materialized view mv as select 1 as n from svv_table_info', '0A000', 'which is a system table'),
    runs(
      'create materialized view mv as with v as (select a, b from plain) select a, b, row_number() over (order by a) as n from v',
    ),
    runs('create materialized view above as select a from mv'),
    // https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-create-sql-command.html
    runs('create function doubled(int) returns int stable as $$ select $1 * 2 $$ language sql'),
    fails(
      'create materialized view mv2 as select doubled(a) as d from plain',
      '0A000',
      'a materialized view cannot call user-defined function doubled(integer)',
    ),
    fails(
      'create materialized view mv2 as select a, current_schema() as s from plain',
      '0A000',
      'a materialized view cannot call CURRENT_SCHEMA',
    ),
    fails(
      'create materialized view mv2 auto refresh yes as select a from plain where a > extract(year from getdate())',
      '0A000',
      'AUTO REFRESH YES is not possible of a materialized view that calls GETDATE',
    ),
    fails(
      'create materialized view mv2 auto refresh yes as select a from mv',
      '0A000',
      'AUTO REFRESH YES is not possible of a materialized view of another, "mv"',
    ),
    runs('create materialized view mv2 auto refresh no as select a as now, current_date as d from plain'),
    fails('alter table mv2 rename to mv3', '0A000', 'cannot rename materialized view "mv2"'),
    runs('drop materialized view mv2'),
    // A default calls none of the users' functions
    ...[
      'create table defaulted (a int default doubled(1) + 1)',
      'alter table plain add column z int default doubled(2)',
    ].map((sql) => fails(sql, '0A000', 'cannot use user-defined function "doubled" in default expression')),
    fails('create table defaulted (a int default tripled(1))', '42883', 'function tripled(integer) does not exist'),
    runs('drop function doubled(int)'),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_VACUUM_command.html
    ...['101', '7.5'].map((threshold) =>
      fails(`vacuum plain to ${threshold} percent`, '22023', 'is not an integer between 0 and 100'),
    ),
    runs('vacuum sort only plain to 75 percent'),
    runs('vacuum full public.plain to 100 percent boost'),
    runs('vacuum recluster plain boost'),
    fails('vacuum reindex plain to 75 percent', '42601', 'syntax error at or near "to"'),
    fails('vacuum recluster plain to 75 percent', '42601', 'syntax error at or near "to"'),
    fails('vacuum to 75 percent', '42601', 'syntax error at or near "to"'),
    fails('vacuum reindex', '42601', 'syntax error at end of input'),
    fails('vacuum boost', '42601', 'syntax error at or near "boost"'),
    // Owners are users there are
    fails('create schema owned authorization nobody', '42704', 'user "nobody" does not exist'),
    fails('create schema authorization nobody', '42704', 'user "nobody" does not exist'),
    fails('alter schema public owner to nobody', '42704', 'user "nobody" does not exist'),
    fails('alter database dev owner to nobody', '42704', 'user "nobody" does not exist'),
    runs("create user dwuser password 'Abcd1234'"),
    runs('create schema us_sales authorization dwuser QUOTA 50 GB'),
    runs('alter schema us_sales owner to dwuser'),
    runs('alter table plain owner to current_user'),
    // Its rows are its query's, and DROP says what it is
    ...[
      "insert into mv values (1, 'x', 1)",
      'insert into mv select a, b, 1 from plain',
      'update mv set a = 1',
      'delete from mv',
      'delete public.mv using plain where mv.a = plain.a',
      'truncate mv',
      'merge into mv using plain on mv.a = plain.a when matched then delete when not matched then insert values (1, null, 1)',
      'merge into mv using plain on mv.a = plain.a remove duplicates',
    ].map((sql) => fails(sql, '42809', 'cannot change materialized view "mv"')),
    ...[
      'alter table mv add column d int',
      'alter table bound drop column a',
      'alter table mv rename column a to d',
    ].map((sql) => fails(sql, '42809', `"${sql.split(' ')[2]}" is not a table`)),
    fails('drop table mv', '42809', '"mv" is not a table'),
    fails('drop materialized view plain', '42809', '"plain" is not a materialized view'),
    fails('drop materialized view if exists bound', '42809', '"bound" is not a materialized view'),
    runs('drop materialized view above'),
    // Statements about tables
    fails('create temp table public.passing2 (a int)', '42P16', 'temporary tables may not specify a schema name'),
    fails("create table unread (a date default 'x')", '22007', 'invalid input syntax for type date: "x"'),
    fails("create table unread (a int default 'x')", '22P02', 'invalid input syntax for integer: "x"'),
    runs("create table read_well (a date default '2020-01-02', b int default '7', c bool default 'yes')"),
    fails('truncate table plain, kept', '42601', 'syntax error at or near ","'),
    fails('analyze plain (a, nothing)', '42703', 'column "nothing" of relation "plain" does not exist'),
    runs('analyze plain (a, b)'),
    fails('alter table plain owner to nobody', '42704', 'user "nobody" does not exist'),
    // Texts keep their lengths in what is made of them
    runs('select a, b, c into kept from plain'),
    gives(
      'select "column", type from pg_table_def where tablename = \'kept\'',
      ['column varchar', 'type varchar'],
      ['a', 'integer'],
      ['b', 'character varying(10)'],
      ['c', 'character(3)'],
    ),
  ],
};

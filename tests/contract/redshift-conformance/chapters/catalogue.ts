import { fails, gives, type Chapter } from '../chapter.ts';

/** What drivers and tools ask the catalogue about keys, routines and names; what it means is in https://www.postgresql.org/docs/8.0/catalogs.html */
export const CATALOGUE: Chapter = {
  title: 'The catalogue as tools read it',
  page: 'c_intro_catalog_views.html',
  setup: [
    'create schema shop',
    'create table shop.orders (id int primary key, customer int, day date, unique (customer, day))',
    'create table shop.lines (order_id int references shop.orders (id), line int, sku varchar(20), primary key (order_id, line))',
    "comment on table shop.orders is 'Bought'",
    'create procedure shop.load(day in date, loaded out int, who inout varchar(20)) as $$ begin loaded := 1; end; $$ language plpgsql',
    'create procedure shop.clean(day date) as $$ begin null; end; $$ language plpgsql',
    'create temp table waiting (id int)',
  ],
  cases: [
    // Keys are kept as those of indexes.
    gives(
      `select a.attname from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any(i.indkey)
       where i.indrelid = 'shop.lines'::regclass and i.indisprimary order by a.attnum`,
      ['attname varchar'],
      ['order_id'],
      ['line'],
    ),
    gives(
      `select att.attname from pg_index ind, pg_class cl, pg_attribute att where cl.oid = 'shop."lines"'::regclass and ind.indrelid = cl.oid
       and att.attrelid = cl.oid and att.attnum = any(string_to_array(textin(int2vectorout(ind.indkey)), ' ')) and attnum > 0
       and ind.indisprimary order by att.attnum`,
      ['attname varchar'],
      ['order_id'],
      ['line'],
    ),
    // The JDBC driver's getPrimaryKeys.
    gives(
      `select n.nspname, ct.relname as table_name, a.attname as column_name, a.attnum as key_seq, ci.relname as pk_name
       from pg_catalog.pg_namespace n, pg_catalog.pg_class ct, pg_catalog.pg_class ci, pg_catalog.pg_attribute a, pg_catalog.pg_index i
       where ct.oid = i.indrelid and ci.oid = i.indexrelid and a.attrelid = ci.oid and i.indisprimary and ct.relnamespace = n.oid
       and ct.relname = 'lines' order by table_name, pk_name, key_seq`,
      ['nspname varchar', 'table_name varchar', 'column_name varchar', 'key_seq int2', 'pk_name varchar'],
      ['shop', 'lines', 'order_id', '1', 'lines_pkey'],
      ['shop', 'lines', 'line', '2', 'lines_pkey'],
    ),
    gives(
      `select relname, indisprimary, indkey[0], pg_get_indexdef(indexrelid, 1, true) as first, pg_get_indexdef(indexrelid) as made
       from pg_index join pg_class on oid = indexrelid where indrelid = 'shop.orders'::regclass order by 1`,
      ['relname varchar', 'indisprimary bool', 'indkey int4', 'first varchar', 'made varchar'],
      [
        'orders_customer_day_key',
        'false',
        '2',
        'customer',
        'CREATE UNIQUE INDEX orders_customer_day_key ON shop.orders USING btree (customer, day)',
      ],
      ['orders_pkey', 'true', '1', 'id', 'CREATE UNIQUE INDEX orders_pkey ON shop.orders USING btree (id)'],
    ),
    // As awswrangler finds the key to update by.
    gives(
      `select indexdef from pg_indexes where schemaname = 'shop' and tablename = 'lines'`,
      ['indexdef varchar'],
      ['CREATE UNIQUE INDEX lines_pkey ON shop.lines USING btree (order_id, line)'],
    ),
    // A foreign key depends on the index of the key it refers to.
    gives(
      `select con.conname, pk.relname from pg_constraint con join pg_depend d on d.objid = con.oid and d.classid = 'pg_constraint'::regclass
       join pg_class pk on pk.oid = d.refobjid and pk.relkind = 'i' where con.contype = 'f'`,
      ['conname varchar', 'relname varchar'],
      ['lines_order_id_fkey', 'orders_pkey'],
    ),
    gives(
      `select d.description from pg_description d join pg_class c on c.oid = d.objoid where d.classoid = 'pg_class'::regclass and d.objsubid = 0`,
      ['description varchar'],
      ['Bought'],
    ),
    gives(`select 'pg_class'::regclass::oid as number`, ['number int8'], ['1259']),
    fails(`select 'shop.nosuch'::regclass`, '42P01', 'relation "shop.nosuch" does not exist'),
    fails(`select count(*) from pg_class where oid = 'nosuch'::regclass`, '42P01', 'relation "nosuch" does not exist'),
    // https://docs.aws.amazon.com/redshift/latest/dg/r_PG_PROC_INFO.html: proargtypes has the arguments that are given, from zero.
    gives(
      `select proname, pronargs, proargtypes[0] as first, proargtypes[1] as second, proallargtypes[2] as given, proargmodes[2] as mode, proargnames[2] as name
       from pg_proc_info where prokind = 'p' order by 1`,
      ['proname varchar', 'pronargs int2', 'first int8', 'second int8', 'given int8', 'mode varchar', 'name varchar'],
      ['clean', '1', '1082', null, null, null, null],
      ['load', '2', '1082', '1043', '23', 'o', 'loaded'],
    ),
    gives(
      `select proname, types[i - 1] as type, names[i] as name from (
         select generate_series(1, given) as i, proname, types, names from (
           select proname, proargtypes as types, proargnames as names, pronargs as given from pg_proc where proname = 'clean') p) s`,
      ['proname varchar', 'type int8', 'name varchar'],
      ['clean', '1082', 'day'],
    ),
    gives(
      `select proname, oidvectortypes(proargtypes) as types, textin(oidvectorout(proargtypes)) as numbers from pg_proc order by 1`,
      ['proname varchar', 'types varchar', 'numbers varchar'],
      ['clean', 'date', '1082'],
      ['load', 'date, character varying', '1082 1043'],
    ),
    gives(
      `select textin(array_out(proargnames)) as names, array_out(proargmodes) as modes from pg_proc_info where proname = 'load'`,
      ['names varchar', 'modes varchar'],
      ['{day,loaded,who}', '{i,o,b}'],
    ),
    gives(
      `select array_out(array['a b', 'c"d', '', 'null', 'e']) as text`,
      ['text varchar'],
      ['{"a b","c\\"d","","null",e}'],
    ),
    // An array has a text by ARRAY_TO_STRING and ARRAY_OUT only.
    fails('select conkey::varchar from pg_constraint', '42846', 'cannot cast type smallint[] to character varying'),
    // System relations are listed, too: dbt packages take them for rows to count by.
    gives(
      `select count(*), max(num) from (select row_number() over (order by 1) - 1 as num from pg_catalog.pg_class
         limit datediff(day, '2024-01-01'::timestamp, '2024-06-30'::timestamp) / 1 + 1) s`,
      ['count int8', 'max int8'],
      ['182', '181'],
    ),
    gives(
      `select relname, nspname, relkind, c.oid::regclass as shown from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where relname in ('pg_class', 'svv_table_info', 'orders') order by 1`,
      ['relname varchar', 'nspname varchar', 'relkind varchar', 'shown varchar'],
      ['orders', 'shop', 'r', 'shop.orders'],
      ['pg_class', 'pg_catalog', 'r', 'pg_class'],
      ['svv_table_info', 'pg_catalog', 'v', 'svv_table_info'],
    ),
    // Temporary tables have a schema of their own.
    gives(
      `select nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace where relname = 'waiting'`,
      ['nspname varchar'],
      ['pg_temp_1'],
    ),
    gives(
      `select table_schema, table_type from information_schema.tables where table_name = 'waiting'
       union all select table_schema, 'columns' from svv_columns where table_name = 'waiting'
       union all select schemaname, 'shown' from pg_table_def where tablename = 'waiting'`,
      ['table_schema varchar', 'table_type varchar'],
      ['pg_temp_1', 'LOCAL TEMPORARY'],
      ['pg_temp_1', 'columns'],
      ['pg_temp_1', 'shown'],
    ),
    gives('select count(*), max(w.id) from pg_temp_1.waiting w', ['count int8', 'max int4'], ['0', null]),
    // Arrays, as SQLAlchemy's dialect writes them.
    gives(
      `select array[1::smallint, 2::smallint][2] as second, array_upper(array['a', 'b', 'c'], 1) as last, array_to_string(array['a', 'b'], '-') as text`,
      ['second int2', 'last int4', 'text varchar'],
      ['2', '3', 'a-b'],
    ),
    gives(
      `select a.attname from pg_constraint t join pg_attribute a on a.attrelid = t.conrelid and a.attnum = any(t.conkey)
       where t.contype = 'p' and t.conkey = array[1::smallint]`,
      ['attname varchar'],
      ['id'],
    ),
    // A cast behind IS NULL is of the answer.
    gives(
      'select attname is null::int as none, not attname is not null::boolean as no, attisdropped is true::int as gone from pg_attribute limit 0',
      ['none int4', 'no bool', 'gone int4'],
    ),
    gives(
      "select sum(sku is null::int) as without, sum(sku is not null::int) as with_one from (select null::varchar as sku union all select null union all select 'a') s",
      ['without int8', 'with_one int8'],
      ['2', '1'],
    ),
  ],
};

import { startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

/** What tools ask a cluster about itself when they connect: drivers, dbt, DBeaver, admin scripts. */
let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse();
  await warehouse.runBatch([
    `create table orders (id int not null distkey, note varchar(20) encode lzo default 'x', constraint orders_key primary key (id), unique (note)) sortkey (id)`,
    `create table lines (order_id int references orders, line smallint, constraint lines_order foreign key (line) references orders)`,
    `comment on table orders is 'what was ordered'`,
    `comment on column orders.note is 'as written'`,
    `create view noted as select note from orders`,
    `create materialized view counted auto refresh yes as select count(*) as n from orders`,
  ]);
});

afterAll(() => warehouse[Symbol.asyncDispose]());

test('keys are told with their names and columns', async () => {
  expect(
    await warehouse.rows(`select c.conname, c.contype, t.relname, r.relname, pg_get_constraintdef(c.oid)
      from pg_constraint c join pg_class t on t.oid = c.conrelid left join pg_class r on r.oid = c.confrelid order by 1`),
  ).toEqual([
    ['lines_order', 'f', 'lines', 'orders', 'FOREIGN KEY (line) REFERENCES orders(id)'],
    ['lines_order_id_fkey', 'f', 'lines', 'orders', 'FOREIGN KEY (order_id) REFERENCES orders(id)'],
    ['orders_key', 'p', 'orders', null, 'PRIMARY KEY (id)'],
    ['orders_note_key', 'u', 'orders', null, 'UNIQUE (note)'],
  ]);
  expect(
    await warehouse.rows(`select k.constraint_name, k.column_name, t.constraint_type from information_schema.key_column_usage k
      join information_schema.table_constraints t on t.constraint_name = k.constraint_name where k.table_name = 'orders' order by 1`),
  ).toEqual([
    ['orders_key', 'id', 'PRIMARY KEY'],
    ['orders_note_key', 'note', 'UNIQUE'],
  ]);
  expect(
    await warehouse.rows(`select a.attname from pg_attribute a join pg_constraint c on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
      where c.contype = 'p'`),
  ).toEqual([['id']]);
  expect(
    await warehouse.rows(
      `select constraint_name, unique_constraint_name from information_schema.referential_constraints order by 1`,
    ),
  ).toEqual([
    ['lines_order', 'orders_key'],
    ['lines_order_id_fkey', 'orders_key'],
  ]);
});

test('a constraint that was dropped or whose column was renamed is told so', async () => {
  await warehouse.run(
    'create table renamed (a int, b int, constraint both unique (a, b), constraint gone primary key (a))',
  );
  await warehouse.run('alter table renamed rename column a to c');
  await warehouse.run('alter table renamed drop constraint gone');
  expect(
    await warehouse.rows(
      `select conname, consrc from pg_constraint c join pg_class t on t.oid = c.conrelid where relname = 'renamed'`,
    ),
  ).toEqual([['both', 'UNIQUE (c, b)']]);
  const again = await warehouse.run('alter table renamed drop constraint gone');
  expect(again.Error).toContain('constraint "gone" of relation "renamed" does not exist');
  await warehouse.run('drop table renamed');
});

test('a relation is found by its name as a number, and shown by its number as a name', async () => {
  expect(
    await warehouse.rows(`select attname, format_type(atttypid, atttypmod), format_encoding(attencodingtype::int), attisdistkey, attsortkeyord
      from pg_catalog.pg_attribute where attrelid = 'public.orders'::regclass order by attnum`),
  ).toEqual([
    ['id', 'integer', 'none', true, 1],
    ['note', 'character varying(20)', 'lzo', false, 0],
  ]);
  expect(await warehouse.rows(`select oid::regclass from pg_class where relname = 'noted'`)).toEqual([['noted']]);
  expect(
    await warehouse.rows(
      `select obj_description('orders'::regclass), col_description('public.orders'::regclass, 2), pg_get_viewdef('noted'::regclass)`,
    ),
  ).toEqual([['what was ordered', 'as written', 'select note from orders;']]);
  expect(await warehouse.rows(`select autorefresh from stv_mv_info where name = 'counted'`)).toEqual([['t']]);
});

test('what is asked about is the outer query’s, whatever its aliases are', async () => {
  for (const alias of ['c', 'r', 't', 'v', 'pg_class'])
    expect(
      await warehouse.rows(`select obj_description(${alias}.oid), pg_table_is_visible(${alias}.oid), ${alias}.oid::regclass
        from pg_class ${alias} where ${alias}.relname in ('orders', 'lines') order by relname`),
    ).toEqual([
      [null, true, 'lines'],
      ['what was ordered', true, 'orders'],
    ]);
});

test('the drivers list databases, schemas, columns and procedures with their own questions', async () => {
  expect(
    await warehouse.rows('select current_database as TABLE_CAT FROM current_database() ORDER BY TABLE_CAT'),
  ).toEqual([['dev']]);
  expect(
    await warehouse.rows(`SELECT nspname AS TABLE_SCHEM FROM pg_catalog.pg_namespace
      WHERE nspname <> 'pg_toast' AND (nspname !~ '^pg_temp_' OR nspname = (pg_catalog.current_schemas(true))[1]) ORDER BY TABLE_SCHEM`),
  ).toEqual([['information_schema'], ['pg_catalog'], ['public']]);
  expect(
    await warehouse.rows(`SELECT a.attname, pg_catalog.pg_get_expr(def.adbin, def.adrelid) AS COLUMN_DEF FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_attribute a ON (a.attrelid = c.oid)
      LEFT JOIN pg_catalog.pg_attrdef def ON (a.attrelid = def.adrelid AND a.attnum = def.adnum) WHERE c.relname = 'orders' ORDER BY 1`),
  ).toEqual([
    ['id', null],
    ['note', "'x'"],
  ]);
  await warehouse.run(`create procedure asked() as $$ begin null; end; $$ language plpgsql`);
  expect(
    await warehouse.rows(`SELECT p.proname FROM pg_catalog.pg_namespace n, pg_catalog.pg_proc_info p
      WHERE p.pronamespace = n.oid and pg_function_is_visible(p.prooid)`),
  ).toEqual([['asked']]);
  await warehouse.run('drop procedure asked()');
});

test('a table of 1,600 columns is described in one go', async () => {
  const columns = Array.from({ length: 1600 }, (_column, at) => `c${at} varchar(${at + 1})`);
  await warehouse.run(`create table widest (${columns.join(', ')})`);
  expect(
    await warehouse.rows(`select count(*), max(atttypmod) from pg_attribute where attrelid = 'widest'::regclass`),
  ).toEqual([[1600, 1604]]);
  expect(
    await warehouse.rows(
      `select character_maximum_length from svv_columns where table_name = 'widest' and column_name = 'c41'`,
    ),
  ).toEqual([[42]]);
  await warehouse.run('drop table widest');
});

test('what a view reads is told as dbt asks for it', async () => {
  expect(
    await warehouse.rows(`select dep.relname, ref.relname from pg_depend d join pg_rewrite w on d.objid = w.oid
      join pg_class dep on dep.oid = w.ev_class join pg_class ref on ref.oid = d.refobjid
      where w.ev_class <> d.refobjid order by 1, 2`),
  ).toEqual([
    ['counted', 'orders'],
    ['noted', 'orders'],
  ]);
  expect(await warehouse.rows(`select definition from pg_views where viewname = 'counted'`)).toEqual([
    ['create materialized view public.counted as select count(*) as n from orders;'],
  ]);
});

test('a materialized view is a view whose rows are in a table of its own', async () => {
  expect(
    await warehouse.rows(`select relkind, table_type, owner_user_name from pg_class join svv_tables on table_name = relname
      join stv_mv_info on name = relname where relname = 'counted'`),
  ).toEqual([['v', 'VIEW', 'admin']]);
  expect(await warehouse.rows(`select tablename from pg_tables where tablename like '%counted%'`)).toEqual([]);
  expect(
    await warehouse.rows(
      `select view_definition, pg_get_viewdef('counted'::regclass) from information_schema.views where table_name = 'counted'`,
    ),
  ).toEqual([Array(2).fill('create materialized view public.counted as select count(*) as n from orders;')]);
  expect(await warehouse.rows(`select "table" from svv_table_info where "table" like '%counted%'`)).toEqual([
    ['mv_tbl__counted__0'],
  ]);
});

test('columns of late-binding views and of any relation are rows', async () => {
  await warehouse.run('create view late as select id from public.orders with no schema binding');
  expect(
    await warehouse.rows(`select view_name, col_name, col_type, col_num from pg_get_late_binding_view_cols()
      cols(view_schema name, view_name name, col_name name, col_type varchar, col_num int)`),
  ).toEqual([['late', 'id', 'integer', 1]]);
  // Nowhere twice: tools put these and the catalogue's columns together. A view without columns has its whole statement as its definition.
  expect(
    await warehouse.rows(`select relnatts, (select count(*) from pg_attribute where attrelid = c.oid),
      (select count(*) from information_schema.columns where table_name = relname), (select count(*) from svv_columns where table_name = relname),
      pg_get_viewdef(c.oid, true) from pg_class c where relname = 'late'`),
  ).toEqual([[0, 0, 0, 1, 'create view public.late as select id from public.orders with no schema binding;']]);
  expect(
    await warehouse.rows(
      `select c.b, c.t from pg_get_cols('orders') as c(s name, a name, b name, t varchar, n int) order by c.n`,
    ),
  ).toEqual([
    ['id', 'integer'],
    ['note', 'character varying(20)'],
  ]);
  await warehouse.run('drop view late');
});

test('system schemas are found with the database before them, and their tables by their own names', async () => {
  expect(
    await warehouse.rows(
      `select information_schema.tables.table_name from dev.information_schema.tables where tables.table_name = 'lines'`,
    ),
  ).toEqual([['lines']]);
  expect(
    await warehouse.rows(
      `select pg_catalog.pg_class.relname from dev.pg_catalog.pg_class where pg_class.relname = 'lines'`,
    ),
  ).toEqual([['lines']]);
});

test.each([
  ['pg_catalog.pg_cast', 'the local cluster does not keep the system table or view "pg_catalog.pg_cast"'],
  ['information_schema.character_sets', 'the local cluster does not keep the system table or view'],
  ['stv_cursor_configuration', 'the local cluster does not keep the system table or view "stv_cursor_configuration"'],
  ['sqlite_master', 'relation "sqlite_master" does not exist'],
  ['duckdb_tables', 'relation "duckdb_tables" does not exist'],
  ['pg_enum', 'relation "pg_enum" does not exist'],
])('%s of DuckDB is not what Redshift has under that name', async (relation, message) => {
  expect((await warehouse.run(`select count(*) from ${relation}`)).Error).toContain(message);
});

test('definitions, queries and the rest are kept apart, and sessions are told', async () => {
  expect(await warehouse.rows(`select count(*) > 0 from stl_ddltext where text like 'create table orders%'`)).toEqual([
    [true],
  ]);
  expect(await warehouse.rows(`select count(*) from stl_query where querytxt like 'create table orders%'`)).toEqual([
    [0],
  ]);
  expect(
    await warehouse.rows(`select count(*) > 0 from stl_utilitytext where text like 'comment on table orders%'`),
  ).toEqual([[true]]);
  // The words of SYS_QUERY_HISTORY, which tools filter by.
  await warehouse.run('/* a copy */ create table copied as select id from orders');
  expect(
    await warehouse.rows(`select distinct split_part(query_text, ' ', 1), query_type from sys_query_history
      where query_text like 'comment on%' or query_text like '%create table copied%' or query_text like 'create table orders%' order by 1, 2`),
  ).toEqual([
    ['/*', 'CTAS'],
    ['comment', 'UTILITY'],
    ['create', 'DDL'],
    ['select', 'SELECT'],
  ]);
  await warehouse.run('drop table copied');
  expect(await warehouse.rows(`select user_name, db_name from stv_sessions where process = pg_backend_pid()`)).toEqual([
    ['admin', 'dev'],
  ]);
  expect(
    await warehouse.rows(`select count(*) from pg_stat_activity where current_query like '%pg_stat_activity%'`),
  ).toEqual([[1]]);
  expect(await warehouse.rows(`select distinct service_class, total_queue_time from stl_wlm_query`)).toEqual([
    [100, 0],
  ]);
});

test('what a local cluster never has is empty', async () => {
  for (const relation of [
    'svv_external_tables',
    'svl_s3query_summary',
    'svv_datashares',
    'stl_alert_event_log',
    'stl_vacuum',
  ])
    expect(await warehouse.rows(`select count(*) from ${relation}`)).toEqual([[0]]);
});

test('AUTO REFRESH of a materialized view can be changed', async () => {
  await warehouse.run('alter materialized view counted auto refresh no');
  expect(await warehouse.rows(`select autorefresh from stv_mv_info where name = 'counted'`)).toEqual([['f']]);
  await warehouse.run('alter materialized view counted auto refresh yes');
  expect(await warehouse.rows(`select autorefresh from stv_mv_info where name = 'counted'`)).toEqual([['t']]);
});

test('each REFRESH of a materialized view can be asked about, and how it ended', async () => {
  await warehouse.run('/* nightly */ refresh materialized view public."counted" restrict');
  await warehouse.run('refresh materialized view nowhere.missing');
  await warehouse.run(`select 'refresh materialized view counted'`);
  expect(
    await warehouse.rows(
      `select db_name, schema_name, mv_name, status, refresh_type, endtime >= starttime as ended from svl_mv_refresh_status order by xid`,
    ),
  ).toEqual([
    ['dev', 'public', 'counted', 'Refresh successfully recomputed MV from scratch', 'Manual', true],
    ['dev', 'nowhere', 'missing', 'Refresh failed. MV was not found', 'Manual', true],
  ]);
  expect(
    await warehouse.rows(`select h.mv_name, h.duration >= 0, q.query_id = h.query_id, h.mv_id = c.oid from sys_mv_refresh_history h
      join sys_query_history q on q.query_id = h.query_id join pg_class c on c.relname = h.mv_name`),
  ).toEqual([['counted', true, true, true]]);
});

test('users, groups, roles and what was granted are recorded, and nobody is kept from anything', async () => {
  await warehouse.runBatch([
    `create user "o'neil" password 'Abc12345' createdb`,
    `create group readers with user "o'neil"`,
    `create user eve in group readers password disable`,
    `create role loader`,
    `grant select on all tables in schema public to group readers`,
    `grant insert, update on table orders to "o'neil" with grant option`,
    `grant role loader to eve`,
    `grant delete on public.lines to role loader`,
    `grant usage on schema public to public`,
    `revoke grant option for insert on orders from "o'neil"`,
    `revoke select on lines from group readers`,
  ]);
  expect(await warehouse.rows('select usename, usecreatedb, usesuper from pg_user order by usesysid')).toEqual([
    ['admin', true, true],
    ["o'neil", true, false],
    ['eve', false, false],
  ]);
  expect(
    await warehouse.rows(`select relation_name, privilege_type, identity_name, identity_type, admin_option from svv_relation_privileges
      where relation_name in ('orders', 'lines') order by 1, 2`),
  ).toEqual([
    ['lines', 'DELETE', 'loader', 'role', false],
    ['orders', 'INSERT', "o'neil", 'user', false],
    ['orders', 'SELECT', 'readers', 'group', false],
    ['orders', 'UPDATE', "o'neil", 'user', true],
  ]);
  expect(await warehouse.rows('select user_name, role_name from svv_user_grants')).toEqual([['eve', 'loader']]);
  expect(
    await warehouse.rows(`select has_table_privilege('eve', 'orders', 'select'), has_table_privilege('eve', 'public.lines', 'delete'),
      has_table_privilege('eve', 'lines', 'select'), has_schema_privilege('eve', 'public', 'usage'), has_table_privilege('lines', 'select')`),
  ).toEqual([[true, true, false, true, true]]);
  expect(
    await warehouse.rows(`select u.usename from pg_user u join pg_class c on c.relname = 'orders'
      where has_table_privilege(u.usename, c.oid, 'insert') order by 1`),
  ).toEqual([['admin'], ["o'neil"]]);
  const { Id } = await warehouse.run('show grants on public.lines for role loader');
  expect((await warehouse.result(Id)).Records?.map((row) => row.slice(2, 5).map((field) => field.stringValue))).toEqual(
    [['lines', 'TABLE', 'DELETE']],
  );
  // As tools read them: arrays of texts, which a driver is given as PostgreSQL writes them.
  expect(
    await warehouse.rows(
      `select relname, relacl, array_to_string(relacl, ',') from pg_class where relname in ('orders', 'lines', 'noted') order by 1`,
    ),
  ).toEqual([
    ['lines', '{admin=arwdRxtDPA/admin,"role loader=d/admin"}', 'admin=arwdRxtDPA/admin,role loader=d/admin'],
    ['noted', '{admin=arwdRxtDPA/admin,"group readers=r/admin"}', 'admin=arwdRxtDPA/admin,group readers=r/admin'],
    [
      'orders',
      `{admin=arwdRxtDPA/admin,"group readers=r/admin",o'neil=aw*/admin}`,
      `admin=arwdRxtDPA/admin,group readers=r/admin,o'neil=aw*/admin`,
    ],
  ]);
  expect(await warehouse.rows(`select nspacl from pg_namespace where nspname = 'public'`)).toEqual([
    ['{admin=UC/admin,=U/admin}'],
  ]);
  await warehouse.run(`create view acls as select relname, array_to_string(relacl, ',') as acl from pg_class`);
  expect(await warehouse.rows(`select acl from acls where relname = 'lines'`)).toEqual([
    ['admin=arwdRxtDPA/admin,role loader=d/admin'],
  ]);
  await warehouse.run('drop view acls');
  expect(
    await warehouse.rows(`select array(select usename from pg_user, pg_group where usesysid = any(grolist) order by 1), pg_get_userbyid(101),
      pg_get_userbyid(relowner) from pg_class where relname = 'orders' and relkind = any('{r,"v"}') and relkind <> all(array['v', 'x'])`),
  ).toEqual([[`{eve,o'neil}`, "o'neil", 'admin']]);
  expect((await warehouse.run('create user eve password disable')).Error).toContain('user "eve" already exists');
  expect((await warehouse.run('drop role nobody')).Error).toContain('role "nobody" does not exist');
  for (const [sql, missing] of [
    ['grant select on orders to nobody', 'user "nobody"'],
    ['grant usage on schema public to group nobody', 'group "nobody"'],
    ['revoke select on orders from role nobody', 'role "nobody"'],
    ['grant role nobody to eve', 'role "nobody"'],
    ['grant create user to role nobody', 'role "nobody"'],
    ['alter group readers add user nobody', 'user "nobody"'],
    ['create user other in group nobody password disable', 'group "nobody"'],
    ['alter user nobody createdb', 'user "nobody"'],
    ['grant select on nothing to eve', 'relation "nothing"'],
    ['grant usage on schema nothing to eve', 'schema "nothing"'],
  ] as const)
    expect((await warehouse.run(sql)).Error).toContain(`${missing} does not exist`);
  await warehouse.runBatch(['grant select on orders to admin', 'revoke select on orders from admin']);
  await warehouse.runBatch(['drop user eve', `drop user "o'neil"`, 'drop group readers', 'drop role loader']);
  expect(await warehouse.rows('select count(*) from svv_relation_privileges')).toEqual([[0]]);
});

test('tools that follow data from table to table find what each query has read and written, through views too', async () => {
  await warehouse.runBatch([
    'create schema flow',
    'create table flow.source (a int)',
    'create table flow.other (a int)',
    'insert into flow.source values (1), (2)',
    'insert into flow.other values (9)',
    'create view flow.joined as select s.a from flow.source s join flow.other o on s.a = o.a',
    'create table flow.target as select a from flow.joined',
    'insert into flow.target with c as (select a from flow.source where a > 1) select a from c',
    'update flow.target set a = 5 from flow.source where source.a = target.a',
    'delete from flow.target where a in (select a from flow.other)',
    'merge into flow.target using flow.other o on target.a = o.a when matched then delete when not matched then insert values (o.a)',
    'select * into flow.copied from flow.target',
  ]);
  const steps = (view: string, columns: string): Promise<readonly (readonly unknown[])[]> =>
    warehouse.rows(`select split_part(querytxt, ' ', 1), t."table", ${columns} from ${view} s join svv_table_info t on t.table_id = s.tbl
      join stl_query q on q.query = s.query where t."schema" = 'flow' order by q.query, 2`);
  expect(await steps('stl_insert', 'rows')).toEqual([
    ['insert', 'source', 2],
    ['insert', 'other', 1],
    ['create', 'target', null],
    ['insert', 'target', 1],
    ['update', 'target', 1],
    ['merge', 'target', null],
    ['select', 'copied', null],
  ]);
  expect(await steps('stl_delete', 'rows')).toEqual([
    ['update', 'target', 1],
    ['delete', 'target', 0],
    ['merge', 'target', null],
  ]);
  expect(await steps('stl_scan', 'type, perm_table_name')).toEqual([
    ['create', 'other', 2, 'other'],
    ['create', 'source', 2, 'source'],
    ['insert', 'source', 2, 'source'],
    ['update', 'source', 2, 'source'],
    ['delete', 'other', 2, 'other'],
    ['delete', 'target', 2, 'target'],
    ['merge', 'other', 2, 'other'],
    ['select', 'target', 2, 'target'],
  ]);
  expect(
    await warehouse.rows(`select step_name, count(distinct table_id), max(table_name) from sys_query_detail d join svv_table_info t using (table_id)
      where t."schema" = 'flow' group by 1 order by 1`),
  ).toEqual([
    ['delete', 1, 'dev.flow.target'],
    ['insert', 4, 'dev.flow.target'],
    ['scan', 3, 'dev.flow.target'],
  ]);
  await warehouse.run('drop schema flow cascade');
});

test('what is measured step by step on AWS has its columns, under its name or another, in views too', async () => {
  expect(
    await warehouse.rows(`select s.tbl, p.plannode from stl_scan s join pg_catalog.stl_explain p using (query)
      where s.rows_pre_filter > 0 and p.nodeid = 1`),
  ).toEqual([]);
  await warehouse.run(
    'create view scanned as select stl_scan.query, sum(rows) as total from stl_scan where stl_scan.userid > 1 group by 1',
  );
  expect(await warehouse.rows('select count(total) from scanned')).toEqual([[0]]);
  await warehouse.run('drop view scanned');
});

test('what materialized views read, the settings and what databases and attributes have besides can be asked for', async () => {
  await warehouse.run('create materialized view counted_twice distkey (n) as select n * 2 as n from counted');
  await warehouse.run('alter materialized view counted_twice alter diststyle even');
  expect((await warehouse.run('select sortkey_num::smallint from svv_table_info')).Error).toBeUndefined();
  expect(
    await warehouse.rows(
      'select d.name, ref_name, dependent_name from stv_mv_deps join svv_mv_dependency d using (name)',
    ),
  ).toEqual([['counted_twice', 'counted', 'counted']]);
  expect(
    await warehouse.rows(`select reldiststyle from pg_class where relname = 'counted_twice' and not relispinned`),
  ).toEqual([[0]]);
  expect(
    await warehouse.rows(`select setting, isolation_level, datconfig from pg_settings, stv_db_isolation_level d
      join pg_database p on p.datname = d.db_name where name = 'timezone' and db_name = current_database()`),
  ).toEqual([['UTC', 'Snapshot Isolation', null]]);
  expect(
    await warehouse.rows(`select count(attacl) from pg_attribute_info left join pg_statistic on starelid = attrelid`),
  ).toEqual([[0]]);
});

test('tools that write a definition find identity columns, interleaved keys and constraints where AWS has them', async () => {
  await warehouse.run(`create table steps (id int identity(5,2), note varchar(9) default 'n', day date, other bigint generated by default as identity(1,1),
    primary key (id)) interleaved sortkey (day, note)`);
  expect(
    await warehouse.rows(
      `select a.attname, a.attsortkeyord, regexp_replace(d.adsrc, '[(][0-9]+,', '(…,') from pg_attribute a
        left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum where a.attrelid = 'steps'::regclass order by a.attnum`,
    ),
  ).toEqual([
    ['id', 0, `"identity"(…, 0, '5,2'::text)`],
    ['note', -2, `'n'`],
    ['day', 1, null],
    ['other', 0, `"default_identity"(…, 3, '1,1'::text)`],
  ]);
  expect(await warehouse.rows('select max(200000000 + oid::int) < 299999999 from pg_constraint')).toEqual([[true]]);
  await warehouse.run('drop table steps');
});

test('types, routines and what PostgreSQL counts of tables have their names', async () => {
  await warehouse.run('create function added(int, varchar(9)) returns int stable as $$ select $1 $$ language sql');
  expect(
    await warehouse.rows(`select textin(regprocedureout(p.oid::regprocedure)), p.oid::regproc, prorettype::regtype, prorettype = 'integer'::regtype
      from pg_proc p where proname = 'added'`),
  ).toEqual([['added(integer, character varying)', 'added', 'integer', true]]);
  expect(await warehouse.rows("select proargtypes, array[1, 2] from pg_proc where proname = 'added'")).toEqual([
    ['23 1043', '{1,2}'],
  ]);
  await warehouse.run('drop function added(int, varchar(9))');
  expect(
    await warehouse.rows(`select s.relname, n_tup_ins - n_tup_del from pg_stat_all_tables s join pg_catalog.pg_statio_all_tables i using (relid)
      left join pg_stats on tablename = s.relname where s.relname = 'orders' and null_frac is null`),
  ).toEqual([['orders', 0]]);
  expect(await warehouse.rows(`select datid = oid, datconnlimit from pg_database_info where datname = 'dev'`)).toEqual([
    [true, 'UNLIMITED'],
  ]);
  expect(
    await warehouse.rows(
      'select pg_get_indexdef(indexrelid, 1, true), pg_get_triggerdef(t.oid) from pg_index, pg_trigger t',
    ),
  ).toEqual([]);
});

test('routines, table privileges, cursors and transactions can be asked for', async () => {
  await warehouse.runBatch([
    `create function label(int, varchar(9)) returns varchar(20) stable as $$ select $2 $$ language sql`,
    `create procedure fill(day date) as $$ begin null; end $$ language plpgsql`,
    'grant select on lines to public',
  ]);
  expect(
    await warehouse.rows(`select f.function_name, f.function_type, f.argument_type, f.result_type, oidvectortypes(p.proargtypes), r.routine_type
      from svv_redshift_functions f join pg_proc p on p.proname = f.function_name
      join information_schema.routines r on r.routine_name = f.function_name order by 1`),
  ).toEqual([
    ['fill', 'STORED PROCEDURE', 'date', null, 'date', 'PROCEDURE'],
    [
      'label',
      'REGULAR FUNCTION',
      'integer, character varying',
      'character varying',
      'integer, character varying',
      'FUNCTION',
    ],
  ]);
  expect(
    await warehouse.rows(`select t.grantee, t.privilege_type, c.column_name from information_schema.table_privileges t
      join information_schema.column_privileges c using (table_name) where t.table_name = 'lines' order by 3`),
  ).toEqual([
    ['PUBLIC', 'SELECT', 'line'],
    ['PUBLIC', 'SELECT', 'order_id'],
  ]);
  const held = await warehouse.runBatch([
    'declare every cursor for select * from lines',
    'fetch forward 3 from every',
    'select name, pid = pg_backend_pid() as own from stv_active_cursors',
  ]);
  expect((await warehouse.result(held.SubStatements?.at(-1)?.Id)).Records).toEqual([
    [{ stringValue: 'every' }, { booleanValue: true }],
  ]);
  expect(await warehouse.rows('select count(*) from stv_active_cursors')).toEqual([[0]]);
  await warehouse.run('select nothing from lines');
  expect(
    await warehouse.rows(`select q.status, t.status from sys_query_history q join sys_transaction_history t using (transaction_id)
      where query_text like 'select nothing%' or query_text like 'fetch forward 3%' order by 1`),
  ).toEqual([
    ['failed', 'rolledback'],
    ['success', 'committed'],
  ]);
  await warehouse.runBatch([
    'revoke select on lines from public',
    'drop function label(int, varchar)',
    'drop procedure fill(date)',
  ]);
});

test('SHOW lists the procedures and functions of a schema with their parameters, the columns of keys and what is granted on columns', async () => {
  await warehouse.runBatch([
    'create schema shown',
    'create table shown.pk1 (i int, j int, c varchar(10), primary key (i, j, c))',
    'create table shown.fk2 (x int, y int, z varchar(10), foreign key (x, y, z) references shown.pk1 (i, j, c))',
    'grant select (i, j), update (c) on shown.pk1 to public',
    'revoke select (i) on shown.pk1 from public',
    'create procedure shown.f1(a varchar, b inout numeric(10,2), c out timestamp) as $$ begin null; end; $$ language plpgsql',
    'create procedure shown.f2() as $$ begin null; end; $$ language plpgsql',
    'create function shown.f3(float, int) returns float stable as $$ select $1 $$ language sql',
  ]);
  expect(await warehouse.rows('show procedures from schema dev.shown')).toEqual([
    ['dev', 'shown', 'f1', 2, 'character varying, numeric', 'numeric, timestamp without time zone', null],
    ['dev', 'shown', 'f2', 0, '', '', null],
  ]);
  expect(await warehouse.rows(`show procedures from schema shown like '%2' limit 5`)).toEqual([
    ['dev', 'shown', 'f2', 0, '', '', null],
  ]);
  expect(await warehouse.rows('show functions from schema shown')).toEqual([
    ['dev', 'shown', 'f3', 2, 'double precision, integer', 'double precision', null],
  ]);
  expect(await warehouse.rows('show constraints primary keys from table dev.shown.pk1')).toEqual(
    ['i', 'j', 'c'].map((column, index) => ['dev', 'shown', 'pk1', 'pk1_pkey', column, index + 1]),
  );
  expect(await warehouse.rows('show constraints primary keys from table shown.pk1 limit 1')).toHaveLength(1);
  // As AWS's JDBC and Python drivers ask for keys, parameters and grants.
  const pair = (column: string, refers: string, position: number): unknown[] => {
    const names = ['dev', 'shown', 'pk1', column, 'dev', 'shown', 'fk2', refers];
    return [...names, position, 'fk2_x_fkey', 'pk1_pkey', 3, 3, 7];
  };
  const keys = [pair('i', 'x', 1), pair('j', 'y', 2), pair('c', 'z', 3)];
  expect(await warehouse.rows('show constraints foreign keys from table dev.shown.fk2')).toEqual(keys);
  expect(await warehouse.rows('show constraints foreign keys exported from table shown.pk1')).toEqual(keys);
  expect(await warehouse.rows('show constraints foreign keys from table shown.pk1')).toEqual([]);
  const parameter = (name: string, ...more: unknown[]): unknown[] => ['dev', 'shown', 'f1', name, ...more, null];
  expect(await warehouse.rows('show parameters of procedure dev.shown.f1(varchar, numeric)')).toEqual([
    parameter('a', 1, 'IN', 'character varying', 256, null, null),
    parameter('b', 2, 'INOUT', 'numeric', null, 10, 2),
    parameter('c', 3, 'OUT', 'timestamp without time zone', null, null, null),
  ]);
  expect(await warehouse.rows(`show parameters of procedure shown.f1(varchar, numeric) like 'b%'`)).toHaveLength(1);
  expect(await warehouse.rows('show parameters of procedure shown.f2()')).toEqual([]);
  expect(await warehouse.rows('show parameters of function shown.f3(float, int)')).toEqual([
    ['dev', 'shown', 'f3', '', 1, 'IN', 'double precision', null, null, null, null],
    ['dev', 'shown', 'f3', '', 2, 'IN', 'integer', null, null, null, null],
  ]);
  const granted = (column: string, privilege: string): unknown[] => {
    const grantee = [0, 'public', 'public'];
    return ['dev', 'shown', 'pk1', column, 'COLUMN', privilege, ...grantee, false, 'COLUMN', 'admin'];
  };
  expect(await warehouse.rows('show column grants on table dev.shown.pk1')).toEqual([
    granted('c', 'UPDATE'),
    granted('j', 'SELECT'),
  ]);
  expect(await warehouse.rows(`show column grants on table shown.pk1 for public like 'j' limit 3`)).toHaveLength(1);
  expect(await warehouse.rows('select column_name, privilege_type from svv_column_privileges order by 1')).toEqual([
    ['c', 'UPDATE'],
    ['j', 'SELECT'],
  ]);
  expect(await warehouse.rows("select * from svv_relation_privileges where relation_name = 'pk1'")).toEqual([]);
  expect(
    await warehouse.rows(`select grantee, column_name, privilege_type from information_schema.column_privileges
      where table_schema = 'shown' order by 2`),
  ).toEqual([
    ['PUBLIC', 'c', 'UPDATE'],
    ['PUBLIC', 'j', 'SELECT'],
  ]);
  for (const [sql, error] of [
    ['show parameters of procedure shown.f2(int)', 'procedure shown.f2(integer) does not exist'],
    ['show column grants on table', 'syntax error at end of input'],
    ['show procedures', 'syntax error at end of input'],
  ] as const)
    expect((await warehouse.run(sql)).Error).toContain(error);
  await warehouse.run('drop schema shown cascade');
});

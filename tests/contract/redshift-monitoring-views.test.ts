import { startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

/** Monitoring and metadata views, column by column as their pages have them. */
let warehouse: TestWarehouse;

beforeAll(async () => {
  warehouse = await startWarehouse();
});

afterAll(() => warehouse[Symbol.asyncDispose]());

const columnsOf = async (view: string): Promise<readonly string[]> => {
  const { ColumnMetadata = [] } = await warehouse.result((await warehouse.run(`select * from ${view} limit 0`)).Id);
  return ColumnMetadata.map(({ name, typeName }) => `${name} ${typeName}`);
};

const openSession = async (): Promise<(sql: string) => Promise<readonly (readonly unknown[])[]>> => {
  const { SessionId } = await warehouse.run('select 1', { SessionKeepAliveSeconds: 600 });
  return async (sql) => {
    const described = await warehouse.run(sql, { SessionId });
    if (described.Status !== 'FINISHED') throw new Error(described.Error);
    return described.HasResultSet
      ? ((await warehouse.result(described.Id)).Records ?? []).map((row) => row.map((field) => field.longValue))
      : [];
  };
};

// https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
test('isolation is that of snapshots: changes to other rows than those of a concurrent transaction are kept', async () => {
  await warehouse.run('create table numbers (digits int)');
  await warehouse.run('insert into numbers values (0), (1)');
  const [first, second] = [await openSession(), await openSession()];
  await first('begin');
  await second('begin');
  await first('select * from numbers');
  await second('select * from numbers');
  await first('update numbers set digits = 0 where digits = 1');
  expect(await first('select * from numbers order by 1')).toEqual([[0], [0]]);
  await first('commit');
  await second('update numbers set digits = 1 where digits = 0');
  expect(await second('select * from numbers order by 1')).toEqual([[1], [1]]);
  await second('commit');
  expect(await first('select * from numbers order by 1')).toEqual([[0], [1]]);
  expect(
    await warehouse.rows(`select isolation_level, database_isolation_level from stv_db_isolation_level
      join svv_redshift_databases on database_name = db_name where db_name = 'dev'`),
  ).toEqual([['Snapshot Isolation', 'Snapshot Isolation']]);
  expect(await warehouse.rows('select distinct isolation_level from sys_transaction_history')).toEqual([
    ['Snapshot Isolation'],
  ]);
  expect(await warehouse.rows("show databases like 'dev'")).toEqual([
    ['dev', 100, 'local', null, null, 'Snapshot Isolation'],
  ]);
});

test('serializable isolation is refused', async () => {
  expect(await warehouse.run('create database snapshots with isolation level snapshot')).toMatchObject({
    Status: 'FINISHED',
  });
  for (const sql of [
    'create database serial isolation level serializable',
    'alter database snapshots isolation level serializable',
  ])
    expect((await warehouse.run(sql)).Error).toContain('DATABASE … ISOLATION LEVEL SERIALIZABLE is not supported');
  expect(await warehouse.run('begin isolation level serializable')).toMatchObject({ Status: 'FINISHED' });
});

// https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_HISTORY.html
test('equal statements have equal hashes, and such as differ in their literals have an equal generic one', async () => {
  await warehouse.run('create table hashed (a int, b varchar(9))');
  for (const sql of [
    "select * from hashed where a = 1 and b = 'x' /* hashed */",
    "select * from hashed where a = 22 and b = 'it''s' /* hashed */",
    "select * from hashed where a = 22 and b = 'it''s' /* hashed */",
  ])
    await warehouse.run(sql);
  const [one, other, again] =
    await warehouse.rows(`select user_query_hash, generic_query_hash, username, result_cache_query_id
    from sys_query_history where query_text like '%/* hashed */' order by query_id`);
  expect(other).toEqual(again);
  expect(one?.[0]).not.toBe(other?.[0]);
  expect(one?.slice(1)).toEqual(other?.slice(1));
  expect(one?.slice(2)).toEqual(['admin', 0]);
});

// https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
test('the steps of a query have every column of their page', async () => {
  expect((await columnsOf('sys_query_detail')).slice(-12)).toEqual([
    'local_read_io int8',
    'remote_read_io int8',
    'source varchar',
    'data_skewness int4',
    'time_skewness int4',
    'is_active varchar',
    'spilled_block_local_disk int8',
    'spilled_block_remote_disk int8',
    'step_attribute varchar',
    'metrics_level varchar',
    'plan_parent_id int4',
    'plan_node_id int4',
  ]);
});

// https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TABLE_INFO.html
test('a table tells whether any of its columns is encoded, and how its first sort key is', async () => {
  await warehouse.run('create table sorted (a int sortkey, b varchar(9))');
  await warehouse.run('create table plain (a int encode raw, b float) sortkey (a)');
  await warehouse.run('create table packed (a int encode raw, b int encode zstd) sortkey (b)');
  await warehouse.run('create table automatic (a int) sortkey (a)');
  await warehouse.run('alter table automatic alter sortkey auto');
  for (const table of ['sorted (a)', 'plain (a)', 'packed (a)', 'automatic (a)'])
    await warehouse.run(`insert into ${table} values (1)`);
  expect(
    await warehouse.rows(`select "table", encoded, sortkey1, sortkey1_enc from svv_table_info
      where "table" in ('sorted', 'plain', 'packed', 'automatic') order by 1`),
  ).toEqual([
    ['automatic', 'N', 'AUTO(SORTKEY(a))', 'none'],
    ['packed', 'Y', 'b', 'zstd'],
    ['plain', 'N', 'a', 'none'],
    ['sorted', 'Y', 'a', 'none'],
  ]);
});

test('what a local cluster never has is in no row of the views about it', async () => {
  const views = [
    'svv_copy_job_integrations',
    'svv_geography_columns',
    'svv_geometry_columns',
    'svv_integration',
    'svv_integration_table_mapping',
    'svv_integration_table_state',
    'sys_applied_masking_policy_log',
    'sys_auto_table_optimization',
    'sys_automatic_optimization',
    'sys_copy_job_detail',
    'sys_copy_job_info',
    'sys_datashare_cross_region_usage',
    'sys_extra_compute_for_automatic_optimization',
    'sys_integration_activity',
    'sys_integration_table_activity',
    'sys_integration_table_state_change',
    'sys_ludf_detail',
    'sys_restore_log',
    'sys_spatial_simplify',
  ];
  for (const view of views) expect(await warehouse.rows(`select * from ${view}`)).toEqual([]);
  expect(await columnsOf('sys_extra_compute_for_automatic_optimization')).toEqual([
    'start_time timestamp',
    'end_time timestamp',
    'query_count int8',
    'compute_seconds numeric',
  ]);
});

// https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ACTIVE_CURSORS.html
test('an open cursor is in svv_active_cursors', async () => {
  expect(await columnsOf('svv_active_cursors')).toEqual([
    'user_id int4',
    'cursor_name varchar',
    'transaction_id int8',
    'session_id int4',
    'declare_time timestamp',
    'total_bytes int8',
    'total_rows int8',
    'fetched_rows int8',
    'cursor_storage_limit_used_percent int4',
  ]);
  const session = await openSession();
  await session('begin');
  await session('declare listed cursor for select 1');
  expect(await session("select count(*) from svv_active_cursors where cursor_name = 'listed'")).toEqual([[1]]);
  await session('rollback');
});

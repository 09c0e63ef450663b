import { gzipSync } from 'node:zlib';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Unit } from '../../src/plan/plan.ts';
import { startWarehouse, type TestWarehouse } from '../support/warehouse.ts';
import { column, table } from '../unit/manifest/manifest-builder.ts';
import { planOf, SETTINGS } from '../unit/plan/plan-builder.ts';

const ROLE = "iam_role 'arn:aws:iam::000000000000:role/redshift'";

let warehouse: TestWarehouse;
let s3: S3Client;

beforeAll(async () => {
  warehouse = await startWarehouse();
  s3 = new S3Client({ ...warehouse.test.client, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'data' }));
});

afterAll(async () => {
  s3.destroy();
  expect(warehouse.test.faults).toEqual([]);
  await warehouse[Symbol.asyncDispose]();
});

const put = (Key: string, Body: string | Uint8Array) => s3.send(new PutObjectCommand({ Bucket: 'data', Key, Body }));

test('files are loaded, transformed and unloaded through the Data API', async () => {
  await put('in/usage-0.gz', gzipSync('id|name|spent\n1|Zoë|1.50\n2||2.25\n'));
  await put('in/usage-1.gz', gzipSync('id|name|spent\n3|"quoted"|-1\n'));
  const loaded = await warehouse.runBatch([
    'create table usage_raw (id bigint not null, name varchar(20), spent decimal(10,2)) diststyle key distkey(id) sortkey(id)',
    `copy usage_raw from 's3://data/in/' ${ROLE} gzip ignoreheader 1 removequotes emptyasnull blanksasnull`,
    'select pg_last_copy_count()',
    'create table totals as select count(*) as n, sum(spent) as total from usage_raw',
  ]);
  expect(loaded).toMatchObject({
    Status: 'FINISHED',
    SubStatements: [{}, { ResultRows: 3, HasResultSet: false }, {}, {}],
  });
  expect((await warehouse.result(`${loaded.Id}:3`)).Records).toEqual([[{ longValue: 3 }]]);
  expect(await warehouse.rows('select n, total from totals')).toEqual([[3, '2.75']]);
  const unloaded = await warehouse.run(
    `unload ('select id, name from usage_raw order by id') to 's3://data/out/usage_' ${ROLE} format csv header parallel off`,
  );
  expect(unloaded).toMatchObject({ Status: 'FINISHED', ResultRows: 3 });
  const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket: 'data', Prefix: 'out/' }));
  expect(Contents?.map(({ Key }) => Key)).toEqual(['out/usage_000']);
  const object = await s3.send(new GetObjectCommand({ Bucket: 'data', Key: 'out/usage_000' }));
  expect(await object.Body?.transformToString()).toBe('id,name\n1,Zoë\n2,\n3,quoted\n');
});

test('a load that fails leaves nothing of its batch, and says where the fault is', async () => {
  await put('bad/part-0', '1|a\nx|b\n');
  await warehouse.run('create table strict (id int, name varchar(5))');
  const described = await warehouse.runBatch([
    "insert into strict values (0, 'zero')",
    `copy strict from 's3://data/bad/' ${ROLE}`,
    'select 1',
  ]);
  expect(described).toMatchObject({
    Status: 'FAILED',
    SubStatements: [{}, { Status: 'FAILED' }, { Status: 'ABORTED' }],
  });
  expect(described.Error).toMatch(/^Query #2 failed with ERROR: Load into table 'strict' failed/);
  expect(await warehouse.rows('select count(*) from strict')).toEqual([[0]]);
  expect(
    await warehouse.rows(
      'select trim(filename), line_number, trim(colname), trim(raw_field_value) from stl_load_errors where query > 0',
    ),
  ).toEqual([['s3://data/bad/part-0', 2, 'id', 'x']]);
});

test.each([
  ["unload ('selec 1') to", 'selec 1'],
  ["unload ('select ''x'', id, wrong from known') to", 'wrong from'],
  ['unload ($q$select wrong from known$q$) to', 'wrong from'],
])('an error of the query in %s points into the statement', async (unload, at) => {
  await warehouse.run('create table if not exists known (id int)');
  const sql = `${unload} 's3://data/pointed/' ${ROLE}`;
  const { Error: message = '' } = await warehouse.run(sql);
  const position = Number(/Position: (\d+)/.exec(message)?.[1]);
  expect(sql.slice(position - 1)).toMatch(new RegExp(`^${at}`));
});

test('a load that fails is the last one of its session, whose errors are found by it', async () => {
  await put('last/file', 'x\n');
  const { SessionId = '' } = await warehouse.run('create table last_load (a int)', { SessionKeepAliveSeconds: 60 });
  await warehouse.run(`copy last_load from 's3://data/last/' ${ROLE}`, { SessionId });
  expect(
    await warehouse.rows(
      'select pg_last_copy_count(), trim(colname), trim(raw_line) from stl_load_errors where query = pg_last_copy_id()',
      { SessionId },
    ),
  ).toEqual([[0, 'a', 'x']]);
});

test('what ran is found in the query history, with its rows', async () => {
  await warehouse.run('create table history (a int)');
  await warehouse.run('insert into history values (1), (2)');
  await warehouse.run('select * from no_such_table');
  await warehouse.run('select a from history');
  const history = await warehouse.rows(
    "select trim(query_text), trim(status), returned_rows from sys_query_history where query_text like '%history%' or query_text like '%no_such%' order by query_id",
  );
  expect(history.slice(0, 4)).toEqual([
    ['create table history (a int)', 'success', -1],
    ['insert into history values (1), (2)', 'success', 2],
    ['select * from no_such_table', 'failed', -1],
    ['select a from history', 'success', 2],
  ]);
  expect(await warehouse.rows('select pg_backend_pid() > 0, pg_last_query_id() > 0')).toEqual([[true, false]]);
});

describe('what a run that failed has appended', () => {
  const columns = [
    column('id'),
    column('name', 'varchar(20)'),
    column('sluice_weight', 'decimal(6,2)'),
    column('more', 'super'),
  ];
  const format = { type: 'csv', delimiter: ',', emptyAsNull: true };
  const rows = (): Promise<readonly unknown[]> =>
    warehouse.rows('select id, name, sluice_weight, json_serialize(more) from staging.usage order by 1, 2, 3');
  let unit: Unit;

  async function append(runId: string, text: string): Promise<Unit> {
    const plan = planOf([table({ load: 'append', loadAgain: true, columns, files: [{ key: 'f' }], format })], {
      runId,
      settings: { ...SETTINGS, workBucket: 'data', redshiftRoleArn: 'arn:aws:iam::000000000000:role/redshift' },
    });
    await put(`appended/${runId}`, text);
    const of = (id: string): Unit => plan.units.find((one) => one.id === id) as Unit;
    const copy = of('copy-staging-usage');
    const entries = [{ url: `s3://data/appended/${runId}`, mandatory: true }];
    await put(copy.copyManifest?.key ?? '', JSON.stringify({ entries }));
    for (const one of [of('ddl-ledger'), of('ddl-tables-1'), copy])
      expect((await warehouse.runBatch(one.statements.map(({ sql }) => sql))).Error).toBeUndefined();
    return copy;
  }

  const undo = () => warehouse.runBatch([...(unit.undo ?? [])]);
  const before = '1,a,1.5,1\n1,a,1.5,1\n2,,,\n3,c,0,3\n';
  let there: readonly unknown[];

  beforeAll(async () => {
    await append('00000000000000aa', before);
    there = await rows();
    unit = await append('00000000000000bb', '1,a,1.5,1\n2,,,\n4,d,4,4\n');
    expect(await rows()).toHaveLength(7);
  });

  test('is not taken out when the files are not what they were, or a row of it is', async () => {
    const all = await rows();
    await put('appended/00000000000000bb', '1,a,1.5,1\n');
    expect(await undo()).toMatchObject({ Status: 'FAILED' });
    await put('appended/00000000000000bb', '1,a,1.5,1\n2,,,\n5,d,4,4\n');
    expect(await undo()).toMatchObject({ Status: 'FAILED' });
    expect(await rows()).toEqual(all);
  });

  test('is taken out exactly, equal rows as often as they were appended, and once', async () => {
    await put('appended/00000000000000bb', '1,a,1.5,1\n2,,,\n4,d,4,4\n');
    expect(await undo()).toMatchObject({ Status: 'FINISHED' });
    expect(await rows()).toEqual(there);
    expect(await warehouse.rows('select distinct run_id from sluice.loaded_file')).toEqual([['00000000000000aa']]);
    expect(await undo()).toMatchObject({ Status: 'FAILED' });
    expect(await rows()).toEqual(there);
  });
});

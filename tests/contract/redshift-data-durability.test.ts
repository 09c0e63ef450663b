import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteClusterCommand, DescribeClustersCommand, waitUntilClusterDeleted } from '@aws-sdk/client-redshift';
import { DescribeStatementCommand, ExecuteStatementCommand } from '@aws-sdk/client-redshift-data';
import { systemClock, type Clock } from '../../local/kernel/index.ts';
import { ADMIN, CLUSTER, startWarehouse, type TestWarehouse } from '../support/warehouse.ts';

const target = { ClusterIdentifier: CLUSTER, Database: 'dev', DbUser: ADMIN };

async function restart(warehouse: TestWarehouse): Promise<TestWarehouse> {
  await warehouse.stop();
  return startWarehouse({ cloud: { directory: warehouse.test.directory } });
}

/** Too large to be kept with its statement. */
const LARGE_RESULT = 'select generate_series(1, 1000)';

test('after a restart, tables and results are there and what ran has failed', async () => {
  const before = await startWarehouse();
  await before.run('create table lasting (a int)');
  await before.run('insert into lasting values (1), (2)');
  const finished = await before.run('select a from lasting order by a');
  const large = await before.run(LARGE_RESULT);
  const running = await before.data.send(
    new ExecuteStatementCommand({ ...target, Sql: 'select count(*) from generate_series(1, 100000000000) a' }),
  );
  const session = await before.run('select 1', { SessionKeepAliveSeconds: 600 });
  await using after = await restart(before);
  expect(await after.data.send(new DescribeStatementCommand({ Id: running.Id }))).toMatchObject({ Status: 'FAILED' });
  expect((await after.result(finished.Id)).Records).toEqual([[{ longValue: 1 }], [{ longValue: 2 }]]);
  expect((await after.result(large.Id)).Records).toHaveLength(1000);
  expect(await after.rows('select count(*) from lasting')).toEqual([[2]]);
  await expect(after.run('select 1', { SessionId: session.SessionId })).rejects.toThrow(/closed/);
  const { Clusters } = await after.redshift.send(new DescribeClustersCommand({}));
  expect(Clusters).toMatchObject([{ ClusterIdentifier: CLUSTER, ClusterStatus: 'available' }]);
});

test('a process killed in the middle of a transaction, a result and an UNLOAD loses these, wholly, and nothing else', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'killed-warehouse-'));
  const child = spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '..', 'support', 'warehouse-process.ts'),
      directory,
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  const running = said.toString().trim().split(' ').slice(1);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await using warehouse = await startWarehouse({ cloud: { directory } });
  expect(await warehouse.rows('select a from t')).toEqual([[1]]);
  expect(running).toHaveLength(2);
  for (const Id of running)
    expect(await warehouse.data.send(new DescribeStatementCommand({ Id }))).toMatchObject({ Status: 'FAILED' });
  for (const folder of ['redshift-work', 's3/incoming', 's3/objects', `redshift/${CLUSTER}/spill`]) {
    const path = join(directory, folder);
    expect([folder, existsSync(path) ? readdirSync(path) : []]).toEqual([folder, []]);
  }
  const results = readdirSync(join(directory, 'redshift-data', 'results')).join();
  for (const Id of running) expect(results).not.toContain(Id);
});

test("a deleted cluster's data is gone from the disk", async () => {
  await using warehouse = await startWarehouse();
  await warehouse.run('create table t (a int)');
  const folder = join(warehouse.test.directory, 'redshift', CLUSTER);
  expect(readdirSync(folder)).toContain('dev.duckdb');
  await warehouse.redshift.send(
    new DeleteClusterCommand({ ClusterIdentifier: CLUSTER, SkipFinalClusterSnapshot: true }),
  );
  await waitUntilClusterDeleted(
    { client: warehouse.redshift, maxWaitTime: 20, minDelay: 0.005, maxDelay: 0.01 },
    { ClusterIdentifier: CLUSTER },
  );
  expect(existsSync(folder)).toBe(false);
});

test('results are forgotten after 24 hours, and so are their files', async () => {
  let shift = 0;
  const clock: Clock = { now: () => systemClock.now() + shift, sleep: (ms, signal) => systemClock.sleep(ms, signal) };
  await using warehouse = await startWarehouse({ cloud: { clock } });
  const files = (): readonly string[] => {
    const folder = join(warehouse.test.directory, 'redshift-data', 'results');
    return existsSync(folder) ? readdirSync(folder) : [];
  };
  const small = await warehouse.run('select 1');
  expect(files()).toEqual([]);
  const { Id } = await warehouse.run(LARGE_RESULT);
  expect(files()).toEqual([`${Id}-1.jsonl`]);
  shift = 23 * 3_600_000;
  expect((await warehouse.result(small.Id)).TotalNumRows).toBe(1);
  expect((await warehouse.result(Id)).TotalNumRows).toBe(1000);
  shift = 25 * 3_600_000;
  for (const forgotten of [small, { Id }])
    await expect(warehouse.result(forgotten.Id)).rejects.toThrow('Query does not exist.');
  const next = await warehouse.run(LARGE_RESULT);
  expect(files()).not.toContain(`${Id}-1.jsonl`);
  expect(files()).toContain(`${next.Id}-1.jsonl`);
});

test('a client token is forgotten after 8 hours', async () => {
  let shift = 0;
  const clock: Clock = { now: () => systemClock.now() + shift, sleep: (ms, signal) => systemClock.sleep(ms, signal) };
  await using warehouse = await startWarehouse({ cloud: { clock } });
  const submit = async () =>
    (await warehouse.data.send(new ExecuteStatementCommand({ ...target, Sql: 'select 1', ClientToken: 'once' }))).Id;
  const first = await submit();
  shift = 7 * 3_600_000;
  expect(await submit()).toBe(first);
  shift = 9 * 3_600_000;
  expect(await submit()).not.toBe(first);
});

test('the 201st active statement is refused, and those before it all finish', async () => {
  await using warehouse = await startWarehouse();
  const session = await warehouse.run('select 1', { SessionKeepAliveSeconds: 600 });
  const run = (sql: string) => warehouse.run(sql, { SessionId: session.SessionId });
  await warehouse.run('create table queue (a int)');
  await run('begin');
  await run('lock table queue');
  const submit = () =>
    warehouse.data.send(new ExecuteStatementCommand({ ...target, Sql: 'insert into queue values (1)' }));
  const accepted = await Promise.all(Array.from({ length: 200 }, submit));
  await expect(submit()).rejects.toMatchObject({ name: 'ActiveStatementsExceededException' });
  expect(await warehouse.data.send(new DescribeStatementCommand({ Id: accepted[0]?.Id }))).toMatchObject({
    Status: 'PICKED',
  });
  // A statement of the session itself would be the 201st, too: the transaction ends with its session.
  await warehouse.test.cloud.call('redshift', 'RebootCluster', { ClusterIdentifier: CLUSTER }, { principalArn: 'x' });
  const ended = await Promise.all(accepted.map(({ Id }) => warehouse.ended(Id)));
  expect(new Set(ended.map(({ Status }) => Status))).toEqual(new Set(['FAILED']));
});

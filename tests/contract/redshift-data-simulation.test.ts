import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescribeStatementResponse, ExecuteStatementOutput } from '@aws-sdk/client-redshift-data';
import { DuckDBConnection } from '@duckdb/node-api';
import {
  createCloud,
  memoryDocuments,
  ROOT,
  seededIds,
  VirtualClock,
  type Caller,
  type Cloud,
} from '../../local/kernel/index.ts';
import { createInstancePool, createRedshift, type InstancePool } from '../../local/redshift/index.ts';
import { createRedshiftData } from '../../local/redshift-data/index.ts';
import { createS3 } from '../../local/s3/index.ts';

const START = Date.UTC(2026, 10, 1);
const HOUR = 3_600_000;
const caller: Caller = { principalArn: 'arn:aws:iam::000000000000:role/simulated' };

let directory: string;
let pool: InstancePool;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'redshift-simulation-'));
  pool = createInstancePool();
});

afterAll(() => {
  pool.close();
  rmSync(directory, { recursive: true, force: true });
});

/** A cloud in this process on a virtual clock, its warehouse in memory. */
function simulate(latency: (sql: string) => number = () => 0): { readonly cloud: Cloud; readonly clock: VirtualClock } {
  const clock = new VirtualClock(START);
  const cloud = createCloud({ clock, ids: seededIds(7), documents: memoryDocuments(), directory });
  const s3 = createS3(cloud);
  const redshift = createRedshift(cloud, {
    objects: s3.objects,
    engine: { storage: 'memory', threads: 1 },
    pool,
    durations: { create: 5 * 60_000, delete: 5 * 60_000 },
  });
  cloud.register(s3);
  cloud.register(redshift);
  cloud.register(createRedshiftData(cloud, { clusters: redshift.clusters, latency }));
  return { cloud, clock };
}

async function createCluster({ cloud, clock }: { readonly cloud: Cloud; readonly clock: VirtualClock }): Promise<void> {
  await cloud.call(
    'redshift',
    'CreateCluster',
    { ClusterIdentifier: 'c', NodeType: 'ra3.large', MasterUsername: 'admin', MasterUserPassword: 'Abcdefg1' },
    ROOT,
  );
  await clock.sleep(6 * 60_000);
}

const run = async (cloud: Cloud, sql: string): Promise<DescribeStatementResponse> => {
  const submitted = await cloud.call<ExecuteStatementOutput>(
    'redshift-data',
    'ExecuteStatement',
    { Sql: sql, ClusterIdentifier: 'c', Database: 'dev', DbUser: 'admin' },
    caller,
  );
  for (;;) {
    const described = await cloud.call<DescribeStatementResponse>(
      'redshift-data',
      'DescribeStatement',
      { Id: submitted.Id, WaitTimeSeconds: 30 },
      caller,
    );
    if (['FINISHED', 'FAILED', 'ABORTED'].includes(described.Status ?? '')) return described;
  }
};

test('a statement of 23 hours finishes, in no time', async () => {
  const simulation = simulate(() => 23 * HOUR);
  const { cloud, clock } = simulation;
  await createCluster(simulation);
  const began = clock.now();
  expect(await run(cloud, 'select 1')).toMatchObject({ Status: 'FINISHED', Duration: 23 * HOUR * 1_000_000 });
  expect(clock.now() - began).toBeGreaterThanOrEqual(23 * HOUR);
  await cloud.close();
});

test('a statement is stopped after 24 hours', async () => {
  const simulation = simulate(() => 25 * HOUR);
  const { cloud, clock } = simulation;
  await createCluster(simulation);
  const began = clock.now();
  expect(await run(cloud, 'select 1')).toMatchObject({
    Status: 'FAILED',
    Error: expect.stringContaining('24 hours') as string,
  });
  expect(clock.now() - began).toBeLessThan(24 * HOUR + 60_000);
  await cloud.close();
});

test('a pooled warehouse is as good as new', async () => {
  for (let index = 0; index < 10; index++) {
    const simulation = simulate();
    await createCluster(simulation);
    const { cloud } = simulation;
    expect(await run(cloud, 'create table t (a int)')).toMatchObject({ Status: 'FINISHED' });
    expect(await run(cloud, 'insert into t values (1)')).toMatchObject({ Status: 'FINISHED', ResultRows: 1 });
    expect(await run(cloud, 'select a from t')).toMatchObject({ Status: 'FINISHED', ResultRows: 1 });
    await cloud.close();
  }
});

test('what a statement asks of the catalogue is not asked again for one that differs in the contents of its literals', async () => {
  const simulation = simulate();
  await createCluster(simulation);
  const { cloud } = simulation;
  const statements = async (sql: string): Promise<readonly string[]> => {
    const given: string[] = [];
    // eslint-disable-next-line typescript/unbound-method -- it is called on the connection it is asked of
    const { run: original } = DuckDBConnection.prototype;
    DuckDBConnection.prototype.run = function (this: DuckDBConnection, ...all: Parameters<typeof original>) {
      given.push(/^select json_serialize_plan/i.test(all[0]) ? 'plan' : (all[0].split(/\s/, 1)[0] ?? ''));
      return original.apply(this, all);
    };
    try {
      expect(await run(cloud, sql)).toMatchObject({ Status: 'FINISHED' });
    } finally {
      DuckDBConnection.prototype.run = original;
    }
    return given;
  };
  await run(cloud, 'create table t (run varchar(20), n int, at timestamp)');
  const insert = (name: string): string => `insert into t select '${name}', 1, null from t where run <> '${name}'`;
  expect(await statements(insert('first'))).toEqual(expect.arrayContaining(['DESCRIBE', 'plan']));
  expect(await statements(insert('other'))).toEqual(['BEGIN', 'INSERT', 'COMMIT']);
  const tables = "select tablename from pg_tables where schemaname || '' = 'public'";
  expect(await statements(tables)).toEqual(expect.arrayContaining(['plan', 'DESCRIBE']));
  await run(cloud, 'create table u (a int)');
  // The system's own views are what they were.
  expect(await statements(tables)).toEqual(['SELECT']);
  await run(cloud, 'create table pg_tables (schemaname varchar(20), tablename int)');
  expect(await statements(tables)).toContain('plan');
  await cloud.close();
});

test('a paused cluster keeps its tables, in memory too, and a deleted one loses them', async () => {
  const simulation = simulate();
  const { cloud, clock } = simulation;
  const change = async (operation: string, more: object = {}): Promise<void> => {
    await cloud.call('redshift', operation, { ClusterIdentifier: 'c', ...more }, ROOT);
    await clock.sleep(6 * 60_000);
  };
  await createCluster(simulation);
  await run(cloud, 'create table t as select 1 as a');
  await change('PauseCluster');
  await change('ResumeCluster');
  expect(await run(cloud, 'select a from t')).toMatchObject({ Status: 'FINISHED' });
  await change('DeleteCluster', { SkipFinalClusterSnapshot: true });
  await createCluster(simulation);
  expect(await run(cloud, 'select a from t')).toMatchObject({ Status: 'FAILED' });
  await cloud.close();
});

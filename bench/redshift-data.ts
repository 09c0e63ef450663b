/**
 * Analytical queries through the Redshift Data API against the same queries in bare DuckDB, in one process, on the same tables.
 *
 *   node bench/redshift-data.ts [rows, default 20000000]
 *
 * Prints a line a query (milliseconds, medians of rounds in which both take turns, result fetched), the ratio, what a statement costs
 * that does nothing, what its translation costs, the event loop's worst lag while eight statements run, and peak memory.
 */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, RedshiftClient, waitUntilClusterAvailable } from '@aws-sdk/client-redshift';
import { ExecuteStatementCommand, GetStatementResultCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { createCloud, listen, openDocuments, systemClock, systemIds } from '../local/kernel/index.ts';
import { translate } from '../local/redshift/dialect/index.ts';
import { createRedshift } from '../local/redshift/index.ts';
import { createRedshiftData } from '../local/redshift-data/index.ts';
import { createS3 } from '../local/s3/index.ts';

const ROWS = Number(process.argv[2] ?? 20_000_000);
const CLUSTER = 'bench';
const ROUNDS = 7;
/** Repetitions of what takes a few milliseconds or less. */
const REPETITIONS = 200;
const SIMULTANEOUS = 8;
const MEMORY_LIMIT = '4GB';

/** Plain enough to mean the same in both dialects. */
const QUERIES: Readonly<Record<string, string>> = {
  count: 'select count(*) as n, sum(amount) as total from usage_fact',
  group:
    'select region, plan, count(*) as n, sum(amount) as total, max(used_mb) as most from usage_fact group by region, plan order by region, plan',
  join: 'select c.segment, sum(f.amount) as total from usage_fact f join customer c on c.customer_id = f.customer_id group by c.segment order by total desc',
  distinct: 'select region, count(distinct customer_id) as customers from usage_fact group by region order by region',
  window:
    'select customer_id, day, running from (select customer_id, day, sum(amount) over (partition by customer_id order by day rows unbounded preceding) as running, row_number() over (partition by customer_id order by day desc) as latest from usage_fact where customer_id < 20000) x where latest = 1 order by running desc limit 100',
  top: 'select customer_id, sum(used_mb) as used from usage_fact group by customer_id order by used desc, customer_id limit 1000',
  filter:
    "select count(*) as n from usage_fact where day between date '2025-03-01' and date '2025-03-31' and region = 'north' and amount > 10",
  self: 'select a.region, count(*) as pairs from usage_fact a join customer b on a.customer_id = b.referrer_id where a.used_mb > 900 group by a.region order by a.region',
};

async function generate(file: string): Promise<void> {
  const instance = await DuckDBInstance.create(file);
  const connection = await instance.connect();
  await connection.run(`create schema public;
    create table public.customer as select i::int as customer_id, 'segment ' || (i % 12) as segment, (i * 7 % 200000)::int as referrer_id from range(200000) t(i);
    create table public.usage_fact as select i as usage_id, (i * 2654435761 % 200000)::int as customer_id,
      ['north', 'south', 'east', 'west'][1 + i % 4] as region, 'plan ' || (i // 4 % 9) as plan,
      date '2025-01-01' + (i * 40503 % 365)::int as day, (i * 7919 % 100000 / 1000.0)::decimal(12, 3) as amount,
      (i * 104729 % 1000)::int as used_mb, md5((i % 50000)::varchar) as device from range(${ROWS}) t(i);`);
  connection.closeSync();
  instance.closeSync();
}

function lagMeter(): { stop(): number } {
  let worst = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    worst = Math.max(worst, now - last - 5);
    last = now;
  }, 5);
  return {
    stop: () => {
      clearInterval(timer);
      return worst;
    },
  };
}

async function milliseconds(work: () => unknown): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** Both take turns, so that whatever else the machine does meets both. */
async function sideBySide(
  one: () => Promise<unknown>,
  other: () => Promise<unknown>,
): Promise<readonly [one: number, other: number]> {
  const taken: (readonly [number, number])[] = [];
  for (let round = 0; round < ROUNDS; round++) taken.push([await milliseconds(one), await milliseconds(other)]);
  return [median(taken.map(([first]) => first)), median(taken.map(([, second]) => second))];
}

const directory = mkdtempSync(join(tmpdir(), 'bench-redshift-data-'));
let peak = 0;
const memory = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage().rss);
}, 20);
try {
  const bareFile = join(directory, 'bare.duckdb');
  await generate(bareFile);
  const clusterFolder = join(directory, 'redshift', CLUSTER);
  mkdirSync(clusterFolder, { recursive: true });
  copyFileSync(bareFile, join(clusterFolder, 'dev.duckdb'));
  console.log(
    `${ROWS} rows, ${(statSync(bareFile).size / 1e6).toFixed(0)} MB in DuckDB's own format, memory limit ${MEMORY_LIMIT} each`,
  );

  const cloud = createCloud({
    clock: systemClock,
    ids: systemIds,
    documents: openDocuments(join(directory, 'state.db')),
    directory,
  });
  const s3 = createS3(cloud);
  const redshift = createRedshift(cloud, {
    objects: s3.objects,
    durations: { create: 1 },
    engine: { memoryLimit: MEMORY_LIMIT },
  });
  for (const service of [s3, redshift, createRedshiftData(cloud, { clusters: redshift.clusters })])
    cloud.register(service);
  const gateway = await listen(cloud);
  const settings = {
    endpoint: gateway.endpoint,
    region: cloud.region,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  };
  const control = new RedshiftClient(settings);
  const data = new RedshiftDataClient(settings);
  await control.send(
    new CreateClusterCommand({
      ClusterIdentifier: CLUSTER,
      NodeType: 'ra3.large',
      MasterUsername: 'admin',
      MasterUserPassword: 'Abcdefg1',
    }),
  );
  await waitUntilClusterAvailable(
    { client: control, maxWaitTime: 20, minDelay: 0.01, maxDelay: 0.02 },
    { ClusterIdentifier: CLUSTER },
  );

  const throughApi = async (sql: string): Promise<void> => {
    const { Id, Status } = await data.send(
      new ExecuteStatementCommand({
        ClusterIdentifier: CLUSTER,
        Database: 'dev',
        DbUser: 'admin',
        Sql: sql,
        WaitTimeSeconds: 30,
      }),
    );
    if (Status !== 'FINISHED') throw new Error(`${sql}: ${Status ?? ''}`);
    await data.send(new GetStatementResultCommand({ Id }));
  };
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: MEMORY_LIMIT });
  const bare: DuckDBConnection = await instance.connect();
  await bare.run(`attach '${bareFile}' as dev (read_only); use dev.public`);

  await throughApi('select 1');
  console.log('query       DuckDB ms   Data API ms   ratio');
  let product = 1;
  for (const [name, sql] of Object.entries(QUERIES)) {
    const [own, api] = await sideBySide(
      async () => (await bare.runAndReadAll(sql)).getRowsJS(),
      () => throughApi(sql),
    );
    product *= api / own;
    console.log(
      `${name.padEnd(10)}${own.toFixed(1).padStart(11)}${api.toFixed(1).padStart(14)}${(api / own).toFixed(2).padStart(8)}`,
    );
  }
  console.log(`geometric mean of the ratios ${(product ** (1 / Object.keys(QUERIES).length)).toFixed(2)}`);

  const idle: number[] = [];
  for (let run = 0; run < REPETITIONS; run++) idle.push(await milliseconds(() => throughApi('select 1 as one')));
  console.log(`a statement that does nothing: ${median(idle).toFixed(2)} ms`);
  for (const [name, sql] of Object.entries(QUERIES)) {
    const translated: number[] = [];
    for (let run = 0; run < REPETITIONS; run++) translated.push(await milliseconds(() => translate(sql)));
    console.log(`translation of ${name}: ${median(translated).toFixed(3)} ms`);
  }

  const meter = lagMeter();
  const began = performance.now();
  const all = Object.values(QUERIES);
  await Promise.all(
    Array.from({ length: SIMULTANEOUS }, (_each, index) => throughApi(all[index % all.length] ?? 'select 1')),
  );
  console.log(
    `${SIMULTANEOUS} statements at once: ${(performance.now() - began).toFixed(0)} ms, worst lag of the event loop ${meter.stop().toFixed(1)} ms`,
  );
  console.log(`peak memory ${(peak / 1e6).toFixed(0)} MB, both engines in it`);

  bare.closeSync();
  instance.closeSync();
  control.destroy();
  data.destroy();
  await gateway.close();
  await cloud.close();
} finally {
  clearInterval(memory);
  rmSync(directory, { recursive: true, force: true });
}

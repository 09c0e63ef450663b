/**
 * COPY and UNLOAD of the local Redshift against the same work in bare DuckDB, and COPY against PostgreSQL 15 where it is installed.
 *
 *   node bench/redshift-copy.ts [--mb 64] [--rounds 3] [--memory 2GB] [--no-postgres]
 *
 * Prints, for plain and gzip input in 1 and 8 files, ours : DuckDB's, each the median of the rounds: wall and processor time with their
 * ratios, peak memory and the event loop's worst lag. Runs of both sides alternate, so that a machine that is busy for a while slows both.
 */
import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { createReadStream, createWriteStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { createGzip } from 'node:zlib';
import { DuckDBInstance } from '@duckdb/node-api';
import { installCatalog } from '../local/redshift/catalog/index.ts';
import { runCopy, runUnload, type LoadEnvironment, type ObjectFiles } from '../local/redshift/load/index.ts';
import { postgresCopy } from './postgres-copy.ts';

const { values: given } = parseArgs({
  options: {
    mb: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '3' },
    memory: { type: 'string', default: '2GB' },
    postgres: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const megabytes = Number(given.mb);
const rounds = Number(given.rounds);

const COLUMNS = {
  id: 'INTEGER',
  customer: 'BIGINT',
  amount: 'DECIMAL(12,2)',
  day: 'DATE',
  happened: 'TIMESTAMP',
  name: 'VARCHAR',
  active: 'BOOLEAN',
  score: 'DOUBLE',
};
/** Bytes of a generated row, about. */
const ROW_BYTES = 78;
const LONGEST_NAME = 40;
const ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/bench'";

const directory = mkdtempSync(join(tmpdir(), 'redshift-copy-'));
const objects = folder(join(directory, 'objects'));
const instance = await DuckDBInstance.create(':memory:', {
  memory_limit: given.memory,
  temp_directory: join(directory, 'spill'),
});
const log = await instance.connect();
await log.run(`ATTACH ':memory:' AS rs`);
await installCatalog(log);
await log.run(`ATTACH '${join(directory, 'dev.duckdb')}' AS dev; ATTACH '${join(directory, 'bare.duckdb')}' AS bare`);
const connection = await instance.connect();
await connection.run('CREATE SCHEMA dev.public');
await connection.run("SET search_path = 'dev.public,rs.main'; SET integer_division = true; SET TimeZone = 'UTC'");
const bare = await instance.connect();
await bare.run('USE bare');

try {
  await generate();
  for (const compression of ['plain', 'gzip'] as const)
    for (const files of [1, 8]) await compareCopy(compression, files);
  for (const compression of ['plain', 'gzip'] as const) await compareUnload(compression);
  if (given.postgres) await comparePostgres();
} finally {
  connection.closeSync();
  bare.closeSync();
  log.closeSync();
  instance.closeSync();
  rmSync(directory, { recursive: true, force: true });
}

/** The same rows as 1 and 8 files, plain and gzip. */
async function generate(): Promise<void> {
  const rows = Math.ceil((megabytes * 1e6) / ROW_BYTES);
  for (const files of [1, 8])
    for (let file = 0; file < files; file++) {
      const from = Math.floor((rows * file) / files);
      const path = join(directory, `part-${files}-${file}`);
      await bare.run(`COPY (SELECT CAST(i AS INTEGER), (i * 7919) % 100000000, CAST((i * 31) % 1000000 / 100.0 AS DECIMAL(12,2)),
        DATE '2020-01-01' + CAST(i % 1000 AS INTEGER), TIMESTAMP '2020-01-01' + to_seconds(i % 100000000), 'customer number ' || (i % 10000),
        CASE WHEN i % 3 = 0 THEN 't' ELSE 'f' END, i * 1.25::DOUBLE FROM range(${from}, ${Math.floor((rows * (file + 1)) / files)}) r(i))
        TO '${path}' (FORMAT csv, DELIMITER '|', HEADER false, QUOTE '')`);
      await pipeline(createReadStream(path), createGzip({ level: 6 }), createWriteStream(`${path}.gz`));
      objects.take(`gzip-${files}/part-${file}.gz`, `${path}.gz`);
      objects.take(`plain-${files}/part-${file}`, path);
    }
}

async function compareCopy(compression: 'plain' | 'gzip', files: number): Promise<void> {
  const prefix = `${compression}-${files}/`;
  const paths = objects.list('bucket', prefix).map(({ key }) => `'${objects.file('bucket', key)?.path}'`);
  const bytes = objects.list('bucket', `plain-${files}/`).reduce((sum, { size }) => sum + size, 0);
  const columns = Object.entries(COLUMNS);
  const ours = async (): Promise<void> => {
    await transaction((restart) =>
      runCopy(
        `COPY t FROM 's3://bucket/${prefix}' ${ROLE} ${compression === 'gzip' ? 'GZIP' : ''}`,
        environment(restart),
      ),
    );
  };
  const theirs = async (): Promise<void> => {
    await bare.run(`INSERT INTO t SELECT * FROM read_csv([${paths.join(', ')}], auto_detect = false, header = false, delim = '|', quote = '',
      escape = '', ${compression === 'gzip' ? "compression = 'gzip'," : ''} columns = {${columns.map(([name, type]) => `${name}: '${type}'`).join(', ')}})`);
  };
  await compare(`COPY ${compression}, ${files} file${files > 1 ? 's' : ''}`, bytes, ours, theirs, createTables);
}

async function createTables(): Promise<void> {
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
  const checked = columns.map((column) =>
    column === 'name VARCHAR' ? `${column} CHECK (strlen(name) <= ${LONGEST_NAME})` : column,
  );
  await connection.run(`CREATE OR REPLACE TABLE t (${checked.join(', ')})`);
  await bare.run(`CREATE OR REPLACE TABLE t (${columns.join(', ')})`);
}

/** Unloads what the last COPY loaded. */
async function compareUnload(compression: 'plain' | 'gzip'): Promise<void> {
  const target = join(directory, 'unloaded');
  const bytes = objects.list('bucket', 'plain-1/').reduce((sum, { size }) => sum + size, 0);
  const options = compression === 'gzip' ? 'GZIP' : '';
  const ours = async (): Promise<void> => {
    await transaction(() =>
      runUnload(
        `UNLOAD ('SELECT * FROM t') TO 's3://bucket/out/' ${ROLE} CSV ${options} ALLOWOVERWRITE PARALLEL OFF`,
        environment(),
      ),
    );
  };
  const theirs = async (): Promise<void> => {
    await bare.run(
      `COPY (SELECT * FROM t) TO '${target}' (FORMAT csv, HEADER false${compression === 'gzip' ? ', COMPRESSION gzip' : ''})`,
    );
  };
  await compare(`UNLOAD CSV ${compression}`, bytes, ours, theirs, async () => undefined);
}

async function comparePostgres(): Promise<void> {
  const path = objects.file('bucket', 'plain-1/part-0')?.path ?? '';
  const seconds = await postgresCopy(path, COLUMNS, directory);
  if (seconds === undefined) console.log('PostgreSQL 15 is not installed');
  else console.log(`PostgreSQL 15 COPY plain, 1 file: ${seconds.toFixed(2)} s (${rate(statSync(path).size, seconds)})`);
}

async function compare(
  name: string,
  bytes: number,
  ours: () => Promise<void>,
  theirs: () => Promise<void>,
  prepare: () => Promise<void>,
): Promise<void> {
  const runs: Readonly<Record<Side, Run[]>> = { ours: [], theirs: [] };
  for (let round = 0; round < rounds; round++) {
    await prepare();
    // Whoever runs second finds the files in the page cache, so the two take turns at being first.
    for (const side of round % 2 === 0 ? (['theirs', 'ours'] as const) : (['ours', 'theirs'] as const))
      runs[side].push(await measure(side === 'ours' ? ours : theirs));
  }
  const middle = (side: Side, of: keyof Run): number => median(runs[side].map((run) => run[of]));
  const both = (of: keyof Run, unit: (value: number) => string): string =>
    `${unit(middle('ours', of))} : ${unit(middle('theirs', of))}`;
  const ratio = (of: keyof Run): string => (middle('ours', of) / middle('theirs', of)).toFixed(2);
  console.log(
    [
      name.padEnd(22),
      `wall ${both('seconds', (value) => `${value.toFixed(2)} s`)} = ${ratio('seconds')}`,
      `cpu ${both('cpuSeconds', (value) => `${value.toFixed(2)} s`)} = ${ratio('cpuSeconds')}`,
      rate(bytes, middle('ours', 'seconds')),
      `peak ${both('peakBytes', (value) => `${(value / 1e6).toFixed(0)} MB`)}`,
      `worst lag ${both('lagMs', (value) => `${value.toFixed(0)} ms`)}`,
    ].join('  '),
  );
}

type Side = 'ours' | 'theirs';

interface Run {
  readonly seconds: number;
  /** User and system time of the whole process: what a busy machine does not change. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly lagMs: number;
}

async function measure(work: () => Promise<void>): Promise<Run> {
  let peakBytes = 0;
  const watch = setInterval(() => (peakBytes = Math.max(peakBytes, process.memoryUsage.rss())), 20);
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const cpu = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  lag.disable();
  clearInterval(watch);
  return { seconds, cpuSeconds: (user + system) / 1e6, peakBytes, lagMs: lag.max / 1e6 };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function rate(bytes: number, seconds: number): string {
  return `${(bytes / 1e6 / seconds).toFixed(0)} MB/s`;
}

async function transaction(work: (restart: () => Promise<void>) => Promise<unknown>): Promise<void> {
  await connection.run('BEGIN');
  await work(async () => {
    await connection.run('ROLLBACK; BEGIN');
  });
  await connection.run('COMMIT');
}

function environment(restart?: () => Promise<void>): LoadEnvironment {
  return {
    connection,
    log,
    objects,
    now: Date.now,
    query: { queryId: Math.floor(performance.now() * 1000), pid: 1, transactionId: 1, userId: 100, database: 'dev' },
    signal: new AbortController().signal,
    directory: join(directory, 'work'),
    translateQuery: async (sql) => sql,
    ...(restart && { restart }),
  };
}

/** One bucket whose objects are files of a folder. */
function folder(at: string): ObjectFiles & { readonly take: (key: string, path: string) => void } {
  mkdirSync(at, { recursive: true });
  const paths = new Map<string, string>();
  const take = (key: string, path: string): void => {
    const kept = join(at, key.replaceAll('/', '_'));
    renameSync(path, kept);
    paths.set(key, kept);
  };
  return {
    take,
    list: (_bucket, prefix) =>
      [...paths.keys()]
        .filter((key) => key.startsWith(prefix))
        .map((key) => ({ key, size: statSync(paths.get(key) ?? '').size })),
    file: (_bucket, key) => {
      const path = paths.get(key);
      return path === undefined ? undefined : { key, path, size: statSync(path).size };
    },
    hold: () => () => undefined,
    change: async (_bucket, { put, remove }) => {
      for (const key of remove) paths.delete(key);
      for (const { key, path } of put) take(key, path);
    },
  };
}

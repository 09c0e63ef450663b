/**
 * The local Redshift, asked through its Data API, against the same work in bare DuckDB, in one process and on the same files: COPY, queries
 * and UNLOAD; and COPY against PostgreSQL 15 where it is installed.
 *
 *   npm run bench:redshift -- [--mb 64] [--rounds 5] [--memory 2GB] [--only copy,queries,unload,statements,postgres]
 *
 * A line is the medians of the rounds, ours : theirs = the median of the rounds' ratios (the lowest–the highest), for the wall clock and for
 * processor time; then peak memory of the process, and how late the event loop was at worst in ours, `own` being what this process itself
 * did meanwhile in it: the client has a thread of its own. DuckDB is asked without a client; what the SDK's takes for a query's answers,
 * with nobody behind them, is told with the query. Each query's first run on either side, with nothing compiled or asked before, is told apart from its rounds.
 * PostgreSQL has the settings it is installed with: a table of its own that is logged, synchronous commits, and one process for one COPY.
 */
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { translate } from '../local/redshift/dialect/index.ts';
import { line, measure, median, ratio, sideBySide, spread, type Comparison } from './redshift/measure.ts';
import { postgresCopy } from './redshift/postgres-copy.ts';
import { COLUMNS, generate, QUERIES, TABLE } from './redshift/rows.ts';
import { openStandIn } from './redshift/stand-in.ts';

const { values: given } = parseArgs({
  options: {
    mb: { type: 'string', default: '64' },
    rounds: { type: 'string', default: '5' },
    memory: { type: 'string', default: '2GB' },
    only: { type: 'string', default: 'copy,queries,unload,statements,postgres' },
  },
});
const parts = new Set(given.only.split(','));
const rounds = Number(given.rounds);
/** Repetitions of what takes a few milliseconds or less. */
const REPETITIONS = 200;
const SIMULTANEOUS = 8;
const ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/bench'";

const directory = mkdtempSync(join(tmpdir(), 'bench-redshift-'));
const standIn = await openStandIn(join(directory, 'cloud'), given.memory);
const instance = await DuckDBInstance.create(join(directory, 'bare.duckdb'), {
  memory_limit: given.memory,
  temp_directory: join(directory, 'bare-spill'),
});
const bare = await instance.connect();
try {
  await generate(bare, standIn, directory, Number(given.mb) * 1e6);
  if (parts.has('copy'))
    for (const compression of ['plain', 'gzip'] as const)
      for (const files of [1, 8]) console.log(await compareCopy(compression, files));
  else await fillTables();
  if (parts.has('queries')) await compareQueries();
  if (parts.has('unload'))
    for (const compression of ['plain', 'gzip'] as const) console.log(await compareUnload(compression));
  if (parts.has('statements')) {
    await statementCosts();
    await simultaneously();
  }
  if (parts.has('postgres')) await comparePostgres();
  const spilled = readdirSync(join(directory, 'cloud', 'redshift', 'bench', 'spill'));
  console.log(`files left in the spill folder: ${spilled.length}`);
} finally {
  bare.closeSync();
  instance.closeSync();
  await standIn.close();
  rmSync(directory, { recursive: true, force: true });
}

function plainBytes(): number {
  return statSync(standIn.file('plain-1/part-0')).size;
}

async function createTables(): Promise<void> {
  await standIn.run('DROP TABLE IF EXISTS t');
  await standIn.run(TABLE);
  await bare.run(`DROP TABLE IF EXISTS t; ${TABLE}`);
}

/** One load, by each side. */
function loads(compression: 'plain' | 'gzip', files: number): Record<'ours' | 'theirs', () => Promise<unknown>> {
  const suffix = compression === 'gzip' ? '.gz' : '';
  const paths = Array.from({ length: files }, (_each, file) =>
    standIn.file(`${compression}-${files}/part-${file}${suffix}`),
  );
  const columns = Object.entries(COLUMNS).map(([name, type]) => `${name}: '${type}'`);
  return {
    ours: () => standIn.run(`COPY t FROM 's3://bench/${compression}-${files}/' ${ROLE} ${suffix === '' ? '' : 'GZIP'}`),
    theirs: () =>
      bare.run(`INSERT INTO t SELECT * FROM read_csv([${paths.map((path) => `'${path}'`).join(', ')}], auto_detect = false, header = false,
        delim = '|', quote = '', escape = '', compression = '${suffix === '' ? 'none' : 'gzip'}', columns = {${columns.join(', ')}})`),
  };
}

async function compareCopy(compression: 'plain' | 'gzip', files: number): Promise<string> {
  const { ours, theirs } = loads(compression, files);
  const comparison = await sideBySide(rounds, ours, theirs, createTables);
  return line(`COPY ${compression}, ${files} file${files > 1 ? 's' : ''}`, comparison, plainBytes());
}

/** What the queries are about, where no COPY is compared. */
async function fillTables(): Promise<void> {
  const { ours, theirs } = loads('plain', 1);
  await createTables();
  await ours();
  await theirs();
}

async function compareQueries(): Promise<void> {
  const ratios: Record<'first' | 'later' | 'served', number[]> = { first: [], later: [], served: [] };
  for (const [name, sql] of Object.entries(QUERIES)) {
    const ours = (): Promise<void> => standIn.query(sql);
    const theirs = async (): Promise<unknown> => (await bare.runAndReadAll(sql)).getRowsJS();
    const first = await sideBySide(1, ours, theirs);
    const later = await sideBySide(rounds, ours, theirs);
    const client = await alone(sql, rounds);
    ratios.first.push(ratio(first, 'seconds'));
    ratios.later.push(ratio(later, 'seconds'));
    const served = ratio(withoutClient(later, client), 'seconds');
    ratios.served.push(served);
    console.log(
      `${line(`query ${name}`, later)}, client ${(client * 1000).toFixed(1)} ms, without it = ${served.toFixed(2)}, first run = ${ratio(first, 'seconds').toFixed(2)}`,
    );
  }
  const mean = (of: readonly number[]): string =>
    (of.reduce((product, each) => product * each, 1) ** (1 / of.length)).toFixed(2);
  console.log(
    `queries: geometric mean of the wall clock's ratios ${mean(ratios.later)}, without the client ${mean(ratios.served)}, of the first runs ${mean(ratios.first)}`,
  );
}

/** What is left of our time where the client's seconds are taken from it. */
function withoutClient({ ours, theirs }: Comparison, client: number): Comparison {
  return { ours: ours.map((run) => ({ ...run, seconds: run.seconds - client })), theirs };
}

/** Seconds that the client takes where the answers are there already. */
async function alone(sql: string, times: number): Promise<number> {
  const again = await standIn.clientAlone(sql);
  const seconds: number[] = [];
  for (let run = 0; run < times; run++) seconds.push((await measure(again)).seconds);
  return median(seconds);
}

/** Unloads what the last COPY loaded. */
async function compareUnload(compression: 'plain' | 'gzip'): Promise<string> {
  const gzip = compression === 'gzip';
  const comparison = await sideBySide(
    rounds,
    () =>
      standIn.run(
        `UNLOAD ('SELECT * FROM t') TO 's3://bench/out/' ${ROLE} CSV ${gzip ? 'GZIP' : ''} ALLOWOVERWRITE PARALLEL OFF`,
      ),
    () =>
      bare.run(
        `COPY t TO '${join(directory, 'unloaded')}' (FORMAT csv, HEADER false${gzip ? ', COMPRESSION gzip' : ''})`,
      ),
  );
  return line(`UNLOAD CSV ${compression}`, comparison, plainBytes());
}

async function statementCosts(): Promise<void> {
  const idle: number[] = [];
  for (let run = 0; run < REPETITIONS; run++)
    idle.push((await measure(() => standIn.query('select 1 as one'))).seconds * 1000);
  const client = (await alone('select 1 as one', REPETITIONS)) * 1000;
  console.log(
    `a statement that does nothing: ${median(idle).toFixed(2)} ms, of which the client ${client.toFixed(2)} ms`,
  );
  const translated = Object.values(QUERIES).map((sql) => {
    const times = Array.from({ length: REPETITIONS }, () => {
      const began = performance.now();
      translate(sql);
      return performance.now() - began;
    });
    return median(times);
  });
  console.log(`a translation: ${Math.max(...translated).toFixed(3)} ms for the slowest query`);
}

/** Queries, and a result of many rows, at the same time, each fetched to its last page. */
async function simultaneously(): Promise<void> {
  const statements = [...Object.values(QUERIES).slice(1), 'select * from t where id < 300000'];
  const { seconds, lagMs, busyMs, peakBytes } = await measure(() =>
    Promise.all(statements.slice(0, SIMULTANEOUS).map((sql) => standIn.query(sql))),
  );
  console.log(
    `${SIMULTANEOUS} statements at once: ${seconds.toFixed(2)} s, peak ${(peakBytes / 1e6).toFixed(0)} MB, lag ${lagMs.toFixed(0)} ms, own ${busyMs.toFixed(0)} ms`,
  );
}

async function comparePostgres(): Promise<void> {
  const path = standIn.file('plain-1/part-0');
  const { ours } = loads('plain', 1);
  const faster: number[] = [];
  const seconds: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const theirs = await postgresCopy(path, COLUMNS, directory);
    if (theirs === undefined) {
      console.log('PostgreSQL 15 is not installed');
      return;
    }
    await createTables();
    faster.push(theirs / (await measure(ours)).seconds);
    seconds.push(theirs);
  }
  console.log(
    `PostgreSQL 15, COPY plain, 1 file: ${median(seconds).toFixed(2)} s; ours is ${spread(faster)} times as fast`,
  );
}

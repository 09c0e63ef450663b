import { fork, type ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { coverageOf, coverageTable } from '../tests/simulation/coverage.ts';
import { MUTATIONS } from '../tests/simulation/mutations.ts';
import { progressLine } from '../tests/simulation/progress.ts';
import { scenarioOf, TWO_LAPS } from '../tests/simulation/seeds.ts';

/** What a worker says of a run. */
export interface RunReport {
  readonly seed: number;
  /** The defect it was played with. */
  readonly mutation?: string;
  /** What the seed is to reach; `met` says whether it has. */
  readonly goal: string;
  readonly digest: string;
  readonly calls: number;
  readonly virtualMs: number;
  readonly met: readonly string[];
  readonly sites: readonly string[];
  readonly apis: readonly string[];
  readonly statuses: readonly string[];
  readonly failed: readonly string[];
  readonly timeline?: readonly string[];
  /** How it failed, with the least that makes it fail. */
  readonly explanation?: string;
}

/** What a worker is sent: a seed, with a defect put in by hand or without. */
export interface Task {
  readonly seed: number;
  readonly mutation?: string;
}

/** Every goal is pursued by itself within as many seeds in a row; fewer cannot be expected to meet everything. */
const ENOUGH_RUNS = TWO_LAPS;

const USAGE = `npm run simulate -- [--runs 2000] [--seed 1] [--workers <cores>] [--goal TEXT] [--alone] [--coverage] [--trace] [--json]

Plays whole runs of the service on a virtual clock, with faults chosen by the seed, and checks what must always hold.
  --runs N     seeds to play, from --seed on
  --seeds N,M  these seeds
  --goal TEXT  only seeds that are to reach something with TEXT in its name: a call, a fault, a stage
  --alone      only seeds in which nothing else goes wrong
  --coverage   what was reached and what was not, also of few runs
  --trace      prints the timeline of each run
  --json       one line of JSON a run on stdout
Exit code 1 when a run fails or, from ${ENOUGH_RUNS} runs on, when a fault was never met.`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    workers: { type: 'string', default: String(availableParallelism()) },
    mutation: { type: 'string', default: '' },
    seeds: { type: 'string', default: '' },
    goal: { type: 'string', default: '' },
    alone: { type: 'boolean', default: false },
    trace: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    coverage: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help) console.log(USAGE);
else await main();

async function main(): Promise<void> {
  const runs = values.seeds === '' ? natural('runs', values.runs) : values.seeds.split(',').length;
  const first = natural('seed', values.seed);
  const reached = new Map<string, number>();
  const sites = new Set<string>();
  const failures: RunReport[] = [];
  let done = 0;
  let calls = 0;
  let virtualMs = 0;
  const began = performance.now();
  const tasks = tasksOf(seedsFrom(first, runs));
  const seconds = (): number => (performance.now() - began) / 1000;
  // On a terminal only, and out of the way of what stays.
  const clearProgress = (): void => {
    if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  };
  const showProgress = (): void => {
    if (process.stderr.isTTY)
      process.stderr.write(`\r\x1b[K${progressLine(tasks.length, done, failures.length, seconds())}`);
  };
  showProgress();
  const onReport = (report: RunReport): void => {
    clearProgress();
    done++;
    calls += report.calls;
    virtualMs += report.virtualMs;
    for (const name of report.met) reached.set(name, (reached.get(name) ?? 0) + 1);
    for (const site of report.sites) sites.add(site);
    if (values.json) console.log(JSON.stringify(report));
    if (report.timeline && !values.json) console.log(report.timeline.join('\n'));
    if (report.failed.length > 0) {
      failures.push(report);
      if (!values.json) console.log(`${report.explanation ?? ''}\n`);
    }
    showProgress();
  };
  await play(tasks, Math.min(natural('workers', values.workers), tasks.length), onReport);
  clearProgress();
  const coverage = coverageOf(reached, sites);
  const { missing, unknown } = coverage;
  if (!values.json) {
    if (runs >= ENOUGH_RUNS || values.coverage) for (const line of coverageTable(reached)) console.log(line);
    const { total } = coverage;
    console.log(
      `${done} runs, ${failures.length} failed, ${(done / seconds()).toFixed(1)} runs a second; ${calls} calls, ${(virtualMs / 86_400_000).toFixed(1)} simulated days; ` +
        `${total - missing.length} of ${total} faults met`,
    );
    if (missing.length > 0 && runs >= ENOUGH_RUNS) console.log(`never met:\n  ${missing.join('\n  ')}`);
    if (unknown.length > 0) console.log(`calls in no list:\n  ${unknown.join('\n  ')}`);
    if (failures.length > 0) console.log(`failing seeds: ${failures.map(({ seed }) => seed).join(' ')}`);
  }
  process.exitCode = failures.length > 0 || unknown.length > 0 || (runs >= ENOUGH_RUNS && missing.length > 0) ? 1 : 0;
}

/** The seeds to play: all of them, or those that pursue a goal of this name, or pursue it alone. */
function seedsFrom(first: number, runs: number): readonly number[] {
  if (values.seeds !== '') return values.seeds.split(',').map((seed) => natural('seeds', seed));
  const seeds: number[] = [];
  for (let seed = first; seeds.length < runs && seed < first + runs * TWO_LAPS; seed++) {
    const { goal, alone } = scenarioOf(seed);
    if (goal.includes(values.goal) && (alone || !values.alone)) seeds.push(seed);
  }
  return seeds;
}

/** Each seed by itself or, with `--mutation`, with each of these defects. */
function tasksOf(seeds: readonly number[]): readonly Task[] {
  if (values.mutation === '') return seeds.map((seed) => ({ seed }));
  const known = MUTATIONS.map(({ name }) => name);
  return values.mutation.split(',').flatMap((mutation) => {
    if (!known.includes(mutation))
      throw new RangeError(`There is no mutation '${mutation}'; there are ${known.join(', ')}.`);
    return seeds.map((seed) => ({ seed, mutation }));
  });
}

function natural(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new RangeError(`--${name} is '${text}'; it has to be a whole number above 0.`);
  return value;
}

/** Deals seeds out to processes of their own, one at a time, so that none waits for a slow one. */
async function play(tasks: readonly Task[], workers: number, onReport: (report: RunReport) => void): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    const child = fork(
      fileURLToPath(new URL('../tests/simulation/worker.ts', import.meta.url)),
      [String(values.trace)],
      {
        // Threads run queries of one world, rarely two at once; more of them are more heaps to keep warm. What a query frees the next one needs.
        env: { ...process.env, UV_THREADPOOL_SIZE: '4', MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '268435456' },
        // A run leaves tens of megabytes of short-lived objects: with room for them, little of it is ever copied. The other cores have workers of
        // their own to do.
        execArgv: ['--disable-warning=ExperimentalWarning', '--max-semi-space-size=64', '--single-threaded-gc'],
      },
    );
    try {
      for (let task = tasks[next++]; task; task = tasks[next++]) onReport(await ask(child, task));
    } finally {
      if (child.connected) child.disconnect();
    }
  };
  await Promise.all(Array.from({ length: workers }, worker));
}

function ask(child: ChildProcess, task: Task): Promise<RunReport> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null): void =>
      reject(new Error(`the worker that played seed ${task.seed} ended with ${code}`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message as RunReport);
    });
    child.send(task);
  });
}

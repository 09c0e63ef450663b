import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { accessSync, constants } from 'node:fs';
import { createInstancePool } from '../../local/redshift/index.ts';
import type { Mutation } from './mutations.ts';
import { describeIncident, type Incident, type Scenario } from './scenario.ts';
import { scenarioOf } from './seeds.ts';
import { shrink } from './shrink.ts';
import { watchLogs } from './log-watch.ts';
import { simulate, type Verdict } from './simulate.ts';
import { installVirtualTimers } from './virtual-timers.ts';
import { prepareTemplate, shippedDefinitions } from './world.ts';

/** What a process needs to play scenarios, one after another. */
export interface Stage extends AsyncDisposable {
  /** `mutation`: with a defect put in by hand. */
  play(scenario: Scenario, mutation?: Mutation): Promise<Verdict>;
}

const RAM_DISK = '/dev/shm';

function fastFolder(): string {
  try {
    accessSync(RAM_DISK, constants.W_OK);
    return RAM_DISK;
  } catch {
    return tmpdir();
  }
}

/** Prepares this process; it does nothing but simulate from now on. */
export async function openStage(): Promise<Stage> {
  installVirtualTimers();
  // Services answer with errors hundreds of times a run; nobody reads where they were made.
  Error.stackTraceLimit = 0;
  const directory = mkdtempSync(join(fastFolder(), 'simulation-'));
  const definitions = shippedDefinitions();
  const shipped = await prepareTemplate(directory, definitions);
  const pool = createInstancePool();
  const logs = watchLogs([shipped.adminPassword]);
  const play = async (scenario: Scenario, mutation?: Mutation): Promise<Verdict> => {
    const changed = mutation?.definitions?.(definitions);
    const template = changed ? await prepareTemplate(directory, changed) : shipped;
    const intercept = mutation?.intercept;
    return simulate({ template, pool, directory, logs, ...(intercept ? { intercept } : {}) }, scenario);
  };
  // Modules that are loaded on first use take time the clock cannot see: once is enough, before it counts.
  await play({ ...scenarioOf(0), incidents: [] });
  return {
    play,
    [Symbol.asyncDispose]: async () => {
      pool.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** A failing seed as a person reads it: what was wrong, the least that makes it so, and how it went. */
export async function explain(stage: Stage, verdict: Verdict): Promise<string> {
  const scenario = scenarioOf(verdict.seed);
  const rules = new Set(verdict.violations.map(({ rule }) => rule));
  const fails = async (incidents: readonly Incident[]): Promise<boolean> =>
    (await stage.play({ ...scenario, incidents })).violations.some(({ rule }) => rules.has(rule));
  const least = await shrink(scenario.incidents, fails);
  const replay = await stage.play({ ...scenario, incidents: least });
  const list = (incidents: readonly Incident[]): readonly string[] =>
    incidents.length === 0 ? ['  nothing'] : incidents.map((incident) => `  ${describeIncident(incident)}`);
  return [
    `seed ${verdict.seed} fails:`,
    ...verdict.violations.map(({ rule, what }) => `  ${rule}: ${what}`),
    'what went wrong in the scenario:',
    ...list(scenario.incidents),
    'the least that is needed:',
    ...list(least),
    'timeline of the least:',
    ...replay.timeline.map((line) => `  ${line}`),
    `replay: npm run simulate -- --runs 1 --seed ${verdict.seed}`,
  ].join('\n');
}

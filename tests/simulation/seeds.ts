import { batchOf } from './batch.ts';
import type { CallFault } from './faults.ts';
import { GOALS } from './goals.ts';
import { type Random, randomOf } from './random.ts';
import { type Batch, type Incident, type Scenario, type TableName, TABLES } from './scenario.ts';

/** Has no divisor in common with any number of goals below it but 1, so neighbouring seeds pursue goals far apart, and no goal is left out. */
const STRIDE = 7_919;

/** Seeds in a row that pursue every goal by itself: half of the goals in one lap, half in the next. */
export const TWO_LAPS = 2 * GOALS.length;

/**
 * What happens for a seed. Each seed has a goal, in turn; in every second lap the goal comes alone, so that nothing keeps it from being reached,
 * and in the others with whatever else may go wrong.
 */
export function scenarioOf(seed: number): Scenario {
  const random = randomOf(seed, 'scenario');
  const lap = Math.floor(seed / GOALS.length);
  const place = (seed * STRIDE) % GOALS.length;
  const goal = GOALS[place];
  if (!goal) throw new RangeError(`there is no goal ${place}`);
  const { batches, incidents } = goal.scene(random);
  if ((place + lap) % 2 === 0) return withSomeTables({ seed, goal: goal.name, alone: true, batches, incidents });
  const more = random.chance(0.4) ? [batchOf(batches.length, random, anyBatch(random))] : [];
  const others: Incident[] = incidents.map((incident) =>
    incident.type === 'call' ? elsewhere(incident, random) : incident,
  );
  for (let count = random.between(1, 3); count > 0; count--) others.push(...anyIncident(random, others));
  return withSomeTables({
    seed,
    goal: goal.name,
    alone: false,
    batches: [...batches, ...more],
    incidents: others,
  });
}

/** The share of seeds whose batches have every table, so that several are loaded side by side and waves of transforms follow each other. */
const WITH_ALL_TABLES = 0.15;

/** Most runs need one table to show what they are to show, and another run is worth more than more tables. */
function withSomeTables(scenario: Omit<Scenario, 'tables'>): Scenario {
  const random = randomOf(scenario.seed, 'tables');
  const needed = new Set(scenario.incidents.flatMap((incident) => (incident.type === 'data' ? [incident.table] : [])));
  const [only = random.pick(TABLES)] = needed;
  // What waits for the second of several loads or transforms needs several.
  const several = needed.size > 1 || scenario.incidents.some((one) => 'moment' in one && one.moment.nth > 0);
  if (several || random.chance(WITH_ALL_TABLES)) return { ...scenario, tables: TABLES };
  return { ...scenario, tables: [only], batches: scenario.batches.map((batch) => withOnly(batch, only)) };
}

function withOnly(batch: Batch, only: TableName): Batch {
  return { ...batch, files: batch.files.filter(({ table }) => table === only) };
}

function anyBatch(random: Random): Parameters<typeof batchOf>[2] {
  return {
    at: {
      stage: random.pick(['arrival', 'creating', 'copies', 'releasing', 'telling']),
      nth: 0,
      after: random.between(0, 60_000),
    },
    existing: random.chance(0.2) ? 'replace' : 'reuse',
    afterRun: random.pick(['delete', 'delete', 'pause', 'keep']),
  };
}

/** What another goal is about; at some other call, where it is a call that fails. */
function anyIncident(random: Random, others: readonly Incident[]): readonly Incident[] {
  const incident = random.pick(GOALS).scene(random).incidents.at(-1);
  if (!incident) return [];
  // One of a kind: two that fail the same call are one that fails it more often than any is meant to.
  if (
    others.some(
      (other) => other.type === incident.type && JSON.stringify(keyOf(other)) === JSON.stringify(keyOf(incident)),
    )
  )
    return [];
  return [incident.type === 'call' ? elsewhere(incident, random) : incident];
}

/** The same at some other of the site's calls. */
function elsewhere(fault: CallFault, random: Random): CallFault {
  return { ...fault, nth: random.pick([0, 0, 1, 2, random.between(0, 12), random.between(0, 25)]) };
}

function keyOf(incident: Incident): unknown {
  if (incident.type === 'call') return incident.site;
  if (incident.type === 'stack') return incident.call;
  // Of a batch that is wrong in two ways, what is met first is told.
  if (incident.type === 'data') return incident.batch;
  return incident.type === 'statement' ? incident.of : incident;
}

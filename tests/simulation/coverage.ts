import { CALL_SITES } from './call-sites.ts';
import { faultsOf } from './faults.ts';
import { EVENT_FAULTS, FILE_FAULTS, HAND_FAULTS, type Incident, STACK_FAULTS, STATEMENT_FAULTS } from './scenario.ts';

export const nameOf = (incident: Incident): string =>
  incident.type === 'call' ? `${incident.site} ${incident.kind}` : incident.kind;

/** Everything that has to go wrong at least once: each call site with each fault it can meet, and what happens to the world. */
export const TO_REACH: readonly string[] = [
  ...CALL_SITES.flatMap((site) => faultsOf(site).map((kind) => `${site} ${kind}`)),
  ...EVENT_FAULTS,
  ...FILE_FAULTS,
  ...HAND_FAULTS,
  ...STACK_FAULTS,
  ...STATEMENT_FAULTS,
  'clock-jump',
];

export interface Coverage {
  readonly reached: ReadonlyMap<string, number>;
  readonly missing: readonly string[];
  /** Sites seen that are in no list. */
  readonly unknown: readonly string[];
}

export function coverageOf(reached: ReadonlyMap<string, number>, sites: ReadonlySet<string>): Coverage {
  return {
    reached,
    missing: TO_REACH.filter((name) => !reached.has(name)),
    unknown: [...sites].filter((site) => !CALL_SITES.includes(site)).sort(),
  };
}

/** A line a call site, a column a fault: how often it was met. */
export function coverageTable(reached: ReadonlyMap<string, number>): readonly string[] {
  const width = Math.max(...CALL_SITES.map(({ length }) => length));
  const rows = CALL_SITES.map((site) => {
    const cells = faultsOf(site).map((kind) => `${kind} ${reached.get(`${site} ${kind}`) ?? '-'}`);
    return `${site.padEnd(width)}  ${cells.join('  ')}`;
  });
  const others = TO_REACH.filter((name) => !name.includes(' ')).map((name) => `${name} ${reached.get(name) ?? '-'}`);
  return [...rows, others.join('  ')];
}

import { CALL_SITES } from './call-sites.ts';
import { faultsOf } from './faults.ts';
import { GOALS, IMPOSSIBLE } from './goals.ts';

export interface Coverage {
  readonly total: number;
  readonly missing: readonly string[];
  /** Sites seen that are in no list. */
  readonly unknown: readonly string[];
}

export function coverageOf(reached: ReadonlyMap<string, number>, sites: ReadonlySet<string>): Coverage {
  return {
    total: GOALS.length,
    missing: GOALS.map(({ name }) => name).filter((name) => !reached.has(name)),
    unknown: [...sites].filter((site) => !CALL_SITES.includes(site)).sort(),
  };
}

/** A line a call site with each fault, then a line each for everything else: how often it was met. */
export function coverageTable(reached: ReadonlyMap<string, number>): readonly string[] {
  const width = Math.max(...CALL_SITES.map(({ length }) => length));
  const calls = new Set(CALL_SITES.flatMap((site) => faultsOf(site).map((kind) => `${site} ${kind}`)));
  const met = (name: string): string => String(reached.get(name) ?? '-');
  return [
    ...CALL_SITES.map((site) => {
      const cells = faultsOf(site).map((kind) => `${kind} ${met(`${site} ${kind}`)}`);
      return `${site.padEnd(width)}  ${cells.join('  ')}`;
    }),
    ...GOALS.flatMap(({ name }) => (calls.has(name) ? [] : [`${name.padEnd(width)}  ${met(name)}`])),
    ...[...IMPOSSIBLE].map(([name, why]) => `${name.padEnd(width)}  cannot happen: ${why}`),
  ];
}

import type { RunReport } from '../../scripts/simulate.ts';
import { CALL_SITES } from './call-sites.ts';
import { playCommand } from './play-command.ts';

const PATIENCE_MS = 240_000;

/** A handful for every change; more is `npm run simulate`, and a few fresh seeds in CI. */
const FIXED = { seed: '1', runs: '6' } as const;
/** Of these, those that another process plays, too, which has played nothing before. */
const AGAIN = { seed: '5', runs: '2' } as const;

let reports: readonly RunReport[];
let again: readonly RunReport[];

beforeAll(async () => {
  const played = ({ seed, runs }: { readonly seed: string; readonly runs: string }): Promise<readonly RunReport[]> =>
    playCommand('--runs', runs, '--seed', seed);
  [reports, again] = await Promise.all([played(FIXED), played(AGAIN)]);
}, PATIENCE_MS);

test('a fixed set of seeds holds every invariant, and makes no call that is in no list', () => {
  expect(reports.flatMap(({ seed, failed }) => failed.map((rule) => `${seed}: ${rule}`))).toEqual([]);
  const seen = new Set(reports.flatMap(({ sites }) => sites));
  expect([...seen].filter((site) => !CALL_SITES.includes(site))).toEqual([]);
});

test('a seed replays exactly', () => {
  const first = new Map(reports.map(({ seed, digest }) => [seed, digest]));
  expect(again).toHaveLength(Number(AGAIN.runs));
  expect(again.map(({ digest }) => digest)).toEqual(again.map(({ seed }) => first.get(seed)));
});

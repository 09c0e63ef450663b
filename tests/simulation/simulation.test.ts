import { CALL_SITES } from './call-sites.ts';
import { playCommand } from './play-command.ts';

const PATIENCE_MS = 240_000;

/** A handful for every change; more is `npm run simulate`, and a few fresh seeds in CI. */
const FIXED = { seed: '1', runs: '6' } as const;

test(
  'a fixed set of seeds holds every invariant, and makes no call that is in no list',
  async () => {
    const reports = await playCommand('--runs', FIXED.runs, '--seed', FIXED.seed);
    expect(reports.flatMap(({ seed, failed }) => failed.map((rule) => `${seed}: ${rule}`))).toEqual([]);
    const seen = new Set(reports.flatMap(({ sites }) => sites));
    expect([...seen].filter((site) => !CALL_SITES.includes(site))).toEqual([]);
  },
  PATIENCE_MS,
);

test(
  'a seed replays exactly',
  async () => {
    const [once, again] = await Promise.all([
      playCommand('--runs', '2', '--seed', '40'),
      playCommand('--runs', '2', '--seed', '40'),
    ]);
    expect(again.map(({ digest }) => digest)).toEqual(once.map(({ digest }) => digest));
  },
  PATIENCE_MS,
);

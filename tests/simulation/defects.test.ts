import type { RunReport } from '../../scripts/simulate.ts';
import { MUTATIONS } from './mutations.ts';
import { playCommand } from './play-command.ts';

const PATIENCE_MS = 300_000;

/** Seeds within which a defect has to show. */
const BOUND = '2';

let reports: readonly RunReport[];

beforeAll(async () => {
  const all = MUTATIONS.map(({ name }) => name).join();
  reports = await playCommand('--runs', BOUND, '--seed', '1', '--mutation', all);
}, PATIENCE_MS);

test.each(MUTATIONS.map(({ name, caughtAs }) => [name, caughtAs] as const))(
  'the defect "%s" is caught as %s',
  (name, caughtAs) => {
    const mine = reports.filter(({ mutation }) => mutation === name);
    expect(mine).toHaveLength(Number(BOUND));
    expect(mine.some(({ failed }) => failed.some((what) => what.startsWith(`${caughtAs}:`)))).toBe(true);
  },
);

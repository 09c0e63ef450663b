import { MUTATIONS } from './mutations.ts';
import { playCommand } from './play-command.ts';

const PATIENCE_MS = 240_000;

/** Seeds within which a defect has to show. */
const BOUND = '2';

test.each(MUTATIONS.map(({ name, caughtAs }) => [name, caughtAs] as const))(
  'the defect "%s" is caught as %s',
  async (name, caughtAs) => {
    const reports = await playCommand('--runs', BOUND, '--seed', '1', '--mutation', name);
    expect(reports.some(({ failed }) => failed.some((what) => what.startsWith(`${caughtAs}:`)))).toBe(true);
  },
  PATIENCE_MS,
);

import type { ErrorCode } from '../../../src/errors/catalogue.ts';
import { catalogued, latestFailures } from '../../../src/run/failure-record.ts';
import { layout } from '../../../src/run/layout.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

test('of several failures the earliest is told, but never one that only follows from another', async () => {
  const work = new MemoryWorkStore();
  const record = (unit: string, code: ErrorCode, at: number): Promise<void> =>
    work.write(layout.failure('run', 1, unit), JSON.stringify(catalogued(code, at)));
  await record('copy-a', 'StatementAborted', 5);
  await record('copy-b', 'LoadFailed', 7);
  await record('copy-c', 'RowsDiffer', 8);
  await record('copy-d', 'LeaseLost', 6);
  expect((await latestFailures(work, 'run', 0)).map(({ code }) => code)).toEqual([
    'LoadFailed',
    'RowsDiffer',
    'StatementAborted',
    'LeaseLost',
  ]);
});

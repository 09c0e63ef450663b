import type { ErrorCode } from '../../../src/errors/catalogue.ts';
import { catalogued } from '../../../src/errors/failure.ts';
import { AwsDenied, AwsUnavailable, LoadFailed } from '../../../src/errors/errors.ts';
import { failureIn, latestFailures, recordingFailure, type RunFailure } from '../../../src/run/failure-record.ts';
import { layout } from '../../../src/run/layout.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

test('of several failures the earliest is told, and none that only follows from another', async () => {
  const work = new MemoryWorkStore();
  const record = (unit: string, code: ErrorCode, at: number): Promise<void> =>
    work.write(layout.failure('run', 1, unit), JSON.stringify(failureIn('s', at, catalogued(code))));
  await record('copy-a', 'StatementAborted', 5);
  await record('copy-b', 'LoadFailed', 7);
  await record('copy-c', 'RowsDiffer', 8);
  await record('copy-d', 'LeaseLost', 6);
  expect((await latestFailures(work, 'run', 0)).map(({ code }) => code)).toEqual(['LoadFailed', 'RowsDiffer']);
  const alone = new MemoryWorkStore();
  await alone.write(layout.failure('run', 1, 'a'), JSON.stringify(failureIn('s', 1, catalogued('StatementAborted'))));
  expect((await latestFailures(alone, 'run', 0)).map(({ code }) => code)).toEqual(['StatementAborted']);
});

test('the failure of the last drive is found among however many that earlier ones had left', async () => {
  const work = new MemoryWorkStore();
  const record = (unit: string, at: number): Promise<void> =>
    work.write(layout.failure('run', 1, unit), JSON.stringify(failureIn('s', at, catalogued('LoadFailed'))));
  for (let unit = 0; unit < 300; unit++) await record(`copy-a${unit}`, 5);
  await record('copy-z', 9);
  expect((await latestFailures(work, 'run', 8)).map(({ at }) => at)).toEqual([9]);
});

test('what is written of a failure is bounded and clean, and its file is named whole', async () => {
  const work = new MemoryWorkStore();
  const file = `s3://inbox/${'k'.repeat(900)}.csv`;
  const value = `password=hunter2 ${'x'.repeat(5_000)}\u202e\r\nBcc: all@example.com`;
  const run = { work, now: () => 7, runId: 'run', round: 1, step: 'CopyTables', unit: 'copy-a' };
  const error = new LoadFailed(`refused: ${value}`, { where: { file, value } });
  await expect(recordingFailure(run, () => Promise.reject(error))).rejects.toBe(error);
  const written = work.json<RunFailure>(layout.failure('run', 1, 'copy-a'));
  expect(written).toMatchObject({ code: 'LoadFailed', at: 7, where: { step: 'CopyTables', file } });
  expect(JSON.stringify(written).length).toBeLessThan(5_000);
  expect(JSON.stringify(written)).not.toMatch(/hunter2|\\r|\\n|\u202e/);
});

test('a step whose failure cannot be written down for now is tried again; where it can never be, the failure itself is thrown', async () => {
  const error = new LoadFailed('refused');
  const thrownWhen = (unwritten: Error): Promise<unknown> => {
    const work = Object.assign(new MemoryWorkStore(), { write: () => Promise.reject(unwritten) });
    const run = { work, now: () => 7, runId: 'run', round: 1, step: 'CopyTables' };
    return recordingFailure(run, () => Promise.reject(error)).catch((thrown: unknown) => thrown);
  };
  const passing = new AwsUnavailable('s3:PutObject');
  expect(await thrownWhen(passing)).toBe(passing);
  expect(await thrownWhen(new AwsDenied('s3:PutObject'))).toBe(error);
});

import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import { LoadFailed } from '../../../src/errors/errors.ts';
import { minutes, readSettings } from '../../../src/runtime/environment.ts';
import { janitorInput, openRunInput, reconcileInput, submitInput } from '../../../src/runtime/functions/inputs.ts';
import { lambdaHandler } from '../../../src/runtime/lambda-handler.ts';
import { presentable } from '../../../src/runtime/presentable-error.ts';

const context = { functionName: 'f', awsRequestId: 'r', memoryLimitInMB: '128', invokedFunctionArn: 'arn' } as never;

test('a missing variable is named when the function starts', () => {
  expect(() => readSettings(['WORK_BUCKET', 'NODES'], { NODES: ' ' })).toThrow(/WORK_BUCKET, NODES/);
  expect(readSettings(['WORK_BUCKET'], { WORK_BUCKET: 'b' })).toEqual({ WORK_BUCKET: 'b' });
  expect(() => minutes('NODES', '-1')).toThrow(/minutes/);
});

test('an error leaves a function as its code; what the case knows more stays behind', async () => {
  const written: string[] = [];
  const streams = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));
  for (const { stream } of streams)
    stream.write = (text: string | Uint8Array) => {
      written.push(String(text));
      return true;
    };
  let error: unknown;
  try {
    const handler = lambdaHandler(z.strictObject({}), async () => {
      throw new LoadFailed("value 'secret' in line 3", { where: { table: 's.t', value: 'secret' } });
    });
    error = await handler({}, context).catch((thrown: unknown) => thrown);
  } finally {
    for (const { stream, write } of streams) stream.write = write;
  }
  expect(error).toMatchObject({ name: 'LoadFailed' });
  expect((error as Error).message + ((error as Error).stack ?? '')).not.toContain('secret');
  expect(written.join('')).toContain('"table":"s.t"');
  expect(written.join('')).not.toContain('secret');
});

test('a fault of our own leaves as Unexpected, and an event of another shape as InputInvalid', async () => {
  expect(presentable(new TypeError('x of undefined')).name).toBe('Unexpected');
  const handler = lambdaHandler(z.strictObject({ a: z.string() }), async ({ a }) => a);
  await expect(handler({ a: 'x' }, context)).resolves.toBe('x');
  await expect(handler({ a: 1 }, context)).rejects.toMatchObject({ name: 'InputInvalid' });
});

test('a function that runs out of time is ended by Lambda, and answers nothing of its own before', async () => {
  const late = { ...(context as object), getRemainingTimeInMillis: () => 6 } as never;
  const handler = lambdaHandler(z.strictObject({}), async () => {
    await setTimeout(50);
    return 'done';
  });
  await expect(handler({}, late)).resolves.toBe('done');
});

test('what the machines send is what the functions read', () => {
  expect(openRunInput.safeParse({ input: {}, execution: 'e' }).success).toBe(true);
  const since = '2026-11-22T06:00:00.000Z';
  expect(reconcileInput.safeParse({ wish: 'tidy', runId: '', execution: '', round: 0, since }).success).toBe(true);
  const unit = { runId: '0123456789abcdef-2', unit: 'copy-a', execution: 'e', round: 1, tries: 0 };
  expect(submitInput.safeParse(unit).success).toBe(true);
  expect(submitInput.safeParse({ ...unit, unit: "copy'; drop" }).success).toBe(false);
  expect(submitInput.safeParse({ ...unit, more: 1 }).success).toBe(false);
  expect(janitorInput.safeParse({ 'detail-type': 'Scheduled Event', detail: {} }).success).toBe(true);
});

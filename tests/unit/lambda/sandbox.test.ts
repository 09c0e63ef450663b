import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Sandbox } from '../../../local/lambda/runtime/sandbox.ts';

const folder = mkdtempSync(join(tmpdir(), 'sandbox-'));
afterAll(() => rmSync(folder, { recursive: true }));

test.each([
  ['longer than its init phase, it goes on in the time of the invocation', 60_000, undefined],
  [
    'for ever, it is ended once that is over, too',
    40,
    { errorType: 'Sandbox.Timedout', errorMessage: 'Error: Task timed out after 0.04 seconds' },
  ],
])('where the code of a function loads %s', async (_how, timeoutMs, failure) => {
  const wait = failure ? 60_000 : 50;
  writeFileSync(
    join(folder, 'index.mjs'),
    `await new Promise((r) => setTimeout(r, ${wait})); export const handler = async () => 1;`,
  );
  const sandbox = new Sandbox({
    settings: { taskRoot: folder, handler: 'index.handler', cacheDirectory: folder, jsonLogs: false, callbacks: false },
    environment: {},
    memoryMb: 128,
    initMs: 1,
    timeoutMs,
    log: () => undefined,
  });
  expect(await sandbox.ready()).toEqual(failure);
  expect(sandbox.usable).toBe(failure === undefined);
  await sandbox.terminate();
});

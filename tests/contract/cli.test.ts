import { sluice } from '../support/command-line.ts';
import { tinyDeployment, type TinyDeployment } from '../support/tiny-deployment.ts';

let deployment: TinyDeployment;

beforeAll(async () => {
  deployment = await tinyDeployment();
});

afterAll(() => deployment[Symbol.asyncDispose]());

const run = (words: readonly string[], signal?: AbortSignal) =>
  sluice(words, {
    directory: deployment.directory,
    environment: deployment.environment,
    ...(signal ? { signal } : {}),
  });

const put = (Key: string) => deployment.call('s3', 'PutObject', { Bucket: 'sluice-dev-inbox', Key, Body: '{}' });

test('before the first run there is nothing to watch', async () => {
  expect(await run(['watch'])).toMatchObject({ code: 1, out: '' });
  expect((await run(['watch', '0123456789abcdef'])).talk).toContain('there is no run 0123456789abcdef');
});

test('a stage that is not deployed is exit code 4', async () => {
  const { code, talk } = await run(['watch', '--stage', 'prod']);
  expect(code).toBe(4);
  expect(talk).toContain('sluice-prod is not deployed here');
});

test.each([
  ['manifest.json', 'is not s3://BUCKET/KEY'],
  ['s3://other/manifest.json', 'other is not the inbox of this deployment'],
  ['s3://sluice-dev-inbox/no such/manifest.json', 'there is no s3://sluice-dev-inbox/no such/manifest.json'],
])('a run of %s is refused before it starts', async (uri, message) => {
  const { code, talk } = await run(['run', uri]);
  expect(code).toBe(2);
  expect(talk).toContain(message);
});

test('sql without a cluster says that there is none, and how to keep one', async () => {
  const { code, talk } = await run(['sql', 'select 1']);
  expect(code).toBe(1);
  expect(talk).toContain('there is no cluster sluice-dev now');
  expect(talk).toContain('"afterRun": "keep"');
});

test('an execution that was a duplicate says whose the run is', async () => {
  await put('again/manifest.json');
  const { code, out } = await run(['run', 's3://sluice-dev-inbox/again/manifest.json', '--follow']);
  expect(code).toBe(0);
  expect(out).toContain('run 0123456789abcdef belongs to another');
  expect(out).toContain("'sluice run' begins it again");
  expect((await run(['watch'])).talk).toMatch(/^Nothing is running: this run, the newest, began at [-\d]+ [:\d]+ UTC/m);
  expect((await run(['watch', 'again'])).talk).not.toContain('Nothing is running');
});

test('watching can be interrupted; the run goes on, and it is said how to watch it again', async () => {
  await put('wait/manifest.json');
  const stop = new AbortController();
  const started = await run(['run', 's3://sluice-dev-inbox/wait/manifest.json', '--json']);
  const { executionArn } = started.json<{ executionArn: string }>();
  const watching = sluice(['watch'], {
    directory: deployment.directory,
    environment: deployment.environment,
    signal: stop.signal,
    columns: 80,
    onTalk: (text) => {
      if (text.includes('open')) stop.abort();
    },
  });
  expect(await watching).toMatchObject({ code: 130 });
  expect((await watching).talk).toContain(`sluice watch ${executionArn.split(':').at(-1) ?? ''}`);
  const { status } = await deployment.call<{ status: string }>('states', 'DescribeExecution', { executionArn });
  expect(status).toBe('RUNNING');
});

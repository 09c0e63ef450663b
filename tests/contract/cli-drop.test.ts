import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { AwsError } from '../../local/kernel/index.ts';
import { sluice } from '../support/command-line.ts';
import { tinyDeployment, type TinyDeployment } from '../support/tiny-deployment.ts';

let deployment: TinyDeployment;
/** Called before each operation; may interrupt. */
let before: (operation: string) => void;
/** Called after each operation that went well; what it throws, the client gets. */
let after: (operation: string, input: unknown) => void;

beforeEach(async () => {
  before = () => {};
  after = () => {};
  deployment = await tinyDeployment(async (operation, proceed, input) => {
    before(operation);
    const answer = await proceed();
    after(operation, input);
    return answer;
  });
});

afterEach(() => deployment[Symbol.asyncDispose]());

const NAMES = ['a/part-0.gz', 'a/part 1 + ünï 🚀.gz', "b/it's.gz", 'b/%41.gz', 'c.gz'];
const MANIFEST = 'flights/b/manifest.json';
const KEYS = [...NAMES.map((name) => `flights/b/${name}`), MANIFEST].sort();

function writeBatch(text = 'data of '): string {
  const folder = join(deployment.directory, 'my batch');
  const table = {
    name: 't',
    columns: [{ name: 'a', type: 'integer' }],
    files: NAMES.map((key) => ({ key })),
    format: { type: 'delimited' },
  };
  const manifest = { version: 1, project: 'flights', batch: 'b', schemas: [{ name: 's', tables: [table] }] };
  for (const name of NAMES) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text + name);
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
  return 'my batch';
}

/** The batch's table is none of the SQL project's. */
const drop = (...words: readonly string[]) =>
  sluice(['drop', writeBatch(), '--unchecked', ...words], {
    directory: deployment.directory,
    environment: deployment.environment,
  });

test('a batch arrives under its names, the manifest last, and no temporary stays', async () => {
  const order: string[] = [];
  deployment.local.cloud.onEvent(({ detailType, detail }) => {
    if (detailType === 'Object Created') order.push((detail['object'] as { key: string }).key);
  });
  const run = await drop();
  expect(run).toMatchObject({ code: 0, out: `s3://sluice-dev-inbox/${MANIFEST}\n` });
  expect([...(await deployment.inbox())].sort()).toEqual(KEYS);
  expect(order.filter((key) => key.includes('.distcp.tmp.'))).toHaveLength(NAMES.length);
  expect(order.slice(-2)).toEqual([`${MANIFEST}._COPYING_`, MANIFEST]);
});

test('a batch that does not fit the SQL project of this checkout is refused before anything is sent', async () => {
  const { directory, environment } = deployment;
  const refused = await sluice(['drop', writeBatch()], { directory, environment });
  expect(refused.code).toBe(3);
  expect(refused.talk).toMatch(/staging\.airport[\s\S]*nothing was sent; where other SQL projects .* --unchecked/);
  const { error } = (await sluice(['drop', 'my batch', '--json'], { directory, environment })).json<{
    error: { findings: object[] };
  }>();
  expect(error.findings.length).toBeGreaterThan(0);
  expect(await deployment.inbox()).toEqual([]);
});

test('a batch dropped again sends no file that is there, byte for byte; a changed one it does', async () => {
  await drop();
  expect((await drop('--json')).json()).toMatchObject({ files: 5, unchanged: 5 });
  await deployment.call('s3', 'PutObject', { Bucket: 'sluice-dev-inbox', Key: 'flights/b/c.gz', Body: 'data_of_c.gz' });
  expect((await drop('--json')).json()).toMatchObject({ unchanged: 4 });
});

test('--to names another folder, the top of the inbox too; one that climbs is refused', async () => {
  expect((await drop('--to', '//x//y/')).out).toBe('s3://sluice-dev-inbox/x/y/manifest.json\n');
  expect((await drop('--to', '')).out).toBe('s3://sluice-dev-inbox/manifest.json\n');
  expect((await drop('--to', 'x/../y')).code).toBe(2);
});

test('interrupted before any of its calls, a drop leaves whole files and no manifest, says so, and can be repeated', async () => {
  let calls = 0;
  before = () => calls++;
  await drop();
  const all = calls;
  expect(all).toBeGreaterThan(20);
  for (let at = 1; at <= all; at += 3) {
    for (const Key of await deployment.inbox())
      await deployment.call('s3', 'DeleteObject', { Bucket: 'sluice-dev-inbox', Key });
    const stop = new AbortController();
    let seen = 0;
    before = () => {
      seen++;
      if (seen === at) stop.abort();
    };
    const run = await sluice(['drop', writeBatch(), '--unchecked'], {
      directory: deployment.directory,
      environment: deployment.environment,
      signal: stop.signal,
    });
    before = () => {};
    const there = await deployment.inbox();
    expect(there.filter((key) => /\.distcp\.tmp\.|_COPYING_/.test(key))).toEqual([]);
    if (run.code === 0) expect([...there].sort()).toEqual(KEYS);
    else {
      expect(run.code).toBe(130);
      expect(there).not.toContain(MANIFEST);
      if (at > 2) expect(run.talk).toMatch(/interrupted|Interrupted/);
    }
    const { Uploads = [] } = await deployment.call<{ Uploads?: unknown[] }>('s3', 'ListMultipartUploads', {
      Bucket: 'sluice-dev-inbox',
    });
    expect(Uploads).toEqual([]);
    expect((await drop()).code).toBe(0);
    expect([...(await deployment.inbox())].sort()).toEqual(KEYS);
  }
});

const pathOf = (request: unknown): string => (request as { readonly path: string }).path;

test('a manifest whose last answer is lost is not said to be unsent; one whose temporary stays has arrived', async () => {
  after = (operation, input) => {
    if (operation === 'CopyObject' && pathOf(input).endsWith(MANIFEST))
      throw new AwsError('InternalError', 'lost', 500);
  };
  const lost = await drop();
  expect(lost.code).toBe(1);
  expect(lost.talk).toMatch(/whether it arrived is not known[\s\S]*sluice watch/);
  expect(await deployment.inbox()).toContain(MANIFEST);
  after = (operation, input) => {
    if (operation === 'DeleteObject' && pathOf(input).endsWith('._COPYING_'))
      throw new AwsError('AccessDenied', 'no', 403);
  };
  expect(await drop()).toMatchObject({ code: 0 });
});

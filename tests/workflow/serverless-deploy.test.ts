import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { COMPILED } from '../../cli/bin/compiled.mjs';
import { startLocalCloud, type LocalCloud } from '../../local/index.ts';

const run = promisify(execFile);
const ROOT = { principalArn: 'arn:aws:iam::000000000000:root' };

let folder: string;
let local: LocalCloud;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'serverless-deploy-'));
  local = await startLocalCloud({ directory: join(folder, 'state') });
  const service = join(folder, 'service');
  await mkdir(service);
  await symlink(resolve('node_modules'), join(service, 'node_modules'));
  await writeFile(join(service, 'package.json'), '{"name":"tiny"}');
  await writeFile(
    join(service, 'handler.mjs'),
    'export const hello = async (event) => ({ event, mode: process.env.MODE });',
  );
  await writeFile(
    join(service, 'serverless.yml'),
    `
service: tiny
provider: { name: aws, runtime: nodejs24.x, region: us-east-1 }
functions:
  hello: { handler: handler.hello, environment: { MODE: "\${env:MODE}" } }
resources:
  Resources:
    Inbox: { Type: 'AWS::S3::Bucket' }
package: { patterns: ['!**', handler.mjs] }
`,
  );
});

afterAll(async () => {
  await local.close();
  await rm(folder, { recursive: true, force: true });
});

async function sls(mode: string, ...words: string[]): Promise<string> {
  const { stdout, stderr } = await run(
    process.execPath,
    [resolve('node_modules/serverless/bin/serverless.js'), ...words],
    {
      cwd: join(folder, 'service'),
      env: {
        PATH: process.env['PATH'],
        HOME: folder,
        // What it compiles at its start, it does once.
        NODE_COMPILE_CACHE: COMPILED,
        SLS_SCHEMA_CACHE_BASE_DIR: COMPILED,
        MODE: mode,
        AWS_ENDPOINT_URL: local.endpoint,
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
        AWS_REGION: 'us-east-1',
        SLS_AWS_MONITORING_FREQUENCY: '100',
      },
    },
  );
  return stdout + stderr;
}

async function hello(): Promise<unknown> {
  const answer = await local.cloud.call<{ readonly Payload: Uint8Array }>(
    'lambda',
    'Invoke',
    { FunctionName: 'tiny-dev-hello', Payload: Buffer.from('{"x":1}') },
    ROOT,
  );
  return JSON.parse(Buffer.from(answer.Payload).toString());
}

test('sls deploys a service, changes it, and removes it', async () => {
  expect(await sls('one', 'deploy')).toContain('Service deployed to stack tiny-dev');
  expect(await hello()).toEqual({ event: { x: 1 }, mode: 'one' });
  expect(await sls('two', 'deploy')).toContain('Service deployed to stack tiny-dev');
  expect(await hello()).toEqual({ event: { x: 1 }, mode: 'two' });
  expect(await sls('two', 'remove')).toContain('Service tiny has been successfully removed');
  const { Buckets: buckets } = await local.cloud.call<{ readonly Buckets: readonly unknown[] }>(
    's3',
    'ListBuckets',
    {},
    ROOT,
  );
  expect(buckets).toEqual([]);
}, 180_000);

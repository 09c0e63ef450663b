import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { COMPILED } from '../../cli/bin/compiled.mjs';
import { generateRecommendations } from '../../examples/index.ts';
import { startLocalCloud, type LocalCloud } from '../../local/index.ts';
import { ROOT } from '../../local/kernel/index.ts';
import { readCsv } from '../support/csv.ts';
import { sluice } from '../support/command-line.ts';
import { recommendationsByHand } from '../support/recommendations-by-hand.ts';

/** What is packaged: composition and sources; `sls` writes beside them, so they are copied. */
const PACKAGED = [
  'package.json',
  'tsconfig.json',
  'serverless.yml',
  'functions',
  'resources',
  'stepfunctions',
  'sql',
  'src',
] as const;

/** A function's zip stays under this, so that cold starts stay short. */
const ZIP_BYTES = 250_000;

let folder: string;
let local: LocalCloud;
let environment: Readonly<Record<string, string>>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'deployed-'));
  for (const name of PACKAGED) cpSync(resolve(name), join(folder, 'service', name), { recursive: true });
  symlinkSync(resolve('node_modules'), join(folder, 'service', 'node_modules'));
  local = await startLocalCloud({ directory: join(folder, 'cloud') });
  environment = {
    AWS_ENDPOINT_URL: local.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
  };
  await promisify(execFile)(process.execPath, [resolve('node_modules/serverless/bin/serverless.js'), 'deploy'], {
    cwd: join(folder, 'service'),
    env: {
      ...environment,
      PATH: process.env['PATH'],
      HOME: folder,
      NODE_COMPILE_CACHE: COMPILED,
      SLS_SCHEMA_CACHE_BASE_DIR: COMPILED,
      SLS_TELEMETRY_DISABLED: '1',
      SLS_NOTIFICATIONS_MODE: 'off',
      SLS_AWS_MONITORING_FREQUENCY: '150',
    },
  });
}, 120_000);

afterAll(async () => {
  await local.close();
  rmSync(folder, { recursive: true, force: true });
});

async function object(bucket: string, key: string): Promise<string> {
  const { Body } = await local.cloud.call<{ Body: Uint8Array | AsyncIterable<Uint8Array> }>(
    's3',
    'GetObject',
    { Bucket: bucket, Key: key },
    ROOT,
  );
  return Buffer.concat(Body instanceof Uint8Array ? [Body] : await Array.fromAsync(Body)).toString();
}

/** The event of a manifest has so many runs started. */
async function runsStarted(least: number): Promise<void> {
  const stateMachineArn = 'arn:aws:states:us-east-1:000000000000:stateMachine:sluice-dev-etl';
  for (;;) {
    const { executions } = await local.cloud.call<{ executions: readonly object[] }>(
      'states',
      'ListExecutions',
      { stateMachineArn },
      ROOT,
    );
    if (executions.length >= least) return;
    await new Promise(setImmediate);
  }
}

/** The newest e-mail, as it lies in the outbox. */
function newestMail(): string {
  const outbox = join(folder, 'cloud', 'outbox');
  return readFileSync(join(outbox, readdirSync(outbox).sort().at(-1) ?? ''), 'utf8');
}

test('every function is packaged into a zip of less than 250,000 bytes', () => {
  const packages = join(folder, 'service', '.serverless');
  const zips = readdirSync(packages).filter((name) => name.endsWith('.zip'));
  expect(zips.length).toBeGreaterThanOrEqual(7);
  for (const name of zips) expect([name, statSync(join(packages, name)).size < ZIP_BYTES]).toEqual([name, true]);
});

test('a batch dropped as DistCp does runs by its event to an answer, a report and an e-mail; a bad one ends with an error', async () => {
  const directory = join(folder, 'batch');
  const batch = await generateRecommendations(directory, { scale: 0.02 });
  const dropped = await sluice(['drop', directory, '--json'], { environment, directory: folder });
  expect([dropped.code, dropped.talk]).toEqual([0, expect.any(String) as string]);
  await runsStarted(1);
  const watched = await sluice(['watch', '--json'], { environment, directory: folder });
  expect(watched.code).toBe(0);
  const { runId } = watched.json<{ runId: string }>();
  const results = 'sluice-dev-results-000000000000';
  const prefix = `results/recommendations/${runId}/`;
  expect(readCsv(await object(results, `${prefix}recommendations.csv`))).toEqual(
    recommendationsByHand(directory, batch.files),
  );
  expect(await object(results, `${prefix}report.html`)).toContain('<td class="name">staging.customer_usage</td>');
  expect(newestMail()).toMatch(/^Subject: OK: recommendations 2026-11-22 \(\d+ rows\)$/m);

  const again = await sluice(
    ['run', `s3://sluice-dev-inbox-000000000000/${dropped.json<{ key: string }>().key}`, '--repeat', '--follow'],
    { environment, directory: folder },
  );
  expect(again.code).toBe(0);

  const bad = {
    Bucket: 'sluice-dev-inbox-000000000000',
    Key: 'bad/manifest.json',
    Body: Buffer.from('{"version": 1,'),
  };
  await local.cloud.call('s3', 'PutObject', bad, ROOT);
  await runsStarted(3);
  const failed = await sluice(['watch'], { environment, directory: folder });
  expect([failed.code === 0, failed.talk + failed.out]).toEqual([
    false,
    expect.stringContaining('ManifestNotJson') as string,
  ]);
  expect(newestMail()).toMatch(/^Subject: FAILED: bad\/manifest\.json: ManifestNotJson$/m);
}, 90_000);

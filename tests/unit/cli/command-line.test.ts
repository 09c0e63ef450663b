import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { COMMAND_NAMES, findCommand } from '../../../cli/commands/index.ts';
import { sluice } from '../../support/command-line.ts';

const directory = mkdtempSync(join(tmpdir(), 'sluice command line '));
afterAll(() => rmSync(directory, { recursive: true }));

const manifest = {
  version: 1,
  project: 'flights',
  batch: 'b',
  schemas: [
    {
      name: 'staging',
      tables: [{ name: 't', columns: [{ name: 'a', type: 'integer' }], files: [{ key: 'é 1.gz', bytes: 3 }] }],
    },
  ],
};

function batch(name: string, text: string, data = 'abc'): string {
  mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(join(directory, name, 'manifest.json'), text);
  writeFileSync(join(directory, name, 'é 1.gz'), data);
  return name;
}

test.each([
  [[], 'no command given'],
  [['--json'], 'no command given'],
  [['nosuch'], "there is no command 'nosuch'"],
  [['nosuch\u001b[2J'], "there is no command 'nosuch'"],
  [['up', '--bogus'], "Unknown option '--bogus'"],
  [['up', 'extra'], 'expected no argument, got 1 argument'],
  [['drop'], 'expected DIR, got 0 arguments'],
  [['watch', '--stage', 'Prod'], "'Prod' is not a stage"],
  [['watch', '--stage'], 'argument missing'],
  [['up', '--port', '0x50'], "'0x50' is not a port"],
  [['up', '--port', '65536'], "'65536' is not a port"],
  [['demo', 'nosuch', '--batch-to', 'new'], "there is no example 'nosuch'"],
  [['demo', '--scale', '-1'], '--scale'],
  [['drop', 'nowhere'], 'there is no'],
  [['validate', 'nowhere.json'], 'there is no'],
])('%j is wrong use: exit code 2, and what is right', async (words, message) => {
  const run = await sluice(words, { directory });
  expect(run.code).toBe(2);
  expect(run.talk).toContain(message);
  expect(run.talk).not.toMatch(/\n\s+at .*:\d+/);
});

test.each(COMMAND_NAMES)('%s --help tells its options, for people and for programs', async (name) => {
  const forPeople = await sluice([name, '--help']);
  expect(forPeople).toMatchObject({ code: 0, talk: '' });
  expect(forPeople.out).toContain(`Usage: sluice ${name}`);
  for (const option of Object.keys((await findCommand(name))?.options ?? {}))
    expect(forPeople.out).toContain(`--${option}`);
  const forPrograms = await sluice([name, '--help', '--json']);
  expect(forPrograms.json()).toEqual({ usage: forPeople.out.trimEnd() });
});

test('whatever goes wrong, --json leaves one JSON document on stdout', async () => {
  for (const words of [['nosuch'], ['up', '--bogus'], ['validate', 'nowhere'], ['watch'], ['plan', batch('bad', '{')]])
    expect((await sluice([...words, '--json'], { directory })).json()).toHaveProperty('error.message');
});

test('a manifest that is not valid is exit code 3, with every finding', async () => {
  const name = batch('invalid', JSON.stringify({ ...manifest, btach: 'x', version: 2 }));
  const run = await sluice(['validate', name, '--json'], { directory });
  expect(run.code).toBe(3);
  const { error } = run.json<{ error: { findings: { path: string; do: string }[] } }>();
  expect(error.findings.map(({ path }) => path)).toEqual(expect.arrayContaining(['btach', 'version']));
});

test('files beside a manifest are looked at when asked, and named as the manifest names them', async () => {
  await sluice(['demo', 'recommendations', '--batch-to', 'batch with spaces', '--scale', '0.01'], { directory });
  expect((await sluice(['validate', 'batch with spaces', '--files'], { directory })).code).toBe(0);
  writeFileSync(join(directory, 'batch with spaces', 'customer', '000000_0.gz'), 'abcd');
  expect((await sluice(['validate', 'batch with spaces'], { directory })).code).toBe(0);
  const run = await sluice(['validate', 'batch with spaces', '--files'], { directory });
  expect(run.code).toBe(3);
  expect(run.talk).toContain('customer/000000_0.gz has 4 bytes, the manifest says');
});

test.each([
  [{ project: 'fligths' }, "There is no SQL project 'fligths'. There are: flights, recommendations."],
  [{}, 'staging.flight'],
])('what a run would refuse before it asks for a cluster is found on the laptop: %j', async (change, message) => {
  const name = batch('against its project', JSON.stringify({ ...manifest, ...change }));
  const run = await sluice(['validate', name], { directory });
  expect(run.code).toBe(3);
  expect(run.talk).toContain(message);
});

test('an endpoint that nobody listens at is exit code 4, and says what to do', () => {
  const AWS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_REGION: 'us-east-1', AWS_MAX_ATTEMPTS: '1' };
  const env = { PATH: process.env['PATH'], AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', ...AWS };
  for (const words of [['watch'], ['deploy']]) {
    // A process of its own: across Jest's realms the SDK does not know the socket's error for one.
    const run = spawnSync(process.execPath, [resolve('cli/main.ts'), ...words], {
      cwd: directory,
      env,
      encoding: 'utf8',
    });
    expect(run).toMatchObject({ status: 4, stdout: '' });
    expect(run.stderr).toContain('http://127.0.0.1:1 cannot be reached');
  }
});

test('the command runs by its bin, too, with its arguments and exit code', () => {
  const run = spawnSync(process.execPath, [resolve('cli/bin/sluice.mjs'), 'nosuch'], { encoding: 'utf8' });
  expect(run.status).toBe(2);
  expect(run.stderr).toContain("there is no command 'nosuch'");
});

test('plan prints a script for people and the plan for programs', async () => {
  await sluice(['demo', 'recommendations', '--batch-to', 'batch', '--scale', '0.01'], { directory });
  const script = await sluice(['plan', 'batch'], { directory });
  expect(script).toMatchObject({ code: 0, talk: '' });
  expect(script.out).toContain('-- ══ copies');
  expect(script.out).toContain('create table if not exists sluice.ledger');
  const plan = await sluice(['plan', 'batch', '--json', '--account', '123456789012', '--stage', 'prod'], { directory });
  expect(JSON.stringify(plan.json())).toContain('sluice-prod-inbox-123456789012');
});

test('a batch is not written over what is there', async () => {
  const run = await sluice(['demo', '--batch-to', batch('full', '{}')], { directory });
  expect(run).toMatchObject({ code: 2, out: '' });
});

test('down without a cloud is fine, and --wipe leaves a folder alone that is not a local cloud', async () => {
  expect((await sluice(['down', '--json'], { directory })).json()).toEqual({ stopped: false, wiped: false });
  mkdirSync(join(directory, '.sluice'));
  writeFileSync(join(directory, '.sluice', 'precious'), '');
  const run = await sluice(['down', '--wipe'], { directory });
  expect(run).toMatchObject({ code: 1 });
  expect(run.talk).toContain('does not look like the folder of a local cloud');
});

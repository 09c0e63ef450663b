import * as fc from 'fast-check';
import type { ExecutionStatus } from '../../../src/run/claim.ts';
import { layout } from '../../../src/run/layout.ts';
import { openRun, type OpenRunAnswer, type OpenRunPorts } from '../../../src/run/open-run.ts';
import { createPlanner } from '../../../src/run/planner.ts';
import { runIdOf, RUN_ID } from '../../../src/run/run-id.ts';
import { startRequest } from '../../../src/run/start-request.ts';
import { describeStragglers, type FoundFile, stragglerWaitSeconds } from '../../../src/run/stragglers.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

const EVENT = {
  version: '0',
  'detail-type': 'Object Created',
  detail: {
    version: '0',
    bucket: { name: 'inbox' },
    object: { key: 'drop é/manifest.json', 'version-id': 'v1', etag: 'e' },
  },
};
const BY_HAND = { bucket: 'inbox', key: 'drop é/manifest.json' };
const MANIFEST = JSON.stringify({
  version: 1,
  project: 'tiny',
  batch: '2026-11-22',
  schemas: [
    {
      name: 's',
      tables: [
        { name: 't', columns: [{ name: 'a', type: 'integer' }], files: [{ key: 'a.gz', bytes: 5 }, { key: 'b.gz' }] },
      ],
    },
  ],
});
const PROJECT = new Map([
  ['project.json', JSON.stringify({ title: 'A tiny question', result: 'answer' })],
  ['staging/t.sql', '-- grain: one row a thing\ncreate table s.t (\n  a integer\n);\n'],
  ['unload.sql', '-- grain: one row\n-- depends: s.t\n-- rerun: writes the same again\nselect a from s.t;\n'],
]);

let now: number;
let work: MemoryWorkStore;
let inbox: Map<string, FoundFile>;
let statuses: Map<string, ExecutionStatus>;
let manifest: string;
let ports: OpenRunPorts;
let announced: string[];

beforeEach(() => {
  now = 1_000_000_000;
  work = new MemoryWorkStore();
  statuses = new Map();
  announced = [];
  manifest = MANIFEST;
  inbox = new Map<string, FoundFile>([
    ['drop é/manifest.json', { versionId: 'v1', etag: '"m"', bytes: 1 }],
    ['drop é/a.gz', { versionId: 'va', etag: '"a"', bytes: 5 }],
    ['drop é/b.gz', { etag: '"b"', bytes: 6 }],
  ]);
  ports = {
    work,
    inbox: { look: async (_bucket, key) => inbox.get(key), readManifest: async () => ({ text: manifest }) },
    executions: { status: async (execution) => statuses.get(execution) ?? 'GONE' },
    planner: createPlanner(
      { names: () => ['tiny'], files: () => PROJECT },
      {
        workBucket: 'work-bucket',
        resultsBucket: 'results-bucket',
        resultsPrefix: 'results/',
        redshiftRoleArn: 'arn:aws:iam::123456789012:role/redshift',
      },
    ),
    now: () => now,
    fileDeadlineMs: 600_000,
    announce: (runId) => announced.push(runId),
  };
});

const open = (execution = 'e1', input: unknown = EVENT): Promise<OpenRunAnswer> => openRun(ports, { input, execution });

test('a run is opened: plan, units, waves and the manifest for COPY are stored, and states carry keys only', async () => {
  const answer = await open();
  if (answer.status !== 'READY') throw new Error(answer.status);
  expect(answer).toMatchObject({ project: 'tiny', batch: '2026-11-22', runId: announced[0] });
  expect(JSON.stringify(answer).length).toBeLessThan(2_000);
  expect(work.json(answer.waves.copies[0] ?? '')).toEqual([{ unit: 'copy-s-t' }]);
  expect(work.json(layout.unit(answer.runId, 'copy-s-t'))).toMatchObject({
    kind: 'copy',
    files: [
      { key: 'drop é/a.gz', etag: '"a"', versionId: 'va', bytes: 5 },
      { key: 'drop é/b.gz', etag: '"b"', bytes: 6 },
    ],
  });
  expect(work.json(`runs/${answer.runId}/copy/copy-s-t.manifest`)).toMatchObject({
    entries: [{ url: 's3://inbox/drop é/a.gz', mandatory: true }, { url: 's3://inbox/drop é/b.gz' }],
  });
  expect(work.json(layout.run(answer.runId))).toMatchObject({ tables: 1, files: 2, bytes: 11 });
});

test('opening it again in the same execution gives the same answer', async () => {
  const first = await open();
  expect(await open()).toEqual(first);
});

test.each(['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'GONE'] as const)(
  'an event delivered twice, however late, is a duplicate of a %s execution and touches nothing',
  async (status) => {
    await open();
    now += 7 * 3_600_000;
    statuses.set('e1', status);
    const before = new Map(work.objects);
    expect(await open('e2')).toMatchObject({ status: 'DUPLICATE', heldBy: 'e1' });
    // Only which run it would have been is noted, so that one that is stopped before it can claim is found and told.
    for (const key of [layout.byExecution('e2'), layout.untold('e2')]) expect(work.objects.delete(key)).toBe(true);
    expect(work.objects).toEqual(before);
  },
);

test.each(['FAILED', 'TIMED_OUT', 'ABORTED'] as const)(
  'by hand, the claim of a %s execution is taken over',
  async (status) => {
    await open();
    statuses.set('e1', status);
    expect(await open('e2', BY_HAND)).toMatchObject({ status: 'READY' });
    expect(work.json(layout.claim(announced[0] ?? ''))).toMatchObject({ execution: 'e2' });
  },
);

test('an event that names no version may be of another drop of the same content, and begins again what failed', async () => {
  const { 'version-id': _version, ...object } = EVENT.detail.object;
  const event = { ...EVENT, detail: { ...EVENT.detail, object } };
  await open('e1', event);
  statuses.set('e1', 'RUNNING');
  expect(await open('e2', event)).toMatchObject({ status: 'DUPLICATE' });
  statuses.set('e1', 'FAILED');
  expect(await open('e2', event)).toMatchObject({ status: 'READY' });
});

test('an execution that was stopped after it had noted its success keeps the run', async () => {
  await open();
  statuses.set('e1', 'ABORTED');
  const outcome = { execution: 'e1', redrive: 0, status: 'SUCCEEDED', round: 1, at: 1, told: false };
  await work.write(layout.outcome(announced[0] ?? ''), JSON.stringify(outcome));
  expect(await open('e2', BY_HAND)).toMatchObject({ status: 'DUPLICATE', heldBy: 'e1' });
});

test('an execution that cannot be found is believed to be dead only after a while', async () => {
  await open();
  await expect(open('e2', BY_HAND)).rejects.toMatchObject({ name: 'AwsUnavailable', retryable: true });
  now += 6 * 60_000;
  expect(await open('e2', BY_HAND)).toMatchObject({ status: 'READY' });
});

test('of two executions that take over a dead one, one wins', async () => {
  await open();
  statuses.set('e1', 'FAILED');
  statuses.set('e2', 'RUNNING');
  statuses.set('e3', 'RUNNING');
  const answers = await Promise.all([open('e2', BY_HAND), open('e3', BY_HAND)]);
  expect(answers.map(({ status }) => status).sort()).toEqual(['DUPLICATE', 'READY']);
});

test('a repetition on purpose is a run of its own, and each execution has one', async () => {
  const input = { ...BY_HAND, repeat: true };
  const first = await open('e1');
  const second = await open('e2', input);
  expect(second).toMatchObject({ status: 'READY', runId: `${first.runId}-2` });
  expect(await open('e2', input)).toMatchObject({ runId: `${first.runId}-2` });
  expect(await open('e3', input)).toMatchObject({ runId: `${first.runId}-3` });
});

test('by hand, without a version, the run is that of the version that is there', async () => {
  const byEvent = await open();
  statuses.set('e1', 'SUCCEEDED');
  expect(await open('e2', BY_HAND)).toMatchObject({
    status: 'DUPLICATE',
    runId: byEvent.runId,
  });
});

test('a run waits for stragglers, looks only for what is missing, and goes on when they are there', async () => {
  const b = inbox.get('drop é/b.gz') as FoundFile;
  inbox.delete('drop é/b.gz');
  expect(await open()).toMatchObject({ status: 'WAITING', waitSeconds: 1, missing: 1 });
  const looked: string[] = [];
  ports = { ...ports, inbox: { ...ports.inbox, look: async (_bucket, key) => (looked.push(key), inbox.get(key)) } };
  inbox.set('drop é/b.gz', b);
  expect(await open()).toMatchObject({ status: 'READY' });
  expect(looked).toEqual(['drop é/b.gz']);
});

test('a file of another size is waited for, and told when the deadline has passed', async () => {
  inbox.set('drop é/a.gz', { etag: '"x"', bytes: 4 });
  expect(await open()).toMatchObject({ status: 'WAITING' });
  now += 600_000;
  await expect(open()).rejects.toMatchObject({ name: 'FilesNotThere', where: { file: 'drop é/a.gz' } });
  expect(work.json(layout.failure(announced[0] ?? '', 0, 'OpenRun'))).toMatchObject({
    code: 'FilesNotThere',
    message: expect.stringContaining('a.gz has 4 bytes instead of 5') as string,
  });
  // Its end is told of the batch, not of a file's name.
  expect(work.json(layout.run(announced[0] ?? ''))).toMatchObject({ project: 'tiny', batch: '2026-11-22', files: 2 });
});

test.each([
  ['not JSON', '{', 'ManifestNotJson'],
  ['the wrong shape', '{"version":1}', 'ManifestInvalid'],
  ['an unknown project', MANIFEST.replace('tiny', 'huge'), 'ProjectUnknown'],
])('a manifest that is %s fails with %s, and the record says so', async (_what, text, code) => {
  manifest = text;
  await expect(open()).rejects.toMatchObject({ name: code });
  expect(work.json(layout.failure(announced[0] ?? '', 0, 'OpenRun'))).toMatchObject({ code });
});

test('an input that is neither an event nor made by hand is refused with what it should be', () => {
  expect(() => startRequest({ bucket: 'b', kye: 'x' })).toThrow(/key/);
  expect(startRequest({ bucket: 'b', key: 'k', versionId: 'v' })).toEqual({
    bucket: 'b',
    key: 'k',
    versionId: 'v',
    delivered: false,
    repeat: false,
  });
});

test('different manifests have different runs, whatever their names', () => {
  const part = fc.string({ minLength: 1, unit: 'grapheme' });
  const version = fc.record({ bucket: part, key: part, version: part });
  fc.assert(
    fc.property(version, version, (one, other) => {
      expect(runIdOf(one)).toMatch(RUN_ID);
      expect(runIdOf(one) === runIdOf(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
  );
  expect(runIdOf({ bucket: 'a', key: 'bc', version: 'd' })).not.toBe(runIdOf({ bucket: 'ab', key: 'c', version: 'd' }));
});

test('the wait for stragglers grows and stays bounded', () => {
  expect([0, 20_000, 600_000, 86_400_000].map(stragglerWaitSeconds)).toEqual([1, 2, 60, 120]);
  expect(
    describeStragglers(
      Array.from({ length: 12 }, (_, at) => ({ key: `f${at}` })),
      2,
    ),
  ).toBe('f0 is missing; f1 is missing; and 10 more');
});

import { layout } from '../../../src/run/layout.ts';
import { notify, type NotifyPorts, type NotifyRequest } from '../../../src/notify/notify.ts';
import { caughtFailure } from '../../../src/errors/failure.ts';
import type { Mail } from '../../../src/report/mail.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

const RUN = '0123456789abcdef';
const EXECUTION = 'arn:aws:states:us-east-1:1:execution:etl:one';

let work: MemoryWorkStore;
let results: Map<string, string>;
let mails: Mail[];
let ports: NotifyPorts;

beforeEach(async () => {
  work = new MemoryWorkStore();
  results = new Map();
  mails = [];
  ports = {
    work,
    results: {
      list: async (prefix) =>
        [...results].flatMap(([key, text]) =>
          key.startsWith(prefix) ? [{ key, bytes: text.length, etag: text }] : [],
        ),
      write: async (key, text) => void results.set(key, text),
      swap: async (key, text, etag) => results.get(key) === etag && results.set(key, text) !== undefined,
    },
    completions: { tell: async (mail) => void mails.push(mail) },
    workBucket: 'work',
    resultsBucket: 'out',
    resultsPrefix: 'results/',
    defaultSize: { nodeType: 'ra3.large', nodes: 2 },
    now: () => 10_000,
  };
  const claim = { runId: RUN, execution: EXECUTION, bucket: 'in', key: 'k', version: 'v', claimedAt: 1_000 };
  await work.write(layout.claim(RUN), JSON.stringify(claim));
  await work.write(layout.byExecution(EXECUTION), JSON.stringify({ runId: RUN }));
  const { claimedAt: _claimedAt, ...run } = claim;
  await work.write(
    layout.run(RUN),
    JSON.stringify({
      ...run,
      project: 'p',
      batch: 'b',
      openedAt: 1,
      cluster: { existing: 'reuse', afterRun: 'delete' },
      tables: 1,
      files: 1,
      bytes: 1,
      schemas: ['s'],
    }),
  );
  const units = [
    {
      id: 'copy-a',
      kind: 'copy',
      title: 'load s.a',
      table: { schema: 's', table: 'a' },
      statements: [],
      dependsOn: [],
    },
  ];
  await work.write(
    layout.plan(RUN),
    JSON.stringify({ version: 1, runId: RUN, project: 'p', batch: 'b', units, waves: {} }),
  );
});

const request = (change: Partial<NotifyRequest> = {}): NotifyRequest => ({
  runId: RUN,
  execution: EXECUTION,
  redrive: 0,
  redrivenAt: '',
  round: 1,
  failure: {},
  releaseFailure: {},
  marks: {},
  ...change,
});
const finish = (): Promise<void> =>
  work.write(layout.result(RUN, 'copy-a'), JSON.stringify({ unit: 'copy-a', finishedAt: 5_000, rows: 3 }));
const record = (round: number, step: string, code: string, at: number): Promise<void> =>
  work.write(
    layout.failure(RUN, round, step),
    JSON.stringify({ code, message: code, why: 'w', next: 'n', at, where: { step, table: 's.a' }, findings: [] }),
  );

test('a run of which every unit is done is a success', async () => {
  await finish();
  results.set(`results/p/${RUN}/p.csv`, 'a');
  expect((await notify(ports, request())).answer).toEqual({ status: 'SUCCEEDED', runId: RUN });
  expect(mails.map(({ subject }) => subject)).toEqual(['OK: p b']);
  expect(mails[0]?.text).toMatch(/^The batch b of p is done/);
  expect(JSON.parse(results.get(`results/p/${RUN}/summary.json`) ?? '')).toMatchObject({
    status: 'SUCCEEDED',
    answer: { files: [{ bytes: 1 }] },
  });
});

test('what a failed run has appended can be taken out again, until a later end of the run has made it good', async () => {
  const plan = work.json<{ units: object[] }>(layout.plan(RUN));
  const units = plan.units.map((unit) => ({ ...unit, load: 'append', undo: ['delete from s.a'] }));
  await work.write(layout.plan(RUN), JSON.stringify({ ...plan, units }));
  const key = `results/p/${RUN}/undo.sql`;
  await notify(ports, request({ failure: { code: 'AwsDenied' } }));
  expect(results.has(key)).toBe(false);
  expect(mails[0]?.text).not.toContain('undo.sql');
  await finish();
  await notify(ports, request({ failure: { code: 'AwsDenied' }, redrive: 1 }));
  expect(mails[1]?.text).toContain('s.a: 3 rows from 0 files, appended');
  expect(mails[1]?.text).toContain(`s3://out/${key}`);
  expect(results.get(key)).toMatch(/\n-- s\.a\nbegin;\ndelete from s\.a;\ncommit;\n$/);
  await notify(ports, request({ redrive: 2 }));
  expect(results.get(key)).not.toContain('begin;');
  expect(JSON.parse(results.get(`results/p/${RUN}/summary.json`) ?? '')).toMatchObject({ answer: { files: [] } });
});

test('a table that another run has replaced is not said to hold the batch, though this run has met nothing of it', async () => {
  const result = { unit: 'copy-a', generation: 7, finishedAt: 5_000, rows: 3 };
  await work.write(layout.result(RUN, 'copy-a'), JSON.stringify(result));
  const plan = work.json<{ units: object[] }>(layout.plan(RUN));
  const units = plan.units.map((unit) => ({ ...unit, load: 'replace' }));
  await work.write(layout.plan(RUN), JSON.stringify({ ...plan, units }));
  const run = work.json<object>(layout.run(RUN));
  await work.write(layout.run(RUN), JSON.stringify({ ...run, cluster: { existing: 'reuse', afterRun: 'keep' } }));
  const told = async (overtaken: object, redrive: number): Promise<string | undefined> => {
    await work.write(layout.overtaken(RUN), JSON.stringify(overtaken));
    await notify(ports, request({ failure: { code: 'RunCancelled' }, generation: 7, redrive }));
    return mails.at(-1)?.text;
  };
  const other = { unit: 'copy-a', runId: 'fedcba9876543210', batch: 'next' };
  expect(await told({ generation: 7, units: [other] }, 0)).toContain(
    's.a: written since by run fedcba9876543210 (batch next)\nNo table holds anything of this batch.',
  );
  // Of another cluster, or where nobody could look.
  expect(await told({ generation: 6, units: [other] }, 1)).toContain('  s.a: 3 rows from 0 files, in the place');
  expect(await told({ generation: 7 }, 2)).toContain(
    'Whether another run has written them since could not be seen:\n  s.a: 3 rows',
  );
});

test('of two ends that are told at once, the later one leaves nothing to be taken out', async () => {
  const plan = work.json<{ units: object[] }>(layout.plan(RUN));
  const units = plan.units.map((unit) => ({ ...unit, load: 'append', undo: ['delete from s.a'] }));
  await work.write(layout.plan(RUN), JSON.stringify({ ...plan, units }));
  await finish();
  const key = `results/p/${RUN}/undo.sql`;
  const { results: bucket } = ports;
  let overtaken = false;
  await notify(
    {
      ...ports,
      results: {
        ...bucket,
        write: async (to, text) => {
          // Between the earlier one's note and its file, the later one has done all it does.
          if (to === key && !overtaken) {
            overtaken = true;
            await notify(ports, request({ redrive: 2 }));
          }
          await bucket.write(to, text);
        },
      },
    },
    request({ failure: { code: 'AwsDenied' }, redrive: 1 }),
  );
  expect(overtaken).toBe(true);
  expect(results.get(key)).not.toContain('begin;');
});

test.each(['summary.json', 'report.html'])(
  'of two ends that are told at once, the later one’s %s stays, and the earlier one tells nobody any more',
  async (file) => {
    const { results: bucket } = ports;
    let overtaken = false;
    const late = {
      ...ports,
      results: {
        ...bucket,
        swap: async (key: string, text: string, etag: string | undefined) => {
          // Between the earlier one's note and its file, the later one has done all it does.
          if (key.endsWith(file) && !overtaken) {
            overtaken = true;
            await finish();
            await notify(ports, request({ redrive: 2 }));
          }
          return bucket.swap(key, text, etag);
        },
      },
    };
    await notify(late, request({ failure: { code: 'AwsDenied' }, redrive: 1 }));
    expect(overtaken).toBe(true);
    expect(mails.map(({ subject }) => subject)).toEqual(['OK: p b']);
    expect(JSON.parse(results.get(`results/p/${RUN}/summary.json`) ?? '')).toMatchObject({ redrive: 2 });
    expect(results.get(`results/p/${RUN}/report.html`)).toContain('redriven 2 times');
  },
);

test('an end that is noted otherwise while it is being looked at is told as it was noted', async () => {
  const { results: bucket } = ports;
  let noted = false;
  const slow = {
    ...ports,
    results: {
      ...bucket,
      list: async (prefix: string) => {
        if (!noted) {
          noted = true;
          await finish();
          await notify(ports, request());
        }
        return bucket.list(prefix);
      },
    },
  };
  expect((await notify(slow, request({ failure: { code: 'RunCancelled' } }))).answer).toMatchObject({
    status: 'SUCCEEDED',
  });
  expect(mails.map(({ subject }) => subject)).toEqual(['OK: p b']);
});

test('a success that was noted is told as one, although the cluster it was made on has gone since', async () => {
  await work.write(
    layout.result(RUN, 'copy-a'),
    JSON.stringify({ unit: 'copy-a', generation: 1, finishedAt: 5_000, rows: 3 }),
  );
  const { completions } = ports;
  ports = { ...ports, completions: { tell: async () => Promise.reject(new Error('SNS is away')) } };
  await expect(notify(ports, request({ generation: 1 }))).rejects.toThrow('SNS is away');
  await notify({ ...ports, completions }, request({ generation: 0, failure: { code: 'RunCancelled' } }));
  expect(mails.map(({ subject }) => subject)).toEqual(['OK: p b']);
});

test('a run of which a unit is missing is no success, though no step failed', async () => {
  expect((await notify(ports, request())).answer).toMatchObject({ status: 'FAILED', code: 'Unexpected' });
  expect(mails[0]?.subject).toMatch(/^FAILED/);
});

test('what was done on a cluster that is gone is not done: the tables of the last one do not hold it', async () => {
  await work.write(
    layout.result(RUN, 'copy-a'),
    JSON.stringify({ unit: 'copy-a', generation: 1, finishedAt: 5_000, rows: 3 }),
  );
  const failure = { code: 'AwsDenied' };
  await notify(ports, request({ failure, generation: 2 }));
  expect(mails[0]?.text).toContain('No table holds anything of this batch.');
  await notify(ports, request({ failure, generation: 1, redrive: 1 }));
  expect(mails[1]?.text).toContain('s.a: 3 rows');
});

test('called twice, it tells nobody twice, and answers the same', async () => {
  await finish();
  const first = await notify(ports, request());
  expect(await notify(ports, request())).toEqual(first);
  expect(mails).toHaveLength(1);
});

test('when nobody can be told, the record says how the run ended and that nobody knows', async () => {
  await finish();
  ports = { ...ports, completions: { tell: async () => Promise.reject(new Error('SNS is away')) } };
  await expect(notify(ports, request())).rejects.toThrow('SNS is away');
  expect(work.json(layout.outcome(RUN))).toMatchObject({ status: 'SUCCEEDED', told: false });
});

test('the first failure of the last round is the one that is told', async () => {
  await record(1, 'Old', 'LeaseLost', 2_000);
  await record(2, 'Later', 'StatementAborted', 4_000);
  await record(2, 'First', 'LoadFailed', 3_000);
  const { answer } = await notify(
    ports,
    request({ round: 2, failure: { code: 'States.ExceedToleratedFailureThreshold' } }),
  );
  expect(answer).toMatchObject({
    status: 'FAILED',
    code: 'LoadFailed',
    cause: expect.stringContaining('table s.a') as string,
  });
});

test('a run that was stopped is told as stopped, though its units failed because of it', async () => {
  await record(1, 'copy-a', 'LeaseLost', 2_000);
  await notify(ports, request({ failure: { code: 'RunCancelled' }, round: 0 }));
  expect(mails[0]?.subject).toMatch(/RunCancelled/);
  await record(1, 'copy-b', 'LoadFailed', 3_000);
  await notify(ports, request({ failure: { code: 'RunCancelled' }, round: 0, redrive: 1 }));
  expect(mails[1]?.subject).toMatch(/LoadFailed/);
});

test('what an earlier execution of the run left behind is not told', async () => {
  await record(1, 'Old', 'LoadFailed', 500);
  const { answer } = await notify(ports, request({ failure: { code: 'AwsDenied', cause: 'x' } }));
  expect(answer).toMatchObject({ code: 'AwsDenied' });
});

test('the end of an execution that another has taken the run over from is not told: it would come after the other’s', async () => {
  const late = request({ execution: `${EXECUTION}-before`, failure: { code: 'RunCancelled' } });
  expect((await notify(ports, late)).answer).toMatchObject({ status: 'FAILED', code: 'RunCancelled' });
  expect([mails, [...results]]).toEqual([[], []]);
});

test('nor is one that another takes the run over from while it is being noted', async () => {
  const replaced = async (): Promise<void> => {
    const claim = work.json<object>(layout.claim(RUN));
    await work.write(layout.claim(RUN), JSON.stringify({ ...claim, execution: `${EXECUTION}-next` }));
  };
  const { results: bucket } = ports;
  const slow = { ...bucket, list: (prefix: string) => replaced().then(() => bucket.list(prefix)) };
  const { answer } = await notify({ ...ports, results: slow }, request({ failure: { code: 'RunCancelled' } }));
  expect(answer).toMatchObject({ status: 'FAILED', code: 'RunCancelled' });
  expect(mails).toEqual([]);
});

test('a run that could not be opened is told by its execution', async () => {
  work.objects.delete(layout.run(RUN));
  work.objects.delete(layout.plan(RUN));
  await record(0, 'OpenRun', 'ManifestNotJson', 2_000);
  await notify(ports, request({ runId: '', failure: { code: 'ManifestNotJson' } }));
  expect(mails[0]).toMatchObject({
    subject: 'FAILED: k: ManifestNotJson s.a',
    attributes: { code: 'ManifestNotJson' },
  });
  expect(results.has(`results/unopened/${RUN}/report.html`)).toBe(true);
});

test('an execution that never claimed a run is told, too', async () => {
  const { answer } = await notify(
    ports,
    request({ runId: '', execution: 'arn:x:y:unknown', failure: { code: 'InputInvalid' } }),
  );
  expect(answer).toMatchObject({ status: 'FAILED', code: 'InputInvalid' });
});

test('the code behind nested machines and functions is found', () => {
  const lambda = JSON.stringify({ errorType: 'ClusterWaitTooLong', errorMessage: 'text', trace: [] });
  const nested = JSON.stringify({ Error: 'ClusterWaitTooLong', Cause: lambda, ExecutionArn: 'x' });
  expect(caughtFailure({ code: 'States.TaskFailed', cause: nested })).toMatchObject({
    code: 'ClusterWaitTooLong',
  });
  expect(caughtFailure({ code: 'States.Timeout' })).toMatchObject({
    code: 'AwsUnavailable',
    message: expect.stringContaining('States.Timeout') as string,
  });
  expect(caughtFailure({ code: 'Unexpected', cause: '{"cut off' }).code).toBe('Unexpected');
});

describe('an execution that is redriven', () => {
  test('is told at each of its ends, though they are alike', async () => {
    const failure = { code: 'AwsDenied' };
    await notify(ports, request({ failure }));
    await notify(ports, request({ failure, redrive: 1, redrivenAt: '1970-01-01T00:00:05.000Z' }));
    await notify(ports, request({ failure, redrive: 1, redrivenAt: '1970-01-01T00:00:05.000Z' }));
    expect(mails).toHaveLength(2);
  });

  test('is told once when it was stopped while it told its end, and goes on with that', async () => {
    await finish();
    const marks = { started: '2026-11-22T06:00:00.000Z', worked: '2026-11-22T06:10:00.000Z' };
    const first = await notify(ports, request({ marks }));
    expect(await notify(ports, request({ marks, redrive: 1 }))).toEqual(first);
    expect(mails).toHaveLength(1);
    expect(work.json(layout.outcome(RUN))).toMatchObject({ redrive: 1, told: true });
    // Stopped once more, and told by the janitor, which knows of no stations.
    expect(await notify(ports, request({ failure: { code: 'RunCancelled' }, round: 0, redrive: 2 }))).toEqual(first);
    expect(mails).toHaveLength(1);
  });

  test('is told again of an end that is another, though it is of the same kind', async () => {
    const [marks, failure] = [{ started: '2026-11-22T06:00:00.000Z' }, { code: 'AwsDenied' }];
    await notify(ports, request({ marks, failure }));
    await notify(ports, request({ marks, failure, redrive: 1 }));
    expect(mails).toHaveLength(1);
    await notify(ports, request({ marks: { ...marks, worked: '2026-11-22T06:20:00.000Z' }, failure, redrive: 2 }));
    expect(mails).toHaveLength(2);
  });

  test('is told once when the janitor told for it, and it does nothing but tell the same again', async () => {
    const failure = { code: 'AwsDenied' };
    const marks = { started: '2026-11-22T06:00:00.000Z', worked: '2026-11-22T06:10:00.000Z' };
    const redriven = { redrive: 1, redrivenAt: '2026-11-23T06:00:00.000Z' };
    await notify(ports, request({ failure, round: 0 }));
    const { answer } = await notify(ports, request({ marks, failure, ...redriven }));
    expect(answer).toMatchObject({ status: 'FAILED', code: 'AwsDenied' });
    expect(mails).toHaveLength(1);
    expect(work.json(layout.outcome(RUN))).toMatchObject({ redrive: 1, told: true });
  });

  test.each([
    ['has another reason', { failure: { code: 'AwsRefused' } }],
    ['has come further', { marks: { started: '2026-11-22T06:00:00.000Z', worked: '2026-11-23T06:10:00.000Z' } }],
    ['is stopped once more', { marks: {} }],
  ])('is told again when the janitor told for it, and it %s', async (_how, more) => {
    const failure = { code: 'AwsDenied' };
    const marks = { started: '2026-11-22T06:00:00.000Z' };
    await notify(ports, request({ failure, round: 0 }));
    await notify(ports, request({ failure, marks, redrive: 1, redrivenAt: '2026-11-23T06:00:00.000Z', ...more }));
    expect(mails).toHaveLength(2);
  });

  test('waits while its end is being told by what a drive that was stopped has left behind, and tells it when that has died', async () => {
    await finish();
    const marks = { started: '2026-11-22T06:00:00.000Z' };
    const stopped = { ...ports, completions: { tell: () => Promise.reject(new Error('died')) } };
    await expect(notify(stopped, request({ marks }))).rejects.toThrow('died');
    const redriven = request({ marks, redrive: 1 });
    expect((await notify(ports, redriven)).answer).toEqual({ status: 'TELLING', waitSeconds: 15 });
    expect(mails).toEqual([]);
    const later = { ...ports, now: () => 10_000 + 330_000 };
    expect((await notify(later, redriven)).answer).toMatchObject({ status: 'SUCCEEDED' });
    expect(mails.map(({ text }) => text.split('\n')[0])).toEqual([expect.stringContaining('got this e-mail before')]);
  });

  test('is told of a later end only when the message of an earlier one has arrived', async () => {
    const redriven = request({ redrive: 1 });
    const { completions } = ports;
    const slow = async (mail: Mail): Promise<void> => {
      await finish();
      expect((await notify(ports, redriven)).answer).toEqual({ status: 'TELLING', waitSeconds: 15 });
      await completions.tell(mail);
    };
    const early = request({ failure: { code: 'RunCancelled' }, round: 0 });
    await notify({ ...ports, completions: { tell: slow } }, early);
    await notify(ports, redriven);
    expect(mails.map(({ subject }) => subject)).toEqual(['FAILED: p b: RunCancelled', 'OK: p b']);
  });

  test('waits no longer than an earlier one’s sender may live', async () => {
    const dies = { ...ports, completions: { tell: () => Promise.reject(new Error('died')) } };
    const early = request({ failure: { code: 'RunCancelled' }, round: 0 });
    await expect(notify(dies, early)).rejects.toThrow('died');
    await finish();
    const redriven = request({ redrive: 1 });
    expect((await notify(ports, redriven)).answer).toMatchObject({ status: 'TELLING' });
    await notify({ ...ports, now: () => 10_000 + 330_000 }, redriven);
    expect(mails.map(({ subject }) => subject)).toEqual(['OK: p b']);
  });

  test('is told as a success after it was told as stopped', async () => {
    await notify(ports, request({ failure: { code: 'RunCancelled' }, round: 0 }));
    await finish();
    await notify(ports, request({ redrive: 1 }));
    expect(mails.map(({ subject }) => subject)).toEqual(['FAILED: p b: RunCancelled', 'OK: p b']);
  });

  test('is not told late of an earlier end, and its report stays', async () => {
    await finish();
    await notify(ports, request({ redrive: 1 }));
    const report = results.get(`results/p/${RUN}/summary.json`);
    await notify(ports, request({ failure: { code: 'RunCancelled' }, round: 0 }));
    expect(mails).toHaveLength(1);
    expect(results.get(`results/p/${RUN}/summary.json`)).toBe(report);
    expect(work.json(layout.outcome(RUN))).toMatchObject({ status: 'SUCCEEDED', redrive: 1, told: true });
  });

  test('is not told of an earlier end whose last look took longer than the later one to be told, nor loses what that left', async () => {
    const plan = work.json<{ units: object[] }>(layout.plan(RUN));
    const units = plan.units.map((unit) => ({ ...unit, load: 'append', undo: ['delete from s.a'] }));
    await work.write(layout.plan(RUN), JSON.stringify({ ...plan, units }));
    const key = `results/p/${RUN}/undo.sql`;
    const bucket = ports.results;
    let overtaken = false;
    const slow = async (prefix: string): ReturnType<typeof bucket.list> => {
      const found = await bucket.list(prefix);
      if (prefix === key && !overtaken) {
        overtaken = true;
        await finish();
        await notify(ports, request({ redrive: 1, failure: { code: 'AwsDenied' } }));
        return bucket.list(prefix);
      }
      return found;
    };
    const early = request({ failure: { code: 'RunCancelled' }, round: 0 });
    await notify({ ...ports, results: { ...bucket, list: slow } }, early);
    expect(mails.map(({ subject }) => subject)).toEqual(['FAILED: p b: AwsDenied']);
    expect(results.get(key)).toContain('delete from s.a;');
  });

  test('tells why it failed this time, and why it failed before if it got no further', async () => {
    await record(1, 'CopyTables', 'LoadFailed', 2_000);
    const again = request({
      redrive: 1,
      redrivenAt: '1970-01-01T00:00:03.000Z',
      failure: { code: 'States.TaskFailed' },
    });
    expect((await notify(ports, again)).answer).toMatchObject({ code: 'LoadFailed' });
    await record(1, 'Transforms', 'StatementFailed', 4_000);
    expect((await notify(ports, { ...again, redrive: 2 })).answer).toMatchObject({ code: 'StatementFailed' });
  });
});

test('an end that was noted and could not be told is told as it was noted, whoever asks', async () => {
  await finish();
  const { completions } = ports;
  ports = { ...ports, completions: { tell: async () => Promise.reject(new Error('SNS is away')) } };
  await expect(notify(ports, request())).rejects.toThrow('SNS is away');
  ports = { ...ports, completions };
  await notify(ports, request({ failure: { code: 'Unexpected', cause: 'FAILED' }, round: 0 }));
  expect(mails.map(({ subject }) => subject)).toEqual(['OK: p b']);
  // Whether SNS has sent the first of them, nobody knows.
  expect(mails[0]?.text).toMatch(/^You may have got this e-mail before/);
  expect(JSON.parse(mails[0]?.json ?? '')).toMatchObject({ mayRepeat: true });
});

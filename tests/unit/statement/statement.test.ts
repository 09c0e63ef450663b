import { FREE_LEASE, joined, type Lease } from '../../../src/cluster/lease.ts';
import { AwsDenied, AwsThrottled } from '../../../src/errors/errors.ts';
import { layout } from '../../../src/run/layout.ts';
import type { UnitDocument } from '../../../src/run/unit-document.ts';
import { beginUnit, type BeginAnswer } from '../../../src/statement/begin.ts';
import { cancelRun } from '../../../src/statement/cancel-run.ts';
import { checkUnit, type CheckAnswer, type CheckPorts } from '../../../src/statement/check.ts';
import { submitUnit, type SubmitAnswer } from '../../../src/statement/submit.ts';
import { statementWaitSeconds } from '../../../src/statement/waiting.ts';
import { MemoryWarehouse } from '../../support/memory-warehouse.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

const RUN = '0123456789abcdef';
const ME = { runId: RUN, execution: 'execution-1', redrive: 0 };
const COPY: UnitDocument = {
  id: 'copy-s-t',
  kind: 'copy',
  title: 'load s.t',
  table: { schema: 's', table: 't' },
  statements: [
    { role: 'lock', purpose: 'wait', sql: 'lock table s.t' },
    { role: 'guard', purpose: 'not done', guards: 'unit-not-done', sql: 'select 1' },
    { role: 'guard', purpose: 'new files', guards: 'files-not-loaded', sql: 'select 1' },
    { role: 'work', purpose: 'load 1 file', sql: 'copy s.t from ...' },
    { role: 'count', purpose: 'count', counts: 'rows', sql: 'select pg_last_copy_count() as rows' },
    { role: 'ledger', purpose: 'ledger', sql: 'insert' },
  ],
  dependsOn: [],
  files: [{ bucket: 'in', key: 'a/f.gz', etag: '"1"', bytes: 10 }],
};
const CHECK: UnitDocument = {
  id: 'check-x',
  kind: 'check',
  title: 'check x',
  statements: [
    { role: 'guard', purpose: 'not done', guards: 'unit-not-done', sql: 'select 1' },
    { role: 'count', purpose: 'count', counts: 'offending', sql: 'select' },
    { role: 'ledger', purpose: 'ledger', sql: 'insert' },
  ],
  dependsOn: [],
  check: { severity: 'stop', means: 'Nobody may be charged twice' },
};

let now: number;
let work: MemoryWorkStore;
let warehouse: MemoryWarehouse;
let etag: string;
let ports: CheckPorts;
let moved: string[];
let resultFiles: { key: string; bytes: number }[];

beforeEach(async () => {
  now = 1_000_000;
  etag = '"1"';
  moved = [];
  resultFiles = [];
  work = new MemoryWorkStore();
  warehouse = new MemoryWarehouse(() => now);
  ports = {
    work,
    warehouse,
    files: { look: async () => ({ etag, bytes: 10 }) },
    results: {
      list: async () => resultFiles,
      move: async (_bucket, from, to) => {
        moved.push(`${from} -> ${to}`);
      },
    },
    clusterName: 'c',
    now: () => now,
    statementTimeoutMs: 3_600_000,
  };
  await hold();
  for (const unit of [COPY, CHECK]) await work.write(layout.unit(RUN, unit.id), JSON.stringify(unit));
  await work.write(layout.claim(RUN), JSON.stringify({ ...ME, bucket: 'in', key: 'm', version: '1', claimedAt: 0 }));
});

async function hold(generation = 1): Promise<void> {
  const lease = joined({ ...FREE_LEASE, generation }, ME, { afterRun: 'delete', schemas: ['mart'] }, 0);
  await work.write(layout.lease('c'), JSON.stringify(lease));
}

const submit = (unit = COPY, tries = 0): Promise<SubmitAnswer> =>
  submitUnit(ports, { ...ME, unit: unit.id, round: 1, tries });

async function submitted(unit = COPY): Promise<Extract<SubmitAnswer, { status: 'SUBMITTED' }>> {
  const answer = await submit(unit);
  if (answer.status !== 'SUBMITTED') throw new Error('it was done already');
  return answer;
}

const check = (
  answer: Extract<SubmitAnswer, { status: 'SUBMITTED' }> & { readonly pollSeconds?: number },
  unit = COPY,
): Promise<CheckAnswer> => checkUnit(ports, { ...ME, pollSeconds: 20, ...answer, unit: unit.id, round: 1 });

describe('submitting', () => {
  test('a submit whose answer was lost is repeated under the same token', async () => {
    const first = await submitted();
    // The statement is not listed yet, as far as this warehouse shows.
    warehouse.list = async () => [];
    const second = await submitted();
    expect(second.statementId).toBe(first.statementId);
    expect(warehouse.submitted).toHaveLength(1);
  });

  test('a live statement is adopted by its name when its token has expired', async () => {
    const first = await submitted();
    warehouse.tokensAreKept = false;
    expect((await submitted()).statementId).toBe(first.statementId);
    expect(warehouse.submitted).toHaveLength(1);
  });

  test('a finished statement is adopted, so nothing is submitted after a success', async () => {
    const first = await submitted();
    warehouse.end(first.statementId, 'FINISHED');
    expect((await submitted()).statementId).toBe(first.statementId);
  });

  test.each(['FAILED', 'ABORTED'] as const)('after %s the next attempt is another submission', async (status) => {
    const first = await submitted();
    warehouse.end(first.statementId, status);
    const second = await submitted();
    expect(second).toMatchObject({ attempt: 2 });
    expect(warehouse.submitted.map(({ name }) => name)).toEqual([
      `sluice:${RUN}:copy-s-t:1:1`,
      `sluice:${RUN}:copy-s-t:1:2`,
    ]);
  });

  test('what finished on another cluster is nothing to this one', async () => {
    const first = await submitted();
    warehouse.end(first.statementId, 'FINISHED');
    await hold(2);
    expect((await submitted()).statementId).not.toBe(first.statementId);
  });

  test('a run that does not hold the cluster submits nothing', async () => {
    await work.write(layout.lease('c'), JSON.stringify(FREE_LEASE));
    await expect(submit()).rejects.toMatchObject({ name: 'LeaseLost' });
    expect(warehouse.submitted).toEqual([]);
  });

  test('a submission that crosses the end of the run is waited for, and cancelled', async () => {
    const stopping = { ...ME, since: new Date(now).toISOString() };
    const submitted = warehouse.submit.bind(warehouse);
    let met: unknown;
    warehouse.submit = async (batch) => {
      met = await cancelRun(ports, stopping);
      return submitted(batch);
    };
    await submit();
    expect(met).toMatchObject({ live: 1 });
    expect(warehouse.cancelled).toEqual([]);
    expect(await cancelRun(ports, stopping)).toMatchObject({ live: 1 });
    expect(warehouse.cancelled).toEqual(['statement-1']);
    warehouse.end('statement-1', 'ABORTED');
    expect(await cancelRun(ports, stopping)).toMatchObject({ live: 0 });
  });

  test('a submission whose function died is waited for as long as it may still arrive', async () => {
    const stopping = { ...ME, since: new Date(now).toISOString() };
    warehouse.submit = async () => Promise.reject(new Error('the function ended'));
    await expect(submit()).rejects.toThrow('the function ended');
    now += 329_000;
    expect(await cancelRun(ports, stopping)).toMatchObject({ live: 1 });
    now += 1_000;
    expect(await cancelRun(ports, stopping)).toMatchObject({ live: 0 });
  });

  test('a submission that AWS has refused, or that comes when the run is being left, is waited for by nobody', async () => {
    const stopping = { ...ME, since: new Date(now).toISOString() };
    const submitted = warehouse.submit.bind(warehouse);
    warehouse.submit = async () => Promise.reject(new AwsDenied());
    await expect(submit(CHECK)).rejects.toMatchObject({ name: 'AwsDenied' });
    warehouse.submit = submitted;
    const create = work.create.bind(work);
    work.create = async (key, text) => {
      expect(await cancelRun(ports, stopping)).toMatchObject({ live: 0 });
      return create(key, text);
    };
    await expect(submit()).rejects.toMatchObject({ name: 'LeaseLost' });
    expect(warehouse.submitted).toEqual([]);
    expect(await cancelRun(ports, stopping)).toMatchObject({ live: 0 });
  });

  test('a file that changed since the run was opened is told before anything is loaded', async () => {
    etag = '"2"';
    await expect(submit()).rejects.toMatchObject({ name: 'FileChanged', where: { file: 'a/f.gz', table: 's.t' } });
    expect(warehouse.submitted).toEqual([]);
    expect(work.json(layout.failure(RUN, 1, 'copy-s-t'))).toMatchObject({
      code: 'FileChanged',
      where: { step: 'CopyTables' },
    });
  });

  test('a file that changed after its unit was done is no matter', async () => {
    const first = await submitted();
    warehouse.end(first.statementId, 'FAILED', 3, 'ERROR: lost');
    etag = '"2"';
    warehouse.ledger.set('copy-s-t', 12);
    await expect(submit()).resolves.toEqual({ status: 'DONE' });
    expect(work.json(layout.result(RUN, 'copy-s-t'))).toMatchObject({ rows: 12 });
  });
});

describe('beginning', () => {
  const begin = (unit = COPY, pollSeconds = 60): Promise<BeginAnswer> =>
    beginUnit(ports, { ...ME, unit: unit.id, round: 1, tries: 0, pollSeconds });
  /** The statement ends while it is waited for. */
  const ending = (status: 'FINISHED' | 'FAILED' | 'ABORTED', failedAt?: number): void => {
    const describe = MemoryWarehouse.prototype.describe.bind(warehouse);
    warehouse.describe = (id, seconds) => {
      if (warehouse.submitted.some((one) => one.id === id)) warehouse.end(id, status, failedAt);
      return describe(id, seconds);
    };
  };

  test('a statement that is over soon is done in the step that submits it', async () => {
    ending('FINISHED');
    expect(await begin()).toEqual({ status: 'DONE' });
    expect(work.json(layout.result(RUN, 'copy-s-t'))).toMatchObject({ attempt: 1, statementId: 'statement-1' });
  });

  test('a statement that goes on is to be checked', async () => {
    expect(await begin()).toMatchObject({ status: 'RUNNING', statementId: 'statement-1', attempt: 1, tries: 1 });
  });

  test('nothing is waited for by who does not want it, or whose submission took its time', async () => {
    ending('FINISHED');
    expect(await begin(COPY, 0)).toMatchObject({ status: 'RUNNING', waitSeconds: 0 });
    const submitBatch = warehouse.submit.bind(warehouse);
    warehouse.submit = async (batch) => {
      now += 101_000;
      return submitBatch(batch);
    };
    expect(await begin(CHECK)).toMatchObject({ status: 'RUNNING', waitSeconds: 0 });
  });

  test('a look that is throttled abandons nothing: the statement is checked next', async () => {
    warehouse.describe = async () => Promise.reject(new AwsThrottled());
    expect(await begin()).toMatchObject({ status: 'RUNNING', statementId: 'statement-1', waitSeconds: 1 });
    expect(warehouse.submitted).toHaveLength(1);
  });

  test('what is final is told at once, and what passes is submitted again', async () => {
    ending('ABORTED');
    await expect(begin()).rejects.toMatchObject({ name: 'StatementAborted' });
    ending('FAILED', 0);
    expect(await begin(CHECK)).toMatchObject({ status: 'AGAIN', tries: 1 });
  });
});

describe('checking', () => {
  test('a statement is polled for as long as asked, but never past its limit', async () => {
    const answer = await submitted();
    const polls: number[] = [];
    const describe = warehouse.describe.bind(warehouse);
    warehouse.describe = async (id, seconds) => {
      polls.push(seconds);
      now += seconds * 1000;
      return describe(id, seconds);
    };
    await check({ ...answer, pollSeconds: 75 });
    expect(polls).toEqual([30, 30, 15]);
    now = answer.submittedAt + ports.statementTimeoutMs - 10_000;
    await check({ ...answer, pollSeconds: 75 });
    expect(polls.slice(3)).toEqual([10]);
  });

  test('a running statement is running, however often it is looked at', async () => {
    const answer = await submitted();
    expect(await check(answer)).toEqual({ status: 'RUNNING', waitSeconds: 1 });
    now += 1_000_000;
    expect(await check(answer)).toEqual({ status: 'RUNNING', waitSeconds: 20 });
  });

  test('a finished statement leaves its counts', async () => {
    warehouse.results.set('statement-1:5', [{ rows: 1234 }]);
    const answer = await submitted();
    warehouse.end(answer.statementId, 'FINISHED');
    expect(await check(answer)).toEqual({ status: 'DONE' });
    expect(work.json(layout.result(RUN, 'copy-s-t'))).toMatchObject({ rows: 1234, attempt: 1, durationMs: 10 });
  });

  test("the guard 'unit-not-done' means done, once the ledger says so too", async () => {
    const answer = await submitted();
    warehouse.end(answer.statementId, 'FAILED', 1);
    expect(await check(answer)).toMatchObject({ status: 'AGAIN' });
    warehouse.ledger.set('copy-s-t', 5);
    expect(await check(answer)).toEqual({ status: 'DONE' });
    expect(work.json(layout.result(RUN, 'copy-s-t'))).toMatchObject({ rows: 5 });
  });

  test('another guard is the error it guards against', async () => {
    const answer = await submitted();
    warehouse.end(answer.statementId, 'FAILED', 2);
    await expect(check(answer)).rejects.toMatchObject({ name: 'FilesLoadedBefore', where: { table: 's.t' } });
  });

  test('what a guard found is told, and where it cannot be asked for the guard is named all the same', async () => {
    const promised: UnitDocument = {
      ...COPY,
      id: 'copy-s-u',
      expectedRows: 12,
      statements: COPY.statements.with(5, {
        role: 'guard',
        purpose: 'there are 12 rows',
        guards: 'row-count',
        sql: '',
      }),
    };
    await work.write(layout.unit(RUN, promised.id), JSON.stringify(promised));
    warehouse.results.set('statement-1:5', [{ rows: 11 }]);
    const answer = await submitted(promised);
    warehouse.end(answer.statementId, 'FAILED', 5);
    await expect(check(answer, promised)).rejects.toMatchObject({
      name: 'RowsDiffer',
      message: 'load s.t: the files have 11 rows instead of the 12 that the manifest promises.',
    });
    warehouse.rows = async () => {
      throw new AwsDenied('no');
    };
    await expect(check(answer, promised)).rejects.toMatchObject({
      name: 'RowsDiffer',
      message: 'load s.t: this does not hold: there are 12 rows.',
    });
  });

  test.each([
    [1220, /UTF-8 .*iconv/],
    [1204, /larger .* bytes/],
    [1214, /delimiter .* columns/],
    [9999, /^Correct the file the message names/],
  ])('what to do about it is told by the number of the error: %i', async (code, next) => {
    const answer = await submitted();
    warehouse.loadErrors.push({ file: 'f', line: 1, column_name: 'c', type: 'varchar', value: 'v', reason: 'r', code });
    warehouse.end(answer.statementId, 'FAILED', 3, 'ERROR: Load into table t failed');
    await expect(check(answer)).rejects.toMatchObject({ next: expect.stringMatching(next) as string });
  });

  test('what COPY refused is told with file, line, column, value and reason, and kept', async () => {
    const answer = await submitted();
    warehouse.loadErrors.push({
      file: 's3://in/a/f.gz',
      line: 7,
      column_name: 'amount',
      type: 'int4',
      value: '12x',
      reason: "Invalid digit, Value 'x', Pos 2, Type: Integer",
    });
    warehouse.end(answer.statementId, 'FAILED', 3, 'ERROR: Load into table t failed');
    await expect(check(answer)).rejects.toMatchObject({
      name: 'LoadFailed',
      where: { file: 's3://in/a/f.gz', line: 7, column: 'amount', value: '12x', table: 's.t' },
    });
    expect(work.json(layout.loadErrors(RUN, 'copy-s-t'))).toHaveLength(1);
  });

  test('a conflict is tried again within a budget, and then told', async () => {
    const answer = await submitted();
    warehouse.end(
      answer.statementId,
      'FAILED',
      3,
      'ERROR: 1023 DETAIL: Serializable isolation violation on table in Redshift',
    );
    expect(await check(answer)).toMatchObject({ status: 'AGAIN', waitSeconds: 1, tries: 1 });
    await expect(check({ ...answer, tries: 6 })).rejects.toMatchObject({ name: 'StatementConflict', retryable: false });
  });

  test('a number in the middle of a message makes no conflict', async () => {
    const answer = await submitted();
    warehouse.end(answer.statementId, 'FAILED', 0, 'ERROR: relation "t 1023" does not exist');
    await expect(check(answer)).rejects.toMatchObject({ name: 'StatementFailed' });
  });

  test('a statement nobody knows any more is submitted again', async () => {
    const answer = await submitted();
    warehouse.describe = async () => undefined;
    expect(await check(answer)).toMatchObject({ status: 'AGAIN' });
  });

  test('ABORTED is final', async () => {
    const answer = await submitted();
    warehouse.end(answer.statementId, 'ABORTED');
    await expect(check(answer)).rejects.toMatchObject({ name: 'StatementAborted' });
  });

  test('a statement past its limit is cancelled on the server, and its end is waited for', async () => {
    const answer = await submitted();
    now += ports.statementTimeoutMs + 1;
    expect(await check(answer)).toEqual({ status: 'RUNNING', waitSeconds: 1 });
    expect(warehouse.cancelled).toEqual([answer.statementId]);
    warehouse.end(answer.statementId, 'ABORTED');
    await expect(check(answer)).rejects.toMatchObject({ name: 'StatementTimedOut' });
  });

  test('a cancel that takes no effect is looked at less and less often, and is told once the server should have ended it', async () => {
    const answer = await submitted();
    let looks = 0;
    const until = now + 24 * 3_600_000;
    for (now += ports.statementTimeoutMs + 1; now < until; looks++) {
      const { waitSeconds } = (await check(answer)) as { waitSeconds: number };
      now += waitSeconds * 1000;
    }
    expect(looks).toBeLessThan(500);
    now = until + 3_600_000;
    await expect(check(answer)).rejects.toMatchObject({ name: 'StatementNotCancelled' });
  });

  test('a file overwritten while it was loaded stops the run', async () => {
    const answer = await submitted();
    warehouse.end(answer.statementId, 'FINISHED');
    etag = '"2"';
    await expect(check(answer)).rejects.toMatchObject({ name: 'FileChanged' });
  });

  test('offending rows stop the run, also when an earlier attempt found them', async () => {
    warehouse.results.set('statement-1:2', [{ offending: 3, example: 'customer 7 twice' }]);
    const answer = await submitted(CHECK);
    warehouse.end(answer.statementId, 'FINISHED');
    await expect(check(answer, CHECK)).rejects.toMatchObject({ name: 'DataCheckFailed' });
    warehouse.end(answer.statementId, 'FAILED', 0);
    warehouse.ledger.set('check-x', 3);
    await expect(check(answer, CHECK)).rejects.toMatchObject({ name: 'DataCheckFailed' });
  });
});

test('rows COPY refused because the manifest allows it are counted and kept', async () => {
  const unit = { ...COPY, maxErrors: 5, statements: COPY.statements.map((one) => one) };
  await work.write(layout.unit(RUN, COPY.id), JSON.stringify(unit));
  warehouse.loadErrors.push({
    file: 's3://in/a',
    line: 3,
    column_name: 'n',
    type: 'int4',
    value: 'x',
    reason: 'Invalid digit',
    errors: 4,
  });
  const answer = await submitted();
  warehouse.end(answer.statementId, 'FINISHED');
  expect(await check(answer)).toEqual({ status: 'DONE' });
  expect(work.json(layout.result(RUN, COPY.id))).toMatchObject({ refused: 4, generation: 1 });
  expect(work.json(layout.loadErrors(RUN, COPY.id))).toMatchObject([{ line: 3, value: 'x' }]);
});

test('a run is marked before its statements are cancelled, and left only when none lives', async () => {
  await submitted();
  const since = new Date(now).toISOString();
  expect(await cancelRun(ports, { ...ME, since })).toEqual({ live: 1, waitSeconds: 1 });
  await expect(submit(CHECK)).rejects.toMatchObject({ name: 'LeaseLost' });
  warehouse.end('statement-1', 'ABORTED');
  expect(await cancelRun(ports, { ...ME, since })).toEqual({ live: 0, waitSeconds: 0 });
});

test('a unit that was committed when nobody looked any more is found when its run is left, if it is of this cluster', async () => {
  const answer = await submitted();
  warehouse.results.set('statement-1:5', [{ rows: 7 }]);
  warehouse.end(answer.statementId, 'FINISHED');
  const since = new Date(now).toISOString();
  expect(await cancelRun(ports, { ...ME, since })).toEqual({ live: 0, waitSeconds: 0 });
  expect(work.json(layout.result(RUN, COPY.id))).toMatchObject({ unit: COPY.id, rows: 7, attempt: 1 });
  work.objects.delete(layout.result(RUN, COPY.id));
  const lease = work.json<Lease>(layout.lease(ports.clusterName));
  await work.write(layout.lease(ports.clusterName), JSON.stringify({ ...lease, generation: lease.generation + 1 }));
  await cancelRun(ports, { ...ME, since });
  expect(work.objects.has(layout.result(RUN, COPY.id))).toBe(false);
});

test('a unit of which the Data API knows nothing any more is in the ledger, or was never committed', async () => {
  await submitted();
  warehouse.forget('statement-1');
  const since = new Date(now).toISOString();
  now += 49 * 3_600_000;
  expect(await cancelRun(ports, { ...ME, since: new Date(now).toISOString() })).toEqual({ live: 0, waitSeconds: 0 });
  expect(work.objects.has(layout.result(RUN, COPY.id))).toBe(false);
  warehouse.ledger.set(COPY.id, 7);
  await cancelRun(ports, { ...ME, since });
  expect(work.json(layout.result(RUN, COPY.id))).toMatchObject({ unit: COPY.id, rows: 7, generation: 1 });
});

test('of a run that had left and has come back, what others have written since is noted when it is left again, or that nobody could look', async () => {
  const since = new Date(now).toISOString();
  const other = { unit: COPY.id, runId: 'fedcba9876543210', batch: 'next' };
  warehouse.overtaken.push({
    unit_id: COPY.id,
    table_schema: 's',
    table_name: 't',
    run_id: other.runId,
    batch: 'next',
  });
  await cancelRun(ports, { ...ME, since });
  expect(work.objects.has(layout.overtaken(RUN))).toBe(false);
  const lease = work.json<Lease>(layout.lease('c'));
  const before = { runId: RUN, execution: 'an older one', redrive: 0, generation: 1 };
  await work.write(layout.lease('c'), JSON.stringify({ ...lease, left: [before] }));
  // Opening it failed, so that nobody knows its id but the execution's own note.
  await work.write(layout.byExecution(ME.execution), JSON.stringify({ runId: RUN }));
  await cancelRun(ports, { ...ME, runId: '', since });
  expect(work.json(layout.overtaken(RUN))).toEqual({ generation: 1, units: [other] });
  warehouse.query = async () => Promise.reject(new AwsDenied());
  await cancelRun(ports, { ...ME, since });
  expect(work.json(layout.overtaken(RUN))).toEqual({ generation: 1 });
});

test('a run does not go on with what another has replaced, though so many have left since that the lease has forgotten it', async () => {
  await work.write(layout.unit(RUN, COPY.id), JSON.stringify({ ...COPY, load: 'replace' }));
  warehouse.overtaken.push({ unit_id: COPY.id, table_schema: 's', table_name: 't', run_id: 'f', batch: 'next' });
  const lease = work.json<Lease>(layout.lease('c'));
  const others = Array.from({ length: 50 }, (_, at) => ({
    runId: `${at}`,
    execution: `${at}`,
    redrive: 0,
    generation: 1,
  }));
  await work.write(layout.lease('c'), JSON.stringify({ ...lease, left: others }));
  await submit();
  const ended = { execution: ME.execution, status: 'FAILED', round: 1, at: 1, told: true };
  await work.write(layout.outcome(RUN), JSON.stringify(ended));
  await expect(submit(CHECK)).rejects.toMatchObject({ name: 'BatchOvertaken', where: { table: 's.t' } });
});

test('a run is left although what it committed cannot be found out', async () => {
  await submitted();
  warehouse.end('statement-1', 'FINISHED');
  work.objects.delete(layout.unit(RUN, COPY.id));
  expect(await cancelRun(ports, { ...ME, since: new Date(now).toISOString() })).toEqual({ live: 0, waitSeconds: 0 });
});

test('a run whose statement does not listen is not left, and that is told after a while', async () => {
  await submitted();
  const since = new Date(now).toISOString();
  now += 31 * 60_000;
  await expect(cancelRun(ports, { ...ME, since })).rejects.toMatchObject({
    name: 'StatementNotCancelled',
    retryable: false,
  });
});

test('what a later drive of the execution runs is not cancelled for an earlier one', async () => {
  await submitted();
  const lease = joined({ ...FREE_LEASE, generation: 1 }, { ...ME, redrive: 1 }, { afterRun: 'delete', schemas: [] }, 0);
  await work.write(layout.lease('c'), JSON.stringify(lease));
  expect(await cancelRun(ports, { ...ME, since: new Date(now).toISOString() })).toEqual({ live: 0, waitSeconds: 0 });
  expect(warehouse.cancelled).toEqual([]);
  warehouse.end('statement-1', 'FINISHED');
  await cancelRun(ports, { ...ME, since: new Date(now).toISOString() });
  expect(work.json(layout.result(RUN, COPY.id))).toMatchObject({ unit: COPY.id, attempt: 1 });
});

test('what an execution has left running is cancelled although another has claimed its run, for that one has not got the cluster yet', async () => {
  await submitted();
  await work.write(
    layout.claim(RUN),
    JSON.stringify({ ...work.json<object>(layout.claim(RUN)), execution: 'a newer one' }),
  );
  expect(await cancelRun(ports, { ...ME, since: new Date(now).toISOString() })).toMatchObject({ live: 1 });
  expect(warehouse.cancelled).toEqual(['statement-1']);
});

test('a run that another execution has taken over is not cancelled', async () => {
  await submitted();
  expect(
    await cancelRun(ports, { ...ME, execution: 'an older one', since: new Date(now).toISOString() }),
  ).toMatchObject({ live: 0 });
  expect(warehouse.cancelled).toEqual([]);
});

test('a single result gets its plain name; several keep theirs', async () => {
  const unload: UnitDocument = {
    ...CHECK,
    id: 'unload',
    kind: 'unload',
    statements: [],
    unloadTo: 's3://out/results/p/r/answer',
  };
  await work.write(layout.unit(RUN, unload.id), JSON.stringify(unload));
  const answer = await submitted(unload);
  warehouse.end(answer.statementId, 'FINISHED');
  resultFiles = [
    { key: 'results/p/r/answer000.csv', bytes: 1 },
    { key: 'results/p/r/answermanifest', bytes: 1 },
  ];
  await check(answer, unload);
  expect(moved).toEqual(['results/p/r/answer000.csv -> results/p/r/answer.csv']);
  resultFiles.push({ key: 'results/p/r/answer001.csv', bytes: 1 });
  await check(answer, unload);
  expect(moved).toHaveLength(1);
});

test('waiting adds at most two per cent, and a statement of a day stays under 5,000 history events', () => {
  // What a round of Check, Choice, Wait leaves in the history, and what the rest of the machine does.
  const EVENTS_A_ROUND = 9;
  for (const seconds of [1, 10, 60, 600, 3_600, 86_400]) {
    let age = 0;
    let rounds = 0;
    let idle = 0;
    while (age < seconds) {
      rounds++;
      age += 20;
      if (age >= seconds) break;
      idle = statementWaitSeconds(age * 1000, 20_000);
      age += idle;
    }
    expect(rounds * EVENTS_A_ROUND).toBeLessThan(5_000);
    expect(idle).toBeLessThanOrEqual(Math.max(0, 0.02 * seconds));
  }
});

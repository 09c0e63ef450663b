import { type JanitorPorts, runStopped, sweep, type TidyInput } from '../../../src/cluster/janitor.ts';
import { FREE_LEASE, joined, type Lease, releasing } from '../../../src/cluster/lease.ts';
import type { ExecutionStatus } from '../../../src/run/claim.ts';
import { layout } from '../../../src/run/layout.ts';
import { noteUntold } from '../../../src/run/untold.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

const RUN = '0123456789abcdef';
const EXECUTION = 'arn:aws:states:us-east-1:1:execution:etl:one';

let work: MemoryWorkStore;
let status: ExecutionStatus;
let redrive: number;
let nothingDone: boolean;
let stack: string;
let cluster: string;
let started: { name: string; input: TidyInput }[];
let told: string[];
/** How what was started to tidy up is doing. */
let tidying: ExecutionStatus;
let ports: JanitorPorts;
let now: number;

beforeEach(async () => {
  work = new MemoryWorkStore();
  status = 'FAILED';
  redrive = 0;
  nothingDone = false;
  stack = 'CREATE_COMPLETE';
  cluster = 'available';
  started = [];
  told = [];
  tidying = 'RUNNING';
  now = 10_000_000_000;
  ports = {
    work,
    executions: { look: async () => ({ status, redrive }), didNothing: async () => nothingDone },
    stack: { describe: async () => ({ status: stack, id: 'stack-1' }) },
    cluster: { describe: async () => ({ status: cluster, createdAt: now - 90 * 60_000 }) },
    tidy: {
      start: async (name, input) => {
        if (started.some((one) => one.name === name)) return false;
        started.push({ name, input });
        return true;
      },
      status: async () => tidying,
    },
    operators: { tell: async (_subject, text) => void told.push(text) },
    clusterName: 'c',
    now: () => now,
  };
  await work.write(layout.byExecution(EXECUTION), JSON.stringify({ runId: RUN }));
  await work.write(
    layout.claim(RUN),
    JSON.stringify({ runId: RUN, execution: EXECUTION, bucket: 'b', key: 'k', version: 'v', claimedAt: 0 }),
  );
});

const put = (lease: Lease): Promise<void> => work.write(layout.lease('c'), JSON.stringify(lease));
const held = (since = 0): Lease =>
  joined(
    FREE_LEASE,
    { runId: RUN, execution: EXECUTION, redrive: 0 },
    { afterRun: 'delete', schemas: ['mart'] },
    since,
  );

test('what a dead run holds is released, the analysts and the operators are told', async () => {
  await put(held());
  expect(await sweep(ports)).toMatchObject({ freed: [`${RUN} (FAILED)`], aliveMinutes: 90 });
  expect(started[0]?.input).toMatchObject({ wish: 'release', runId: RUN, execution: EXECUTION, notify: true });
  expect(told[0]).toContain(RUN);
});

test('a live run is left alone', async () => {
  status = 'RUNNING';
  await put(held());
  expect(await sweep(ports)).toMatchObject({ freed: [], orphan: false });
  expect(started).toEqual([]);
  expect(told).toEqual([]);
});

test('an execution nobody can find is believed to be dead only after a while', async () => {
  status = 'GONE';
  await put(held(now - 1_000));
  expect((await sweep(ports)).freed).toEqual([]);
  now += 6 * 60_000;
  expect((await sweep(ports)).freed).toEqual([`${RUN} (GONE)`]);
});

test('a run that told how it ended is released without telling again', async () => {
  await put(held());
  await work.write(
    layout.outcome(RUN),
    JSON.stringify({ execution: EXECUTION, status: 'FAILED', round: 1, at: 1, told: true }),
  );
  await sweep(ports);
  expect(started[0]?.input).toMatchObject({ notify: false });
});

test('a cluster that nobody holds and nobody keeps is taken down; of two looks at the same time only one begins that', async () => {
  await put(FREE_LEASE);
  expect(await sweep(ports)).toMatchObject({ orphan: true });
  expect(await sweep(ports)).toMatchObject({ orphan: false });
  expect(started).toHaveLength(1);
  // However often the janitor looks, what has died is begun again by its next look.
  now += 60_000;
  expect(await sweep(ports)).toMatchObject({ orphan: true });
});

test('a cluster that is kept on purpose is left alone and raises no alarm', async () => {
  await put({ ...FREE_LEASE, kept: { by: RUN, as: 'running' } });
  expect(await sweep(ports)).toEqual({ freed: [], untold: [], orphan: false, aliveMinutes: 0 });
});

test('a deletion that failed is taken up again', async () => {
  stack = 'DELETE_FAILED';
  await put({ ...FREE_LEASE, draining: { to: 'delete', since: 0 } });
  expect(await sweep(ports)).toMatchObject({ orphan: true });
});

describe('operators hear of a stack that cannot be deleted', () => {
  const minutes = async (count: number): Promise<void> => {
    for (let minute = 0; minute < count; minute++) {
      now += 60_000;
      await sweep(ports);
    }
  };

  beforeEach(async () => {
    stack = 'DELETE_FAILED';
    await put({ ...FREE_LEASE, draining: { to: 'delete', since: 0 } });
  });

  test('once, every six hours, and when it is over, however often the janitor looks', async () => {
    await minutes(359);
    expect(told).toEqual([expect.stringMatching(/DELETE_FAILED[^]*describe-stack-events --stack-name stack-1 /)]);
    await minutes(2);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatch(/That has been tried 361 times since 1970-04-26T17:47:40.000Z\./);
    stack = 'DELETE_IN_PROGRESS';
    await minutes(1);
    expect(told).toHaveLength(2);
    stack = 'NONE';
    cluster = 'none';
    await minutes(3);
    expect(told.slice(2)).toEqual([expect.stringMatching(/^It is over: the cluster is gone\.[^]*Nothing needs/)]);
  });

  test('that took one attempt no more', async () => {
    await minutes(1);
    stack = 'NONE';
    cluster = 'none';
    await minutes(2);
    expect(told).toHaveLength(1);
  });

  test('as soon as it has come to that', async () => {
    stack = 'CREATE_COMPLETE';
    await minutes(2);
    expect(told).toHaveLength(1);
    stack = 'DELETE_FAILED';
    await minutes(2);
    expect(told).toHaveLength(2);
    expect(told[1]).toContain('Somebody has to look at it');
  });

  test('until a run uses what is left of it, which waits for it to go', async () => {
    await minutes(2);
    await put(held());
    status = 'RUNNING';
    await minutes(1);
    expect(told).toHaveLength(1);
    stack = 'CREATE_COMPLETE';
    await minutes(1);
    expect(told.slice(1)).toEqual([expect.stringContaining('It is over: the cluster is in use again.')]);
  });
});

test('a hold that is not freed is told once while what frees it dies again and again', async () => {
  await put(held());
  tidying = 'FAILED';
  for (let minute = 0; minute < 10; minute++) {
    now += 60_000;
    await sweep(ports);
  }
  expect(started).toHaveLength(10);
  expect(told).toHaveLength(1);
  await put(FREE_LEASE);
  [stack, cluster] = ['NONE', 'none'];
  await sweep(ports);
  expect(told.slice(1)).toEqual([expect.stringContaining(`It is over: the run ${RUN} has left the cluster.`)]);
});

test.each([
  ['delete', 'NONE', 'none', 1],
  ['delete', 'DELETE_COMPLETE', 'deleting', 1],
  ['pause', 'CREATE_COMPLETE', 'paused', 1],
  ['delete', 'DELETE_IN_PROGRESS', 'deleting', 0],
  ['pause', 'CREATE_COMPLETE', 'pausing', 0],
] as const)(
  'after the last run (%s) a stack that is %s and a cluster that is %s are no news',
  async (to, stackIs, clusterIs, notes) => {
    [stack, cluster] = [stackIs, clusterIs];
    await put({ ...FREE_LEASE, draining: { to, since: 0 } });
    expect(await sweep(ports)).toMatchObject({ orphan: false });
    expect(started).toHaveLength(notes);
    expect(told).toEqual([]);
  },
);

test.each([
  ['delete', 'CREATE_COMPLETE', 'available'],
  ['delete', 'NONE', 'available'],
  ['pause', 'CREATE_COMPLETE', 'available'],
] as const)('a cluster that should be on its way out (%s), and is not, is told', async (to, stackIs, clusterIs) => {
  [stack, cluster] = [stackIs, clusterIs];
  await put({ ...FREE_LEASE, draining: { to, since: 0 } });
  expect(await sweep(ports)).toMatchObject({ orphan: true });
  expect(told).toHaveLength(1);
});

test('a run stopped from outside is released and told at once', async () => {
  status = 'ABORTED';
  await put(held());
  expect((await runStopped(ports, EXECUTION)).freed).toEqual([`${RUN} (ABORTED)`]);
});

test('a run that failed and has tidied up after itself needs nothing', async () => {
  await put(FREE_LEASE);
  await work.write(
    layout.outcome(RUN),
    JSON.stringify({ execution: EXECUTION, status: 'FAILED', round: 1, at: 1, told: true }),
  );
  expect((await runStopped(ports, EXECUTION)).freed).toEqual([]);
  expect(started).toEqual([]);
});

test('a run whose e-mail could not be sent is told by the janitor', async () => {
  await work.write(
    layout.outcome(RUN),
    JSON.stringify({ execution: EXECUTION, status: 'FAILED', round: 1, at: 1, told: false }),
  );
  await runStopped(ports, EXECUTION);
  expect(started[0]?.input).toMatchObject({ notify: true });
});

test('an end that is being told is left to who tells it, also when the execution was stopped meanwhile, until that must be over', async () => {
  status = 'ABORTED';
  stack = 'NONE';
  const outcome = { execution: EXECUTION, status: 'SUCCEEDED', round: 1, at: now, told: false };
  await work.write(layout.outcome(RUN), JSON.stringify(outcome));
  await runStopped(ports, EXECUTION);
  expect(started).toEqual([]);
  now += 15 * 60_000;
  expect(await sweep(ports)).toMatchObject({ untold: [`${RUN} (ABORTED)`] });
  expect(started[0]?.input).toMatchObject({ notify: true });
});

test('what an execution failed with goes with it, for the analysts to be told', async () => {
  const failure = { code: 'States.Runtime', cause: 'The state could not be entered.' };
  ports = { ...ports, executions: { ...ports.executions, look: async () => ({ status, redrive, failure }) } };
  await runStopped(ports, EXECUTION);
  expect(started[0]?.input).toMatchObject({ notify: true, ended: 'FAILED', failure });
});

test('a run that another execution has taken over is that one’s to tell', async () => {
  await work.write(
    layout.claim(RUN),
    JSON.stringify({ runId: RUN, execution: 'another', bucket: 'b', key: 'k', version: 'v', claimedAt: 0 }),
  );
  expect((await runStopped(ports, EXECUTION)).freed).toEqual([]);
});

test('a run that was told, redriven and stopped again has a second end, and that is told, too', async () => {
  status = 'ABORTED';
  await put(FREE_LEASE);
  await runStopped(ports, EXECUTION);
  await work.write(
    layout.outcome(RUN),
    JSON.stringify({ execution: EXECUTION, redrive: 0, status: 'FAILED', round: 0, at: 1, told: true }),
  );
  redrive = 1;
  await runStopped(ports, EXECUTION);
  expect(started.map(({ input }) => [input.redrive, input.notify])).toEqual([
    [0, true],
    [1, true],
  ]);
});

test.each([
  [true, 'ended FAILED and only fails again', 'FAILED', true, []],
  [false, 'ended FAILED and could not tell', 'FAILED', true, [[0, true]]],
  [true, 'ran again and failed', 'FAILED', false, [[1, true]]],
  [true, 'was stopped again', 'ABORTED', true, [[1, true]]],
] as const)('told %s, redriven, a run that %s', async (told, _what, end, nothing, tidied) => {
  status = end;
  redrive = 1;
  nothingDone = nothing;
  await put(FREE_LEASE);
  await work.write(
    layout.outcome(RUN),
    JSON.stringify({ execution: EXECUTION, redrive: 0, status: 'FAILED', round: 1, at: 1, told }),
  );
  await runStopped(ports, EXECUTION);
  expect(started.map(({ input }) => [input.redrive, input.notify])).toEqual(tidied);
});

describe('an end that nobody was told of', () => {
  const isTold = (): Promise<void> =>
    work.write(
      layout.outcome(RUN),
      JSON.stringify({ execution: EXECUTION, redrive, status: 'FAILED', round: 1, at: 1, told: true }),
    );
  const noted = (): boolean => work.objects.has(layout.untold(EXECUTION));

  beforeEach(async () => {
    await put(FREE_LEASE);
    stack = 'NONE';
    await noteUntold(work, { execution: EXECUTION, runId: RUN, at: now });
  });

  test('is told although the event of it was lost and the run holds nothing, and is forgotten then', async () => {
    expect(await sweep(ports)).toMatchObject({ untold: [`${RUN} (FAILED)`], freed: [] });
    expect(started.map(({ input }) => input)).toMatchObject([{ wish: 'release', notify: true, execution: EXECUTION }]);
    await isTold();
    expect(await sweep(ports)).toMatchObject({ untold: [] });
    expect(noted()).toBe(false);
    expect(started).toHaveLength(1);
  });

  test('is told at the next look, however soon, when what was to tell it has died, and never by two at once', async () => {
    await work.remove(layout.untold(EXECUTION));
    await runStopped(ports, EXECUTION);
    expect(started).toHaveLength(1);
    now += 60_000;
    expect(await sweep(ports)).toMatchObject({ untold: [] });
    expect(started).toHaveLength(1);
    tidying = 'TIMED_OUT';
    expect(await sweep(ports)).toMatchObject({ untold: [`${RUN} (FAILED)`] });
    expect(started.map(({ input }) => input.notify)).toEqual([true, true]);
  });

  test('is told by who was noted to tell it and Step Functions does not know: under its name, of which there is one', async () => {
    await runStopped(ports, EXECUTION);
    const [{ name } = { name: '' }] = started;
    tidying = 'GONE';
    now += 3 * 60_000;
    // It had been started after all, and could not be seen yet.
    expect(await sweep(ports)).toMatchObject({ untold: [] });
    expect(started).toHaveLength(1);
    // It never was: the janitor died before it came to that.
    started = [];
    expect(await sweep(ports)).toMatchObject({ untold: [`${RUN} (FAILED)`] });
    expect(started.map((one) => one.name)).toEqual([name]);
  });

  test.each(['RUNNING', 'PENDING_REDRIVE'] as const)('is not to be told while the execution is %s', async (alive) => {
    status = alive;
    expect(await sweep(ports)).toMatchObject({ untold: [] });
    expect(noted()).toBe(true);
  });

  test('is none of a run that succeeded, or that another execution has taken over', async () => {
    status = 'SUCCEEDED';
    await sweep(ports);
    expect(noted()).toBe(false);
    status = 'ABORTED';
    await noteUntold(work, { execution: EXECUTION, runId: RUN, at: now });
    const claim = work.json<object>(layout.claim(RUN));
    await work.write(layout.claim(RUN), JSON.stringify({ ...claim, execution: 'another' }));
    await sweep(ports);
    expect(noted()).toBe(false);
    expect(started).toEqual([]);
  });
});

test('what an earlier drive holds is released although a later one is under way and waits for that', async () => {
  status = 'RUNNING';
  redrive = 1;
  const first = { runId: RUN, execution: EXECUTION, redrive: 0 };
  const wishes = { afterRun: 'delete', schemas: ['mart'] } as const;
  await put(joined(releasing(joined(FREE_LEASE, first, wishes, 0), first), { ...first, redrive: 1 }, wishes, 1));
  expect(await sweep(ports)).toMatchObject({ freed: [`${RUN} (ABORTED)`] });
  expect(started.map(({ input }) => input.redrive)).toEqual([0]);
});

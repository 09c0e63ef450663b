import { FREE_LEASE, type Lease } from '../../../src/cluster/lease.ts';
import { reconcile, type ReconcileAnswer } from '../../../src/cluster/reconcile.ts';
import { layout } from '../../../src/run/layout.ts';
import { MemoryWorkStore } from '../../support/memory-work-store.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2026, 10, 22, 6);
const ME = { runId: 'me', execution: 'my-execution', redrive: 0 };
const OTHER = {
  ...ME,
  runId: 'other',
  execution: 'other-execution',
  afterRun: 'delete' as const,
  since: START,
  schemas: ['mart'],
  releasing: false,
};
const CREATION_MS = 12 * 60_000;
const DELETION_MS = 5 * 60_000;

/** What the run has written before it asks for the cluster. */
async function begin(work: MemoryWorkStore, existing: 'reuse' | 'replace'): Promise<void> {
  await work.write(
    layout.run(ME.runId),
    JSON.stringify({
      ...ME,
      bucket: 'inbox',
      key: 'manifest.json',
      version: '1',
      project: 'flights',
      batch: 'b',
      openedAt: START,
      cluster: { existing, afterRun: 'delete' },
      tables: 1,
      files: 1,
      bytes: 1,
      schemas: ['mart'],
    }),
  );
  const claim = { ...ME, bucket: 'inbox', key: 'manifest.json', version: '1', claimedAt: START };
  await work.write(layout.claim(ME.runId), JSON.stringify(claim));
}

/** A cluster that another run holds for `othersMs`, and a stack that takes its time. */
async function acquire(existing: 'reuse' | 'replace', othersMs: number): Promise<readonly ReconcileAnswer[]> {
  let now = START;
  const work = new MemoryWorkStore();
  const key = layout.lease('cluster');
  await work.write(key, JSON.stringify({ ...FREE_LEASE, holders: [OTHER] } satisfies Lease));
  await begin(work, existing);

  let stack: 'there' | 'gone' | { readonly becomes: 'there' | 'gone'; readonly at: number } = 'there';
  const stackStatus = (): string => {
    if (typeof stack === 'object' && now >= stack.at) stack = stack.becomes;
    if (typeof stack === 'object') return stack.becomes === 'there' ? 'CREATE_IN_PROGRESS' : 'DELETE_IN_PROGRESS';
    return stack === 'there' ? 'CREATE_COMPLETE' : 'NONE';
  };
  const ports = {
    work,
    clusterName: 'cluster',
    now: () => now,
    stack: {
      describe: async () => (stackStatus() === 'NONE' ? { status: 'NONE' } : { status: stackStatus(), id: 'stack' }),
      failureReason: async () => undefined,
      create: async () => void (stack = { becomes: 'there', at: now + CREATION_MS }),
      delete: async () => void (stack = { becomes: 'gone', at: now + DELETION_MS }),
    },
    cluster: {
      describe: async () => ({ status: stackStatus() === 'CREATE_COMPLETE' ? 'available' : 'none' }),
      pause: async () => undefined,
      resume: async () => undefined,
    },
  };
  const answers: ReconcileAnswer[] = [];
  const since = new Date(START).toISOString();
  for (let answer: ReconcileAnswer | undefined; answer?.phase !== 'READY'; answers.push(answer)) {
    const clusterSince: string | undefined = answer?.clusterSince;
    answer = await reconcile(ports, { ...ME, wish: 'acquire', round: 0, since, ...(clusterSince && { clusterSince }) });
    now += answer.waitSeconds * 1000;
    if (now - START < othersMs) continue;
    const lease = work.json<Lease>(key);
    if (lease.holders.some(({ runId }) => runId === OTHER.runId))
      await work.write(
        key,
        JSON.stringify({ ...lease, holders: lease.holders.filter(({ runId }) => runId !== OTHER.runId) }),
      );
  }
  return answers;
}

test('waiting a day for another run takes a small part of the events an execution may have, and never long to notice its end', async () => {
  const answers = await acquire('reuse', 25.5 * HOUR);
  // A look, what it says, a pause: nine events.
  expect(answers.length * 9).toBeLessThan(5_000);
  expect(Math.max(...answers.map(({ waitSeconds }) => waitSeconds))).toBe(300);
});

test('a cluster has its own time to be replaced, however long others took to leave it', async () => {
  const answers = await acquire('replace', 6 * HOUR);
  const ofCluster = answers.slice(answers.findLastIndex(({ because }) => because.includes('other runs')) + 1);
  expect(answers.at(-1)).toMatchObject({ phase: 'READY' });
  expect(Math.max(...ofCluster.map(({ waitSeconds }) => waitSeconds))).toBeLessThanOrEqual(15);
});

test('a stack whose every deletion fails at once is deleted less and less often, and not for ever', async () => {
  let now = START;
  let deletions = 0;
  const ports = {
    work: new MemoryWorkStore(),
    clusterName: 'cluster',
    now: () => now,
    stack: {
      describe: async () => ({ status: 'DELETE_FAILED', id: 'stack' }),
      failureReason: async () => undefined,
      create: async () => undefined,
      delete: async () => void deletions++,
    },
    cluster: {
      describe: async () => ({ status: 'none' }),
      pause: async () => undefined,
      resume: async () => undefined,
    },
  };
  const since = new Date(START).toISOString();
  const request = { wish: 'tidy', runId: '', execution: '', redrive: 0, round: 0, since } as const;
  const untilItGivesUp = async (): Promise<never> => {
    for (;;) now += (await reconcile(ports, request)).waitSeconds * 1000;
  };
  await expect(untilItGivesUp()).rejects.toThrow('After 90 minutes');
  expect(deletions).toBeGreaterThan(10);
  expect(deletions).toBeLessThan(500);
});

test('a run that left the cluster while it was looked at creates none', async () => {
  const work = new MemoryWorkStore();
  const key = layout.lease('cluster');
  await begin(work, 'reuse');
  const held: Lease = {
    ...FREE_LEASE,
    generation: 1,
    holders: [{ ...OTHER, ...ME }],
    creating: { runId: ME.runId, token: 'me-1' },
  };
  await work.write(key, JSON.stringify(held));
  const created: string[] = [];
  let leaves = true;
  const ports = {
    work,
    clusterName: 'cluster',
    now: () => START,
    stack: {
      describe: async () => {
        if (leaves) await work.write(key, JSON.stringify({ ...FREE_LEASE, revision: 1, generation: 1 }));
        return { status: 'NONE' };
      },
      failureReason: async () => undefined,
      create: async (token: string) => void created.push(token),
      delete: async () => undefined,
    },
    cluster: {
      describe: async () => ({ status: 'none' }),
      pause: async () => undefined,
      resume: async () => undefined,
    },
  };
  const request = { ...ME, wish: 'acquire', round: 0, since: new Date(START).toISOString() } as const;
  expect(await reconcile(ports, request)).toMatchObject({ phase: 'WAITING', waitSeconds: 1 });
  expect(created).toEqual([]);
  // The same look, and nobody has left.
  leaves = false;
  await work.write(key, JSON.stringify({ ...held, revision: 2 }));
  await reconcile(ports, request);
  expect(created).toEqual(['me-1']);
});

import {
  ClusterNotUsable,
  ClusterStackFailed,
  ClusterWaitTooLong,
  LeaseLost,
  RunCancelled,
  Unexpected,
} from '../errors/errors.ts';
import { counted } from '../report/words.ts';
import { readClaim } from '../run/claim.ts';
import { recordingFailure } from '../run/failure-record.ts';
import { readRun } from '../run/run-document.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { clusterStateOf } from './cluster-status.ts';
import { type Decision, decide, generationOf, type Wish } from './decide.ts';
import { generationLeft, type Party } from './lease.ts';
import { readLease, swapLease } from './lease-store.ts';

/** The second stack, as far as it is used here. */
export interface ClusterStack {
  /** `NONE` when there is no such stack. */
  describe(): Promise<{ readonly status: string; readonly id?: string }>;
  /** Why creating or deleting it failed, in CloudFormation's words. */
  failureReason(stackId: string): Promise<string | undefined>;
  /** Asked for once: who asks again looks again first. Harmless when it exists already; the same token twice is one request. */
  create(token: string, size: { readonly nodeType?: string; readonly nodes?: number }): Promise<void>;
  delete(stackId: string): Promise<void>;
}

/** The cluster itself. Pausing a cluster that cannot be paused right now, or resuming one, is no failure: the caller looks again. */
export interface Cluster {
  /** `none` when there is no such cluster. */
  describe(): Promise<{
    readonly status: string;
    readonly createdAt?: number;
    readonly nodeType?: string;
    readonly nodes?: number;
  }>;
  pause(): Promise<void>;
  resume(): Promise<void>;
}

export interface ReconcilePorts {
  readonly work: WorkStore;
  readonly stack: ClusterStack;
  readonly cluster: Cluster;
  readonly clusterName: string;
  readonly now: Now;
}

export interface ReconcileRequest {
  readonly wish: 'acquire' | 'release' | 'inspect' | 'tidy';
  /** Empty, like `execution`, to tidy up for nobody in particular. */
  readonly runId: string;
  readonly execution: string;
  /** How often the execution has been redriven. */
  readonly redrive: number;
  readonly round: number;
  /** When the waiting began, ISO 8601. */
  readonly since: string;
  /** When it began to be the cluster that is waited for; `since` unless others came first. */
  readonly clusterSince?: string | undefined;
}

export interface ReconcileAnswer {
  readonly phase: 'READY' | 'RELEASED' | 'LOST' | 'WAITING';
  /** 0: look again at once. */
  readonly waitSeconds: number;
  readonly because: string;
  /** Which cluster is there, as the lease counts them; 0 when there is none, absent while waiting. After a release: which was there when the run left. */
  readonly generation?: number;
  /** For the next request: the time others took is none of the cluster's. */
  readonly clusterSince: string;
}

/** SDK waiters give up after 30 minutes, and people report stacks that took longer; AWS's own limit on a resource is hours. */
const CLUSTER_PATIENCE_MS = 90 * 60_000;

/** Others may hold the cluster for as long as a run may take. */
const OTHERS_PATIENCE_MS = 26 * 3_600_000;

const LONGEST_WAIT_S = { cluster: 15, others: 300 } as const;

/**
 * A twentieth of what was waited already: the cluster idles for at most that much longer than it took to come up. Others may take a day,
 * and each look is nine events of the 25,000 an execution may have: 26 hours take some 430 looks.
 */
export function clusterWaitSeconds(waitedMs: number, what: 'cluster' | 'others' = 'cluster'): number {
  return Math.min(LONGEST_WAIT_S[what], Math.max(1, Math.round(waitedMs / 20_000)));
}

/** The steps of `etl` that wish for something. */
const STEPS = {
  acquire: 'AcquireCluster',
  release: 'ReleaseCluster',
  inspect: 'InspectCluster',
  tidy: 'Janitor',
} as const;

/** Changes of the lease that one call makes before it leaves the rest to the next. */
const MOST_SWAPS = 4;

/**
 * Observes, decides, changes the lease as decided, and does at most one thing to the stack or the cluster. The state machine calls it until it
 * says READY, RELEASED or LOST.
 */
export async function reconcile(ports: ReconcilePorts, request: ReconcileRequest): Promise<ReconcileAnswer> {
  const { runId, round } = request;
  const work = async (): Promise<ReconcileAnswer> => {
    const wish = await wishOf(ports, request);
    for (let swaps = 0; swaps < MOST_SWAPS; swaps++) {
      const answer = await step(ports, request, wish);
      if (answer !== 'swapped') return answer;
    }
    const clusterSince = clusterSinceOf(request);
    return { phase: 'WAITING', waitSeconds: 0, because: 'the lease was changed', clusterSince };
  };
  return runId === '' ? work() : recordingFailure({ ...ports, runId, round, step: STEPS[request.wish] }, work);
}

async function step(
  ports: ReconcilePorts,
  request: ReconcileRequest,
  wish: Wish,
): Promise<ReconcileAnswer | 'swapped'> {
  const read = await readLease(ports.work, ports.clusterName);
  const [stack, cluster] = await Promise.all([ports.stack.describe(), ports.cluster.describe()]);
  const decision = decide(wish, { lease: read.lease, stack, cluster, now: ports.now() });
  const { because } = decision;
  const clusterSince = clusterSinceOf(request);
  const again = (waitSeconds: number): ReconcileAnswer => ({ phase: 'WAITING', waitSeconds, because, clusterSince });
  const done = (phase: 'READY' | 'RELEASED' | 'LOST'): ReconcileAnswer => {
    const left = wish.kind === 'release' ? generationLeft(read.lease, wish.me) : undefined;
    const generation = left ?? generationOf({ lease: read.lease, cluster: clusterStateOf(cluster.status) });
    return { phase, waitSeconds: 0, because, clusterSince, generation };
  };
  // What AWS takes on can come to nothing each time, so that one does it again: less and less often, and not for ever.
  const acting = async (act: () => Promise<void>): Promise<ReconcileAnswer> => {
    const waitSeconds = patientSeconds(ports, request, { for: 'cluster', because });
    await act();
    return again(waitSeconds);
  };
  const unchanged = async (): Promise<boolean> => (await readLease(ports.work, ports.clusterName)).etag === read.etag;
  switch (decision.do) {
    case 'done':
      return done(decision.phase);
    case 'swap':
      // Lost to somebody else: the next look sees what they did.
      return (await swapLease(ports.work, ports.clusterName, read, decision.lease)) ? 'swapped' : again(1);
    case 'wait':
      return {
        ...again(patientSeconds(ports, request, decision)),
        ...(decision.for === 'others' ? { clusterSince: new Date(ports.now()).toISOString() } : {}),
      };
    case 'fail':
      throw await failed(ports, decision, stack.id);
    case 'create-stack':
      // Whoever has left since then creates nothing for nobody.
      if (!(await unchanged())) return again(1);
      return acting(async () => ports.stack.create(decision.token, await sizeOf(ports.work, request.runId)));
    case 'delete-stack':
      // What was observed belongs to the lease that was read only if the lease is still the same.
      if (!(await unchanged())) return again(1);
      if (wish.kind !== 'release') return acting(() => ports.stack.delete(decision.stackId));
      await ports.stack.delete(decision.stackId);
      // Once AWS has taken it on, a release is done; the janitor sees to it that it ends well.
      return done('RELEASED');
    case 'pause-cluster':
      return (await unchanged()) ? acting(() => ports.cluster.pause()) : again(1);
    case 'resume-cluster':
      return acting(() => ports.cluster.resume());
  }
}

async function wishOf({ work }: ReconcilePorts, request: ReconcileRequest): Promise<Wish> {
  if (request.wish === 'tidy') return { kind: 'tidy' };
  const me: Party = { runId: request.runId, execution: request.execution, redrive: request.redrive };
  if (request.wish !== 'acquire') return { kind: request.wish, me };
  const [run, claim] = await Promise.all([readRun(work, me.runId), readClaim(work, me.runId)]);
  if (!run) throw new Unexpected('The record of the run is not in the work bucket.', { where: { step: 'cluster' } });
  if (claim?.execution !== me.execution)
    throw new RunCancelled('Another execution has taken the run over.', {
      next: 'Nothing: the other execution brings the run to its end.',
    });
  return { kind: 'acquire', me, existing: run.cluster.existing, afterRun: run.cluster.afterRun, schemas: run.schemas };
}

async function sizeOf(work: WorkStore, runId: string): Promise<{ nodeType?: string; nodes?: number }> {
  const run = await readRun(work, runId);
  const { nodeType, nodes } = run?.cluster ?? {};
  return { ...(nodeType === undefined ? {} : { nodeType }), ...(nodes === undefined ? {} : { nodes }) };
}

function patientSeconds(
  { now }: ReconcilePorts,
  request: ReconcileRequest,
  decision: Pick<Extract<Decision, { do: 'wait' }>, 'for' | 'because'>,
): number {
  const since = decision.for === 'cluster' ? clusterSinceOf(request) : request.since;
  const waitedMs = Math.max(0, now() - Date.parse(since));
  if (waitedMs > (decision.for === 'cluster' ? CLUSTER_PATIENCE_MS : OTHERS_PATIENCE_MS))
    throw new ClusterWaitTooLong(`After ${counted(Math.round(waitedMs / 60_000), 'minute')}: ${decision.because}.`);
  return clusterWaitSeconds(waitedMs, decision.for);
}

const clusterSinceOf = ({ since, clusterSince = since }: ReconcileRequest): string => clusterSince;

async function failed(
  { stack, clusterName }: ReconcilePorts,
  decision: Extract<Decision, { do: 'fail' }>,
  stackId: string | undefined,
): Promise<ClusterStackFailed | ClusterNotUsable | LeaseLost> {
  if (decision.error === 'LeaseLost') return new LeaseLost(`The cluster ${clusterName}: ${decision.because}.`);
  if (decision.error === 'ClusterNotUsable')
    return new ClusterNotUsable(`The cluster ${clusterName} cannot be used: ${decision.because}.`);
  const reason = stackId === undefined ? undefined : await stack.failureReason(stackId);
  return new ClusterStackFailed(
    `The stack of the cluster ${clusterName} failed${reason ? `: ${reason}` : ''}.`,
    reason ? { why: reason } : {},
  );
}

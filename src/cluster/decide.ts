import { clusterStateOf, type ClusterState } from './cluster-status.ts';
import * as lease from './lease.ts';
import type { AfterRun, Lease, Party } from './lease.ts';
import { canDelete, stackStateOf, type StackState } from './stack-status.ts';

/** What somebody wants of the cluster. */
export type Wish =
  | {
      readonly kind: 'acquire';
      readonly me: Party;
      readonly existing: 'reuse' | 'replace';
      readonly afterRun: AfterRun;
      readonly schemas: readonly string[];
    }
  | { readonly kind: 'release'; readonly me: Party }
  /** Is it still there and still mine? Changes nothing. */
  | { readonly kind: 'inspect'; readonly me: Party }
  /** Nobody in particular: finish what is draining, take down what nobody holds. */
  | { readonly kind: 'tidy' };

/** What was seen: first the lease, then the stack and the cluster. */
export interface Observation {
  readonly lease: Lease;
  readonly stack: { readonly status: string; readonly id?: string };
  readonly cluster: { readonly status: string };
  /** For the lease's notes only. */
  readonly now: number;
}

/** One thing to do. Whoever performs it looks again afterwards. */
export type Decision = { readonly because: string } & (
  | { readonly do: 'swap'; readonly lease: Lease }
  | { readonly do: 'create-stack'; readonly token: string }
  /** By id: a stack of the same name that comes later is another one. */
  | { readonly do: 'delete-stack'; readonly stackId: string }
  | { readonly do: 'pause-cluster' }
  | { readonly do: 'resume-cluster' }
  /** `others` may take as long as a run; `cluster` is AWS's own time. */
  | { readonly do: 'wait'; readonly for: 'cluster' | 'others' }
  | { readonly do: 'done'; readonly phase: 'READY' | 'RELEASED' | 'LOST' }
  | { readonly do: 'fail'; readonly error: Failing }
);

type Failing = 'ClusterStackFailed' | 'ClusterNotUsable' | 'LeaseLost';

interface Seen {
  readonly lease: Lease;
  readonly stack: StackState;
  readonly stackId: string;
  readonly cluster: ClusterState;
  readonly clusterStatus: string;
  readonly now: number;
}

/**
 * What to do next, for every lease, stack status and cluster status. Pure. Holds by construction, and by test:
 * the stack is deleted and the cluster paused only while the lease is draining, so while nobody holds it; the stack is created only by the
 * run that the lease names, and only when there is none.
 */
export function decide(wish: Wish, observed: Observation): Decision {
  const seen: Seen = {
    lease: observed.lease,
    stack: stackStateOf(observed.stack.status),
    stackId: observed.stack.id ?? '',
    cluster: clusterStateOf(observed.cluster.status),
    clusterStatus: observed.cluster.status,
    now: observed.now,
  };
  switch (wish.kind) {
    case 'acquire':
      return acquire(seen, wish);
    case 'release':
      return release(seen, wish.me);
    case 'inspect':
      return inspect(seen, wish.me);
    case 'tidy':
      return tidy(seen);
  }
}

const wait = (because: string, what: 'cluster' | 'others' = 'cluster'): Decision => ({
  do: 'wait',
  for: what,
  because,
});
const swap = (next: Lease, because: string): Decision => ({ do: 'swap', lease: next, because });
const done = (phase: 'READY' | 'RELEASED' | 'LOST', because: string): Decision => ({ do: 'done', phase, because });
const fail = (error: Failing, because: string): Decision => ({
  do: 'fail',
  error,
  because,
});

function isGone({ stack, cluster }: Seen): boolean {
  return stack === 'absent' && cluster === 'absent';
}

/** Which cluster is there, as the lease counts them; 0 when there is none, or none any more. */
export function generationOf({ lease: { generation }, cluster }: Pick<Seen, 'lease' | 'cluster'>): number {
  return cluster === 'absent' || cluster === 'deleting' ? 0 : generation;
}

function acquire(seen: Seen, wish: Extract<Wish, { kind: 'acquire' }>): Decision {
  const { me } = wish;
  // It asked before it left, and the request has taken its time; nobody waits for the answer.
  if (lease.hasLeft(seen.lease, me)) return fail('LeaseLost', 'this run has left the cluster already');
  const others = lease.besides(seen.lease, me);
  const anotherReplaces = seen.lease.replacing !== undefined && seen.lease.replacing.runId !== me.runId;
  if (seen.lease.draining) {
    const drain = drainStep(seen, seen.lease.draining.to);
    if (drain !== 'drained') return drain;
    if (anotherReplaces) return wait('another run comes first, with a fresh cluster', 'others');
    return join(seen, wish);
  }
  const mine = lease.holderOf(seen.lease, me);
  if (mine?.redrive === me.redrive)
    return mine.releasing ? fail('LeaseLost', 'this run is leaving the cluster') : ensure(seen, me);
  if (anotherReplaces) return wait('another run waits to replace the cluster', 'others');
  if (wish.existing === 'replace' && !isGone(seen)) {
    if (others.length === 0)
      return swap(
        { ...lease.abandoned({ ...seen.lease, holders: [] }, 'delete', me.runId, true, seen.now), replacing: me },
        'a fresh cluster is asked for, so the one that is there goes first',
      );
    if (lease.replaces(seen.lease, me))
      return wait(
        `a fresh cluster is asked for; ${others.length} other runs still use the one that is there`,
        'others',
      );
    return swap(lease.replacing(seen.lease, me), 'a fresh cluster is asked for; newcomers wait from now on');
  }
  // What only can be deleted is deleted before anybody holds it.
  if (others.length === 0 && seen.stack === 'failed')
    return swap(
      { ...lease.abandoned({ ...seen.lease, holders: [] }, 'delete', me.runId, true, seen.now), replacing: me },
      'a stack is left over whose creation failed; it goes first',
    );
  return join(seen, wish);
}

function join(seen: Seen, { me, ...wishes }: Extract<Wish, { kind: 'acquire' }>): Decision {
  const next = lease.joined(seen.lease, me, wishes, seen.now);
  const alone = next.holders.length === 1;
  return swap(
    isGone(seen) && alone ? lease.creating(next, me, seen.now) : next,
    'the run joins the holders of the cluster',
  );
}

/** The run holds the cluster: makes it be there. */
function ensure(seen: Seen, me: Party): Decision {
  const { creating } = seen.lease;
  const iCreate = creating?.runId === me.runId;
  const ours = creating !== undefined && (creating.stackId === undefined ? iCreate : creating.stackId === seen.stackId);
  if (iCreate && creating.stackId === undefined && seen.stack !== 'absent')
    return swap(lease.stackKnown(seen.lease, seen.stackId), "the stack's id is noted");
  switch (seen.stack) {
    case 'absent':
      return createWhenFree(seen, me);
    case 'creating':
      return wait('the stack is being created');
    case 'changing':
      return wait('the stack is being changed by somebody');
    case 'failing':
      return wait('the creation of the stack failed and is being undone');
    case 'deleting':
      return wait('the stack is being deleted by somebody');
    case 'failed':
      if (ours) return fail('ClusterStackFailed', 'the creation of the stack failed');
      if (creating && creating.stackId === undefined) return wait('another run creates the stack');
      return swap(lease.restarting(seen.lease, me, seen.now), 'a stack is in the way whose creation failed');
    case 'delete-failed':
      if (seen.cluster === 'usable')
        return takeTurn(seen, me, 'the cluster can be used, although deleting its stack failed');
      return swap(lease.restarting(seen.lease, me, seen.now), 'somebody tried to delete the stack and failed');
    case 'ready':
      return useCluster(seen, me);
  }
}

function createWhenFree(seen: Seen, me: Party): Decision {
  const { creating } = seen.lease;
  if (seen.cluster === 'changing' || seen.cluster === 'deleting') return wait('an earlier cluster is still going');
  if (seen.cluster !== 'absent')
    return fail(
      'ClusterNotUsable',
      `there is a cluster of this name (${seen.clusterStatus}) that no stack of this service made`,
    );
  if (creating && creating.stackId === undefined) {
    if (creating.runId === me.runId)
      return { do: 'create-stack', token: creating.token, because: 'there is no cluster, and this run creates it' };
    return wait('another run creates the stack');
  }
  // The stack that was created is gone again: whoever still wants one creates the next.
  return swap(lease.creating(seen.lease, me, seen.now), 'there is no cluster; this run is the one to create it');
}

function useCluster(seen: Seen, me: Party): Decision {
  switch (seen.cluster) {
    case 'usable':
      return takeTurn(seen, me, 'the cluster can be used');
    case 'paused':
      return { do: 'resume-cluster', because: 'the cluster is paused' };
    case 'changing':
      return wait(`the cluster is ${seen.clusterStatus}`);
    case 'deleting':
      return wait('the cluster is being deleted by somebody');
    case 'absent':
      return swap(lease.restarting(seen.lease, me, seen.now), 'the cluster is gone, although its stack is there');
    case 'stuck':
      return fail('ClusterNotUsable', `the cluster is in status '${seen.clusterStatus}'`);
  }
}

/**
 * The cluster is there; the run may begin once nobody before it writes what it writes. A load that replaces a table under another run's
 * transforms would make that run's answer silently wrong.
 */
function takeTurn(seen: Seen, me: Party, because: string): Decision {
  const [first] = lease.ahead(seen.lease, me);
  if (!first) return done('READY', because);
  return wait(
    first.runId === me.runId
      ? 'what an earlier execution of the run has left is being tidied up'
      : `run ${first.runId} writes the same schemas and comes first`,
    'others',
  );
}

/** One step of taking down what nobody holds. `drained` when there is nothing left to do. */
function drainStep(seen: Seen, to: 'delete' | 'pause'): Decision | 'drained' {
  if (isGone(seen)) return 'drained';
  if (to === 'pause') return pauseStep(seen);
  if (canDelete(seen.stack)) return { do: 'delete-stack', stackId: seen.stackId, because: 'nobody holds the cluster' };
  if (seen.stack === 'absent' && (seen.cluster === 'usable' || seen.cluster === 'paused' || seen.cluster === 'stuck'))
    return fail(
      'ClusterNotUsable',
      `there is a cluster of this name (${seen.clusterStatus}) that no stack of this service made`,
    );
  return wait(seen.stack === 'changing' ? 'the stack is being changed by somebody' : 'the cluster is being deleted');
}

function pauseStep(seen: Seen): Decision | 'drained' {
  const { draining } = seen.lease;
  switch (seen.cluster) {
    case 'paused':
      return 'drained';
    case 'usable':
      return { do: 'pause-cluster', because: 'nobody holds the cluster' };
    case 'changing':
      return wait(`the cluster is ${seen.clusterStatus}`);
    case 'deleting':
      return wait('the cluster is being deleted by somebody');
    case 'absent':
      if (!canDelete(seen.stack) || seen.stack === 'creating')
        return wait('the stack has no cluster yet, or not any more');
      // There is nothing to pause: only a stack without its cluster.
      return draining
        ? swap({ ...seen.lease, draining: { ...draining, to: 'delete' } }, 'the stack has no cluster')
        : wait('the stack has no cluster');
    case 'stuck':
      return fail('ClusterNotUsable', `the cluster cannot be paused: its status is '${seen.clusterStatus}'`);
  }
}

function release(seen: Seen, me: Party): Decision {
  const { lease: current } = seen;
  if (lease.holds(current, me) || lease.replaces(current, me))
    return swap(
      lease.left(current, me, { generation: generationOf(seen), isGone: isGone(seen) }, seen.now),
      'the run leaves the cluster',
    );
  if (!lease.hasLeft(current, me))
    return swap(lease.notedAsLeft(current, me, generationOf(seen)), 'the run leaves, though it holds nothing');
  if (current.holders.length > 0) return done('RELEASED', `${current.holders.length} other runs hold the cluster`);
  if (!current.draining)
    return done('RELEASED', current.kept ? 'the cluster is kept on purpose' : 'nobody holds the cluster');
  // Once AWS has begun, it needs nobody to watch; whoever comes next, or the janitor, notes that it is done.
  if (current.draining.to === 'delete' && seen.stack === 'deleting')
    return done('RELEASED', 'the cluster is being deleted');
  if (current.draining.to === 'pause' && seen.clusterStatus === 'pausing')
    return done('RELEASED', 'the cluster is being paused');
  return drain(seen, current.draining.to, me.runId);
}

function drain(seen: Seen, to: 'delete' | 'pause', by: string): Decision {
  const step = drainStep(seen, to);
  if (step !== 'drained') return step;
  const as = isGone(seen) ? 'gone' : 'paused';
  return swap(lease.drained(seen.lease, as, by), `the cluster is ${as}`);
}

function inspect(seen: Seen, me: Party): Decision {
  const mine = lease.holderOf(seen.lease, me);
  if (!mine) return done('LOST', 'the run does not hold the cluster any more');
  // An execution that is redriven while its earlier drive is still being tidied up after.
  if (mine.releasing || mine.redrive < me.redrive)
    return done('LOST', 'an earlier drive of the run leaves the cluster');
  if (seen.stack !== 'ready' && seen.stack !== 'delete-failed' && seen.stack !== 'changing')
    return done('LOST', 'the stack of the cluster is not there any more');
  if (seen.cluster !== 'usable') return done('LOST', `the cluster is ${seen.clusterStatus}`);
  return done('READY', 'the cluster is there');
}

function tidy(seen: Seen): Decision {
  const { lease: current } = seen;
  if (current.holders.length > 0) return done('RELEASED', 'somebody holds the cluster');
  if (current.draining) return drain(seen, current.draining.to, 'janitor');
  if (current.replacing) return done('RELEASED', 'somebody is about to replace the cluster');
  if (isGone(seen))
    return current.kept
      ? swap(lease.drained(current, 'gone', 'janitor'), 'the cluster that was kept is gone')
      : done('RELEASED', 'there is no cluster');
  if (seen.stack === 'absent') return done('RELEASED', 'the cluster is not one this service made');
  if (current.kept && seen.stack !== 'failed') return done('RELEASED', 'the cluster is kept on purpose');
  return swap(
    lease.abandoned(current, 'delete', 'janitor', true, seen.now),
    'nobody holds the cluster and nobody keeps it',
  );
}

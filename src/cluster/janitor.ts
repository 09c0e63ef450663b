import { createHash } from 'node:crypto';
import type { CaughtError } from '../errors/failure.ts';
import { type ExecutionStatus, readClaim } from '../run/claim.ts';
import { concurrently } from '../run/concurrently.ts';
import { isBeingTold, isEndOf, isOvertaken, readOutcome } from '../run/outcome.ts';
import { layout, UNTOLD_PREFIX } from '../run/layout.ts';
import { readUntold, readUntoldAt, swapUntold, type Untold } from '../run/untold.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { clusterStateOf } from './cluster-status.ts';
import { type Holder, holds, type Lease, type Party, replaces } from './lease.ts';
import { readLease } from './lease-store.ts';
import type { Cluster, ClusterStack } from './reconcile.ts';
import { stackStateOf } from './stack-status.ts';
import { type Begun, type IsOver, newsOf, readTidied, type Tidied, writeTidied } from './tidied.ts';

/** What the `cluster` machine is started with to tidy up. */
export interface TidyInput {
  readonly wish: 'release' | 'tidy';
  /** Empty to tidy up after nobody in particular. */
  readonly runId: string;
  readonly execution: string;
  /** Which drive of the execution has ended: how often it had been redriven. */
  readonly redrive: number;
  readonly round: number;
  /** Which cluster the run holds, as the lease counts them; absent when it holds none any more. */
  readonly generation?: number;
  /** Tell the analysts about the run afterwards: its own execution could not. */
  readonly notify: boolean;
  /** How the run's execution ended; empty where that is unknown. */
  readonly ended: string;
  /** What it failed with, if it failed by an error that no state of it could catch. */
  readonly failure?: CaughtError;
}

/** How an execution is, or how it ended. */
export interface ExecutionEnd {
  readonly status: ExecutionStatus;
  /** How often it has been redriven. */
  readonly redrive: number;
  readonly failure?: CaughtError;
}

/** Whether an execution is still running, and how often it has been redriven. */
export interface Drives {
  look(execution: string): Promise<ExecutionEnd>;
  /** Whether the last drive of an execution that has failed did nothing but fail: it was redriven after it had come to its end. */
  didNothing(execution: string): Promise<boolean>;
}

/** The machine that tidies up, by the names of its executions. */
export interface Tidying {
  /** False when one of that name has been started before. */
  start(name: string, input: TidyInput): Promise<boolean>;
  status(name: string): Promise<ExecutionStatus>;
}

/** Tells the operators. */
export interface Operators {
  tell(subject: string, text: string): Promise<void>;
}

export interface JanitorPorts {
  readonly work: WorkStore & { remove(key: string): Promise<void> };
  readonly executions: Drives;
  readonly stack: Pick<ClusterStack, 'describe'>;
  readonly cluster: Pick<Cluster, 'describe'>;
  readonly tidy: Tidying;
  readonly operators: Operators;
  readonly clusterName: string;
  readonly now: Now;
}

export interface JanitorReport {
  /** Runs whose execution is dead and whose hold on the cluster is being released. */
  readonly freed: readonly string[];
  /** Runs that hold nothing, and of whose end nobody had been told: that is done now. */
  readonly untold: readonly string[];
  /** Whether a cluster that nobody holds and nobody keeps is being taken down. */
  readonly orphan: boolean;
  /** How long the cluster has been alive without being kept on purpose; 0 when there is none. */
  readonly aliveMinutes: number;
}

/**
 * DescribeExecution is eventually consistent: only an execution that had time to show up is believed to be gone.
 * https://docs.aws.amazon.com/step-functions/latest/apireference/API_DescribeExecution.html
 */
const NOT_FOUND_IS_TRUE_AFTER_MS = 5 * 60_000;

/**
 * An execution's name can be used once in 90 days, so a tidying that died is started again under another: the minute's, for the janitor looks as
 * often as every minute.
 */
const NAMED_FOR_MS = 60_000;

/**
 * On schedule: frees what dead runs hold, takes down what nobody holds, has ends told that nobody was told of, and tells the operators what is
 * new of what was to be freed or taken down.
 */
export async function sweep(ports: JanitorPorts): Promise<JanitorReport> {
  const [{ lease }, before] = await Promise.all([
    readLease(ports.work, ports.clusterName),
    readTidied(ports.work, ports.clusterName),
  ]);
  const freed: Freed[] = [];
  for (const party of partiesOf(lease)) {
    const ended = await endOf(ports, party);
    if (ended && (await tidyRun(ports, { ...party, redrive: ended.redrive }, ended)) === 'begun')
      freed.push({ runId: party.runId, status: ended.status });
  }
  const [stack, cluster] = await Promise.all([ports.stack.describe(), ports.cluster.describe()]);
  const left = leftBehind(lease, stack.status, cluster.status);
  const begun = freed.length === 0 && left !== 'nothing' && (await startTidying(ports));
  const orphan = begun && left === 'cluster';
  const aliveMinutes =
    lease.kept || cluster.createdAt === undefined || clusterStateOf(cluster.status) === 'paused'
      ? 0
      : Math.max(0, Math.round((ports.now() - cluster.createdAt) / 60_000));
  await tell(ports, before, [...freed.map(freedNews), ...(orphan ? [orphanNews(lease, stack)] : [])], (what) =>
    what === CLUSTER ? clusterOver(left, stack.status) : runOver(what, lease),
  );
  return {
    freed: freed.map(({ runId, status }) => `${runId} (${status})`),
    untold: await settleUntold(ports, lease),
    orphan,
    aliveMinutes,
  };
}

/** When a run's execution has ended from outside: releases what it holds and tells the analysts, unless it has done so itself. */
export async function runStopped(ports: JanitorPorts, execution: string): Promise<JanitorReport> {
  const nothing = { freed: [], untold: [], orphan: false, aliveMinutes: 0 };
  const stored = await ports.work.read(layout.byExecution(execution));
  if (!stored) return nothing;
  const { runId } = JSON.parse(stored.text) as { runId: string };
  const end = await ports.executions.look(execution);
  const { status, redrive } = end;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return nothing;
  const begun = (await tidyRun(ports, { runId, execution, redrive }, end)) === 'begun';
  return { ...nothing, freed: begun ? [`${runId} (${status})`] : [] };
}

const LOOKS_AT_ONCE = 8;

/** What was noted as untold is told, unless it has been, or there is nothing to tell: then it is forgotten. */
async function settleUntold(ports: JanitorPorts, lease: Lease): Promise<readonly string[]> {
  const settled = new Set(partiesOf(lease).map(({ execution }) => execution));
  const told = await concurrently(await ports.work.list(UNTOLD_PREFIX), LOOKS_AT_ONCE, async (key) => {
    const found = await readUntoldAt(ports.work, key);
    if (!found || settled.has(found.untold.execution)) return [];
    const { execution, runId, at } = found.untold;
    const end = await endOf(ports, { execution, runId, since: at });
    if (!end) return [];
    const tidied = await tidyRun(ports, { execution, runId, redrive: end.redrive }, end);
    if (tidied === 'nothing to do') await ports.work.remove(key);
    return tidied === 'begun' ? [`${runId} (${end.status})`] : [];
  });
  return told.flat();
}

function partiesOf(lease: Lease): readonly (Party & Partial<Holder>)[] {
  return [...lease.holders, ...(lease.replacing ? [lease.replacing] : [])];
}

/** How the execution of a party has ended; undefined while it may be alive. */
async function endOf(
  ports: JanitorPorts,
  party: Pick<Party, 'runId' | 'execution'> & Partial<Holder>,
): Promise<ExecutionEnd | undefined> {
  const end = await ports.executions.look(party.execution);
  if (isAlive(end.status))
    // An earlier drive was being tidied up after, and a later one waits for the end of it.
    return party.releasing && party.redrive !== undefined && party.redrive < end.redrive
      ? { status: 'ABORTED', redrive: party.redrive }
      : undefined;
  if (end.status === 'GONE' && ports.now() - (party.since ?? 0) < NOT_FOUND_IS_TRUE_AFTER_MS) return undefined;
  return end;
}

function isAlive(status: ExecutionStatus): boolean {
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}

/** Releases what the run holds and has its end told, one tidying at a time. */
async function tidyRun(
  ports: JanitorPorts,
  party: Party,
  { status: ended, failure }: ExecutionEnd,
): Promise<'nothing to do' | 'begun' | 'under way'> {
  const { runId, execution } = party;
  const [{ lease }, stored, claim] = await Promise.all([
    readLease(ports.work, ports.clusterName),
    readOutcome(ports.work, runId),
    readClaim(ports.work, runId),
  ]);
  const outcome = stored?.outcome;
  const repeats =
    outcome !== undefined &&
    ended === 'FAILED' &&
    isOvertaken(outcome, party) &&
    (await ports.executions.didNothing(execution));
  const redrive = repeats ? outcome.redrive : party.redrive;
  const holdsIt = holds(lease, party) || replaces(lease, party);
  const end = outcome && isEndOf(outcome, { execution, redrive }) ? outcome : undefined;
  // Another execution has taken the run over: it tells how the run ends.
  const takenOver = claim !== undefined && claim.execution !== execution;
  const notify = !end?.told && !takenOver && ended !== 'SUCCEEDED';
  if (!holdsIt && !notify) return 'nothing to do';
  const input: TidyInput = {
    wish: 'release',
    runId,
    execution,
    redrive,
    round: 0,
    ...(holdsIt ? { generation: lease.generation } : {}),
    notify,
    ended,
    ...(failure ? { failure } : {}),
  };
  const before = await readUntold(ports.work, execution);
  const name = await nextName(ports, before?.untold.tidying, execution, redrive);
  if (name === undefined) return 'under way';
  const at = ports.now();
  if (!holdsIt && end && isBeingTold(end, at)) {
    if (!before) await swapUntold(ports.work, undefined, { execution, runId, at });
    return 'under way';
  }
  const next = { execution, runId, at: before?.untold.at ?? at, tidying: { name, redrive, at } };
  // That it is noted already can be this very note, of which the answer was lost.
  const noted =
    (await swapUntold(ports.work, before?.etag, next)) ||
    (await readUntold(ports.work, execution))?.untold.tidying?.name === name;
  if (!noted) return 'under way';
  return (await ports.tidy.start(name, input)) ? 'begun' : 'under way';
}

/** Under which name to start the tidying; undefined while one is under way: two at once would tell the same end at the same moment. */
async function nextName(
  ports: JanitorPorts,
  tidying: Untold['tidying'],
  execution: string,
  redrive: number,
): Promise<string | undefined> {
  // Another drive has an end of its own.
  if (tidying?.redrive === redrive) {
    const status = await ports.tidy.status(tidying.name);
    if (isAlive(status)) return undefined;
    // It was noted and never started, or cannot be seen yet: one of a name there is once.
    if (status === 'GONE') return tidying.name;
  }
  return nameOf(ports, redrive === 0 ? execution : `${execution} ${redrive}`);
}

/**
 * What is there that nobody holds: a cluster which has to be taken down, or only the note that one is on its way out, after every run that was
 * the last. Nobody is told of that: it has gone as it was meant to.
 */
function leftBehind(lease: Lease, stackStatus: string, clusterStatus: string): 'cluster' | 'note' | 'nothing' {
  if (lease.holders.length > 0 || lease.replacing) return 'nothing';
  const [stack, cluster] = [stackStateOf(stackStatus), clusterStateOf(clusterStatus)];
  if (stack === 'deleting') return 'nothing';
  const pausing = lease.draining?.to === 'pause';
  if (pausing && clusterStatus === 'pausing') return 'nothing';
  if (pausing && cluster === 'paused') return 'note';
  if (stack === 'absent' && (cluster === 'absent' || cluster === 'deleting'))
    return lease.draining ? 'note' : 'nothing';
  if (lease.draining) return 'cluster';
  return stack !== 'absent' && (!lease.kept || stack === 'failed') ? 'cluster' : 'nothing';
}

function startTidying(ports: JanitorPorts): Promise<boolean> {
  return ports.tidy.start(nameOf(ports, ports.clusterName), {
    wish: 'tidy',
    runId: '',
    execution: '',
    redrive: 0,
    round: 0,
    notify: false,
    ended: 'RUNNING',
  });
}

function nameOf({ now }: JanitorPorts, what: string): string {
  const digest = createHash('sha256').update(what).digest('hex').slice(0, 16);
  return `tidy-${digest}-${Math.floor(now() / NAMED_FOR_MS)}`;
}

interface Freed {
  readonly runId: string;
  readonly status: ExecutionStatus;
}

const CLUSTER = 'cluster';
const runOf = (runId: string): string => `run ${runId}`;

function freedNews({ runId, status }: Freed): Begun {
  const says = `The run ${runId} (${status}) had ended without leaving the cluster; its hold is being released.`;
  return { what: runOf(runId), state: status, says };
}

function orphanNews(lease: Lease, { status, id }: Awaited<ReturnType<JanitorPorts['stack']['describe']>>): Begun {
  const says = `Nobody held the cluster and nobody kept it (stack ${status}${lease.draining ? ', draining' : ''}); it is being taken down.`;
  if (stackStateOf(status) !== 'delete-failed') return { what: CLUSTER, state: status, says };
  const why =
    'CloudFormation could not delete the stack: something else uses what belongs to it, most often, or a permission is missing. ' +
    `What it was, this tells: aws cloudformation describe-stack-events --stack-name ${id ?? ''} ` +
    `--query "StackEvents[?contains(ResourceStatus,'FAILED')].[LogicalResourceId,ResourceStatusReason]". Remove it; the stack is deleted again each time the janitor looks.`;
  return { what: CLUSTER, state: status, says: `${says} ${why}`, needsSomebody: true };
}

function clusterOver(left: ReturnType<typeof leftBehind>, stackStatus: string): string | undefined {
  const state = stackStateOf(stackStatus);
  const lasts = left === 'cluster' || ['deleting', 'delete-failed', 'failing', 'failed'].includes(state);
  if (lasts) return undefined;
  return state === 'absent' || left === 'note' ? 'the cluster is gone' : 'the cluster is in use again';
}

function runOver(what: string, lease: Lease): string | undefined {
  return partiesOf(lease).some(({ runId }) => runOf(runId) === what) ? undefined : `the ${what} has left the cluster`;
}

/** Told first, and then noted: who dies in between tells it twice, which is better than not at all. */
async function tell(
  { work, operators, clusterName, now }: JanitorPorts,
  before: Tidied,
  begun: readonly Begun[],
  isOver: IsOver,
): Promise<void> {
  const { lines, known, lasts } = newsOf(before, begun, isOver, now());
  if (lines.length > 0) {
    const [subject, next] = closing(begun, lasts);
    await operators.tell(`Sluice janitor: ${clusterName} ${subject}`, [...lines, '', next].join('\n'));
  }
  if (JSON.stringify(known) !== JSON.stringify(before)) await writeTidied(work, clusterName, known);
}

/** The subject says no more than is true, and the last line what is left to do. */
function closing(begun: readonly Begun[], lasts: boolean): readonly [string, string] {
  if (begun.length === 0) return ['is tidied up', 'Nothing needs to be done.'];
  const told = 'While it lasts, this is said again every six hours, and once when it is over.';
  if (begun.some(({ needsSomebody }) => needsSomebody))
    return ['could not be deleted', `Somebody has to look at it: the cluster may cost money. ${told}`];
  if (lasts)
    return ['is still not tidied up', `Look at the executions of the cluster state machine, which fail. ${told}`];
  return ['is being tidied up', `Nothing needs to be done. If it fails, it is tried again. ${told}`];
}

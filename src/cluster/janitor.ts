import { createHash } from 'node:crypto';
import type { CaughtError } from '../errors/failure.ts';
import { type ExecutionStatus, readClaim } from '../run/claim.ts';
import { isEndOf, isOvertaken, readOutcome } from '../run/outcome.ts';
import { layout } from '../run/layout.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { clusterStateOf } from './cluster-status.ts';
import { type Holder, holds, type Lease, type Party, replaces } from './lease.ts';
import { readLease } from './lease-store.ts';
import type { Cluster, ClusterStack } from './reconcile.ts';
import { stackStateOf } from './stack-status.ts';

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

/** Starts the machine that tidies up; false when one of that name has been started before. */
export interface TidyStarter {
  start(name: string, input: TidyInput): Promise<boolean>;
}

/** Tells the operators. */
export interface Operators {
  tell(subject: string, text: string): Promise<void>;
}

export interface JanitorPorts {
  readonly work: WorkStore;
  readonly executions: Drives;
  readonly stack: Pick<ClusterStack, 'describe'>;
  readonly cluster: Pick<Cluster, 'describe'>;
  readonly tidy: TidyStarter;
  readonly operators: Operators;
  readonly clusterName: string;
  readonly now: Now;
}

export interface JanitorReport {
  /** Runs whose execution is dead and whose hold on the cluster is being released. */
  readonly freed: readonly string[];
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

/** An execution's name can be used once in 90 days, so a tidying that died is started again under the next period's name. */
const PERIOD_MS = 15 * 60_000;

/** On schedule: frees what dead runs hold, takes down what nobody holds, and tells the operators if there was anything to do. */
export async function sweep(ports: JanitorPorts): Promise<JanitorReport> {
  const { lease } = await readLease(ports.work, ports.clusterName);
  const freed: string[] = [];
  for (const party of partiesOf(lease)) {
    const ended = await endOf(ports, party);
    if (ended && (await tidyRun(ports, { ...party, redrive: ended.redrive }, ended)))
      freed.push(`${party.runId} (${ended.status})`);
  }
  const [stack, cluster] = await Promise.all([ports.stack.describe(), ports.cluster.describe()]);
  const orphan = freed.length === 0 && isOrphan(lease, stack.status) && (await startTidying(ports));
  const aliveMinutes =
    lease.kept || cluster.createdAt === undefined || clusterStateOf(cluster.status) === 'paused'
      ? 0
      : Math.max(0, Math.round((ports.now() - cluster.createdAt) / 60_000));
  const report = { freed, orphan, aliveMinutes };
  if (freed.length > 0 || orphan) await tell(ports, report, lease, stack.status);
  return report;
}

/** When a run's execution has ended from outside: releases what it holds and tells the analysts, unless it has done so itself. */
export async function runStopped(ports: JanitorPorts, execution: string): Promise<JanitorReport> {
  const nothing = { freed: [], orphan: false, aliveMinutes: 0 };
  const stored = await ports.work.read(layout.byExecution(execution));
  if (!stored) return nothing;
  const { runId } = JSON.parse(stored.text) as { runId: string };
  const end = await ports.executions.look(execution);
  const { status, redrive } = end;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return nothing;
  const freed = (await tidyRun(ports, { runId, execution, redrive }, end)) ? [`${runId} (${status})`] : [];
  return { ...nothing, freed };
}

function partiesOf(lease: Lease): readonly (Party & Partial<Holder>)[] {
  return [...lease.holders, ...(lease.replacing ? [lease.replacing] : [])];
}

/** How the execution of a party has ended; undefined while it may be alive. */
async function endOf(ports: JanitorPorts, party: Party & Partial<Holder>): Promise<ExecutionEnd | undefined> {
  const end = await ports.executions.look(party.execution);
  if (end.status === 'RUNNING' || end.status === 'PENDING_REDRIVE') return undefined;
  if (end.status === 'GONE' && ports.now() - (party.since ?? 0) < NOT_FOUND_IS_TRUE_AFTER_MS) return undefined;
  return end;
}

async function tidyRun(ports: JanitorPorts, party: Party, { status: ended, failure }: ExecutionEnd): Promise<boolean> {
  const { runId, execution } = party;
  const [{ lease }, outcome, claim] = await Promise.all([
    readLease(ports.work, ports.clusterName),
    readOutcome(ports.work, runId),
    readClaim(ports.work, runId),
  ]);
  const repeats =
    outcome !== undefined &&
    ended === 'FAILED' &&
    isOvertaken(outcome, party) &&
    (await ports.executions.didNothing(execution));
  const redrive = repeats ? outcome.redrive : party.redrive;
  const holdsIt = holds(lease, party) || replaces(lease, party);
  const told = outcome?.told === true && isEndOf(outcome, { execution, redrive });
  // Another execution has taken the run over: it tells how the run ends.
  const takenOver = claim !== undefined && claim.execution !== execution;
  const notify = !told && !takenOver && ended !== 'SUCCEEDED';
  if (!holdsIt && !notify) return false;
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
  return ports.tidy.start(nameOf(ports, redrive === 0 ? execution : `${execution} ${redrive}`), input);
}

function isOrphan(lease: Lease, stackStatus: string): boolean {
  if (lease.holders.length > 0 || lease.replacing) return false;
  const stack = stackStateOf(stackStatus);
  if (lease.draining) return stack !== 'deleting';
  return stack !== 'absent' && stack !== 'deleting' && (!lease.kept || stack === 'failed');
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
  return `tidy-${digest}-${Math.floor(now() / PERIOD_MS)}`;
}

async function tell(ports: JanitorPorts, report: JanitorReport, lease: Lease, stackStatus: string): Promise<void> {
  const lines = [
    ...report.freed.map((run) => `The run ${run} had ended without leaving the cluster; its hold is being released.`),
    ...(report.orphan
      ? [
          `Nobody held the cluster and nobody kept it (stack ${stackStatus}${lease.draining ? ', draining' : ''}); it is being taken down.`,
        ]
      : []),
    '',
    'Nothing needs to be done. If this repeats, look at the executions of the cluster state machine.',
  ];
  await ports.operators.tell(`Sluice janitor tidied up ${ports.clusterName}`, lines.join('\n'));
}

import { createHash } from 'node:crypto';
import { type Executions, readClaim } from '../run/claim.ts';
import { layout } from '../run/layout.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { clusterStateOf } from './cluster-status.ts';
import type { Holder, Lease, Party } from './lease.ts';
import { readLease } from './lease-store.ts';
import type { Cluster, ClusterStack } from './reconcile.ts';
import { stackStateOf } from './stack-status.ts';

/** What the `cluster` machine is started with to tidy up. */
export interface TidyInput {
  readonly wish: 'release' | 'tidy';
  /** Empty to tidy up after nobody in particular. */
  readonly runId: string;
  readonly execution: string;
  readonly round: number;
  /** Tell the analysts about the run afterwards: its own execution could not. */
  readonly notify: boolean;
  /** How the run's execution ended; empty where that is unknown. */
  readonly ended: string;
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
  readonly executions: Executions;
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
    if (ended !== undefined && (await tidyRun(ports, party, ended))) freed.push(`${party.runId} (${ended})`);
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
  const status = await ports.executions.status(execution);
  if (status === 'RUNNING' || status === 'SUCCEEDED') return nothing;
  const freed = (await tidyRun(ports, { runId, execution }, status)) ? [`${runId} (${status})`] : [];
  return { ...nothing, freed };
}

function partiesOf(lease: Lease): readonly (Party & Partial<Holder>)[] {
  return [...lease.holders, ...(lease.replacing ? [lease.replacing] : [])];
}

/** How the execution of a party has ended; undefined while it may be alive. */
async function endOf(ports: JanitorPorts, party: Party & Partial<Holder>): Promise<string | undefined> {
  const status = await ports.executions.status(party.execution);
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return undefined;
  if (status === 'GONE' && ports.now() - (party.since ?? 0) < NOT_FOUND_IS_TRUE_AFTER_MS) return undefined;
  return status;
}

async function tidyRun(ports: JanitorPorts, { runId, execution }: Party, ended: string): Promise<boolean> {
  const [{ lease }, outcome, claim] = await Promise.all([
    readLease(ports.work, ports.clusterName),
    ports.work.read(layout.outcome(runId)),
    readClaim(ports.work, runId),
  ]);
  const holdsIt = partiesOf(lease).some((party) => party.execution === execution);
  const noted = outcome && (JSON.parse(outcome.text) as { execution?: string; told?: boolean });
  const told = noted?.execution === execution && noted.told === true;
  // Another execution has taken the run over: it tells how the run ends.
  const takenOver = claim !== undefined && claim.execution !== execution;
  const notify = !told && !takenOver && ended !== 'SUCCEEDED';
  if (!holdsIt && !notify) return false;
  const input: TidyInput = { wish: 'release', runId, execution, round: 0, notify, ended };
  return ports.tidy.start(nameOf(ports, execution), input);
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

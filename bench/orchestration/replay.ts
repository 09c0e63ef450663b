import { layout } from '../../src/run/layout.ts';
import { machineLedger } from '../../tests/support/machine-ledger.ts';
import { startService } from '../../tests/support/service-in-process.ts';
import { timedCalls } from '../../tests/support/timed-calls.ts';
import { timedWarehouse } from '../../tests/support/timed-warehouse.ts';
import { type Call, VirtualClock } from '../../local/kernel/index.ts';
import { fixedLoop } from './fixed-loop.ts';
import { batchOf, criticalPathMs, durationIn, projectOf, type StatementTrace } from './traces.ts';

/** https://aws.amazon.com/step-functions/pricing/ (Standard, us-east-1) */
const DOLLARS_A_TRANSITION = 0.025 / 1_000;
/** https://aws.amazon.com/lambda/pricing/ (Arm, as serverless.yml has it; us-east-1) */
const DOLLARS_A_GB_SECOND = 0.000_013_333_4;
const DOLLARS_A_REQUEST = 0.2 / 1_000_000;
/** Two ra3.large, on demand. https://aws.amazon.com/redshift/pricing/ (us-east-1) */
const DOLLARS_A_CLUSTER_SECOND = (2 * 0.543) / 3_600;

/** What following a trace's statements cost. */
export interface Price {
  readonly status: string;
  /** Executions that ended because their history was full. */
  readonly outOfHistory: number;
  readonly criticalPathSeconds: number;
  /** Seconds between the cluster's being there and its release, less the critical path. */
  readonly idleSeconds: number;
  readonly transitions: number;
  readonly events: number;
  readonly longestHistory: number;
  readonly gigabyteSeconds: number;
  /** Of the orchestration: transitions, functions. */
  readonly dollars: number;
  /** Of the idle cluster. */
  readonly idleDollars: number;
}

/** Runs the trace through the service: with its own statement machine, or with a loop of fixed waits in its place. */
export async function replay(trace: StatementTrace, waitSeconds?: number): Promise<Price> {
  const ledger = machineLedger();
  const clock = new VirtualClock(Date.UTC(2026, 10, 22));
  const durationOf = durationIn(trace);
  const warehouse = timedWarehouse(clock, durationOf, (sql) =>
    /offending/.test(sql) ? { names: ['offending', 'example'], rows: [[0, '']] } : { names: ['rows'], rows: [[1]] },
  );
  const timed = timedCalls(clock, warehouse.intercept);
  const station: { ready?: number; released?: number } = {};
  const watched = (call: Call, proceed: () => Promise<unknown>): Promise<unknown> => {
    // A machine looks at what it has started once it is over: the first it starts acquires the cluster.
    if (call.context.operation === 'DescribeExecution' && call.context.caller.principalArn.includes(':role/'))
      station.ready ??= clock.now();
    if (wishOf(call) === 'release') station.released ??= clock.now();
    return timed.intercept(call, proceed);
  };
  await using service = await startService(projectOf(trace), watched, {
    clock,
    documents: ledger.documents,
    checkpoints: false,
    statementTimeoutMinutes: 25 * 60,
    definition: (machine, shipped) =>
      machine === 'statement' && waitSeconds !== undefined ? fixedLoop(shipped, waitSeconds) : shipped,
  });
  const { manifest, keys } = batchOf(trace);
  for (const key of keys) await service.put('inbox', `drop/${key}`, '1\n');
  await service.put('inbox', 'drop/manifest.json', manifest);
  const execution = await service.start({ bucket: service.bucket('inbox'), key: 'drop/manifest.json' });
  const ended = await service.ended(execution);
  const plan = await planOf(service);
  const criticalPathSeconds = criticalPathMs(plan, durationOf) / 1000;
  const idleSeconds = ((station.released ?? 0) - (station.ready ?? 0)) / 1000 - criticalPathSeconds;
  const gigabyteSeconds = timed.gigabyteSeconds();
  return {
    status: ended.status,
    outOfHistory: ledger.outOfHistory(),
    criticalPathSeconds,
    idleSeconds,
    transitions: ledger.transitions(),
    events: ledger.events(),
    longestHistory: ledger.longestHistory(),
    gigabyteSeconds,
    dollars:
      ledger.transitions() * DOLLARS_A_TRANSITION +
      gigabyteSeconds * DOLLARS_A_GB_SECOND +
      timed.invocations() * DOLLARS_A_REQUEST,
    idleDollars: idleSeconds * DOLLARS_A_CLUSTER_SECOND,
  };
}

function wishOf(call: Call): string | undefined {
  if (call.context.operation !== 'StartExecution') return undefined;
  const { input = '{}' } = call.input as { readonly input?: string };
  return (JSON.parse(input) as { readonly wish?: string }).wish;
}

async function planOf(service: Awaited<ReturnType<typeof startService>>): Promise<readonly (readonly string[])[]> {
  // However many objects there are, the first of them names the run.
  const keys = await service.keys('work', 'runs/');
  const first = keys.find((name) => !name.startsWith('runs/by-execution/')) ?? '';
  const key = layout.plan(first.split('/')[1] ?? '');
  const { waves } = JSON.parse(await service.text('work', key)) as {
    readonly waves: Readonly<Record<string, readonly (readonly string[])[]>>;
  };
  return Object.values(waves).flat();
}

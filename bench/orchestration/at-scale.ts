import { VirtualClock } from '../../local/kernel/index.ts';
import { machineLedger } from '../../tests/support/machine-ledger.ts';
import { startService } from '../../tests/support/service-in-process.ts';
import { timedCalls } from '../../tests/support/timed-calls.ts';
import { timedWarehouse } from '../../tests/support/timed-warehouse.ts';
import { batchOf, durationIn, projectOf } from './traces.ts';

/** What AWS allows of everything a run at scale is measured by. */
export const LIMITS = {
  /** https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
  payloadBytes: 262_144,
  historyEvents: 25_000,
  /** https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html */
  statementBytes: 100_000,
  activeStatements: 200,
  /** https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
  invocationMs: 900_000,
} as const;

export type AtScale = { readonly [limit in keyof typeof LIMITS]: number } & {
  readonly status: string;
  readonly executions: number;
  readonly manifestBytes: number;
  /** Calls beyond the Data API's rates: throttled, and made again later. */
  readonly throttled: number;
  readonly peakRssMiB: number;
};

/** Sends a batch through the service; every statement is over after 300 ms, because that asks the most of every rate. */
export async function runAtScale(tables: number, filesATable: number): Promise<AtScale> {
  const trace = {
    name: 'scale',
    copies: Array.from({ length: tables }, () => 300),
    transforms: [[1_000]],
    checks: [200],
    unload: 500,
  };
  const clock = new VirtualClock(Date.UTC(2026, 10, 22));
  const ledger = machineLedger();
  const lines = Array.from({ length: filesATable }, (_, at) => [`s3://inbox/drop/t/${at}.csv`, 1]);
  const warehouse = timedWarehouse(clock, durationIn(trace), (sql) => {
    if (sql.includes('offending')) return { names: ['offending', 'example'], rows: [[0, '']] };
    if (sql.includes('stl_load_commits')) return { names: ['file', 'lines'], rows: lines };
    return { names: ['rows'], rows: [[filesATable]] };
  });
  const timed = timedCalls(clock, warehouse.intercept);
  await using service = await startService(projectOf(trace), timed.intercept, {
    clock,
    documents: ledger.documents,
    checkpoints: false,
  });
  const { manifest, keys } = batchOf(trace, filesATable);
  for (let at = 0; at < keys.length; at += 500)
    await Promise.all(keys.slice(at, at + 500).map((key) => service.put('inbox', `drop/${key}`, '1\n')));
  await service.put('inbox', 'drop/manifest.json', manifest);
  const execution = await service.start({ bucket: service.bucket('inbox'), key: 'drop/manifest.json' });
  const { status } = await service.ended(execution);
  return {
    status,
    executions: ledger.executions(),
    throttled: warehouse.throttled(),
    manifestBytes: Buffer.byteLength(manifest),
    payloadBytes: ledger.largestPayload(),
    historyEvents: ledger.longestHistory(),
    statementBytes: warehouse.largestStatement(),
    activeStatements: warehouse.mostActive(),
    invocationMs: Math.max(
      ...['open-run', 'submit-statement', 'check-statement', 'notify'].map((name) => timed.longestInvocationMs(name)),
    ),
    // Kilobytes on Linux: https://nodejs.org/api/process.html#processresourceusage
    peakRssMiB: process.resourceUsage().maxRSS / 1024,
  };
}

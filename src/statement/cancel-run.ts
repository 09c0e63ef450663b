import { holderOf, releasing } from '../cluster/lease.ts';
import { readLease, swapLease } from '../cluster/lease-store.ts';
import { clusterWaitSeconds } from '../cluster/reconcile.ts';
import { LeaseContended, StatementNotCancelled } from '../errors/errors.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { counted } from '../report/words.ts';
import { claimedBy, readClaim } from '../run/claim.ts';
import { concurrently } from '../run/concurrently.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { submissionsOnTheirWay } from './attempts.ts';
import { keepCommitted } from './committed-units.ts';
import { lookForOvertaken, noteUnseen } from './overtaken.ts';
import { runPrefix } from './statement-name.ts';
import type { Warehouse } from './warehouse.ts';

export interface CancelPorts {
  readonly work: WorkStore;
  readonly warehouse: Warehouse;
  readonly clusterName: string;
  readonly now: Now;
}

export interface CancelRequest {
  /** Empty when opening the run failed; then the execution tells which run it was. */
  readonly runId: string;
  readonly execution: string;
  /** Which drive of the execution has ended: how often it had been redriven. */
  readonly redrive: number;
  /** When the cancelling began, ISO 8601. */
  readonly since: string;
}

/** A cancel takes seconds. What still runs after this long does not listen; the janitor begins again in its next period. */
const CANCEL_PATIENCE_MS = 30 * 60_000;

const SWAPS = 10;
const CANCELS_AT_ONCE = 8;

/**
 * Cancels what the run still has on the cluster, and says how many statements may still be running, or come to run. First the lease is marked,
 * so that nothing new is submitted; a run leaves the cluster only when this has answered 0. Whoever comes after it, another execution or a later
 * drive of the same one, waits behind a lease that is marked. Where they have taken it before it could be marked, the run is left alone; what
 * the earlier drive had committed is kept all the same, for its end is told, too. Throws StatementNotCancelled when cancelling takes no effect.
 */
export async function cancelRun(
  ports: CancelPorts,
  asked: CancelRequest,
): Promise<{ readonly live: number; readonly waitSeconds: number }> {
  const runId = asked.runId || (await claimedBy(ports.work, asked.execution));
  if (runId === undefined) return { live: 0, waitSeconds: 0 };
  const request = { ...asked, runId };
  const waitedMs = Math.max(0, ports.now() - Date.parse(request.since));
  if (!(await mayCancel(ports, request))) {
    await keepForReport(ports, request.runId, waitedMs);
    return { live: 0, waitSeconds: 0 };
  }
  const lists = await Promise.all(
    (['STARTED', 'PICKED', 'SUBMITTED'] as const).map((status) =>
      ports.warehouse.list(runPrefix(request.runId), status),
    ),
  );
  const live = lists.flat();
  await concurrently(live, CANCELS_AT_ONCE, ({ id }) => ports.warehouse.cancel(id));
  if (live.length === 0) {
    const coming = await submissionsOnTheirWay(ports.work, ports.warehouse, request.runId, ports.now());
    if (coming > 0) return { live: coming, waitSeconds: clusterWaitSeconds(waitedMs) };
    await keepForReport(ports, request.runId, waitedMs);
  }
  if (live.length > 0 && waitedMs > CANCEL_PATIENCE_MS)
    throw new StatementNotCancelled(
      `After ${counted(Math.round(waitedMs / 60_000), 'minute')} of cancelling, ${counted(live.length, 'statement')} of the run still ${live.length === 1 ? 'runs' : 'run'}: ${live
        .slice(0, 5)
        .map(({ name, id }) => `${name} (${id})`)
        .join(', ')}.`,
    );
  return { live: live.length, waitSeconds: live.length === 0 ? 0 : clusterWaitSeconds(waitedMs) };
}

/** How long a release waits for what only the report needs to know. */
const REPORT_PATIENCE_MS = 5 * 60_000;

/** Only the report needs it: it is tried again for a while, but that it cannot be found out must never keep a cluster from being released. */
async function keepForReport(ports: CancelPorts, runId: string, waitedMs: number): Promise<void> {
  const { lease } = await readLease(ports.work, ports.clusterName);
  try {
    await keepCommitted(ports, runId, lease.generation);
    await lookForOvertaken(ports, lease, runId);
  } catch (error) {
    if (error instanceof SluiceError && error.retryable && waitedMs < REPORT_PATIENCE_MS) throw error;
    // The report then says less than it could, and that it does; the ledger knows all the same.
    await noteUnseen(ports.work, lease, runId);
  }
}

/** Marks the lease. False when another execution, or a later drive of this one, has the cluster or is about to: what runs is its own. */
async function mayCancel({ work, clusterName }: CancelPorts, me: CancelRequest): Promise<boolean> {
  for (let attempt = 0; attempt < SWAPS; attempt++) {
    const read = await readLease(work, clusterName);
    const mine = holderOf(read.lease, me);
    if (!mine) {
      const claim = await readClaim(work, me.runId);
      return claim?.execution === me.execution && !read.lease.holders.some(({ runId }) => runId === me.runId);
    }
    if (mine.releasing || (await swapLease(work, clusterName, read, releasing(read.lease, me)))) return true;
  }
  throw new LeaseContended();
}

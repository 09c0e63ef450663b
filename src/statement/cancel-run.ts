import { holds, releasing } from '../cluster/lease.ts';
import { readLease, swapLease } from '../cluster/lease-store.ts';
import { clusterWaitSeconds } from '../cluster/reconcile.ts';
import { LeaseContended } from '../errors/errors.ts';
import { readClaim } from '../run/claim.ts';
import { concurrently } from '../run/concurrently.ts';
import type { Now, WorkStore } from '../run/work-store.ts';
import { keepCommitted } from './committed-units.ts';
import { runPrefix } from './statement-name.ts';
import type { Warehouse } from './warehouse.ts';

export interface CancelPorts {
  readonly work: WorkStore;
  readonly warehouse: Warehouse;
  readonly clusterName: string;
  readonly now: Now;
}

export interface CancelRequest {
  readonly runId: string;
  readonly execution: string;
  /** When the cancelling began, ISO 8601. */
  readonly since: string;
}

const SWAPS = 10;
const CANCELS_AT_ONCE = 8;

/**
 * Cancels what the run still has on the cluster, and says how many statements may still be running. First the lease is marked, so that nothing
 * new is submitted; a run leaves the cluster only when this has answered 0. A run that another execution has taken over is left alone.
 */
export async function cancelRun(
  ports: CancelPorts,
  request: CancelRequest,
): Promise<{ readonly live: number; readonly waitSeconds: number }> {
  const claim = await readClaim(ports.work, request.runId);
  if (claim?.execution !== request.execution) return { live: 0, waitSeconds: 0 };
  await markReleasing(ports, request);
  const lists = await Promise.all(
    (['STARTED', 'PICKED', 'SUBMITTED'] as const).map((status) =>
      ports.warehouse.list(runPrefix(request.runId), status),
    ),
  );
  const live = lists.flat();
  await concurrently(live, CANCELS_AT_ONCE, ({ id }) => ports.warehouse.cancel(id));
  if (live.length === 0) await keepCommittedOfLease(ports, request.runId);
  const waitedMs = Math.max(0, ports.now() - Date.parse(request.since));
  return { live: live.length, waitSeconds: live.length === 0 ? 0 : clusterWaitSeconds(waitedMs) };
}

/** Only the report needs it: that it cannot be found out must never keep a cluster from being released. */
async function keepCommittedOfLease(ports: CancelPorts, runId: string): Promise<void> {
  try {
    const { lease } = await readLease(ports.work, ports.clusterName);
    await keepCommitted(ports, runId, lease.generation);
  } catch {
    // The report then says less than it could; the ledger knows all the same.
  }
}

async function markReleasing({ work, clusterName }: CancelPorts, me: CancelRequest): Promise<void> {
  for (let attempt = 0; attempt < SWAPS; attempt++) {
    const read = await readLease(work, clusterName);
    if (!holds(read.lease, me) || read.lease.holders.some(({ runId, releasing: on }) => runId === me.runId && on))
      return;
    if (await swapLease(work, clusterName, read, releasing(read.lease, me))) return;
  }
  throw new LeaseContended();
}

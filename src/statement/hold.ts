import { holderOf, type Lease } from '../cluster/lease.ts';
import { readLease } from '../cluster/lease-store.ts';
import { LeaseLost } from '../errors/errors.ts';
import type { WorkStore } from '../run/work-store.ts';

/** The lease, if the run holds the cluster and is not on its way out. Throws LeaseLost. */
export async function requireHold(
  work: WorkStore,
  cluster: string,
  me: { readonly runId: string; readonly execution: string },
): Promise<Lease> {
  const { lease } = await readLease(work, cluster);
  const mine = holderOf(lease, me);
  if (!mine || mine.releasing) throw new LeaseLost();
  return lease;
}

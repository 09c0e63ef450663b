import { layout } from '../run/layout.ts';
import type { WorkStore } from '../run/work-store.ts';
import { FREE_LEASE, type Lease, leaseDocument } from './lease.ts';

/** A lease as it was read; without an etag when there is none yet. */
export interface ReadLease {
  readonly lease: Lease;
  readonly etag?: string;
}

export async function readLease(work: WorkStore, cluster: string): Promise<ReadLease> {
  const stored = await work.read(layout.lease(cluster));
  return stored ? { lease: leaseDocument.parse(JSON.parse(stored.text)), etag: stored.etag } : { lease: FREE_LEASE };
}

/** Swaps the lease for `next` if it is still the one that was read. */
export async function swapLease(work: WorkStore, cluster: string, read: ReadLease, next: Lease): Promise<boolean> {
  const key = layout.lease(cluster);
  const text = JSON.stringify({ ...next, revision: read.lease.revision + 1 });
  const etag = read.etag === undefined ? await work.create(key, text) : await work.replace(key, text, read.etag);
  return etag !== undefined;
}

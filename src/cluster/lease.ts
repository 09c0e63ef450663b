import * as z from 'zod';

const afterRun = z.enum(['delete', 'pause', 'keep']);
export type AfterRun = z.infer<typeof afterRun>;

const party = z.object({
  runId: z.string(),
  execution: z.string(),
  /** How often the execution has been redriven: what an earlier drive left to be tidied up is not a later one's to lose. */
  redrive: z.number().default(0),
});
/** A run, by the execution that acts for it. */
export type Party = z.infer<typeof party>;

const holder = party.extend({
  afterRun,
  since: z.number(),
  /** Schemas it writes. Runs that write the same schema take turns, in the order in which they joined. */
  schemas: z.array(z.string()),
  /** It is on its way out: nothing new may be submitted for it. */
  releasing: z.boolean(),
});
export type Holder = z.infer<typeof holder>;

/**
 * Who may use the cluster, and what is to become of it. One object in the work bucket; every change is a compare-and-swap, so whoever reads it
 * and writes it back knows that nothing happened in between. Nothing is decided by comparing clocks.
 */
export const leaseDocument = z.object({
  version: z.literal(1),
  /** Counts changes, so that no two contents, and so no two etags, are ever the same. */
  revision: z.number(),
  /** Counts clusters. What was done on one is nothing to the next, which begins empty. */
  generation: z.number(),
  holders: z.array(holder),
  /** The run that wants the cluster to be replaced, while others still use it. Nobody joins meanwhile. */
  replacing: party.optional(),
  /** The run that creates the stack. Only it may; the token makes its request idempotent. */
  creating: z.object({ runId: z.string(), token: z.string(), stackId: z.string().optional() }).optional(),
  /** Nobody holds the cluster and it is going. Whoever arrives waits until it is gone. */
  draining: z.object({ to: z.enum(['delete', 'pause']), since: z.number() }).optional(),
  /** Nobody holds the cluster, and it stays on purpose. */
  kept: z.object({ by: z.string(), as: z.enum(['running', 'paused']) }).optional(),
  /**
   * Drives that have left, the latest last: what one of them asked for may still arrive, and is refused. Each with the cluster that was there when
   * it left, 0 for none: what it had done on another is nowhere any more.
   */
  left: z
    .array(
      z.object({
        runId: z.string().optional(),
        execution: z.string(),
        redrive: z.number(),
        generation: z.number().optional(),
      }),
    )
    .default([]),
});
export type Lease = z.infer<typeof leaseDocument>;

export const FREE_LEASE: Lease = { version: 1, revision: 0, generation: 0, holders: [], left: [] };

/** Who asks: a step that does not know how often its execution was redriven speaks for whichever drive it is. */
export type Asker = Pick<Party, 'runId' | 'execution'> & Partial<Party>;

function isOf(party: Party, { runId, execution, redrive = Number.POSITIVE_INFINITY }: Asker): boolean {
  return party.runId === runId && party.execution === execution && party.redrive <= redrive;
}

/** The entry of the run, if it is this execution's and of no later drive of it; of two, the later. */
export function holderOf(lease: Lease, me: Asker): Holder | undefined {
  return lease.holders.findLast((holder) => isOf(holder, me));
}

/**
 * Who stays when the run joins: everybody else, and an earlier execution or drive of it that is on its way out. What that one runs is being
 * cancelled, and must not be taken for the newcomer's.
 */
export function besides(lease: Lease, me: Party): readonly Holder[] {
  return lease.holders.filter((holder) => holder.runId !== me.runId || (holder.releasing && !isSame(holder, me)));
}

function isSame(one: Party, other: Party): boolean {
  return one.execution === other.execution && one.redrive === other.redrive;
}

export function holds(lease: Lease, me: Asker): boolean {
  return holderOf(lease, me) !== undefined;
}

export function replaces(lease: Lease, me: Asker): boolean {
  return lease.replacing !== undefined && isOf(lease.replacing, me);
}

/** What a run says of itself when it joins. */
export interface Wishes {
  readonly afterRun: AfterRun;
  readonly schemas: readonly string[];
}

/** Who joined before this one and writes a schema it writes, or is of the same run: it comes after them. Nobody waits in a circle. */
export function ahead(lease: Lease, me: Party): readonly Holder[] {
  const at = lease.holders.findLastIndex((holder) => isOf(holder, me));
  const mine = new Set(lease.holders[at]?.schemas);
  return lease.holders
    .slice(0, Math.max(0, at))
    .filter(({ runId, schemas }) => runId === me.runId || schemas.some((schema) => mine.has(schema)));
}

/**
 * Adds the run. An entry of an earlier execution of the same run is taken over, unless it is on its way out: then it is waited for. Either way
 * its turn is kept: what it has begun may be running still, and whoever came after it waits for that.
 */
export function joined(lease: Lease, me: Party, wishes: Wishes, now: number): Lease {
  const { kept: _kept, draining: _draining, ...rest } = lease;
  const mine: Holder = { ...me, afterRun: wishes.afterRun, schemas: [...wishes.schemas], since: now, releasing: false };
  const before = lease.holders.findLastIndex((holder) => holder.runId === me.runId);
  const stay = besides(lease, me);
  const keepsTurn = before >= 0 && isWithin(mine.schemas, lease.holders[before]?.schemas ?? []);
  const at = keepsTurn
    ? lease.holders.slice(0, before + 1).filter((holder) => stay.includes(holder)).length
    : stay.length;
  return withoutReplacing({ ...rest, holders: stay.toSpliced(at, 0, mine) }, me);
}

/** Who writes more than it did joins anew: somebody may be writing that already. */
function isWithin(schemas: readonly string[], others: readonly string[]): boolean {
  return schemas.every((schema) => others.includes(schema));
}

/**
 * Notes who creates the stack. The token is new with every cluster, so a request repeated after a failure is another request. A lease that is
 * new counts on from the clock: somebody may have deleted the one before, and what was submitted to an earlier cluster under the same number
 * would be taken for done on this one.
 */
export function creating(lease: Lease, me: Party, now: number): Lease {
  const generation = lease.generation === 0 ? Math.max(1, Math.ceil(now / 1000)) : lease.generation + 1;
  return { ...lease, generation, creating: { runId: me.runId, token: `${me.runId}-${generation}` } };
}

export function stackKnown(lease: Lease, stackId: string): Lease {
  return lease.creating ? { ...lease, creating: { ...lease.creating, stackId } } : lease;
}

/** Keeps newcomers away until the others have left. */
export function replacing(lease: Lease, me: Party): Lease {
  return { ...lease, replacing: me };
}

export function releasing(lease: Lease, me: Asker): Lease {
  return {
    ...lease,
    holders: lease.holders.map((holder) => (isOf(holder, me) ? { ...holder, releasing: true } : holder)),
  };
}

/** A request arrives late by minutes; as many runs do not come and go meanwhile. */
const MOST_LEFT = 50;

/** Whether this drive of the run has left the cluster, or a later one has taken its place. */
export function hasLeft({ left: gone, holders }: Lease, me: Party): boolean {
  return (
    gone.some(({ execution, redrive }) => execution === me.execution && redrive >= me.redrive) ||
    holders.some(({ execution, redrive }) => execution === me.execution && redrive > me.redrive)
  );
}

/** Notes that the drive has left, and which cluster. */
export function notedAsLeft(lease: Lease, { runId, execution, redrive }: Party, generation: number): Lease {
  const others = lease.left.filter((one) => one.execution !== execution);
  return { ...lease, left: [...others, { runId, execution, redrive, generation }].slice(-MOST_LEFT) };
}

/** Whether the run has left the cluster that is there: others may have written since what it had written. */
export function hasComeBack({ left: gone, generation }: Lease, runId: string): boolean {
  return gone.some((one) => one.runId === runId && one.generation === generation);
}

/** Whether so many have left that the lease no longer knows of all of them. */
export function mayHaveBeenForgotten({ left: gone }: Lease): boolean {
  return gone.length >= MOST_LEFT;
}

/** The cluster that was there when the drive left, as the lease counts them; 0 for none, undefined where that was not noted. */
export function generationLeft(lease: Lease, { execution }: Party): number | undefined {
  return lease.left.find((one) => one.execution === execution)?.generation;
}

/**
 * Removes the run. When nobody is left, the same change says what becomes of the cluster: there is no moment in which nobody holds it and
 * nothing is decided.
 */
export function left(
  lease: Lease,
  me: Party,
  { generation, isGone }: { readonly generation: number; readonly isGone: boolean },
  now: number,
): Lease {
  const mine = holderOf(lease, me);
  const holders = lease.holders.filter((holder) => holder !== mine);
  const { creating: creator, ...others } = withoutReplacing({ ...notedAsLeft(lease, me, generation), holders }, me);
  const isStillThere = holders.some(({ runId }) => runId === creator?.runId);
  const rest: Lease = creator && isStillThere ? { ...others, creating: creator } : others;
  if (holders.length > 0 || mine === undefined) return rest;
  return abandoned(rest, lease.replacing ? 'delete' : mine.afterRun, me.runId, !isGone, now);
}

/** Nobody holds the cluster: it goes, or stays on purpose. */
export function abandoned(lease: Lease, to: AfterRun, by: string, clusterIsThere: boolean, now: number): Lease {
  const { kept: _kept, creating: _creating, ...rest } = lease;
  if (to === 'keep') return clusterIsThere ? { ...rest, kept: { by, as: 'running' } } : rest;
  return { ...rest, draining: { to, since: now } };
}

/** The cluster is gone, or paused: whoever comes next starts afresh. */
export function drained(lease: Lease, now: 'gone' | 'paused', by: string): Lease {
  const { draining: _draining, kept: _kept, creating: _creating, ...rest } = lease;
  return now === 'paused' ? { ...rest, kept: { by, as: 'paused' } } : rest;
}

function withoutReplacing(lease: Lease, me: Party): Lease {
  if (lease.replacing?.runId !== me.runId) return lease;
  const { replacing: _mine, ...rest } = lease;
  return rest;
}

/**
 * The cluster of a run went away under it, or never came up right: the run steps back, and comes first once what is left has been deleted.
 * Nothing is ever deleted while somebody holds it.
 */
export function restarting(lease: Lease, me: Party, now: number): Lease {
  const holders = [...besides(lease, me)];
  const { creating: _creating, kept: _kept, ...rest } = lease;
  const next: Lease = { ...rest, holders, replacing: lease.replacing ?? me };
  return holders.length > 0 ? next : { ...next, draining: { to: 'delete', since: now } };
}

/** Who holds or wants a lock: a transaction. */
export interface LockOwner {
  readonly pid: number;
}

/** Taken when waiting would never end: the owners wait for each other in a circle. */
export class Deadlock extends Error {
  override readonly name = 'Deadlock';
  readonly table: string;
  readonly pids: readonly number[];

  constructor(table: string, pids: readonly number[]) {
    super(`deadlock detected on ${table}`);
    this.table = table;
    this.pids = pids;
  }
}

/**
 * One writer at a time for each table. Redshift lets a second writer wait for the first one's transaction to end; DuckDB would fail it
 * at once. See https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html
 */
export interface TableLocks {
  /** Waits until `owner` alone may write every one of `tables`. Whoever holds one already keeps it. */
  acquire(owner: LockOwner, tables: readonly string[], signal?: AbortSignal): Promise<void>;
  /** Whether `owner` could write all of `tables` without waiting. */
  free(owner: LockOwner, tables: readonly string[]): boolean;
  /** Gives up everything `owner` holds. */
  release(owner: LockOwner): void;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly grant: () => void;
}

interface Lock {
  owner: LockOwner;
  readonly waiting: Waiter[];
}

export function createTableLocks(): TableLocks {
  const locks = new Map<string, Lock>();
  const waitsFor = new Map<LockOwner, string>();

  const circle = (owner: LockOwner, table: string): readonly number[] | undefined => {
    const pids = [owner.pid];
    let holder = locks.get(table)?.owner;
    while (holder) {
      if (holder === owner) return pids;
      pids.push(holder.pid);
      const next = waitsFor.get(holder);
      holder = next === undefined ? undefined : locks.get(next)?.owner;
    }
    return undefined;
  };

  const acquireOne = (owner: LockOwner, table: string, signal: AbortSignal | undefined): Promise<void> => {
    const lock = locks.get(table);
    if (!lock) locks.set(table, { owner, waiting: [] });
    if (!lock || lock.owner === owner) return Promise.resolve();
    const pids = circle(owner, table);
    if (pids) return Promise.reject(new Deadlock(table, pids));
    return new Promise((resolve, reject) => {
      const done = (): void => {
        waitsFor.delete(owner);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        const at = lock.waiting.indexOf(waiter);
        if (at >= 0) lock.waiting.splice(at, 1);
        done();
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        owner,
        grant: () => {
          lock.owner = owner;
          done();
          resolve();
        },
      };
      lock.waiting.push(waiter);
      waitsFor.set(owner, table);
      signal?.addEventListener('abort', abort, { once: true });
    });
  };

  return {
    acquire: async (owner, tables, signal) => {
      // Always in the same order, so that two who want the same tables never wait for each other.
      for (const table of [...new Set(tables)].sort()) {
        signal?.throwIfAborted();
        await acquireOne(owner, table, signal);
      }
    },
    free: (owner, tables) =>
      tables.every((table) => {
        const lock = locks.get(table);
        return !lock || lock.owner === owner;
      }),
    release: (owner) => {
      for (const [table, lock] of locks) {
        if (lock.owner !== owner) continue;
        const next = lock.waiting.shift();
        if (next) next.grant();
        else locks.delete(table);
      }
    },
  };
}

/** Who holds or wants a lock: a transaction. */
export interface LockOwner {
  readonly pid: number;
}

/** `append` only adds rows: any number of transactions may, side by side. `write` changes or removes them, or the table: one alone. */
export type LockMode = 'append' | 'write';

export interface TableLock {
  /** `schema.table` */
  readonly table: string;
  readonly mode: LockMode;
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
 * Lets a second writer of a table wait for the first one's transaction to end, as Redshift does; DuckDB would fail it at once. Rows
 * that are only added never conflict, so loads into one table go side by side.
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_LOCK.html
 */
export interface TableLocks {
  /** Waits until `owner` has every one of `wanted`. Whoever holds one already keeps it. */
  acquire(owner: LockOwner, wanted: readonly TableLock[], signal?: AbortSignal): Promise<void>;
  /** Whether `owner` would get all of `wanted` without waiting. */
  free(owner: LockOwner, wanted: readonly TableLock[]): boolean;
  /** Gives up everything `owner` holds. */
  release(owner: LockOwner): void;
}

interface Waiter {
  readonly owner: LockOwner;
  readonly mode: LockMode;
  readonly grant: () => void;
}

interface State {
  readonly holders: Map<LockOwner, LockMode>;
  /** In order of asking. */
  readonly waiting: Waiter[];
}

export function createTableLocks(): TableLocks {
  const tables = new Map<string, State>();
  /** The table each waiting owner waits for. */
  const waits = new Map<LockOwner, string>();

  const compatible = ({ holders }: State, owner: LockOwner, mode: LockMode): boolean =>
    [...holders].every(([holder, held]) => holder === owner || (mode === 'append' && held === 'append'));

  const obtainable = (state: State | undefined, owner: LockOwner, mode: LockMode): boolean => {
    if (!state) return true;
    const held = state.holders.get(owner);
    if (held === 'write' || held === mode) return true;
    // Nobody overtakes those who wait, except who holds the table already: behind them it would wait for ever.
    return compatible(state, owner, mode) && (held !== undefined || state.waiting.length === 0);
  };

  /** Whom an owner that waits for a table waits for. */
  const ahead = (owner: LockOwner, table: string): readonly LockOwner[] => {
    const state = tables.get(table);
    if (!state) return [];
    const place = state.waiting.findIndex((waiter) => waiter.owner === owner);
    const before = place < 0 ? state.waiting : state.waiting.slice(0, place);
    return [...state.holders.keys(), ...before.map((waiter) => waiter.owner)].filter((other) => other !== owner);
  };

  /** The process ids of a circle that waiting for `table` would close. */
  const circle = (owner: LockOwner, table: string): readonly number[] | undefined => {
    const seen = new Set<LockOwner>();
    const follow = (from: LockOwner, wanted: string, path: readonly number[]): readonly number[] | undefined => {
      for (const other of ahead(from, wanted)) {
        if (other === owner) return path;
        if (seen.has(other)) continue;
        seen.add(other);
        const next = waits.get(other);
        const found = next === undefined ? undefined : follow(other, next, [...path, other.pid]);
        if (found) return found;
      }
      return undefined;
    };
    return follow(owner, table, [owner.pid]);
  };

  const hold = (state: State, owner: LockOwner, mode: LockMode): void => {
    if (state.holders.get(owner) !== 'write') state.holders.set(owner, mode);
  };

  /** Lets in, in order, who can be. */
  const admit = (table: string, state: State): void => {
    for (let next = state.waiting[0]; next && compatible(state, next.owner, next.mode); next = state.waiting[0]) {
      state.waiting.shift();
      hold(state, next.owner, next.mode);
      next.grant();
    }
    if (state.holders.size === 0 && state.waiting.length === 0) tables.delete(table);
  };

  const acquireOne = (owner: LockOwner, { table, mode }: TableLock, signal: AbortSignal | undefined): Promise<void> => {
    const state: State = tables.get(table) ?? { holders: new Map(), waiting: [] };
    if (obtainable(tables.get(table), owner, mode)) {
      tables.set(table, state);
      hold(state, owner, mode);
      return Promise.resolve();
    }
    const pids = circle(owner, table);
    if (pids) return Promise.reject(new Deadlock(table, pids));
    return new Promise((resolve, reject) => {
      const done = (): void => {
        waits.delete(owner);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        state.waiting.splice(state.waiting.indexOf(waiter), 1);
        done();
        admit(table, state);
        reject(signal?.reason as Error);
      };
      const waiter: Waiter = {
        owner,
        mode,
        grant: () => {
          done();
          resolve();
        },
      };
      state.waiting.push(waiter);
      waits.set(owner, table);
      signal?.addEventListener('abort', abort, { once: true });
    });
  };

  return {
    acquire: async (owner, wanted, signal) => {
      // Always in the same order, so that two who want the same tables never wait for each other.
      for (const lock of strongest(wanted)) {
        signal?.throwIfAborted();
        await acquireOne(owner, lock, signal);
      }
    },
    free: (owner, wanted) => wanted.every(({ table, mode }) => obtainable(tables.get(table), owner, mode)),
    release: (owner) => {
      for (const [table, state] of tables) if (state.holders.delete(owner)) admit(table, state);
    },
  };
}

/** Each table once, in order of name, in the stronger of the modes asked for. */
function strongest(wanted: readonly TableLock[]): readonly TableLock[] {
  const modes = new Map<string, LockMode>();
  for (const { table, mode } of wanted) if (modes.get(table) !== 'write') modes.set(table, mode);
  return [...modes].map(([table, mode]) => ({ table, mode })).sort((a, b) => (a.table < b.table ? -1 : 1));
}

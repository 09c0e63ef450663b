import type { Clock } from './clock.ts';

interface Sleeper {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * A clock that jumps to the next sleeper as soon as nothing else is going on.
 *
 * Work the clock cannot see (a DuckDB query, a worker's answer) is wrapped in {@link VirtualClock.busy}, which holds time still
 * until it settles. Sleepers wake in order of their time, then of their call, so a run is a function of its inputs.
 */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #busy = 0;
  #scheduled = false;
  #sleepers: Sleeper[] = [];

  constructor(startMs: number) {
    this.#now = startMs;
  }

  now(): number {
    return this.#now;
  }

  /** Moves time by `ms` at once, as a corrected system clock would; sleepers keep their own wake times. */
  jump(ms: number): void {
    this.#now += ms;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason as Error);
      const abort = (): void => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason as Error);
      };
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        order: this.#order++,
        wake: () => {
          signal?.removeEventListener('abort', abort);
          resolve();
        },
      };
      signal?.addEventListener('abort', abort, { once: true });
      this.#insert(sleeper);
      this.#schedule();
    });
  }

  /** Holds time still until `work` settles. */
  async busy<T>(work: Promise<T>): Promise<T> {
    this.#busy++;
    try {
      return await work;
    } finally {
      this.#busy--;
      this.#schedule();
    }
  }

  #insert(sleeper: Sleeper): void {
    let low = 0;
    let high = this.#sleepers.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#sleepers[middle];
      if (other && (other.at < sleeper.at || (other.at === sleeper.at && other.order < sleeper.order)))
        low = middle + 1;
      else high = middle;
    }
    this.#sleepers.splice(low, 0, sleeper);
  }

  /** Two idle turns of the event loop mean that every promise that could go on has gone on. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() =>
      setImmediate(() => {
        this.#scheduled = false;
        if (this.#busy > 0) return;
        const next = this.#sleepers.shift();
        if (!next) return;
        this.#now = Math.max(this.#now, next.at);
        next.wake();
        this.#schedule();
      }),
    );
  }
}

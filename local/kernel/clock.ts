/** Time as the local cloud sees it. Every service takes its clock from outside, so days can pass in milliseconds. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `ms` milliseconds of this clock's time; rejects with the signal's reason once aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Of a clock that jumps: holds time still until `work` settles. */
  busy?<T>(work: Promise<T>): Promise<T>;
}

/**
 * Work the clock cannot see (a query, a file, a worker's answer): no simulated time passes while it goes on. On the wall clock it is the
 * work itself.
 */
export function held<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return clock.busy?.(work) ?? work;
}

/** `setTimeout` fires at once for delays above this many milliseconds. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The wall clock. Its timers do not keep the process alive on their own. */
export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    let left = ms;
    while (left > 0) {
      const step = Math.min(left, LONGEST_TIMER_MS);
      await timer(step, signal);
      left -= step;
    }
    signal?.throwIfAborted();
  },
};

function timer(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error);
    const abort = (): void => {
      clearTimeout(handle);
      reject(signal?.reason as Error);
    };
    const handle = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', abort, { once: true });
  });
}

import { AwsError, type Cloud } from '../kernel/index.ts';
import { MOST_WAITING_REQUESTS } from './limits.ts';

/** Requests that wait for statements to end. */
export interface Completions {
  /**
   * Resolves when the statement has ended or the seconds have passed.
   * @throws AwsError `ActiveWaitingRequestsExceededException` where too many wait for the same statement already.
   */
  wait(id: string, seconds: number): Promise<void>;
  /** Wakes whoever waits for the statement. */
  ended(id: string): void;
  close(): void;
}

/** Made once: an error costs its stack. */
const WOKEN = new Error('the statement has ended');

export function createCompletions(cloud: Cloud): Completions {
  const waiting = new Map<string, Set<() => void>>();
  return {
    wait: async (id, seconds) => {
      const waiters = waiting.get(id) ?? new Set();
      if (waiters.size >= MOST_WAITING_REQUESTS)
        throw new AwsError(
          'ActiveWaitingRequestsExceededException',
          `The number of active requests with WaitTimeSeconds for statement ${id} exceeds the limit of ${MOST_WAITING_REQUESTS}.`,
          400,
        );
      waiting.set(id, waiters);
      const timeout = new AbortController();
      const wake = (): void => timeout.abort(WOKEN);
      waiters.add(wake);
      try {
        await cloud.clock.sleep(seconds * 1000, timeout.signal);
      } catch (error) {
        if (!timeout.signal.aborted) throw error;
      } finally {
        waiters.delete(wake);
        if (waiters.size === 0) waiting.delete(id);
      }
    },
    ended: (id) => {
      for (const wake of waiting.get(id) ?? []) wake();
    },
    close: () => {
      for (const waiters of waiting.values()) for (const wake of waiters) wake();
    },
  };
}

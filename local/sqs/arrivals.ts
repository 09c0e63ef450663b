import type { Clock } from '../kernel/index.ts';

/** Wakes long polls when something arrives in their queue. */
export interface Arrivals {
  announce(queue: string): void;
  /** Resolves at the next arrival, after `ms` of the clock's time, or when everything closes. */
  wait(queue: string, ms: number): Promise<void>;
  close(): void;
}

export function createArrivals(clock: Clock): Arrivals {
  const waiting = new Map<string, Set<AbortController>>();
  const wake = (controllers: Iterable<AbortController>): void => {
    for (const controller of controllers) controller.abort(new Error('something arrived'));
  };
  return {
    announce: (queue) => wake(waiting.get(queue) ?? []),
    wait: async (queue, ms) => {
      const controller = new AbortController();
      const others = waiting.get(queue) ?? new Set();
      waiting.set(queue, others.add(controller));
      try {
        await clock.sleep(ms, controller.signal);
      } catch (error) {
        if (!controller.signal.aborted) throw error;
      } finally {
        others.delete(controller);
      }
    },
    close: () => {
      for (const controllers of waiting.values()) wake(controllers);
    },
  };
}

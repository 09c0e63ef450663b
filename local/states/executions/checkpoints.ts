import type { LiveExecution } from './live.ts';
import type { ExecutionStore } from './store.ts';

/** What a crash of the process may cost of a running execution's record, in real milliseconds. */
const DELAY_MS = 20;
/** Writing takes at most a tenth of the time. */
const PAUSE_PER_COST = 10;

/**
 * Writes running executions to disk in batches, on real time: what is on disk shows only after a restart, so no service's clock is concerned.
 */
export class Checkpoints {
  readonly #store: ExecutionStore;
  readonly #dirty = new Set<LiveExecution>();
  #timer: NodeJS.Timeout | undefined;
  #delay = DELAY_MS;

  constructor(store: ExecutionStore) {
    this.#store = store;
  }

  request(execution: LiveExecution): void {
    this.#dirty.add(execution);
    this.#timer ??= setTimeout(() => this.flush(), this.#delay).unref();
  }

  forget(execution: LiveExecution): void {
    this.#dirty.delete(execution);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const began = performance.now();
    for (const { record, history, frame } of this.#dirty) {
      this.#store.appendHistory(record.arn, history);
      this.#store.writeFrame(record.arn, frame);
    }
    this.#dirty.clear();
    this.#delay = Math.max(DELAY_MS, (performance.now() - began) * PAUSE_PER_COST);
  }
}

import type { Ids } from '../../kernel/index.ts';
import { covers } from '../failure.ts';
import type { Retrier } from '../language/definition.ts';

/** Defaults of https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html#error-handling-retrying-after-an-error */
const INTERVAL_SECONDS = 1;
const MAX_ATTEMPTS = 3;
const BACKOFF_RATE = 2;

/** How often each retrier of a state has been used since the state was entered. */
export class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #used: number[];
  readonly #ids: Ids;

  constructor(retriers: readonly Retrier[] | undefined, ids: Ids) {
    this.#retriers = retriers ?? [];
    this.#used = this.#retriers.map(() => 0);
    this.#ids = ids;
  }

  /** Milliseconds to wait before the next attempt; `undefined` where there is none. The first retrier that matches decides. */
  delayAfter(error: string | undefined): number | undefined {
    const at = this.#retriers.findIndex((retrier) => covers(retrier.ErrorEquals, error));
    const retrier = this.#retriers[at];
    if (!retrier) return undefined;
    const used = this.#used[at] ?? 0;
    if (used >= (retrier.MaxAttempts ?? MAX_ATTEMPTS)) return undefined;
    this.#used[at] = used + 1;
    const grown = (retrier.IntervalSeconds ?? INTERVAL_SECONDS) * (retrier.BackoffRate ?? BACKOFF_RATE) ** used;
    const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Infinity);
    return 1000 * (retrier.JitterStrategy === 'FULL' ? this.#ids.random() * seconds : seconds);
  }
}

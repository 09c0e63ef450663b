import type { Clock } from '../../kernel/index.ts';

/**
 * Work the clock cannot see (a query, a file) held against a virtual clock, so that no simulated time passes while it goes on.
 * On the wall clock it is the work itself.
 */
export function held<T>(clock: Clock, work: Promise<T>): Promise<T> {
  return 'busy' in clock ? (clock as Clock & { busy<R>(work: Promise<R>): Promise<R> }).busy(work) : work;
}

import type { VirtualClock } from '../../local/kernel/index.ts';
import { randomOf, type Random } from './random.ts';

let current: { readonly clock: VirtualClock; readonly random: Random } | undefined;

/**
 * Lets the SDK's own retries wait on the simulation's clock, with jitter from its seed: they call `setTimeout` and `Math.random`, which nothing
 * gives them from outside. For a process that does nothing but simulate.
 */
export function useVirtualTimers(clock: VirtualClock, seed: number): void {
  current = { clock, random: randomOf(seed, 'jitter') };
}

export function installVirtualTimers(): void {
  const real = globalThis.setTimeout;
  const clear = globalThis.clearTimeout;
  const cancels = new WeakMap<object, AbortController>();
  const virtual = (run: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): unknown => {
    if (!current) return real(run, ms, ...args);
    const cancel = new AbortController();
    const handle = { ref: () => handle, unref: () => handle, hasRef: () => true };
    cancels.set(handle, cancel);
    current.clock.sleep(ms, cancel.signal).then(
      () => run(...args),
      () => undefined,
    );
    return handle;
  };
  globalThis.setTimeout = Object.assign(virtual, real);
  globalThis.clearTimeout = (handle: unknown) => {
    const cancel = typeof handle === 'object' && handle !== null ? cancels.get(handle) : undefined;
    if (cancel) cancel.abort(new Error('cleared'));
    else clear(handle as NodeJS.Timeout);
  };
  Math.random = () => current?.random.next() ?? 0.5;
}

/** A fixed number of turns, given in order of asking. */
export interface Turns {
  /** Resolves to the function that gives the turn back. Rejects with the signal's reason if it aborts while waiting. */
  take(signal?: AbortSignal): Promise<() => void>;
}

export function createTurns(size: number): Turns {
  let free = size;
  const waiting: (() => void)[] = [];
  const giveBack = (): (() => void) => {
    let given = false;
    return () => {
      if (given) return;
      given = true;
      const next = waiting.shift();
      if (next) next();
      else free++;
    };
  };
  return {
    take: (signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason as Error);
        if (free > 0) {
          free--;
          return resolve(giveBack());
        }
        const abort = (): void => {
          const at = waiting.indexOf(grant);
          if (at >= 0) waiting.splice(at, 1);
          reject(signal?.reason as Error);
        };
        const grant = (): void => {
          signal?.removeEventListener('abort', abort);
          resolve(giveBack());
        };
        waiting.push(grant);
        signal?.addEventListener('abort', abort, { once: true });
      }),
  };
}

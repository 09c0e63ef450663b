import { Worker } from 'node:worker_threads';
import type { Asked, ClientSettings, Done } from './client-thread.ts';

/** A client of the Data API on a thread of its own, as it would be a program of its own: its work keeps nobody else's event loop busy. */
export interface Client {
  /** Runs one statement and waits for its end, and fetches its result where that is asked for. */
  ask(request: Omit<Asked, 'number'>): Promise<void>;
  close(): Promise<unknown>;
}

export function startClient(settings: ClientSettings): Client {
  const worker = new Worker(new URL('./client-thread.ts', import.meta.url), { workerData: settings });
  const waiting = new Map<number, (done: Done) => void>();
  let last = 0;
  worker.on('message', (done: Done) => {
    waiting.get(done.number)?.(done);
    waiting.delete(done.number);
  });
  return {
    ask: (request) =>
      new Promise((resolve, reject) => {
        const number = ++last;
        waiting.set(number, ({ failed }) => (failed === undefined ? resolve() : reject(new Error(failed))));
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
        worker.postMessage({ number, ...request } satisfies Asked);
      }),
    close: () => worker.terminate(),
  };
}

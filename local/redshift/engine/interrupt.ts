import type { DuckDBConnection } from '@duckdb/node-api';

/** An interrupt that comes before the query has started is lost, so it is repeated until the work has ended. */
const REPEAT_MS = 5;

/** Interrupts whatever runs on a connection until `settled` has. */
export async function interruptUntil(connection: DuckDBConnection, settled: Promise<unknown>): Promise<void> {
  const timer = setInterval(() => connection.interrupt(), REPEAT_MS);
  try {
    await settled;
  } finally {
    clearInterval(timer);
  }
}

/** Runs `work` on a connection; once the signal aborts, the connection's query is interrupted. */
export async function runInterruptibly<T>(
  connection: DuckDBConnection,
  signal: AbortSignal,
  work: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let timer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    connection.interrupt();
    timer = setInterval(() => connection.interrupt(), REPEAT_MS);
  };
  signal.addEventListener('abort', interrupt, { once: true });
  try {
    return await work();
  } finally {
    signal.removeEventListener('abort', interrupt);
    clearInterval(timer);
  }
}

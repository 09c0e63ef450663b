import { messageOf } from './failure.ts';
import type { LoadEnvironment } from './ports.ts';

/** DuckDB's reader gave up, so the transaction is aborted: only the reason can still be found. */
export class FastLoadFailed extends Error {
  override readonly name = 'FastLoadFailed';
}

/** @returns how many rows there are more. @throws FastLoadFailed */
export async function insertRows(sql: string, { connection, signal }: LoadEnvironment): Promise<number> {
  try {
    signal.throwIfAborted();
    return (await connection.run(sql)).rowsChanged;
  } catch (error) {
    signal.throwIfAborted();
    throw new FastLoadFailed(messageOf(error), { cause: error });
  }
}

import type { DuckDBConnection } from '@duckdb/node-api';

/** Whether rows go into a session's tables in the order they come in. */
export interface InsertionOrder {
  /** From here on they may go in in any order: DuckDB keeps that, whatever becomes of the transaction. */
  leave(): Promise<void>;
  /** Back to order; not possible in a transaction that has failed. */
  restore(): Promise<void>;
}

export function createInsertionOrder(connection: DuckDBConnection): InsertionOrder {
  let left = false;
  return {
    leave: async () => {
      left = true;
      await connection.run('SET SESSION preserve_insertion_order = false');
    },
    restore: async () => {
      if (!left) return;
      await connection.run('RESET SESSION preserve_insertion_order');
      left = false;
    },
  };
}

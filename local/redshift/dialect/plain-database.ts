import type { DuckDBConnection } from '@duckdb/node-api';
import type { Database } from './translation.ts';

/** Asks a connection itself, each time: nothing is remembered. */
export function databaseOn(connection: DuckDBConnection): Database {
  return { query: async (sql) => (await connection.runAndReadAll(sql)).getRowsJS() };
}

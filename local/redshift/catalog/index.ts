import type { DuckDBConnection } from '@duckdb/node-api';
import { LOG_TABLES } from './log-tables.ts';

/** Creates the system tables and views in the attached database `rs`: once for each DuckDB instance. */
export async function installCatalog(connection: DuckDBConnection): Promise<void> {
  await connection.run(LOG_TABLES.join(';\n'));
}

import type { DuckDBConnection } from '@duckdb/node-api';
import { installCatalog } from '../catalog/index.ts';
import {
  knownColumns,
  identifier,
  MACRO_DATABASE,
  prepareDatabase,
  prepareInstance,
  prepareSession,
  redshiftError,
  textTypes,
  translate,
} from '../dialect/index.ts';
import type { Dialect } from './dialect-port.ts';

/** Redshift's dialect with its system tables, as the engine asks for it. */
export const redshiftDialect: Dialect = {
  prepareInstance: async (connection: DuckDBConnection) => {
    await prepareInstance(connection);
    await installCatalog(connection);
  },
  // The macros stay; what the system tables have seen goes.
  resetInstance: async (connection) => {
    const filled = await connection.runAndReadAll(
      `select schema_name, table_name from duckdb_tables() where database_name = '${MACRO_DATABASE}' and estimated_size > 0`,
    );
    for (const [schema, table] of filled.getRows())
      await connection.run(`DELETE FROM ${MACRO_DATABASE}.${identifier(String(schema))}.${identifier(String(table))}`);
  },
  prepareDatabase,
  prepareSession,
  translate: (sql) => {
    try {
      return translate(sql);
    } catch (error) {
      throw redshiftError(error, sql);
    }
  },
  textTypes: (database, select) => textTypes(database, select).catch(() => []),
  knownColumns: (database, query, names) => knownColumns(database, query, names).catch(() => []),
  failure: redshiftError,
};

import type { DuckDBConnection } from '@duckdb/node-api';
import { CATALOG, LOG_TABLES } from '../catalog/index.ts';
import {
  knownColumns,
  identifier,
  INSTANCE_SETUP,
  MACRO_DATABASE,
  MACROS,
  prepareDatabase,
  prepareSession,
  redshiftError,
  registerComputedFormats,
  registerPcre,
  registerSuperEquality,
  textTypes,
  translate,
} from '../dialect/index.ts';
import type { Dialect } from './dialect-port.ts';
import { attachImage, type ImageContent } from './image.ts';

/** The macros and the system views: a macro is bound where it is used, so inside them others of ours are found by their whole name only. */
const IMAGE: ImageContent = {
  name: MACRO_DATABASE,
  settings: [...INSTANCE_SETUP, ...LOG_TABLES],
  statements: [...MACROS, ...CATALOG],
};

/** Redshift's dialect with its system tables, as the engine asks for it. */
export const redshiftDialect: Dialect = {
  prepareInstance: async (connection: DuckDBConnection, images?: string) => {
    await connection.run(IMAGE.settings.join(';\n'));
    registerPcre(connection);
    registerComputedFormats(connection);
    registerSuperEquality(connection);
    await attachImage(connection, IMAGE, images);
  },
  // The macros stay; what the system tables have seen goes.
  resetInstance: async (connection) => {
    const filled = await connection.runAndReadAll(
      "select schema_name, table_name from duckdb_tables() where database_name = 'memory' and estimated_size > 0",
    );
    for (const [schema, table] of filled.getRows())
      await connection.run(`DELETE FROM memory.${identifier(String(schema))}.${identifier(String(table))}`);
  },
  prepareDatabase,
  prepareSession,
  translate: (sql, cases) => {
    try {
      return translate(sql, cases);
    } catch (error) {
      throw redshiftError(error, sql);
    }
  },
  textTypes: (database, select) => textTypes(database, select).catch(() => []),
  knownColumns: (database, query, names, cases) => knownColumns(database, query, names, cases).catch(() => []),
  failure: redshiftError,
};

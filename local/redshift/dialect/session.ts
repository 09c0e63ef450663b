import type { DuckDBConnection } from '@duckdb/node-api';
import { identifier, literal } from './lexer.ts';

/** The attached database that holds the macros and the system views. */
export const MACRO_DATABASE = 'rs';

/**
 * `errors_as_json` gives every error its position. Integer division, NULL order and folding of names are Redshift's:
 * https://docs.aws.amazon.com/redshift/latest/dg/r_ORDER_BY_clause.html and https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
 */
const SETTINGS: readonly string[] = [
  'integer_division=true',
  "default_null_order='nulls_last_on_asc_first_on_desc'",
  'preserve_identifier_case=false',
  'old_implicit_casting=true',
  "TimeZone='UTC'",
  'errors_as_json=true',
];

/** Once for each DuckDB instance, before any database is attached. */
export const INSTANCE_SETUP: readonly string[] = SETTINGS.map((setting) => `SET GLOBAL ${setting}`);

/** Once for each database, when it is created. */
export const databaseSetup = (database: string): readonly string[] => [
  `CREATE SCHEMA IF NOT EXISTS ${identifier(database)}.public`,
];

/** For each new connection. */
export const sessionSetup = (database: string, user: string): readonly string[] => [
  `SET VARIABLE rs_user=${literal(user)}`,
  `SET VARIABLE rs_database=${literal(database)}`,
  `SET VARIABLE rs_search_path='$user, public'`,
  searchPath(database, ['public']),
];

/** DuckDB's search path for Redshift's: the macros come last, so that a user's table always wins over theirs. */
export function searchPath(database: string, schemas: readonly string[]): string {
  const path = [...schemas.map((schema) => `${identifier(database)}.${identifier(schema)}`), `${MACRO_DATABASE}.main`];
  return `SET search_path=${literal(path.join(','))}`;
}

export async function prepareDatabase(connection: DuckDBConnection, database: string): Promise<void> {
  await connection.run(databaseSetup(database).join(';'));
}

export async function prepareSession(connection: DuckDBConnection, database: string, user: string): Promise<void> {
  await connection.run(sessionSetup(database, user).join(';'));
}

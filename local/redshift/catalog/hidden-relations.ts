/**
 * DuckDB's own catalogue, which its search path would find last: under these names there is nothing in Redshift. A view of the same name comes first and says so.
 */
const NOT_THERE =
  `duckdb_columns duckdb_constraints duckdb_databases duckdb_indexes duckdb_logs duckdb_schemas duckdb_tables duckdb_types duckdb_views
  sqlite_master sqlite_schema sqlite_temp_master sqlite_temp_schema pragma_database_list
  pg_collation pg_enum pg_prepared_statements pg_sequence pg_sequences`.split(/\s+/);

export const HIDDEN_RELATIONS: Readonly<Record<string, string>> = Object.fromEntries(
  NOT_THERE.map((name) => [name, failing(`rs:42P01:relation "${name}" does not exist;`)]),
);

/** A view that cannot be read. */
function failing(message: string): string {
  return `SELECT e AS nothing FROM (SELECT error('${message}') AS e) WHERE e IS NOT NULL`;
}

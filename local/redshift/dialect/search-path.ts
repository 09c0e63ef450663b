import { searchPath } from './session.ts';
import type { Database } from './translation.ts';

/** The database of USE, or the one that the session is connected to. */
export const USED_DATABASE = "coalesce(getvariable('rs_used'), getvariable('rs_database'))";

/** DuckDB's statement for a list of Redshift schemas, of the database of USE or of `used`; those that do not exist are passed over, as Redshift does. */
export async function searchPathOf(
  database: Database,
  schemas: readonly string[],
  used: string = USED_DATABASE,
): Promise<string> {
  const rows = await database.query(
    `SELECT schema_name, ${used}, getvariable('rs_user') FROM duckdb_schemas() WHERE database_name = ${used}`,
    'catalogue',
  );
  const there = new Set(rows.map(([schema]) => String(schema)));
  const name = String(rows[0]?.[1] ?? '');
  const user = String(rows[0]?.[2] ?? '');
  const wanted = schemas
    .flatMap((schema) => schema.split(',').map((part) => part.trim().replaceAll('"', '')))
    .map((schema) => (schema === '$user' ? user : schema))
    .filter((schema) => there.has(schema));
  return searchPath(name, wanted);
}

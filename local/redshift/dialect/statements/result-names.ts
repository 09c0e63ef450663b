import { redshiftError } from '../errors.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import type { Database, Step } from '../translation.ts';

/**
 * The names of the columns that a relation gets from its query. DuckDB would name the second of two alike otherwise.
 * @throws RedshiftError (42701)
 */
export async function resultNames(
  database: Database,
  select: Step,
  sql: string,
  position: number,
): Promise<readonly string[]> {
  const described = await database.query(`DESCRIBE ${select.sql}`, 'catalogue').catch((error: unknown) => {
    throw redshiftError(error, sql, select);
  });
  const names = described.map(([column]) => String(column));
  const twice = names.find((column, at) => names.indexOf(column) !== at);
  if (twice !== undefined)
    throw new RedshiftError(SQLSTATE.duplicateColumn, `column "${twice}" specified more than once`, { position });
  return names;
}

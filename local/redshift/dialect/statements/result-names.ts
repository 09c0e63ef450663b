import { describeQuery } from '../described-query.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import type { Database, Step } from '../translation.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
const MOST_COLUMNS = 1600;

/** @throws RedshiftError (54011) */
export function refuseWidth(columns: number): void {
  if (columns > MOST_COLUMNS)
    throw new RedshiftError(SQLSTATE.tooManyColumns, `tables can have at most ${MOST_COLUMNS} columns`);
}

/**
 * The names of the columns that a relation gets from its query. DuckDB would name the second of two alike otherwise.
 * @throws RedshiftError (42701, 54011)
 */
export async function resultNames(
  database: Database,
  select: Step,
  sql: string,
  position: number,
): Promise<readonly string[]> {
  const names = (await describeQuery(database, select, sql)).map(({ name }) => name);
  refuseWidth(names.length);
  const twice = names.find((column, at) => names.indexOf(column) !== at);
  if (twice !== undefined)
    throw new RedshiftError(SQLSTATE.duplicateColumn, `column "${twice}" specified more than once`, { position });
  return names;
}

import { redshiftError } from './errors.ts';
import { withoutContents } from './plan-question.ts';
import type { Database, Step } from './translation.ts';

/** A query whose types have been found, inside of what needs none; `position` is where the head of it comes from. */
export function around(head: string, { sql, originalOffset, wide }: Step, tail: string, position: number): Step {
  return {
    sql: `${head}${sql}${tail}`,
    originalOffset: (offset) => (offset < head.length ? position : originalOffset(offset - head.length)),
    ...(wide && { wide: around(head, wide, tail, position) }),
  };
}

/**
 * Names and DuckDB types of a query's columns, or only the `types`, which queries that differ in the contents of literals share. What is wrong
 * with the query is said here, before anything is made of it.
 * @throws RedshiftError that points into `sql`, the original
 */
export async function describeQuery(
  database: Database,
  query: Step,
  sql: string,
  wanted: 'names' | 'types' = 'names',
): Promise<readonly { readonly name: string; readonly type: string }[]> {
  const asked = around('DESCRIBE ', query, '', 0);
  const described = await database
    .query(asked.sql, { catalogue: wanted === 'names' ? asked.sql : withoutContents(asked.sql), query: query.sql })
    .catch((error: unknown) => {
      throw redshiftError(error, sql, asked);
    });
  return described.map(([name, type]) => ({ name: String(name), type: String(type) }));
}

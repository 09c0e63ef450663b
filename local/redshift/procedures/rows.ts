import type { DuckDBResult, DuckDBValue } from '@duckdb/node-api';
import { redshiftType } from '../dialect/result-columns.ts';
import type { Ran } from './frame.ts';

/** A result as the variables of a procedure take it: every value as Redshift writes it. */
export async function rowsOf(result: DuckDBResult): Promise<Pick<Ran, 'columns' | 'rows'>> {
  const types = result.columnTypes();
  const columns = result.columnNames().map((name, index) => {
    const type = types[index];
    const { text, name: kind } = type ? redshiftType(type) : { text: 'character varying', name: 'varchar' };
    return { name, type: kind === 'varchar' || kind === 'bpchar' ? 'character varying' : text };
  });
  const rows: (string | null)[][] = [];
  for (;;) {
    const chunk = await result.fetchChunk();
    if (!chunk || chunk.rowCount === 0) return { columns, rows };
    for (const row of chunk.getRows()) rows.push(row.map(textOf));
  }
}

function textOf(value: DuckDBValue): string | null {
  return value === null ? null : String(value);
}

import type { DuckDBConnection, DuckDBValue } from '@duckdb/node-api';

/** A DuckDB identifier, quoted. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A DuckDB string literal. */
export function literal(text: string): string {
  // A NUL would end the statement's text in DuckDB's C interface.
  if (text.includes('\0'))
    return text
      .split('\0')
      .map((part) => literal(part))
      .join(' || chr(0) || ');
  return `'${text.replaceAll("'", "''")}'`;
}

export function literalList(texts: readonly string[]): string {
  return `[${texts.map(literal).join(', ')}]`;
}

export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
  parameters: Record<string, DuckDBValue> = {},
): Promise<readonly Record<string, unknown>[]> {
  const reader = await connection.runAndReadAll(sql, parameters);
  return reader.getRowObjects();
}

import type { DuckDBConnection } from '@duckdb/node-api';

/** A row of one of the log's tables; times as DuckDB reads a TIMESTAMP. */
export type LogRow = Readonly<Record<string, unknown>>;

/** Takes rows for a table of the log, `columns` being its columns with their types. */
export type KeepRows = (
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly LogRow[],
) => Promise<void>;

/** What COPY, UNLOAD and procedures did. Like statements, it is noted in memory and reaches the system tables when a statement asks for them. */
export interface LoadNotes {
  readonly keep: KeepRows;
  /** Brings the system tables up to date, if the statement that is about to run reads them; or in any case. */
  publish(sql: string, anyway?: boolean): Promise<void>;
}

/** Rows that wait in memory at most. */
const MOST_WAITING = 2000;

/** The views over each table of the log. */
const READERS: Readonly<Record<string, RegExp>> = {
  load: /\b(?:sys_load_history|log\.load)\b/i,
  load_file: /\b(?:stl_load_commits|sys_load_detail|log\.load_file)\b/i,
  load_error: /\b(?:stl_load_errors|sys_load_error_detail|log\.load_error)\b/i,
  load_error_field: /\b(?:stl_loaderror_detail|log\.load_error_field)\b/i,
  load_replacement: /\b(?:stl_replacements|sys_copy_replacements|log\.load_replacement)\b/i,
  unload: /\b(?:sys_unload_history|log\.unload)\b/i,
  procedure_message: /\b(?:svl_stored_proc_messages|sys_procedure_messages|log\.procedure_message)\b/i,
  unload_file: /\b(?:stl_unload_log|svcs_unload_log|sys_unload_detail|log\.unload_file)\b/i,
};

/** Whether a statement names a view over the log. */
export function readsLoads(sql: string): boolean {
  return Object.values(READERS).some((views) => views.test(sql));
}

/** `connection` is one outside every transaction. */
export function createLoadNotes(connection: () => Promise<DuckDBConnection>): LoadNotes {
  const waiting = new Map<string, { readonly columns: Readonly<Record<string, string>>; readonly rows: LogRow[] }>();
  const write = async (table: string): Promise<void> => {
    const found = waiting.get(table);
    waiting.delete(table);
    if (found) await appendRows(await connection(), table, found.columns, found.rows);
  };
  return {
    keep: async (table, columns, rows) => {
      const found = waiting.get(table) ?? { columns, rows: [] };
      for (const row of rows) found.rows.push(row);
      waiting.set(table, found);
      if (found.rows.length > MOST_WAITING) await write(table);
    },
    publish: async (sql, anyway = false) => {
      for (const table of waiting.keys()) if (anyway || READERS[table]?.test(sql) !== false) await write(table);
    },
  };
}

/** Appends rows to a table of the log. */
export async function appendRows(
  connection: DuckDBConnection,
  table: string,
  columns: Readonly<Record<string, string>>,
  rows: readonly LogRow[],
): Promise<void> {
  if (rows.length === 0) return;
  await connection.run(
    // Row by row: all of them transformed at once would take much memory.
    `INSERT INTO memory.log.${table} BY NAME SELECT unnest(json_transform(row, $shape)) FROM (SELECT unnest(CAST($rows AS JSON[])) AS row)`,
    { rows: JSON.stringify(rows), shape: JSON.stringify(columns) },
  );
}

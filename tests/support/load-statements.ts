import { appendRows } from '../../local/redshift/catalog/load-notes.ts';
import { runCopy, runUnload, type LoadEnvironment } from '../../local/redshift/load/index.ts';

export interface LoadStatements {
  /** Runs a COPY as a statement of its own, or as a later one of a transaction that stays open. Answers with the rows it loaded. */
  copy(sql: string, options?: { readonly inTransaction?: boolean; readonly signal?: AbortSignal }): Promise<number>;
  unload(sql: string, options?: { readonly signal?: AbortSignal; readonly slices?: number }): Promise<number>;
}

/** COPY and UNLOAD as a session runs them that has nothing but a connection, another for its log, a folder and a store. */
export function loadStatements(
  parts: Pick<LoadEnvironment, 'connection' | 'log' | 'objects' | 'directory' | 'translateQuery'>,
): LoadStatements {
  const { connection, log } = parts;
  let queryId = 100;
  // A transaction that has failed sets no variables.
  const remembered: [name: string, value: string | number][] = [];
  const setVariables = async (): Promise<void> => {
    for (const [name, value] of remembered.splice(0))
      await connection.run(`SET VARIABLE ${name} = '${String(value).replaceAll("'", "''")}'`);
  };
  const environment = (signal: AbortSignal | undefined): LoadEnvironment => ({
    ...parts,
    keep: (table, columns, rows) => appendRows(log, table, columns, rows),
    remember: async (variables) => {
      remembered.push(...Object.entries(variables));
    },
    now: () => 1_700_000_000_000 + queryId,
    query: { queryId: queryId++, pid: 7, transactionId: 9, userId: 100, database: 'dev' },
    signal: signal ?? new AbortController().signal,
    inAnyOrder: async () => void (await connection.run('SET SESSION preserve_insertion_order = false')),
  });
  const restart = async (): Promise<void> => {
    await connection.run('ROLLBACK');
    await connection.run('BEGIN');
  };
  const atomically = async <T>(work: () => Promise<T>): Promise<T> => {
    await connection.run('BEGIN');
    try {
      const result = await work();
      await connection.run('COMMIT');
      return result;
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    } finally {
      await setVariables();
    }
  };
  return {
    copy: async (sql, options = {}) => {
      const base = environment(options.signal);
      if (options.inTransaction) {
        const { rows } = await runCopy(sql, base);
        await setVariables();
        return rows;
      }
      return atomically(async () => (await runCopy(sql, { ...base, restart })).rows);
    },
    unload: (sql, { signal, slices } = {}) =>
      atomically(async () => {
        const base = { ...environment(signal), restart };
        return (await runUnload(sql, slices === undefined ? base : { ...base, slices })).rows;
      }),
  };
}

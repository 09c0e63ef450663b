import type { DuckDBConnection } from '@duckdb/node-api';
import { createQueryLog, type OpenSession } from '../catalog/index.ts';
import type { Session } from './session.ts';

/** One statement on its way through a session. */
export interface StatementNote {
  /** It is known what kind of statement it is. */
  started(command: string): void;
  /** Brings what the system views and functions show up to date, if the statement asks them. */
  publish(): Promise<void>;
  ended(status: 'success' | 'failed' | 'canceled', rows: number, error?: unknown): void;
}

export type StatementHistory = (session: Session, sql: string, queryId: number) => StatementNote;

/** The id of the first user made, the admin: https://docs.aws.amazon.com/redshift/latest/dg/r_PG_USER_INFO.html */
export const ADMIN_USER_ID = 100;

const ASKS_SESSION = /\bpg_(?:backend_pid|last_query_id)\b/i;

/** What ran on one warehouse, for `sys_query_history` and its kin. */
export function createStatementHistory(
  now: () => number,
  log: () => Promise<DuckDBConnection>,
  sessions: () => readonly OpenSession[],
): StatementHistory {
  const queries = createQueryLog(sessions);
  const last = new WeakMap<Session, number>();
  return (session, sql, queryId) => ({
    started: (command) =>
      queries.started({
        queryId,
        pid: session.pid,
        transactionId: queryId,
        userId: ADMIN_USER_ID,
        userName: session.user,
        database: session.database,
        command,
        text: sql,
        startMs: now(),
      }),
    publish: async () => {
      await queries.publish(await log(), sql);
      if (ASKS_SESSION.test(sql))
        await session.connection.run(
          `SET VARIABLE rs_pid = ${session.pid}; SET VARIABLE rs_last_query_id = ${last.get(session) ?? -1}`,
        );
    },
    ended: (status, rows, error) => {
      last.set(session, queryId);
      const message = (error as { readonly message?: string } | undefined)?.message;
      queries.ended(queryId, { status, endMs: now(), rows, ...(message !== undefined && { message }) });
    },
  });
}

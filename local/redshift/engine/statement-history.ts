import type { DuckDBConnection } from '@duckdb/node-api';
import {
  ACCESS_RECORDS,
  ASKS_ACCESS_LISTS,
  createLoadNotes,
  createQueryLog,
  FORGET_ACCESS_LISTS,
  READ_ACCESS_LISTS,
  readsLoads,
  readsQueries,
  type KeepRows,
  type OpenSession,
} from '../catalog/index.ts';
import { literal } from '../dialect/lexer.ts';
import type { Database } from '../dialect/translation.ts';
import type { SessionVariables } from '../load/index.ts';
import { tablesOf } from './statement-tables.ts';

/** A session, as far as its statements are noted. */
export interface KnownSession extends OpenSession {
  readonly connection: DuckDBConnection;
  readonly query: Database['query'];
}

/** One statement on its way through a session. */
export interface StatementNote {
  /** It is known what kind of statement it is. */
  started(command: string): void;
  /**
   * Brings what the system views and functions show up to date, if what is about to run asks them.
   * @returns whether the session's connection has other variables than before.
   */
  publish(sql: string): Promise<boolean>;
  ended(status: 'success' | 'failed' | 'canceled', rows: number, error?: unknown): void;
}

/** What ran on one warehouse, for the system views and functions. */
export interface StatementHistory {
  note(session: KnownSession, sql: string, queryId: number): StatementNote;
  /** Rows about a COPY or UNLOAD. */
  readonly keep: KeepRows;
  /** What a stored procedure says with RAISE. */
  say(session: KnownSession, queryId: number, message: ProcedureMessage): Promise<void>;
  /** What a session knows of its own last COPY and UNLOAD. */
  remember(session: KnownSession, variables: SessionVariables): void;
}

/** What RAISE says, and where in which procedure. */
export interface ProcedureMessage {
  readonly level: string;
  readonly message: string;
  readonly procedure: string;
  readonly line: number;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_STORED_PROC_MESSAGES.html */
const LOG_LEVELS: Readonly<Record<string, number>> = { LOG: 20, INFO: 30, NOTICE: 40, WARNING: 50, EXCEPTION: 60 };

const MESSAGE_COLUMNS = {
  query: 'BIGINT',
  pid: 'INTEGER',
  userid: 'INTEGER',
  xid: 'BIGINT',
  recordtime: 'TIMESTAMP',
  loglevel: 'INTEGER',
  loglevel_text: 'VARCHAR',
  message: 'VARCHAR',
  linenum: 'INTEGER',
  procedure_name: 'VARCHAR',
};

/** The id of the first user made, the admin: https://docs.aws.amazon.com/redshift/latest/dg/r_PG_USER_INFO.html */
export const ADMIN_USER_ID = 100;

/** What shows variables of the session. */
const ASKS_SESSION = /\b(?:pg_(?:backend_pid|last_\w+)|last_user_query_id)\b|\bstl_load_commits\b|\bsys_load_detail\b/i;

/** What no statement has to name where a view does. */
const asks = (sql: string): boolean =>
  ASKS_SESSION.test(sql) || ASKS_ACCESS_LISTS.test(sql) || readsLoads(sql) || readsQueries(sql);

const MAKES_VIEW = /\bview\b/i;

/** `empty` says that the warehouse has been opened with nothing in it. */
export function createStatementHistory(
  now: () => number,
  log: () => Promise<DuckDBConnection>,
  sessions: () => readonly KnownSession[],
  empty: boolean,
): StatementHistory {
  const queries = createQueryLog(sessions, tablesOf);
  const loads = createLoadNotes(log);
  const last = new WeakMap<KnownSession, number>();
  const variables = new WeakMap<KnownSession, SessionVariables>();
  const listed = new WeakSet<KnownSession>();
  // A view of the user's own may read what a statement does not name.
  let viewsAsk: Promise<boolean> | undefined = empty ? Promise.resolve(false) : undefined;
  const anyway = (sql: string): Promise<boolean> => {
    if (MAKES_VIEW.test(sql) && asks(sql)) viewsAsk = Promise.resolve(true);
    return (viewsAsk ??= log().then(viewsThatAsk));
  };
  const setVariables = async (session: KnownSession): Promise<void> => {
    const values = {
      rs_pid: session.pid,
      rs_last_query_id: last.get(session) ?? -1,
      ...variables.get(session),
    };
    const statements = Object.entries(values).map(
      ([name, value]) => `SET VARIABLE ${name} = ${typeof value === 'number' ? value : literal(value)}`,
    );
    await session.connection.run(statements.join(';'));
  };
  /** @returns whether the connection has other access lists than before. */
  const readAccessLists = async (session: KnownSession): Promise<boolean> => {
    const [records] = await session.query(ACCESS_RECORDS, 'catalogue');
    if (!records && !listed.has(session)) return false;
    await session.connection.run(records ? READ_ACCESS_LISTS : FORGET_ACCESS_LISTS);
    if (records) listed.add(session);
    else listed.delete(session);
    return true;
  };
  return {
    keep: loads.keep,
    say: (session, queryId, { level, message, procedure, line }) =>
      loads.keep('procedure_message', MESSAGE_COLUMNS, [
        {
          query: queryId,
          pid: session.pid,
          userid: ADMIN_USER_ID,
          xid: queryId,
          recordtime: new Date(now()).toISOString().replace('T', ' ').replace('Z', ''),
          loglevel: LOG_LEVELS[level] ?? 10,
          loglevel_text: level,
          message,
          linenum: line,
          procedure_name: procedure,
        },
      ]),
    remember: (session, values) => {
      variables.set(session, { ...variables.get(session), ...values });
    },
    note: (session, sql, queryId) => ({
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
      publish: async (run) => {
        const always = await anyway(run);
        await loads.publish(run, always);
        if (always || readsQueries(run)) await queries.publish(await log(), run, always);
        const lists = (always || ASKS_ACCESS_LISTS.test(run)) && (await readAccessLists(session));
        if (!always && !ASKS_SESSION.test(run)) return lists;
        await setVariables(session);
        return true;
      },
      ended: (status, rows, error) => {
        last.set(session, queryId);
        const message = (error as { readonly message?: string } | undefined)?.message;
        queries.ended(queryId, { status, endMs: now(), rows, ...(message !== undefined && { message }) });
      },
    }),
  };
}

/** Whether a view of the warehouse asks for what is kept in memory. */
async function viewsThatAsk(connection: DuckDBConnection): Promise<boolean> {
  const views = await connection.runAndReadAll(
    `SELECT sql, comment FROM duckdb_views() WHERE NOT internal AND database_name NOT IN ('rs', 'system', 'temp')`,
  );
  return views.getRowsJS().some((texts) => asks(texts.join(' ')));
}

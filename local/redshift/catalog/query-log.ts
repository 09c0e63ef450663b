import type { DuckDBConnection } from '@duckdb/node-api';

/** A statement as the engine tells of it. */
export interface LoggedQuery {
  readonly queryId: number;
  readonly pid: number;
  readonly transactionId: number;
  readonly userId: number;
  readonly userName: string;
  readonly database: string;
  /** Redshift's command tag: `SELECT`, `COPY`, … */
  readonly command: string;
  readonly text: string;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/** Relations by the names a statement has for them: `table` or `schema.table`. */
export interface StatementTables {
  readonly reads: readonly string[];
  readonly writes: readonly string[];
}

export interface QueryEnd {
  readonly status: 'success' | 'failed' | 'canceled';
  readonly endMs: number;
  /** Returned or changed; -1 where there is no number. */
  readonly rows: number;
  readonly message?: string;
}

/** A session that is open, for `stv_sessions`. */
export interface OpenSession {
  readonly pid: number;
  readonly user: string;
  readonly database: string;
  /** Milliseconds since the Unix epoch. */
  readonly startMs: number;
}

/**
 * What ran, for `sys_query_history` and its kin. Statements are noted in memory, so noting one costs nothing; they reach the system
 * tables when a statement asks for them.
 */
export interface QueryLog {
  started(query: LoggedQuery): void;
  ended(queryId: number, end: QueryEnd): void;
  /** Brings the system tables up to date, if the statement that is about to run reads them; or in any case. */
  publish(connection: DuckDBConnection, sql: string, anyway?: boolean): Promise<void>;
}

/** Redshift keeps days of history; this many statements are more than a person reads. */
const MOST_QUERIES = 10_000;

/** Names of the views over the log. */
const READS_LOG =
  /\b(?:st[lv]_(?:query|insert|delete|scan|querytext|ddltext|utilitytext|wlm_query|wlm_query_state|recents|inflight)|sys_query_\w+|svl_mv_refresh_status|sys_mv_refresh_history|sys_transaction_history|svl_qlog|svl_statementtext|svl_stored_proc_\w+|sys_procedure_call|svv_transactions|svv_query_inflight|pg_stat_activity|log\.query)\b/i;

const READS_SESSIONS = /\b(?:st[lv]_sessions|sys_session_history|(?:stl|sys)_connection_log|pg_stat_activity)\b/i;

/** Whether a statement names a view over the log. */
export function readsQueries(sql: string): boolean {
  return READS_LOG.test(sql) || READS_SESSIONS.test(sql);
}

/** `sessions` are those open now; `tablesOf` tells what a statement reads and writes. */
export function createQueryLog(
  sessions: () => readonly OpenSession[] = () => [],
  tablesOf: (sql: string) => StatementTables = () => ({ reads: [], writes: [] }),
): QueryLog {
  const queries = new Map<number, LoggedQuery & Partial<QueryEnd>>();
  const unpublished = new Set<number>();
  let published: Promise<void> = Promise.resolve();
  const write = async (connection: DuckDBConnection): Promise<void> => {
    for (let ids = nextOf(unpublished, queries); ids.length > 0; ids = nextOf(unpublished, queries)) {
      for (const id of ids) unpublished.delete(id);
      const rows = ids.flatMap((id) => {
        const query = queries.get(id);
        return query ? [{ ...rowOf(query), ...tablesOf(query.text) }] : [];
      });
      await connection.run(`DELETE FROM memory.log.query WHERE query IN (${ids.join(', ')})`);
      await connection.run(
        `INSERT INTO memory.log.query BY NAME SELECT unnest(json_transform($rows, $shape), max_depth := 2)`,
        { rows: JSON.stringify(rows), shape: JSON.stringify([SHAPE]) },
      );
    }
  };
  return {
    started: (query) => {
      queries.set(query.queryId, query);
      unpublished.add(query.queryId);
      const [oldest] = queries.keys();
      if (queries.size > MOST_QUERIES && oldest !== undefined) queries.delete(oldest);
    },
    ended: (queryId, end) => {
      const query = queries.get(queryId);
      if (!query) return;
      queries.set(queryId, { ...query, ...end });
      unpublished.add(queryId);
    },
    publish: async (connection, sql, anyway = false) => {
      if (anyway || READS_SESSIONS.test(sql)) await publishSessions(connection, sessions());
      if (!(anyway || READS_LOG.test(sql))) return;
      // What another is writing is of interest, too.
      published = published.catch(() => undefined).then(() => write(connection));
      await published;
    },
  };
}

/** Those to be written next: looking at statements of so many characters takes some ten milliseconds. */
function nextOf(unpublished: ReadonlySet<number>, queries: ReadonlyMap<number, LoggedQuery>): readonly number[] {
  const ids: number[] = [];
  let characters = 0;
  for (const id of unpublished) {
    if (ids.length >= MOST_AT_ONCE || characters >= MOST_CHARACTERS_AT_ONCE) break;
    ids.push(id);
    characters += queries.get(id)?.text.length ?? 0;
  }
  return ids;
}

const MOST_AT_ONCE = 200;
const MOST_CHARACTERS_AT_ONCE = 30_000;

async function publishSessions(connection: DuckDBConnection, sessions: readonly OpenSession[]): Promise<void> {
  const rows = sessions.map(({ pid, user, database, startMs }) => [pid, user, database, isoTime(startMs)]);
  await connection.run('DELETE FROM memory.log.session');
  await connection.run(
    `INSERT INTO memory.log.session SELECT row->>0, row->>1, row->>2, row->>3 FROM (SELECT unnest(CAST($rows AS JSON[])) AS row)`,
    { rows: JSON.stringify(rows) },
  );
}

const SHAPE = {
  query: 'BIGINT',
  pid: 'INTEGER',
  userid: 'INTEGER',
  xid: 'BIGINT',
  database_name: 'VARCHAR',
  user_name: 'VARCHAR',
  starttime: 'TIMESTAMP',
  endtime: 'TIMESTAMP',
  status: 'VARCHAR',
  query_type: 'VARCHAR',
  query_text: 'VARCHAR',
  returned_rows: 'BIGINT',
  message: 'VARCHAR',
  label: 'VARCHAR',
  reads: ['VARCHAR'],
  writes: ['VARCHAR'],
};

function rowOf(
  query: LoggedQuery & Partial<QueryEnd>,
): Readonly<Record<Exclude<keyof typeof SHAPE, keyof StatementTables>, unknown>> {
  return {
    query: query.queryId,
    pid: query.pid,
    userid: query.userId,
    xid: query.transactionId,
    database_name: query.database,
    user_name: query.userName,
    starttime: isoTime(query.startMs),
    endtime: query.endMs === undefined ? null : isoTime(query.endMs),
    status: query.status ?? 'running',
    query_type: query.command,
    query_text: query.text,
    returned_rows: query.rows ?? null,
    message: query.message ?? '',
    label: 'default',
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

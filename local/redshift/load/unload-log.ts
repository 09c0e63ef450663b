import type { KeepRows } from '../catalog/load-notes.ts';
import { isoTime } from './load-log.ts';
import type { QueryIdentity } from './ports.ts';
import { s3Url } from './s3-address.ts';
import type { UnloadedFile } from './unload-manifest.ts';
import type { UnloadStatement } from './unload-statement.ts';

/** What the system views tell of one UNLOAD. */
export interface UnloadRecord {
  readonly query: QueryIdentity;
  readonly statement: UnloadStatement;
  readonly status: 'completed' | 'failed' | 'canceled';
  /** Why it failed. */
  readonly message: string;
  readonly files: readonly UnloadedFile[];
  readonly rows: number;
  readonly startMs: number;
  readonly endMs: number;
}

const COLUMNS = {
  query: 'BIGINT',
  pid: 'INTEGER',
  userid: 'INTEGER',
  xid: 'BIGINT',
  database_name: 'VARCHAR',
  starttime: 'TIMESTAMP',
  endtime: 'TIMESTAMP',
};

export async function recordUnload(keep: KeepRows, unload: UnloadRecord): Promise<void> {
  const { query, statement, files } = unload;
  const identity = {
    query: query.queryId,
    pid: query.pid,
    userid: query.userId,
    xid: query.transactionId,
    database_name: query.database,
    starttime: isoTime(unload.startMs),
    endtime: isoTime(unload.endMs),
  };
  await keep(
    'unload',
    {
      ...COLUMNS,
      status: 'VARCHAR',
      prefix: 'VARCHAR',
      format: 'VARCHAR',
      compression: 'VARCHAR',
      unloaded_rows: 'BIGINT',
      unloaded_bytes: 'BIGINT',
      file_count: 'INTEGER',
      message: 'VARCHAR',
    },
    [
      {
        ...identity,
        status: unload.status,
        prefix: s3Url(statement.target),
        format: statement.options.format,
        compression: statement.options.format === 'parquet' ? 'snappy' : statement.options.compression,
        unloaded_rows: unload.rows,
        unloaded_bytes: files.reduce((sum, { bytes }) => sum + bytes, 0),
        file_count: files.length,
        message: unload.message,
      },
    ],
  );
  await keep(
    'unload_file',
    { ...COLUMNS, path: 'VARCHAR', line_count: 'BIGINT', transfer_size: 'BIGINT', file_format: 'VARCHAR' },
    files.map(({ url, bytes, rows }) => ({
      ...identity,
      path: url,
      line_count: rows,
      transfer_size: bytes,
      file_format: statement.options.format,
    })),
  );
}

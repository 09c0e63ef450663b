import { Buffer } from 'node:buffer';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { appendRows } from '../../local/redshift/catalog/load-notes.ts';
import { redshiftDialect } from '../../local/redshift/engine/redshift-dialect.ts';
import { runCopy, runUnload, type LoadEnvironment, type ObjectFiles } from '../../local/redshift/load/index.ts';

/** A Redshift session with a store of objects in a folder: enough for COPY and UNLOAD without the services around them. */
export interface LoadSession {
  readonly connection: DuckDBConnection;
  readonly log: DuckDBConnection;
  readonly objects: ObjectFiles & { readonly keys: () => readonly string[] };
  put(key: string, content: string | Buffer): void;
  text(key: string): string;
  bytes(key: string): Buffer;
  /** Rows as JSON values. */
  rows(sql: string): Promise<readonly unknown[]>;
  /** Runs a COPY as a statement of its own, or as a later one of a transaction that stays open. */
  copy(sql: string, options?: { readonly inTransaction?: boolean; readonly signal?: AbortSignal }): Promise<number>;
  unload(sql: string, options?: { readonly signal?: AbortSignal; readonly slices?: number }): Promise<number>;
  /** As it was when it was opened, in a tenth of the time: for the next test. */
  clear(): Promise<void>;
  close(): void;
}

export const ROLE = "IAM_ROLE 'arn:aws:iam::123456789012:role/load'";

const SESSION = `SET VARIABLE rs_user='tester'; SET VARIABLE rs_database='dev'; SET search_path='dev.public,rs.main'`;

export async function openLoadSession(): Promise<LoadSession> {
  const directory = mkdtempSync(join(tmpdir(), 'load-session-'));
  const instance = await DuckDBInstance.create(':memory:');
  const log = await instance.connect();
  await redshiftDialect.prepareInstance(log);
  await log.run(`ATTACH ':memory:' AS dev`);
  await log.run('CREATE SCHEMA IF NOT EXISTS dev.public');
  const connection = await instance.connect();
  await connection.run(SESSION);
  const objects = folderObjects(join(directory, 'objects'));
  let queryId = 100;
  const environment = (signal: AbortSignal | undefined): LoadEnvironment => ({
    connection,
    log,
    keep: (table, columns, rows) => appendRows(log, table, columns, rows),
    remember: async (variables) => {
      for (const [name, value] of Object.entries(variables))
        await connection.run(`SET VARIABLE ${name} = '${String(value).replaceAll("'", "''")}'`);
    },
    objects,
    now: () => 1_700_000_000_000 + queryId,
    query: { queryId: queryId++, pid: 7, transactionId: 9, userId: 100, database: 'dev' },
    signal: signal ?? new AbortController().signal,
    directory: join(directory, 'work'),
    inAnyOrder: async () => void (await connection.run('SET SESSION preserve_insertion_order = false')),
    // The tests' queries mean the same in both dialects.
    translateQuery: async (sql) => sql,
  });
  const atomically = async <T>(work: () => Promise<T>): Promise<T> => {
    await connection.run('BEGIN');
    try {
      const result = await work();
      await connection.run('COMMIT');
      return result;
    } catch (error) {
      await connection.run('ROLLBACK');
      throw error;
    }
  };
  return {
    connection,
    log,
    objects,
    put: (key, content) => {
      const path = join(directory, `new-${queryId++}`);
      writeFileSync(path, content);
      objects.take(key, path);
    },
    text: (key) => readFileSync(objects.pathOf(key), 'utf8'),
    bytes: (key) => readFileSync(objects.pathOf(key)),
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson(),
    copy: async (sql, options = {}) => {
      const restart = async (): Promise<void> => {
        await connection.run('ROLLBACK');
        await connection.run('BEGIN');
      };
      const base = environment(options.signal);
      if (options.inTransaction) return (await runCopy(sql, base)).rows;
      return atomically(async () => (await runCopy(sql, { ...base, restart })).rows);
    },
    unload: (sql, options = {}) =>
      atomically(async () => {
        const base = environment(options.signal);
        return (await runUnload(sql, options.slices === undefined ? base : { ...base, slices: options.slices })).rows;
      }),
    clear: async () => {
      objects.clear();
      const kept = await log.runAndReadAll("SELECT table_name FROM duckdb_tables() WHERE schema_name = 'log'");
      const emptied = kept.getRows().map(([name]) => `DELETE FROM memory.log.${String(name)}`);
      await log.run(['DROP SCHEMA dev.public CASCADE', 'CREATE SCHEMA dev.public', ...emptied].join(';'));
    },
    close: () => {
      connection.closeSync();
      log.closeSync();
      instance.closeSync();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

interface FolderObjects extends ObjectFiles {
  readonly keys: () => readonly string[];
  take(key: string, path: string): void;
  clear(): void;
  pathOf(key: string): string;
}

/** One bucket, `bucket`, of files named by the hexadecimal of their keys. */
function folderObjects(directory: string): FolderObjects {
  mkdirSync(directory, { recursive: true });
  const paths = new Map<string, string>();
  let taken = 0;
  const take = (key: string, path: string): void => {
    const kept = join(directory, `${taken++}-${Buffer.from(key).toString('hex').slice(0, 100)}`);
    renameSync(path, kept);
    paths.set(key, kept);
  };
  const inBucket = (bucket: string): void => {
    if (bucket !== 'bucket')
      throw Object.assign(new Error('The specified bucket does not exist'), { code: 'NoSuchBucket' });
  };
  const keys = (): readonly string[] => [...paths.keys()].sort();
  return {
    take,
    keys,
    clear: () => paths.clear(),
    pathOf: (key) => {
      const path = paths.get(key);
      if (path === undefined) throw new Error(`no object ${key}: ${keys().join(', ')}`);
      return path;
    },
    list: (bucket, prefix) => {
      inBucket(bucket);
      return keys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => ({ key, size: statSync(paths.get(key) ?? '').size }));
    },
    file: (bucket, key) => {
      inBucket(bucket);
      const path = paths.get(key);
      return path === undefined ? undefined : { key, path, size: statSync(path).size };
    },
    hold: () => () => undefined,
    change: async (bucket, { put, remove }) => {
      inBucket(bucket);
      for (const key of remove) paths.delete(key);
      for (const { key, path } of put) take(key, path);
    },
  };
}

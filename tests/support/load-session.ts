import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import { redshiftDialect } from '../../local/redshift/engine/redshift-dialect.ts';
import { folderObjects, type FolderObjects } from './folder-objects.ts';
import { loadStatements, type LoadStatements } from './load-statements.ts';

/** A Redshift session with a store of objects in a folder: enough for COPY and UNLOAD without the services around them. */
export interface LoadSession extends LoadStatements {
  readonly connection: DuckDBConnection;
  readonly log: DuckDBConnection;
  readonly objects: FolderObjects;
  put(key: string, content: string | Buffer): void;
  text(key: string): string;
  bytes(key: string): Buffer;
  /** Rows as JSON values. */
  rows(sql: string): Promise<readonly unknown[]>;
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
  const statements = loadStatements({
    connection,
    log,
    objects,
    directory: join(directory, 'work'),
    // The tests' queries mean the same in both dialects.
    translateQuery: async (sql) => ({ sql, originalOffset: (offset) => offset }),
  });
  return {
    connection,
    log,
    objects,
    ...statements,
    put: objects.put,
    text: objects.text,
    bytes: objects.bytes,
    rows: async (sql) => (await connection.runAndReadAll(sql)).getRowsJson(),
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

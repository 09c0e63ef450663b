import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { createCatalogueAnswers } from './catalogue-answers.ts';
import { createCatalogueState, type CatalogueState } from './catalogue-state.ts';
import type { Databases } from './database-statement.ts';
import type { Dialect } from './dialect-port.ts';
import { createIdleConnections, type IdleConnections } from './idle-connections.ts';
import { openInstance, type Instance, type InstancePool } from './instance.ts';
import { Session, type FileStatement } from './session.ts';
import type { EngineOptions } from './settings.ts';
import { databaseExists, databaseInUse, noDatabase, reservedDatabase } from './sql-failures.ts';
import { createStatementHistory, type StatementHistory } from './statement-history.ts';
import { createTableLocks, type TableLocks } from './table-locks.ts';

export interface WarehouseParts {
  readonly dialect: Dialect;
  readonly settings: EngineOptions;
  readonly pool: InstancePool | undefined;
  readonly runCopy: FileStatement;
  readonly runUnload: FileStatement;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
}

const EXTENSION = '.duckdb';

/** Names DuckDB keeps for itself, and the macros' own database. */
const RESERVED = new Set(['memory', 'system', 'temp', 'rs']);

/** A running cluster: one DuckDB with the cluster's databases attached, a file each, and its sessions. */
export class Warehouse implements Databases {
  readonly #instance: Instance;
  readonly #parts: WarehouseParts;
  /** Absent when nothing is kept on disk. */
  readonly #directory: string | undefined;
  readonly #databases = new Set<string>();
  readonly #sessions = new Set<Session>();
  readonly #locks: TableLocks = createTableLocks();
  readonly #idle: IdleConnections = createIdleConnections();
  #open = true;
  #nextPid = FIRST_PID;
  #log: Promise<DuckDBConnection> | undefined;
  readonly #history: StatementHistory;
  readonly #catalogue: CatalogueState;

  private constructor(instance: Instance, directory: string | undefined, empty: boolean, parts: WarehouseParts) {
    this.#instance = instance;
    this.#directory = directory;
    this.#parts = parts;
    const answers = (directory === undefined ? parts.pool?.answers : undefined) ?? createCatalogueAnswers();
    this.#catalogue = createCatalogueState(answers, 'as opened');
    this.#history = createStatementHistory(
      parts.now,
      () => this.#logConnection(),
      () => [...this.#sessions],
      empty,
    );
  }

  /** Opens what is in `directory`, or an empty warehouse; `database` is made unless it is there. */
  static async open(directory: string, database: string, parts: WarehouseParts): Promise<Warehouse> {
    const onDisk = parts.settings.storage === 'memory' ? undefined : directory;
    if (onDisk !== undefined) mkdirSync(onDisk, { recursive: true });
    const spill = onDisk === undefined ? undefined : join(onDisk, 'spill');
    const instance = parts.pool?.take() ?? (await openInstance(parts.dialect, parts.settings, spill));
    const found = onDisk === undefined ? [] : readdirSync(onDisk).filter((file) => file.endsWith(EXTENSION));
    const warehouse = new Warehouse(instance, onDisk, found.length === 0, parts);
    for (const file of found) await warehouse.#attach(file.slice(0, -EXTENSION.length));
    if (!warehouse.#databases.has(database)) await warehouse.createDatabase(database);
    return warehouse;
  }

  get databases(): readonly string[] {
    return [...this.#databases].sort();
  }

  async createDatabase(database: string): Promise<void> {
    if (this.#databases.has(database)) throw databaseExists(database);
    if (RESERVED.has(database) || !/^[a-z_][a-z0-9_$]*$/.test(database)) throw reservedDatabase(database);
    await this.#attach(database);
  }

  /** With everything in it; refused while sessions use it. */
  async dropDatabase(database: string): Promise<void> {
    if (!this.#databases.has(database)) throw noDatabase(database);
    if ([...this.#sessions].some((session) => session.database === database)) throw databaseInUse(database);
    this.#idle.clear();
    await this.#plain((connection) => connection.run(`DETACH "${database}"`));
    this.#databases.delete(database);
    if (this.#directory === undefined) return;
    rmSync(join(this.#directory, `${database}${EXTENSION}`), { force: true });
    rmSync(join(this.#directory, `${database}${EXTENSION}.wal`), { force: true });
  }

  async connect(database: string, user: string): Promise<Session> {
    if (!this.#databases.has(database)) throw noDatabase(database);
    const connection = this.#idle.take(database, user) ?? (await this.#prepared(database, user));
    const session: Session = new Session(
      { pid: this.#nextPid++, database, user, startMs: this.#parts.now() },
      {
        ...this.#parts,
        connection,
        log: () => this.#logConnection(),
        history: this.#history,
        catalogue: this.#catalogue,
        locks: this.#locks,
        databases: this,
        closed: (asNew) => {
          this.#sessions.delete(session);
          if (!asNew) return;
          if (this.#open) this.#idle.giveBack(database, user, connection);
          else connection.closeSync();
        },
      },
    );
    this.#sessions.add(session);
    return session;
  }

  /** Rolls back what is open; the data stays. */
  async endSessions(): Promise<void> {
    await Promise.all([...this.#sessions].map((session) => session.close()));
    this.#idle.clear();
  }

  /** Ends every session; what is committed is on disk when it resolves. */
  async close(): Promise<void> {
    this.#open = false;
    await this.endSessions();
    (await this.#log)?.closeSync();
    const { pool, dialect } = this.#parts;
    if (pool === undefined || this.#directory !== undefined) {
      // What is written ahead of the files goes into them here: closing would do it, and nothing else meanwhile. What fails stays as it is.
      await this.#detachAll().catch(() => undefined);
      return this.#instance.close();
    }
    await this.#detachAll();
    await this.#plain((connection) => dialect.resetInstance(connection));
    pool.giveBack(this.#instance);
  }

  async #detachAll(): Promise<void> {
    await this.#plain(async (connection) => {
      for (const database of this.#databases) await connection.run(`DETACH "${database}"`);
    });
  }

  async #prepared(database: string, user: string): Promise<DuckDBConnection> {
    const connection = await this.#instance.duckdb.connect();
    try {
      await this.#parts.dialect.prepareSession(connection, database, user);
    } catch (error) {
      connection.closeSync();
      throw error;
    }
    return connection;
  }

  async #attach(database: string): Promise<void> {
    const file = this.#directory === undefined ? ':memory:' : join(this.#directory, `${database}${EXTENSION}`);
    const fresh = this.#directory === undefined || !existsSync(file);
    await this.#plain(async (connection) => {
      // What no older DuckDB has to read takes less to write.
      await connection.run(`ATTACH '${file.replaceAll("'", "''")}' AS "${database}" (STORAGE_VERSION 'latest')`);
      if (fresh) await this.#parts.dialect.prepareDatabase(connection, database);
    });
    this.#databases.add(database);
  }

  #logConnection(): Promise<DuckDBConnection> {
    this.#log ??= this.#instance.duckdb.connect();
    return this.#log;
  }

  async #plain<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
    const connection = await this.#instance.duckdb.connect();
    try {
      return await work(connection);
    } finally {
      connection.closeSync();
    }
  }
}

/** Process ids of the leader node look like this; clients only ever see that they differ. */
const FIRST_PID = 1_073_742_000;

import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { Step, Translation } from '../dialect/translation.ts';
import type { Dialect } from './dialect-port.ts';
import { runInterruptibly } from './interrupt.ts';
import { aborted, deadlock, insideTransaction, serializable } from './sql-failures.ts';
import { Deadlock, type LockOwner, type TableLocks } from './table-locks.ts';
import { writeTargets } from './write-target.ts';

/** What became of a statement. */
export interface Outcome {
  /** Redshift's command tag: `SELECT`, `INSERT`, `CREATE TABLE`, … */
  readonly command: string;
  readonly hasResultSet: boolean;
  /** Rows changed, loaded or unloaded; -1 where the statement counts none or yields a result set. */
  readonly rows: number;
}

/** Takes a result as it streams, to its end. */
export type ResultReader = (result: DuckDBResult) => Promise<void>;

/** COPY and UNLOAD: given the original statement and the session's connection, inside the session's transaction. */
export type FileStatement = (
  sql: string,
  context: { readonly connection: DuckDBConnection; readonly session: Session; readonly signal: AbortSignal },
) => Promise<{ readonly rows: number }>;

export interface SessionParts {
  readonly connection: DuckDBConnection;
  readonly dialect: Dialect;
  readonly locks: TableLocks;
  readonly runCopy: FileStatement;
  readonly runUnload: FileStatement;
  /** Told once, when the session has ended. */
  readonly closed: () => void;
}

export interface SessionIdentity {
  readonly pid: number;
  readonly database: string;
  readonly user: string;
}

type TransactionState = 'none' | 'open' | 'failed';

/** Statements that Redshift refuses inside a transaction block. */
const ALONE = new Set(['VACUUM', 'CREATE DATABASE', 'DROP DATABASE', 'ALTER TABLE APPEND']);

/**
 * One database session: a connection with its temporary tables and its transaction. Statements run one after the other.
 *
 * Redshift's rules hold: a failed statement aborts the transaction it is in, and nothing but its end is accepted afterwards; TRUNCATE
 * commits. See https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html and
 * https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html
 */
export class Session implements LockOwner {
  readonly pid: number;
  readonly database: string;
  readonly user: string;
  #state: TransactionState = 'none';
  readonly #parts: SessionParts;

  constructor(identity: SessionIdentity, parts: SessionParts) {
    this.pid = identity.pid;
    this.database = identity.database;
    this.user = identity.user;
    this.#parts = parts;
  }

  get connection(): DuckDBConnection {
    return this.#parts.connection;
  }

  get inTransaction(): boolean {
    return this.#state !== 'none';
  }

  /** Waits for the tables that `statements` write, so that a transaction whose statements are all known never meets a conflict. */
  async lockFor(statements: readonly string[], signal: AbortSignal): Promise<void> {
    try {
      await this.#parts.locks.acquire(this, statements.flatMap(writeTargets), signal);
    } catch (error) {
      throw error instanceof Deadlock ? deadlock(error) : error;
    }
  }

  /** Opens a transaction unless one is open. */
  async begin(): Promise<void> {
    if (this.#state !== 'none') return;
    await this.connection.run('BEGIN');
    this.#state = 'open';
  }

  /** Ends the transaction; one that has failed is rolled back. */
  async commit(): Promise<void> {
    const state = this.#state;
    this.#state = 'none';
    try {
      if (state === 'open') await this.connection.run('COMMIT');
      else if (state === 'failed') await this.connection.run('ROLLBACK');
    } finally {
      this.#parts.locks.release(this);
    }
  }

  async rollback(): Promise<void> {
    const open = this.#state !== 'none';
    this.#state = 'none';
    try {
      if (open) await this.connection.run('ROLLBACK');
    } finally {
      this.#parts.locks.release(this);
    }
  }

  /**
   * Runs one statement.
   * @throws SqlFailure in Redshift's words; the signal's reason where it was cancelled.
   */
  async execute(sql: string, read: ResultReader, signal: AbortSignal): Promise<Outcome> {
    try {
      const translation = this.#parts.dialect.translate(sql);
      if (this.#state === 'failed' && translation.kind !== 'commit' && translation.kind !== 'rollback') throw aborted();
      if (this.#state === 'open' && ALONE.has(translation.command)) throw insideTransaction(translation.command);
      return await this.#perform(sql, translation, read, signal);
    } catch (error) {
      if (this.#state === 'open') this.#state = 'failed';
      else if (this.#state === 'none') this.#parts.locks.release(this);
      throw error;
    }
  }

  /** Ends the session: what is not committed is gone, and so are its temporary tables. */
  close(): void {
    this.#parts.locks.release(this);
    this.#state = 'none';
    this.connection.interrupt();
    this.connection.closeSync();
    this.#parts.closed();
  }

  async #perform(sql: string, translation: Translation, read: ResultReader, signal: AbortSignal): Promise<Outcome> {
    const { command } = translation;
    const without: Outcome = { command, hasResultSet: false, rows: -1 };
    switch (translation.kind) {
      case 'begin':
        await this.begin();
        return without;
      case 'commit':
        await this.commit();
        return without;
      case 'rollback':
        await this.rollback();
        return without;
      case 'nothing':
        await this.lockFor(this.#state === 'open' ? [sql] : [], signal);
        return without;
      case 'run':
      case 'copy':
      case 'unload':
        await this.lockFor([sql], signal);
        return this.#inTransaction(translation.commits, async () => {
          if (translation.kind === 'run') return this.#runSteps(sql, translation, read, signal);
          const run = translation.kind === 'copy' ? this.#parts.runCopy : this.#parts.runUnload;
          const { rows } = await this.#mapped(sql, undefined, signal, () =>
            run(sql, { connection: this.connection, session: this, signal }),
          );
          return { command, hasResultSet: false, rows };
        });
    }
  }

  /** In the open transaction, or in one of its own. */
  async #inTransaction(commits: boolean, work: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#state === 'open') {
      const outcome = await work();
      if (commits) await this.commit();
      return outcome;
    }
    await this.begin();
    try {
      const outcome = await work();
      await this.commit();
      return outcome;
    } catch (error) {
      await this.rollback();
      throw error;
    }
  }

  async #runSteps(
    sql: string,
    { command, steps, hasResultSet }: Translation & { readonly kind: 'run' },
    read: ResultReader,
    signal: AbortSignal,
  ): Promise<Outcome> {
    let rows = -1;
    for (const [index, step] of steps.entries()) {
      const last = index === steps.length - 1;
      rows = await this.#mapped(sql, step, signal, async () => {
        if (last && hasResultSet) {
          await read(await this.connection.stream(step.sql));
          return -1;
        }
        const result = await this.connection.run(step.sql);
        return COUNTING.has(command) ? result.rowsChanged : -1;
      });
    }
    return { command, hasResultSet, rows };
  }

  async #mapped<T>(sql: string, step: Step | undefined, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await runInterruptibly(this.connection, signal, work);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (isConflict(error)) throw serializable(writeTargets(sql)[0] ?? '', this.pid);
      throw this.#parts.dialect.failure(error, sql, step);
    }
  }
}

/** Commands whose tag carries a number of rows. */
const COUNTING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'SELECT INTO', 'CREATE TABLE AS']);

/** Another transaction changed the same rows or the same table after this one began. DuckDB has no code for it but this wording. */
function isConflict(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^TransactionContext Error: .*[Cc]onflict|write-write conflict|Conflict on /.test(error.message)
  );
}

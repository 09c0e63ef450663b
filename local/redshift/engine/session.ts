import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { OpenSession } from '../catalog/index.ts';
import type { KnownColumn } from '../dialect/query-ranges.ts';
import type { Database, Step, Translation } from '../dialect/translation.ts';
import { SessionCatalogue, type CatalogueState } from './catalogue-state.ts';
import { changesOwnOnly, changesRowsOnly, leavesNoTrace } from './traces.ts';
import { call, invalidTermination } from '../procedures/call.ts';
import { rowsOf } from '../procedures/rows.ts';
import type { Ran } from '../procedures/frame.ts';
import { databaseStatement, type Databases, type DatabaseStatement } from './database-statement.ts';
import type { Dialect, SqlFailure } from './dialect-port.ts';
import { columnsOfResult, type ShownResult } from './shown-result.ts';
import type { StatementHistory } from './statement-history.ts';
import { createInsertionOrder, type InsertionOrder } from './insertion-order.ts';
import { interruptUntil, runInterruptibly } from './interrupt.ts';
import { createPreparedStatements, type PreparedStatements } from './prepared-statements.ts';
import {
  aborted,
  databaseInUse,
  deadlock,
  insideTransaction,
  isConflict,
  nulByte,
  outsideTransaction,
  serializable,
} from './sql-failures.ts';
import { Deadlock, type LockOwner, type TableLocks } from './table-locks.ts';
import { locksOf, writeTargets } from './write-target.ts';

/** What became of a statement. */
export interface Outcome {
  /** Redshift's command tag: `SELECT`, `INSERT`, `CREATE TABLE`, … */
  readonly command: string;
  readonly hasResultSet: boolean;
  /** Rows returned, changed, loaded or unloaded; -1 where the statement counts none. */
  readonly rows: number;
  /** Of a result's columns, by position: what is known of them beside what DuckDB says. */
  readonly columns?: readonly KnownColumn[];
}

/** How one statement is run. */
export interface Execution {
  /** Redshift's number of the query, for the system views. */
  readonly queryId: number;
  /** Takes a result as it streams, to its end, and counts its rows; the zone is the session's, in which TIMESTAMPTZ is shown. */
  readonly read: (result: DuckDBResult, timeZone: string) => Promise<number>;
  readonly signal: AbortSignal;
  /** Stands around waiting for a table, so that whoever waits takes nobody's turn to run. */
  readonly outOfTurn?: (wait: () => Promise<void>) => Promise<void>;
}

/** COPY and UNLOAD, inside the session's transaction. `restart` as long as nothing would be lost by beginning it anew. */
export type FileStatement = (
  sql: string,
  context: {
    readonly session: Session;
    readonly execution: Execution;
    readonly restart: (() => Promise<void>) | undefined;
    /** From here on rows may go into tables in any order. */
    readonly inAnyOrder: () => Promise<void>;
  },
) => Promise<{ readonly rows: number }>;

export interface SessionParts {
  readonly connection: DuckDBConnection;
  /** Another connection to the same instance, outside the session's transaction. */
  readonly log: () => Promise<DuckDBConnection>;
  readonly dialect: Dialect;
  readonly locks: TableLocks;
  readonly runCopy: FileStatement;
  readonly runUnload: FileStatement;
  /** Notes a statement for the system views. */
  readonly history: StatementHistory;
  readonly catalogue: CatalogueState;
  /** CREATE and DROP DATABASE. */
  readonly databases: Databases;
  /** Told once, when the session has ended; `asNew` unless a statement may have left something behind on the connection. */
  readonly closed: (asNew: boolean) => void;
}

type TransactionState = 'none' | 'open' | 'failed';

/** Statements that Redshift refuses inside a transaction block. */
const ALONE = new Set(['VACUUM', 'ALTER TABLE APPEND', 'ALTER TABLE ALTER COLUMN']);

/** Commands whose tag carries a number of rows. */
const COUNTING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE', 'SELECT INTO']);

/**
 * One database session: a connection with its temporary tables and its transaction. Statements run one after the other.
 *
 * Redshift's rules hold: a failed statement aborts the transaction it is in, and nothing but its end is accepted afterwards; TRUNCATE
 * commits. See https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html and
 * https://docs.aws.amazon.com/redshift/latest/dg/r_TRUNCATE.html
 */
export class Session implements LockOwner, OpenSession, Database {
  readonly pid: number;
  readonly database: string;
  readonly user: string;
  readonly startMs: number;
  readonly #parts: SessionParts;
  #state: TransactionState = 'none';
  /** Whether DuckDB knows of the open transaction: it begins with the first statement that has the tables it waited for. */
  #begun = false;
  readonly #catalogue: SessionCatalogue;
  /** As SET timezone has it. */
  #timeZone = 'UTC';
  /** Statements run in the open transaction. */
  #done = 0;
  #open = true;
  readonly #prepared: PreparedStatements;
  readonly #order: InsertionOrder;
  /** Whether the connection is still as it was when the session began. */
  #asNew = true;
  /** Settles when nothing runs on the connection. */
  #work: Promise<unknown> = Promise.resolve();

  constructor(identity: OpenSession, parts: SessionParts) {
    this.pid = identity.pid;
    this.database = identity.database;
    this.user = identity.user;
    this.startMs = identity.startMs;
    this.#parts = parts;
    this.#catalogue = new SessionCatalogue(parts.catalogue, identity.database, identity.user);
    this.#order = createInsertionOrder(parts.connection);
    this.#prepared = createPreparedStatements((sql) => parts.dialect.translate(sql));
  }

  get connection(): DuckDBConnection {
    return this.#parts.connection;
  }

  /** For what has to survive a rollback. */
  log(): Promise<DuckDBConnection> {
    return this.#parts.log();
  }

  get history(): StatementHistory {
    return this.#parts.history;
  }

  /** Rows of a query in DuckDB's own dialect. */
  async query(sql: string, about?: 'catalogue' | { readonly catalogue: string }): ReturnType<Database['query']> {
    if (about !== undefined)
      return this.#catalogue.ask(about === 'catalogue' ? sql : about.catalogue, () => this.query(sql));
    const rows = this.connection.runAndReadAll(sql).then((result) => result.getRowsJS());
    this.#work = Promise.allSettled([this.#work, rows]);
    return rows;
  }

  /** Waits for the tables that `statements` write, so that a transaction whose statements are all known never meets a conflict. */
  async lockFor(statements: readonly string[], signal: AbortSignal, outOfTurn?: Execution['outOfTurn']): Promise<void> {
    const { locks } = this.#parts;
    const wanted = statements.flatMap(locksOf);
    const acquire = (): Promise<void> => locks.acquire(this, wanted, signal);
    try {
      await (outOfTurn && !locks.free(this, wanted) ? outOfTurn(acquire) : acquire());
    } catch (error) {
      throw error instanceof Deadlock ? deadlock(error) : error;
    }
  }

  /** Opens a transaction unless one is open. */
  begin(): void {
    if (this.#state !== 'none') return;
    this.#state = 'open';
    this.#done = 0;
  }

  /** Ends the transaction; one that has failed is rolled back. */
  commit(): Promise<void> {
    return this.#endTransaction(this.#state === 'open' ? 'COMMIT' : 'ROLLBACK');
  }

  rollback(): Promise<void> {
    return this.#endTransaction('ROLLBACK');
  }

  /**
   * Runs one statement.
   * @throws SqlFailure in Redshift's words; the signal's reason where it was cancelled.
   */
  execute(sql: string, execution: Execution): Promise<Outcome> {
    const outcome = this.#execute(sql, execution);
    this.#work = Promise.allSettled([this.#work, outcome]);
    return outcome;
  }

  async #execute(given: string, execution: Execution): Promise<Outcome> {
    const history = this.#parts.history.note(this, given, execution.queryId);
    try {
      execution.signal.throwIfAborted();
      // DuckDB's interface would take it for the statement's end, and run what stands before it.
      if (given.includes('\0')) throw nulByte();
      const prepared = this.#prepared.read(given, () => {
        if (this.#state === 'failed') throw aborted();
      });
      if ('done' in prepared) {
        history.started(prepared.done);
        history.ended('success', -1);
        return { command: prepared.done, hasResultSet: false, rows: -1 };
      }
      const sql = prepared.run;
      const database = databaseStatement(sql);
      if (database) return await this.#changeDatabases(database);
      const translation = this.#parts.dialect.translate(sql);
      history.started(translation.command);
      if (!leavesNoTrace(translation, sql)) this.#asNew = false;
      const ends = translation.kind === 'commit' || translation.kind === 'rollback';
      if (this.#state === 'failed' && !ends) throw aborted();
      if (this.#state === 'open' && ALONE.has(translation.command)) throw insideTransaction(translation.command);
      if (this.#state === 'none' && translation.command === 'DECLARE') throw outsideTransaction('DECLARE CURSOR');
      if (!ends && (await history.publish(sql))) this.#asNew = false;
      const outcome = await this.#perform(sql, translation, execution);
      this.#done++;
      history.ended('success', outcome.rows);
      return outcome;
    } catch (error) {
      this.#asNew = false;
      if (this.#state === 'open') this.#state = 'failed';
      history.ended(execution.signal.aborted ? 'canceled' : 'failed', -1, error);
      throw error;
    } finally {
      if (this.#state === 'none') this.#parts.locks.release(this);
    }
  }

  /**
   * Ends the session: what is not committed is gone, and so are its temporary tables. A connection must not be closed under a running
   * query, so that one is interrupted first.
   */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#parts.locks.release(this);
    await interruptUntil(this.connection, this.#work);
    const asNew = this.#asNew && this.#state === 'none';
    if (!asNew) this.connection.closeSync();
    this.#parts.closed(asNew);
  }

  async #endTransaction(statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const begun = this.#begun;
    this.#state = 'none';
    this.#begun = false;
    let committed = false;
    try {
      if (begun && this.#open) await this.connection.run(statement);
      committed = statement === 'COMMIT';
      if (this.#open) await this.#order.restore();
    } finally {
      this.#catalogue.end(committed);
      this.#parts.locks.release(this);
    }
  }

  async #changeDatabases({ command, name }: DatabaseStatement): Promise<Outcome> {
    if (this.#state === 'failed') throw aborted();
    if (this.#state === 'open') throw insideTransaction(command);
    if (command === 'DROP DATABASE' && name === this.database) throw databaseInUse(name);
    this.#catalogue.changing();
    let done = false;
    try {
      await this.#parts.databases[command === 'CREATE DATABASE' ? 'createDatabase' : 'dropDatabase'](name);
      this.#catalogue.changed(`${command} ${name}`);
      done = true;
    } finally {
      this.#catalogue.end(done);
    }
    return { command, hasResultSet: false, rows: -1 };
  }

  async #perform(sql: string, translation: Translation, execution: Execution): Promise<Outcome> {
    const { command } = translation;
    const without: Outcome = { command, hasResultSet: false, rows: -1 };
    switch (translation.kind) {
      case 'begin':
        this.begin();
        return without;
      case 'commit':
        await this.commit();
        return without;
      case 'rollback':
        await this.rollback();
        return without;
      case 'call':
        return this.#call(sql, execution);
      case 'nothing':
        // LOCK is the one of these that waits, and only a transaction can hold what it asks for.
        if (this.#state === 'open') await this.lockFor([sql], execution.signal, execution.outOfTurn);
        return without;
      case 'run':
      case 'copy':
      case 'unload':
        await this.lockFor([sql], execution.signal, execution.outOfTurn);
        if (translation.kind === 'run' && command === 'SELECT' && this.#state === 'none') {
          const outcome = await this.#alone(sql, translation, execution);
          if (outcome) return outcome;
        }
        return this.#inTransaction(translation.commits, async () => {
          if (translation.kind === 'run' && !changesOwnOnly(translation, sql)) this.#catalogue.changing();
          if (translation.kind === 'run') return this.#runSteps(sql, translation, execution);
          const run = translation.kind === 'copy' ? this.#parts.runCopy : this.#parts.runUnload;
          const restart = this.#done === 0 ? (): Promise<void> => this.#restart() : undefined;
          const { rows } = await this.#mapped(sql, undefined, execution.signal, () =>
            run(sql, { session: this, execution, restart, inAnyOrder: () => this.#order.leave() }),
          );
          await this.#order.restore();
          return { command, hasResultSet: false, rows };
        });
    }
  }

  /** A stored procedure: each of its statements is one of this session, in the transaction it asks for. */
  async #call(sql: string, execution: Execution): Promise<Outcome> {
    const { signal, queryId } = execution;
    const note = this.#parts.history.note(this, sql, queryId);
    const { answer, end } = await call(sql, {
      signal,
      database: this,
      open: () => this.#state === 'open',
      begin: () => this.begin(),
      commit: () => this.commit(),
      rollback: () => this.rollback(),
      run: async (inner, refused) => {
        const translation = this.#parts.dialect.translate(inner);
        if (refused.includes(translation.command)) throw invalidTermination(translation.command);
        if (translation.kind === 'commit' || translation.kind === 'rollback' || translation.kind === 'call')
          throw invalidTermination(translation.command);
        const kept: { columns: Ran['columns']; rows: Ran['rows'] } = { columns: [], rows: [] };
        const read = async (result: DuckDBResult): Promise<number> => {
          Object.assign(kept, await rowsOf(result));
          return kept.rows.length;
        };
        await note.publish(inner);
        const { command, rows } = await this.#perform(inner, translation, { ...execution, read });
        this.#done++;
        return { command, count: rows, ...kept };
      },
      say: (level, message, procedure, line) =>
        this.#parts.history.say(this, queryId, { level, message, procedure, line }),
    });
    const said =
      answer === undefined ? undefined : await this.#perform(answer, this.#parts.dialect.translate(answer), execution);
    await end();
    return {
      command: 'CALL',
      hasResultSet: said !== undefined,
      rows: said ? said.rows : -1,
      ...(said?.columns && { columns: said.columns }),
    };
  }

  async #restart(): Promise<void> {
    await this.connection.run('ROLLBACK');
    await this.#catalogue.begin(() => this.connection.run('BEGIN'));
  }

  /**
   * A query is a transaction by itself, as long as nobody changes the catalogue between what it asks of that and its own beginning.
   * @returns undefined where somebody did, or where it takes more than one step.
   */
  async #alone(
    sql: string,
    translation: Translation & { readonly kind: 'run' },
    execution: Execution,
  ): Promise<Outcome | undefined> {
    const { quiet } = this.#catalogue;
    if (quiet === undefined || translation.after) return undefined;
    const { steps: given } = translation;
    const steps =
      typeof given === 'function' ? await this.#mapped(sql, undefined, execution.signal, () => given(this)) : given;
    if (steps.length !== 1) return undefined;
    const unchanged = (): boolean => this.#catalogue.quiet === quiet;
    try {
      return await this.#runSteps(sql, { ...translation, steps }, execution, { unchanged });
    } catch (error) {
      if (error instanceof CatalogueChanged) return undefined;
      throw error;
    }
  }

  /** In the open transaction, or in one of its own. */
  async #inTransaction(commits: boolean, work: () => Promise<Outcome>): Promise<Outcome> {
    if (this.#state === 'open') {
      await this.#begin();
      const outcome = await work();
      if (commits) await this.commit();
      return outcome;
    }
    this.begin();
    try {
      await this.#begin();
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
    { command, steps: given, hasResultSet, after }: Translation & { readonly kind: 'run' },
    { read, signal }: Execution,
    alone?: { readonly unchanged: () => boolean },
  ): Promise<Outcome> {
    const unchanged = alone?.unchanged ?? ((): boolean => true);
    const steps = typeof given === 'function' ? await this.#mapped(sql, undefined, signal, () => given(this)) : given;
    let rows = -1;
    let shown: ShownResult | undefined;
    for (const [index, step] of steps.entries()) {
      const last = index === steps.length - 1;
      const perform = (form: Step): Promise<number> =>
        this.#mapped(sql, form, signal, async () => {
          if (last && hasResultSet) {
            const result = await this.#stream(form.sql);
            if (!unchanged()) throw new CatalogueChanged();
            shown = { query: form.sql, names: result.columnNames(), types: result.columnTypes() };
            return read(result, this.#timeZone);
          }
          const result = await this.connection.run(form.sql);
          return COUNTING.has(command) ? result.rowsChanged : -1;
        });
      const instead = (form: Step | undefined, code: string) => (error: unknown) => {
        if (form && (error as Partial<SqlFailure>).code === code) return attempt(form);
        throw error;
      };
      // What was read of the result is read again: numbers that 64 bits could not hold are counted in 128.
      const attempt = (form: Step): Promise<number> => perform(form).catch(instead(form.wide, NUMERIC_OVERFLOW));
      if (!alone)
        // In a transaction a failure would end it.
        rows = await perform(step.wide ?? step);
      else rows = await (step.quick ? attempt(step.quick).catch(instead(step, BLANKS)) : attempt(step));
    }
    if (command === 'SET' || command === 'RESET') {
      const [[zone] = []] = await this.query("SELECT current_setting('TimeZone')");
      this.#timeZone = String(zone);
    }
    if (!changesRowsOnly(command)) this.#catalogue.changed(sql);
    const more = after === undefined ? [] : await this.#mapped(sql, undefined, signal, () => after(this));
    for (const step of more) await this.#mapped(sql, step, signal, () => this.connection.run(step.sql));
    if (more.length > 0) this.#catalogue.changed(sql);
    const columns =
      shown && unchanged() ? await columnsOfResult(this.#parts.dialect, this, { sql, command }, shown) : undefined;
    return { command, hasResultSet, rows, ...(columns && { columns }) };
  }

  async #begin(): Promise<void> {
    if (this.#begun) return;
    await this.#catalogue.begin(() => this.connection.run('BEGIN'));
    this.#begun = true;
  }

  async #stream(sql: string): Promise<DuckDBResult> {
    const prepared = await this.connection.prepare(sql);
    try {
      return await prepared.stream();
    } finally {
      prepared.destroySync();
    }
  }

  async #mapped<T>(sql: string, step: Step | undefined, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await runInterruptibly(this.connection, signal, work);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof CatalogueChanged) throw error;
      if (isConflict(error)) throw serializable(writeTargets(sql)[0] ?? '', this.pid);
      throw this.#parts.dialect.failure(error, sql, step);
    }
  }
}

/** Somebody changed a relation while a query began. */
class CatalogueChanged extends Error {
  override readonly name = 'CatalogueChanged';
}

/** SQLSTATE of a number out of range. */
const NUMERIC_OVERFLOW = '22003';

/** The dialect's own, of a quick form. */
const BLANKS = 'RS001';

import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { OpenSession } from '../catalog/index.ts';
import type { NameCases } from '../dialect/lexer.ts';
import type { Database, QuestionAbout, Translation } from '../dialect/translation.ts';
import { SessionCatalogue, type CatalogueState } from './catalogue-state.ts';
import { changesOwnOnly, leavesNoTrace } from './traces.ts';
import { call, invalidTermination } from '../procedures/call.ts';
import { rowsOf } from '../procedures/rows.ts';
import type { Ran } from '../procedures/frame.ts';
import { databaseStatement, type Databases, type DatabaseStatement } from './database-statement.ts';
import type { Dialect } from './dialect-port.ts';
import type { StatementHistory } from './statement-history.ts';
import { interruptUntil } from './interrupt.ts';
import { createPreparedStatements, type PreparedStatements } from './prepared-statements.ts';
import {
  aborted,
  databaseInUse,
  deadlock,
  insideProcedure,
  insideTransaction,
  nulByte,
  outsideTransaction,
  usedTooLate,
} from './sql-failures.ts';
import { type Execution, type Outcome, StatementRunner } from './statement-runner.ts';
import { Deadlock, type LockOwner, type TableLocks } from './table-locks.ts';
import { SessionSettings } from './session-settings.ts';
import { isTimeout, withinTimeout } from './statement-timeout.ts';
import { mayReadSystemOnly, namesNone, RELATION_NAMES } from './system-questions.ts';
import { Transaction } from './transaction.ts';
import { locksOf } from './write-target.ts';

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

/** Statements that Redshift refuses inside a transaction block. */
const ALWAYS_ALONE = new Set(['VACUUM', 'ALTER TABLE APPEND']);
const ALONE = new Set([...ALWAYS_ALONE, 'ALTER TABLE ALTER COLUMN']);

/** Statements that choose the database, at the beginning of a transaction only. */
const USES = new Set(['USE', 'RESET USE']);

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
  readonly #catalogue: SessionCatalogue;
  readonly #settings: SessionSettings;
  readonly #transaction: Transaction;
  readonly #runner: StatementRunner;
  #open = true;
  readonly #prepared: PreparedStatements;
  /** Whether nothing else has run since the transaction was opened. */
  #mayChoose = true;
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
    const { connection, dialect, locks } = parts;
    const catalogue = this.#catalogue;
    const settings = new SessionSettings(connection);
    this.#settings = settings;
    this.#transaction = new Transaction({ connection, catalogue, settings, ended: () => locks.release(this) });
    this.#runner = new StatementRunner({ connection, dialect, database: this, catalogue, settings, pid: this.pid });
    this.#prepared = createPreparedStatements((sql) => dialect.translate(sql, this.cases));
  }

  get connection(): DuckDBConnection {
    return this.#parts.connection;
  }

  /** As SET has them. */
  get cases(): NameCases {
    return this.#settings.cases;
  }

  /** For what has to survive a rollback. */
  log(): Promise<DuckDBConnection> {
    return this.#parts.log();
  }

  get history(): StatementHistory {
    return this.#parts.history;
  }

  /** Rows of a query in DuckDB's own dialect. */
  async query(sql: string, about?: QuestionAbout): ReturnType<Database['query']> {
    if (about === 'system') return this.#catalogue.askSystem(sql, () => this.query(sql));
    if (about !== undefined) {
      const { catalogue: question, query } = about === 'catalogue' ? { catalogue: sql, query: undefined } : about;
      const ask = (): ReturnType<Database['query']> => this.query(sql);
      const ofSystem = query !== undefined && (await this.#readsSystemOnly(query));
      return ofSystem ? this.#catalogue.askSystem(question, ask) : this.#catalogue.ask(question, ask);
    }
    const rows = this.connection.runAndReadAll(sql).then((result) => result.getRowsJS());
    this.#work = Promise.allSettled([this.#work, rows]);
    return rows;
  }

  /** Whether a query means none of the relations and functions that users made, and has a session that has made and SET nothing. */
  async #readsSystemOnly(query: string): Promise<boolean> {
    if (!this.#catalogue.asBegun || !mayReadSystemOnly(query)) return false;
    return namesNone(query, await this.query(RELATION_NAMES, 'catalogue'));
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
    this.#mayChoose ||= this.#transaction.state === 'none';
    this.#transaction.open();
  }

  /** Ends the transaction; one that has failed is rolled back. */
  commit(): Promise<void> {
    return this.#transaction.commit();
  }

  rollback(): Promise<void> {
    return this.#transaction.rollback();
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
        if (this.#transaction.state === 'failed') throw aborted();
      });
      if ('done' in prepared) {
        history.started(prepared.done);
        history.ended('success', -1);
        return { command: prepared.done, hasResultSet: false, rows: -1 };
      }
      const sql = prepared.run;
      const database = databaseStatement(sql);
      if (database) return await this.#changeDatabases(database);
      const translation = this.#parts.dialect.translate(sql, this.cases);
      history.started(translation.command);
      if (!leavesNoTrace(translation, sql)) this.#asNew = false;
      const ends = translation.kind === 'commit' || translation.kind === 'rollback';
      if (this.#transaction.state === 'failed' && !ends) throw aborted();
      if (this.#transaction.state === 'open' && ALONE.has(translation.command))
        throw insideTransaction(translation.command);
      const chooses = USES.has(translation.command);
      if (chooses && this.#transaction.state === 'open' && !this.#mayChoose) throw usedTooLate();
      if (this.#transaction.state === 'none' && translation.command === 'DECLARE')
        throw outsideTransaction('DECLARE CURSOR');
      if (!ends && (await history.publish(sql))) this.#asNew = false;
      const outcome = await withinTimeout(this.#settings.statementTimeoutMs, execution, (signal) =>
        this.#perform(sql, translation, { ...execution, signal }),
      );
      this.#transaction.count();
      this.#mayChoose = chooses || translation.kind === 'begin';
      history.ended('success', outcome.rows);
      return outcome;
    } catch (error) {
      this.#asNew = false;
      this.#transaction.fail();
      history.ended(execution.signal.aborted || isTimeout(error) ? 'canceled' : 'failed', -1, error);
      throw error;
    } finally {
      if (this.#transaction.state === 'none') this.#parts.locks.release(this);
    }
  }

  /**
   * Ends the session: what is not committed is gone, and so are its temporary tables. A connection must not be closed under a running
   * query, so that one is interrupted first.
   */
  async close(): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    this.#transaction.abandon();
    this.#parts.locks.release(this);
    await interruptUntil(this.connection, this.#work);
    const asNew = this.#asNew && this.#transaction.state === 'none';
    if (!asNew) this.connection.closeSync();
    this.#parts.closed(asNew);
  }

  async #changeDatabases({ command, name }: DatabaseStatement): Promise<Outcome> {
    if (this.#transaction.state === 'failed') throw aborted();
    if (this.#transaction.state === 'open') throw insideTransaction(command);
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
        if (this.#transaction.state === 'open') await this.lockFor([sql], execution.signal, execution.outOfTurn);
        return without;
      case 'run':
      case 'copy':
      case 'unload':
        await this.lockFor([sql], execution.signal, execution.outOfTurn);
        if (translation.kind === 'run' && command === 'SELECT' && this.#transaction.state === 'none') {
          const outcome = await this.#runner.runAlone(sql, translation, execution);
          if (outcome) return outcome;
        }
        return this.#transaction.within(translation.commits, async () => {
          if (translation.kind === 'run' && !changesOwnOnly(translation, sql)) this.#catalogue.changing();
          if (translation.kind === 'run') return this.#runner.run(sql, translation, execution);
          const run = translation.kind === 'copy' ? this.#parts.runCopy : this.#parts.runUnload;
          const { restart } = this.#transaction;
          const { rows } = await this.#runner.mapped(sql, undefined, execution.signal, () =>
            run(sql, { session: this, execution, restart, inAnyOrder: () => this.#transaction.inAnyOrder() }),
          );
          await this.#transaction.inOrder();
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
      open: () => this.#transaction.state === 'open',
      begin: () => this.begin(),
      commit: () => this.commit(),
      rollback: () => this.rollback(),
      run: async (inner, refused) => {
        const translation = this.#parts.dialect.translate(inner, this.cases);
        if (refused.includes(translation.command)) throw invalidTermination(translation.command);
        // A change of a column's type is one a procedure may make that has no transaction.
        const alone = this.#transaction.state === 'open' ? ALONE : ALWAYS_ALONE;
        if (alone.has(translation.command)) throw insideProcedure(translation.command);
        if (translation.kind === 'commit' || translation.kind === 'rollback' || translation.kind === 'call')
          throw invalidTermination(translation.command);
        const kept: { columns: Ran['columns']; rows: Ran['rows'] } = { columns: [], rows: [] };
        const read = async (result: DuckDBResult): Promise<number> => {
          Object.assign(kept, await rowsOf(result));
          return kept.rows.length;
        };
        await note.publish(inner);
        const { command, rows } = await this.#perform(inner, translation, { ...execution, read });
        this.#transaction.count();
        return { command, count: rows, ...kept };
      },
      say: (level, message, procedure, line) =>
        this.#parts.history.say(this, queryId, { level, message, procedure, line }),
    });
    const said =
      answer === undefined
        ? undefined
        : await this.#perform(answer, this.#parts.dialect.translate(answer, this.cases), execution);
    await end();
    return {
      command: 'CALL',
      hasResultSet: said !== undefined,
      rows: said ? said.rows : -1,
      ...(said?.columns && { columns: said.columns }),
    };
  }
}

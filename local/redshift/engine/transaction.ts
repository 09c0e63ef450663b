import type { DuckDBConnection } from '@duckdb/node-api';
import type { SessionCatalogue } from './catalogue-state.ts';
import type { SessionSettings } from './session-settings.ts';
import { createInsertionOrder, type InsertionOrder } from './insertion-order.ts';

type TransactionState = 'none' | 'open' | 'failed';

export interface TransactionParts {
  readonly connection: DuckDBConnection;
  readonly catalogue: SessionCatalogue;
  readonly settings: SessionSettings;
  /** Told when the transaction has ended, however. */
  readonly ended: () => void;
}

/**
 * The transaction of a session, by Redshift's rules: what fails in it aborts it, and then nothing but its end is accepted.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_BEGIN.html
 */
export class Transaction {
  readonly #parts: TransactionParts;
  readonly #order: InsertionOrder;
  #state: TransactionState = 'none';
  /** Whether DuckDB knows of the open transaction: it begins with the first statement that has the tables it waited for. */
  #begun = false;
  /** Statements run in it. */
  #done = 0;
  /** Whether its connection may still be used. */
  #connected = true;

  constructor(parts: TransactionParts) {
    this.#parts = parts;
    this.#order = createInsertionOrder(parts.connection);
  }

  get state(): TransactionState {
    return this.#state;
  }

  /** From here on rows may go into tables in any order, until the statement or the transaction ends. */
  async inAnyOrder(): Promise<void> {
    await this.#order.leave();
  }

  async inOrder(): Promise<void> {
    await this.#order.restore();
  }

  /** Begins it anew where nothing would be lost by that; undefined where something would. */
  get restart(): (() => Promise<void>) | undefined {
    if (this.#done > 0) return undefined;
    return async () => {
      await this.#parts.connection.run('ROLLBACK');
      await this.#begin();
    };
  }

  /** Opens one unless one is open. */
  open(): void {
    if (this.#state !== 'none') return;
    this.#state = 'open';
    this.#done = 0;
  }

  /** A statement of it is done. */
  count(): void {
    this.#done++;
  }

  /** A statement of it has failed. */
  fail(): void {
    if (this.#state === 'open') this.#state = 'failed';
  }

  /** One that has failed is rolled back. */
  commit(): Promise<void> {
    return this.#end(this.#state === 'open' ? 'COMMIT' : 'ROLLBACK');
  }

  rollback(): Promise<void> {
    return this.#end('ROLLBACK');
  }

  /** Runs something in it, or in one of its own where none is open. `commits`: it ends with that. */
  async within<T>(commits: boolean, work: () => Promise<T>): Promise<T> {
    const own = this.#state !== 'open';
    if (own) this.open();
    try {
      if (!this.#begun) await this.#begin();
      const outcome = await work();
      if (own || commits) await this.commit();
      return outcome;
    } catch (error) {
      if (own) await this.rollback();
      throw error;
    }
  }

  /** The session ends: its connection is closed, and takes what is not committed with it. */
  abandon(): void {
    this.#connected = false;
  }

  async #begin(): Promise<void> {
    const { connection, catalogue } = this.#parts;
    await catalogue.begin(() => connection.run('BEGIN'));
    this.#begun = true;
  }

  async #end(statement: 'COMMIT' | 'ROLLBACK'): Promise<void> {
    const { connection, catalogue, settings, ended } = this.#parts;
    const begun = this.#begun;
    this.#state = 'none';
    this.#begun = false;
    let committed = false;
    try {
      if (begun && this.#connected) await connection.run(statement);
      committed = statement === 'COMMIT';
      if (this.#connected) await this.#order.restore();
    } finally {
      if (settings.endsWith(committed)) catalogue.changed('SET');
      catalogue.end(committed);
      ended();
      if (this.#connected) await settings.end(committed);
    }
  }
}

import type { DuckDBConnection, DuckDBResult } from '@duckdb/node-api';
import type { KnownColumn } from '../dialect/query-ranges.ts';
import type { Database, Step, Translation } from '../dialect/translation.ts';
import type { SessionCatalogue } from './catalogue-state.ts';
import type { Dialect, SqlFailure } from './dialect-port.ts';
import { runInterruptibly } from './interrupt.ts';
import type { SessionSettings } from './session-settings.ts';
import { columnsOfResult, type ShownResult } from './shown-result.ts';
import { isConflict, serializable } from './sql-failures.ts';
import { changesRowsOnly } from './traces.ts';
import { writeTargets } from './write-target.ts';

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

type RunTranslation = Translation & { readonly kind: 'run' };

export interface StatementRunnerParts {
  readonly connection: DuckDBConnection;
  readonly dialect: Dialect;
  /** The session that statements ask questions of. */
  readonly database: Database;
  readonly catalogue: SessionCatalogue;
  readonly settings: SessionSettings;
  readonly pid: number;
}

/** Commands whose tag carries a number of rows. */
const COUNTING = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/** SQLSTATE of a number out of range. */
const NUMERIC_OVERFLOW = '22003';

/** The dialect's own, of a quick form. */
const BLANKS = 'RS001';

/** Runs on a session's connection what statements were translated to, and tells failures in Redshift's words. */
export class StatementRunner {
  readonly #parts: StatementRunnerParts;

  constructor(parts: StatementRunnerParts) {
    this.#parts = parts;
  }

  /** In the open transaction. */
  async run(sql: string, translation: RunTranslation, execution: Execution): Promise<Outcome> {
    const steps = await this.#stepsOf(sql, translation, execution.signal);
    return this.#runSteps(sql, translation, steps, execution);
  }

  /**
   * A query is a transaction by itself, as long as nobody changes the catalogue between what it asks of that and its own beginning.
   * @returns undefined where somebody did, or where it takes more than one step.
   */
  async runAlone(sql: string, translation: RunTranslation, execution: Execution): Promise<Outcome | undefined> {
    const { catalogue } = this.#parts;
    const { quiet } = catalogue;
    if (quiet === undefined || translation.after) return undefined;
    const steps = await this.#stepsOf(sql, translation, execution.signal);
    if (steps.length !== 1) return undefined;
    const unchanged = (): boolean => catalogue.quiet === quiet;
    try {
      return await this.#runSteps(sql, translation, steps, execution, { unchanged });
    } catch (error) {
      if (error instanceof CatalogueChanged) return undefined;
      throw error;
    }
  }

  /** Work on the connection that ends when the signal says so, and whose failure is one of the statement's. */
  async mapped<T>(sql: string, step: Step | undefined, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const { connection, dialect, pid } = this.#parts;
    try {
      return await runInterruptibly(connection, signal, work);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof CatalogueChanged) throw error;
      if (isConflict(error)) throw serializable(writeTargets(sql)[0] ?? '', pid);
      throw dialect.failure(error, sql, step);
    }
  }

  #stepsOf(sql: string, { steps }: RunTranslation, signal: AbortSignal): Promise<readonly Step[]> | readonly Step[] {
    return typeof steps === 'function' ? this.mapped(sql, undefined, signal, () => steps(this.#parts.database)) : steps;
  }

  async #runSteps(
    sql: string,
    { command, hasResultSet, after, changes }: RunTranslation,
    steps: readonly Step[],
    { read, signal }: Execution,
    alone?: { readonly unchanged: () => boolean },
  ): Promise<Outcome> {
    const { connection, dialect, database, catalogue, settings } = this.#parts;
    const unchanged = alone?.unchanged ?? ((): boolean => true);
    if (changes) await settings.changing(changes);
    let rows = -1;
    let shown: ShownResult | undefined;
    for (const [index, step] of steps.entries()) {
      const last = index === steps.length - 1;
      const perform = (form: Step): Promise<number> =>
        this.mapped(sql, form, signal, async () => {
          if (last && hasResultSet) {
            const result = await this.#stream(form.sql);
            if (!unchanged()) throw new CatalogueChanged();
            shown = { query: form.sql, names: result.columnNames(), types: result.columnTypes() };
            return read(result, settings.timeZone);
          }
          const result = await connection.run(form.sql);
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
    if (changes) await settings.changed();
    if (!changesRowsOnly(command)) catalogue.changed(sql);
    const more = after === undefined ? [] : await this.mapped(sql, undefined, signal, () => after(database));
    for (const step of more) await this.mapped(sql, step, signal, () => connection.run(step.sql));
    if (more.length > 0) catalogue.changed(sql);
    const columns =
      shown && unchanged()
        ? await columnsOfResult(dialect, database, { sql, command, cases: settings.cases }, shown)
        : undefined;
    return { command, hasResultSet, rows, ...(columns && { columns }) };
  }

  async #stream(sql: string): Promise<DuckDBResult> {
    const prepared = await this.#parts.connection.prepare(sql);
    try {
      return await prepared.stream();
    } finally {
      prepared.destroySync();
    }
  }
}

/** Somebody changed a relation while a query began. */
class CatalogueChanged extends Error {
  override readonly name = 'CatalogueChanged';
}

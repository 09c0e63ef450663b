import type { DuckDBConnection } from '@duckdb/node-api';
import { nameCases, variable } from '../dialect/configuration.ts';
import { FOLDED, literal, type NameCases } from '../dialect/lexer.ts';
import { databaseOn } from '../dialect/plain-database.ts';
import { restored, sessionParameters, variablesOf, type SessionParameters } from '../dialect/session-parameters.ts';
import type { Database, ParameterChange } from '../dialect/translation.ts';

/**
 * The parameters of a session, which DuckDB keeps whatever becomes of a transaction. Here what was SET in one that is rolled back is undone,
 * and what was SET LOCAL ends with its transaction: https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html and
 * https://www.postgresql.org/docs/8.0/sql-set.html
 */
export class SessionSettings {
  readonly #connection: DuckDBConnection;
  readonly #database: Database;
  /** As they were before the open transaction changed any. */
  #before: SessionParameters | undefined;
  /** What variables that were SET LOCAL are to be when the open transaction is committed. */
  readonly #behind = new Map<string, string | undefined>();
  #timeZone = 'UTC';
  #cases: NameCases = FOLDED;
  #statementTimeoutMs = 0;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
    this.#database = databaseOn(connection);
  }

  /** The zone in which TIMESTAMPTZ is shown. */
  get timeZone(): string {
    return this.#timeZone;
  }

  get cases(): NameCases {
    return this.#cases;
  }

  /** 0 for none. */
  get statementTimeoutMs(): number {
    return this.#statementTimeoutMs;
  }

  /** Before a statement changes one, in its transaction. */
  async changing(change: ParameterChange): Promise<void> {
    const now = await sessionParameters(this.#database);
    this.#before ??= now;
    for (const name of variablesOf(change, now))
      if (!change.local) this.#behind.delete(name);
      else if (!this.#behind.has(name)) this.#behind.set(name, now.get(name));
  }

  /** After a statement has changed one. */
  async changed(): Promise<void> {
    const [[zone, timeout] = []] = await this.#database.query(
      `SELECT current_setting('TimeZone'), getvariable(${literal(variable('statement_timeout'))})`,
    );
    this.#timeZone = String(zone);
    this.#statementTimeoutMs = Number(timeout ?? 0);
    this.#cases = await nameCases(this.#database);
  }

  /** Whether the end of the open transaction changes any. */
  endsWith(committed: boolean): boolean {
    return this.#before !== undefined && (!committed || this.#behind.size > 0);
  }

  /** The transaction has ended. */
  async end(committed: boolean): Promise<void> {
    const before = this.#before;
    const changes = this.endsWith(committed);
    const behind = [...this.#behind];
    this.#before = undefined;
    this.#behind.clear();
    if (!before || !changes) return;
    const now = await sessionParameters(this.#database);
    const then = committed ? withValues(now, behind) : before;
    for (const statement of await restored(this.#database, now, then)) await this.#connection.run(statement);
    await this.changed();
  }
}

function withValues(
  parameters: SessionParameters,
  values: readonly (readonly [string, string | undefined])[],
): SessionParameters {
  const all = new Map(parameters);
  for (const [name, value] of values)
    if (value === undefined) all.delete(name);
    else all.set(name, value);
  return all;
}

import type { DuckDBConnection } from '@duckdb/node-api';
import type { NameCases } from '../dialect/lexer.ts';
import type { KnownColumn } from '../dialect/query-ranges.ts';
import type { TextType } from '../dialect/text-types.ts';
import type { Database, Step, Translation } from '../dialect/translation.ts';

/** What the engine asks of the SQL dialect it runs. */
export interface Dialect {
  /** Macros and system tables: once for each instance, before any database is attached. `images` is where what takes long to make is kept. */
  prepareInstance(connection: DuckDBConnection, images?: string): Promise<void>;
  /** Makes an instance whose databases are detached as good as new. */
  resetInstance(connection: DuckDBConnection): Promise<void>;
  /** What a database needs once, when it is created: its `public` schema. */
  prepareDatabase(connection: DuckDBConnection, database: string): Promise<void>;
  /** Settings and search path, for each new connection. */
  prepareSession(connection: DuckDBConnection, database: string, user: string): Promise<void>;
  /** @throws SqlFailure for what is not valid or cannot be faithful. */
  translate(sql: string, cases: NameCases): Translation;
  /** The types of a DuckDB query's text columns, by position, as far as they follow from its tables; never fails. */
  textTypes(database: Database, select: string): Promise<readonly (TextType | undefined)[]>;
  /** What a query in Redshift's dialect says itself of its columns `names`, by position; nothing where it cannot be told; never fails. */
  knownColumns(
    database: Database,
    query: string,
    names: readonly string[],
    cases: NameCases,
  ): Promise<readonly KnownColumn[]>;
  /** A DuckDB error as Redshift would have said it, its position in the original statement. */
  failure(error: unknown, sql: string, step: Step | undefined): SqlFailure;
}

/** A statement that failed, in Redshift's words. */
export interface SqlFailure extends Error {
  /** SQLSTATE, or the number Redshift's own documentation gives (`1023`). */
  readonly code: string;
  /** Offset in the original statement, where known. */
  readonly position?: number | undefined;
}

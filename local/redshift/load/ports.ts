import type { DuckDBConnection } from '@duckdb/node-api';
import type { Step } from '../dialect/translation.ts';
import type { KeepRows } from '../catalog/load-notes.ts';

/** An object as a file. It is read, never written. */
export interface SourceObject {
  readonly key: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
}

/** The object store as COPY and UNLOAD see it: objects are files, and a new object appears whole, with its event. */
export interface ObjectFiles {
  /** Every object whose key starts with `prefix`, in order of key. @throws `NoSuchBucket`. */
  list(bucket: string, prefix: string): readonly { readonly key: string; readonly size: number }[];
  file(bucket: string, key: string): SourceObject | undefined;
  /** Keeps the file in place, whatever becomes of the object, until the answer is called. */
  hold(file: SourceObject): () => void;
  /**
   * Takes files over as objects and removes others, all of it at one moment or nothing. With a key an object says that S3 encrypts it with
   * that key.
   */
  change(
    bucket: string,
    change: {
      readonly put: readonly { readonly key: string; readonly path: string; readonly kmsKeyId?: string }[];
      readonly remove: readonly string[];
    },
  ): Promise<unknown>;
}

/** What COPY and UNLOAD need of the session that runs them. */
export interface LoadEnvironment {
  /** The session's connection, inside its transaction. */
  readonly connection: DuckDBConnection;
  /** Another connection to the same instance, whose transaction may fail. */
  readonly log: DuckDBConnection;
  /** Keeps rows for the system views, whatever becomes of the transaction. */
  readonly keep: KeepRows;
  /** Sets variables of the session: they are no transaction's. */
  readonly remember: (variables: SessionVariables) => Promise<void>;
  readonly objects: ObjectFiles;
  /** Milliseconds since the Unix epoch. */
  readonly now: () => number;
  readonly query: QueryIdentity;
  /** Stops the statement; what it has written by then is taken back. */
  readonly signal: AbortSignal;
  /** A folder for intermediate files; every statement makes and removes one of its own in it. */
  readonly directory: string;
  /** Files UNLOAD writes in parallel: the cluster's slices. */
  readonly slices?: number;
  /** DuckDB's forms of a Redshift query, for UNLOAD. */
  readonly translateQuery: (sql: string) => Promise<Step>;
  /** Lets the rows of this statement go into its table in any order, which costs DuckDB much less. */
  readonly inAnyOrder: () => Promise<void>;
  /**
   * Rolls the transaction back and begins it anew. Given only when COPY is the transaction's first statement, so nothing is lost: it
   * lets COPY try DuckDB's reader on input that may need Redshift's leniency, and UNLOAD count in 64 bits what may need more.
   */
  readonly restart?: () => Promise<void>;
}

/** What a session knows of itself, by the names of DuckDB's variables. */
export type SessionVariables = Readonly<Record<string, string | number>>;

export interface QueryIdentity {
  readonly queryId: number;
  readonly pid: number;
  readonly transactionId: number;
  readonly userId: number;
  readonly database: string;
}

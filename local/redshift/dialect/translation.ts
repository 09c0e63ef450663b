/** What a Redshift statement became. Pure data: the engine decides when and where to run it. */
export type Translation = {
  /** Redshift's command tag: `SELECT`, `INSERT`, `CREATE TABLE`, `COPY`, … */
  readonly command: string;
  /** TRUNCATE and a few others commit the open transaction before (and after) themselves. */
  readonly commits: boolean;
} & (
  | {
      readonly kind: 'run';
      /**
       * DuckDB statements, in order, in one transaction. The last one's result is the statement's result. A function where they
       * depend on what is in the database (types of operands, attributes of a table): called in the statement's transaction.
       */
      readonly steps: readonly Step[] | ((database: Database) => Promise<readonly Step[]>);
      /** Whether the last step yields rows to the client. */
      readonly hasResultSet: boolean;
      /** The parameter of the session that is changed. */
      readonly changes?: ParameterChange | undefined;
      /** Steps that are known only when the others have run. */
      readonly after?: ((database: Database) => Promise<readonly Step[]>) | undefined;
    }
  | { readonly kind: 'copy' | 'unload' }
  /** A stored procedure is run, in the session. */
  | { readonly kind: 'call' }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  /** Accepted and recorded, without effect: ANALYZE, VACUUM, GRANT, most SET. */
  | { readonly kind: 'nothing' }
);

/** `use` is the database of USE. Such a change is undone when its transaction is rolled back; a `local` one, too, when that is committed. */
export interface ParameterChange {
  readonly name: string;
  readonly local: boolean;
}

export interface Step {
  readonly sql: string;
  /** Offset in the original statement for an offset in `sql`, where known: error positions point into what the user wrote. */
  readonly originalOffset: (offset: number) => number;
  /**
   * The same, counting in 128 bits where `sql` counts in 64: a good deal slower, and never needed but for huge numbers. To be run
   * instead when `sql` failed with a numeric overflow (22003) before it gave a row; in a transaction, which the failure would end, at once.
   */
  readonly wide?: Step;
  /**
   * The same, faster, for texts without blanks at their end: it fails (RS001) when it meets others where they matter. For a query whose
   * failure costs nothing: not in a transaction, and not to be kept in a view.
   */
  readonly quick?: Step;
}

/** What a translation may ask of the session it will run in. */
export interface Database {
  /**
   * All rows of a DuckDB query, values as JavaScript has them (BIGINT as bigint, everything textual as string). `about` the catalogue are those
   * whose answer follows from its relations and functions, and the session's settings, alone: it may be remembered as long as these stay,
   * and given to every question with the same text. Where it is about a `query`, it follows from the relations and functions that this names.
   * About the `system` are those that its own relations answer, which nobody changes.
   */
  query(sql: string, about?: QuestionAbout): Promise<readonly (readonly unknown[])[]>;
}

export type QuestionAbout = 'catalogue' | { readonly catalogue: string; readonly query?: string } | 'system';

/** What a Redshift statement became. Pure data: the engine decides when and where to run it. */
export type Translation = {
  /** Redshift's command tag: `SELECT`, `INSERT`, `CREATE TABLE`, `COPY`, … */
  readonly command: string;
  /** TRUNCATE and a few others commit the open transaction before (and after) themselves. */
  readonly commits: boolean;
} & (
  | {
      readonly kind: 'run';
      /** DuckDB statements, in order, in one transaction. The last one's result is the statement's result. */
      readonly steps: readonly Step[];
      /** Whether the last step yields rows to the client. */
      readonly hasResultSet: boolean;
    }
  | { readonly kind: 'copy' | 'unload' }
  | { readonly kind: 'begin' | 'commit' | 'rollback' }
  /** Accepted and recorded, without effect: ANALYZE, VACUUM, GRANT, most SET. */
  | { readonly kind: 'nothing' }
);

export interface Step {
  readonly sql: string;
  /** Offset in the original statement for an offset in `sql`, where known: error positions point into what the user wrote. */
  readonly originalOffset: (offset: number) => number;
}

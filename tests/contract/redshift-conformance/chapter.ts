/** A case: SQL and what Redshift's developer guide says it gives. */
export type Case =
  | { readonly sql: string; readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly sql: string; readonly error: string; readonly message: string };

/** Values as text, in the order of the columns. */
export type Row = readonly (string | null)[];

/** Cases of one chapter; they share a database, made anew, in which `setup` ran. */
export interface Chapter {
  readonly title: string;
  /** Page of https://docs.aws.amazon.com/redshift/latest/dg/ */
  readonly page: string;
  readonly setup: readonly string[];
  readonly cases: readonly Case[];
}

/** The statement yields these columns (`name type`) and rows. */
export function gives(sql: string, columns: readonly string[], ...rows: readonly Row[]): Case {
  return { sql, columns, rows };
}

/** The statement runs and yields nothing to compare. */
export function runs(sql: string): Case {
  return { sql, columns: [], rows: [] };
}

/** The statement fails with this SQLSTATE, its message containing this text. */
export function fails(sql: string, error: string, message: string): Case {
  return { sql, error, message };
}

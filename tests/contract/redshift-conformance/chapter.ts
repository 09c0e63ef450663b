/** A case: SQL and what Redshift's developer guide says it gives. */
export type Case =
  | { readonly sql: string; readonly columns: readonly string[]; readonly rows: readonly Row[] }
  | { readonly sql: string; readonly error: string; readonly message: string }
  | Load
  | { readonly sql: string; readonly unloaded: Objects };

/** Contents of the bucket `bucket`, by key. */
export type Objects = Readonly<Record<string, string | Buffer>>;

/** A COPY of objects into `t`, a new table: the rows it has then, or what `stl_load_errors` says of the load. */
export interface Load {
  readonly sql: string;
  /** Definitions of the table's columns. */
  readonly table: string;
  readonly objects: Objects;
  readonly rows?: readonly Row[];
  readonly errors?: readonly LoadError[];
}

/** A row of `stl_load_errors`. */
export interface LoadError {
  readonly line: number;
  readonly column?: string;
  readonly type?: string;
  readonly length?: string;
  readonly position?: number;
  readonly code: number;
  readonly reason: string;
  readonly rawLine?: string;
  readonly rawField?: string;
}

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

const FROM = "from 's3://bucket/in/' iam_role default";

/** What is read: a file's text, or several objects, those to load under `in/`. */
export type Input = string | Buffer | Objects;

function objectsOf(input: Input): Objects {
  return typeof input === 'string' || input instanceof Uint8Array ? { 'in/file': input } : input;
}

/** COPY of this input with these options into a table of these columns gives these rows. An option that is a whole COPY is one. */
export function loads(table: string, input: Input, options: string, ...rows: readonly Row[]): Case {
  return { sql: copyOf(options), table, objects: objectsOf(input), rows };
}

/** COPY fails, or leaves these rows out with MAXERROR, and `stl_load_errors` has these. */
export function rejects(table: string, input: Input, options: string, ...errors: readonly LoadError[]): Case {
  return { sql: copyOf(options), table, objects: objectsOf(input), errors };
}

/** `t` is the table. */
function copyOf(options: string): string {
  return /^copy /i.test(options) ? options : `copy t ${FROM} ${options}`.trim();
}

/** UNLOAD of this query to `s3://bucket/out/x_` with these options, or a whole UNLOAD, leaves these objects. */
export function unloads(query: string, options: string, unloaded: Objects): Case {
  return { sql: unloadOf(query, options), unloaded };
}

function unloadOf(query: string, options: string): string {
  return /^unload /i.test(query)
    ? query
    : `unload ($$${query}$$) to 's3://bucket/out/x_' iam_role default ${options}`.trim();
}

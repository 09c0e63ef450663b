import type { Collation } from './collations.ts';
import { identifier, literal, type NameCases } from './lexer.ts';
import type { Database } from './translation.ts';
import type { QualifiedName } from './names.ts';

/**
 * What a Redshift table has and a DuckDB table has not, kept as JSON in DuckDB's comment on it: so it is changed, renamed and dropped in
 * the same transaction as the table itself.
 */
export interface TableAttributes {
  readonly distStyle: 'AUTO' | 'EVEN' | 'KEY' | 'ALL';
  readonly sortStyle: 'AUTO' | 'COMPOUND' | 'INTERLEAVED' | 'NONE';
  readonly distKey?: string | undefined;
  readonly sortKeys: readonly string[];
  readonly backup: boolean;
  readonly primaryKey: readonly string[];
  readonly unique: readonly (readonly string[])[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Names of constraints that were given one, by {@link constraintKey}. */
  readonly names?: Readonly<Record<string, string>> | undefined;
  /** What COMMENT ON TABLE said. */
  readonly comment?: string | undefined;
  /** By column name. A column that is not here has the type DuckDB has for it. */
  readonly columns: Readonly<Record<string, ColumnAttributes>>;
  /** Views only: made WITH NO SCHEMA BINDING; or the query of a materialized view. */
  readonly view?: 'late-binding' | 'materialized' | undefined;
  readonly query?: string | undefined;
  /** Which names in that query keep their case; none unless given. */
  readonly cases?: NameCases | undefined;
  /** What the query of a view names as relations; there are rules of views for them in `pg_depend`. */
  readonly reads?: readonly string[] | undefined;
  /** Late-binding views only: the names given to its columns. */
  readonly viewColumns?: readonly string[] | undefined;
  /** A materialized view's AUTO REFRESH YES; kept and shown: only REFRESH computes it anew. */
  readonly autoRefresh?: boolean | undefined;
}

export interface ColumnAttributes {
  /** As `pg_table_def` shows it: `character varying(20)`. */
  readonly type: string;
  readonly encode?: string | undefined;
  readonly collation?: Collation | undefined;
  readonly identity?: { readonly seed: number; readonly step: number; readonly byDefault: boolean } | undefined;
  /** The expression as it was written. */
  readonly default?: string | undefined;
  readonly comment?: string | undefined;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
}

export const NO_ATTRIBUTES: TableAttributes = {
  distStyle: 'AUTO',
  sortStyle: 'AUTO',
  sortKeys: [],
  backup: true,
  primaryKey: [],
  unique: [],
  foreignKeys: [],
  columns: {},
};

/** The attribute that keeps them, where any name keeps its case. */
export function keptCases(cases: NameCases): Pick<TableAttributes, 'cases'> {
  return cases.identifiers || cases.attributes ? { cases } : {};
}

/** What tells a constraint of a table from its others: `p` primary, `u` unique, `f` foreign, and its columns. */
export function constraintKey(kind: 'p' | 'u' | 'f', columns: readonly string[]): string {
  return `${kind}:${JSON.stringify(columns)}`;
}

/** The DuckDB statement that keeps the attributes of a table or a view. */
export function writeAttributes(kind: 'TABLE' | 'VIEW', name: QualifiedName, attributes: TableAttributes): string {
  return `COMMENT ON ${kind} ${name.sql} IS ${literal(JSON.stringify({ redshift: attributes }))}`;
}

/** The attributes in a DuckDB comment; those of a table that has none for any other text. */
export function parseAttributes(comment: unknown): TableAttributes {
  if (typeof comment !== 'string' || !comment.startsWith('{"redshift":')) return NO_ATTRIBUTES;
  return (JSON.parse(comment) as { readonly redshift: TableAttributes }).redshift;
}

/** A table or a view as it is in the database. */
export interface StoredTable {
  readonly kind: 'TABLE' | 'VIEW';
  readonly schema: string;
  readonly temporary: boolean;
  readonly attributes: TableAttributes;
  readonly columns: readonly StoredColumn[];
}

export interface StoredColumn {
  readonly name: string;
  /** DuckDB's type. */
  readonly type: string;
  readonly nullable: boolean;
  /** DuckDB's expression. */
  readonly default: string | undefined;
}

/** Reads a table or a view; nothing where there is none of that name. */
export async function readTable(database: Database, name: QualifiedName): Promise<StoredTable | undefined> {
  const where = [
    `%name = ${literal(name.name)}`,
    name.schema === undefined
      ? `(database_name = 'temp' OR (database_name = current_database() AND schema_name IN (SELECT unnest(current_schemas(false)))))`
      : `schema_name = ${literal(name.schema)} AND database_name IN (current_database(), 'temp')`,
  ].join(' AND ');
  const relations = await database.query(
    `SELECT 'TABLE', database_name, schema_name, table_name, comment FROM duckdb_tables() WHERE ${where.replace('%name', 'table_name')}
     UNION ALL SELECT 'VIEW', database_name, schema_name, view_name, comment FROM duckdb_views() WHERE ${where.replace('%name', 'view_name')}`,
    'catalogue',
  );
  const [relation] = relations.toSorted((a, b) => Number(b[1] === 'temp') - Number(a[1] === 'temp'));
  if (!relation) return undefined;
  const [kind, catalog = '', schema = '', relationName = '', comment] = relation.map(String);
  const columns = await database.query(columnsOf([catalog, schema, relationName]), 'catalogue');
  return {
    kind: kind === 'VIEW' ? 'VIEW' : 'TABLE',
    schema,
    temporary: catalog === 'temp',
    attributes: parseAttributes(comment),
    columns: columns.map(([column, type, nullable, expression]) => ({
      name: String(column),
      type: String(type),
      nullable: nullable === true,
      default: typeof expression === 'string' && expression !== '' ? expression : undefined,
    })),
  };
}

/** Whether there is a table or a view of a name: asked for it alone, where reading one looks at all there are. */
export async function isThere(database: Database, name: QualifiedName): Promise<boolean> {
  const [[text, current] = []] = await database.query(
    `SELECT json_serialize_plan(${literal(`SELECT 1 FROM ${name.sql}`)}), current_database()`,
    'catalogue',
  );
  const plan = JSON.parse(String(text)) as ReadPlan;
  const absent = plan.error_subtype === 'MISSING_ENTRY' && plan.name === name.name;
  // A view may read one of its own name that is not there.
  if (absent && !(await isView(database, name.name))) return false;
  const found = plan.plans?.[0]?.children?.[0]?.function_data;
  const isIts = found?.table === name.name && (name.schema === undefined || found.schema === name.schema);
  if (isIts && (found.catalog === current || found.catalog === 'temp')) return true;
  return (await readTable(database, name)) !== undefined;
}

/** What `json_serialize_plan` says of the relation that a query reads. */
interface ReadPlan {
  readonly error_subtype?: string;
  /** Of what is missing. */
  readonly name?: string;
  readonly plans?: readonly {
    readonly children?: readonly {
      readonly function_data?: { readonly catalog?: string; readonly schema?: string; readonly table?: string };
    }[];
  }[];
}

async function isView(database: Database, name: string): Promise<boolean> {
  const views = await database.query(
    `SELECT 1 FROM duckdb_views() WHERE NOT internal AND view_name = ${literal(name)} LIMIT 1`,
    'catalogue',
  );
  return views.length > 0;
}

/** Name, type, nullability and default of each column, in order: asked for one relation, where `duckdb_columns()` looks at all there are. */
export function columnsOf(relation: readonly string[]): string {
  // Not `pragma_table_info('…')`: the name in its text may hold no quotation mark.
  return `SELECT column_name, column_type, "null" = 'YES', "default" FROM (DESCRIBE ${relation.map(identifier).join('.')})`;
}

export async function schemaNamed(database: Database, name: string): Promise<boolean> {
  const rows = await database.query(
    `SELECT 1 FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name = ${literal(name)}`,
  );
  return rows.length > 0;
}

import { ACCESS_VIEWS, USER_VIEWS } from './access-views.ts';
import { EMPTY_VIEWS } from './empty-views.ts';
import { INFORMATION_SCHEMA } from './information-schema-views.ts';
import { LOG_VIEWS } from './log-views.ts';
import { PG_VIEWS } from './pg-views.ts';
import { QUERY_VIEWS } from './query-views.ts';
import { SELDOM_VIEWS } from './seldom-views.ts';
import { STEP_VIEWS } from './step-views.ts';
import { TABLE_STEP_VIEWS } from './table-step-views.ts';
import { SVV_VIEWS } from './svv-views.ts';

/** The system tables and views that need no schema before their names and have rows, with their queries; one that reads another comes after it. */
export const SYSTEM_VIEWS: Readonly<Record<string, string>> = {
  ...USER_VIEWS,
  ...PG_VIEWS,
  ...SVV_VIEWS,
  ...LOG_VIEWS,
  ...QUERY_VIEWS,
};

/** Those that are truly empty or seldom asked are no views of DuckDB's: the query of one stands where its name is written, so that none costs anything to have. */
export const INLINE_VIEWS: Readonly<Record<string, string>> = {
  ...EMPTY_VIEWS,
  ...STEP_VIEWS,
  ...TABLE_STEP_VIEWS,
  ...ACCESS_VIEWS,
  ...SELDOM_VIEWS,
};

/** The query, in parentheses, of a system relation that has no view; undefined for every other name. */
export function inlineRelation(name: string): string | undefined {
  return Object.hasOwn(INLINE_VIEWS, name) ? `(${INLINE_VIEWS[name]})` : undefined;
}

/** The name under which a view of `information_schema` is kept. */
export function informationSchemaView(name: string): string {
  return `rs_information_schema_${name}`;
}

/** Schemas whose relations are the system's. */
export const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['information_schema', 'pg_catalog']);

/**
 * DuckDB's name for a system relation written with its schema (`information_schema.tables`, `pg_catalog.pg_class`); undefined where
 * there is none. Without a schema the search path finds them.
 */
export function systemRelation(schema: string, name: string): string | undefined {
  if (schema === 'information_schema' && Object.hasOwn(INFORMATION_SCHEMA, name))
    return `rs.main.${informationSchemaView(name)}`;
  if (schema !== 'pg_catalog') return undefined;
  return Object.hasOwn(SYSTEM_VIEWS, name) ? `rs.main.${name}` : inlineRelation(name);
}

/** Every system table and view there is, by the name it is asked for. */
export const SYSTEM_RELATIONS: readonly string[] = [
  ...Object.keys(SYSTEM_VIEWS),
  ...Object.keys(INLINE_VIEWS),
  ...Object.keys(INFORMATION_SCHEMA).map((name) => `information_schema.${name}`),
].sort();

/** Relations of PostgreSQL's catalogue that came after 8.0: https://www.postgresql.org/docs/8.0/catalogs.html */
const YOUNGER =
  /^pg_(?:roles|authid|auth_members|extension|available_extension\w*|range|enum|sequences?|matviews|collation|policy|policies|partitioned_table|publication\w*|subscription\w*|event_trigger|foreign_\w+|user_mappings?|ts_\w+|opfamily|amop_\w+|seclabels?|shdepend|shdescription|prepared_statements|prepared_xacts|cursors|file_settings|hba_file_rules|timezone_names|timezone_abbrevs|stat_statements|stat_ssl|stat_replication)$/;

/** Whether the name of a relation that is not there is one Redshift has: then it is not supported, rather than not existing. */
export function isMissingSystemRelation(name: string): boolean {
  if (YOUNGER.test(name)) return false;
  const known = Object.hasOwn(SYSTEM_VIEWS, name) || Object.hasOwn(INLINE_VIEWS, name);
  return /^(?:stl|stv|svl|svv|svcs|sys|stcs|pg)_[a-z0-9_]+$/.test(name) && !known;
}

import { LOG_VIEWS } from './log-views.ts';
import { INFORMATION_SCHEMA, PG_VIEWS, SVV_VIEWS } from './svv-views.ts';

/** The name under which a view of `information_schema` is kept. */
export function informationSchemaView(name: string): string {
  return `rs_information_schema_${name}`;
}

/**
 * DuckDB's name for a system relation written with its schema (`information_schema.tables`, `pg_catalog.pg_class`); undefined where
 * there is none. Without a schema the search path finds them.
 */
export function systemRelation(schema: string, name: string): string | undefined {
  if (schema === 'information_schema' && Object.hasOwn(INFORMATION_SCHEMA, name))
    return `rs.main.${informationSchemaView(name)}`;
  if (schema === 'pg_catalog' && hasSystemView(name)) return `rs.main.${name}`;
  return undefined;
}

/** Every system table and view there is, by the name it is asked for. */
export const SYSTEM_RELATIONS: readonly string[] = [
  ...[LOG_VIEWS, PG_VIEWS, SVV_VIEWS].flatMap(Object.keys),
  ...Object.keys(INFORMATION_SCHEMA).map((name) => `information_schema.${name}`),
].sort();

function hasSystemView(name: string): boolean {
  return [LOG_VIEWS, PG_VIEWS, SVV_VIEWS].some((views) => Object.hasOwn(views, name));
}

/** Whether the name of a relation that is not there is one Redshift has: then it is not supported, rather than not existing. */
export function isMissingSystemRelation(name: string): boolean {
  return /^(?:stl|stv|svl|svv|svcs|sys|stcs|pg)_[a-z0-9_]+$/.test(name) && !hasSystemView(name);
}

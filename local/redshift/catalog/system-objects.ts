import { INFORMATION_SCHEMA } from './information-schema-views.ts';
import { INLINE_VIEWS, SYSTEM_VIEWS } from './system-relations.ts';

/** Numbers that columns of the catalogue name. https://www.postgresql.org/docs/8.0/catalogs.html */
const NUMBERS: Readonly<Record<string, number>> = {
  pg_type: 1247,
  pg_attribute: 1249,
  pg_proc: 1255,
  pg_class: 1259,
  pg_database: 1262,
  pg_attrdef: 2604,
  pg_constraint: 2606,
  pg_depend: 2608,
  pg_description: 2609,
  pg_index: 2610,
  pg_namespace: 2615,
  pg_rewrite: 2618,
};

/** Numbers below those of users' objects. */
const FIRST_NUMBER = 10_000;

const NAMES: readonly (readonly [schema: string, name: string])[] = [
  ...[...Object.keys(SYSTEM_VIEWS), ...Object.keys(INLINE_VIEWS)].map((name) => ['pg_catalog', name] as const),
  ...Object.keys(INFORMATION_SCHEMA).map((name) => ['information_schema', name] as const),
];

const isTable = (name: string): boolean => Object.hasOwn(NUMBERS, name) || /^st[lv]_/.test(name);

const LINES = NAMES.map(([schema, name], at) =>
  [schema, name, NUMBERS[name] ?? FIRST_NUMBER + at, isTable(name) ? 'r' : 'v'].join(' '),
);

/**
 * The system relations that there are, as the catalogue lists them beside those of users: a query may take them for rows to count by. They are
 * one text, which is bound in no time; a list of hundreds of rows takes as long as the rest of the catalogue.
 */
export const SYSTEM_OBJECTS = `CREATE OR REPLACE VIEW rs.main.rs_system_objects AS
  SELECT split_part(line, ' ', 1) AS schema_name, split_part(line, ' ', 2) AS relation, CAST(split_part(line, ' ', 3) AS BIGINT) AS oid, split_part(line, ' ', 4) AS kind
  FROM (SELECT unnest(string_split('${LINES.join(',')}', ',')) AS line)`;

import { OWNER } from './access-lists.ts';
import { TYPES } from './pg-views.ts';
import { VIEW_DEFINITION } from './relation-views.ts';

const TYPE_OID = `CASE regexp_replace(lower(type), '\\(.*', '') ${TYPES.map(([name, , oid]) => `WHEN '${name}' THEN ${oid}`).join(' ')} ELSE 0 END`;

/** Of a type by either of its names. */
const NAMED_TYPE = `CASE lower(type) ${TYPES.map(([base, name, oid]) => `WHEN '${base}' THEN ${oid} WHEN '${name}' THEN ${oid}`).join(' ')} END`;

const TYPE_NAME = `CASE type ${TYPES.map(([name, , oid]) => `WHEN ${oid} THEN '${name}'`).join(' ')} END`;

/** Of the index of a key among the constraints. */
export const INDEX_DEFINITION = `'CREATE UNIQUE INDEX ' || name || ' ON ' || schema_name || '.' || relation || ' USING btree (' || array_to_string(columns, ', ') || ')'`;

/** Types as numbers, which views of the catalogue have, too: made before these. */
export const TYPE_NUMBER_MACROS: readonly string[] = [
  // https://www.postgresql.org/docs/8.0/functions-misc.html. No query inside: its text may be cut, and a cut takes no query.
  `rs_type_name(type) AS ${TYPE_NAME}`,
  `rs_type_oid(type) AS ${TYPE_OID}`,
  `rs_named_type(type) AS coalesce(TRY_CAST(type AS BIGINT), ${NAMED_TYPE})`,
  `rs_numbered_type(type) AS coalesce(rs.main.rs_type_name(type), CAST(type AS VARCHAR))`,
  // An array as PostgreSQL writes it. https://www.postgresql.org/docs/8.0/arrays.html
  `rs_array_text(items) AS '{' || array_to_string(list_transform(CAST(items AS VARCHAR[]), lambda rs_t: CASE WHEN rs_t IS NULL THEN 'NULL'
    WHEN regexp_matches(rs_t, '(?i)^$|[\\s{},"\\\\]|^null$') THEN '"' || regexp_replace(rs_t, '(["\\\\])', '\\\\\\1', 'g') || '"' ELSE rs_t END), ',') || '}'`,
  // Of an `oidvector`.
  `rs_type_names(types) AS array_to_string(list_transform(types, lambda rs_t: rs.main.rs_type_name(CAST(rs_t AS INTEGER))), ', ')`,
].map(made);

/**
 * What a query of the catalogue asks about one object. Each opens with an instance, so they read DuckDB's functions, not the views. An
 * argument is bound where it is used, among the names of the macro: those are names no query has.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_System_information_functions.html
 */
export const OBJECT_MACROS: readonly string[] = [
  `rs_objects() AS TABLE
    SELECT table_oid AS rs_oid, schema_name AS rs_schema, table_name AS rs_name, comment AS rs_comment FROM duckdb_tables()
    WHERE database_name = current_database() OR temporary
    UNION ALL SELECT view_oid, schema_name, view_name, comment FROM duckdb_views() WHERE database_name = current_database()
    UNION ALL SELECT oid, schema_name, relation, NULL FROM rs.main.rs_system_objects`,
  `rs_routines() AS TABLE SELECT p.oid AS rs_oid, p.proname AS rs_name, n.nspname AS rs_schema,
      '(' || coalesce(rs.main.rs_type_names(p.proargtypes), '') || ')' AS rs_types
    FROM rs.main.pg_proc p JOIN rs.main.pg_namespace n ON n.oid = p.pronamespace`,
  // A name finds its relation along the search path, which pg_catalog is at the head of; a number is one already.
  `rs_relation_oid(object) AS coalesce(TRY_CAST(object AS BIGINT), (SELECT rs_oid FROM rs.main.rs_objects()
    WHERE lower(replace(CAST(object AS VARCHAR), '"', '')) IN (rs_schema || '.' || rs_name, rs_name)
    ORDER BY CASE rs_schema WHEN 'pg_catalog' THEN 0 ELSE coalesce(list_position(current_schemas(false), rs_schema), 1000) END LIMIT 1),
    CASE WHEN object IS NOT NULL THEN error('rs:42P01:relation "' || CAST(object AS VARCHAR) || '" does not exist;') END)`,
  `rs_relation_name(object) AS CASE WHEN TRY_CAST(object AS BIGINT) IS NULL THEN CAST(object AS VARCHAR) ELSE
    coalesce((SELECT max(CASE WHEN rs_schema = 'pg_catalog' OR list_contains(current_schemas(false), rs_schema) THEN rs_name ELSE rs_schema || '.' || rs_name END)
      FROM rs.main.rs_objects() WHERE rs_oid = TRY_CAST(object AS BIGINT)), CAST(object AS VARCHAR)) END`,
  `rs_relation_comment(object) AS (SELECT max(CASE WHEN starts_with(rs_comment, '{"redshift":') THEN rs_comment END)
    FROM rs.main.rs_objects() WHERE rs_oid = rs.main.rs_relation_oid(object))`,
  `rs_obj_description(object) AS json_extract_string(rs.main.rs_relation_comment(object), '/redshift/comment')`,
  `rs_col_description(object, number) AS (SELECT max(json_extract_string(rs.main.rs_relation_comment(object),
      '/redshift/columns/' || replace(replace(rs_column, '~', '~0'), '/', '~1') || '/comment'))
    FROM (SELECT table_oid AS rs_oid, column_index AS rs_number, column_name AS rs_column FROM duckdb_columns())
    WHERE rs_oid = rs.main.rs_relation_oid(object) AND rs_number = number)`,
  `rs_view_definition(object) AS (SELECT max(${VIEW_DEFINITION("json_extract_string(rs_comment, '/redshift/view')", "rs_schema || '.' || rs_name", "json_extract_string(rs_comment, '/redshift/query')")})
    FROM (SELECT rs_oid, rs_schema, rs_name, CASE WHEN starts_with(rs_comment, '{"redshift":') THEN rs_comment END AS rs_comment FROM rs.main.rs_objects())
    WHERE rs_oid = rs.main.rs_relation_oid(object))`,
  `rs_constraint_definition(object) AS (SELECT max(rs_definition)
    FROM (SELECT oid AS rs_oid, consrc AS rs_definition FROM rs.main.pg_constraint) WHERE rs_oid = object)`,
  // Of a key's index, or of its column at a place.
  `rs_index_definition(object, place) AS (SELECT max(CASE WHEN place > 0 THEN rs_columns[place] ELSE rs_definition END)
    FROM (SELECT index_oid AS rs_oid, columns AS rs_columns, ${INDEX_DEFINITION} AS rs_definition FROM rs.main.rs_constraints
      WHERE kind IN ('p', 'u')) WHERE rs_oid = object)`,
  `rs_is_visible(object) AS (SELECT bool_or(rs_schema = 'pg_catalog' OR list_contains(current_schemas(false), rs_schema)) FROM rs.main.rs_objects()
    WHERE rs_oid = rs.main.rs_relation_oid(object))`,
  `rs_function_is_visible(object) AS (SELECT bool_or(list_contains(current_schemas(false), rs_schema))
    FROM (SELECT function_oid AS rs_oid, schema_name AS rs_schema FROM duckdb_functions() WHERE database_name = current_database())
    WHERE rs_oid = object)`,
  // A routine's number; the first of those with a name.
  `rs_routine_oid(object) AS coalesce(TRY_CAST(object AS BIGINT), (SELECT min(rs_oid) FROM rs.main.rs_routines()
    WHERE lower(replace(CAST(object AS VARCHAR), '"', '')) IN (rs_name, rs_schema || '.' || rs_name, rs_name || rs_types, rs_schema || '.' || rs_name || rs_types)))`,
  `rs_routine_name(object) AS coalesce((SELECT max(rs_name) FROM rs.main.rs_routines() WHERE rs_oid = TRY_CAST(object AS BIGINT)), CAST(object AS VARCHAR))`,
  `rs_routine_signature(object) AS coalesce((SELECT max(CASE WHEN list_contains(current_schemas(false), rs_schema) THEN '' ELSE rs_schema || '.' END || rs_name || rs_types)
    FROM rs.main.rs_routines() WHERE rs_oid = TRY_CAST(object AS BIGINT)), CAST(object AS VARCHAR))`,
  `rs_user_name(user_number) AS CASE user_number WHEN 1 THEN 'rdsdb' WHEN 100 THEN ${OWNER} ELSE
    coalesce((SELECT max(rs_name) FROM (SELECT usesysid AS rs_number, usename AS rs_name FROM rs.main.pg_user) WHERE rs_number = user_number), 'unknown (OID=' || user_number || ')') END`,
  `rs_format_type(type, modifier) AS rs.main.rs_type_name(type) || CASE WHEN modifier IS NULL OR modifier < 0 THEN ''
      WHEN type IN (1042, 1043) THEN '(' || CAST(modifier - 4 AS VARCHAR) || ')'
      WHEN type = 1700 THEN '(' || CAST((modifier - 4) // 65536 AS VARCHAR) || ',' || CAST((modifier - 4) % 65536 AS VARCHAR) || ')'
      ELSE '' END`,
].map(made);

function made(macro: string): string {
  return `CREATE OR REPLACE MACRO rs.main.${macro}`;
}

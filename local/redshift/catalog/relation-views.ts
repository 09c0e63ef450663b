/** What columns need of their relation's attributes, as DuckDB's `json_transform` reads it. */
const KEPT = {
  columns:
    'MAP(VARCHAR, STRUCT("type" VARCHAR, "encode" VARCHAR, "collation" VARCHAR, "default" VARCHAR, "comment" VARCHAR, "identity" STRUCT(seed BIGINT, step BIGINT, "byDefault" BOOLEAN)))',
  distKey: 'VARCHAR',
  sortKeys: ['VARCHAR'],
  sortStyle: 'VARCHAR',
  view: 'VARCHAR',
};

/** The definition of a view as PG_GET_VIEWDEF gives it: its query, and all of the statement where the view is materialized or binds late. */
export const VIEW_DEFINITION = (kind: string, name: string, query: string): string =>
  `CASE ${kind} WHEN 'materialized' THEN 'create materialized view ' || ${name} || ' as ' WHEN 'late-binding' THEN 'create view ' || ${name} || ' as ' ELSE '' END
        || ${query} || CASE ${kind} WHEN 'late-binding' THEN ' with no schema binding;' ELSE ';' END`;

/** A default as it was declared; that of an identity column says where it begins and how it goes on, as tools that write definitions read it. */
const DEFAULT_VALUE = `CASE WHEN declared."identity" IS NOT NULL
        THEN CASE WHEN declared."identity"."byDefault" THEN '"default_identity"(' ELSE '"identity"(' END || table_oid || ', ' || (column_index - 1)
          || ', ''' || declared."identity".seed || ',' || declared."identity".step || '''::text)'
        ELSE coalesce(declared."default", column_default) END`;

/** Of interleaved sort keys, every second one is negative: https://docs.aws.amazon.com/redshift/latest/dg/r_PG_TABLE_DEF.html */
const SORT_KEY = `coalesce(list_position(kept.sortKeys, column_name), 0)
        * CASE WHEN kept.sortStyle = 'INTERLEAVED' AND list_position(kept.sortKeys, column_name) % 2 = 0 THEN -1 ELSE 1 END`;

/**
 * What a column is encoded as where the table does not say: sort keys and temporary tables are not compressed.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html
 */
const ENCODING = `CASE WHEN declared.encode <> 'auto' THEN replace(declared.encode, 'raw', 'none')
        WHEN of_view OR temporary OR sortkey <> 0 THEN 'none'
        WHEN base_type IN ('smallint', 'integer', 'bigint', 'numeric', 'date') OR base_type LIKE 'time%' THEN 'az64'
        WHEN base_type IN ('character', 'character varying', 'binary varying') THEN 'lzo' ELSE 'none' END`;

/** Where a session keeps its temporary tables: they are in no schema that a user made. */
export const TEMPORARY_SCHEMA = 'pg_temp_1';

function schemaOf(temporary: string): string {
  return `CASE WHEN ${temporary} THEN '${TEMPORARY_SCHEMA}' ELSE schema_name END AS schema_name`;
}

/**
 * Tables, views and columns of the session's database as Redshift describes them: what every other view of the catalogue reads.
 *
 * A text column's length is in its declared type; SUPER is stored as JSON. A materialized view, which is a table of DuckDB's, is a view as it is
 * there: https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-overview.html
 */
export const RELATION_VIEWS: readonly string[] = [
  `CREATE OR REPLACE VIEW rs.main.rs_relations AS
    SELECT ${schemaOf('temporary')}, table_name AS relation, table_oid AS oid, CASE WHEN (rs.main.rs_attributes(comment)->>'view') = 'materialized' THEN 'v' ELSE 'r' END AS kind,
      temporary, rs.main.rs_attributes(comment) AS attributes, estimated_size AS rows, column_count, sql
    FROM duckdb_tables() WHERE NOT internal AND (database_name = current_database() OR temporary)
    UNION ALL
    SELECT ${schemaOf('temporary')}, view_name, view_oid, 'v', temporary, rs.main.rs_attributes(comment), NULL, column_count, sql
    FROM duckdb_views() WHERE NOT internal AND (database_name = current_database() OR temporary)`,
  // What a table keeps is read once, not anew for each of its columns, and only of the tables whose columns are asked for.
  `CREATE OR REPLACE VIEW rs.main.rs_columns AS
    WITH found AS (
      SELECT database_name, schema_name, table_name, table_oid,
        list({n: column_name, i: column_index, t: data_type, e: is_nullable, d: column_default, p: numeric_precision, s: numeric_scale}) AS columns
      FROM duckdb_columns() WHERE NOT internal AND (database_name = current_database() OR (database_name = 'temp' AND schema_name = 'main'))
      GROUP BY database_name, schema_name, table_name, table_oid),
    relations AS (
      SELECT table_oid AS oid, false AS is_view, temporary, comment FROM duckdb_tables() WHERE NOT internal AND (database_name = current_database() OR temporary)
      UNION ALL SELECT view_oid, true, temporary, comment FROM duckdb_views() WHERE NOT internal AND (database_name = current_database() OR temporary)),
    kept AS (
      SELECT f.*, r.is_view, r.temporary, json_transform(rs.main.rs_attributes(r.comment), '${JSON.stringify(KEPT)}') AS kept
      FROM found f LEFT JOIN relations r ON r.oid = f.table_oid),
    columns AS (
      SELECT schema_name, table_name, table_oid, is_view OR kept."view" = 'materialized' AS of_view, temporary, kept, unnest(columns) AS c FROM kept)
    SELECT ${schemaOf('coalesce(temporary, false)')}, table_name AS relation, table_oid AS oid, column_name, column_index AS position,
      data_type, is_nullable, ${DEFAULT_VALUE} AS column_default,
      CASE WHEN data_type = 'VARCHAR' THEN
        coalesce(TRY_CAST(regexp_extract(declared."type", '\\(([0-9]+)\\)', 1) AS INTEGER), 65535) END AS length,
      CASE WHEN data_type LIKE 'DECIMAL%' THEN numeric_precision
        ELSE CASE data_type WHEN 'SMALLINT' THEN 16 WHEN 'INTEGER' THEN 32 WHEN 'BIGINT' THEN 64 WHEN 'FLOAT' THEN 24 WHEN 'DOUBLE' THEN 53 END
      END AS numeric_precision,
      CASE WHEN data_type LIKE 'DECIMAL%' THEN numeric_scale WHEN data_type IN ('SMALLINT', 'INTEGER', 'BIGINT') THEN 0 END AS numeric_scale,
      coalesce(regexp_replace(declared."type", '\\(.*\\)', ''), rs.main.rs_base_type(data_type)) AS base_type,
      declared."comment" AS remarks, declared."collation",
      coalesce(kept.distKey = column_name, false) AS distkey,
      ${SORT_KEY} AS sortkey,
      ${ENCODING} AS encoding,
      kept.sortStyle AS sort_style, coalesce(kept."view" = 'late-binding', false) AS late_binding
    FROM (
      SELECT schema_name, table_name, table_oid, of_view, temporary, kept, map_extract_value(kept.columns, c.n) AS declared, c.n AS column_name,
        c.i AS column_index, c.t AS data_type, c.e AS is_nullable, c.d AS column_default, c.p AS numeric_precision, c.s AS numeric_scale
      FROM columns)
    ORDER BY schema_name, table_name, column_index`,
  // A foreign key without columns of the other table means its primary key.
  `CREATE OR REPLACE VIEW rs.main.rs_constraints AS
    WITH relations AS MATERIALIZED (
      SELECT t.table_oid AS oid, ${schemaOf('t.temporary')}, t.table_name AS relation, CAST(t.comment AS JSON)->'redshift' AS attributes,
        (SELECT list(c.column_name ORDER BY c.column_index) FROM duckdb_columns() c WHERE c.table_oid = t.table_oid AND c.database_name = t.database_name) AS columns
      FROM duckdb_tables() t
      WHERE starts_with(t.comment, '{"redshift":') AND (t.database_name = current_database() OR t.temporary)),
    keys AS (
      SELECT oid, 'p' AS kind, [attributes->'primaryKey'] AS keys FROM relations
      UNION ALL SELECT oid, 'u', CAST(attributes->'unique' AS JSON[]) FROM relations
      UNION ALL SELECT oid, 'f', CAST(attributes->'foreignKeys' AS JSON[]) FROM relations),
    parts AS (
      SELECT oid, kind, CAST(CASE WHEN kind = 'f' THEN key->'columns' ELSE key END AS VARCHAR[]) AS columns, key->>'table' AS target,
        CASE WHEN kind = 'f' THEN CAST(key->'references' AS VARCHAR[]) END AS target_columns
      FROM (SELECT oid, kind, unnest(keys) AS key FROM keys))
    SELECT k.oid, r.schema_name, r.relation, k.kind, k.columns, t.oid AS ref_oid, t.schema_name AS ref_schema, t.relation AS ref_relation,
      CASE WHEN len(k.target_columns) > 0 THEN k.target_columns ELSE CAST(t.attributes->'primaryKey' AS VARCHAR[]) END AS ref_columns, k.target,
      coalesce(
        json_extract_string(r.attributes, '/names/' || replace(replace(k.kind || ':' || CAST(to_json(k.columns) AS VARCHAR), '~', '~0'), '/', '~1')),
        r.relation || CASE k.kind WHEN 'p' THEN '_pkey' WHEN 'u' THEN '_' || array_to_string(k.columns, '_') || '_key' ELSE '_' || k.columns[1] || '_fkey' END) AS name,
      r.columns AS table_columns, t.columns AS ref_table_columns,
      CAST(hash(k.oid, name, k.kind, k.columns) % 99000000 AS INTEGER) AS number, CAST(number AS BIGINT) + 1100000000 AS index_oid
    FROM parts k JOIN relations r ON r.oid = k.oid
    LEFT JOIN relations t ON k.target IN (t.relation, t.schema_name || '.' || t.relation)
      AND (k.target LIKE '%.%' OR t.schema_name = r.schema_name OR list_contains(current_schemas(false), t.schema_name))
    WHERE len(k.columns) > 0`,
];

/** Encodings by the numbers `pg_attribute` has for them here: FORMAT_ENCODING turns them back. */
const ENCODINGS = [
  'none',
  'bytedict',
  'delta',
  'delta32k',
  'lzo',
  'mostly8',
  'mostly16',
  'mostly32',
  'runlength',
  'text255',
  'text32k',
  'zstd',
  'az64',
  'raw',
  'auto',
];
const ENCODING_LIST = `[${ENCODINGS.map((name) => `'${name}'`).join(', ')}]`;

/** What the dialect keeps in the comment on a relation; Redshift's name of a type without its arguments, and with them. */
export const TYPE_MACROS: readonly string[] = [
  `CREATE OR REPLACE MACRO rs.main.rs_encoding_type(encoding) AS CAST(coalesce(list_position(${ENCODING_LIST}, encoding), 1) - 1 AS SMALLINT)`,
  `CREATE OR REPLACE MACRO rs.main.rs_format_encoding(number) AS ${ENCODING_LIST}[number + 1]`,
  `CREATE OR REPLACE MACRO rs.main.rs_attributes(table_comment) AS
    CASE WHEN starts_with(table_comment, '{"redshift":') THEN CAST(table_comment AS JSON)->'redshift' END`,
  `CREATE OR REPLACE MACRO rs.main.rs_base_type(stored) AS
    CASE WHEN stored = 'VARCHAR' THEN 'character varying'
      WHEN stored LIKE 'DECIMAL%' OR stored = 'HUGEINT' THEN 'numeric'
      ELSE CASE stored WHEN 'SMALLINT' THEN 'smallint' WHEN 'TINYINT' THEN 'smallint' WHEN 'INTEGER' THEN 'integer' WHEN 'BIGINT' THEN 'bigint'
        WHEN 'FLOAT' THEN 'real' WHEN 'DOUBLE' THEN 'double precision' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'DATE' THEN 'date'
        WHEN 'TIME' THEN 'time without time zone' WHEN 'TIME WITH TIME ZONE' THEN 'time with time zone'
        WHEN 'TIMESTAMP' THEN 'timestamp without time zone' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'timestamp with time zone'
        WHEN 'JSON' THEN 'super' WHEN 'BLOB' THEN 'binary varying' ELSE lower(stored) END END`,
  `CREATE OR REPLACE MACRO rs.main.rs_full_type(base, bytes, digits, scale) AS
    CASE WHEN base IN ('character varying', 'character') THEN base || '(' || bytes || ')'
      WHEN base = 'numeric' THEN base || '(' || digits || ',' || scale || ')' ELSE base END`,
];

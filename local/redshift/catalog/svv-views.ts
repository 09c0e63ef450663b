/** https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html */
export const SVV_VIEWS: Readonly<Record<string, string>> = {
  svv_tables: `SELECT current_database() AS table_catalog, schema_name AS table_schema, relation AS table_name,
      CASE WHEN temporary THEN 'LOCAL TEMPORARY' WHEN kind = 'r' THEN 'BASE TABLE' ELSE 'VIEW' END AS table_type,
      attributes->>'comment' AS remarks
    FROM rs.main.rs_relations`,
  svv_columns: `SELECT current_database() AS table_catalog, schema_name AS table_schema, relation AS table_name, column_name,
      position AS ordinal_position, column_default, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, base_type AS data_type,
      length AS character_maximum_length, numeric_precision, CASE WHEN numeric_precision IS NOT NULL THEN CASE WHEN base_type = 'numeric' THEN 10 ELSE 2 END END AS numeric_precision_radix,
      numeric_scale, CASE WHEN base_type LIKE 'time%' THEN 6 END AS datetime_precision, CAST(NULL AS VARCHAR) AS interval_type,
      CAST(NULL AS VARCHAR) AS interval_precision, CAST(NULL AS VARCHAR) AS character_set_catalog,
      CAST(NULL AS VARCHAR) AS character_set_schema, CAST(NULL AS VARCHAR) AS character_set_name, CAST(NULL AS VARCHAR) AS collation_catalog,
      CAST(NULL AS VARCHAR) AS collation_schema, CAST(NULL AS VARCHAR) AS collation_name, CAST(NULL AS VARCHAR) AS domain_name,
      remarks
    FROM rs.main.rs_columns`,
  svv_all_tables: `SELECT current_database() AS database_name, schema_name, relation AS table_name, CAST(NULL AS VARCHAR) AS table_acl,
      CASE WHEN kind = 'r' THEN 'TABLE' ELSE 'VIEW' END AS table_type, CAST(NULL AS VARCHAR) AS remarks
    FROM rs.main.rs_relations`,
  svv_redshift_tables: `SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, 'admin' AS table_owner FROM rs.main.svv_all_tables`,
  svv_all_columns: `SELECT table_catalog AS database_name, table_schema AS schema_name, table_name, column_name, ordinal_position, column_default,
      is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks
    FROM rs.main.svv_columns`,
  svv_redshift_columns: `SELECT database_name, schema_name, table_name, column_name, ordinal_position,
      rs.main.rs_full_type(data_type, character_maximum_length, numeric_precision, numeric_scale) AS data_type, column_default, is_nullable,
      CAST(NULL AS VARCHAR) AS encoding, false AS distkey, 0 AS sortkey, CAST(NULL AS VARCHAR) AS column_acl, remarks
    FROM rs.main.svv_all_columns`,
  svv_all_schemas: `SELECT current_database() AS database_name, schema_name, 100 AS schema_owner, 'local' AS schema_type,
      CAST(NULL AS VARCHAR) AS schema_acl, CAST(NULL AS VARCHAR) AS source_database, CAST(NULL AS VARCHAR) AS schema_option
    FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name <> 'main'`,
  svv_redshift_schemas: `SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM rs.main.svv_all_schemas`,
  svv_redshift_databases: `SELECT database_name, 100 AS database_owner, 'local' AS database_type, CAST(NULL AS VARCHAR) AS database_acl,
      CAST(NULL AS VARCHAR) AS database_options
    FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('rs', 'memory')`,
  svv_table_info: `SELECT current_database() AS database, schema_name AS schema, oid AS table_id, relation AS "table", 'Y' AS encoded,
      CASE attributes->>'distStyle' WHEN 'KEY' THEN 'KEY(' || (attributes->>'distKey') || ')' WHEN 'EVEN' THEN 'EVEN' WHEN 'ALL' THEN 'ALL'
        ELSE 'AUTO(ALL)' END AS diststyle,
      CASE WHEN json_array_length(attributes, '$.sortKeys') > 0 THEN
        CASE WHEN attributes->>'sortStyle' = 'INTERLEAVED' THEN 'INTERLEAVED' ELSE attributes->>'$.sortKeys[0]' END
        WHEN attributes->>'sortStyle' = 'AUTO' THEN 'AUTO(SORTKEY)' END AS sortkey1,
      coalesce(max_varchar, 0) AS max_varchar, CAST(NULL AS VARCHAR) AS sortkey1_enc,
      coalesce(json_array_length(attributes, '$.sortKeys'), 0) AS sortkey_num, CAST(ceil(rows * column_count * 8 / 1048576.0) AS BIGINT) AS size, CAST(0 AS DECIMAL(10,4)) AS pct_used, 0 AS empty,
      CAST(0 AS DECIMAL(5,2)) AS unsorted, CAST(0 AS DECIMAL(5,2)) AS stats_off, CAST(rows AS DECIMAL(38,0)) AS tbl_rows,
      CAST(NULL AS DECIMAL(19,2)) AS skew_sortkey1, CAST(NULL AS DECIMAL(19,2)) AS skew_rows, CAST(rows AS DECIMAL(38,0)) AS estimated_visible_rows,
      CAST(NULL AS VARCHAR) AS risk_event, CAST(0 AS DECIMAL(12,2)) AS vacuum_sort_benefit, CAST(NULL AS TIMESTAMP) AS create_time
    FROM rs.main.rs_relations r
    LEFT JOIN (SELECT oid, max(length) AS max_varchar FROM rs.main.rs_columns GROUP BY oid) l USING (oid)
    WHERE kind = 'r' AND NOT temporary AND rows > 0`,
};

/** https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html */
export const PG_VIEWS: Readonly<Record<string, string>> = {
  pg_table_def: `SELECT schema_name AS schemaname, relation AS tablename, column_name AS "column",
      rs.main.rs_full_type(base_type, length, numeric_precision, numeric_scale) AS type, encoding, distkey, sortkey,
      NOT is_nullable AS "notnull"
    FROM rs.main.rs_columns WHERE list_contains(current_schemas(false), schema_name)`,
  pg_tables: `SELECT schema_name AS schemaname, relation AS tablename, 'admin' AS tableowner, CAST(NULL AS VARCHAR) AS tablespace,
      false AS hasindexes, false AS hasrules, false AS hastriggers
    FROM rs.main.rs_relations WHERE kind = 'r'`,
  pg_views: `SELECT schema_name AS schemaname, relation AS viewname, 'admin' AS viewowner, sql AS definition FROM rs.main.rs_relations WHERE kind = 'v'`,
  pg_namespace: `SELECT oid, schema_name AS nspname, 100 AS nspowner, CAST(NULL AS VARCHAR) AS nspacl
    FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name <> 'main'`,
  pg_class: `SELECT r.oid, r.relation AS relname, n.oid AS relnamespace, 0 AS reltype, 100 AS relowner, 0 AS relam, r.oid AS relfilenode,
      0 AS reltablespace, 0 AS relpages, CAST(coalesce(r.rows, 0) AS REAL) AS reltuples, false AS relhasindex, false AS relisshared,
      r.kind AS relkind, CAST(r.column_count AS SMALLINT) AS relnatts, CAST(NULL AS VARCHAR) AS relacl
    FROM rs.main.rs_relations r JOIN rs.main.pg_namespace n ON n.nspname = r.schema_name`,
  pg_attribute: `SELECT oid AS attrelid, column_name AS attname, t.type_oid AS atttypid, CAST(position AS SMALLINT) AS attnum,
      CASE WHEN base_type = 'numeric' THEN numeric_precision * 65536 + numeric_scale + 4 WHEN length IS NOT NULL THEN length + 4 ELSE -1 END AS atttypmod,
      NOT is_nullable AS attnotnull, column_default IS NOT NULL AS atthasdef, false AS attisdropped, 0 AS attinhcount
    FROM rs.main.rs_columns JOIN rs.main.rs_types t USING (base_type)`,
  pg_type: `SELECT type_oid AS oid, type_name AS typname, 0 AS typnamespace, type_length AS typlen, 'b' AS typtype FROM rs.main.rs_types`,
  pg_database: `SELECT database_oid AS oid, database_name AS datname, 100 AS datdba, 6 AS encoding, false AS datistemplate, true AS datallowconn
    FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('rs', 'memory')`,
  pg_user: `SELECT coalesce(getvariable('rs_user'), 'admin') AS usename, 100 AS usesysid, true AS usecreatedb, true AS usesuper, false AS usecatupd,
      '********' AS passwd, CAST(NULL AS TIMESTAMP) AS valuntil, CAST(NULL AS VARCHAR) AS useconfig`,
  pg_user_info: `SELECT usename, usesysid, usecreatedb, usesuper, usecatupd, passwd, valuntil, useconfig, 'UNLIMITED' AS useconnlimit,
      'RESTRICTED' AS syslogaccess, CAST(NULL AS TIMESTAMP) AS last_ddl_ts, 0 AS sessiontimeout
    FROM rs.main.pg_user`,
  pg_group: `SELECT CAST(NULL AS VARCHAR) AS groname, CAST(NULL AS INTEGER) AS grosysid, CAST(NULL AS INTEGER[]) AS grolist WHERE false`,
};

/** Types by their PostgreSQL oid. */
export const TYPES_VIEW = `CREATE OR REPLACE VIEW rs.main.rs_types AS
  SELECT * FROM (VALUES ('boolean', 'bool', 16, 1), ('bigint', 'int8', 20, 8), ('smallint', 'int2', 21, 2), ('integer', 'int4', 23, 4),
    ('real', 'float4', 700, 4), ('double precision', 'float8', 701, 8), ('character', 'bpchar', 1042, -1), ('character varying', 'varchar', 1043, -1),
    ('date', 'date', 1082, 4), ('time without time zone', 'time', 1083, 8), ('time with time zone', 'timetz', 1266, 8),
    ('timestamp without time zone', 'timestamp', 1114, 8), ('timestamp with time zone', 'timestamptz', 1184, 8), ('numeric', 'numeric', 1700, -1),
    ('super', 'super', 4000, -1), ('binary varying', 'varbyte', 6551, -1)) t(base_type, type_name, type_oid, type_length)`;

/** Views of `information_schema`, under names of their own: DuckDB keeps the schema's name for itself. */
export const INFORMATION_SCHEMA: Readonly<Record<string, string>> = {
  tables: `SELECT table_catalog, table_schema, table_name, table_type, CAST(NULL AS VARCHAR) AS self_referencing_column_name,
      CAST(NULL AS VARCHAR) AS reference_generation, CAST(NULL AS VARCHAR) AS user_defined_type_catalog,
      CAST(NULL AS VARCHAR) AS user_defined_type_schema, CAST(NULL AS VARCHAR) AS user_defined_type_name
    FROM rs.main.svv_tables`,
  columns: `SELECT * EXCLUDE (remarks), data_type AS udt_name FROM rs.main.svv_columns`,
  schemata: `SELECT database_name AS catalog_name, schema_name, 'admin' AS schema_owner, CAST(NULL AS VARCHAR) AS default_character_set_catalog,
      CAST(NULL AS VARCHAR) AS default_character_set_schema, CAST(NULL AS VARCHAR) AS default_character_set_name, CAST(NULL AS VARCHAR) AS sql_path
    FROM rs.main.svv_all_schemas`,
  views: `SELECT current_database() AS table_catalog, schemaname AS table_schema, viewname AS table_name, definition AS view_definition,
      'NONE' AS check_option, 'NO' AS is_updatable, 'NO' AS is_insertable_into
    FROM rs.main.pg_views`,
};

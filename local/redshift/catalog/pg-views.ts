import { accessList, OWNER } from './access-lists.ts';
import { TEMPORARY_SCHEMA, VIEW_DEFINITION } from './relation-views.ts';

/** What users made has the types of its arguments in DuckDB's name. */
const PROCEDURE_NAME = `coalesce(nullif(regexp_extract(f.function_name, '^rs_(?:udf|proc)_([^(]*)', 1), ''), f.function_name)`;

/** Of a procedure's arguments. */
const ARGUMENT_TYPES = `json_extract_string(f.comment, '$.args[*].type')`;
const ARGUMENT_MODES = `json_extract_string(f.comment, '$.args[*].mode')`;

/** Of the arguments that a procedure takes, of all of a function's. */
const INPUT_TYPES = `CAST(list_transform(CASE WHEN f.function_name LIKE 'rs_proc_%' THEN list_filter(${ARGUMENT_TYPES}, lambda rs_t, rs_i: ${ARGUMENT_MODES}[rs_i] <> 'OUT')
  ELSE json_extract_string(f.comment, '$.args[*]') END, lambda rs_t: rs.main.rs_type_oid(rs_t)) AS UINTEGER[])`;

/** https://docs.aws.amazon.com/redshift/latest/dg/c_intro_catalog_views.html */
export const PG_VIEWS: Readonly<Record<string, string>> = {
  pg_table_def: `SELECT schema_name AS schemaname, relation AS tablename, column_name AS "column",
      rs.main.rs_full_type(base_type, length, numeric_precision, numeric_scale) AS type, encoding, distkey, sortkey,
      NOT is_nullable AS "notnull"
    FROM rs.main.rs_columns WHERE schema_name = '${TEMPORARY_SCHEMA}' OR list_contains(current_schemas(false), schema_name)`,
  pg_tables: `SELECT schema_name AS schemaname, relation AS tablename, ${OWNER} AS tableowner, CAST(NULL AS VARCHAR) AS tablespace,
      false AS hasindexes, false AS hasrules, false AS hastriggers
    FROM rs.main.rs_relations WHERE kind = 'r'`,
  pg_views: `SELECT schema_name AS schemaname, relation AS viewname, ${OWNER} AS viewowner,
      ${VIEW_DEFINITION("(attributes->>'view')", "schema_name || '.' || relation", "coalesce(attributes->>'query', sql)")} AS definition
    FROM rs.main.rs_relations WHERE kind = 'v'`,
  pg_namespace: `SELECT oid, schema_name AS nspname, 100 AS nspowner, ${accessList('schema', "''", 'schema_name')} AS nspacl
    FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name <> 'main'
    UNION ALL SELECT *, CAST(NULL AS VARCHAR[]) FROM (VALUES (11, 'pg_catalog', 1), (12, 'information_schema', 1), (13, '${TEMPORARY_SCHEMA}', 1)) s`,
  pg_class: `SELECT r.oid, r.relation AS relname, n.oid AS relnamespace, 0 AS reltype, 100 AS relowner, 0 AS relam, r.oid AS relfilenode,
      0 AS reltablespace, 0 AS relpages, CAST(coalesce(r.rows, 0) AS REAL) AS reltuples, 0 AS reltoastrelid, 0 AS reltoastidxid,
      false AS relhasindex, false AS relisshared, r.kind AS relkind, CAST(CASE WHEN (r.attributes->>'view') = 'late-binding' THEN 0 ELSE r.column_count END AS SMALLINT) AS relnatts, 0 AS relexternid,
      false AS relisreplicated, false AS relispinned, 0 AS relprojbaseid, 0::SMALLINT AS relchecks,
      0::SMALLINT AS reltriggers, 0::SMALLINT AS relukeys, CAST(coalesce(json_array_length(r.attributes, '$.foreignKeys'), 0) AS SMALLINT) AS relfkeys,
      0::SMALLINT AS relrefs, false AS relhasoids, coalesce(json_array_length(r.attributes, '$.primaryKey'), 0) > 0 AS relhaspkey,
      false AS relhasrules, false AS relhassubclass, ${accessList('relation', 'r.schema_name', 'r.relation')} AS relacl,
      CAST(CASE r.attributes->>'distStyle' WHEN 'EVEN' THEN 0 WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 ELSE 9 END AS SMALLINT) AS reldiststyle
    FROM rs.main.rs_relations r JOIN rs.main.pg_namespace n ON n.nspname = r.schema_name
    UNION ALL SELECT oid, relation, CASE schema_name WHEN 'pg_catalog' THEN 11 ELSE 12 END, 0, 1, 0, oid, 0, 0, 0, 0, 0, false, false, kind, 0, 0, false, false, 0, 0,
      0, 0, 0, 0, false, false, false, false, NULL, 0
    FROM rs.main.rs_system_objects
    UNION ALL SELECT k.index_oid, k.name, n.oid, 0, 100, 403, k.index_oid, 0, 0, 0, 0, 0, false, false, 'i', CAST(len(k.columns) AS SMALLINT), 0, false, false, 0, 0,
      0, 0, 0, 0, false, false, false, false, NULL, 0
    FROM rs.main.rs_constraints k JOIN rs.main.pg_namespace n ON n.nspname = k.schema_name WHERE k.kind IN ('p', 'u')`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_PG_CLASS_INFO.html
  pg_class_info: `SELECT *, oid AS reloid, CAST(NULL AS TIMESTAMP) AS relcreationtime, CAST(CASE reldiststyle WHEN 9 THEN 10 ELSE reldiststyle END AS INTEGER) AS releffectivediststyle
    FROM rs.main.pg_class`,
  // The columns of a view that binds late are known when it is asked: PG_GET_LATE_BINDING_VIEW_COLS has them, and SVV_COLUMNS.
  pg_attribute: `SELECT oid AS attrelid, column_name AS attname, t.type_oid AS atttypid, CAST(position AS SMALLINT) AS attnum,
      CASE WHEN base_type = 'numeric' THEN numeric_precision * 65536 + numeric_scale + 4 WHEN length IS NOT NULL THEN length + 4 ELSE -1 END AS atttypmod,
      -1 AS attstattarget, CAST(t.type_length AS SMALLINT) AS attlen, 0 AS attndims, -1 AS attcacheoff, t.type_length > 0 AS attbyval,
      CASE WHEN t.type_length < 0 THEN 'x' ELSE 'p' END AS attstorage, 'i' AS attalign,
      NOT is_nullable AS attnotnull, column_default IS NOT NULL AS atthasdef, false AS attisdropped, true AS attislocal, 0 AS attinhcount,
      distkey AS attisdistkey, false AS attispreloaded, CAST(sortkey AS INTEGER) AS attsortkeyord, rs.main.rs_encoding_type(encoding) AS attencodingtype, 0::SMALLINT AS attencrypttype
    FROM rs.main.rs_columns JOIN rs.main.rs_types t USING (base_type) WHERE NOT late_binding`,
  pg_type: `SELECT type_oid AS oid, type_name AS typname, 11 AS typnamespace, 1 AS typowner, CAST(type_length AS SMALLINT) AS typlen,
      type_length > 0 AS typbyval, 'b' AS typtype, true AS typisdefined, ',' AS typdelim, 0 AS typrelid, 0 AS typelem, 'i' AS typalign,
      CASE WHEN type_length < 0 THEN 'x' ELSE 'p' END AS typstorage, false AS typnotnull, 0 AS typbasetype, -1 AS typtypmod, 0 AS typndims,
      CAST(NULL AS VARCHAR) AS typdefault
    FROM rs.main.rs_types`,
  pg_database: `SELECT database_oid AS oid, database_name AS datname, 100 AS datdba, 6 AS encoding, false AS datistemplate, true AS datallowconn, 0 AS datlastsysoid,
      0 AS datvacuumxid, 0 AS datfrozenxid, 1663 AS dattablespace, CAST(NULL AS VARCHAR[]) AS datconfig, ${accessList('database', "''", 'database_name')} AS datacl
    FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('rs', 'memory')`,
  pg_user_info: `SELECT usename, usesysid, usecreatedb, usesuper, usecatupd, passwd, valuntil, useconfig, 'UNLIMITED' AS useconnlimit,
      'RESTRICTED' AS syslogaccess, CAST(NULL AS TIMESTAMP) AS last_ddl_ts, 0 AS sessiontimeout
    FROM rs.main.pg_user`,
  pg_shadow: `SELECT usename, usesysid, usecreatedb, usesuper, usecatupd, passwd, valuntil, useconfig FROM rs.main.pg_user`,
  // Tools that put a definition together sort its constraints at 200000000 and this number, before what comes at 300000000.
  pg_constraint: `SELECT c.number AS oid, name AS conname, n.oid AS connamespace, kind AS contype,
      false AS condeferrable, false AS condeferred, c.oid AS conrelid, 0 AS contypid, coalesce(ref_oid, 0) AS confrelid,
      CASE WHEN kind = 'f' THEN 'a' ELSE ' ' END AS confupdtype, CASE WHEN kind = 'f' THEN 'a' ELSE ' ' END AS confdeltype,
      CASE WHEN kind = 'f' THEN 'u' ELSE ' ' END AS confmatchtype,
      list_transform(columns, lambda x: CAST(list_position(table_columns, x) AS SMALLINT)) AS conkey,
      list_transform(CASE WHEN kind = 'f' THEN ref_columns END, lambda x: CAST(list_position(ref_table_columns, x) AS SMALLINT)) AS confkey,
      CAST(NULL AS VARCHAR) AS conbin,
      CASE kind WHEN 'p' THEN 'PRIMARY KEY (' WHEN 'u' THEN 'UNIQUE (' ELSE 'FOREIGN KEY (' END || array_to_string(columns, ', ') || ')'
        || CASE WHEN kind = 'f' THEN ' REFERENCES ' || target || '(' || array_to_string(ref_columns, ', ') || ')' ELSE '' END AS consrc
    FROM rs.main.rs_constraints c JOIN rs.main.pg_namespace n ON n.nspname = c.schema_name`,
  // The rule of a view depends on the view itself and on what its query reads; views that bind late have no such dependencies.
  pg_rewrite: `SELECT oid + 1000000000 AS oid, '_RETURN' AS rulename, oid AS ev_class, CAST(-1 AS SMALLINT) AS ev_attr, '1' AS ev_type, true AS is_instead
    FROM rs.main.rs_relations WHERE (attributes->'reads') IS NOT NULL`,
  pg_depend: `WITH views AS (SELECT oid, attributes FROM rs.main.rs_relations WHERE (attributes->'reads') IS NOT NULL)
    SELECT 2618 AS classid, oid + 1000000000 AS objid, 0 AS objsubid, 1259 AS refclassid, oid AS refobjid, 0 AS refobjsubid, 'i' AS deptype FROM views
    UNION ALL
    SELECT DISTINCT 2618, v.oid + 1000000000, 0, 1259, r.oid, 0, 'n'
    FROM (SELECT oid, unnest(CAST(attributes->'reads' AS VARCHAR[])) AS name FROM views) v
    JOIN rs.main.rs_relations r ON v.name = r.schema_name || '.' || r.relation OR (v.name = r.relation AND list_contains(current_schemas(false), r.schema_name))
    UNION ALL
    SELECT 2606, c.number, 0, 1259, k.index_oid, 0, 'n'
    FROM rs.main.rs_constraints c JOIN rs.main.rs_constraints k ON k.oid = c.ref_oid AND k.kind IN ('p', 'u') AND k.columns = c.ref_columns
    WHERE c.kind = 'f'`,
  pg_attrdef: `SELECT oid * 2000 + position AS oid, oid AS adrelid, CAST(position AS SMALLINT) AS adnum, column_default AS adbin, column_default AS adsrc
    FROM rs.main.rs_columns WHERE column_default IS NOT NULL`,
  pg_description: `SELECT oid AS objoid, 1259 AS classoid, 0 AS objsubid, attributes->>'comment' AS description
    FROM rs.main.rs_relations WHERE attributes->>'comment' IS NOT NULL
    UNION ALL SELECT oid, 1259, position, remarks FROM rs.main.rs_columns WHERE remarks IS NOT NULL`,
  // The functions of the database; what Redshift brings along is not listed.
  // What users made: functions and procedures, macros of DuckDB's. What they are is in the comments on these.
  pg_proc: `SELECT CAST(f.function_oid AS INTEGER) AS oid, ${PROCEDURE_NAME} AS proname,
      n.oid AS pronamespace, 100 AS proowner, CASE WHEN f.function_name LIKE 'rs_proc_%' THEN 100356 ELSE 14 END AS prolang,
      false AS proisagg, coalesce(f.comment->>'$.definer', 'false') = 'true' AS prosecdef, false AS proisstrict, false AS proretset, 'v' AS provolatile,
      CAST(len(f.input_types) AS SMALLINT) AS pronargs, rs.main.rs_type_oid(f.comment->>'$.returns') AS prorettype,
      f.input_types AS proargtypes, CASE WHEN f.function_name LIKE 'rs_proc_%' THEN f.comment->>'$.args[*].name' END AS proargnames,
      coalesce(f.comment->>'$.body', f.macro_definition) AS prosrc, CAST(NULL AS VARCHAR) AS probin, ${accessList('function', 'n.nspname', PROCEDURE_NAME)} AS proacl
    FROM (SELECT *, ${INPUT_TYPES} AS input_types FROM duckdb_functions() f) f JOIN rs.main.pg_namespace n ON n.nspname = f.schema_name
    WHERE f.database_name = current_database() AND f.function_type IN ('macro', 'table_macro') AND NOT f.internal`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_PG_PROC_INFO.html
  pg_proc_info: `SELECT oid AS prooid, proname, pronamespace, proowner, prolang, proisagg, prosecdef, proisstrict, proretset, provolatile, pronargs, prorettype,
      proargtypes, proargnames, prosrc, probin, proacl, CASE WHEN prolang = 100356 THEN 'p' ELSE 'f' END AS prokind,
      CASE WHEN len(modes) > 0 THEN list_transform(modes, lambda rs_m: CASE rs_m WHEN 'IN' THEN 'i' WHEN 'OUT' THEN 'o' ELSE 'b' END) END AS proargmodes,
      CASE WHEN len(modes) > 0 THEN list_transform(types, lambda rs_t: CAST(rs.main.rs_type_oid(rs_t) AS BIGINT)) END AS proallargtypes
    FROM rs.main.pg_proc p LEFT JOIN (
      SELECT function_oid, ${ARGUMENT_MODES.replaceAll('f.', '')} AS modes, ${ARGUMENT_TYPES.replaceAll('f.', '')} AS types FROM duckdb_functions()
      WHERE database_name = current_database() AND function_name LIKE 'rs_proc_%') f
    ON f.function_oid = p.oid AND list_has_any(modes, ['OUT', 'INOUT'])`,
  // Tables that are left out of backups, as AWS's own v_generate_tbl_ddl looks them up.
  pg_conf: `SELECT 'pg_class_backup_' || d.database_oid || '_' || r.oid AS key, '0' AS value
    FROM rs.main.rs_relations r JOIN duckdb_databases() d ON d.database_name = current_database() WHERE r.attributes->>'backup' = 'false'`,
  pg_language: `SELECT *, 0 AS lanplcallfoid, 0 AS lanvalidator, ${accessList('language', "''", 'lanname')} AS lanacl FROM (VALUES (12, 'internal', false, false), (13, 'c', false, false), (14, 'sql', false, true), (100356, 'plpgsql', true, true))
    l(oid, lanname, lanispl, lanpltrusted)`,
  pg_tablespace: `SELECT * FROM (VALUES (1663, 'pg_default', 1, NULL, NULL), (1664, 'pg_global', 1, NULL, NULL)) t(oid, spcname, spcowner, spclocation, spcacl)`,
  pg_am: `SELECT CAST(NULL AS INTEGER) AS oid, CAST(NULL AS VARCHAR) AS amname WHERE false`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_PG_DATABASE_INFO.html
  pg_database_info: `SELECT *, oid AS datid, 'UNLIMITED' AS datconnlimit FROM rs.main.pg_database`,
};

/** Types by their PostgreSQL oid: Redshift's name, PostgreSQL's, the oid, the length. */
export const TYPES: readonly (readonly [base: string, name: string, oid: number, length: number])[] = [
  ['boolean', 'bool', 16, 1],
  ['bigint', 'int8', 20, 8],
  ['smallint', 'int2', 21, 2],
  ['integer', 'int4', 23, 4],
  ['real', 'float4', 700, 4],
  ['double precision', 'float8', 701, 8],
  ['character', 'bpchar', 1042, -1],
  ['character varying', 'varchar', 1043, -1],
  ['date', 'date', 1082, 4],
  ['time without time zone', 'time', 1083, 8],
  ['time with time zone', 'timetz', 1266, 8],
  ['timestamp without time zone', 'timestamp', 1114, 8],
  ['timestamp with time zone', 'timestamptz', 1184, 8],
  ['numeric', 'numeric', 1700, -1],
  ['super', 'super', 4000, -1],
  ['binary varying', 'varbyte', 6551, -1],
];

export const TYPES_VIEW = `CREATE OR REPLACE VIEW rs.main.rs_types AS
  SELECT * FROM (VALUES ${TYPES.map(([base, name, oid, length]) => `('${base}', '${name}', ${oid}, ${length})`).join(', ')}) t(base_type, type_name, type_oid, type_length)`;

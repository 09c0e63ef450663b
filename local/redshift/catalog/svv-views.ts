import { OWNER } from './access-lists.ts';

/** What is stored under a relation's name: a materialized view keeps its rows in a table of another one. */
const STORED_AS = `CASE WHEN (attributes->>'view') = 'materialized' THEN 'mv_tbl__' || relation || '__0' ELSE relation END`;
const IS_STORED = `(kind = 'r' OR (attributes->>'view') = 'materialized')`;

/** Columns as SVV_COLUMNS shows them. */
export function columnsWhere(condition: string): string {
  return `SELECT current_database() AS table_catalog, schema_name AS table_schema, relation AS table_name, column_name,
      position AS ordinal_position, column_default, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, base_type AS data_type,
      length AS character_maximum_length, numeric_precision, CASE WHEN numeric_precision IS NOT NULL THEN CASE WHEN base_type = 'numeric' THEN 10 ELSE 2 END END AS numeric_precision_radix,
      numeric_scale, CASE WHEN base_type LIKE 'time%' THEN 6 END AS datetime_precision, CAST(NULL AS VARCHAR) AS interval_type,
      CAST(NULL AS VARCHAR) AS interval_precision, CAST(NULL AS VARCHAR) AS character_set_catalog,
      CAST(NULL AS VARCHAR) AS character_set_schema, CAST(NULL AS VARCHAR) AS character_set_name, CAST(NULL AS VARCHAR) AS collation_catalog,
      CAST(NULL AS VARCHAR) AS collation_schema, "collation" AS collation_name, CAST(NULL AS VARCHAR) AS domain_name,
      remarks
    FROM rs.main.rs_columns WHERE ${condition}`;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/svv_views.html */
export const SVV_VIEWS: Readonly<Record<string, string>> = {
  svv_tables: `SELECT current_database() AS table_catalog, schema_name AS table_schema, relation AS table_name,
      CASE WHEN temporary THEN 'LOCAL TEMPORARY' WHEN kind = 'r' THEN 'BASE TABLE' ELSE 'VIEW' END AS table_type,
      attributes->>'comment' AS remarks
    FROM rs.main.rs_relations`,
  svv_columns: columnsWhere('true'),
  svv_all_tables: `SELECT current_database() AS database_name, schema_name, relation AS table_name,
      CASE WHEN kind = 'r' THEN 'TABLE' ELSE 'VIEW' END AS table_type, CAST(NULL AS VARCHAR) AS table_acl, attributes->>'comment' AS remarks
    FROM rs.main.rs_relations`,
  svv_redshift_tables: `SELECT database_name, schema_name, table_name, table_type, table_acl, remarks, ${OWNER} AS table_owner FROM rs.main.svv_all_tables`,
  svv_all_columns: `SELECT table_catalog AS database_name, table_schema AS schema_name, table_name, column_name, ordinal_position, column_default,
      is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, remarks
    FROM rs.main.svv_columns`,
  svv_redshift_columns: `SELECT current_database() AS database_name, schema_name, relation AS table_name, column_name, position AS ordinal_position,
      rs.main.rs_full_type(base_type, length, numeric_precision, numeric_scale) AS data_type, column_default,
      CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, encoding, distkey, sortkey, CAST(NULL AS VARCHAR) AS column_acl, remarks
    FROM rs.main.rs_columns`,
  svv_all_schemas: `SELECT current_database() AS database_name, schema_name, 100 AS schema_owner, 'local' AS schema_type,
      CAST(NULL AS VARCHAR) AS schema_acl, CAST(NULL AS VARCHAR) AS source_database, CAST(NULL AS VARCHAR) AS schema_option
    FROM duckdb_schemas() WHERE database_name = current_database() AND schema_name <> 'main'`,
  svv_redshift_schemas: `SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, schema_option FROM rs.main.svv_all_schemas`,
  svv_redshift_databases: `SELECT database_name, 100 AS database_owner, 'local' AS database_type, CAST(NULL AS VARCHAR) AS database_acl,
      CAST(NULL AS VARCHAR) AS database_options, 'Snapshot Isolation' AS database_isolation_level
    FROM duckdb_databases() WHERE NOT internal AND database_name NOT IN ('rs', 'memory')`,
  svv_table_info: `SELECT current_database() AS database, schema_name AS schema, oid AS table_id, ${STORED_AS} AS "table", coalesce(encoded, 'N') AS encoded,
      CASE attributes->>'distStyle' WHEN 'KEY' THEN 'KEY(' || (attributes->>'distKey') || ')' WHEN 'EVEN' THEN 'EVEN' WHEN 'ALL' THEN 'ALL'
        ELSE 'AUTO(ALL)' END AS diststyle,
      CASE WHEN json_array_length(attributes, '$.sortKeys') > 0 THEN
        CASE attributes->>'sortStyle' WHEN 'INTERLEAVED' THEN 'INTERLEAVED' WHEN 'AUTO' THEN 'AUTO(SORTKEY(' || (attributes->>'$.sortKeys[0]') || '))' ELSE attributes->>'$.sortKeys[0]' END
        WHEN attributes->>'sortStyle' = 'AUTO' THEN 'AUTO(SORTKEY)' END AS sortkey1,
      coalesce(max_varchar, 0) AS max_varchar, sortkey1_enc,
      CAST(coalesce(json_array_length(attributes, '$.sortKeys'), 0) AS INTEGER) AS sortkey_num, CAST(ceil(rows * column_count * 8 / 1048576.0) AS BIGINT) AS size, CAST(0 AS DECIMAL(10,4)) AS pct_used, CAST(0 AS BIGINT) AS empty,
      CAST(0 AS DECIMAL(5,2)) AS unsorted, CAST(0 AS DECIMAL(5,2)) AS stats_off, CAST(rows AS DECIMAL(38,0)) AS tbl_rows,
      CAST(NULL AS DECIMAL(19,2)) AS skew_sortkey1, CAST(NULL AS DECIMAL(19,2)) AS skew_rows, CAST(rows AS DECIMAL(38,0)) AS estimated_visible_rows,
      CAST(NULL AS VARCHAR) AS risk_event, CAST(0 AS DECIMAL(12,2)) AS vacuum_sort_benefit, CAST(NULL AS TIMESTAMP) AS create_time
    FROM rs.main.rs_relations r
    LEFT JOIN (
      SELECT oid, max(length) AS max_varchar, max(CASE WHEN encoding <> 'none' THEN 'Y' ELSE 'N' END) AS encoded,
        max(CASE WHEN abs(sortkey) = 1 THEN encoding END) AS sortkey1_enc
      FROM rs.main.rs_columns GROUP BY oid) l USING (oid)
    WHERE ${IS_STORED} AND NOT temporary AND rows > 0`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_USER_INFO.html
  svv_user_info: `SELECT usename AS user_name, usesysid AS user_id, usecreatedb AS createdb, usesuper AS superuser, usecatupd AS catalog_update,
      useconnlimit AS connection_limit, syslogaccess AS syslog_access, last_ddl_ts AS last_ddl_timestamp, sessiontimeout AS session_timeout,
      CAST(NULL AS VARCHAR) AS external_user_id
    FROM rs.main.pg_user_info`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_USER_INFO.html
  svl_user_info: `SELECT usename, usesysid, usecreatedb, usesuper, usecatupd, useconnlimit, syslogaccess, last_ddl_ts, sessiontimeout,
      CAST(NULL AS VARCHAR) AS external_user_id FROM rs.main.pg_user_info`,
  // Whether a view is stale is not known. https://docs.aws.amazon.com/redshift/latest/dg/r_STV_MV_INFO.html
  stv_mv_info: `SELECT current_database() AS db_name, schema_name AS schema, relation AS name, CAST(NULL AS BIGINT) AS updated_upto_xid,
      CAST(NULL AS VARCHAR) AS is_stale, ${OWNER} AS owner_user_name, 0 AS state, 'f' AS autorewrite,
      CASE WHEN attributes->>'autoRefresh' = 'true' THEN 't' ELSE 'f' END AS autorefresh
    FROM rs.main.rs_relations WHERE attributes->>'view' = 'materialized'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_MV_INFO.html
  svv_mv_info: `SELECT db_name AS database_name, schema AS schema_name, owner_user_name AS user_name, name, is_stale, state, autorefresh, autorewrite
    FROM rs.main.stv_mv_info`,
  // One slice, on which every table is whole. https://docs.aws.amazon.com/redshift/latest/dg/r_STV_TBL_PERM.html
  stv_tbl_perm: `SELECT 0 AS slice, CAST(oid AS INTEGER) AS id, rpad(${STORED_AS}, 72, ' ') AS name, CAST(rows AS BIGINT) AS rows, CAST(rows AS BIGINT) AS sorted_rows,
      CAST(temporary AS INTEGER) AS temp, CAST(d.database_oid AS INTEGER) AS db_id, 0 AS insert_pristine, 0 AS delete_pristine,
      CASE WHEN attributes->>'backup' = 'false' THEN 0 ELSE 1 END AS backup,
      CASE attributes->>'distStyle' WHEN 'EVEN' THEN 0 WHEN 'KEY' THEN 1 WHEN 'ALL' THEN 8 ELSE 10 END AS dist_style
    FROM rs.main.rs_relations JOIN duckdb_databases() d ON d.database_name = current_database() WHERE ${IS_STORED}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_SLICES.html
  stv_slices: `SELECT 0 AS node, 0 AS slice, 0 AS localslice, 'D' AS type`,
};

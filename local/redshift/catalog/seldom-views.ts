import { INDEX_DEFINITION } from './object-macros.ts';
import { allSettings } from '../dialect/configuration.ts';

const readBy = (kind: string): string =>
  `(SELECT schema_name, relation, unnest(CAST(attributes->'reads' AS VARCHAR[])) AS read
    FROM rs.main.rs_relations WHERE attributes->>'view' = '${kind}')`;

/** Materialized views with those they read. */
const MATERIALIZED_DEPENDENCIES = `${readBy('materialized')} m JOIN rs.main.rs_relations r ON r.attributes->>'view' = 'materialized'
      AND (m.read = r.schema_name || '.' || r.relation OR (m.read = r.relation AND r.schema_name IN (m.schema_name, 'public')))`;

/** How such a statement begins, comments aside. */
const REFRESH = '(?is)^(?:\\s|--[^\\n]*\\n|/\\*.*?\\*/)*refresh\\s+materialized\\s+view\\s+';

/** REFRESH statements with the names they were given, and what Redshift says of how they ended. A view is always computed anew here. */
const REFRESHES = `(SELECT l.*, l.parts[-1] AS mv_name, m.oid AS mv_id, coalesce(l.parts[-2], m.schema_name, 'public') AS schema_name, 'Manual' AS refresh_type,
      CASE WHEN l.status = 'success' THEN 'Refresh successfully recomputed MV from scratch'
        WHEN l.message LIKE '%does not exist%' THEN 'Refresh failed. MV was not found' ELSE 'Refresh failed. ' || l.message END AS refresh_status
    FROM (SELECT *, list_transform(string_split(replace(regexp_extract(query_text, '${REFRESH}((?:"[^"]+"|[\\w$]+)(?:\\s*\\.\\s*(?:"[^"]+"|[\\w$]+))*)', 1), '"', ''), '.'),
        lambda part: lower(trim(part))) AS parts
      FROM memory.log.query WHERE status <> 'running' AND regexp_matches(query_text, '${REFRESH}')) l
    LEFT JOIN (SELECT relation, schema_name, oid FROM rs.main.rs_relations WHERE attributes->>'view' = 'materialized') m
      ON m.relation = l.parts[-1] AND m.schema_name = coalesce(l.parts[-2], 'public'))`;

/** What was ever changed in a table is not counted: as if each of its rows had been inserted once. */
const TABLE_CHANGES = `SELECT oid AS relid, schema_name AS schemaname, relation AS relname, CAST(0 AS BIGINT) AS seq_scan, CAST(0 AS BIGINT) AS seq_tup_read,
      CAST(NULL AS BIGINT) AS idx_scan, CAST(NULL AS BIGINT) AS idx_tup_fetch, CAST(rows AS BIGINT) AS n_tup_ins, CAST(0 AS BIGINT) AS n_tup_upd,
      CAST(0 AS BIGINT) AS n_tup_del
    FROM rs.main.rs_relations WHERE kind = 'r'`;

const TABLE_READS = `SELECT oid AS relid, schema_name AS schemaname, relation AS relname, CAST(0 AS BIGINT) AS heap_blks_read, CAST(0 AS BIGINT) AS heap_blks_hit,
      ${['idx_blks_read', 'idx_blks_hit', 'toast_blks_read', 'toast_blks_hit', 'tidx_blks_read', 'tidx_blks_hit'].map((name) => `CAST(NULL AS BIGINT) AS ${name}`).join(', ')}
    FROM rs.main.rs_relations WHERE kind = 'r'`;

/** The session's own cursor. */
const CURSORS = `SELECT 100 AS userid, cursor->>'name' AS name, CAST(cursor->>'transaction' AS BIGINT) AS xid, rs.main.pg_backend_pid() AS pid,
      CAST(CAST(now() AS TIMESTAMPTZ) AT TIME ZONE 'UTC' AS TIMESTAMP) AS starttime, CAST(NULL AS BIGINT) AS row_count, CAST(NULL AS BIGINT) AS byte_count,
      CAST(NULL AS BIGINT) AS fetched_rows
    FROM (SELECT CAST(getvariable('rs_cursor') AS JSON) AS cursor), duckdb_tables()
    WHERE temporary AND table_name = 'rs_cursor' AND (cursor->>'transaction') = CAST(txid_current() AS VARCHAR)`;

/** Views that have rows and are seldom asked. */
export const SELDOM_VIEWS: Readonly<Record<string, string>> = {
  // https://www.postgresql.org/docs/8.0/catalog-pg-index.html: keys are kept as those of indexes, though there are none.
  pg_index: `SELECT index_oid AS indexrelid, oid AS indrelid, CAST(list_transform(columns, lambda x: list_position(table_columns, x)) AS USMALLINT[]) AS indkey,
      CAST(list_transform(columns, lambda x: 0) AS UINTEGER[]) AS indclass, CAST(len(columns) AS SMALLINT) AS indnatts, true AS indisunique, kind = 'p' AS indisprimary,
      false AS indisclustered, CAST(NULL AS VARCHAR) AS indexprs, CAST(NULL AS VARCHAR) AS indpred
    FROM rs.main.rs_constraints WHERE kind IN ('p', 'u')`,
  pg_indexes: `SELECT schema_name AS schemaname, relation AS tablename, name AS indexname, CAST(NULL AS VARCHAR) AS tablespace, ${INDEX_DEFINITION} AS indexdef
    FROM rs.main.rs_constraints WHERE kind IN ('p', 'u')`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_MV_DEPS.html
  stv_mv_deps: `SELECT current_database() AS db_name, m.schema_name AS schema, m.relation AS name, r.schema_name AS ref_schema,
      r.relation AS ref_name, current_database() AS ref_database_name
    FROM ${MATERIALIZED_DEPENDENCIES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_MV_DEPENDENCY.html
  svv_mv_dependency: `SELECT current_database() AS database_name, m.schema_name, m.relation AS name, current_database() AS dependent_database_name,
      r.schema_name AS dependent_schema_name, r.relation AS dependent_name
    FROM ${MATERIALIZED_DEPENDENCIES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_REDSHIFT_FUNCTIONS.html
  svv_redshift_functions: `SELECT current_database() AS database_name, n.nspname AS schema_name, p.proname AS function_name,
      CASE p.prokind WHEN 'p' THEN 'STORED PROCEDURE' ELSE 'REGULAR FUNCTION' END AS function_type,
      rs.main.rs_type_names(p.proargtypes) AS argument_type, rs.main.rs_type_name(p.prorettype) AS result_type
    FROM rs.main.pg_proc_info p JOIN rs.main.pg_namespace n ON n.oid = p.pronamespace`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_MV_REFRESH_STATUS.html
  svl_mv_refresh_status: `SELECT database_name AS db_name, userid, schema_name, mv_name, xid, starttime, endtime, refresh_status AS status, refresh_type
    FROM ${REFRESHES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_MV_REFRESH_HISTORY.html
  sys_mv_refresh_history: `SELECT userid AS user_id, userid AS session_user_id, xid AS transaction_id, database_name, schema_name, mv_id, mv_name, refresh_type,
      refresh_status AS status, starttime AS start_time, endtime AS end_time, date_diff('microsecond', starttime, endtime) AS duration, query AS query_id,
      CAST(NULL AS VARCHAR) AS consumer_account, CAST(NULL AS VARCHAR) AS consumer_namespace
    FROM ${REFRESHES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_ACTIVE_CURSORS.html
  stv_active_cursors: CURSORS,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_ACTIVE_CURSORS.html
  svv_active_cursors: `SELECT userid AS user_id, name AS cursor_name, xid AS transaction_id, pid AS session_id, starttime AS declare_time,
      byte_count AS total_bytes, row_count AS total_rows, fetched_rows, CAST(NULL AS INTEGER) AS cursor_storage_limit_used_percent
    FROM (${CURSORS})`,
  // What failed was rolled back with its transaction; one that is open has no row. https://docs.aws.amazon.com/redshift/latest/dg/SYS_TRANSACTION_HISTORY.html
  sys_transaction_history: `SELECT min(userid) AS user_id, xid AS transaction_id, 'Snapshot Isolation' AS isolation_level,
      CASE WHEN bool_or(status IN ('failed', 'canceled') OR query_type = 'ROLLBACK') THEN 'rolledback' ELSE 'committed' END AS status,
      min(starttime) AS transaction_start_time, max(endtime) AS commit_start_time, max(endtime) AS commit_end_time,
      CAST(NULL AS BIGINT) AS blocks_committed, CAST(-1 AS BIGINT) AS undo_transaction_id
    FROM memory.log.query GROUP BY xid
    HAVING bool_and(status <> 'running') AND (NOT bool_or(query_type = 'BEGIN') OR bool_or(query_type IN ('COMMIT', 'ROLLBACK')))`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_DB_ISOLATION_LEVEL.html
  stv_db_isolation_level: `SELECT datname AS db_name, 'Snapshot Isolation' AS isolation_level FROM rs.main.pg_database`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_PG_ATTRIBUTE_INFO.html
  pg_attribute_info: `SELECT *, CAST(NULL AS VARCHAR[]) AS attacl FROM rs.main.pg_attribute`,
  // https://www.postgresql.org/docs/8.0/monitoring-stats.html
  pg_stat_all_tables: TABLE_CHANGES,
  pg_stat_user_tables: TABLE_CHANGES,
  pg_statio_all_tables: TABLE_READS,
  pg_statio_user_tables: TABLE_READS,
  // https://www.postgresql.org/docs/8.0/view-pg-settings.html
  pg_settings: `SELECT name, setting, CAST(NULL AS VARCHAR) AS category, CAST(NULL AS VARCHAR) AS short_desc, CAST(NULL AS VARCHAR) AS extra_desc,
      'user' AS context, 'string' AS vartype, 'session' AS source, CAST(NULL AS VARCHAR) AS min_val, CAST(NULL AS VARCHAR) AS max_val
    FROM (${allSettings()})`,
};

/** `pg_attribute` with the columns of indexes, which are those of primary and unique keys. */
export const ATTRIBUTES_WITH_KEYS = `SELECT * FROM rs.main.pg_attribute
    UNION ALL SELECT a.* REPLACE (k.index_oid AS attrelid, CAST(k.place AS SMALLINT) AS attnum, false AS attnotnull, false AS atthasdef,
      false AS attisdistkey, 0 AS attsortkeyord)
    FROM (SELECT index_oid, oid, unnest(columns) AS name, generate_subscripts(columns, 1) AS place FROM rs.main.rs_constraints WHERE kind IN ('p', 'u')) k
    JOIN rs.main.pg_attribute a ON a.attrelid = k.oid AND a.attname = k.name`;

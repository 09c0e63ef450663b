/** A table made of a query is tagged like any other. */
const MADE_OF_QUERY = `query_type = 'CREATE TABLE' AND regexp_matches(query_text, '\\bas[\\s(]+(select|with)\\b', 'i')`;

/** What a statement is to the system tables: they keep definitions and the rest of what is no query apart. */
export const KIND = `CASE
    WHEN regexp_matches(query_type, '^(SELECT|SELECT INTO|INSERT|UPDATE|DELETE|MERGE|COPY|UNLOAD|FETCH|REFRESH)$') OR (${MADE_OF_QUERY}) THEN 'QUERY'
    WHEN regexp_matches(query_type, '^(CREATE|ALTER|DROP) (TABLE|VIEW|MATERIALIZED|SCHEMA|PROCEDURE|FUNCTION)') THEN 'DDL'
    ELSE 'UTILITY' END`;

/** The same in the words of SYS_QUERY_HISTORY. */
const QUERY_TYPE = `CASE
      WHEN query_type = 'SELECT INTO' OR (${MADE_OF_QUERY}) THEN 'CTAS'
      WHEN query_type = 'FETCH' THEN 'SELECT'
      WHEN ${KIND} = 'QUERY' AND query_type <> 'REFRESH' THEN query_type
      ELSE replace(${KIND}, 'QUERY', 'UTILITY') END`;

export const MICROSECONDS = `date_diff('microsecond', starttime, endtime)`;

/** Ended in a way that counts as aborted. */
const ABORTED = `CASE WHEN status IN ('canceled', 'failed') THEN 1 ELSE 0 END`;

/** A text in pieces of 200 characters, as the system tables keep it. */
const PIECES = `unnest(range(CAST(ceil(greatest(length(query_text), 1) / 200.0) AS BIGINT))) p(part)`;
const PIECE = 'substr(query_text, CAST(part * 200 + 1 AS BIGINT), 200)';

/** Equal for equal texts, as AWS's hashes are, though not the same as these. */
const hash = (text: string): string => `base64(unhex(left(md5(${text}), 16)))`;

/** Texts and numbers of a statement. */
const LITERALS = String.raw`'([^']|'')*'|\b\d+(\.\d+)?\b`.replaceAll("'", "''");

const statementText = (kind: string): string =>
  `SELECT userid, xid, pid, label, starttime, endtime, CAST(part AS INTEGER) AS sequence, ${PIECE} AS text
    FROM memory.log.query, ${PIECES} WHERE ${KIND} = '${kind}'`;

/** System tables and monitoring views about statements, and the sessions they run in. There is one queue, in which nothing waits. */
export const QUERY_VIEWS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_HISTORY.html
  sys_query_history: `SELECT userid AS user_id, query AS query_id, label AS query_label, xid AS transaction_id, pid AS session_id, database_name,
      ${QUERY_TYPE} AS query_type, status, false AS result_cache_hit, starttime AS start_time, endtime AS end_time,
      ${MICROSECONDS} AS elapsed_time, CAST(0 AS BIGINT) AS queue_time,
      ${MICROSECONDS} AS execution_time, message AS error_message, returned_rows, CAST(NULL AS BIGINT) AS returned_bytes,
      left(query_text, 4000) AS query_text, '1.0.0' AS redshift_version, CAST(NULL AS VARCHAR) AS usage_limit, 'primary' AS compute_type,
      CAST(0 AS BIGINT) AS compile_time, CAST(0 AS BIGINT) AS planning_time, CAST(0 AS BIGINT) AS lock_wait_time, 100 AS service_class_id,
      'Default queue' AS service_class_name, 'Normal' AS query_priority, 'false' AS short_query_accelerated,
      ${hash('query_text')} AS user_query_hash, ${hash(`regexp_replace(query_text, '${LITERALS}', '?', 'g')`)} AS generic_query_hash,
      1 AS query_hash_version, 0 AS result_cache_query_id, user_name AS username
    FROM memory.log.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_TEXT.html
  sys_query_text: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, starttime AS start_time, part AS sequence,
      ${PIECE} AS text
    FROM memory.log.query, ${PIECES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERY.html
  stl_query: `SELECT userid, query, label, xid, pid, database_name AS database, left(query_text, 4000) AS querytxt, starttime, endtime,
      ${ABORTED} AS aborted, 0 AS insert_pristine, 0 AS concurrency_scaling_status
    FROM memory.log.query WHERE status <> 'running' AND ${KIND} = 'QUERY'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERYTEXT.html
  stl_querytext: `SELECT userid, xid, pid, query, part AS sequence, ${PIECE} AS text FROM memory.log.query, ${PIECES} WHERE ${KIND} = 'QUERY'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_DDLTEXT.html
  stl_ddltext: statementText('DDL'),
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_UTILITYTEXT.html
  stl_utilitytext: statementText('UTILITY'),
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_STATEMENTTEXT.html
  svl_statementtext: `SELECT userid, xid, pid, label, starttime, endtime, CAST(part AS INTEGER) AS sequence, ${KIND} AS type, ${PIECE} AS text
    FROM memory.log.query, ${PIECES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_QLOG.html
  svl_qlog: `SELECT userid, query, xid, pid, starttime, endtime, ${MICROSECONDS} AS elapsed,
      ${ABORTED} AS aborted, label, left(query_text, 60) AS substring,
      CAST(NULL AS BIGINT) AS source_query, 'main' AS concurrency_scaling_status_txt, 0 AS from_sp_call
    FROM memory.log.query WHERE status <> 'running' AND ${KIND} = 'QUERY'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_WLM_QUERY.html
  stl_wlm_query: `SELECT userid, xid, query AS task, query, 100 AS service_class, 1 AS slot_count, starttime AS service_class_start_time,
      starttime AS queue_start_time, starttime AS queue_end_time, CAST(0 AS BIGINT) AS total_queue_time, starttime AS exec_start_time,
      endtime AS exec_end_time, ${MICROSECONDS} AS total_exec_time, endtime AS service_class_end_time, 'Completed' AS final_state,
      CAST(NULL AS BIGINT) AS est_peak_mem, 'Normal' AS query_priority, 'Default queue' AS service_class_name
    FROM memory.log.query WHERE status <> 'running' AND ${KIND} = 'QUERY'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_WLM_QUERY_STATE.html
  stv_wlm_query_state: `SELECT xid, query AS task, query, 100 AS service_class, 1 AS slot_count, starttime AS wlm_start_time, 'Running' AS state,
      CAST(0 AS BIGINT) AS queue_time, date_diff('microsecond', starttime, CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)) AS exec_time, 'Normal' AS query_priority
    FROM memory.log.query WHERE status = 'running' AND ${KIND} = 'QUERY'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_WLM_SERVICE_CLASS_CONFIG.html
  stv_wlm_service_class_config: `SELECT 100 AS service_class, 'WLM Auto' AS queueing_strategy, -1 AS num_query_tasks, -1 AS target_num_query_tasks,
      'false' AS evictable, CAST(0 AS BIGINT) AS eviction_threshold, -1 AS query_working_mem, -1 AS target_query_working_mem, 0 AS min_step_mem,
      'Default queue' AS name, CAST(0 AS BIGINT) AS max_execution_time, false AS user_group_wild_card, false AS query_group_wild_card,
      'off' AS concurrency_scaling, 'Normal' AS query_priority, 'false' AS user_role_wild_card`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_RECENTS.html
  stv_recents: `SELECT userid, CASE WHEN status = 'running' THEN 'Running' ELSE 'Done' END AS status, starttime,
      date_diff('microsecond', starttime, coalesce(endtime, starttime)) AS duration, user_name, database_name AS db_name, left(query_text, 600) AS query,
      CASE WHEN status = 'running' THEN pid ELSE -1 END AS pid
    FROM memory.log.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_INFLIGHT.html
  stv_inflight: `SELECT userid, 0 AS slice, query, label, xid, pid, starttime, left(query_text, 100) AS text, 0 AS suspended, 0 AS insert_pristine,
      CAST(0 AS INTEGER) AS concurrency_scaling_status
    FROM memory.log.query WHERE status = 'running' AND ${KIND} = 'QUERY'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_SESSIONS.html
  stv_sessions: `SELECT starttime, pid AS process, user_name, database_name AS db_name, 0 AS timeout_sec FROM memory.log.session`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_SESSIONS.html
  stl_sessions: `SELECT 100 AS userid, starttime, CAST(NULL AS TIMESTAMP) AS endtime, pid AS process, user_name, database_name AS db_name, 0 AS timeout_sec,
      0 AS timed_out FROM memory.log.session`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_SESSION_HISTORY.html
  sys_session_history: `SELECT 100 AS user_id, pid AS session_id, database_name, 'Active' AS status, 0 AS session_timeout, starttime AS start_time,
      CAST(NULL AS TIMESTAMP) AS end_time FROM memory.log.session`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_CONNECTION_LOG.html
  stl_connection_log: `SELECT 'initiating session' AS event, starttime AS recordtime, '127.0.0.1' AS remotehost, '' AS remoteport, pid, database_name AS dbname,
      user_name AS username, 'password' AS authmethod, CAST(0 AS BIGINT) AS duration, 0 AS mtu, '' AS sslversion, '' AS sslcipher, '' AS sslcompression,
      '' AS sslexpansion, '' AS iamauthguid, '' AS application_name, '' AS driver_version, '' AS os_version, '' AS plugin_name, 0 AS protocol_version,
      CAST(pid AS VARCHAR) AS sessionid, '' AS compression FROM memory.log.session`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_CONNECTION_LOG.html
  sys_connection_log: `SELECT 'initiating session' AS event, starttime AS record_time, '127.0.0.1' AS remote_host, '' AS remote_port, pid AS session_id,
      database_name, user_name, 'password' AS auth_method, CAST(0 AS BIGINT) AS duration, 0 AS mtu, '' AS ssl_version, '' AS ssl_cipher,
      '' AS ssl_compression, '' AS ssl_expansion, '' AS iam_auth_guid, '' AS application_name, '' AS driver_version, '' AS os_version, '' AS plugin_name,
      0 AS protocol_version, CAST(pid AS VARCHAR) AS global_session_id FROM memory.log.session`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_STORED_PROC_CALL.html
  svl_stored_proc_call: `SELECT userid, userid AS session_userid, query, label, xid, pid, database_name AS database, left(query_text, 500) AS querytxt,
      starttime, endtime, ${ABORTED} AS aborted, CAST(NULL AS INTEGER) AS from_sp_call
    FROM memory.log.query WHERE query_type = 'CALL' AND status <> 'running'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_PROCEDURE_CALL.html
  sys_procedure_call: `SELECT userid AS session_user_id, userid AS user_id, query AS query_id, pid AS session_id, xid AS transaction_id,
      starttime AS start_time, endtime AS end_time, ${MICROSECONDS} AS duration, status,
      regexp_extract(query_text, '(?i)call\\s+([^(\\s]+)', 1) AS procedure_name, 1 AS depth, CAST(NULL AS BIGINT) AS parent_query_id,
      left(query_text, 4000) AS query_text
    FROM memory.log.query WHERE query_type = 'CALL'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_STORED_PROC_MESSAGES.html
  svl_stored_proc_messages: `SELECT m.userid, m.userid AS session_userid, m.pid, m.xid, m.query, m.recordtime, m.loglevel, m.loglevel_text, m.message,
      m.linenum, left(q.query_text, 500) AS querytext, q.label, ${ABORTED} AS aborted, m.xid AS message_xid
    FROM memory.log.procedure_message m LEFT JOIN memory.log.query q ON q.query = m.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_PROCEDURE_MESSAGES.html
  sys_procedure_messages: `SELECT xid AS transaction_id, query AS query_id, recordtime AS record_time, loglevel_text AS log_level, message,
      linenum AS line_number FROM memory.log.procedure_message`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_TRANSACTIONS.html
  svv_transactions: `SELECT user_name AS txn_owner, database_name AS txn_db, xid, pid, starttime AS txn_start, 'ExclusiveLock' AS lock_mode,
      'transactionid' AS lockable_object_type, CAST(NULL AS INTEGER) AS relation, true AS granted FROM memory.log.query WHERE status = 'running'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVV_QUERY_INFLIGHT.html
  svv_query_inflight: `SELECT userid, 0 AS slice, query, pid, starttime, 0 AS suspended, ${PIECE} AS text, CAST(part AS INTEGER) AS sequence
    FROM memory.log.query, ${PIECES} WHERE status = 'running' AND ${KIND} = 'QUERY'`,
  // https://www.postgresql.org/docs/8.0/monitoring-stats.html
  pg_stat_activity: `SELECT d.database_oid AS datid, s.database_name AS datname, s.pid AS procpid, 100 AS usesysid, s.user_name AS usename,
      coalesce((SELECT max(query_text) FROM memory.log.query q WHERE q.pid = s.pid AND q.status = 'running'), '<IDLE>') AS current_query,
      (SELECT max(starttime) FROM memory.log.query q WHERE q.pid = s.pid AND q.status = 'running') AS query_start
    FROM memory.log.session s LEFT JOIN duckdb_databases() d ON d.database_name = s.database_name`,
};

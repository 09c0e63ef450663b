/** System tables and monitoring views about loads, unloads and queries. */
export const LOG_VIEWS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
  stl_load_errors: `SELECT userid, 0 AS slice, tbl, starttime, pid AS session, query, filename, line_number, colname, type, col_length,
      position, raw_line, raw_field_value, err_code, err_reason, 0 AS is_partial, CAST(0 AS BIGINT) AS start_offset, NULL::BIGINT AS copy_job_id
    FROM rs.log.load_error`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOADERROR_DETAIL.html
  stl_loaderror_detail: `SELECT userid, 0 AS slice, pid AS session, query, filename, line_number, CAST(NULL AS INTEGER) AS field, colname, raw_field_value AS value,
      CAST(0 AS INTEGER) AS is_null, type, col_length
    FROM rs.log.load_error`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
  sys_load_error_detail: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, database_name, tbl AS table_id,
      starttime AS start_time, filename AS file_name, line_number, colname AS column_name, type AS column_type, col_length AS column_length,
      position, err_code AS error_code, err_reason AS error_message, raw_line AS raw_line, raw_field_value AS raw_field_value
    FROM rs.log.load_error`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html
  stl_load_commits: `SELECT userid, query, 0 AS slice, filename AS name, filename, pid, CAST(bytes AS INTEGER) AS byte_offset, lines AS lines_scanned,
      CAST(errors AS INTEGER) AS errors, endtime AS curtime, 1 AS status, 'text' AS file_format, CAST(0 AS INTEGER) AS is_partial, CAST(0 AS BIGINT) AS start_offset
    FROM rs.log.load_file`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_DETAIL.html
  sys_load_detail: `SELECT userid AS user_id, query AS query_id, filename AS file_name, bytes AS bytes_scanned, lines AS lines_scanned,
      rows AS loaded_rows, errors AS error_count, endtime AS record_time, 0 AS splits_scanned
    FROM rs.log.load_file`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_HISTORY.html
  sys_load_history: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, database_name, status, table_name,
      starttime AS start_time, endtime AS end_time, date_diff('microsecond', starttime, endtime) AS duration, source AS data_source, format AS file_format,
      loaded_rows, loaded_bytes, file_count AS source_file_count, loaded_bytes AS source_file_bytes, file_count AS file_count_scanned,
      loaded_bytes AS file_bytes_scanned, error_count, NULL::BIGINT AS copy_job_id
    FROM rs.log.load`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_UNLOAD_LOG.html
  stl_unload_log: `SELECT userid, query, 0 AS slice, pid, path, starttime AS start_time, endtime AS end_time, line_count, transfer_size, file_format
    FROM rs.log.unload_file`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_UNLOAD_HISTORY.html
  sys_unload_history: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, database_name, status,
      starttime AS start_time, endtime AS end_time, date_diff('microsecond', starttime, endtime) AS duration, format AS file_format,
      unloaded_rows, unloaded_bytes AS unloaded_files_size, file_count AS unloaded_files_count, prefix AS unload_location, message AS error_message
    FROM rs.log.unload`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_UNLOAD_DETAIL.html
  sys_unload_detail: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, path AS file_name, starttime AS start_time,
      endtime AS end_time, line_count AS unloaded_rows, transfer_size AS unloaded_bytes, file_format
    FROM rs.log.unload_file`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_HISTORY.html
  sys_query_history: `SELECT userid AS user_id, query AS query_id, label AS query_label, xid AS transaction_id, pid AS session_id, database_name,
      query_type, status, false AS result_cache_hit, starttime AS start_time, endtime AS end_time,
      date_diff('microsecond', starttime, endtime) AS elapsed_time, CAST(0 AS BIGINT) AS queue_time,
      date_diff('microsecond', starttime, endtime) AS execution_time, message AS error_message, returned_rows, CAST(NULL AS BIGINT) AS returned_bytes,
      left(query_text, 4000) AS query_text, '1.0.0' AS redshift_version, 'primary' AS compute_type
    FROM rs.log.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_DETAIL.html
  sys_query_detail: `SELECT userid AS user_id, query AS query_id, 0 AS child_query_sequence, 0 AS stream_id, 0 AS segment_id, 0 AS step_id,
      lower(query_type) AS step_name, CAST(NULL AS INTEGER) AS table_id, CAST(NULL AS VARCHAR) AS table_name, starttime AS start_time, endtime AS end_time,
      date_diff('microsecond', starttime, endtime) AS duration, CAST(NULL AS VARCHAR) AS alert, returned_rows AS output_rows
    FROM rs.log.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_QUERY_TEXT.html
  sys_query_text: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, starttime AS start_time, part AS sequence,
      substr(query_text, CAST(part * 200 + 1 AS BIGINT), 200) AS text
    FROM rs.log.query, unnest(range(CAST(ceil(greatest(length(query_text), 1) / 200.0) AS BIGINT))) p(part)`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERY.html
  stl_query: `SELECT userid, query, label, xid, pid, database_name AS database, left(query_text, 4000) AS querytxt, starttime, endtime,
      CASE WHEN status IN ('canceled', 'failed') THEN 1 ELSE 0 END AS aborted, 0 AS insert_pristine, 0 AS concurrency_scaling_status
    FROM rs.log.query WHERE status <> 'running'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_QUERYTEXT.html
  stl_querytext: `SELECT user_id AS userid, transaction_id AS xid, session_id AS pid, query_id AS query, sequence, text FROM rs.main.sys_query_text`,
  svl_statementtext: `SELECT userid, xid, pid, label, starttime, endtime, CAST(0 AS INTEGER) AS sequence, query_type AS type, left(query_text, 200) AS text FROM rs.log.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVL_QLOG.html
  svl_qlog: `SELECT userid, query, xid, pid, starttime, endtime, date_diff('microsecond', starttime, endtime) AS elapsed,
      CASE WHEN status IN ('canceled', 'failed') THEN 1 ELSE 0 END AS aborted, label, left(query_text, 60) AS substring,
      CAST(NULL AS BIGINT) AS source_query, 'main' AS concurrency_scaling_status_txt, 0 AS from_sp_call
    FROM rs.log.query WHERE status <> 'running'`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_RECENTS.html
  stv_recents: `SELECT userid, CASE WHEN status = 'running' THEN 'Running' ELSE 'Done' END AS status, starttime,
      date_diff('microsecond', starttime, coalesce(endtime, starttime)) AS duration, user_name, database_name AS db_name, left(query_text, 600) AS query,
      CASE WHEN status = 'running' THEN pid ELSE -1 END AS pid
    FROM rs.log.query`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STV_INFLIGHT.html
  stv_inflight: `SELECT userid, 0 AS slice, query, label, xid, pid, starttime, left(query_text, 100) AS text, 0 AS suspended, 0 AS insert_pristine,
      CAST(0 AS INTEGER) AS concurrency_scaling_status
    FROM rs.log.query WHERE status = 'running'`,
};

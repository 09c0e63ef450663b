import { LAST_COPY_FILES } from '../load/load-log.ts';
/** What the log has, and what the session's own transaction has loaded since it began. */
const LOAD_FILES = `(FROM memory.log.load_file UNION ALL BY NAME
      SELECT * FROM (${LAST_COPY_FILES}) WHERE query NOT IN (SELECT query FROM memory.log.load_file))`;

/** How a load or an unload has ended, in the words of the SYS views. */
const STATUS = `CASE WHEN status IN ('failed', 'canceled') THEN 'aborted' ELSE status END`;

/** What UNLOAD writes, as the views name it. */
const unloadFormat = (format: string): string =>
  `CASE ${format} WHEN 'csv' THEN 'CSV' WHEN 'json' THEN 'JSON' WHEN 'parquet' THEN 'Parquet' ELSE 'Text' END`;

/** Files that UNLOAD has written. */
const UNLOADED = `SELECT userid, query, 0 AS slice, pid, path, starttime AS start_time, endtime AS end_time, line_count, transfer_size, ${unloadFormat('file_format')} AS file_format
    FROM memory.log.unload_file`;

/** System tables and monitoring views about loads and unloads; those about queries are in query-views.ts. */
export const LOG_VIEWS: Readonly<Record<string, string>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
  stl_load_errors: `SELECT userid, 0 AS slice, tbl, starttime, pid AS session, query, filename, line_number, colname, type, col_length,
      position, raw_line, raw_field_value, err_code, left(err_reason, 100) AS err_reason, 0 AS is_partial, CAST(0 AS BIGINT) AS start_offset, CAST(0 AS BIGINT) AS copy_job_id
    FROM memory.log.load_error`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOADERROR_DETAIL.html
  stl_loaderror_detail: `SELECT userid, 0 AS slice, pid AS session, query, filename, line_number, CAST(NULL AS INTEGER) AS field, colname, coalesce(value, '') AS value,
      CAST(value IS NULL AS INTEGER) AS is_null, type, col_length
    FROM memory.log.load_error_field`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html
  sys_load_error_detail: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, database_name, tbl AS table_id,
      starttime AS start_time, filename AS file_name, line_number, colname AS column_name, type AS column_type, col_length AS column_length,
      position, err_code AS error_code, err_reason AS error_message
    FROM memory.log.load_error`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_REPLACEMENTS.html
  stl_replacements: `SELECT userid, query, 0 AS slice, tbl, starttime, pid AS session, filename, line_number, colname, raw_line FROM memory.log.load_replacement`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_COPY_REPLACEMENTS.html
  sys_copy_replacements: `SELECT userid AS user_id, query AS query_id, tbl AS table_id, filename AS file_name, colname AS column_name, line_number, raw_line
    FROM memory.log.load_replacement`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html
  stl_load_commits: `SELECT userid, query, 0 AS slice, filename AS name, filename, CAST(bytes AS INTEGER) AS byte_offset, lines AS lines_scanned,
      CAST(errors AS INTEGER) AS errors, endtime AS curtime, 1 AS status, 'text' AS file_format, CAST(0 AS INTEGER) AS is_partial, CAST(0 AS BIGINT) AS start_offset,
      CAST(0 AS BIGINT) AS copy_job_id
    FROM ${LOAD_FILES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_DETAIL.html
  sys_load_detail: `SELECT userid AS user_id, query AS query_id, filename AS file_name, bytes AS bytes_scanned, lines AS lines_scanned,
      rows AS loaded_rows, errors AS error_count, endtime AS record_time, 0 AS splits_scanned, starttime AS start_time,
      endtime AS end_time, CAST(NULL AS VARCHAR) AS file_etag, CAST(NULL AS TIMESTAMP) AS file_last_modified
    FROM ${LOAD_FILES}`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_HISTORY.html
  sys_load_history: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, database_name, ${STATUS} AS status, table_name,
      starttime AS start_time, endtime AS end_time, date_diff('microsecond', starttime, endtime) AS duration, source AS data_source,
      CASE format WHEN 'delimited' THEN 'txt' WHEN 'fixedwidth' THEN 'txt' ELSE format END AS file_format,
      loaded_rows, loaded_bytes, file_count AS source_file_count, loaded_bytes AS source_file_bytes, file_count AS file_count_scanned,
      loaded_bytes AS file_bytes_scanned, CAST(error_count AS BIGINT) AS error_count,
      CAST(0 AS BIGINT) AS copy_job_id
    FROM memory.log.load`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_STL_UNLOAD_LOG.html
  stl_unload_log: UNLOADED,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SVCS_UNLOAD_LOG.html
  svcs_unload_log: UNLOADED,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_UNLOAD_HISTORY.html
  sys_unload_history: `SELECT userid AS user_id, query AS query_id, xid AS transaction_id, pid AS session_id, database_name, ${STATUS} AS status,
      starttime AS start_time, endtime AS end_time, date_diff('microsecond', starttime, endtime) AS duration, ${unloadFormat('format')} AS file_format,
      compression AS compression_type, prefix AS unloaded_location, unloaded_rows, CAST(file_count AS BIGINT) AS unloaded_files_count,
      unloaded_bytes AS unloaded_files_size, message AS error_message
    FROM memory.log.unload`,
  // https://docs.aws.amazon.com/redshift/latest/dg/SYS_UNLOAD_DETAIL.html
  sys_unload_detail: `SELECT userid AS user_id, query AS query_id, pid AS session_id, xid AS transaction_id, path AS file_name, starttime AS start_time,
      endtime AS end_time, line_count, transfer_size, ${unloadFormat('file_format')} AS file_format
    FROM memory.log.unload_file`,
};

import { emptyViews } from './empty-views.ts';

/** Whose step of which query. */
export const STEP =
  'userid integer, query integer, slice integer, segment integer, step integer, starttime timestamp, endtime timestamp, tasknum integer';

/** What any step counts. */
export const COUNTED = `${STEP}, rows bigint, bytes bigint`;

const WHO = 'userid integer, query integer, slice integer';

const PLAN = 'userid integer, query integer, nodeid integer';

const METRICS =
  'userid integer, service_class integer, query integer, segment integer, step_type integer, starttime timestamp, slices integer, max_rows bigint, rows bigint, max_cpu_time bigint, cpu_time bigint, max_blocks_read bigint, blocks_read bigint, max_run_time bigint, run_time bigint, max_blocks_to_disk bigint, blocks_to_disk bigint, step integer, max_query_scan_size bigint, query_scan_size bigint, query_priority bigint, query_queue_time bigint, service_class_name char';

const QUERY_METRICS =
  'userid integer, query integer, service_class integer, query_cpu_time bigint, query_blocks_read bigint, query_execution_time bigint, query_cpu_usage_percent float8, query_temp_blocks_to_disk bigint, segment_execution_time bigint, cpu_skew float8, io_skew float8, scan_row_count bigint, join_row_count bigint, nested_loop_join_row_count bigint, return_row_count bigint, spectrum_scan_row_count bigint, spectrum_scan_size_mb bigint, query_queue_time bigint, service_class_name char';

const SUMMARY =
  'userid integer, query integer, stm integer, seg integer, step integer, maxtime bigint, avgtime bigint, rows bigint, bytes bigint, rate_row float8, rate_byte float8, label text, is_diskbased char, workmem bigint, is_rrscan char, is_delayed_scan char, rows_pre_filter bigint';

const COMPILED =
  'userid integer, xid bigint, pid integer, query integer, segment integer, locus integer, starttime timestamp, endtime timestamp, compile integer';

const STREAMS = 'userid integer, query integer, stream integer, segment integer';

const ALERTS =
  'userid integer, query integer, segment integer, step integer, pid integer, xid bigint, event char, solution char, event_time timestamp';

/**
 * What Redshift's executors, storage and connections write down step by step, block by block. DuckDB measures none of it, so they are empty;
 * what ran, how long and how many rows is in the views over the log. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html
 */
export const STEP_VIEWS = emptyViews({
  // A statement is one query, whatever its parts.
  sys_child_query_text: 'user_id integer, query_id bigint, child_query_sequence integer, sequence integer, text char',
  stv_locks:
    'table_id bigint, last_commit timestamp, last_update timestamp, lock_owner bigint, lock_owner_pid bigint, lock_owner_start_ts timestamp, lock_owner_end_ts timestamp, lock_status char',
  // Steps of a query.
  stl_aggr: `${COUNTED}, slots integer, occupied integer, maxlength integer, tbl integer, is_diskbased char, workmem bigint, type char, resizes integer, flushable integer`,
  stl_bcast: `${COUNTED}, packets integer`,
  stl_dist: `${COUNTED}, packets integer`,
  stl_hash: `${COUNTED}, slots integer, occupied integer, maxlength integer, tbl integer, is_diskbased char, workmem bigint, num_parts integer, est_rows bigint, num_blocks_permitted integer, resizes integer, checksum bigint, runtime_filter_size integer, max_runtime_filter_size integer`,
  stl_hashjoin: `${STEP}, rows bigint, tbl integer, num_parts integer, join_type integer, hash_looped char, switched_parts char, used_prefetching char, hash_segment integer, hash_step integer, checksum bigint, distribution integer`,
  stl_limit: `${STEP}, rows bigint, checksum bigint`,
  stl_merge: `${STEP}, rows bigint`,
  stl_mergejoin: `${STEP}, rows bigint, tbl integer, checksum bigint`,
  stl_nestloop: `${STEP}, rows bigint, tbl integer, checksum bigint`,
  stl_parse: `${STEP}, rows bigint`,
  stl_project: `${STEP}, rows bigint, checksum bigint`,
  stl_return: `${COUNTED}, packets integer, checksum bigint`,
  stl_save: `${COUNTED}, tbl integer, is_diskbased char, workmem bigint`,
  stl_sort: `${COUNTED}, tbl integer, is_diskbased char, workmem bigint, checksum bigint`,
  stl_unique: `${STEP}, rows bigint, is_diskbased char, slots integer, workmem bigint, max_buffers_used bigint, type char`,
  stl_window: `${STEP}, rows bigint, is_diskbased char, workmem bigint`,
  // Plans, segments, metrics.
  stl_explain: `${PLAN}, parentid integer, plannode char, info char`,
  svcs_explain: `${PLAN}, parentid integer, plannode char, info char`,
  stl_plan_info: `${PLAN}, segment integer, step integer, locus integer, plannode integer, startupcost float8, totalcost float8, rows bigint, bytes bigint`,
  svcs_plan_info: `${PLAN}, segment integer, step integer, locus integer, plannode integer, startupcost float8, totalcost float8, rows bigint, bytes bigint`,
  sys_query_explain:
    'user_id integer, query_id bigint, child_query_sequence integer, plan_node_id integer, plan_parent_id integer, plan_node text, plan_info text',
  stl_stream_segs: STREAMS,
  svcs_stream_segs: STREAMS,
  svl_compile: COMPILED,
  svcs_compile: COMPILED,
  svcs_alert_event_log: ALERTS,
  svl_query_summary: SUMMARY,
  svcs_query_summary: SUMMARY,
  svl_query_report: `${WHO}, segment integer, step integer, start_time timestamp, end_time timestamp, elapsed_time bigint, rows bigint, bytes bigint, label text, is_diskbased char, workmem bigint, is_rrscan char, is_delayed_scan char, rows_pre_filter bigint`,
  stl_query_metrics: METRICS,
  stv_query_metrics: METRICS,
  svl_query_metrics: `${QUERY_METRICS}, step_label text`,
  svl_query_metrics_summary: QUERY_METRICS,
  stv_exec_state: `${WHO}, segment integer, step integer, starttime timestamp, currenttime timestamp, tasknum integer, rows bigint, bytes bigint, label char, is_diskbased char, workmem bigint, num_parts integer, is_rrscan char, is_delayed_scan char`,
  svv_query_state:
    'userid integer, query integer, seg integer, step integer, maxtime interval, avgtime interval, rows bigint, bytes bigint, cpu bigint, memory bigint, rate_row float8, rate_byte float8, label char, is_diskbased char, workmem bigint, num_parts integer, is_rrscan char, is_delayed_scan char',
  svl_query_queue_info:
    'database text, query integer, xid bigint, userid integer, querytxt text, queue_start_time timestamp, exec_start_time timestamp, service_class integer, slots integer, queue_elapsed bigint, exec_elapsed bigint, wlm_total_elapsed bigint, commit_queue_elapsed bigint, commit_exec_time bigint, service_class_name char',
  stv_wlm_query_task_state:
    'service_class integer, task integer, query integer, slot_count integer, start_time timestamp, exec_time bigint',
  stl_commit_stats:
    'xid bigint, node integer, startqueue timestamp, startwork timestamp, endflush timestamp, endstage timestamp, endlocal timestamp, startglobal timestamp, endtime timestamp, queuelen bigint, permblocks bigint, newblocks bigint, dirtyblocks bigint, headers integer, numxids integer, oldestxid bigint, extwritelatency bigint, metadatawritten integer, tombstonedblocks bigint, tossedblocks bigint, batched_by bigint',
  // Reading and writing files.
  stl_file_scan: `${WHO}, name char, lines bigint, bytes bigint, loadtime bigint, curtime timestamp, is_partial integer, start_offset bigint`,
  stl_s3client:
    'userid integer, query integer, slice integer, recordtime timestamp, pid integer, http_method char, bucket char, key char, transfer_size bigint, data_size bigint, start_time bigint, end_time bigint, transfer_time bigint, compression_time bigint, connect_time bigint, app_connect_time bigint, retries bigint, request_id char, extended_request_id char, ip_address char, is_partial integer, start_offset bigint, node integer',
  stl_s3client_error:
    'userid integer, query integer, sliceid integer, recordtime timestamp, pid integer, http_method char, bucket char, key char, error char, is_partial integer, start_offset bigint',
  stv_load_state: `${WHO}, session integer, recordtime timestamp, bytes_to_load bigint, bytes_loaded bigint, bytes_to_load_compressed bigint, bytes_loaded_compressed bigint, lines integer, num_files integer, num_files_complete integer, current_file char, pct_complete integer`,
  stl_analyze_compression:
    'userid integer, start_time timestamp, xid bigint, tbl integer, tablename char, col integer, old_encoding char, new_encoding char, mode char, best_compression_encoding char, recommended_encoding char',
  sys_analyze_compression_history:
    'user_id integer, start_time timestamp, transaction_id bigint, table_id integer, table_name char, column_position integer, old_encoding char, new_encoding char, mode char',
  // Blocks and disks.
  stv_blocklist:
    'slice integer, col integer, tbl integer, blocknum integer, num_values integer, extended_limits integer, minvalue bigint, maxvalue bigint, sb_pos integer, pinned integer, on_disk integer, backed_up integer, modified integer, hdr_modified integer, unsorted integer, tombstone integer, preferred_diskno integer, temporary integer, newblock integer, num_readers integer, id integer, flags integer',
  svv_diskusage:
    'db_id integer, name char, slice integer, col integer, tbl integer, blocknum integer, num_values integer, extended_limits integer, minvalue bigint, maxvalue bigint, sb_pos integer, pinned integer, on_disk integer, backed_up integer, modified integer, hdr_modified integer, unsorted integer, tombstone integer, preferred_diskno integer, temporary integer, newblock integer, num_readers integer, id integer, flags integer',
  stv_partitions:
    'owner integer, host integer, diskno integer, part_begin bigint, part_end bigint, used integer, tossed integer, capacity integer, reads bigint, writes bigint, seek_forward integer, seek_back integer, is_san integer, failed integer, mbps integer, mount char',
  stv_node_storage_capacity: 'node integer, used integer, capacity integer',
  stl_disk_full_diag: 'currenttime bigint, node_num bigint, query_id bigint, temp_blocks bigint',
  svv_interleaved_columns: 'tbl integer, col integer, interleaved_skew float8, last_reindex timestamp',
  stl_schema_quota_violations:
    'ownerid integer, xid bigint, pid integer, userid integer, schema_id integer, schema_name char, quota integer, disk_usage integer, disk_usage_pct float8, timestamp timestamp',
  svv_schema_quota_state:
    'schema_id integer, schema_name text, schema_owner integer, quota integer, disk_usage integer, disk_usage_pct float8',
  // Conflicts, errors, configuration of work load management.
  stl_error:
    'userid integer, process char, recordtime timestamp, pid integer, errcode integer, file char, linenum integer, context char, error char',
  stl_tr_conflict: 'xact_id bigint, process_id bigint, xact_start_ts timestamp, abort_time timestamp, table_id bigint',
  stl_undone:
    'userid integer, xact_id bigint, xact_id_undone bigint, undo_start_ts timestamp, undo_end_ts timestamp, table_id bigint',
  stv_tbl_trans:
    'slice integer, id integer, rows bigint, size bigint, last_id bigint, ref_cnt integer, from_suspended integer, prep_swap integer',
  stv_wlm_service_class_state:
    'service_class integer, num_queued_queries integer, num_executing_queries integer, num_serviced_queries bigint, num_executed_queries bigint, num_evicted_queries bigint, num_concurrency_scaling_queries bigint',
  stv_wlm_classification_config:
    'id integer, condition char, action_seq integer, action char, action_service_class integer',
  stl_usage_control:
    'eventtime timestamp, query integer, xid bigint, pid integer, usage_limit_id char, feature_type char',
  svcs_concurrency_scaling_usage: 'start_time timestamp, end_time timestamp, queries bigint, usage_in_seconds bigint',
  stv_startup_recovery_state: 'db_id integer, table_id integer, table_name char',
  svl_multi_statement_violations:
    'userid integer, database char, cmdname char, xid bigint, pid integer, label char, starttime timestamp, endtime timestamp, sequence integer, type char, text char',
  svl_terminate: 'pid integer, eventtime timestamp, userid integer, type text',
  // Work in the background.
  stl_mv_state:
    'userid bigint, starttime timestamp, xid bigint, event_desc char, db_name char, base_table_schema char, base_table_name char, mv_schema char, mv_name char, state char',
  sys_vacuum_history:
    'user_id integer, transaction_id bigint, query_id bigint, database_name text, schema_name text, table_id integer, table_name char, vacuum_type char, is_automatic boolean, start_time timestamp, end_time timestamp, duration bigint, rows_before_vacuum bigint, size_before_vacuum bigint, reclaimable_rows bigint, reclaimed_rows bigint, reclaimed_blocks bigint, sortedrows_before_vacuum bigint, sortedrows_after_vacuum bigint',
  sys_analyze_history:
    'user_id integer, transaction_id bigint, query_id bigint, database_name text, schema_name text, table_name text, table_id integer, is_automatic char, is_background char, status text, start_time timestamp, end_time timestamp, rows float8, modified_rows float8, rows_threshold integer',
  svl_vacuum_percentage: 'xid bigint, table_id integer, percentage float8',
  stl_vacuum_detail: 'userid integer, xid bigint, table_id integer, partition_id integer, rows bigint',
  sys_restore_state:
    'user_id integer, database_name text, schema_name text, table_name text, table_id bigint, redistribution_status text, percentage_redistributed float8, redistribution_type text',
  stl_userlog:
    'userid integer, username char, oldusername char, action char, usecreatedb integer, usesuper integer, usecatupd integer, valuntil timestamp, pid integer, xid bigint, recordtime timestamp',
  sys_userlog:
    'user_id integer, user_name char, original_user_name char, action char, has_create_db_privs char, is_superuser char, has_update_catalog_privs char, password_expiration timestamp, session_id integer, transaction_id bigint, record_time timestamp',
  sys_schema_quota_violations:
    'owner_id integer, user_id integer, transaction_id bigint, session_id integer, schema_id integer, schema_name char, quota integer, disk_usage integer, record_time timestamp',
  sys_udf_log:
    'query_id bigint, record_time timestamp, message text, traceback text, function_name text, sequence integer',
  sys_stream_scan_states:
    'external_schema_name char, stream_name char, mv_name char, record_time timestamp, partition_id char, latest_position char, scanned_rows bigint, skipped_rows bigint, scanned_bytes bigint, stream_record_time_min timestamp, stream_record_time_max timestamp, consumer_account char, consumer_namespace char',
  sys_stream_scan_errors:
    'external_schema_name char, stream_name char, mv_name char, transaction_id bigint, query_id bigint, record_time timestamp, partition_id char, position char, error_code integer, error_reason char, stream_record_time timestamp',
  // Spectrum and federation, as the concurrency clusters see them.
  svcs_s3list:
    'query integer, segment integer, node integer, slice integer, eventtime timestamp, bucket char, prefix char, recursive char, retrieved_files integer, max_file_size bigint, avg_file_size float8, generated_splits integer, avg_split_length float8, duration bigint',
  svcs_s3log:
    'pid integer, query integer, segment integer, step integer, node integer, slice integer, eventtime timestamp, message char',
  svcs_s3query_summary:
    'userid integer, query integer, xid bigint, pid integer, segment integer, step integer, starttime timestamp, endtime timestamp, elapsed bigint, aborted integer, external_table_name char, file_format char, is_partitioned char, is_rrscan char, is_nested char, s3_scanned_rows bigint, s3_scanned_bytes bigint, s3query_returned_rows bigint, s3query_returned_bytes bigint, files integer, files_max integer, files_avg integer, splits integer, splits_max integer, splits_avg integer, total_split_size bigint, max_split_size bigint, avg_split_size bigint, total_retries integer, max_retries integer, max_request_duration integer, avg_request_duration float8, max_request_parallelism integer, avg_request_parallelism float8, slowdown_count bigint, max_concurrent_slowdown_count integer',
  svl_s3partition_summary:
    'query integer, segment integer, assignment char, min_starttime timestamp, max_endtime timestamp, min_duration bigint, max_duration bigint, avg_duration bigint, total_partitions integer, qualified_partitions integer, min_assigned_partitions integer, max_assigned_partitions integer, avg_assigned_partitions bigint',
  svcs_s3partition_summary:
    'query integer, segment integer, assignment char, min_starttime timestamp, max_endtime timestamp, min_duration bigint, max_duration bigint, avg_duration bigint, total_partitions integer, qualified_partitions integer, min_assigned_partitions integer, max_assigned_partitions integer, avg_assigned_partitions bigint',
  svl_s3retries:
    'query integer, segment integer, node integer, slice integer, eventtime timestamp, retries integer, successful_fetches integer, file_size bigint, location text, message text',
  svl_s3requests:
    'query integer, segment integer, node integer, slice integer, eventtime timestamp, duration bigint, request_id text, bucket text, key text',
  svl_spatial_simplify:
    'query integer, line_number integer, maximum_tolerance float8, initial_size integer, simplified char, final_size integer, final_tolerance float8',
  // Statistics of the planner, libraries and providers.
  pg_statistic_indicator: 'stairelid oid, stairows float8, staiins float8, staidels float8',
  pg_library: 'name name, language_oid oid, file_store_id integer, owner integer',
  pg_locks: 'locktype text, database oid, relation oid, transaction bigint, pid integer, mode text, granted boolean',
  svv_identity_providers:
    'uid integer, name text, type text, instanceid text, namespc text, params text, enabled boolean',
});

/**
 * System tables and views about what a local cluster never has: external data, datashares, models, queues with rules, stored
 * procedures, work in the background. They are truly empty; their columns are those of their pages,
 * https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_system-tables.html
 */
const COLUMNS: Readonly<Record<string, string>> = {
  // Spectrum and federated queries.
  pg_external_schema: 'esoid oid, eskind integer, esdbname text, esoptions text',
  svv_external_schemas:
    'esoid oid, eskind smallint, schemaname name, esowner integer, databasename text, esoptions text',
  svv_external_databases: 'eskind integer, databasename text, esoptions text',
  svv_external_tables:
    'redshift_database_name text, schemaname text, tablename text, tabletype text, location text, input_format text, output_format text, serialization_lib text, serde_parameters text, compressed integer, parameters text',
  svv_external_columns:
    'redshift_database_name text, schemaname text, tablename text, columnname text, external_type text, columnnum integer, part_key integer, is_nullable text',
  svv_external_partitions:
    'schemaname text, tablename text, values text, location text, input_format text, output_format text, serialization_lib text, serde_parameters text, compressed integer, parameters text',
  svl_s3query:
    'userid integer, query integer, segment integer, step integer, node integer, slice integer, starttime timestamp, endtime timestamp, elapsed bigint, external_table_name char, is_partitioned char, is_rrscan char, s3_scanned_rows bigint, s3_scanned_bytes bigint, s3query_returned_rows bigint, s3query_returned_bytes bigint, files integer, splits integer, total_split_size bigint, max_split_size bigint, total_retries integer, max_retries integer, max_request_duration integer, avg_request_duration float8, max_request_parallelism integer, avg_request_parallelism float8',
  svl_s3query_summary:
    'userid integer, query integer, xid bigint, pid integer, segment integer, step integer, starttime timestamp, endtime timestamp, elapsed bigint, aborted integer, external_table_name char, file_format char, is_partitioned char, is_rrscan char, is_nested char, s3_scanned_rows bigint, s3_scanned_bytes bigint, s3query_returned_rows bigint, s3query_returned_bytes bigint, files integer, files_max integer, files_avg integer, splits integer, splits_max integer, splits_avg integer, total_split_size bigint, max_split_size bigint, avg_split_size bigint, total_retries integer, max_retries integer, max_request_duration integer, avg_request_duration float8, max_request_parallelism integer, avg_request_parallelism float8, total_slowdown_count bigint, max_slowdown_count integer',
  svl_s3list:
    'query integer, segment integer, node integer, slice integer, eventtime timestamp, bucket text, prefix text, recursive char, retrieved_files integer, max_file_size bigint, avg_file_size float8, generated_splits integer, avg_split_length float8, duration bigint',
  svl_s3log:
    'pid integer, query integer, segment integer, step integer, node integer, slice integer, eventtime timestamp, message char',
  svl_s3partition:
    'query integer, segment integer, node integer, slice integer, starttime timestamp, endtime timestamp, duration bigint, total_partitions integer, qualified_partitions integer, assigned_partitions integer, assignment char',
  svl_spectrum_scan_error:
    'userid integer, query integer, location char, rowid char, colname char, original_value char, modified_value char, trigger char, action char, action_value char, error_code integer',
  svl_federated_query:
    'userid integer, xid bigint, pid integer, query integer, sourcetype char, recordtime timestamp, querytext text, num_rows bigint, num_bytes bigint, duration bigint',
  sys_external_query_detail:
    'user_id integer, query_id bigint, child_query_sequence integer, transaction_id bigint, session_id integer, segment_id integer, source_type char, start_time timestamp, end_time timestamp, duration bigint, total_partitions integer, qualified_partitions integer, scanned_files bigint, returned_rows bigint, returned_bytes bigint, file_format text, file_location text, external_query_text text, warning_message text, table_name text, is_recursive char, is_nested char, s3list_time bigint, get_partition_time bigint',
  sys_external_query_error:
    'user_id integer, query_id bigint, file_location char, rowid char, column_name char, original_value char, modified_value char, trigger char, action char, action_value char, error_code integer',
  // Statistics are DuckDB's own. https://www.postgresql.org/docs/8.0/catalog-pg-statistic.html
  pg_statistic:
    'starelid oid, staattnum smallint, stanullfrac float8, stawidth integer, stadistinct float8, stakind1 smallint, stakind2 smallint, stakind3 smallint, stakind4 smallint, staop1 oid, staop2 oid, staop3 oid, staop4 oid, stanumbers1 float4[], stanumbers2 float4[], stanumbers3 float4[], stanumbers4 float4[], stavalues1 text[], stavalues2 text[], stavalues3 text[], stavalues4 text[]',
  // https://www.postgresql.org/docs/8.0/view-pg-stats.html
  pg_stats:
    'schemaname name, tablename name, attname name, null_frac float4, avg_width integer, n_distinct float4, most_common_vals text[], most_common_freqs float4[], histogram_bounds text[], correlation float4',
  // Datashares.
  svv_datashares:
    'share_name text, share_id integer, share_owner integer, source_database text, consumer_database text, share_type text, createdate timestamp, is_publicaccessible boolean, share_acl text, producer_account text, producer_namespace text, managed_by text',
  svv_datashare_objects:
    'share_type text, share_name text, object_type text, object_name text, producer_account text, producer_namespace text, include_new boolean',
  svl_datashare_change_log:
    'userid integer, username text, pid integer, xid bigint, share_id integer, share_name text, source_database_id integer, source_database_name text, consumer_database_id integer, consumer_database_name text, recordtime timestamp, action text, status integer, share_object_type text, share_object_id integer, share_object_name text, target_user_type text, target_userid integer, target_username text, consumer_account text, consumer_namespace text, producer_account text, producer_namespace text',
  svl_datashare_usage_consumer:
    'userid integer, pid integer, xid bigint, request_id text, request_type text, transaction_uid text, recordtime timestamp, status integer, error text',
  svl_datashare_usage_producer:
    'share_id integer, share_name text, request_id text, request_type text, object_type text, object_oid integer, object_name text, consumer_account text, consumer_namespace text, consumer_transaction_uid text, recordtime timestamp, status integer, error text, consumer_region text',
  svl_datashare_cross_region_usage:
    'query integer, segment integer, start_time timestamp, end_time timestamp, transferred_data bigint, source_region text',
  sys_datashare_change_log:
    'user_id integer, user_name text, session_id integer, transaction_id bigint, share_id integer, share_name text, source_database_id integer, source_database_name text, consumer_database_id integer, consumer_database_name text, record_time timestamp, action text, status integer, share_object_type text, share_object_id integer, share_object_name text, target_user_type text, target_user_id integer, target_user_name text, consumer_account text, consumer_namespace text, producer_account text, producer_namespace text',
  sys_datashare_usage_consumer:
    'user_id integer, session_id integer, transaction_id bigint, request_id text, request_type text, transaction_uid text, record_time timestamp, status integer, error text',
  sys_datashare_usage_producer:
    'share_id integer, share_name text, request_id text, request_type text, object_type text, object_oid integer, object_name text, consumer_account text, consumer_namespace text, consumer_transaction_uid text, record_time timestamp, status integer, error text, consumer_region text',
  svv_datashare_consumers: 'share_name text, consumer_account text, consumer_namespace text, share_date timestamp',
  sys_datashare_cross_region_usage:
    'query_id integer, child_query_sequence integer, segment_id bigint, start_time timestamp, end_time timestamp, transferred_data bigint, source_region char',
  // Zero-ETL integrations.
  svv_integration:
    'integration_id char, target_database char, source char, state char, current_lag bigint, last_replicated_checkpoint char, total_tables_replicated integer, total_tables_failed integer, creation_time timestamp, refresh_interval integer, source_database char, is_history_mode boolean',
  svv_integration_table_mapping:
    'integration_id char, source_database char, target_database char, source_schema_name char, target_schema_name char, source_table_name char, target_table_name char, source_column_name char, target_column_name char, source_data_type char, target_data_type char',
  svv_integration_table_state:
    'integration_id char, target_database char, schema_name char, table_name char, table_state char, table_last_replicated_checkpoint char, reason char, last_updated_timestamp timestamp, table_rows bigint, table_size bigint, is_history_mode boolean',
  sys_integration_activity:
    'integration_id char, target_database char, source char, checkpoint_name char, checkpoint_type char, checkpoint_bytes bigint, last_commit_timestamp timestamp, modified_tables integer, integration_start_time timestamp, integration_end_time timestamp',
  sys_integration_table_activity:
    'integration_id char, checkpoint_name char, target_database char, schema_name char, table_name char, table_id integer, record_time timestamp, transaction_id bigint, inserted_rows bigint, deleted_rows bigint, updated_rows bigint, bytes_ingested bigint',
  sys_integration_table_state_change:
    'integration_id char, database_name char, schema_name char, table_name char, new_state char, table_last_replicated_checkpoint char, state_change_reason char, record_time timestamp',
  // Spatial data.
  svv_geometry_columns:
    'f_table_catalog text, f_table_schema text, f_table_name text, f_geometry_column text, coord_dimension integer, srid integer, type text',
  svv_geography_columns:
    'f_table_catalog text, f_table_schema text, f_table_name text, f_geography_column text, coord_dimension integer, srid integer, type text',
  sys_spatial_simplify:
    'query_id bigint, line_number bigint, maximum_tolerance float8, initial_size bigint, simplified char, final_size bigint, final_tolerance float8',
  // Models.
  stv_ml_model_info:
    'schema_name char, user_name char, model_name char, life_cycle char, is_refreshable integer, model_state char',
  svv_ml_model_info:
    'schema_name char, user_name char, model_name char, life_cycle char, is_refreshable integer, model_state char',
  // Functions, procedures, copy jobs.
  svl_udf_log:
    'query bigint, message char, created timestamp, traceback char, funcname text, node integer, slice integer, seq integer',
  sys_copy_job:
    'user_id integer, job_id bigint, job_name text, job_owner text, source text, iam_role text, copy_query text, auto_copy integer',
  sys_copy_job_detail:
    'user_id integer, database_name text, job_id integer, job_name text, file_location text, file_name text, file_size bigint, file_etag text, job_text char, modification_time timestamp, enqueue_time timestamp, status char',
  sys_copy_job_info: 'job_id bigint, job_name char, database_name char, record_time timestamp, message char',
  svv_copy_job_integrations:
    'job_owner integer, channel_arn name, bucket text, channel_state name, db_name name, job_name text, job_state integer',
  sys_ludf_detail:
    'user_id integer, transaction_id bigint, query_id bigint, function_oid bigint, function_position integer, stream_id integer, segment_id integer, step_id integer, lambda_function_name char, start_time timestamp, end_time timestamp, total_duration bigint, invocations integer, total_rows bigint, input_bytes bigint, output_bytes bigint',
  stl_sshclient_error:
    'userid integer, query integer, slice integer, recordtime timestamp, pid integer, ssh_username text, endpoint text, command text, error text',
  // Row-level security, masking, roles.
  svv_rls_policy:
    'polid integer, polname text, polatts text, polqual text, polenabled boolean, polmodifiedby text, polmodifiedtime timestamp',
  svv_rls_attached_policy:
    'relschema text, relname text, relkind text, polname text, grantor text, grantee text, granteekind text, is_pol_on boolean, is_rls_on boolean, rls_conjunction_type text',
  svv_rls_relation:
    'datname text, relschema text, relname text, relkind text, is_rls_on boolean, is_rls_datashare_on boolean',
  svv_attached_masking_policy:
    'policy_name text, schema_name text, table_name text, table_type text, grantor text, grantee text, grantee_type text, priority integer, input_columns text, output_columns text',
  svv_rls_applied_policy:
    'username text, query integer, xid bigint, pid integer, recordtime timestamp, command char, datname text, relschema text, relname text, polname text, poldefault text, relkind char',
  sys_applied_masking_policy_log:
    'policy_name text, user_id text, record_time timestamp, session_id integer, transaction_id bigint, query_id integer, database_name text, relation_name text, schema_name text, attachment_id bigint, relation_kind text',
  // Default privileges have no effect here.
  pg_default_acl: 'oid oid, defacluser integer, defaclnamespace oid, defaclobjtype char, defaclacl text[]',
  svv_default_privileges:
    'schema_name text, object_type text, owner_id integer, owner_name text, owner_type text, privilege_type text, grantee_id integer, grantee_name text, grantee_type text, admin_option boolean',
  svv_datashare_privileges:
    'datashare_name text, privilege_type text, identity_id integer, identity_name text, identity_type text, admin_option boolean',
  svv_ml_model_privileges:
    'namespace_name text, model_name text, model_version integer, privilege_type text, identity_id integer, identity_name text, identity_type text, admin_option boolean',
  svv_iam_privileges: 'iam_arn text, command_type text, identity_id integer, identity_name text, identity_type text',
  svv_masking_policy:
    'policy_database text, policy_name text, input_columns text, policy_expression text, policy_modified_by text, policy_modified_time timestamp',
  // Work load management beyond its one queue; what watches over queries.
  stl_wlm_error: 'userid integer, recordtime timestamp, pid integer, error_string char',
  stl_wlm_rule_action:
    'userid integer, query integer, service_class integer, rule char, action char, recordtime timestamp, action_value char, service_class_name char',
  stv_wlm_qmr_config:
    'service_class integer, rule_name char, action char, metric_name char, metric_operator char, metric_value char, action_value char',
  stv_wlm_query_queue_state:
    'service_class integer, position integer, task integer, query integer, slot_count integer, start_time timestamp, queue_time bigint',
  stl_alert_event_log:
    'userid integer, query integer, slice integer, segment integer, step integer, pid integer, xid bigint, event char, solution char, event_time timestamp',
  // Maintenance: there is nothing to sort, analyze or move.
  stl_vacuum:
    'userid integer, xid bigint, table_id integer, status char, rows bigint, sortedrows integer, blocks integer, max_merge_partitions integer, eventtime timestamp, reclaimable_rows bigint, reclaimable_space_mb bigint, cutoff_xid bigint, is_recluster integer',
  stl_analyze:
    'userid integer, xid bigint, database char, table_id integer, status char, rows float8, modified_rows float8, threshold_percent integer, is_auto char, starttime timestamp, endtime timestamp, prevtime timestamp, num_predicate_cols integer, num_new_predicate_cols integer, is_background char, auto_analyze_phase char, schema_name char, table_name char',
  svv_vacuum_progress: 'table_name text, status text, time_remaining_estimate text',
  svv_vacuum_summary:
    'table_name text, xid bigint, sort_partitions bigint, merge_increments bigint, elapsed_time bigint, row_delta bigint, sortedrow_delta bigint, block_delta integer, max_merge_partitions integer',
  svv_alter_table_recommendations:
    'type char, database char, table_id integer, group_id integer, ddl char, auto_eligible char',
  sys_automatic_optimization:
    'session_id integer, database_name char, object_type char, object_ids char, task_type char, event char, event_time timestamp, status char, compute_type char, task_details char',
  sys_auto_table_optimization:
    'transaction_id bigint, session_id integer, table_id integer, alter_table_type char, status char, event_time timestamp, alter_from char',
  sys_extra_compute_for_automatic_optimization:
    'start_time timestamp, end_time timestamp, query_count bigint, compute_seconds numeric',
  sys_restore_log:
    'event_time timestamp, database_name char, schema_name char, table_name char, table_id integer, action char, table_size bigint, total_data_processed bigint, delta_data_processed bigint, message char, redistribution_type char',
  svl_auto_worker_action:
    'table_id integer, type char, status char, eventtime timestamp, sequence integer, previous_state char',
  svv_restore_table_state: 'table_name text, schema_name text, percent_restored float8, bytes_remaining bigint',
  stl_restarted_sessions:
    'currenttime timestamp, dbname char, newpid integer, oldpid integer, username char, remotehost char, remoteport char, parkedtime timestamp, session_vars char',
  pg_inherits: 'inhrelid oid, inhparent oid, inhseqno integer',
  pg_trigger:
    'oid oid, tgrelid oid, tgname name, tgfoid oid, tgtype smallint, tgenabled boolean, tgisconstraint boolean, tgconstrname name, tgconstrrelid oid, tgdeferrable boolean, tginitdeferred boolean, tgnargs smallint',
  // Serverless only.
  sys_serverless_usage:
    'start_time timestamp, end_time timestamp, compute_seconds float8, compute_capacity float8, data_storage bigint, cross_region_transferred_data bigint, charged_seconds bigint',
};

const TYPES: Readonly<Record<string, string>> = {
  oid: 'BIGINT',
  integer: 'INTEGER',
  smallint: 'SMALLINT',
  bigint: 'BIGINT',
  float8: 'DOUBLE',
  boolean: 'BOOLEAN',
  numeric: 'DECIMAL(27,0)',
  timestamp: 'TIMESTAMP',
  interval: 'INTERVAL',
  'text[]': 'VARCHAR[]',
  float4: 'REAL',
  'float4[]': 'REAL[]',
};

/** Views without rows, by name; their columns as `name type, …`. */
export function emptyViews(columns: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(columns).map(([name, list]) => [
      name,
      `SELECT ${list
        .split(', ')
        .map((column) => column.split(' '))
        .map(([column, type = '']) => `CAST(NULL AS ${TYPES[type] ?? 'VARCHAR'}) AS "${column}"`)
        .join(', ')} WHERE false`,
    ]),
  );
}

export const EMPTY_VIEWS = emptyViews(COLUMNS);

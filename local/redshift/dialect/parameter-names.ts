import { DEFAULTS } from './configuration.ts';

/** Those of Redshift that have no value here to show. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html and https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html */
const OF_REDSHIFT =
  'activate_aqua auto_analyze auto_mv datashare_break_glass_session_var default_identity_namespace enable_spectrum_oid enable_user_activity_logging max_query_execution_time pg_federation_repeatable_read require_ssl use_fips_ssl wlm_json_configuration';

/** Of PostgreSQL 8.0, which Redshift comes from, and those of its clients. https://www.postgresql.org/docs/8.0/runtime-config.html */
const OF_POSTGRESQL = [
  'add_missing_from application_name archive_command australian_timezones authentication_timeout backslash_quote block_size check_function_bodies checkpoint_segments checkpoint_timeout checkpoint_warning',
  'client_min_messages commit_delay commit_siblings cpu_index_tuple_cost cpu_operator_cost cpu_tuple_cost custom_variable_classes deadlock_timeout debug_pretty_print debug_print_parse debug_print_plan',
  'debug_print_rewritten default_statistics_target default_tablespace default_with_oids dynamic_library_path effective_cache_size enable_hashagg enable_hashjoin enable_indexscan enable_mergejoin enable_nestloop',
  'enable_seqscan enable_sort enable_tidscan escape_string_warning explain_pretty_print from_collapse_limit fsync geqo geqo_effort geqo_generations geqo_pool_size geqo_selection_bias geqo_threshold',
  'join_collapse_limit lc_collate lc_ctype lc_messages lc_monetary lc_numeric lc_time listen_addresses log_connections log_destination log_disconnections log_duration log_error_verbosity log_executor_stats',
  'log_line_prefix log_min_duration_statement log_min_error_statement log_min_messages log_parser_stats log_planner_stats log_statement log_statement_stats maintenance_work_mem max_connections',
  'max_files_per_process max_fsm_pages max_fsm_relations max_function_args max_identifier_length max_index_keys max_locks_per_transaction max_stack_depth password_encryption port random_page_cost regex_flavor',
  'seed session_authorization shared_buffers silent_mode sql_inheritance ssl standard_conforming_strings stats_block_level stats_command_string stats_row_level superuser_reserved_connections trace_notify',
  'transform_null_equals vacuum_cost_delay vacuum_cost_limit vacuum_cost_page_dirty vacuum_cost_page_hit vacuum_cost_page_miss wal_buffers wal_sync_method work_mem zero_damaged_pages',
].join(' ');

const KNOWN = new Set([...Object.keys(DEFAULTS), ...OF_REDSHIFT.split(' '), ...OF_POSTGRESQL.split(' ')]);

/** Whether there is such a parameter: a variable of the session's context, with a dot in its name, is there as soon as it is SET. */
export function isParameter(name: string): boolean {
  return name.includes('.') || KNOWN.has(name);
}

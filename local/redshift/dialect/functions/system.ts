import { refused, renamed, scalar, type FunctionTable } from './function.ts';

/** What a catalogue query asks about objects; DuckDB answers as PostgreSQL does. */
const CATALOGUE = ['format_type', 'pg_get_userbyid', 'obj_description', 'col_description', 'pg_get_constraintdef'];

const onSessions = refused('Use CancelStatement of the Data API.');
/** There are no privileges here: every user may do everything. */
const privileged = scalar(2, 3, () => 'true', 'BOOLEAN');

/** https://docs.aws.amazon.com/redshift/latest/dg/r_System_information_functions.html */
export const SYSTEM_FUNCTIONS: FunctionTable = {
  current_database: scalar(0, 0, () => "getvariable('rs_database')", 'VARCHAR'),
  current_schema: scalar(
    0,
    0,
    () => "trim(split_part(replace(getvariable('rs_search_path'), '$user, ', ''), ',', 1))",
    'VARCHAR',
  ),
  current_user_id: scalar(0, 0, () => '100', 'INTEGER'),
  version: scalar(
    0,
    0,
    () =>
      "'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0'",
    'VARCHAR',
  ),
  pg_backend_pid: renamed('pg_backend_pid', 'INTEGER'),
  pg_last_copy_count: renamed('pg_last_copy_count', 'BIGINT'),
  pg_last_copy_id: renamed('pg_last_copy_id', 'INTEGER'),
  pg_last_query_id: renamed('pg_last_query_id', 'INTEGER'),
  pg_last_unload_count: renamed('pg_last_unload_count', 'BIGINT'),
  pg_last_unload_id: renamed('pg_last_unload_id', 'INTEGER'),
  ...Object.fromEntries(CATALOGUE.map((name) => [name, renamed(name)])),
  generate_series: renamed('generate_series'),
  current_setting: refused('Use SHOW.'),
  set_config: refused('Use SET.'),
  current_schemas: refused('Use SHOW search_path.'),
  pg_cancel_backend: onSessions,
  pg_terminate_backend: onSessions,
  has_table_privilege: privileged,
  has_schema_privilege: privileged,
  has_database_privilege: privileged,
  pg_get_cols: refused('Query svv_columns.'),
  pg_get_late_binding_view_cols: refused('Query svv_columns.'),
  pg_get_viewdef: refused('Use SHOW VIEW.'),
};

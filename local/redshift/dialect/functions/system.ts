import { renamed, scalar, type FunctionTable } from './function.ts';

/** What a session knows of itself: macros of the catalogue, under the same names. */
const ofTheSession = (name: string, type: string): FunctionTable[string] =>
  scalar(0, 0, () => `rs.main.${name}()`, type);

/** https://docs.aws.amazon.com/redshift/latest/dg/r_System_information_functions.html */
export const SYSTEM_FUNCTIONS: FunctionTable = {
  current_database: scalar(0, 0, () => "getvariable('rs_database')", 'VARCHAR'),
  current_user_id: scalar(0, 0, () => '100', 'INTEGER'),
  version: scalar(
    0,
    0,
    () =>
      "'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0'",
    'VARCHAR',
  ),
  md5_digest: renamed('md5'),
  // Macros of the catalogue, which read the session's variables.
  pg_last_copy_count: scalar(0, 0, () => 'rs.main.pg_last_copy_count()', 'BIGINT'),
  pg_last_copy_id: scalar(0, 0, () => 'rs.main.pg_last_copy_id()', 'INTEGER'),
  pg_last_unload_count: scalar(0, 0, () => 'rs.main.pg_last_unload_count()', 'BIGINT'),
  pg_last_unload_id: scalar(0, 0, () => 'rs.main.pg_last_unload_id()', 'INTEGER'),
  pg_last_query_id: scalar(0, 0, () => 'rs.main.pg_last_query_id()', 'INTEGER'),
  pg_backend_pid: scalar(0, 0, () => 'rs.main.pg_backend_pid()', 'INTEGER'),
  // The local cluster has one user, who may do everything.
  has_database_privilege: scalar(2, 3, () => 'true', 'BOOLEAN'),
  has_schema_privilege: scalar(2, 3, () => 'true', 'BOOLEAN'),
  has_table_privilege: scalar(2, 3, () => 'true', 'BOOLEAN'),
  pg_last_copy_count: ofTheSession('pg_last_copy_count', 'BIGINT'),
  pg_last_copy_id: ofTheSession('pg_last_copy_id', 'INTEGER'),
  pg_last_unload_count: ofTheSession('pg_last_unload_count', 'BIGINT'),
  pg_last_unload_id: ofTheSession('pg_last_unload_id', 'INTEGER'),
  pg_last_query_id: ofTheSession('pg_last_query_id', 'INTEGER'),
  pg_backend_pid: ofTheSession('pg_backend_pid', 'INTEGER'),
};

/**
 * What a session knows of itself, from variables the session's connection carries.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_System_information_functions.html
 */
export const SESSION_FUNCTIONS: readonly string[] = [
  `CREATE OR REPLACE MACRO rs.main.pg_last_copy_count() AS CAST(coalesce(getvariable('rs_last_copy_count'), 0) AS BIGINT)`,
  `CREATE OR REPLACE MACRO rs.main.pg_last_copy_id() AS CAST(coalesce(getvariable('rs_last_copy_id'), -1) AS INTEGER)`,
  `CREATE OR REPLACE MACRO rs.main.pg_last_unload_count() AS CAST(coalesce(getvariable('rs_last_unload_count'), 0) AS BIGINT)`,
  `CREATE OR REPLACE MACRO rs.main.pg_last_unload_id() AS CAST(coalesce(getvariable('rs_last_unload_id'), -1) AS INTEGER)`,
  `CREATE OR REPLACE MACRO rs.main.pg_last_query_id() AS CAST(coalesce(getvariable('rs_last_query_id'), -1) AS INTEGER)`,
  `CREATE OR REPLACE MACRO rs.main.pg_backend_pid() AS CAST(coalesce(getvariable('rs_pid'), 0) AS INTEGER)`,
];

import { renamed, scalar, type FunctionTable } from './function.ts';

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
};

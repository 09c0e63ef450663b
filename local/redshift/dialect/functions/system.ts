import { castExpression } from '../casts.ts';
import { settingValue } from '../configuration.ts';
import { unsupported } from '../redshift-error.ts';
import { shownType, typeNamed } from '../types.ts';
import {
  byType,
  callOf,
  expectArguments,
  noSuchFunction,
  refused,
  renamed,
  scalar,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';
import { literalText } from './literal-arguments.ts';
import { isWord, significant } from '../token-tree.ts';

const onSessions = refused('Use CancelStatement of the Data API.');
/** What was granted, as it was recorded: nobody is kept from anything by it. */
const privileged = (kind: string): FunctionRule =>
  scalar(
    2,
    3,
    (args) => {
      const [who, object = '', wanted = ''] = args.length === 3 ? args : ["getvariable('rs_user')", ...args];
      return ['rs_has(', who ?? '', `,'${kind}',`, object, ',', wanted, ')'];
    },
    'BOOLEAN',
  );

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CURRENT_SETTING.html */
const currentSetting = scalar(
  1,
  2,
  (_args, call) => {
    const name = literalText(call, 0);
    if (name === undefined) throw unsupported('CURRENT_SETTING of a computed name', call.token.at, 'Use a literal.');
    const [orError] = significant(call.original[1] ?? []);
    return settingValue(name.toLowerCase(), call.token.at, isWord(orError, 'FALSE'));
  },
  'VARCHAR',
);

/** A text without arguments, and where a table stands a row with it, as drivers ask `FROM current_database()`. */
const ofSession = (value: string): FunctionRule =>
  scalar(0, 0, (_args, { name, inFrom }) => (inFrom ? `(SELECT ${value} AS ${name})` : value), 'VARCHAR');

/** https://www.postgresql.org/docs/8.0/catalog-pg-type.html */
const TEXT_OF_VALUES = [
  'textin',
  'byteaout',
  'int2vectorout',
  'oidvectorout',
  'regclassout',
  'regprocout',
  'regprocedureout',
  'regtypeout',
];

/** https://docs.aws.amazon.com/redshift/latest/dg/r_System_information_functions.html */
export const SYSTEM_FUNCTIONS: FunctionTable = {
  current_database: ofSession("getvariable('rs_database')"),
  current_schema: ofSession("trim(split_part(replace(getvariable('rs_search_path'), '$user, ', ''), ',', 1))"),
  current_user_id: scalar(0, 0, () => '100', 'INTEGER'),
  version: ofSession(
    "'PostgreSQL 8.0.2 on i686-pc-linux-gnu, compiled by GCC gcc (GCC) 3.4.2 20041017 (Red Hat 3.4.2-6.fc3), Redshift 1.0.0'",
  ),
  pg_backend_pid: renamed('pg_backend_pid', 'INTEGER'),
  pg_last_copy_count: renamed('pg_last_copy_count', 'BIGINT'),
  pg_last_copy_id: renamed('pg_last_copy_id', 'INTEGER'),
  pg_last_query_id: renamed('pg_last_query_id', 'INTEGER'),
  pg_last_unload_count: renamed('pg_last_unload_count', 'BIGINT'),
  pg_last_unload_id: renamed('pg_last_unload_id', 'INTEGER'),
  // What a query of the catalogue asks about objects: catalog/object-macros.ts.
  format_type: scalar(2, 2, ([type = '', modifier = '']) => ['rs_format_type(', type, ',', modifier, ')'], 'VARCHAR'),
  oidvectortypes: scalar(1, 1, ([types = '']) => ['rs_type_names(', types, ')'], 'VARCHAR'),
  // https://www.postgresql.org/docs/8.0/multibyte.html: a database has one encoding.
  pg_encoding_to_char: scalar(
    1,
    1,
    ([number = '']) => ['CASE ', number, " WHEN 6 THEN 'UNICODE' ELSE '' END"],
    'VARCHAR',
  ),
  format_encoding: scalar(1, 1, ([number = '']) => ['rs_format_encoding(', number, ')'], 'VARCHAR'),
  pg_get_userbyid: scalar(1, 1, ([user = '']) => ['rs_user_name(', user, ')'], 'VARCHAR'),
  // The text of a value of one of the catalogue's types: a cast to it gives that already.
  ...Object.fromEntries(
    TEXT_OF_VALUES.map((name) => [
      name,
      (call: Call) => {
        expectArguments(call, 1, 1);
        return castExpression(call.args[0] ?? { fragment: 'NULL' }, typeNamed('text', undefined), call.token.at);
      },
    ]),
  ),
  obj_description: scalar(1, 2, ([object = '']) => ['rs_obj_description(', object, ')'], 'VARCHAR'),
  col_description: scalar(
    2,
    2,
    ([object = '', column = '']) => ['rs_col_description(', object, ',', column, ')'],
    'VARCHAR',
  ),
  pg_get_viewdef: scalar(1, 2, ([view = '']) => ['rs_view_definition(', view, ')'], 'VARCHAR'),
  pg_get_constraintdef: scalar(1, 2, ([key = '']) => ['rs_constraint_definition(', key, ')'], 'VARCHAR'),
  // The catalogue keeps expressions as they were written.
  pg_get_expr: scalar(2, 3, ([expression = '']) => ['CAST(', expression, ' AS VARCHAR)'], 'VARCHAR'),
  pg_get_indexdef: scalar(
    1,
    3,
    ([index = '', place = '0']) => ['rs_index_definition(', index, ',', place, ')'],
    'VARCHAR',
  ),
  // There are no triggers.
  pg_get_triggerdef: scalar(
    1,
    1,
    ([trigger = '']) => ['nullif(CAST(', trigger, ' AS VARCHAR),CAST(', trigger, ' AS VARCHAR))'],
    'VARCHAR',
  ),
  pg_function_is_visible: scalar(1, 1, ([routine = '']) => ['rs_function_is_visible(', routine, ')'], 'BOOLEAN'),
  pg_table_is_visible: scalar(1, 1, ([table = '']) => ['rs_is_visible(', table, ')'], 'BOOLEAN'),
  array_to_string: byType(
    2,
    2,
    (types, call) => {
      if (types[0] !== 'NULL' && types[0]?.endsWith('[]') === false) throw noSuchFunction(call, types.map(shownType));
      return { type: 'VARCHAR', emit: ([list = '', by = '']) => ['array_to_string(', list, ',', by, ')'] };
    },
    ([list = '', by = '']) => ['array_to_string(CAST(', list, ' AS VARCHAR[]),', by, ')'],
  ),
  array_out: scalar(1, 1, ([list = '']) => ['rs_array_text(', list, ')'], 'VARCHAR'),
  // An empty text is no array: https://www.postgresql.org/docs/8.0/functions-array.html
  string_to_array: scalar(
    2,
    2,
    ([value = '', by = '']) => ['string_split(nullif(', value, ",''),", by, ')'],
    'VARCHAR[]',
  ),
  array_upper: scalar(2, 2, ([list = '']) => ['CAST(nullif(len(', list, '),0) AS INTEGER)'], 'INTEGER'),
  array_lower: scalar(2, 2, ([list = '']) => ['CAST(CASE WHEN len(', list, ')>0 THEN 1 END AS INTEGER)'], 'INTEGER'),
  // A row for each number, in a SELECT list too.
  generate_series: (call) =>
    call.inFrom
      ? { fragment: callOf(call, 'generate_series') }
      : { type: 'BIGINT', fragment: ['unnest(', callOf(call, 'generate_series'), ')'] },
  current_setting: currentSetting,
  // By itself in a SELECT it is a statement: statements/set-config.ts.
  set_config: refused('Use SET, or a SELECT of nothing else.'),
  current_session_arn: refused(),
  get_mounted_role: refused(),
  // The macros' own schema is none of Redshift's; pg_catalog is always searched first. https://www.postgresql.org/docs/8.0/functions-misc.html
  current_schemas: scalar(
    1,
    1,
    ([implicit = '']) => [
      'list_concat(CASE WHEN ',
      implicit,
      " THEN ['pg_catalog'] ELSE [] END,list_filter(current_schemas(false),lambda rs_schema: rs_schema<>'main'))",
    ],
    'VARCHAR[]',
  ),
  pg_get_grantee_by_iam_role: refused(),
  pg_get_iam_role_by_user: refused(),
  // https://docs.aws.amazon.com/redshift/latest/dg/LAST_USER_QUERY_ID.html
  last_user_query_id: renamed('pg_last_query_id', 'INTEGER'),
  has_model_privilege: refused(),
  pg_timezone_names: refused('Any name of the IANA database is one.'),
  pg_timezone_abbrevs: refused(),
  change_query_priority: refused('Nothing waits here.'),
  change_session_priority: refused('Nothing waits here.'),
  change_user_priority: refused('Nothing waits here.'),
  db_collation: scalar(0, 0, () => "'case_sensitive'", 'VARCHAR'),
  proc_is_rls_safe: refused(),
  default_iam_role: refused('DescribeClusters has it, in DefaultIamRoleArn.'),
  // https://docs.aws.amazon.com/redshift/latest/dg/r_USER_IS_MEMBER_OF.html and r_ROLE_IS_MEMBER_OF.html
  user_is_member_of: scalar(2, 2, ([user = '', of = '']) => ["rs_is_member('user',", user, ',', of, ')'], 'BOOLEAN'),
  role_is_member_of: scalar(2, 2, ([role = '', of = '']) => ["rs_is_member('role',", role, ',', of, ')'], 'BOOLEAN'),
  has_assumerole_privilege: scalar(2, 3, () => 'true', 'BOOLEAN'),
  has_column_privilege: scalar(3, 4, () => 'true', 'BOOLEAN'),
  slice_num: scalar(0, 0, () => '0', 'INTEGER'),
  pg_cancel_backend: onSessions,
  pg_terminate_backend: onSessions,
  has_table_privilege: privileged('relation'),
  has_schema_privilege: privileged('schema'),
  has_database_privilege: privileged('database'),
  has_function_privilege: privileged('function'),
  has_language_privilege: privileged('language'),
};

import { literal, type NameCases } from './lexer.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Database } from './translation.ts';

/** What SHOW answers before anything was SET. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html */
export const DEFAULTS: Readonly<Record<string, string>> = {
  analyze_threshold_percent: '10',
  cast_super_null_on_error: 'on',
  client_encoding: 'UTF8',
  datestyle: 'ISO, MDY',
  default_array_search_null_handling: 'on',
  default_geometry_encoding: '1',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'off',
  describe_field_name_in_uppercase: 'off',
  downcase_delimited_identifier: 'on',
  enable_case_sensitive_identifier: 'off',
  enable_case_sensitive_super_attribute: 'off',
  enable_numeric_rounding: 'on',
  enable_result_cache_for_session: 'on',
  enable_vacuum_boost: 'off',
  error_on_nondeterministic_update: 'off',
  extra_float_digits: '0',
  integer_datetimes: 'on',
  interval_forbid_composite_literals: 'on',
  intervalstyle: 'postgres',
  is_superuser: 'on',
  json_parse_dedup_attributes: 'off',
  json_parse_truncate_strings: 'off',
  json_serialization_enable: 'off',
  json_serialization_parse_nested_strings: 'off',
  max_concurrency_scaling_clusters: '1',
  max_cursor_result_set_size: '0',
  mv_enable_aqmv_for_session: 'on',
  navigate_super_null_on_error: 'on',
  parse_super_null_on_error: 'off',
  query_group: 'unset',
  search_path: '$user, public',
  server_encoding: 'UTF8',
  server_version: '8.0.2',
  spectrum_enable_pseudo_columns: 'on',
  spectrum_query_maxerror: '-1',
  statement_timeout: '0',
  stored_proc_log_min_messages: 'log',
  timezone: 'UTC',
  transaction_isolation: 'serializable',
  transaction_read_only: 'off',
  wlm_query_slot_count: '1',
};

/** Which names keep their case, as SET has it. */
const IDENTIFIER_CASE = 'enable_case_sensitive_identifier';
const ATTRIBUTE_CASE = 'enable_case_sensitive_super_attribute';

export async function nameCases(database: Database): Promise<NameCases> {
  const [[identifiers, attributes] = []] = await database.query(
    `SELECT ${[IDENTIFIER_CASE, ATTRIBUTE_CASE].map((name) => `getvariable(${literal(variable(name))}) = 'on'`).join(', ')}`,
  );
  return { identifiers: identifiers === true, attributes: attributes === true };
}

/** Parameters that change what SQL means, and the values that mean what it means here; the first is what it always is. */
export const FIXED: Readonly<Record<string, readonly string[]>> = {
  australian_timezones: ['off', 'false'],
  cast_super_null_on_error: ['on', 'true'],
  datestyle: ['iso, mdy', 'iso', 'mdy', 'iso,mdy'],
  default_with_oids: ['off', 'false'],
  describe_field_name_in_uppercase: ['off', 'false'],
  downcase_delimited_identifier: ['on', 'true'],
  error_on_nondeterministic_update: ['off', 'false'],
  intervalstyle: ['postgres'],
  json_parse_dedup_attributes: ['off', 'false'],
  json_parse_truncate_strings: ['off', 'false'],
  navigate_super_null_on_error: ['on', 'true'],
  parse_super_null_on_error: ['off', 'false'],
  regex_flavor: ['advanced'],
  sql_inheritance: ['on', 'true'],
  standard_conforming_strings: ['off', 'false'],
  transform_null_equals: ['off', 'false'],
};

/** DuckDB's variable that keeps what was SET. */
export const variable = (name: string): string => (name === 'search_path' ? 'rs_search_path' : `rs_setting_${name}`);

/** The value of a setting, for CURRENT_SETTING; `orNull` where NULL is the answer for a variable that has none. */
export function settingValue(name: string, position: number, orNull = false): string {
  const shown = DEFAULTS[name];
  const set = `getvariable(${literal(variable(name))})`;
  if (shown !== undefined) return `coalesce(${set}, ${literal(shown)})`;
  const unknown = `unrecognized configuration parameter "${name}"`;
  if (!name.includes('.')) throw new RedshiftError(SQLSTATE.undefinedObject, unknown, { position });
  // A variable of the session's context that nobody SET.
  const missing = `CAST(CAST(${literal(`rs:${SQLSTATE.undefinedObject}:${unknown};`)} AS BIGINT) AS VARCHAR)`;
  return `coalesce(CAST(${set} AS VARCHAR), ${orNull ? 'NULL' : missing})`;
}

/** Name and value of every setting, as a query. */
export function allSettings(): string {
  const rows = Object.entries(DEFAULTS).map(
    ([name, value]) => `(${literal(name)}, coalesce(getvariable(${literal(variable(name))}), ${literal(value)}))`,
  );
  return `SELECT name, setting FROM (VALUES ${rows.join(', ')}) s(name, setting) ORDER BY name`;
}

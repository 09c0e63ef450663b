import { identifier, literal, nameOf, stringValue } from '../lexer.ts';
import { searchPathOf } from '../search-path.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isName, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish } from '../typing.ts';
import { showObjects, SHOWN_ALONE } from './show-objects.ts';
import { steps, type Statement } from './statement.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** What SHOW answers before anything was SET. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html */
const DEFAULTS: Readonly<Record<string, string>> = {
  analyze_threshold_percent: '10',
  cast_super_null_on_error: 'on',
  client_encoding: 'UTF8',
  datestyle: 'ISO, MDY',
  default_geometry_encoding: '1',
  describe_field_name_in_uppercase: 'off',
  downcase_delimited_identifier: 'on',
  enable_case_sensitive_identifier: 'off',
  enable_case_sensitive_super_attribute: 'off',
  enable_numeric_rounding: 'on',
  enable_result_cache_for_session: 'on',
  enable_vacuum_boost: 'off',
  error_on_nondeterministic_update: 'off',
  extra_float_digits: '0',
  interval_forbid_composite_literals: 'on',
  json_serialization_enable: 'off',
  json_serialization_parse_nested_strings: 'off',
  max_concurrency_scaling_clusters: '1',
  max_cursor_result_set_size: '0',
  mv_enable_aqmv_for_session: 'on',
  navigate_super_null_on_error: 'on',
  parse_super_null_on_error: 'off',
  query_group: 'default',
  search_path: '$user, public',
  server_version: '8.0.2',
  spectrum_enable_pseudo_columns: 'on',
  spectrum_query_maxerror: '-1',
  statement_timeout: '0',
  stored_proc_log_min_messages: 'log',
  timezone: 'UTC',
  transaction_isolation: 'serializable',
  wlm_query_slot_count: '1',
};

/** Parameters that change what SQL means, and the values that mean what it means here. */
const FIXED: Readonly<Record<string, readonly string[]>> = {
  cast_super_null_on_error: ['on', 'true'],
  datestyle: ['iso', 'iso, mdy', 'mdy', 'iso,mdy'],
  describe_field_name_in_uppercase: ['off', 'false'],
  downcase_delimited_identifier: ['on', 'true'],
  enable_case_sensitive_identifier: ['off', 'false'],
  enable_case_sensitive_super_attribute: ['off', 'false'],
  error_on_nondeterministic_update: ['off', 'false'],
  navigate_super_null_on_error: ['on', 'true'],
  parse_super_null_on_error: ['off', 'false'],
};

/** `SET [SESSION|LOCAL] name TO|= value`. https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html */
export function set({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  let at = isWord(nodes[1], 'SESSION', 'LOCAL') && !isSymbol(nodes[2], '=') ? 2 : 1;
  if (isWord(nodes[at], 'AUTHORIZATION', 'CHARACTERISTICS')) return [];
  const zone = isWord(nodes[at], 'TIME') && isWord(nodes[at + 1], 'ZONE');
  const token = nodes[at];
  if (!isName(token)) throw syntaxError(token && textOf([token]), sql.length);
  let name = zone ? 'timezone' : nameOf(token);
  at += zone ? 2 : 1;
  // A variable of the session's context: `SET app.user TO 'x'`.
  for (let part = nodes[at + 1]; isSymbol(nodes[at], '.') && isName(part); part = nodes[at + 1]) {
    name += `.${nameOf(part)}`;
    at += 2;
  }
  if (isWord(nodes[at], 'TO') || isSymbol(nodes[at], '=')) at++;
  const values = nodes.slice(at).filter((node) => !isSymbol(node, ','));
  const texts = values.map((node) =>
    node.type === 'string' ? stringValue(node.text) : isName(node) ? nameOf(node) : textOf([node]),
  );
  if (texts.length === 0) throw syntaxError(undefined, sql.length);
  if (isWord(values[0], 'DEFAULT')) return assign(name, undefined, sql);
  if (FIXED[name]?.includes(texts.join(', ').toLowerCase()) === false)
    throw unsupported(`SET ${name} TO ${texts.join(', ')}`, token.at, `Here it is always ${DEFAULTS[name]}.`);
  return assign(name, name === 'timezone' ? [zoneOf(values, texts)] : texts, sql);
}

/** A zone by its name, or by its distance from UTC: `'-8:00'`, `-8`, `INTERVAL '-8 hours'`. https://docs.aws.amazon.com/redshift/latest/dg/r_timezone_config.html */
function zoneOf(values: readonly Node[], texts: readonly string[]): string {
  const text = (isWord(values[0], 'INTERVAL') ? texts.slice(1) : texts).join('');
  const [, sign, hours, minutes] = /^([+-]?)(\d{1,2})(?::(\d{2}))?(?:\.0+)?(?:\s*hours?)?$/i.exec(text.trim()) ?? [];
  if (hours === undefined) return text;
  // Zones with a fixed distance are called after POSIX, the other way round, and whole hours have names only.
  if (Number(hours) > 14 || Number(minutes ?? 0) !== 0)
    throw unsupported(`a time zone of ${text}`, startOf(values[0] as Node), 'Name the zone.');
  return Number(hours) === 0 ? 'UTC' : `Etc/GMT${sign === '-' ? '+' : '-'}${Number(hours)}`;
}

/** `RESET name`. */
export function reset({ nodes: all, sql }: Statement): Steps {
  const [, token] = significant(all);
  if (!isName(token)) throw syntaxError(undefined, sql.length);
  return assign(nameOf(token), undefined, sql);
}

function assign(name: string, values: readonly string[] | undefined, sql: string): Steps {
  const shown = values?.join(', ') ?? DEFAULTS[name] ?? '';
  const remember = { statement: `SET VARIABLE ${variable(name)} = ${literal(shown)}` };
  if (name === 'timezone') return finish([{ statement: `SET TimeZone = ${literal(shown)}` }, remember], sql);
  if (name !== 'search_path') return finish([remember], sql);
  return async (database) =>
    steps([{ statement: await searchPathOf(database, values ?? ['$user', 'public']) }, remember], sql, database);
}

const variable = (name: string): string =>
  name === 'search_path' ? 'rs_search_path' : `rs_setting_${name.replaceAll(/\W/g, '_')}`;

/** `SHOW name` and `SHOW ALL`; the objects SHOW lists are in show-objects.ts. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW.html */
export function show(statement: Statement): Steps {
  const { nodes: all, sql } = statement;
  const [, token, next, ...more] = significant(all);
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, sql.length);
  const zone = isWord(token, 'TIME') && isWord(next, 'ZONE');
  const isolation = isWord(token, 'TRANSACTION') && isWord(next, 'ISOLATION');
  if (next && !zone && !isolation && !isSymbol(next, '.')) return showObjects(statement);
  if (isWord(token, ...SHOWN_ALONE)) return showObjects(statement);
  if (isWord(token, 'ALL')) return finish([{ statement: allSettings() }], sql);
  const name = zone
    ? 'timezone'
    : isolation
      ? 'transaction_isolation'
      : [token, ...(next ? [next, ...more] : [])]
          .map((node) => (isName(node) ? nameOf(node) : textOf([node])))
          .join('');
  return async (database) => {
    const [[value] = []] = await database.query(`SELECT getvariable(${literal(variable(name))})`);
    const shown = value ?? DEFAULTS[name];
    if (shown === undefined || shown === null)
      throw new RedshiftError(SQLSTATE.undefinedObject, `unrecognized configuration parameter "${name}"`, {
        position: token.at,
      });
    return steps([{ statement: `SELECT ${literal(String(shown))} AS ${identifier(name)}` }], sql, database);
  };
}

function allSettings(): string {
  const rows = Object.entries(DEFAULTS).map(
    ([name, value]) => `(${literal(name)}, coalesce(getvariable(${literal(variable(name))}), ${literal(value)}))`,
  );
  return `SELECT name, setting FROM (VALUES ${rows.join(', ')}) s(name, setting) ORDER BY name`;
}

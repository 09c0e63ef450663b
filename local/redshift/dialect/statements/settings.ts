import { literal, nameOf, stringValue } from '../lexer.ts';
import { searchPathOf } from '../search-path.ts';
import { syntaxError } from '../redshift-error.ts';
import { isName, isSymbol, isWord, significant, textOf } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish } from '../typing.ts';
import { steps, type Statement } from './statement.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** What SHOW answers before anything was SET. https://docs.aws.amazon.com/redshift/latest/dg/cm_chap_ConfigurationRef.html */
const DEFAULTS: Readonly<Record<string, string>> = {
  analyze_threshold_percent: '10',
  datestyle: 'ISO, MDY',
  enable_result_cache_for_session: 'on',
  extra_float_digits: '0',
  query_group: 'default',
  search_path: '$user, public',
  statement_timeout: '0',
  timezone: 'UTC',
  enable_case_sensitive_identifier: 'off',
  server_version: '8.0.2',
  client_encoding: 'UTF8',
};

/** `SET [SESSION|LOCAL] name TO|= value`. https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html */
export function set({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  let at = isWord(nodes[1], 'SESSION', 'LOCAL') && !isSymbol(nodes[2], '=') ? 2 : 1;
  if (isWord(nodes[at], 'AUTHORIZATION', 'CHARACTERISTICS')) return [];
  const zone = isWord(nodes[at], 'TIME') && isWord(nodes[at + 1], 'ZONE');
  const token = nodes[at];
  if (!isName(token)) throw syntaxError(token && textOf([token]), sql.length);
  const name = zone ? 'timezone' : nameOf(token);
  at += zone ? 2 : 1;
  while (isSymbol(nodes[at], '.')) at += 2;
  if (isWord(nodes[at], 'TO') || isSymbol(nodes[at], '=')) at++;
  const values = nodes.slice(at).filter((node) => !isSymbol(node, ','));
  const texts = values.map((node) =>
    node.type === 'string' ? stringValue(node.text) : isName(node) ? nameOf(node) : textOf([node]),
  );
  if (texts.length === 0) throw syntaxError(undefined, sql.length);
  return assign(name, isWord(values[0], 'DEFAULT') ? undefined : texts, sql);
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

/** `SHOW name`. */
export function show({ nodes: all, sql }: Statement): Steps {
  const [, token, next] = significant(all);
  if (!isName(token)) throw syntaxError(undefined, sql.length);
  const name = isWord(token, 'TIME') && isWord(next, 'ZONE') ? 'timezone' : nameOf(token);
  return finish(
    [
      {
        statement: `SELECT coalesce(getvariable(${literal(variable(name))}), ${literal(DEFAULTS[name] ?? '')}) AS "${name.replaceAll('"', '""')}"`,
      },
    ],
    sql,
  );
}

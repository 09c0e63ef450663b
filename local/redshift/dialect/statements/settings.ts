import { allSettings, DEFAULTS, FIXED, variable } from '../configuration.ts';
import { isParameter } from '../parameter-names.ts';
import { identifier, literal, nameOf, stringValue } from '../lexer.ts';
import { restored, sessionParameters, unset } from '../session-parameters.ts';
import { searchPathOf } from '../search-path.ts';
import { searchPath } from '../session.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isName, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, ParameterChange, Step } from '../translation.ts';
import { finish } from '../typing.ts';
import { showObjects, SHOWN_ALONE } from './show-objects.ts';
import { steps, type Statement } from './statement.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** `SET [SESSION|LOCAL] name TO|= value`. https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html */
export function set({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const { name, token, end } = assignedIn(nodes);
  // Of a transaction: how it is isolated makes no difference, and reads are all that is done in one that is for these.
  if (isWord(token, 'CHARACTERISTICS', 'TRANSACTION')) return [];
  if (isWord(token, 'AUTHORIZATION')) return authorization(nodes.slice(end - 1), sql);
  if (!isName(token) || name === undefined) throw syntaxError(token && textOf([token]), sql.length);
  let at = end;
  const assigned = nodes[at];
  if (isWord(assigned, 'TO') || isSymbol(assigned, '=')) at++;
  else if (assigned && name !== 'timezone' && !isWord(token, 'NAMES'))
    throw syntaxError(textOf([assigned]).slice(0, 40), startOf(assigned));
  const values = nodes.slice(at).filter((node) => !isSymbol(node, ','));
  const texts = values.map((node) =>
    node.type === 'string' ? stringValue(node.text) : isName(node) ? nameOf(node) : textOf([node]),
  );
  if (texts.length === 0) throw syntaxError(undefined, sql.length);
  refuseUnknown(name, token.at);
  if (name === 'seed') return seeded(texts, sql);
  if (isWord(values[0], 'DEFAULT')) return assign(name, undefined, sql);
  if (FIXED[name]?.includes(texts.join(', ').toLowerCase()) === false)
    throw unsupported(
      `SET ${name} TO ${texts.join(', ')}`,
      token.at,
      `Here it is always ${DEFAULTS[name] ?? FIXED[name][0]}.`,
    );
  return assign(name, name === 'timezone' ? [zoneOf(values, texts)] : texts, sql);
}

/** What SET and RESET are of, and where the list of values begins; no name where it is no parameter. */
function assignedIn(nodes: readonly Node[]): {
  readonly name: string | undefined;
  readonly token: Node | undefined;
  readonly end: number;
  readonly local: boolean;
} {
  const scoped = isWord(nodes[1], 'SESSION', 'LOCAL') && !isSymbol(nodes[2], '=', '.');
  const at = scoped ? 2 : 1;
  const token = nodes[at];
  const read = { token, local: scoped && isWord(nodes[1], 'LOCAL') };
  if (isWord(token, 'TIME') && isWord(nodes[at + 1], 'ZONE')) return { ...read, name: 'timezone', end: at + 2 };
  if (!isName(token) || isWord(token, 'CHARACTERISTICS', 'AUTHORIZATION', 'TRANSACTION'))
    return { ...read, name: undefined, end: at + 1 };
  let name = isWord(token, 'NAMES') ? 'client_encoding' : nameOf(token);
  let end = at + 1;
  // A variable of the session's context: `SET app.user TO 'x'`.
  for (let part = nodes[end + 1]; isSymbol(nodes[end], '.') && isName(part); part = nodes[end + 1]) {
    name += `.${nameOf(part)}`;
    end += 2;
  }
  return { ...read, name, end };
}

/** What SET, RESET, USE and RESET USE change. */
export function parameterChange(all: readonly Node[]): ParameterChange | undefined {
  const nodes = significant(all);
  if (isWord(nodes[0], 'USE') || isWord(nodes[1], 'USE')) return { name: 'use', local: false };
  const { name, local } = assignedIn(nodes);
  return name === undefined ? undefined : { name, local };
}

/** Of the user that the session is of already. https://docs.aws.amazon.com/redshift/latest/dg/r_SET_SESSION_AUTHORIZATION.html */
function authorization([word, user]: readonly Node[], sql: string): Steps {
  if (!user) throw syntaxError(undefined, sql.length);
  if (isWord(user, 'DEFAULT')) return [];
  const name = user.type === 'string' ? stringValue(user.text) : isName(user) ? nameOf(user) : textOf([user]);
  return async (database) => {
    const [[own] = []] = await database.query("SELECT coalesce(getvariable('rs_user'), 'admin')");
    if (own !== name)
      throw unsupported('SET SESSION AUTHORIZATION to another user', word && startOf(word), 'Connect as that user.');
    return [];
  };
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

/** `USE database`. https://docs.aws.amazon.com/redshift/latest/dg/r_USE_command.html */
export function use({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  const [, token, more] = nodes;
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, sql.length);
  if (isSymbol(more, '@')) throw unsupported('USE of a database of a data catalog', token.at);
  if (more) throw syntaxError(textOf([more]), startOf(more));
  const name = nameOf(token);
  return async (database) => {
    const [found] = await database.query(
      `SELECT 1 FROM duckdb_databases() WHERE database_name = ${literal(name)} AND NOT internal AND database_name NOT IN ('rs', 'memory')`,
    );
    if (!found)
      throw new RedshiftError(SQLSTATE.undefinedDatabase, `database "${name}" does not exist`, { position: token.at });
    return using(name, sql, database);
  };
}

/** What the session uses from now on; with nothing, the database that it is connected to. The search path is what it was at first. */
async function using(name: string | undefined, sql: string, database: Database): Promise<readonly Step[]> {
  const used = name === undefined ? 'RESET VARIABLE rs_used' : `SET VARIABLE rs_used = ${literal(name)}`;
  const [[connected] = []] = await database.query("SELECT getvariable('rs_database')");
  const path = searchPath(name ?? String(connected), ['public']);
  return steps(
    [used, path, `SET VARIABLE ${variable('search_path')} = ${literal(DEFAULTS['search_path'] ?? '')}`].map(
      (statement) => ({ statement }),
    ),
    sql,
    database,
  );
}

/** `RESET name`. */
export function reset({ nodes: all, sql }: Statement): Steps {
  const nodes = significant(all);
  if (isWord(nodes[1], 'USE')) return (database) => using(undefined, sql, database);
  const { name, token } = assignedIn(nodes);
  if (isWord(token, 'AUTHORIZATION')) return [];
  if (name === 'all') return (database) => resetAll(database, sql);
  if (name === undefined) throw syntaxError(token && textOf([token]), token ? startOf(token) : sql.length);
  refuseUnknown(name, token && startOf(token));
  return assign(name, undefined, sql);
}

/** The database of USE stays. */
async function resetAll(database: Database, sql: string): Promise<readonly Step[]> {
  const now = await sessionParameters(database);
  const statements = await restored(database, now, unset(now));
  return steps(
    statements.map((statement) => ({ statement })),
    sql,
    database,
  );
}

/** @throws RedshiftError where there is no such parameter */
function refuseUnknown(name: string, position: number | undefined): void {
  if (!isParameter(name))
    throw new RedshiftError(SQLSTATE.undefinedObject, `unrecognized configuration parameter "${name}"`, { position });
}

/** `SET SEED TO 0.25`, a number between 0 and 1. https://docs.aws.amazon.com/redshift/latest/dg/r_SET.html */
function seeded(texts: readonly string[], sql: string): Steps {
  const given = texts.join('');
  const seed = /^\+?(?:\d+\.?\d*|\.\d+)$/.test(given) ? Number(given) : undefined;
  if (seed === undefined || seed > 1)
    throw new RedshiftError(SQLSTATE.invalidParameter, `invalid value for parameter "seed": "${given}"`);
  return finish([{ statement: `SELECT setseed(${seed})` }], sql);
}

const SWITCHES: Readonly<Record<string, string>> = {
  true: 'on',
  yes: 'on',
  1: 'on',
  false: 'off',
  no: 'off',
  0: 'off',
};

const isSwitch = (name: string): boolean => DEFAULTS[name] === 'on' || DEFAULTS[name] === 'off';

/** @throws RedshiftError for a value that is none of the parameter's type */
function refuseValue(name: string, given: string): void {
  const whole = /^-?\d+$/.test(DEFAULTS[name] ?? '') && name !== 'analyze_threshold_percent';
  const wanted =
    whole && !/^\s*[-+]?\d+\s*$/.test(given)
      ? 'an integer'
      : isSwitch(name) && !/^(?:on|off?|t(?:r(?:ue?)?)?|f(?:a(?:l(?:se?)?)?)?|y(?:es?)?|no?|[01])$/i.test(given)
        ? 'a Boolean'
        : undefined;
  if (wanted !== undefined)
    throw new RedshiftError(SQLSTATE.invalidParameter, `parameter "${name}" requires ${wanted} value`);
}

function assign(name: string, values: readonly string[] | undefined, sql: string): Steps {
  const given = values?.join(', ') ?? DEFAULTS[name] ?? '';
  refuseValue(name, given);
  const shown = isSwitch(name) ? (SWITCHES[given.toLowerCase()] ?? given) : given;
  const variableName = identifier(variable(name));
  const remember = {
    statement:
      values || name === 'search_path'
        ? `SET VARIABLE ${variableName} = ${literal(shown)}`
        : `RESET VARIABLE ${variableName}`,
  };
  if (name === 'timezone') return finish([{ statement: `SET TimeZone = ${literal(shown)}` }, remember], sql);
  if (name !== 'search_path') return finish([remember], sql);
  return async (database) =>
    steps([{ statement: await searchPathOf(database, values ?? ['$user', 'public']) }, remember], sql, database);
}

/** `SHOW name` and `SHOW ALL`; the objects SHOW lists are in show-objects.ts. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW.html */
export function show(statement: Statement): Steps {
  const { nodes: all, sql } = statement;
  const [, token, next, ...more] = significant(all);
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, sql.length);
  const zone = isWord(token, 'TIME') && isWord(next, 'ZONE');
  const isolation = isWord(token, 'TRANSACTION') && isWord(next, 'ISOLATION');
  if (next && !zone && !isolation && !isSymbol(next, '.')) return showObjects(statement);
  if (isWord(token, ...SHOWN_ALONE)) return showObjects(statement);
  if (isWord(token, 'USE') && !next)
    return finish([{ statement: `SELECT coalesce(getvariable('rs_used'), '') AS "use database"` }], sql);
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
    if (typeof shown !== 'string' && isParameter(name) && !name.includes('.'))
      throw unsupported(`SHOW ${name} where it is not SET`, token.at);
    if (shown === undefined || shown === null)
      throw new RedshiftError(SQLSTATE.undefinedObject, `unrecognized configuration parameter "${name}"`, {
        position: token.at,
      });
    return steps([{ statement: `SELECT ${literal(String(shown))} AS ${identifier(name)}` }], sql, database);
  };
}

import { DEFAULTS, variable } from './configuration.ts';
import { identifier, literal } from './lexer.ts';
import { searchPathOf } from './search-path.ts';
import type { Database, ParameterChange } from './translation.ts';

/** What a session has SET: DuckDB's variables with their values. */
export type SessionParameters = ReadonlyMap<string, string>;

const USED = 'rs_used';
const SEARCH_PATH = variable('search_path');

/** The variables that keep a parameter, `all` being those that are there `now`. */
export function variablesOf({ name }: ParameterChange, now: SessionParameters): readonly string[] {
  if (name === 'all') return [...now.keys()].filter((each) => each !== USED);
  return name === 'use' ? [USED, SEARCH_PATH] : [variable(name)];
}

export async function sessionParameters(database: Database): Promise<SessionParameters> {
  const rows = await database.query(
    `SELECT name, CAST(value AS VARCHAR) FROM duckdb_variables() WHERE starts_with(name, ${literal(variable(''))}) OR name IN ('${USED}', '${SEARCH_PATH}')`,
  );
  return new Map(rows.map(([name, value]) => [String(name), String(value)]));
}

/** Those of a session that has SET nothing, and uses the same database. */
export function unset(now: SessionParameters): SessionParameters {
  const used = now.get(USED);
  return new Map([
    [SEARCH_PATH, DEFAULTS['search_path'] ?? ''],
    ...(used === undefined ? [] : ([[USED, used]] as const)),
  ]);
}

const databaseOf = (used: string | undefined): string =>
  used === undefined ? "getvariable('rs_database')" : literal(used);

/** DuckDB's statements after which a session that has `now` has `then` again: what SET, RESET and USE have done is undone. */
export async function restored(
  database: Database,
  now: SessionParameters,
  then: SessionParameters,
): Promise<readonly string[]> {
  const differing = [...new Set([...now.keys(), ...then.keys()])].filter((name) => now.get(name) !== then.get(name));
  const statements = differing.map((name) => {
    const value = then.get(name);
    return value === undefined
      ? `RESET VARIABLE ${identifier(name)}`
      : `SET VARIABLE ${identifier(name)} = ${literal(value)}`;
  });
  const zone = variable('timezone');
  if (differing.includes(zone))
    statements.push(`SET TimeZone = ${literal(then.get(zone) ?? DEFAULTS['timezone'] ?? '')}`);
  if (differing.includes(USED) || differing.includes(SEARCH_PATH))
    statements.push(await searchPathOf(database, [then.get(SEARCH_PATH) ?? ''], databaseOf(then.get(USED))));
  return statements;
}

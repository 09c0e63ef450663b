import { lex, nameOf } from '../dialect/lexer.ts';
import type { Rows } from './catalogue-answers.ts';

/** The names of the relations that users made, those of the session's temporary tables among them: one row each. */
export const RELATION_NAMES = `SELECT table_name FROM duckdb_tables() WHERE NOT internal AND database_name IN (current_database(), 'temp')
  UNION ALL SELECT view_name FROM duckdb_views() WHERE NOT internal AND database_name IN (current_database(), 'temp')`;

/** Only such queries are looked at: whoever reads a table of his own cannot be answered what others were. */
const READS_SYSTEM = /\b(?:svv|svl|svcs|stl|stv|sys|pg)_\w|\binformation_schema\b|\brs\.main\b/i;
/** As functions and procedures of users are named: dialect/user-functions.ts. */
const CALLS_USERS = /\brs_(?:udf|proc)_/i;

export function mayReadSystemOnly(query: string): boolean {
  return READS_SYSTEM.test(query) && !CALLS_USERS.test(query);
}

const namesIn = new WeakMap<Rows, ReadonlySet<string>>();

/** Whether none of these relations can be meant by a query: it has their names nowhere. */
export function namesNone(query: string, relations: Rows): boolean {
  const names = namesIn.get(relations) ?? new Set(relations.map(([name]) => String(name).toLowerCase()));
  namesIn.set(relations, names);
  return !lex(query).some(
    (token) => (token.type === 'word' || token.type === 'quoted') && names.has(nameOf(token).toLowerCase()),
  );
}

import { literal } from './lexer.ts';
import type { Database } from './translation.ts';

/** Comments nest and dollars quote: of a text with these it is not said here where its literals are. */
const UNCLEAR = /\/\*|--|\$/;

/** Names in quotes, and literals with the words before them. */
const LITERALS = /"(?:[^"]|"")*"|'(?:[^']|'')*'/g;

/** One side of a comparison, or a column of a list by itself: no type depends on what it holds. */
const COMPARED = { before: /(?:<>|[^:=<>!~@#^|&*+/%-] *=) *$/, after: /^\s*(?:and\b|or\b|then\b|\)|$)/i };
const LISTED = { before: /(?:\bselect|,) *$/i, after: /^ AS "/ };

/** Characters before and after a literal that are looked at. */
const REACH = 12;

/**
 * A query without the contents of literals that decide no type in it, every character still at its place: queries that differ in
 * nothing else are answered alike.
 */
export function withoutContents(sql: string): string {
  if (UNCLEAR.test(sql)) return sql;
  return sql.replace(LITERALS, (found, at: number) => {
    // eslint-disable-next-line no-control-regex
    if (!/^'[\u0000-&(-\u007f]*'$/.test(found)) return found;
    const before = sql.slice(Math.max(0, at - REACH), at);
    const after = sql.slice(at + found.length, at + found.length + REACH);
    const idle = [COMPARED, LISTED].some((place) => place.before.test(before) && place.after.test(after));
    return idle ? `'${'.'.repeat(found.length - 2)}'` : found;
  });
}

/** What DuckDB makes of a query: its plan, or why there is none. */
export interface PlanAnswer {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly position?: string;
  readonly plans?: unknown;
}

/**
 * Asks for the plan of queries in DuckDB's dialect and reads it, once for all that are answered alike; remembered with what the catalogue
 * answers. `options` are those of `json_serialize_plan`.
 */
export function createPlanReader<T>(
  options: string,
  read: (answer: PlanAnswer) => T,
): (database: Database, sql: string) => Promise<{ readonly answer: T } | { readonly failed: PlanAnswer }> {
  const seen = new WeakMap<object, T>();
  return async (database, sql) => {
    const question = `SELECT json_serialize_plan(${literal(sql)}${options})`;
    const alike = withoutContents(sql);
    const rows = await database.query(question, { catalogue: `plan${options} of ${alike}`, query: sql });
    const known = seen.get(rows);
    if (known !== undefined) return { answer: known };
    const plan = planIn(rows);
    if (plan.error) {
      // Errors quote what the query holds.
      const own = alike === sql ? plan : planIn(await database.query(question));
      return own.error ? { failed: own } : { answer: read(own) };
    }
    const answer = read(plan);
    seen.set(rows, answer);
    return { answer };
  };
}

function planIn(rows: Awaited<ReturnType<Database['query']>>): PlanAnswer {
  return JSON.parse(String(rows[0]?.[0])) as PlanAnswer;
}

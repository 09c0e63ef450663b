import { parseAttributes } from '../attributes.ts';
import { FOLDED, isTrivia, lex, type NameCases, nameOf } from '../lexer.ts';
import { qualified, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import type { Database } from '../translation.ts';

interface View {
  readonly name: QualifiedName;
  /** The relations its query names, as `name` and `schema.name`. */
  readonly reads: ReadonlySet<string>;
}

/**
 * The views that read a table or a view, and those that read these. Views WITH NO SCHEMA BINDING do not count.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_DROP_TABLE.html
 */
export async function dependentViews(database: Database, target: QualifiedName): Promise<readonly QualifiedName[]> {
  const rows = await database.query(
    "SELECT schema_name, view_name, sql, comment FROM duckdb_views() WHERE NOT internal AND database_name = getvariable('rs_database')",
    'catalogue',
  );
  const views = rows
    .filter((row) => parseAttributes(row[3]).view !== 'late-binding')
    .map(([schema, name, sql]): View => ({
      name: qualified([String(schema), String(name)]),
      reads: relationsIn(String(sql), AS_DUCKDB_WRITES),
    }));
  const found: View[] = [];
  const visit = (name: QualifiedName): void => {
    for (const view of views) {
      if (found.includes(view) || view.name.shown === name.shown) continue;
      if (!view.reads.has(name.shown) && !view.reads.has(name.name)) continue;
      found.push(view);
      visit(view.name);
    }
  };
  visit(target);
  return found.map(({ name }) => name);
}

/** Words that end the list of a FROM clause. */
const AFTER_TABLES = new Set(
  'SELECT WHERE GROUP HAVING QUALIFY ORDER LIMIT ON USING SET UNION INTERSECT EXCEPT MINUS'.split(' '),
);

/** It quotes what is not in lower case. */
const AS_DUCKDB_WRITES: NameCases = { identifiers: true, attributes: false };

/** The names where a relation stands: after FROM and JOIN, and after the commas between. Names of common table expressions are among them. */
export function relationsIn(sql: string, cases: NameCases = FOLDED): ReadonlySet<string> {
  const tokens = lex(sql, cases).filter((token) => !isTrivia(token));
  const names = new Set<string>();
  // One for each parenthesis that is open: `EXTRACT(YEAR FROM d)` has a FROM that is none.
  const levels = [{ query: true, tables: false }];
  let expected = false;
  tokens.forEach((token, at) => {
    const level = levels.at(-1);
    if (!level) return;
    if (expected && (token.type === 'word' || token.type === 'quoted') && token.word !== 'SELECT') {
      const parts = [nameOf(token)];
      for (let dot = at + 1; tokens[dot]?.text === '.'; dot += 2) {
        const part = tokens[dot + 1];
        if (part) parts.push(nameOf(part));
      }
      names.add(parts.slice(-2).join('.'));
    }
    if (token.word === 'SELECT') level.query = true;
    if (token.type === 'word' && AFTER_TABLES.has(token.word)) level.tables = false;
    // `a IS DISTINCT FROM b` has one that is none either.
    const begins =
      (token.word === 'FROM' && level.query && tokens[at - 1]?.word !== 'DISTINCT') || token.word === 'JOIN';
    if (begins) level.tables = true;
    if (token.text === '(') levels.push({ query: expected, tables: expected });
    if (token.text === ')' && levels.length > 1) levels.pop();
    expected = begins || (token.text === ',' && level.tables) || (expected && token.text === '(');
  });
  return names;
}

export function dependents(kind: string, name: QualifiedName): RedshiftError {
  return new RedshiftError(
    SQLSTATE.dependentObjects,
    `cannot drop ${kind.toLowerCase()} ${name.shown} because other objects depend on it`,
    {
      position: name.position,
      hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
    },
  );
}

import { parseAttributes } from '../attributes.ts';
import { isTrivia, lex, nameOf } from '../lexer.ts';
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
  );
  const views = rows
    .filter((row) => parseAttributes(row[3]).view !== 'late-binding')
    .map(([schema, name, sql]): View => ({
      name: qualified([String(schema), String(name)]),
      reads: relationsIn(String(sql)),
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

/** Names after FROM, JOIN and commas: more than relations, never fewer. */
function relationsIn(sql: string): ReadonlySet<string> {
  const tokens = lex(sql).filter((token) => !isTrivia(token));
  const names = new Set<string>();
  let expected = false;
  tokens.forEach((token, at) => {
    if (expected && (token.type === 'word' || token.type === 'quoted')) {
      const parts = [nameOf(token)];
      for (let dot = at + 1; tokens[dot]?.text === '.'; dot += 2) {
        const part = tokens[dot + 1];
        if (part) parts.push(nameOf(part));
      }
      names.add(parts.slice(-2).join('.'));
    }
    expected = token.word === 'FROM' || token.word === 'JOIN' || token.text === ',' || (expected && token.text === '(');
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

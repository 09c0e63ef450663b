import type { Fragment } from './fragment.ts';
import { DUCKDB_RESERVED } from './keywords.ts';
import { identifier, nameOf, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from './redshift-error.ts';
import { isName, isSymbol, startOf, type Node } from './token-tree.ts';

/** A name as DuckDB reads it the same way. */
export function nameFragment(token: Token): Fragment {
  if (token.type === 'word' && (token.text.includes('#') || DUCKDB_RESERVED.has(token.word)))
    return { ...token, text: identifier(nameOf(token)) };
  if (!/\p{Lu}/u.test(token.text)) return token;
  if (token.exact) return token.type === 'quoted' ? token : { ...token, text: identifier(token.text) };
  // Redshift folds quoted names too; DuckDB folds no name that is one of its keywords (KEY, NAME, YEAR), and letters of ASCII alone.
  // https://docs.aws.amazon.com/redshift/latest/dg/r_names.html
  return { ...token, text: token.text.toLowerCase() };
}

/** `table`, `schema.table` or `database.schema.table`. */
export interface QualifiedName {
  readonly parts: readonly string[];
  /** The last part. */
  readonly name: string;
  /** The one before, if there. */
  readonly schema: string | undefined;
  /** Every part quoted, for DuckDB. */
  readonly sql: string;
  /** As messages show it. */
  readonly shown: string;
  readonly position: number;
  /** Whether it begins with `#`. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
  readonly temporary: boolean;
}

/** A name in a list without spaces and comments, starting at an index. */
export function readName(
  nodes: readonly Node[],
  start: number,
): { readonly name: QualifiedName; readonly end: number } {
  const first = nodes[start];
  if (!isName(first)) {
    const last = nodes.at(-1);
    throw first
      ? syntaxError(first.type === 'group' ? first.open.text : first.text, startOf(first))
      : syntaxError(undefined, last && isName(last) ? last.at + last.text.length : Number.MAX_SAFE_INTEGER);
  }
  const parts = [nameOf(first)];
  let end = start + 1;
  for (;;) {
    const part = nodes[end + 1];
    if (!isSymbol(nodes[end], '.') || !isName(part)) break;
    parts.push(nameOf(part));
    end += 2;
  }
  return { name: qualified(parts, first.at), end };
}

export function qualified(parts: readonly string[], position = 0): QualifiedName {
  const name = parts.at(-1) ?? '';
  return {
    parts,
    name,
    schema: parts.at(-2),
    sql: parts.map(identifier).join('.'),
    shown: parts.join('.'),
    position,
    temporary: name.startsWith('#'),
  };
}

/** What Redshift says of a relation that is not there. */
export function noSuchRelation({ shown, position }: QualifiedName): RedshiftError {
  return new RedshiftError(SQLSTATE.undefinedTable, `relation "${shown}" does not exist`, { position });
}

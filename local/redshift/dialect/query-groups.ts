import { unsupported } from './redshift-error.ts';
import { firstOf, isParenthesis, isSymbol, isWord, type Group, type Node } from './token-tree.ts';

/** Whether parentheses hold a query, whatever parentheses are around it; a list that begins with one is none. */
export function isQuery(group: Group): boolean {
  const first = firstOf(group.items);
  return (
    isWord(first, 'SELECT', 'WITH', 'VALUES') ||
    (isParenthesis(first) && isQuery(first) && !group.items.some((node) => isSymbol(node, ',')))
  );
}

/**
 * Refuses `(a, b)` where one value stands: Redshift compares rows, and has none as values.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html
 * @throws RedshiftError
 */
export function refuseRow([group, ...more]: readonly Node[]): void {
  if (more.length > 0 || !isParenthesis(group) || isQuery(group)) return;
  if (group.items.some((node) => isSymbol(node, ',')))
    throw unsupported('a row as a value', group.open.at, 'Write its columns.');
}

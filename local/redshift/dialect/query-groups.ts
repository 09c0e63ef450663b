import { AFTER_SELECT_LIST } from './clause-words.ts';
import { unsupported, type RedshiftError } from './redshift-error.ts';
import {
  firstOf,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  type Group,
  type Node,
} from './token-tree.ts';

/** Whether parentheses hold a query, whatever parentheses are around it; a list that begins with one is none. */
export function isQuery(group: Group): boolean {
  const first = firstOf(group.items);
  return (
    isWord(first, 'SELECT', 'WITH', 'VALUES') ||
    (isParenthesis(first) && isQuery(first) && !group.items.some((node) => isSymbol(node, ',')))
  );
}

/** The items of a query's list; nothing where there is none, or TOP before it, which is a LIMIT in parentheses. */
export function listItems(nodes: readonly Node[]): readonly (readonly Node[])[] | undefined {
  const words = significant(nodes);
  const [first] = words;
  if (isParenthesis(first) && words.length === 1) return listItems(first.items);
  if (!isWord(first, 'SELECT')) return undefined;
  const start = isWord(words[1], 'ALL', 'DISTINCT') ? 2 : 1;
  if (isWord(words[start], 'TOP')) return undefined;
  const end = words.findIndex(
    (node, at) =>
      at >= start &&
      isWord(node, ...AFTER_SELECT_LIST) &&
      !isSymbol(words[at - 1], '.') &&
      !isWord(words[at - 1], 'AS', 'WITHIN'),
  );
  return splitAtCommas(words.slice(start, end < 0 ? undefined : end));
}

/**
 * Refuses `(a, b)` where one value stands: Redshift compares rows, and has none as values.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_unsupported-postgresql-features.html
 * @throws RedshiftError
 */
export function refuseRow([group, ...more]: readonly Node[]): void {
  if (more.length > 0 || !isParenthesis(group) || isQuery(group)) return;
  if (group.items.some((node) => isSymbol(node, ','))) throw rowAsValue(group.open.at);
}

export function rowAsValue(position?: number): RedshiftError {
  return unsupported('a row as a value', position, 'Write its columns.');
}

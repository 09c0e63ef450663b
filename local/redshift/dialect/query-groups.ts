import type { Fragment } from './fragment.ts';
import { firstOf, isParenthesis, isSymbol, isWord, significant, splitAtCommas, type Group } from './token-tree.ts';

/** Whether parentheses hold a query, whatever parentheses are around it; a list that begins with one is none. */
export function isQuery(group: Group): boolean {
  const first = firstOf(group.items);
  return (
    isWord(first, 'SELECT', 'WITH', 'VALUES') ||
    (isParenthesis(first) && isQuery(first) && !group.items.some((node) => isSymbol(node, ',')))
  );
}

/** Whether parentheses hold rows of VALUES and nothing more. */
export function isValues({ items }: Group): boolean {
  if (!isWord(firstOf(items), 'VALUES')) return false;
  const [, row, ...more] = significant(items);
  return isParenthesis(row) && more.every((node) => isParenthesis(node) || isSymbol(node, ','));
}

/** Rows of VALUES, rewritten, with the names that PostgreSQL gives their columns: `column1`, `column2`, … */
export function namedValues({ items }: Group, rows: Fragment): Fragment {
  const row = significant(items).find(isParenthesis);
  const names = splitAtCommas(row?.items ?? []).map((_value, index) => `column${index + 1}`);
  return ['SELECT * FROM (', rows, `) AS "*VALUES*"(${names.join(', ')})`];
}

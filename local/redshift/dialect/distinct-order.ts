import { SET_OPERATIONS } from './clause-words.ts';
import { nameOfItem, withoutAlias } from './column-names.ts';
import { sameColumn } from './grouping.ts';
import { endOfKeys } from './key-lists.ts';
import { nameOf } from './lexer.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  type Node,
} from './token-tree.ts';

/**
 * Refuses `SELECT DISTINCT a … ORDER BY b`: which of the rows that are one says where it stands? `list` are the items of the SELECT list,
 * `rest` is what follows it. https://www.postgresql.org/docs/8.0/sql-select.html#SQL-DISTINCT
 */
export function refuseOrderOutsideList(list: readonly (readonly Node[])[], rest: readonly Node[]): void {
  const words = significant(rest);
  const by = words.findIndex((node, at) => isWord(node, 'BY') && isWord(words[at - 1], 'ORDER'));
  // Of a set operation it is the whole's.
  if (by < 0 || words.slice(0, by).some((node) => isWord(node, ...SET_OPERATIONS))) return;
  const keys = splitAtCommas(words.slice(by + 1, by + 1 + endOfKeys(words.slice(by + 1))));
  for (const written of keys) {
    const end = written.findIndex((node) => isWord(node, 'ASC', 'DESC', 'NULLS'));
    const key = end < 0 ? written : written.slice(0, end);
    const [first] = key;
    if (first === undefined || (first.type === 'number' && key.length === 1)) continue;
    if (!list.some((item) => shows(significant(item), key)))
      throw new RedshiftError(
        SQLSTATE.invalidColumnReference,
        'for SELECT DISTINCT, ORDER BY expressions must appear in select list',
        { position: startOf(first) },
      );
  }
}

/** Whether an item of the list is, or may be, what the key is. */
function shows(item: readonly Node[], key: readonly Node[]): boolean {
  const sought = atoms(key);
  const [path, ...more] = sought;
  const column = more.length === 0 && Array.isArray(path) ? (path as readonly string[]) : undefined;
  const star = item.findIndex((node, at) => isSymbol(node, '*') && (at === 0 || isSymbol(item[at - 1], '.')));
  if (star >= 0) {
    const [table] = atoms(item.slice(0, Math.max(0, star - 1)));
    return column !== undefined && (column.length === 1 || !Array.isArray(table) || column.at(-2) === table.at(-1));
  }
  if (column?.length === 1 && nameOfItem(item) === column[0]) return true;
  const value = atoms(withoutAlias(item));
  return value.length === sought.length && value.every((atom, at) => same(atom, sought[at] ?? ''));
}

/** A column's path, or anything else as it is written. */
type Atom = string | readonly string[];

function same(a: Atom, b: Atom): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  return sameColumn(a, b);
}

/** An expression in pieces, parentheses around the whole of it aside. */
function atoms(nodes: readonly Node[]): readonly Atom[] {
  const words = significant(nodes);
  const [only] = words;
  if (words.length === 1 && isParenthesis(only)) return atoms(only.items);
  const found: Atom[] = [];
  for (let at = 0; at < words.length; at++) {
    const node = words[at] as Node;
    if (isGroup(node)) found.push(node.open.text, ...(node.items.length > 0 ? inner(node.items) : []), ')');
    else if (isName(node)) {
      const path = [nameOf(node)];
      for (let next = words[at + 2]; isSymbol(words[at + 1], '.') && isName(next); next = words[at + 2]) {
        path.push(nameOf(next));
        at += 2;
      }
      found.push(path);
    } else found.push(node.text);
  }
  return found;
}

/** What parentheses hold, with the commas in it. */
const inner = (items: readonly Node[]): readonly Atom[] =>
  splitAtCommas(items).flatMap((item, at) => (at === 0 ? atoms(item) : [',', ...atoms(item)]));

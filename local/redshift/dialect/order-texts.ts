import { CLAUSE_ENDS, SET_OPERATIONS } from './clause-words.ts';
import { nameOfItem, withoutAlias } from './column-names.ts';
import { join, type Fragment } from './fragment.ts';
import { endOfKeys, endOfValue } from './grouping.ts';
import { nameOf, type Token } from './lexer.ts';
import { pathOf } from './query-ranges.ts';
import type { Reader } from './reader.ts';
import { noneIsPadded } from './set-operations.ts';
import type { Sorting } from './text-keys.ts';
import { isName, isSymbol, isWord, significant, splitAtCommas, trimmed, type Node } from './token-tree.ts';

/** Of the query whose SELECT list stands between two places, if it is one by itself, and not grouped. */
export function sortingOf(reader: Reader, start: number, end: number): Sorting | undefined {
  const rest = reader.nodes.slice(end);
  if (reader.nodes.some((node) => isWord(node, ...SET_OPERATIONS))) return undefined;
  const words = significant(rest);
  if (!isWord(words[0], 'FROM') || words.some((node) => isWord(node, 'GROUP', 'PIVOT', 'UNPIVOT'))) return undefined;
  const by = words.findIndex((node, at) => isWord(node, 'BY') && isWord(words[at - 1], 'ORDER'));
  if (by < 0) return undefined;
  const keys = splitAtCommas(words.slice(by + 1, by + 1 + endOfKeys(words.slice(by + 1))));
  const items = splitAtCommas(reader.nodes.slice(start, end)).map(trimmed);
  const several = words.slice(0, by).some((node) => isWord(node, 'JOIN') || isSymbol(node, ','));
  const columns = keys.slice(0, -1).flatMap((key, at) => {
    const column = columnOf(trimmed(key.slice(0, endOfValue(key))), items, several);
    return column ? [[at, column] as const] : [];
  });
  return columns.length === 0
    ? undefined
    : { columns: new Map(columns), where: words.some((node) => isWord(node, 'WHERE')) };
}

/** The column of the FROM clause that a key is; undefined where it is none, or cannot be told. */
function columnOf(
  key: readonly Node[],
  items: readonly (readonly Node[])[],
  several: boolean,
): readonly Node[] | undefined {
  const stars = items.map((item) => isSymbol(item.at(-1), '*'));
  const columnIn = (item: readonly Node[] | undefined): readonly Node[] | undefined => {
    const value = trimmed(withoutAlias(item ?? []));
    return pathOf(significant(value)) && value;
  };
  const [first] = key;
  if (key.length > 1) return pathOf(key) && key;
  if (first?.type === 'number') {
    const place = Number(first.text);
    return stars.slice(0, place).includes(true) ? undefined : columnIn(items[place - 1]);
  }
  if (!isName(first)) return undefined;
  const named = items.filter((item, at) => !stars[at] && nameOfItem(item) === nameOf(first));
  if (named.length > 0) return named.length === 1 ? columnIn(named[0]) : undefined;
  // Of several tables it may be the column of one, which `*` shows.
  return several && stars.includes(true) ? undefined : key;
}

/** `WHERE condition`, the current node, with a look at the texts. */
export function sortedWhere(reader: Reader, sorting: Sorting, where: Fragment): Fragment {
  reader.at++;
  const condition = reader.rest(...CLAUSE_ENDS);
  const behind: Fragment = ['\n) AND ', unpadded(reader, sorting), ' '];
  return [
    where,
    { choose: (quickly) => (quickly ? ' (' : '') },
    condition,
    { choose: (quickly) => (quickly ? behind : '') },
  ];
}

/** A WHERE that is not written. */
export function sortedEnding(reader: Reader, sorting: Sorting): Fragment {
  const looked: Fragment = [' WHERE ', unpadded(reader, sorting), ' '];
  return { choose: (quickly) => (quickly ? looked : '') };
}

function unpadded(reader: Reader, { columns }: Sorting): Fragment {
  return noneIsPadded([...columns.values()].map((column) => reader.rewrite(column)));
}

/** `ORDER BY a DESC NULLS FIRST, 2`, from the current node on. */
export function sortedOrder(reader: Reader, { columns }: Sorting): Fragment {
  const by = reader.next(reader.at + 1);
  const nodes = reader.nodes.slice(by + 1);
  const length = endOfKeys(nodes);
  const keys = splitAtCommas(nodes.slice(0, length)).map((key, at): Fragment => {
    const column = columns.get(at);
    const end = endOfValue(key);
    const quick = reader.rewrite(key);
    if (!column) return quick;
    const direction = end === key.length ? ' ' : [' ', key.slice(end) as readonly Token[]];
    const exact: Fragment = [' rs_key(', reader.rewrite(column), ')', direction];
    return { choose: (quickly) => (quickly ? quick : exact) };
  });
  const head = reader.nodes.slice(reader.at, by + 1) as readonly Token[];
  reader.at = by + 1 + length;
  return [head, join(keys, ',')];
}

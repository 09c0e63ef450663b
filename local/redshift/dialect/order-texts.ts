import { CLAUSE_ENDS, SET_OPERATIONS } from './clause-words.ts';
import { nameOfItem, withoutAlias } from './column-names.ts';
import { type Fragment, join } from './fragment.ts';
import { groupedValue, inGroups, isGroupKey } from './grouped-texts.ts';
import { itemsOf } from './grouping.ts';
import { endOfKeys, endOfValue } from './key-lists.ts';
import { nameOf, type Token } from './lexer.ts';
import { isSortable, orderedBy, orderedColumn } from './ordered-values.ts';
import { pathOf } from './query-ranges.ts';
import type { Reader } from './reader.ts';
import { unsupported } from './redshift-error.ts';
import type { Grouping, SortedKey, Sorting } from './text-keys.ts';
import {
  isGroup,
  isName,
  isWord,
  significant,
  splitAtCommas,
  trimmed,
  type Node,
  withoutGroups,
} from './token-tree.ts';

/** The keys of a query by itself whose SELECT list ends at a place, and the words from FROM on before them. */
function orderOf(nodes: readonly Node[], end: number) {
  // Of a set operation it is the whole's.
  if (nodes.some((node) => isWord(node, ...SET_OPERATIONS))) return undefined;
  const rest = nodes.slice(end);
  const by = rest.findIndex((node, at) => isWord(node, 'BY') && isWord(significant(rest.slice(0, at)).at(-1), 'ORDER'));
  if (by < 0) return undefined;
  const list = rest.slice(by + 1);
  return { before: significant(rest.slice(0, by)), keys: splitAtCommas(list.slice(0, endOfKeys(list))) };
}

/** Of the query whose SELECT list stands between two places, if it is one by itself. `grouping` is of its groups, if by texts. */
export function sortingOf(
  reader: Reader,
  start: number,
  end: number,
  grouping: Grouping | undefined,
): Sorting | undefined {
  const order = orderOf(reader.nodes, end);
  if (!order) return undefined;
  const { before, keys } = order;
  const items = splitAtCommas(reader.nodes.slice(start, end)).map(trimmed);
  const known = isWord(before[0], 'FROM');
  // Its query is grouped by all, and refuses texts that end with blanks.
  const pivots = before.some((node) => isGroup(node) && isWord(node.items.at(-1), 'ALL'));
  const grouped = grouping !== undefined || before.some((node) => isWord(node, 'GROUP'));
  const sorted = keys.map((key, at): SortedKey | undefined => {
    const last = at === keys.length - 1;
    const found = known ? valueOf(trimmed(key.slice(0, endOfValue(key))), items, last || pivots) : undefined;
    if (found === undefined) return undefined;
    const { value } = found;
    if (!grouped && pathOf(significant(value))) return { column: value, last };
    const expression = grouping
      ? groupedValue(reader, grouping, value, items.slice(0, found.place))
      : reader.expression(value);
    const { type } = expression;
    const matters = type === undefined || type === 'JSON' || (type === 'VARCHAR' && !last);
    return matters ? { expression, last, guarded: grouping !== undefined && isGroupKey(grouping, value) } : undefined;
  });
  if (!grouping && sorted.every((key) => key === undefined)) return undefined;
  return { keys: sorted, where: before.some((node) => isWord(node, 'WHERE')) };
}

interface Sought {
  readonly value: readonly Node[];
  /** Of the item that it is; behind them all if it is none. */
  readonly place: number;
}

/** What a key stands for; undefined where that cannot be told. */
function valueOf(key: readonly Node[], items: readonly (readonly Node[])[], plain: boolean): Sought | undefined {
  const stars = itemsOf(items).map(({ star }) => star);
  const itemAt = (place: number): Sought | undefined => {
    const item = items[place];
    return item && { value: trimmed(withoutAlias(item)), place };
  };
  const [first] = key;
  if (key.length === 1 && first?.type === 'number') {
    const place = Number(first.text);
    if (!stars.slice(0, place).includes(true)) return itemAt(place - 1);
    if (plain) return undefined;
    throw unsupported(`ORDER BY ${place}, … of a * whose columns cannot be told`, first.at, 'Name the column.');
  }
  if (key.length === 1 && isName(first)) {
    const named = items.flatMap((item, at) => (!stars[at] && nameOfItem(item) === nameOf(first) ? [at] : []));
    if (named.length > 0) return named.length === 1 ? itemAt(named[0] ?? 0) : undefined;
  }
  return { value: key, place: items.length };
}

/** `WHERE condition`, the current node, with a look at the texts. */
export function sortedWhere(reader: Reader, sorting: Sorting, where: Fragment): Fragment {
  reader.at++;
  const condition = reader.rest(...CLAUSE_ENDS);
  const behind: Fragment = ['\n) AND ', plain(reader, sorting), ' '];
  return [
    where,
    { choose: (quickly) => (quickly ? ' (' : '') },
    condition,
    { choose: (quickly) => (quickly ? behind : '') },
  ];
}

/** A WHERE that is not written. */
export function sortedEnding(reader: Reader, sorting: Sorting): Fragment {
  const looked: Fragment = [' WHERE ', plain(reader, sorting), ' '];
  return { choose: (quickly) => (quickly ? looked : '') };
}

/** Whether the columns that a query is sorted by have to be looked at. */
export function looksAt(sorting: Sorting | undefined): sorting is Sorting {
  return sorting?.keys.some((key) => key !== undefined && 'column' in key) ?? false;
}

function plain(reader: Reader, { keys }: Sorting): Fragment {
  const looks = keys.map((key) => (key && 'column' in key ? [isSortable(reader.rewrite(key.column), key.last)] : []));
  return join(looks.flat(), ' AND ');
}

/** `ORDER BY a DESC NULLS FIRST, 2`, from the current node on. */
export function sortedOrder(reader: Reader, { keys: sorted }: Sorting): Fragment {
  const { grouping } = reader;
  const by = reader.next(reader.at + 1);
  const nodes = reader.nodes.slice(by + 1);
  const length = endOfKeys(nodes);
  const keys = splitAtCommas(nodes.slice(0, length)).map((key, at): Fragment => {
    const end = endOfValue(key);
    const value = key.slice(0, end);
    const direction: Fragment = end === key.length ? ' ' : [' ', withoutGroups(key.slice(end))];
    const read = (): Fragment => reader.rewrite(value);
    // Of a name, or the number, of a column of the list that is meant.
    const written: Fragment = [
      grouping && !isOfList(value, grouping) ? inGroups(reader, grouping, grouping.aliases, read) : read(),
      withoutGroups(key.slice(end)),
    ];
    const found = sorted[at];
    if (!found) return written;
    if ('column' in found) {
      const exact = orderedColumn(reader.rewrite(found.column), direction, found.last, read());
      return { choose: (quickly) => (quickly ? written : exact) };
    }
    const [only, ...more] = significant(value);
    const named = more.length === 0 && (only?.type === 'number' || isName(only));
    return orderedBy(found.expression, direction, found, named ? written : undefined);
  });
  const head = reader.nodes.slice(reader.at, by + 1) as readonly Token[];
  reader.at = by + 1 + length;
  return [head, join(keys, ',')];
}

function isOfList(value: readonly Node[], { names }: Grouping): boolean {
  const [only, ...more] = significant(value);
  return more.length === 0 && (only?.type === 'number' || (isName(only) && names.has(nameOf(only))));
}

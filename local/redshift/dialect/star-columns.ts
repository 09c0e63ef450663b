import { SET_OPERATIONS } from './clause-words.ts';
import { nameOfItem } from './column-names.ts';
import { fromClause, relationsOf, withCommonTables } from './column-origins.ts';
import { itemsOf } from './grouping.ts';
import { endOfKeys, endOfValue } from './key-lists.ts';
import { selects, type Select } from './lateral-aliases.ts';
import { identifier, isTrivia, nameOf } from './lexer.ts';
import { joinedByCommas, newNodes } from './new-nodes.ts';
import { pathOf, ranged, type Range, type Relations } from './query-ranges.ts';
import {
  bare,
  isGroup,
  isName,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  type Node,
} from './token-tree.ts';
import type { Database } from './translation.ts';

/**
 * Stars that keys of ORDER BY and GROUP BY are about: `SELECT * FROM t ORDER BY 2, 1`, `SELECT * FROM t, u ORDER BY a, b`. Which columns the keys are is
 * known when the columns stand there. Where it cannot be told which there are, the star stays.
 */
export function withStarColumns(nodes: readonly Node[], database: Database): Promise<readonly Node[]> {
  return rewritten(nodes, relationsOf(database));
}

/** Whether there may be such in a statement. */
export function namesStarColumns(nodes: readonly Node[]): boolean {
  return (
    selects(nodes).some((select) => isWritten(nodes, select)) ||
    nodes.some((node) => isGroup(node) && namesStarColumns(node.items))
  );
}

async function rewritten(nodes: readonly Node[], outer: Relations): Promise<readonly Node[]> {
  const relations = await withCommonTables(nodes, outer);
  let result: readonly Node[] = nodes;
  // The last first: what stands before another stays where it is.
  for (const select of selects(nodes).toReversed())
    if (isWritten(nodes, select)) result = await withColumns(result, select, relations);
  return Promise.all(
    result.map(async (node) => (isGroup(node) ? { ...node, items: await rewritten(node.items, relations) } : node)),
  );
}

function isWritten(nodes: readonly Node[], select: Select): boolean {
  const { list, from, end } = select;
  const items = splitAtCommas(nodes.slice(list, from));
  const stars = itemsOf(items).map(({ star }) => star);
  if (!stars.includes(true) || !isWord(nodes[from], 'FROM')) return false;
  // It may stand for the whole list.
  if (items.length > 1 && nodes.slice(list, from).some((node) => isWord(node, 'EXCLUDE'))) return false;
  if (nodes.slice(from, end).some((node) => isWord(node, 'PIVOT', 'UNPIVOT', 'CONNECT'))) return false;
  if (by(nodes.slice(from, end), 'GROUP')) return true;
  const first = !nodes.slice(0, list).some((node) => isWord(node, ...SET_OPERATIONS));
  const keys = by(first ? nodes.slice(from) : nodes.slice(from, end), 'ORDER') ?? [];
  const several = fromClause(nodes.slice(from + 1, end)).some((node) => isWord(node, 'JOIN') || isSymbol(node, ','));
  const named = new Set(items.map(nameOfItem));
  return keys.some((key) => {
    const [only, ...more] = significant(key.slice(0, endOfValue(key)));
    if (more.length > 0) return false;
    if (only?.type === 'number') return stars.slice(0, Number(only.text)).includes(true);
    return several && isName(only) && !named.has(nameOf(only));
  });
}

/** The keys of ORDER BY or GROUP BY. */
function by(nodes: readonly Node[], word: string): readonly (readonly Node[])[] | undefined {
  const at = nodes.findIndex(
    (node, index) => isWord(node, 'BY') && isWord(significant(nodes.slice(0, index)).at(-1), word),
  );
  const list = nodes.slice(at + 1);
  return at < 0 ? undefined : splitAtCommas(list.slice(0, endOfKeys(list)));
}

async function withColumns(nodes: readonly Node[], select: Select, relations: Relations): Promise<readonly Node[]> {
  const { list, from, end } = select;
  const range = await ranged(fromClause(bare(nodes.slice(from + 1, end))), relations);
  const items = splitAtCommas(nodes.slice(list, from)).map((item) => {
    const { words, without } = excluding(significant(item));
    const star = words.at(-1);
    if (!isSymbol(star, '*') || (words.length > 1 && !isSymbol(words.at(-2), '.'))) return item;
    const all = words.length === 1 ? pathsOf(range) : pathsOfTable(words.slice(0, -2), range);
    const paths = all?.filter((path) => !without.includes(path.name)).map(({ text }) => text);
    if (!paths || all?.length !== paths.length + without.length) return item;
    // What stands before and behind it stays.
    return item.flatMap((node) => {
      if (node === star) return newNodes(paths.join(', '), startOf(star));
      return isTrivia(node) ? [node] : [];
    });
  });
  return [...nodes.slice(0, list), ...joinedByCommas(items), ...nodes.slice(from)];
}

/** `* EXCLUDE (a, b)` as the star and the names it goes without. */
function excluding(words: readonly Node[]): { readonly words: readonly Node[]; readonly without: readonly string[] } {
  const at = words.findIndex((node, index) => isWord(node, 'EXCLUDE') && isSymbol(words[index - 1], '*'));
  const [list, ...more] = words.slice(at + 1);
  if (at < 0 || more.length > 0) return { words, without: [] };
  const names = isGroup(list) ? significant(list.items).filter(isName) : isName(list) ? [list] : [];
  return { words: words.slice(0, at), without: names.map(nameOf) };
}

interface Path {
  readonly name: string;
  readonly text: string;
}

function pathsOf({ items, columns }: Range): readonly Path[] | undefined {
  return columns?.map((column) => {
    const table = items.find((item) => item.columns?.includes(column))?.alias;
    // Of columns that are merged there is one.
    return table === undefined ? { name: column.name, text: identifier(column.name) } : pathIn(table, column.name);
  });
}

function pathsOfTable(path: readonly Node[], { items }: Range): readonly Path[] | undefined {
  const name = pathOf(path)?.at(-1);
  return items.find(({ alias }) => alias === name)?.columns?.map((column) => pathIn(name ?? '', column.name));
}

const pathIn = (table: string, name: string): Path => ({ name, text: `${identifier(table)}.${identifier(name)}` });

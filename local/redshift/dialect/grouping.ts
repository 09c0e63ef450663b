import { aliasOf, nameOfItem, withoutAlias } from './column-names.ts';
import { isAggregate } from './functions/aggregate.ts';
import { endOfKeys } from './key-lists.ts';
import { nameOf } from './lexer.ts';
import { isQuery } from './query-groups.ts';
import { pathOf } from './query-ranges.ts';
import type { Reader } from './reader.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Grouping, Key } from './text-keys.ts';
import {
  bare,
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  textOf,
  trimmed,
  type Node,
} from './token-tree.ts';
import { branchAt } from './window-texts.ts';

/** The grouping of the query whose SELECT list stands between two places; nothing where no text can be among its keys. */
export function groupingOf(reader: Reader, start: number, end: number, distinct: boolean): Grouping | undefined {
  const branch = branchAt(reader.nodes, end);
  const items = itemsOf(splitAtCommas(reader.nodes.slice(start, end)));
  const list = keyList(branch);
  if (
    distinct
      ? list !== undefined ||
        items.some(({ star, value }) => star || computes(value) || holdsQuery(value)) ||
        namesItsColumns(items, branch)
      : !list
  )
    return undefined;
  const sets = list?.some((node) => isWord(node, 'ROLLUP', 'CUBE', 'SETS')) ?? false;
  const written = list ? (isWord(significant(list)[0], 'ALL') ? undefined : listed(list, sets)) : undefined;
  const found: readonly (WrittenKey | undefined)[] = written
    ? written.map((key) => keyOf(key, items, written))
    : items.some(({ star }) => star)
      ? [undefined]
      : items.flatMap(({ value }, at) => (computes(value) ? [] : [{ nodes: value, sure: true, ordinal: at + 1 }]));
  const known = found.filter((key) => key !== undefined);
  // Of sets it has to be known which columns they leave out.
  const exact = !sets || known.every(({ nodes }) => pathOf(significant(nodes)) !== undefined);
  const keys = known.map(({ nodes, sure, ordinal }): Key => ({
    expression: reader.expression(nodes),
    sure: sure && exact,
    path: pathOf(significant(nodes)),
    written: inWords(nodes),
    ordinal,
  }));
  const complete = !sets && known.length === found.length;
  reader.plainKeys = undefined;
  if (!keys.some(({ expression: { type } }) => type === undefined || type === 'VARCHAR' || type === 'JSON')) {
    if (complete && !distinct) reader.plainKeys = keys.map(({ expression }) => expression.fragment);
    return undefined;
  }
  const names = items.flatMap(({ alias, value }) => alias ?? nameOfItem(value) ?? []);
  return {
    keys,
    complete,
    sets,
    names: new Set(names),
    aliases: aliasesOf(items),
    distinct,
    texts: undefined,
    types: [],
  };
}

/** Nodes as they tell an expression from others. */
export const inWords = (nodes: readonly Node[]): string => textOf(bare(nodes)).toLowerCase();

interface Item {
  readonly value: readonly Node[];
  readonly alias: string | undefined;
  readonly star: boolean;
}

/** Names of a SELECT list that are no columns by the same name. */
export function listAliases(list: readonly Node[]): ReadonlySet<string> {
  return aliasesOf(itemsOf(splitAtCommas(list)));
}

export const itemsOf = (lists: readonly (readonly Node[])[]): readonly Item[] => lists.map(itemOf);

function itemOf(nodes: readonly Node[]): Item {
  const words = significant(nodes);
  const alias = aliasOf(nodes);
  const star = words.some((node, at) => isSymbol(node, '*') && (at === 0 || isSymbol(words[at - 1], '.')));
  return { value: trimmed(withoutAlias(nodes)), alias: alias && nameOf(alias.token), star };
}

/** Names of the items that are no columns by the same name. */
export function aliasesOf(items: readonly Item[]): ReadonlySet<string> {
  return new Set(
    items.flatMap(({ alias, value }) => (alias === undefined || columnsIn(value).includes(alias) ? [] : [alias])),
  );
}

/** Whether a column of the list is named in the list or in a condition, where DuckDB knows no such names in a query that is grouped. */
function namesItsColumns(items: readonly Item[], branch: readonly Node[]): boolean {
  const aliases = aliasesOf(items);
  const order = branch.findIndex((node) => isWord(node, 'ORDER'));
  const named = [
    ...items.flatMap(({ value }) => columnsIn(value)),
    ...columnsIn(order < 0 ? branch : branch.slice(0, order)),
  ];
  return named.some((name) => aliases.has(name));
}

function keyList(branch: readonly Node[]): readonly Node[] | undefined {
  const by = branch.findIndex(
    (node, at) => isWord(node, 'BY') && isWord(significant(branch.slice(0, at)).at(-1), 'GROUP'),
  );
  return by < 0 ? undefined : branch.slice(by + 1, by + 1 + endOfKeys(branch.slice(by + 1)));
}

/** The keys as they are written. */
function listed(list: readonly Node[], sets: boolean): readonly (readonly Node[])[] {
  return splitAtCommas(list.filter((node) => !isWord(node, 'ROLLUP', 'CUBE', 'GROUPING', 'SETS'))).flatMap((item) => {
    const key = trimmed(item);
    const [only] = key;
    const several = isParenthesis(only) && key.length === 1 && !isQuery(only);
    return several && (sets || splitAtCommas(only.items).length !== 1) ? listed(only.items, sets) : [key];
  });
}

interface WrittenKey {
  readonly nodes: readonly Node[];
  readonly sure: boolean;
  readonly ordinal?: number;
}

/** Its nodes, and whether it is sure that they are what is grouped by: a name is a column of a table, if there is one, else of the list. */
function keyOf(
  key: readonly Node[],
  items: readonly Item[],
  keys: readonly (readonly Node[])[],
): WrittenKey | undefined {
  const [first] = key;
  if (key.length !== 1 || first === undefined) return { nodes: key, sure: true };
  if (first.type === 'string')
    throw new RedshiftError(SQLSTATE.syntaxError, 'non-integer constant in GROUP BY', { position: first.at });
  if (first.type === 'number') {
    const at = Number(first.text);
    const item = items[at - 1];
    if (!item && !items.some(({ star }) => star))
      throw new RedshiftError(SQLSTATE.invalidColumnReference, `GROUP BY position ${at} is not in select list`, {
        position: first.at,
      });
    return item && !items.slice(0, at).some(({ star }) => star) ? { nodes: item.value, sure: true } : undefined;
  }
  const name = isName(first) ? nameOf(first) : undefined;
  const item = items.find(({ alias }) => alias === name);
  if (name === undefined || !item) return { nodes: key, sure: true };
  const columns = columnsIn(item.value);
  if (columns.includes(name) || computes(item.value)) return { nodes: key, sure: true };
  const others = new Set(keys.map((other) => pathOf(significant(other))?.at(-1)));
  // Were it a column of a table, the item could have none that is not grouped by.
  return columns.some((column) => !others.has(column))
    ? { nodes: item.value, sure: true }
    : { nodes: key, sure: false };
}

/** Whether an aggregate or a window function is computed in it. */
export function computes(nodes: readonly Node[]): boolean {
  const words = significant(nodes);
  return words.some((node, at) => {
    if (isGroup(node)) return !isQuery(node) && computes(node.items);
    if (isWord(node, 'OVER')) return true;
    return isName(node) && isParenthesis(words[at + 1]) && isAggregate(nameOf(node));
  });
}

/** Names that may be those of columns. */
function columnsIn(nodes: readonly Node[]): readonly string[] {
  const words = significant(nodes);
  return words.flatMap((node, at) => {
    if (isGroup(node)) return columnsIn(node.items);
    if (!isName(node) || isParenthesis(words[at + 1]) || isSymbol(words[at + 1], '.')) return [];
    return [nameOf(node)];
  });
}

export function holdsQuery(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isGroup(node) && (isQuery(node) || holdsQuery(node.items)));
}

/** Whether two paths are of one column, as far as both say of which table. */
export function sameColumn(a: readonly string[], b: readonly string[]): boolean {
  const length = Math.min(a.length, b.length);
  return length > 0 && a.slice(-length).join('.') === b.slice(-length).join('.');
}

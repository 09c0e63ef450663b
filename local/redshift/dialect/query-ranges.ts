import { JOIN_BEGINS, NO_ALIAS } from './clause-words.ts';
import { nameOf, type Token } from './lexer.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  type Group,
  type Node,
} from './token-tree.ts';
import type { TextType } from './text-types.ts';
import type { Database } from './translation.ts';

/** The column of a table or a view that a column of a result is. */
export interface ColumnOrigin {
  readonly schema: string;
  readonly table: string;
  readonly nullable: boolean;
}

/** What a statement itself, and the definitions of its relations, tell of a column. */
export interface KnownColumn {
  /** Absent where it is computed. */
  readonly origin?: ColumnOrigin | undefined;
  /** Of a text with a declared length, or one that it is cast to. */
  readonly text?: TextType | undefined;
}

/** A column a query or a relation gives. */
export interface OriginColumn extends KnownColumn {
  readonly name: string;
}

/** Undefined where it cannot be told which there are. */
export type OriginColumns = readonly OriginColumn[] | undefined;

/** What names of a FROM clause stand for. */
export interface Relations {
  readonly database: Database;
  /** Common table expressions. */
  readonly queries: ReadonlyMap<string, OriginColumns>;
  readonly columnsOf: (query: readonly Node[], relations: Relations) => Promise<OriginColumns>;
  readonly relation: (path: readonly string[], database: Database) => Promise<OriginColumns>;
}

/** A relation, or a query, of a FROM clause. */
export interface Item {
  readonly alias: string | undefined;
  readonly columns: OriginColumns;
}

/** What a FROM clause, or a part of it, reads: its items, and the columns of its `*` in order. */
export interface Range {
  readonly items: readonly Item[];
  readonly columns: OriginColumns;
}

const UNKNOWN: Range = { items: [], columns: undefined };

/** Of a FROM clause without its FROM, and without spaces and comments. */
export async function ranged(nodes: readonly Node[], relations: Relations): Promise<Range> {
  const items: Item[] = [];
  let columns: OriginColumns = [];
  for (const part of splitAtCommas(nodes)) {
    const range = await joined(part, relations, items);
    items.push(...range.items);
    columns = columns && range.columns && [...columns, ...range.columns];
  }
  return { items, columns };
}

/** One relation after the other, from left to right. `before` are those a SUPER column may be unnested of. */
async function joined(nodes: readonly Node[], relations: Relations, before: readonly Item[]): Promise<Range> {
  const first = await factor(nodes, 0, relations, before);
  let { range } = first;
  let at = first.end;
  while (at < nodes.length) {
    let outer: string | undefined;
    let natural = false;
    for (; isWord(nodes[at], ...JOIN_BEGINS) && !isWord(nodes[at], 'JOIN'); at++) {
      const node = nodes[at];
      natural ||= isWord(node, 'NATURAL');
      if (isWord(node, 'RIGHT', 'FULL')) outer = node.word;
    }
    if (!isWord(nodes[at], 'JOIN')) return UNKNOWN;
    const next = await factor(nodes, at + 1, relations, [...before, ...range.items]);
    const list = nodes[next.end + 1];
    const using = isWord(nodes[next.end], 'USING') && isParenthesis(list) ? significant(list.items) : [];
    const merged = natural ? common(range.columns, next.range.columns) : using.filter(isName).map(nameOf);
    if (merged === undefined) return UNKNOWN;
    range = merge(range, next.range, merged, outer);
    at = next.end;
    while (at < nodes.length && !startsJoin(nodes, at)) at++;
  }
  return range;
}

/** `LEFT (…)` is a call. */
export function startsJoin(nodes: readonly Node[], at: number): boolean {
  return isWord(nodes[at], ...JOIN_BEGINS) && !isParenthesis(nodes[at + 1]);
}

/** The names that both have, as they come in the first: those that NATURAL merges. */
export function common(left: OriginColumns, right: OriginColumns): readonly string[] | undefined {
  const others = right && new Set(right.map(({ name }) => name));
  return others && left?.flatMap(({ name }) => (others.has(name) ? [name] : []));
}

/** With the columns of `USING` once, before the others. */
export function merge(left: Range, right: Range, using: readonly string[], outer: string | undefined): Range {
  const items = [...left.items, ...right.items];
  if (!left.columns || !right.columns) return { items, columns: undefined };
  const once = using.map((name): OriginColumn => {
    const side = outer === 'RIGHT' ? right : left;
    const found = side.columns?.find((column) => column.name === name);
    return outer === 'FULL' || !found ? { name } : found;
  });
  const rest = [...left.columns, ...right.columns].filter(({ name }) => !using.includes(name));
  return { items, columns: [...once, ...rest] };
}

async function factor(
  nodes: readonly Node[],
  start: number,
  relations: Relations,
  before: readonly Item[],
): Promise<{ readonly range: Range; readonly end: number }> {
  let at = start;
  let columns: OriginColumns;
  let name: string | undefined;
  const first = nodes[at];
  if (isParenthesis(first)) {
    at++;
    const query = isWord(first.items[0], 'SELECT', 'WITH', 'VALUES') || isParenthesis(first.items[0]);
    if (!query) {
      const range = await ranged(first.items, relations);
      const { alias, end } = aliased(nodes, at);
      return { range: alias === undefined ? range : { ...UNKNOWN, items: [{ alias, columns: undefined }] }, end };
    }
    columns = await relations.columnsOf(first.items, relations);
  } else {
    if (!isName(first)) return { range: UNKNOWN, end: nodes.length };
    at++;
    while (isSymbol(nodes[at], '.') && isName(nodes[at + 1])) at += 2;
    const path = pathOf(nodes.slice(start, at)) ?? [];
    name = path.at(-1);
    // A function's rows, or the elements of an array.
    if (isParenthesis(nodes[at]) || (path.length > 1 && before.some(({ alias }) => alias === path[0]))) {
      columns = undefined;
      if (isParenthesis(nodes[at])) at++;
    } else
      columns = relations.queries.has(path.join('.'))
        ? relations.queries.get(path.join('.'))
        : await relations.relation(path, relations.database);
  }
  const { alias = name, list, end } = aliased(nodes, at);
  const named = renamed(columns, list);
  return { range: { items: [{ alias, columns: named }], columns: named }, end };
}

function aliased(nodes: readonly Node[], start: number) {
  let at = start;
  if (isWord(nodes[at], 'AS')) at++;
  const node = nodes[at];
  if (!isName(node) || isWord(node, ...NO_ALIAS)) return { alias: undefined, list: undefined, end: at };
  const list = nodes[at + 1];
  return isParenthesis(list)
    ? { alias: nameOf(node), list, end: at + 2 }
    : { alias: nameOf(node), list: undefined, end: at + 1 };
}

/** With the names a list in parentheses gives them. */
export function renamed(columns: OriginColumns, list: Group | undefined): OriginColumns {
  if (list === undefined || columns === undefined) return columns;
  const names = significant(list.items).filter(isName).map(nameOf);
  return columns.map((column, at) => ({ ...column, name: names[at] ?? column.name }));
}

/** `schema.table.column`; undefined for what is no name. */
export function pathOf(nodes: readonly Node[]): readonly string[] | undefined {
  if (nodes.length % 2 === 0) return undefined;
  const path = nodes.every((node, at) => (at % 2 === 0 ? isName(node) : isSymbol(node, '.')));
  return path ? nodes.filter((_node, at) => at % 2 === 0).map((node) => nameOf(node as Token)) : undefined;
}

/** The column a path names; undefined where there is none, or more than one. */
export function columnAt(path: readonly string[], { items, columns }: Range): OriginColumn | undefined {
  const name = path.at(-1);
  const table = path.at(-2);
  if (table !== undefined)
    return items.find(({ alias }) => alias === table)?.columns?.find((column) => column.name === name);
  // What a join merged stands once among them.
  const known = columns ?? items.flatMap((item) => item.columns ?? []);
  const found = known.filter((column) => column.name === name);
  return found.length === 1 ? found[0] : undefined;
}

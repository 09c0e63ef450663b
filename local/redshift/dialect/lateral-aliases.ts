import { AFTER_SELECT_LIST, AFTER_WHERE, SET_OPERATIONS } from './clause-words.ts';
import { aliasOf, derivedAlias, withoutAlias } from './column-names.ts';
import { fromClause, relationsOf, withCommonTables } from './column-origins.ts';
import { datePart } from './date-parts.ts';
import { computes } from './grouping.ts';
import { CLAUSE_WORDS } from './keywords.ts';
import { isTrivia, lex, nameOf } from './lexer.ts';
import { inParentheses, joinedByCommas } from './new-nodes.ts';
import { isQuery } from './query-groups.ts';
import { ranged, type Relations } from './query-ranges.ts';
import {
  bare,
  isGroup,
  isName,
  isNamePart,
  isOneOf,
  isParenthesis,
  isSymbol,
  isWord,
  nodeBefore,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  tree,
  trimmed,
  type Node,
} from './token-tree.ts';
import type { Database } from './translation.ts';

/** `value::type`, `CAST(…)`, types written as functions; and functions of JSON, whose text is made once where it stands in them. */
const CASTS = /::|\b(?:cast|convert|date|text|bool|timestamptz|int\d|float\d|json_\w+)\s*\(/i;

/** Only a statement with one of these can hold such queries. */
export const LATERAL_WORDS = new RegExp(`${CASTS.source}|\\bgroup\\b`, 'i');

/**
 * Queries that are grouped, or cast, and name a column of their own list later in the list or in their condition:
 * `SELECT TRUNC(ts) AS day, DATE_PART(month, day) AS month, COUNT(*) … GROUP BY 1, 2`. DuckDB knows no such names in what it groups by, and lets none stand
 * for a cast that can fail (`SELECT day::DATE AS d, d + 1`), so what they stand for is written instead. As in Redshift a column of the FROM clause goes before a column of the list: where it cannot be told
 * which columns there are, the query stays as it is.
 * https://aws.amazon.com/about-aws/whats-new/2018/08/amazon-redshift-announces-support-for-lateral-column-alias-reference/
 */
export function withoutLateralAliases(nodes: readonly Node[], database: Database): Promise<readonly Node[]> {
  return rewritten(nodes, relationsOf(database));
}

/** Whether there may be such queries in a statement. */
export function namesLateralAliases(nodes: readonly Node[]): boolean {
  return (
    selects(nodes).some((select) => isWritten(nodes, select)) ||
    nodes.some((node) => isGroup(node) && namesLateralAliases(node.items))
  );
}

/** Where the parts of a SELECT are among the nodes it is one of. */
export interface Select {
  readonly list: number;
  readonly from: number;
  readonly where: number;
  /** Where the condition of WHERE ends. */
  readonly rest: number;
  readonly end: number;
}

/** The SELECTs among nodes, not in parentheses. */
export function selects(nodes: readonly Node[]): readonly Select[] {
  return nodes.flatMap((node, at): readonly Select[] => {
    if (!isWord(node, 'SELECT')) return [];
    let list = at + 1;
    for (let word = nodes[list]; word && (isTrivia(word) || isWord(word, 'ALL', 'DISTINCT')); word = nodes[list])
      list++;
    const next = (start: number, words: readonly string[]): number => {
      let found = start;
      while (found < nodes.length && !(isOneOf(nodes[found], words) && !isNamePart(nodes, found))) found++;
      return found;
    };
    const end = next(list, SET_OPERATIONS);
    const from = Math.min(end, next(list, AFTER_SELECT_LIST));
    const where = Math.min(end, next(from, ['WHERE']));
    return [{ list, from, where, rest: Math.min(end, next(where, AFTER_WHERE)), end }];
  });
}

function isWritten(nodes: readonly Node[], select: Select): boolean {
  return (
    (isGrouped(nodes, select) || CASTS.test(textOf(nodes.slice(select.list, select.from)))) && isNamed(nodes, select)
  );
}

function isGrouped(nodes: readonly Node[], { from, end }: Select): boolean {
  const words = significant(nodes.slice(from, end));
  return words.some((node, at) => isWord(node, 'GROUP') && isWord(words[at + 1], 'BY'));
}

function isNamed(nodes: readonly Node[], { list, from, where, rest }: Select): boolean {
  const items = splitAtCommas(nodes.slice(list, from));
  const names = new Map(items.flatMap((item, at) => (aliasOf(item) ? [[aliasName(item), at] as const] : [])));
  const mentions = (part: readonly Node[], before: number): boolean => {
    const found = [...names].filter(([, at]) => at < before).map(([name]) => name);
    return written(part, new Map(found.map((name) => [name, []]))) !== part;
  };
  return (
    names.size > 0 &&
    (items.some((item, at) => mentions(withoutAlias(item), at)) || mentions(nodes.slice(where, rest), items.length))
  );
}

const aliasName = (item: readonly Node[]): string => {
  const alias = aliasOf(item);
  return alias ? nameOf(alias.token) : '';
};

async function rewritten(nodes: readonly Node[], outer: Relations): Promise<readonly Node[]> {
  const relations = await withCommonTables(nodes, outer);
  const inside: Node[] = [];
  for (const node of nodes)
    inside.push(isGroup(node) ? { ...node, items: await rewritten(node.items, relations) } : node);
  let result: readonly Node[] = inside;
  // The last first: what stands before another stays where it is.
  for (const select of selects(inside).toReversed())
    if (isWritten(inside, select)) result = await withValues(result, select, relations);
  return result;
}

async function withValues(nodes: readonly Node[], select: Select, relations: Relations): Promise<readonly Node[]> {
  const { list, from, where, rest } = select;
  const clause = isWord(nodes[from], 'FROM') ? fromClause(bare(nodes.slice(from + 1, select.end))) : [];
  const { items: sources } = await ranged(clause, relations);
  if (sources.some(({ columns }) => columns === undefined)) return nodes;
  const taken = new Set(sources.flatMap(({ columns = [] }) => columns.map(({ name }) => name)));
  const values = new Map<string, readonly Node[]>();
  const items: (readonly Node[])[] = [];
  for (const item of splitAtCommas(nodes.slice(list, from))) {
    const value = withoutAlias(item);
    const said = written(value, values);
    const named = said === value || aliasOf(item) ? [] : derivedName(item);
    items.push([...said, ...named, ...item.slice(value.length)]);
    const name = aliasName(item);
    if (name !== '' && !taken.has(name) && !computes(value) && !values.has(name)) values.set(name, trimmed(said));
  }
  return [
    ...nodes.slice(0, list),
    ...joinedByCommas(items),
    ...nodes.slice(from, where),
    ...written(nodes.slice(where, rest), values),
    ...nodes.slice(rest),
  ];
}

/** ` AS name` with the name that the column of an item without one has. */
function derivedName(item: readonly Node[]): readonly Node[] {
  const derived = derivedAlias(item);
  return tree([...lex(derived || ' AS '), ...(derived ? [] : significant(item).slice(-1).filter(isName))]);
}

/** Nodes with values, in parentheses, where their names stand; the same array where none does. */
function written(nodes: readonly Node[], values: ReadonlyMap<string, readonly Node[]>): readonly Node[] {
  let changed = false;
  const result = nodes.map((node, at): Node => {
    if (isGroup(node)) {
      if (isQuery(node)) return node;
      const items = written(node.items, values);
      changed ||= items !== node.items;
      return items === node.items ? node : { ...node, items };
    }
    const value = isName(node) ? values.get(nameOf(node)) : undefined;
    if (value === undefined || !isReference(nodes, at)) return node;
    changed = true;
    return inParentheses(value, startOf(node));
  });
  return changed ? result : nodes;
}

/** Whether the name at a place is that of a column, by itself. */
function isReference(nodes: readonly Node[], at: number): boolean {
  const node = nodes[at];
  const before = nodeBefore(nodes, at);
  const after = nodes.find((other, place) => place > at && !isTrivia(other));
  if (!isName(node) || (node.type === 'word' && CLAUSE_WORDS.has(node.word))) return false;
  // A type, a part of a longer name, a call.
  if (isWord(before, 'AS') || isSymbol(before, '.', '::') || isSymbol(after, '.') || isParenthesis(after)) return false;
  // `EXTRACT(month FROM …)`, `DATEDIFF(month, …)`, `DATE '2008-01-01'`
  if (after?.type === 'string') return false;
  return !(
    before === undefined &&
    (isWord(after, 'FROM') || isSymbol(after, ',')) &&
    datePart(nameOf(node)) !== undefined
  );
}

import { isTrivia, nameOf } from './lexer.ts';
import {
  firstOf,
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  startOf,
  type Node,
} from './token-tree.ts';

/** `(+)` */
export function isMark(node: Node | undefined): boolean {
  if (!isParenthesis(node) || !isSymbol(firstOf(node.items), '+')) return false;
  const inner = significant(node.items);
  return inner.length === 1 && isSymbol(inner[0], '+');
}

/** Whether a condition has a mark of its own: not in a subquery. */
export function hasMark(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isMark(node) || (isGroup(node) && !isQuery(node.items) && hasMark(node.items)));
}

/** Where the first marked column stands. */
export function firstMarked(nodes: readonly Node[]): number | undefined {
  const list = significant(nodes);
  for (const [at, node] of list.entries()) {
    const before = list[at - 1];
    if (isMark(node)) return startOf(before ?? node);
    const inside = isGroup(node) ? firstMarked(node.items) : undefined;
    if (inside !== undefined) return inside;
  }
  return undefined;
}

export function hasOr(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isWord(node, 'OR') || (isGroup(node) && hasOr(node.items)));
}

export function hasQuery(nodes: readonly Node[]): boolean {
  return nodes.some((node) => isGroup(node) && (isQuery(node.items) || hasQuery(node.items)));
}

export function withoutMarks(nodes: readonly Node[]): readonly Node[] {
  return nodes
    .filter((node) => !isMark(node))
    .map((node) => (isGroup(node) ? { ...node, items: withoutMarks(node.items) } : node));
}

function isQuery(nodes: readonly Node[]): boolean {
  return isWord(significant(nodes)[0], 'SELECT', 'WITH');
}

export interface Marks {
  /** The tables whose columns are marked. */
  readonly outer: readonly string[];
  /** The other tables of columns that say whose they are. */
  readonly others: readonly string[];
  /** A marked column does not say whose it is. */
  readonly unqualified: boolean;
}

/** Whose columns a condition names. */
export function columnMarks(condition: readonly Node[], tables: readonly string[]): Marks {
  const outer = new Set<string>();
  const others = new Set<string>();
  let unqualified = false;
  const visit = (nodes: readonly Node[]): void => {
    const list = nodes.filter((node) => !isTrivia(node));
    for (let at = 0; at < list.length; at++) {
      const node = list[at];
      if (isGroup(node)) visit(node.items);
      if (!isName(node)) continue;
      const path = [nameOf(node)];
      for (let name = list[at + 2]; isSymbol(list[at + 1], '.') && isName(name); name = list[at + 2]) {
        path.push(nameOf(name));
        at += 2;
      }
      const marked = isMark(list[at + 1]);
      const table = path.at(-2);
      if (table === undefined) unqualified ||= marked;
      else if (tables.includes(table)) (marked ? outer : others).add(table);
    }
  };
  visit(condition);
  return { outer: [...outer], others: [...others], unqualified };
}

import { nameOf } from './lexer.ts';
import { isQuery } from './query-groups.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  startOf,
  textOf,
  type Group,
  type Node,
} from './token-tree.ts';

/** Aggregates that sort the rows of a group. MEDIAN sorts by its argument. */
const SORTING = new Set(['listagg', 'percentile_cont', 'median']);

/**
 * Refuses a query that has its aggregates sort by several things, or others of distinct values beside them; `nodes` are its list and what follows
 * it. https://docs.aws.amazon.com/redshift/latest/dg/r_MEDIAN.html#r_MEDIAN-usage-notes, r_LISTAGG.html
 */
export function refuseSeveralOrders(nodes: readonly Node[]): void {
  const calls = orders(nodes);
  const [first, ...more] = calls.filter(({ by }) => by !== undefined);
  const distinct = calls.length > 0 ? distinctIn(nodes) : undefined;
  if (distinct !== undefined)
    throw new RedshiftError(
      SQLSTATE.notSupported,
      'LISTAGG, PERCENTILE_CONT and MEDIAN cannot be used with other DISTINCT aggregate functions',
      { position: distinct, hint: 'Compute one of them in a query of its own, and join the two.' },
    );
  const other = more.find(({ by }) => by !== first?.by);
  if (other)
    throw new RedshiftError(
      SQLSTATE.notSupported,
      'within group ORDER BY clauses for aggregate functions must be the same',
      { position: other.position, hint: 'Compute one of them in a query of its own, and join the two.' },
    );
}

interface Order {
  /** Nothing where the rows are aggregated as they come. */
  readonly by: string | undefined;
  readonly position: number;
}

function orders(all: readonly Node[]): readonly Order[] {
  const nodes = significant(all);
  return nodes.flatMap((node, at): readonly Order[] => {
    if (isGroup(node)) return isQuery(node) ? [] : orders(node.items);
    const args = nodes[at + 1];
    if (!isName(node) || !isParenthesis(args) || isSymbol(nodes[at - 1], '.') || !SORTING.has(nameOf(node))) return [];
    const within = isWord(nodes[at + 2], 'WITHIN') ? nodes[at + 4] : undefined;
    if (isWord(nodes[at + (within ? 5 : 2)], 'OVER')) return [];
    const position = startOf(node);
    if (nameOf(node) === 'median') return [{ by: inWords(args), position }];
    return [{ by: isParenthesis(within) ? inWords({ ...within, items: withoutBy(within) }) : undefined, position }];
  });
}

/** Where an aggregate of distinct values stands that does not sort. */
function distinctIn(all: readonly Node[]): number | undefined {
  const nodes = significant(all);
  for (const [at, node] of nodes.entries()) {
    const before = nodes[at - 1];
    if (!isGroup(node) || isQuery(node)) continue;
    const called = isParenthesis(node) && isName(before) && isWord(significant(node.items)[0], 'DISTINCT');
    if (called && !SORTING.has(nameOf(before)) && !isWord(nodes[at - 2], 'APPROXIMATE')) return startOf(before);
    const inner = distinctIn(node.items);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function withoutBy({ items }: Group): readonly Node[] {
  return items.slice(items.findIndex((node) => isWord(node, 'BY')) + 1);
}

/** Without tables, and the direction there is without one. */
function inWords({ items }: Group): string {
  const nodes = significant(items).filter((node) => !isWord(node, 'ASC'));
  const names = nodes.filter((node, at) => !isSymbol(node, '.') && !isSymbol(nodes[at + 1], '.'));
  return names.map((node) => textOf([node]).toLowerCase()).join(' ');
}

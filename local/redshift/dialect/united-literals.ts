import { castExpression } from './casts.ts';
import { aliasOf, isStar, withoutAlias } from './column-names.ts';
import { stringValue, type Token } from './lexer.ts';
import { decimalOf } from './numeric-types.ts';
import { listItems } from './query-groups.ts';
import { unsupported } from './redshift-error.ts';
import type { Expression } from './fragment.ts';
import { isGroup, isParenthesis, isWord, type Node } from './token-tree.ts';
import { shownType, typeOfDuckDb } from './types.ts';

/**
 * Text literals in the lists of set operations: `SELECT day FROM t UNION ALL SELECT '2020-01-01'`. A literal has no type of its own, so that it
 * is read as what stands at its place in the query before it; in the first query as in the second.
 * https://www.postgresql.org/docs/8.0/typeconv-union-case.html
 */

interface Item {
  /** The string literal that is all of it, but for its alias. */
  readonly literal: Token | undefined;
  readonly isNull: boolean;
}

interface List {
  readonly items: readonly Item[];
  /** Where the first star is; behind them all if none is one. */
  readonly star: number;
}

const NO_LIST: List = { items: [], star: 0 };

/** The queries, their literals that have another value beside them marked so. */
export function withUnitedLiterals(queries: readonly (readonly Node[])[]): readonly (readonly Node[])[] {
  const lists = queries.map(listOf);
  if (!lists.some((list) => list?.items.some(({ literal }) => literal))) return queries;
  const isValue = (query: number, at: number): boolean => {
    const list = lists[query];
    if (list === undefined || at >= list.star) return query < queries.length;
    const item = list.items[at];
    return item !== undefined && item.literal === undefined && !item.isNull;
  };
  return queries.map((nodes, query) => {
    const { items, star } = lists[query] ?? NO_LIST;
    const found = items.flatMap(({ literal }, at) => {
      if (!literal || at > star) return [];
      const beside = query === 0 ? isValue(1, at) : lists.slice(0, query).some((_list, other) => isValue(other, at));
      return beside ? [literal] : [];
    });
    return found.length === 0 ? nodes : marked(nodes, new Set(found));
  });
}

/** A literal that is read as what it is united with. DuckDB gives a NULL the type that this is. */
export function unitedLiteral(token: Token, plain: Expression): Expression {
  return {
    fragment: {
      literal: true,
      operands: [{ fragment: 'NULL' }],
      shape: ([value = '']) => value,
      resolve: ([type = '']) => {
        // Of a SUPER value it stays a text, which becomes one.
        if (type === 'VARCHAR' || type === 'NULL' || type === 'JSON')
          return { type: 'VARCHAR', emit: () => plain.fragment };
        const decimal = decimalOf(type);
        const digits = /^\s*[+-]?\d*\.?(\d*?)0*\s*$/.exec(stringValue(token.text))?.[1] ?? '';
        if (decimal && digits.length > decimal.scale)
          throw unsupported(
            `a literal of more digits than the ${shownType(type)} that it is united with`,
            token.at,
            'Cast both to one type.',
          );
        const read = castExpression(plain, typeOfDuckDb(type), token.at);
        return { type, emit: () => read.fragment };
      },
    },
  };
}

function listOf(nodes: readonly Node[]): List | undefined {
  const items = listItems(nodes);
  if (!items) return undefined;
  const star = items.findIndex(isStar);
  return { items: items.map(itemOf), star: star < 0 ? items.length : star };
}

function itemOf(nodes: readonly Node[]): Item {
  const value = aliasOf(nodes) ? withoutAlias(nodes) : nodes;
  const [first, ...more] = value;
  const literal = first?.type === 'string' && more.length === 0 ? first : undefined;
  return { literal, isNull: value.length === 1 && isWord(first, 'NULL') };
}

function marked(nodes: readonly Node[], literals: ReadonlySet<Token>): readonly Node[] {
  return nodes.map((node): Node => {
    if (isParenthesis(node)) return { ...node, items: marked(node.items, literals) };
    return !isGroup(node) && literals.has(node) ? { ...node, besideOthers: true } : node;
  });
}

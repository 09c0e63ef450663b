import { castExpression } from './casts.ts';
import { aliasOf, withoutAlias } from './column-names.ts';
import { AFTER_SELECT_LIST } from './clause-words.ts';
import { stringValue, type Token } from './lexer.ts';
import { decimalOf } from './numeric-types.ts';
import { unsupported } from './redshift-error.ts';
import type { Expression } from './fragment.ts';
import { isGroup, isParenthesis, isSymbol, isWord, significant, splitAtCommas, type Node } from './token-tree.ts';
import { shownType, typeOfDuckDb } from './types.ts';

/**
 * Text literals in the lists of set operations: `SELECT day FROM t UNION ALL SELECT '2020-01-01'`. A literal has no type of its own, so that it
 * is read as what stands at its place in the query before it; in the first query as in the second.
 * https://www.postgresql.org/docs/8.0/typeconv-union-case.html
 */

type List = readonly (readonly Node[])[];

/** The queries, their literals that have another value beside them marked so. */
export function withUnitedLiterals(queries: readonly (readonly Node[])[]): readonly (readonly Node[])[] {
  const lists = queries.map(listOf);
  if (!lists.some((list) => list?.some((item) => literalIn(item)))) return queries;
  const isValue = (query: number, at: number): boolean => {
    const list = lists[query];
    if (list === undefined || list.slice(0, at + 1).some(isStar)) return query < queries.length;
    const item = list[at];
    return item !== undefined && literalIn(item) === undefined && !isNull(item);
  };
  return queries.map((nodes, query) => {
    const list = lists[query] ?? [];
    const found = list.flatMap((item, at) => {
      const token = list.slice(0, at).some(isStar) ? undefined : literalIn(item);
      const beside = query === 0 ? isValue(1, at) : lists.slice(0, query).some((_list, other) => isValue(other, at));
      return token && beside ? [token] : [];
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

/** The items of a query's list; nothing where it has none that can be told. */
function listOf(nodes: readonly Node[]): List | undefined {
  const words = significant(nodes);
  const [first] = words;
  if (isParenthesis(first) && words.length === 1) return listOf(first.items);
  if (!isWord(first, 'SELECT')) return undefined;
  const start = isWord(words[1], 'ALL', 'DISTINCT') ? 2 : 1;
  if (isWord(words[start], 'TOP')) return undefined;
  const length = words
    .slice(start)
    .findIndex(
      (node, at) =>
        isWord(node, ...AFTER_SELECT_LIST) &&
        !isSymbol(words[start + at - 1], '.') &&
        !isWord(words[start + at - 1], 'AS', 'WITHIN'),
    );
  return splitAtCommas(words.slice(start, length < 0 ? undefined : start + length));
}

function isStar(item: readonly Node[]): boolean {
  return item.some((node, at) => isSymbol(node, '*') && (at === 0 || isSymbol(item[at - 1], '.')));
}

function isNull(item: readonly Node[]): boolean {
  const value = withoutAlias(item);
  return value.length === 1 && isWord(value[0], 'NULL');
}

/** The string literal that is all of an item, but for its alias. */
function literalIn(item: readonly Node[]): Token | undefined {
  const [node, ...more] = aliasOf(item) ? withoutAlias(item) : item;
  return node?.type === 'string' && more.length === 0 ? node : undefined;
}

function marked(nodes: readonly Node[], literals: ReadonlySet<Token>): readonly Node[] {
  return nodes.map((node): Node => {
    if (isParenthesis(node)) return { ...node, items: marked(node.items, literals) };
    return !isGroup(node) && literals.has(node) ? { ...node, besideOthers: true } : node;
  });
}

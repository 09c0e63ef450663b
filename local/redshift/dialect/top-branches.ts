import { AFTER_BRANCHES, SET_OPERATIONS } from './clause-words.ts';
import { isTrivia, type Token } from './lexer.ts';
import { isParenthesis, isWord, startOf, type Node } from './token-tree.ts';

/**
 * The branches of a set operation that have a TOP, in parentheses: TOP becomes the LIMIT of the query it stands in.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html
 */
export function topBranches(nodes: readonly Node[]): readonly Node[] {
  if (!nodes.some((node) => isWord(node, 'TOP'))) return nodes;
  const operations = nodes.flatMap((node, index) => (isWord(node, ...SET_OPERATIONS) ? [index] : []));
  if (operations.length === 0) return nodes;
  const out: Node[] = [];
  let start = 0;
  for (const end of [...operations, nodes.length]) {
    out.push(...branch(nodes.slice(start, end), end === nodes.length));
    if (end < nodes.length) out.push(nodes[end] as Node);
    start = end + 1;
  }
  return out;
}

function branch(nodes: readonly Node[], last: boolean): readonly Node[] {
  const select = nodes.findIndex((node) => isWord(node, 'SELECT'));
  if (select < 0 || !hasTop(nodes, select)) return nodes;
  const tail = last ? nodes.findIndex((node, index) => index > select && isWord(node, ...AFTER_BRANCHES)) : -1;
  const end = tail < 0 ? nodes.length : tail;
  const at = startOf(nodes[select] as Node);
  const edge = (text: string): Token => ({ type: 'symbol', text, word: text, at });
  const items = nodes.slice(select, end);
  const space: Token = { type: 'space', text: ' ', word: ' ', at };
  return [
    ...nodes.slice(0, select),
    { type: 'group', open: edge('('), items, close: edge(')') },
    space,
    ...nodes.slice(end),
  ];
}

/** `SELECT [ALL | DISTINCT] TOP n` */
function hasTop(nodes: readonly Node[], select: number): boolean {
  const words = nodes.slice(select + 1).filter((node) => !isTrivia(node));
  const at = isWord(words[0], 'ALL', 'DISTINCT') ? 1 : 0;
  return isWord(words[at], 'TOP') && (words[at + 1]?.type === 'number' || isParenthesis(words[at + 1]));
}

import { lex } from './lexer.ts';
import { tree, type Group, type Node } from './token-tree.ts';

/** The nodes of a text that a statement did not have, all of them at the place of it that they stand for. */
export function newNodes(text: string, at: number): readonly Node[] {
  return tree(lex(text).map((token) => ({ ...token, at })));
}

/** New parentheses around nodes. */
export function inParentheses(items: readonly Node[], at: number): Group {
  const [group] = newNodes('()', at);
  return { ...(group as Group), items };
}

/** Lists as one, with a comma between each two: what `splitAtCommas` took apart. */
export function joinedByCommas(lists: readonly (readonly Node[])[]): readonly Node[] {
  return lists.flatMap((list, place) => (place === 0 ? list : [...tree(lex(',')), ...list]));
}

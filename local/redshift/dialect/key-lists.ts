import { AFTER_BRANCHES, SET_OPERATIONS } from './clause-words.ts';
import { isSymbol, isWord, type Node } from './token-tree.ts';

/** How many nodes belong to the list of keys that begins them. */
export function endOfKeys(nodes: readonly Node[]): number {
  const end = nodes.findIndex((node) => isWord(node, ...AFTER_KEYS) || isSymbol(node, ';'));
  return end < 0 ? nodes.length : end;
}

/** How many nodes of a key of ORDER BY stand before its direction. */
export function endOfValue(key: readonly Node[]): number {
  const end = key.findIndex((node) => isWord(node, 'ASC', 'DESC', 'NULLS'));
  return end < 0 ? key.length : end;
}

const AFTER_KEYS = ['HAVING', 'QUALIFY', 'WINDOW', ...AFTER_BRANCHES, ...SET_OPERATIONS];

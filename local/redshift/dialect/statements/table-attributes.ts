import type { TableAttributes } from '../attributes.ts';
import { nameOf } from '../lexer.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import {
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Node,
} from '../token-tree.ts';

type Keys = Pick<TableAttributes, 'distStyle' | 'distKey' | 'sortStyle' | 'sortKeys' | 'backup'>;

/** `BACKUP NO DISTSTYLE KEY DISTKEY (a) COMPOUND SORTKEY (b, c) ENCODE AUTO`, from `start` to where they end. */
export function tableAttributes(
  nodes: readonly Node[],
  start: number,
): { readonly keys: Partial<Keys>; readonly end: number } {
  const keys: { -readonly [key in keyof Keys]?: Keys[key] } = {};
  let at = start;
  const group = (index: number): readonly string[] | undefined => {
    const node = nodes[index];
    return isParenthesis(node) ? keyColumns(node.items) : undefined;
  };
  for (; at < nodes.length; at++) {
    const node = nodes[at];
    const next = nodes[at + 1];
    if (isWord(node, 'BACKUP')) {
      Object.assign(keys, { backup: !isWord(next, 'NO') });
      at++;
    } else if (isWord(node, 'DISTSTYLE')) {
      if (!isWord(next, 'AUTO', 'EVEN', 'KEY', 'ALL'))
        throw syntaxError(next ? textOf([next]) : undefined, next ? startOf(next) : 0);
      Object.assign(keys, { distStyle: next.word as Keys['distStyle'] });
      at++;
    } else if (isWord(node, 'DISTKEY')) {
      const [distKey] = group(at + 1) ?? (isName(next) ? [nameOf(next)] : []);
      if (keys.distKey !== undefined) throw redundant(node);
      Object.assign(keys, { distKey, distStyle: keys.distStyle ?? 'KEY' });
      at++;
    } else if (isWord(node, 'SORTKEY', 'COMPOUND', 'INTERLEAVED')) {
      const styled = !isWord(node, 'SORTKEY');
      if (keys.sortKeys !== undefined) throw redundant(node);
      const list = group(at + (styled ? 2 : 1));
      const word = nodes[at + 1];
      if (list)
        Object.assign(keys, { sortKeys: list, sortStyle: isWord(node, 'INTERLEAVED') ? 'INTERLEAVED' : 'COMPOUND' });
      else if (isWord(word, 'AUTO', 'NONE'))
        Object.assign(keys, { sortKeys: [], sortStyle: word.word as Keys['sortStyle'] });
      else if (isName(word)) Object.assign(keys, { sortKeys: [nameOf(word)], sortStyle: 'COMPOUND' });
      at += styled ? 2 : 1;
    } else if (isWord(node, 'ENCODE')) at++;
    else if (!isSymbol(node, ',')) break;
  }
  return { keys, end: at };
}

/** PostgreSQL's words for an option that comes twice. */
function redundant(node: Node): RedshiftError {
  return new RedshiftError(SQLSTATE.syntaxError, 'conflicting or redundant options', { position: startOf(node) });
}

/** Names, or places in the list of a query. */
function keyColumns(nodes: readonly Node[]): readonly string[] {
  return splitAtCommas(nodes).flatMap((list) => {
    const [key] = significant(list);
    if (key?.type === 'number') return [key.text];
    return isName(key) ? [nameOf(key)] : [];
  });
}

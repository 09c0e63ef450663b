import { aliasOf, derivedAlias } from './column-names.ts';
import type { Reader } from './expressions.ts';
import type { Fragment } from './fragment.ts';
import type { Token } from './lexer.ts';
import { nameFragment } from './names.ts';
import { isSymbol, isWord, type Node } from './token-tree.ts';

const END_OF_LIST = new Set(
  'FROM INTO WHERE GROUP HAVING QUALIFY ORDER LIMIT OFFSET UNION INTERSECT EXCEPT MINUS FETCH WINDOW CONNECT'.split(
    ' ',
  ),
);

/** The items of a SELECT list, from the current node on. Columns without an alias get Redshift's name. */
export function selectList(reader: Reader): Fragment {
  const parts: Fragment[] = [];
  const end = endOfList(reader);
  while (reader.at < end) {
    let itemEnd = reader.at;
    while (itemEnd < end && !isSymbol(reader.node(itemEnd), ',')) itemEnd++;
    parts.push(item(reader, reader.nodes.slice(reader.at, itemEnd)));
    const comma = reader.node(itemEnd);
    if (itemEnd < end && comma) parts.push(comma as Token);
    reader.at = Math.min(itemEnd + 1, end);
  }
  return parts;
}

function endOfList(reader: Reader): number {
  let at = reader.at;
  for (; at < reader.nodes.length; at++) {
    const node = reader.node(at);
    if (
      node?.type === 'word' &&
      END_OF_LIST.has(node.word) &&
      !isSymbol(reader.node(at - 1), '.') &&
      !endsWithin(reader, at)
    )
      break;
    if (isSymbol(node, ';')) break;
  }
  return at;
}

/** The GROUP of `WITHIN GROUP`. */
function endsWithin(reader: Reader, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && /^(?:space|comment)$/.test(reader.node(before)?.type ?? '')) before--;
  return isWord(reader.node(at), 'GROUP') && isWord(reader.node(before), 'WITHIN');
}

function item(reader: Reader, nodes: readonly Node[]): Fragment {
  const alias = aliasOf(nodes);
  if (!alias) {
    // Space and comments after the item stay after the alias.
    const end = nodes.findLastIndex((node) => node.type !== 'space' && node.type !== 'comment') + 1;
    return [reader.rewrite(nodes.slice(0, end)), derivedAlias(nodes), nodes.slice(end) as readonly Token[]];
  }
  const at = nodes.lastIndexOf(alias.token);
  const as = alias.as ? nodes.findLastIndex((node) => isWord(node, 'AS')) : at;
  return [
    reader.rewrite(nodes.slice(0, as)),
    nodes.slice(as, at) as readonly Token[],
    // Without AS DuckDB takes no keyword of its own as an alias, and it has many.
    !alias.as && alias.token.type === 'word' ? 'AS ' : '',
    nameFragment(alias.token),
    nodes.slice(at + 1) as readonly Token[],
  ];
}

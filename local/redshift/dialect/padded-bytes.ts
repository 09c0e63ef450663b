import { aliasOf, nameOfItem } from './column-names.ts';
import { fromClause, relationsOf, withCommonTables } from './column-origins.ts';
import { selects } from './lateral-aliases.ts';
import { identifier, isTrivia, lex } from './lexer.ts';
import { joinedByCommas, newNodes } from './new-nodes.ts';
import { columnAt, pathOf, ranged, type Range, type Relations } from './query-ranges.ts';
import {
  bare,
  isGroup,
  isName,
  isSymbol,
  isWord,
  nodeBefore,
  significant,
  splitAtCommas,
  startOf,
  tree,
  trimmed,
  type Node,
} from './token-tree.ts';
import type { Database } from './translation.ts';
import { readType } from './types.ts';

/**
 * `c::varbyte` of a column that is a CHAR(n) has n bytes: blanks fill it. DuckDB keeps the text without them, and its length is known to the
 * definition of the column's table only. So it is with OCTET_LENGTH(c).
 * https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_type.html and r_OCTET_LENGTH.html
 */
export function withPaddedBytes(nodes: readonly Node[], database: Database): Promise<readonly Node[]> {
  return rewritten(nodes, relationsOf(database), []);
}

/** Statements without these words have no such cast. */
export const BYTE_WORDS = /(?:::|\bas)\s*(?:varbyte|varbinary|binary\s+varying)\b|\boctet_length\b/i;

/** Whether there may be such in a statement. */
export function castsToBytes(nodes: readonly Node[], counted = false): boolean {
  return nodes.some(
    (node, at) =>
      byteCast(nodes, at, counted) !== undefined || (isGroup(node) && castsToBytes(node.items, countsBytes(nodes, at))),
  );
}

/** Whether a group holds what OCTET_LENGTH is of. */
function countsBytes(nodes: readonly Node[], group: number): boolean {
  return isWord(nodeBefore(nodes, group), 'OCTET_LENGTH');
}

/** `around` are the tables of the queries that the nodes stand in, the innermost first. */
async function rewritten(nodes: readonly Node[], outer: Relations, around: readonly Range[]): Promise<readonly Node[]> {
  const relations = await withCommonTables(nodes, outer);
  const own = await ownRange(nodes, relations);
  let result: readonly Node[] = nodes;
  for (const { list, from, end } of selects(nodes).toReversed()) {
    const tables = await ranged(fromClause(bare(nodes.slice(from + 1, end))), relations);
    const ranges = [tables, ...around];
    const items = splitAtCommas(nodes.slice(list, from)).map(async (item) => {
      const padded = await paddedIn(item, relations, ranges);
      const name = padded.some((node, at) => node !== item[at]) && !aliasOf(item) ? nameOfItem(item) : undefined;
      return name === undefined ? padded : [...trimmed(padded), ...tree(lex(` AS ${identifier(name)} `))];
    });
    result = [
      ...result.slice(0, list),
      ...joinedByCommas(await Promise.all(items)),
      ...(await paddedIn(nodes.slice(from, end), relations, ranges)),
      ...result.slice(end),
    ];
  }
  return own ? paddedIn(result, relations, [own, ...around]) : result;
}

/** The table that an UPDATE or a DELETE is about, with those beside it. */
async function ownRange(nodes: readonly Node[], relations: Relations): Promise<Range | undefined> {
  const words = bare(nodes);
  const set = words.findIndex((node) => isWord(node, 'SET'));
  if (isWord(words[0], 'UPDATE') && set > 0) {
    const from = words.findIndex((node) => isWord(node, 'FROM'));
    return ranged(
      [...words.slice(1, set), ...(from < 0 ? [] : [...tree(lex(',')), ...fromClause(words.slice(from + 1))])],
      relations,
    );
  }
  if (!isWord(words[0], 'DELETE')) return undefined;
  const tables = fromClause(words.slice(isWord(words[1], 'FROM') ? 2 : 1));
  return ranged(
    tables.map((node) => (isWord(node, 'USING') ? { ...node, type: 'symbol', word: ',', text: ',' } : node)),
    relations,
  );
}

/** The same nodes, their queries looked at by themselves. */
async function paddedIn(
  nodes: readonly Node[],
  relations: Relations,
  ranges: readonly Range[],
  counted = false,
): Promise<readonly Node[]> {
  const result: Node[] = [];
  for (let at = 0; at < nodes.length; at++) {
    const node = nodes[at] as Node;
    const cast = byteCast(nodes, at, counted);
    const length = cast && lengthOf(nodes.slice(at, cast.end), ranges);
    if (cast && length !== undefined) {
      const [rpad, group] = newNodes(`rpad(x, ${length})`, startOf(node));
      result.push(rpad as Node, {
        ...(group as Node & { type: 'group' }),
        items: [...nodes.slice(at, cast.end), ...tree(lex(`, ${length}`))],
      });
      at = cast.end - 1;
    } else if (isGroup(node)) {
      const query = selects(node.items).length > 0;
      const items = query
        ? await rewritten(node.items, relations, ranges)
        : await paddedIn(node.items, relations, ranges, countsBytes(nodes, at));
      result.push({ ...node, items });
    } else result.push(node);
  }
  return result;
}

/** Where the path that begins at a place ends, if it is cast to bytes, or all that has its bytes `counted`. */
function byteCast(nodes: readonly Node[], start: number, counted: boolean): { readonly end: number } | undefined {
  if (!isName(nodes[start]) || isSymbol(nodes[start - 1], '.')) return undefined;
  let end = start + 1;
  while (isSymbol(nodes[end], '.') && isName(nodes[end + 1])) end += 2;
  const next = nodes.findIndex((node, at) => at >= end && !isTrivia(node));
  const operator = nodes[next];
  // CAST(path AS VARBYTE): its parentheses hold nothing else.
  const whole = nodeBefore(nodes, start) === undefined;
  if (counted && whole && operator === undefined) return { end };
  const inCast = isWord(operator, 'AS') && whole;
  if (!isSymbol(operator, '::') && !inCast) return undefined;
  const type = nodes.findIndex((node, at) => at > next && !isTrivia(node));
  if (!isWord(nodes[type], 'VARBYTE', 'VARBINARY', 'BINARY')) return undefined;
  return readType(nodes, type)?.type.name === 'varbyte' ? { end } : undefined;
}

/** The length of a CHAR column; nothing for any other. */
function lengthOf(nodes: readonly Node[], ranges: readonly Range[]): number | undefined {
  const path = pathOf(significant(nodes));
  if (!path) return undefined;
  for (const range of ranges) {
    const column = columnAt(path, range);
    if (column) return column.text?.name === 'bpchar' ? column.text.length : undefined;
  }
  return undefined;
}

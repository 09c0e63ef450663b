import { type Fragment, join } from './fragment.ts';
import { endOfKeys, endOfValue } from './key-lists.ts';
import { identifier, nameOf } from './lexer.ts';
import { isSortable, orderedColumn } from './ordered-values.ts';
import type { Reader } from './reader.ts';
import { isName, isWord, significant, splitAtCommas, type Node, withoutGroups } from './token-tree.ts';
import { shown, type Query } from './united-queries.ts';

/**
 * The queries of set operations with the ORDER BY that belongs to them all, which begins at the current node: its keys are names and numbers
 * of columns, and a query around them sorts by these. Nothing where there is none, or a key is anything else.
 * https://www.postgresql.org/docs/8.0/sql-select.html#SQL-ORDERBY
 */
export function orderedWhole(reader: Reader, query: Query): Fragment | undefined {
  const by = reader.next(reader.at + 1);
  if (!isWord(reader.node(reader.at), 'ORDER') || !isWord(reader.node(by), 'BY')) return undefined;
  const nodes = reader.nodes.slice(by + 1);
  const length = endOfKeys(nodes);
  const { columns, list } = shown(query);
  const keys = splitAtCommas(nodes.slice(0, length)).map((key, at, all) => {
    const end = endOfValue(key);
    const column = columnOf(significant(key.slice(0, end)), query, columns !== '');
    const direction: Fragment = [' ', withoutGroups(key.slice(end))];
    return column === undefined ? undefined : { column, direction, last: at === all.length - 1 };
  });
  if (!keys.every((key) => key !== undefined)) return undefined;
  reader.at = by + 1 + length;
  const test = join(
    keys.map(({ column, last }) => isSortable(column, last)),
    ' AND ',
  );
  const quick: Fragment = [
    ` WHERE `,
    test,
    ' ORDER BY ',
    join(
      keys.map(({ column, direction }) => [column, direction]),
      ', ',
    ),
  ];
  const exact: Fragment = [
    ' ORDER BY',
    join(
      keys.map(({ column, direction, last }) => orderedColumn(column, direction, last, column)),
      ',',
    ),
  ];
  return [
    `SELECT ${list} FROM (`,
    query.sql,
    `) AS united${columns}`,
    { choose: (quickly) => (quickly ? quick : exact) },
    ' ',
  ];
}

/** The column that a key is, as a query around the queries knows it. */
function columnOf(key: readonly Node[], { names }: Query, numbered: boolean): Fragment | undefined {
  const [only, ...more] = key;
  if (more.length > 0) return undefined;
  if (only?.type === 'number') {
    const place = Number(only.text) - 1;
    const name = names?.[place];
    return name === undefined ? undefined : identifier(numbered ? String(place + 1) : name);
  }
  if (!isName(only)) return undefined;
  if (!names) return only;
  const found = names.flatMap((name, at) => (name === nameOf(only) ? [at] : []));
  const [place] = found;
  if (place === undefined || found.length > 1) return undefined;
  return numbered ? identifier(String(place + 1)) : only;
}

import { readTable, type TableAttributes } from '../attributes.ts';
import { AFTER_SELECT_LIST, AFTER_WHERE } from '../clause-words.ts';
import { withoutAlias } from '../column-names.ts';
import { computes } from '../grouping.ts';
import { readName } from '../names.ts';
import { pathOf } from '../query-ranges.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { isName, isParenthesis, isSymbol, isWord, significant, splitAtCommas, type Node } from '../token-tree.ts';
import type { Database } from '../translation.ts';

export type Keys = Pick<TableAttributes, 'distStyle' | 'distKey' | 'sortStyle' | 'sortKeys'>;

/** Keys that are given by a column's place in the list, as CREATE TABLE AS allows: `SORTKEY (1, 3)`. */
export function namedKeys(keys: Partial<Keys>, columns: readonly string[]): Partial<Keys> {
  const named = (key: string): string => {
    const name = /^\d+$/.test(key) && !columns.includes(key) ? columns[Number(key) - 1] : key;
    if (name === undefined || !columns.includes(name))
      throw new RedshiftError(SQLSTATE.undefinedColumn, `column "${key}" named in key does not exist`);
    return name;
  };
  return {
    ...keys,
    ...(keys.distKey !== undefined && { distKey: named(keys.distKey) }),
    ...(keys.sortKeys !== undefined && { sortKeys: keys.sortKeys.map(named) }),
  };
}

/**
 * How a table made by a plain SELECT from one table is distributed and sorted, where its statement does not say: as that table is, but in the
 * order of an ORDER BY. https://docs.aws.amazon.com/redshift/latest/dg/r_CTAS_usage_notes.html
 */
export async function inheritedKeys(
  given: readonly Node[],
  columns: readonly string[],
  keys: Partial<Keys>,
  database: Database,
): Promise<Partial<Keys>> {
  if (keys.distStyle !== undefined && keys.distStyle !== 'AUTO') return {};
  const query = plainQuery(given);
  const source = query && (await readTable(database, query.table));
  if (!query || source?.kind !== 'TABLE' || source.attributes.view !== undefined) return {};
  const all = source.columns.map(({ name }) => name);
  const from = query.items.flatMap((item) => (item === '*' ? all : [item]));
  const placed = (column: string): string | undefined => columns[from.indexOf(column)];
  const { distStyle, distKey, sortStyle, sortKeys } = source.attributes;
  const moved = distKey === undefined ? undefined : placed(distKey);
  const order = query.order?.map((name) => (columns.includes(name) ? name : placed(name)));
  const sorted = order ?? sortKeys.map(placed);
  // Of the keys of a source as many as are there without a gap.
  const end = sorted.indexOf(undefined);
  const kept = sorted.slice(0, end < 0 ? sorted.length : end).filter((name) => name !== undefined);
  return {
    ...(distKey === undefined ? { distStyle } : moved === undefined ? {} : { distStyle, distKey: moved }),
    ...(kept.length > 0 &&
      keys.sortKeys === undefined && {
        sortKeys: kept,
        sortStyle: order === undefined ? sortStyle : 'COMPOUND',
      }),
  };
}

interface PlainQuery {
  readonly table: ReturnType<typeof readName>['name'];
  /** Names of the table's columns, `*` for all, and '' for what is computed. */
  readonly items: readonly string[];
  readonly order: readonly string[] | undefined;
}

/** `SELECT list FROM table [WHERE …] [ORDER BY …]` with nothing in it that is of several rows. */
function plainQuery(given: readonly Node[]): PlainQuery | undefined {
  const [only] = significant(given);
  const nodes = significant(given);
  if (nodes.length === 1 && isParenthesis(only)) return plainQuery(only.items);
  const from = nodes.findIndex((node) => isWord(node, ...AFTER_SELECT_LIST));
  if (!isWord(nodes[0], 'SELECT') || isWord(nodes[1], 'DISTINCT', 'TOP') || !isWord(nodes[from], 'FROM'))
    return undefined;
  const list = nodes.slice(1, from);
  if (!isName(nodes[from + 1]) || computes(list)) return undefined;
  const { name: table, end } = readName(nodes, from + 1);
  let at = end;
  if (isWord(nodes[at], 'AS')) at++;
  if (isName(nodes[at]) && !isWord(nodes[at], 'WHERE', 'ORDER')) at++;
  if (nodes[at] !== undefined && !isWord(nodes[at], 'WHERE', 'ORDER')) return undefined;
  const after = nodes.findIndex((node, index) => index > at && isWord(node, ...AFTER_WHERE));
  const by = isWord(nodes[at], 'ORDER') ? at : after;
  if (by >= 0 && !isWord(nodes[by], 'ORDER')) return undefined;
  const keys = by < 0 ? undefined : nodes.slice(by + 2);
  if (keys?.some((node) => isWord(node, ...AFTER_WHERE))) return undefined;
  return {
    table,
    items: splitAtCommas(list).map((item) =>
      isSymbol(item.at(-1), '*') ? '*' : (pathOf(withoutAlias(item))?.at(-1) ?? ''),
    ),
    order:
      keys &&
      splitAtCommas(keys).map((key) => pathOf(key.filter((node) => !isWord(node, 'ASC', 'DESC')))?.at(-1) ?? ''),
  };
}

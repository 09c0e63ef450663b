import { SYSTEM_SCHEMAS } from '../catalog/system-relations.ts';
import { AFTER_FROM, JOIN_BEGINS, JOIN_WORDS } from './clause-words.ts';
import { relationsOf, withCommonTables } from './column-origins.ts';
import { identifier, isTrivia, nameOf } from './lexer.ts';
import { newNodes } from './new-nodes.ts';
import { isQuery } from './query-groups.ts';
import { common, merge, pathOf, ranged, startsJoin, type Range, type Relations } from './query-ranges.ts';
import { SQLSTATE, unsupported } from './redshift-error.ts';
import {
  bare,
  isGroup,
  isName,
  isNamePart,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  type Node,
} from './token-tree.ts';
import type { Database } from './translation.ts';

/**
 * Joins that merge columns, USING and NATURAL. A natural join is written with the columns that its sides have in common, or as the cross join
 * it is without any: DuckDB puts its columns elsewhere. What is merged is not compared without the blanks at the end of texts, so each side
 * fails where a text has some. https://www.postgresql.org/docs/8.0/queries-table-expressions.html
 */
export function withMergedColumns(nodes: readonly Node[], database: Database): Promise<readonly Node[]> {
  return rewritten(nodes, relationsOf(database));
}

/** Whether there are such joins in a statement. */
export function mergesColumns(nodes: readonly Node[]): boolean {
  return (
    nodes.some((node) => isGroup(node) && mergesColumns(node.items)) ||
    clauses(nodes).some(({ from, end }) => merges(nodes.slice(from, end)))
  );
}

/** Whether a FROM clause, or a part of one, holds such joins, maybe in parentheses. */
function merges(nodes: readonly Node[]): boolean {
  return nodes.some(
    (node) => isWord(node, 'USING', 'NATURAL') || (isParenthesis(node) && !isQuery(node) && merges(node.items)),
  );
}

/** Where the FROM clauses of the queries among nodes are, without their FROM. */
function clauses(
  nodes: readonly Node[],
): readonly { readonly select: number; readonly from: number; readonly end: number }[] {
  return nodes.flatMap((node, select) => {
    if (!isWord(node, 'SELECT', 'UPDATE')) return [];
    const next = nodes.findIndex((word, at) => at > select && isWord(word, 'FROM', 'SELECT') && !isNamePart(nodes, at));
    if (!isWord(nodes[next], 'FROM')) return [];
    const from = next + 1;
    const end = nodes.findIndex((word, at) => at >= from && isWord(word, ...AFTER_FROM) && !isNamePart(nodes, at));
    return [{ select, from, end: end < 0 ? nodes.length : end }];
  });
}

async function rewritten(nodes: readonly Node[], outer: Relations): Promise<readonly Node[]> {
  const relations = await withCommonTables(nodes, outer);
  let result: readonly Node[] = await Promise.all(
    nodes.map(async (node) => (isGroup(node) ? { ...node, items: await rewritten(node.items, relations) } : node)),
  );
  // The last first: what stands before another stays where it is.
  for (const { select, from, end } of clauses(nodes).toReversed()) {
    const clause = nodes.slice(from, end);
    if (!merges(clause)) continue;
    const inside = splitAtCommas(result.slice(from, end));
    const parts: Part[] = [];
    for (const [at, part] of splitAtCommas(clause).entries())
      parts.push(await joined(part, inside[at] ?? part, relations));
    const token = nodes[select] as Node;
    const moved = parts.some((part) => part.inner || (part.moved && parts.length > 1));
    if (moved && hasBareStar(nodes.slice(select + 1, from - 1)))
      throw unsupported(
        'SELECT * of a join that merges columns, in parentheses or a list of tables',
        startOf(token),
        'Name the columns.',
      );
    const paths = splitAtCommas(clause).flatMap(schemaPaths);
    result = [
      ...result.slice(0, select),
      ...withoutSchemas(result.slice(select, from), paths),
      ...parts.flatMap((part, at) => [
        ...(at === 0 ? [] : newNodes(',', startOf(token))),
        ...withoutSchemas(part.nodes, paths),
      ]),
      ...withoutSchemas(result.slice(end), paths),
    ];
  }
  return result;
}

/** `schema.table` of the tables that have no other name. */
function schemaPaths(part: readonly Node[]): readonly (readonly string[])[] {
  const paths: (readonly string[])[] = [];
  for (let at = 0; at < part.length;) {
    const end = endOfTable(part, afterWords(part, at));
    const path = pathOf(significant(part.slice(afterWords(part, at), end)));
    if (path && path.length > 1) paths.push(path.slice(-2));
    at = nextJoin(part, end);
  }
  return paths;
}

/** `table.column` for `schema.table.column`: what is checked stands in a query that has the table's name alone. */
function withoutSchemas(nodes: readonly Node[], paths: readonly (readonly string[])[]): readonly Node[] {
  if (paths.length === 0) return nodes;
  const isColumn = (at: number): boolean => {
    const [schema, dot, table, second] = nodes.slice(at, at + 4);
    if (!isName(schema) || !isName(table) || !isSymbol(dot, '.') || !isSymbol(second, '.')) return false;
    return paths.some(([one, other]) => one === nameOf(schema) && other === nameOf(table));
  };
  return nodes.flatMap((node, at): readonly Node[] => {
    if (isGroup(node)) return [{ ...node, items: withoutSchemas(node.items, paths) }];
    return isColumn(at) || (at > 0 && isColumn(at - 1)) ? [] : [node];
  });
}

function hasBareStar(list: readonly Node[]): boolean {
  return splitAtCommas(list).some((item) => {
    const [only, ...more] = significant(item);
    return isSymbol(only, '*') && (more.length === 0 || isWord(more[0], 'EXCLUDE'));
  });
}

/** One table, or several that are joined. */
interface Part {
  readonly nodes: readonly Node[];
  readonly range: Range;
  /** Whether merged columns come before others that DuckDB puts before them. */
  readonly moved: boolean;
  /** Whether such are in parentheses. */
  readonly inner: boolean;
}

/** A table of a join, with what is written around it. */
interface Side {
  /** `LEFT JOIN` */
  readonly join: readonly Node[];
  readonly table: readonly Node[];
  /** `ON …`, `USING (…)` */
  readonly condition: readonly Node[];
  readonly range: Range;
  /** The columns that are merged with others. */
  readonly keys: Set<string>;
}

const NOTHING: Range = { items: [], columns: undefined };

/** `inside` are the same nodes, the queries in them rewritten. */
async function joined(part: readonly Node[], inside: readonly Node[], relations: Relations): Promise<Part> {
  const sides: Side[] = [];
  const merged = new Set<string>();
  let range = NOTHING;
  let [moved, inner] = [false, false];
  for (let at = 0; at < part.length;) {
    const start = afterWords(part, at);
    // DuckDB says what is missing.
    if (start === part.length) return { nodes: inside, range: NOTHING, moved, inner };
    const end = endOfTable(part, start);
    const next = nextJoin(part, end);
    const words = part.slice(at, start);
    let table = inside.slice(start, end);
    const [first] = significant(part.slice(start, end));
    if (isParenthesis(first) && !isQuery(first) && merges(first.items)) {
      const within = await joined(first.items, first.items, relations);
      table = table.map((node) =>
        isParenthesis(node) && node.open === first.open ? { ...node, items: within.nodes } : node,
      );
      inner ||= within.moved || within.inner;
    }
    const own = await ranged(bare(part.slice(start, end)), relations);
    const keys = new Set<string>();
    let condition = inside.slice(end, next);
    if (at === 0) range = own;
    else {
      const natural = words.find((node) => isWord(node, 'NATURAL'));
      const names = natural ? common(range.columns, own.columns) : usedBy(part.slice(end, next));
      // Which columns there are cannot be told: DuckDB says what is wrong with it.
      if (names === undefined) return { nodes: inside, range: NOTHING, moved, inner };
      if (natural) condition = [...using(names, natural.at), ...condition];
      for (const name of names) {
        keys.add(name);
        for (const side of merged.has(name) ? [] : sides) side.keys.add(name);
        merged.add(name);
      }
      const { columns } = range;
      moved ||= names.some((name, place) => columns?.[place]?.name !== name);
      range = merge(range, own, names, words.find((node) => isWord(node, 'RIGHT', 'FULL'))?.word);
    }
    sides.push({ join: words.filter((node) => !isWord(node, 'NATURAL')), table, condition, range: own, keys });
    at = next;
  }
  return { nodes: sides.flatMap((side) => [...side.join, ...checked(side), ...side.condition]), range, moved, inner };
}

/** Where the table of a join begins, behind the words of the join. */
function afterWords(nodes: readonly Node[], from: number): number {
  const start = nodes.findIndex((node, at) => at >= from && !isTrivia(node) && !isWord(node, ...JOIN_BEGINS));
  return start < 0 ? nodes.length : start;
}

function endOfTable(nodes: readonly Node[], start: number): number {
  const end = nodes.findIndex((node, at) => at > start && isWord(node, ...JOIN_WORDS) && !isNamePart(nodes, at));
  return end < 0 ? nodes.length : end;
}

function nextJoin(nodes: readonly Node[], from: number): number {
  const next = nodes.findIndex((_node, at) => at >= from && startsJoin(nodes, at) && !isNamePart(nodes, at));
  return next < 0 ? nodes.length : next;
}

function usedBy(condition: readonly Node[]): readonly string[] {
  const [word, list] = significant(condition);
  return isWord(word, 'USING') && isParenthesis(list) ? significant(list.items).filter(isName).map(nameOf) : [];
}

function using(names: readonly string[], at: number): readonly Node[] {
  return newNodes(names.length === 0 ? ' ON true ' : ` USING (${names.map(identifier).join(', ')}) `, at);
}

/** A table whose texts are looked at where they are merged with others: `(SELECT * REPLACE (rs_merged(k) AS k) FROM t) AS t`. */
function checked({ table, range, keys }: Side): readonly Node[] {
  const [item, ...more] = range.items;
  const columns = item?.columns?.filter(
    ({ name, origin }) => keys.has(name) && !SYSTEM_SCHEMAS.has(origin?.schema ?? ''),
  );
  if (item?.alias === undefined || more.length > 0 || !columns || columns.length === 0) return table;
  if (table.some((node) => isWord(node, 'PIVOT', 'UNPIVOT', 'AT', 'TABLESAMPLE'))) return table;
  const names = columns.map(({ name }) => identifier(name));
  const values = names.map((name) => `${CHECK}(${name}) AS ${name}`).join(', ');
  const at = startOf(significant(table)[0] as Node);
  // One piece, which is left as it is.
  const head = `SELECT * REPLACE (${values}) FROM `;
  const query = newNodes(`() AS ${identifier(item.alias)} `, at);
  return query.map((node) =>
    isGroup(node) ? { ...node, items: [{ type: 'symbol', text: head, word: head, at }, ...table] } : node,
  );
}

const CHECK = 'rs_merged';

export const MERGING_MACROS: readonly string[] = [
  `${CHECK}(x) AS CASE WHEN typeof(x) = 'JSON' AND NOT rs.main.rs_super_plain(x) THEN error('rs:${SQLSTATE.notSupported}:USING and NATURAL JOIN of SUPER values are not supported here: write JOIN … ON a.x = b.x;') WHEN starts_with(typeof(x), 'VARCHAR') AND suffix(CAST(x AS VARCHAR), ' ') THEN error('rs:${SQLSTATE.notSupported}:USING and NATURAL JOIN of texts that end with blanks are not supported here: write JOIN … ON a.x = b.x;') ELSE x END`,
];

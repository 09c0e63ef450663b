import { TEMPORARY_SCHEMA } from '../catalog/relation-views.ts';
import { inlineRelation, SYSTEM_SCHEMAS, systemRelation } from '../catalog/system-relations.ts';
import { readTable } from './attributes.ts';
import { AFTER_FROM, AFTER_SELECT_LIST, SET_OPERATIONS } from './clause-words.ts';
import { aliasOf, withoutAlias } from './column-names.ts';
import { isTrivia, lex, nameOf, type NameCases } from './lexer.ts';
import { qualified } from './names.ts';
import {
  columnAt,
  pathOf,
  ranged,
  renamed,
  type KnownColumn,
  type OriginColumn,
  type OriginColumns,
  type Range,
  type Relations,
} from './query-ranges.ts';
import {
  bare,
  isName,
  isNamePart,
  isParenthesis,
  isSymbol,
  isWord,
  splitAtCommas,
  tree,
  type Group,
  type Node,
} from './token-tree.ts';
import { textTypeOf, type TextType } from './text-types.ts';
import type { Database } from './translation.ts';
import { MAX_VARCHAR, readType } from './types.ts';

/**
 * Which columns of relations the columns of a SELECT's result are, by position: PostgreSQL's rule, by which a plain reference keeps its
 * origin through subqueries and common table expressions, a view is a relation of its own, and whatever is computed, or comes out of a set
 * operation, has none. Read from the statement and the catalogue, without a look at the plan: nothing that is not remembered is asked.
 * `names` are the result's columns.
 */
export async function knownColumns(
  database: Database,
  sql: string,
  names: readonly string[],
  cases: NameCases,
): Promise<readonly KnownColumn[]> {
  const all = tree(lex(sql, cases).filter((token) => !isTrivia(token)));
  const semicolon = all.findIndex((node) => isSymbol(node, ';'));
  const columns = await columnsOfQuery(semicolon < 0 ? all : all.slice(0, semicolon), relationsOf(database));
  // Where the result is another one than was read here, nothing is said rather than something wrong.
  const same =
    columns?.length === names.length &&
    columns.every(({ name, origin }, at) => origin === undefined || name.toLowerCase() === names[at]?.toLowerCase());
  return same ? columns : [];
}

/** What names stand for outside of any query. */
export function relationsOf(database: Database): Relations {
  return { database, queries: new Map(), columnsOf: columnsOfQuery, relation: columnsOfRelation };
}

/** What names stand for in the queries among nodes: what they do around them and, behind a WITH, its common table expressions. */
export async function withCommonTables(nodes: readonly Node[], outer: Relations): Promise<Relations> {
  const begins = nodes.findIndex((node) => isWord(node, 'WITH', 'SELECT'));
  if (!isWord(nodes[begins], 'WITH')) return outer;
  return (await withoutCommonTables(bare(nodes.slice(begins)), outer)).relations;
}

/** Of a query without spaces and comments. */
async function columnsOfQuery(given: readonly Node[], outer: Relations): Promise<OriginColumns> {
  const { nodes, relations } = await withoutCommonTables(given, outer);
  const [first, second] = nodes;
  if (isParenthesis(first) && (second === undefined || isWord(second, 'ORDER', 'LIMIT')))
    return columnsOfQuery(first.items, relations);
  const operation = nodes.findIndex((node) => isWord(node, ...SET_OPERATIONS));
  if (operation >= 0) {
    const columns = await columnsOfQuery(nodes.slice(0, operation), relations);
    return columns?.map(({ name }) => ({ name }));
  }
  if (!isWord(first, 'SELECT')) return undefined;
  let start = 1;
  while (isWord(nodes[start], 'ALL', 'DISTINCT')) start++;
  if (isWord(nodes[start], 'TOP')) start += 2;
  const length = nodes
    .slice(start)
    .findIndex((node, at) => isWord(node, ...AFTER_SELECT_LIST) && !isNamePart(nodes, start + at));
  const end = length < 0 ? nodes.length : start + length;
  const range = isWord(nodes[end], 'FROM')
    ? await ranged(fromClause(nodes.slice(end + 1)), relations)
    : { items: [], columns: [] };
  const columns: OriginColumn[] = [];
  for (const item of splitAtCommas(nodes.slice(start, end))) {
    const some = columnsOfItem(item, range);
    if (some === undefined) return undefined;
    columns.push(...some);
  }
  return columns;
}

/** The FROM clause that begins the nodes: what stands before the next clause. */
export function fromClause(nodes: readonly Node[]): readonly Node[] {
  const end = nodes.findIndex((node, at) => isWord(node, ...AFTER_FROM) && !isNamePart(nodes, at));
  return end < 0 ? nodes : nodes.slice(0, end);
}

async function withoutCommonTables(
  nodes: readonly Node[],
  outer: Relations,
): Promise<{ readonly nodes: readonly Node[]; readonly relations: Relations }> {
  if (!isWord(nodes[0], 'WITH')) return { nodes, relations: outer };
  const queries = new Map(outer.queries);
  const relations: Relations = { ...outer, queries };
  const recursive = isWord(nodes[1], 'RECURSIVE');
  let at = recursive ? 2 : 1;
  for (;;) {
    const name = nodes[at];
    if (!isName(name)) break;
    const named = isParenthesis(nodes[at + 1]) ? (nodes[at + 1] as Group) : undefined;
    const query = nodes.slice(at).findIndex((node, index) => index > 1 && isParenthesis(node) && node !== named);
    const group = nodes[at + query];
    if (query < 0 || !isParenthesis(group)) break;
    const columns = recursive ? undefined : await columnsOfQuery(group.items, relations);
    queries.set(nameOf(name), renamed(columns, named));
    at += query + 1;
    if (!isSymbol(nodes[at], ',')) break;
    at++;
  }
  return { nodes: nodes.slice(at), relations };
}

/** The columns one item of a SELECT list makes: several for a star. */
function columnsOfItem(item: readonly Node[], range: Range): OriginColumns {
  if (item.some((node) => isWord(node, 'EXCLUDE'))) return undefined;
  const star = isSymbol(item.at(-1), '*');
  if (star && item.length === 1) return range.columns;
  if (star && isSymbol(item.at(-2), '.')) {
    const path = pathOf(item.slice(0, -2));
    return path && range.items.find(({ alias }) => alias === path.at(-1))?.columns;
  }
  const alias = aliasOf(item);
  const value = withoutAlias(item);
  const path = pathOf(unwrapped(value));
  const name = alias ? nameOf(alias.token) : (path?.at(-1) ?? '');
  return [path === undefined ? { name, text: castText(value) } : { ...columnAt(path, range), name }];
}

/** The type of `value::varchar(20)` and `CAST(value AS char(3))`, where the length is written. */
function castText(nodes: readonly Node[]): TextType | undefined {
  const [word, group] = nodes;
  if (nodes.length === 2 && isWord(word, 'CAST') && isParenthesis(group)) {
    const as = group.items.findLastIndex((node) => isWord(node, 'AS'));
    return as < 0 ? undefined : typeAt(group.items, as + 1);
  }
  const cast = nodes.findLastIndex((node) => isSymbol(node, '::'));
  const operand = nodes.slice(0, Math.max(0, cast));
  // Of an operator's last operand only.
  if (cast < 0 || operand.some((node) => node.type === 'symbol' && node.text !== '.' && node.text !== '::'))
    return undefined;
  return operand.some((node) => isWord(node, 'AND', 'OR', 'NOT', 'IS', 'IN', 'LIKE', 'CASE'))
    ? undefined
    : typeAt(nodes, cast + 1);
}

function typeAt(nodes: readonly Node[], at: number): TextType | undefined {
  const read = readType(nodes, at);
  if (!read || read.end !== nodes.length) return undefined;
  const { name, length, explicit } = read.type;
  return explicit && length !== undefined && (name === 'varchar' || name === 'bpchar') ? { name, length } : undefined;
}

function unwrapped(nodes: readonly Node[]): readonly Node[] {
  const [only] = nodes;
  return nodes.length === 1 && isParenthesis(only) ? unwrapped(only.items) : nodes;
}

/** Of a table, a view or a system relation. */
async function columnsOfRelation(path: readonly string[], database: Database): Promise<OriginColumns> {
  const name = qualified(path);
  const system = systemQuery(path);
  if (system !== undefined) {
    const rows = await database.query(`DESCRIBE SELECT * FROM ${system.query}`, 'system');
    const origin = { schema: system.schema, table: name.name, nullable: true };
    // How long a text of theirs is nobody has declared.
    const text: TextType = { name: 'varchar', length: MAX_VARCHAR };
    return rows.map(([column, type]) => ({
      name: String(column).toLowerCase(),
      origin,
      ...(type === 'VARCHAR' && { text }),
    }));
  }
  const table = await readTable(database, path.length > 2 ? qualified(path.slice(-2)) : name);
  return table?.columns.map(({ name: column, nullable }) => ({
    name: column.toLowerCase(),
    origin: {
      schema: table.temporary ? TEMPORARY_SCHEMA : table.schema,
      table: name.name,
      // A view's columns are never marked as NOT NULL.
      nullable: nullable || table.kind === 'VIEW',
    },
    text: textTypeOf(table.attributes.columns[column.toLowerCase()]?.type ?? ''),
  }));
}

function systemQuery(path: readonly string[]): { readonly schema: string; readonly query: string } | undefined {
  const name = path.at(-1) ?? '';
  const schema = path.at(-2);
  if (schema !== undefined && !SYSTEM_SCHEMAS.has(schema)) return undefined;
  const query =
    schema === undefined ? (inlineRelation(name) ?? systemRelation('pg_catalog', name)) : systemRelation(schema, name);
  return query === undefined ? undefined : { schema: schema ?? 'pg_catalog', query };
}

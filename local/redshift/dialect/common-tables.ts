import { readTable } from './attributes.ts';
import { nameOf, type Token } from './lexer.ts';
import { noSuchRelation, qualified } from './names.ts';
import { RedshiftError } from './redshift-error.ts';
import { isTablePosition } from './table-names.ts';
import { isGroup, isName, isParenthesis, isSymbol, isWord, significant, type Group, type Node } from './token-tree.ts';
import type { Database } from './translation.ts';

/**
 * A common table expression sees those before it: a name that comes later is a table's
 * (https://docs.aws.amazon.com/redshift/latest/dg/r_WITH_clause.html). DuckDB takes the later one where there is no such table.
 */
export function namesLaterTables(nodes: readonly Node[]): boolean {
  return laterTables(nodes).length > 0;
}

/** The same nodes. @throws RedshiftError where there is no such table. */
export async function withoutLaterTables(nodes: readonly Node[], database: Database): Promise<readonly Node[]> {
  for (const token of laterTables(nodes)) {
    const name = qualified([nameOf(token)], token.at);
    if ((await readTable(database, name)) !== undefined) continue;
    const { code, message } = noSuchRelation(name);
    throw new RedshiftError(code, message, {
      position: token.at,
      hint: 'A common table expression sees only those that stand before it.',
    });
  }
  return nodes;
}

/** Names of tables, in common table expressions, that are those of later ones, and of none around the query. */
function laterTables(nodes: readonly Node[], around: readonly string[] = []): readonly Token[] {
  const tables = commonTables(significant(nodes));
  const known = tables.length === 0 ? around : [...around, ...tables.map(({ name }) => name)];
  const inside = nodes.filter(isGroup).flatMap(({ items }) => laterTables(items, known));
  const outside = tables.flatMap(({ query }, at) => {
    const later = new Set(tables.slice(at + 1).map(({ name }) => name));
    for (const name of [...around, ...tables.slice(0, at + 1).map((table) => table.name)]) later.delete(name);
    return later.size === 0 ? [] : tablesIn(query.items, later);
  });
  return [...outside, ...inside];
}

interface CommonTable {
  readonly name: string;
  readonly query: Group;
}

/** `WITH a AS (…), b (columns) AS (…)`, if nodes without spaces begin with it. */
function commonTables(nodes: readonly Node[]): readonly CommonTable[] {
  const begins = nodes.findIndex((node) => isWord(node, 'WITH', 'SELECT'));
  if (!isWord(nodes[begins], 'WITH') || isWord(nodes[begins + 1], 'RECURSIVE')) return [];
  const tables: CommonTable[] = [];
  for (let at = begins + 1; isName(nodes[at]);) {
    const name = nodes[at] as Token;
    const as = at + (isParenthesis(nodes[at + 1]) ? 2 : 1);
    const query = nodes[as + 1];
    if (!isWord(nodes[as], 'AS') || !isParenthesis(query)) break;
    tables.push({ name: nameOf(name), query });
    if (!isSymbol(nodes[as + 2], ',')) break;
    at = as + 3;
  }
  return tables;
}

function tablesIn(nodes: readonly Node[], names: ReadonlySet<string>): readonly Token[] {
  const own = new Set(commonTables(significant(nodes)).map(({ name }) => name));
  const left = own.size === 0 ? names : new Set([...names].filter((name) => !own.has(name)));
  return nodes.flatMap((node, at) => {
    if (isGroup(node)) return tablesIn(node.items, left);
    return isName(node) && left.has(nameOf(node)) && !isSymbol(nodes[at + 1], '.') && isTablePosition(nodes, at)
      ? [node]
      : [];
  });
}

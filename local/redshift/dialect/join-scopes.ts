import { JOIN_BEGINS, NO_ALIAS } from './clause-words.ts';
import { fromClause } from './column-origins.ts';
import { nameOf, type Token } from './lexer.ts';
import { isQuery } from './query-groups.ts';
import { startsJoin } from './query-ranges.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { isGroup, isName, isSymbol, isWord, significant, splitAtCommas, type Node } from './token-tree.ts';

/**
 * Refuses `FROM a, b JOIN c ON a.x = c.x`: a join binds tighter than a comma, and its condition knows its own tables only, where DuckDB looks at
 * those before it, too. Nothing is said of the elements of arrays, which are of what stands before them. `nodes` are those behind FROM.
 * https://www.postgresql.org/docs/8.0/queries-table-expressions.html
 */
export function refuseForeignTables(nodes: readonly Node[]): void {
  const parts = splitAtCommas(fromClause(nodes)).map(significant);
  if (parts.length < 2) return;
  const before = new Set<string>();
  for (const part of parts) {
    const tables = tablesOf(part);
    if (tables.some(({ path }) => path === undefined || (path.length > 1 && before.has(path[0] ?? '')))) return;
    const own = new Set(tables.map(({ name }) => name));
    for (const token of conditionsOf(part).flatMap(namesOfTables)) {
      const name = nameOf(token);
      if (before.has(name) && !own.has(name))
        throw new RedshiftError(SQLSTATE.undefinedTable, `invalid reference to FROM-clause entry for table "${name}"`, {
          position: token.at,
          hint: `There is an entry for table "${name}", but it cannot be referenced from this part of the query.`,
        });
    }
    for (const name of own) before.add(name);
  }
}

interface Table {
  readonly name: string;
  /** Empty for a query; undefined for joins in parentheses. */
  readonly path: readonly string[] | undefined;
}

function tablesOf(part: readonly Node[]): readonly Table[] {
  const starts = part.flatMap((node, at) => (isWord(node, 'JOIN') ? [at + 1] : []));
  return [0, ...starts].map((start): Table => {
    const first = part[start];
    if (isGroup(first) && !isQuery(first)) return { name: '', path: undefined };
    const path: string[] = [];
    let at = start;
    if (isGroup(first)) at++;
    else {
      for (let node = part[at]; isName(node); node = part[at]) {
        path.push(nameOf(node));
        at++;
        if (!isSymbol(part[at], '.')) break;
        at++;
      }
      // A function's rows.
      if (isGroup(part[at])) at++;
    }
    if (isWord(part[at], 'AS')) at++;
    const alias = part[at];
    return { name: isName(alias) && !isWord(alias, ...NO_ALIAS) ? nameOf(alias) : (path.at(-1) ?? ''), path };
  });
}

/** What stands behind each ON. */
function conditionsOf(part: readonly Node[]): readonly (readonly Node[])[] {
  return part.flatMap((node, on) => {
    if (!isWord(node, 'ON')) return [];
    const rest = part.slice(on + 1);
    const end = rest.findIndex((word, at) => isWord(word, ...JOIN_BEGINS) && startsJoin(rest, at));
    return [end < 0 ? rest : rest.slice(0, end)];
  });
}

/** The tables that columns are said to be of. */
function namesOfTables(condition: readonly Node[]): readonly Token[] {
  const nodes = significant(condition);
  return nodes.flatMap((node, at): readonly Token[] => {
    if (isGroup(node)) return isQuery(node) ? [] : namesOfTables(node.items);
    if (!isName(node) || !isSymbol(nodes[at + 1], '.') || isSymbol(nodes[at - 1], '.')) return [];
    const second = nodes[at + 2];
    return isSymbol(nodes[at + 3], '.') && isName(second) ? [second] : [node];
  });
}

import { readTable, type StoredTable } from '../attributes.ts';
import { AFTER_FROM } from '../clause-words.ts';
import { rewrite } from '../expressions.ts';
import { type Fragment, join } from '../fragment.ts';
import { identifier, nameOf } from '../lexer.ts';
import { readName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import {
  isGroup,
  isName,
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  startOf,
  textOf,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import type { Draft } from '../typing.ts';
import { steps, type Statement } from './statement.ts';
import { withAssignments } from './stored-values.ts';
import { refuseChange } from './view-rules.ts';

/**
 * `MERGE INTO t USING s ON … WHEN MATCHED THEN … WHEN NOT MATCHED THEN INSERT …`, or `… REMOVE DUPLICATES`.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_MERGE.html
 */
export function merge({ nodes: all, sql }: Statement): (database: Database) => Promise<readonly Step[]> {
  const nodes = significant(all);
  const target = readName(nodes, 2);
  const removeAt = nodes.findIndex((node) => isWord(node, 'REMOVE'));
  const using = nodes.findIndex((node) => isWord(node, 'USING'));
  const on = nodes.findIndex((node, index) => index > using && isWord(node, 'ON'));
  if (using < 0 || on < 0) throw syntaxError(undefined, sql.length);
  const renamed = nodes[target.end];
  if (renamed !== undefined && renamed !== nodes[using]) throw syntaxError(textOf([renamed]), startOf(renamed));
  const source = sourceOf(nodes.slice(using + 1, on), target.name.name);
  const when = nodes.findIndex((node, index) => isWord(node, 'WHEN') && isWord(nodes[index + 1], 'MATCHED', 'NOT'));
  const also = nodes.find((node, index) => index > when && isWord(node, 'AND') && isWord(nodes[index - 1], 'MATCHED'));
  if (when < 0 && removeAt < 0) throw syntaxError(undefined, sql.length);
  if (when >= 0 && also !== undefined) throw syntaxError(textOf([also]), startOf(also));
  refuseParts(nodes.slice(on + 1), new Set([source.name, target.name.name]));
  const condition = rewrite(
    all.slice(all.indexOf(nodes[on] as Node) + 1, all.indexOf(nodes[removeAt >= 0 ? removeAt : when] as Node)),
  );
  const named: Fragment = [source.rows, ` AS ${source.alias}`];
  // Two source rows for one target row: Redshift refuses, DuckDB would take the last.
  const duplicates: Fragment = [
    `SELECT CASE WHEN max(n) > 1 THEN error('rs:21000:Found multiple matches to update the same tuple.') END FROM (SELECT count(*) AS n FROM `,
    join([target.name.sql, named], ' JOIN '),
    ' ON ',
    condition,
    ` GROUP BY ${identifier(target.name.name)}.rowid)`,
  ];
  const plain: Draft | undefined = removeAt < 0 ? { statement: rewrite(all) } : undefined;
  const changes = (table: StoredTable | undefined): readonly Draft[] =>
    plain
      ? [{ statement: duplicates }, table ? { statement: withAssignments(all, table) } : plain]
      : [
          { statement: ['DELETE FROM ', target.name.sql, ' USING ', named, ' WHERE ', condition] },
          { statement: [`INSERT INTO ${target.name.sql} SELECT * FROM `, named] },
        ];
  return async (database) => {
    const table = await readTable(database, target.name);
    refuseChange(table, target.name);
    if (table?.kind === 'VIEW')
      throw new RedshiftError(SQLSTATE.wrongObjectType, 'cannot update a view', { position: target.name.position });
    return steps(changes(table), sql, database);
  };
}

interface Source {
  /** A table, a view, or a query in parentheses. */
  readonly rows: Fragment;
  /** What its rows are called: with the names of its columns where it gives them. */
  readonly alias: string;
  readonly name: string;
}

/** What stands between USING and ON: `s [[AS] alias]`, `(SELECT …) [AS] alias`. */
function sourceOf(nodes: readonly Node[], target: string): Source {
  const [first] = nodes;
  const query = isParenthesis(first) ? first : undefined;
  const table = query ? undefined : readName(nodes, 0);
  const after = nodes.slice(table?.end ?? 1);
  const [alias, ...more] = isWord(after[0], 'AS') ? after.slice(1) : after;
  const [list] = more;
  const wrong = alias !== undefined && !isName(alias) ? alias : more[isParenthesis(list) ? 1 : 0];
  if (wrong || (query && alias === undefined))
    throw syntaxError(wrong && textOf([wrong]).slice(0, 40), startOf(wrong ?? (first as Node)));
  if (query && reads(query.items, target))
    throw new RedshiftError(
      SQLSTATE.notSupported,
      'Source view/subquery in Merge statement cannot reference target table.',
      { position: startOf(query) },
    );
  return {
    rows: query ? rewrite([query]) : (table?.name.sql ?? ''),
    alias: alias === undefined ? identifier(table?.name.name ?? '') : textOf(list ? [alias, list] : [alias]),
    name: isName(alias) ? nameOf(alias) : (table?.name.name ?? ''),
  };
}

/** Whether a query, or a part of a FROM clause, has a table of this name. */
function reads(query: readonly Node[], table: string, within = false): boolean {
  const nodes = significant(query);
  let inFrom = within;
  return nodes.some((node, at) => {
    if (isGroup(node)) return reads(node.items, table, inFrom);
    if (isWord(node, 'FROM', 'JOIN')) inFrom = true;
    else if (isWord(node, 'SELECT', 'ON', ...AFTER_FROM)) inFrom = false;
    if (!inFrom || !isName(node) || nameOf(node) !== table || isSymbol(nodes[at + 1], '.')) return false;
    let start = at;
    while (isSymbol(nodes[start - 1], '.')) start -= 2;
    const before = nodes[start - 1];
    return before === undefined || before.type === 'symbol' || isWord(before, 'FROM', 'JOIN');
  });
}

/** `source.value[0]` and `source.value.name`: SUPER columns are taken whole. */
function refuseParts(nodes: readonly Node[], tables: ReadonlySet<string>): void {
  for (const [at, node] of nodes.entries()) {
    if (isParenthesis(node)) refuseParts(significant(node.items), tables);
    const before = nodes[at - 1];
    const element = isGroup(node) && node.open.text === '[' && isName(before) && !isWord(before, 'ARRAY');
    const path =
      isName(node) &&
      tables.has(nameOf(node)) &&
      !isSymbol(before, '.') &&
      [1, 3].every((next) => isSymbol(nodes[at + next], '.'));
    if (element || path)
      throw new RedshiftError(
        SQLSTATE.notSupported,
        'Partial reference of SUPER column is not supported in MERGE statement.',
        { position: startOf(node) },
      );
  }
}

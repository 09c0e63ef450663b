import { identifier, nameOf } from '../lexer.ts';
import { readName, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { inParentheses, newNodes } from '../new-nodes.ts';
import { isName, isSymbol, isWord, significant, startOf, type Node } from '../token-tree.ts';

/**
 * An UPDATE whose FROM names its target again and whose conditions do not name the target itself: the row that is joined is the one that is
 * updated, where PostgreSQL would update every row for each that is found. An outer join to it is refused.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_Examples_of_UPDATE_statements.html
 */
export function joinedToItself(nodes: readonly Node[], target: QualifiedName, called: string): readonly Node[] {
  const set = nodes.findIndex((node) => isWord(node, 'SET'));
  const from = nodes.findIndex((node, at) => at > set && isWord(node, 'FROM'));
  if (from < 0) return nodes;
  const found = nodes.findIndex((node, at) => at > from && isWord(node, 'WHERE'));
  const where = found < 0 ? nodes.length : found;
  const again = aliasOf(significant(nodes.slice(from + 1, where)), target);
  if (again === undefined || namesRelation(nodes.slice(from + 1), called)) return nodes;
  const outer = nodes.slice(from, where).find((node) => isWord(node, 'LEFT', 'RIGHT', 'FULL'));
  if (outer)
    throw new RedshiftError(SQLSTATE.notSupported, 'Target table must be part of an equijoin predicate', {
      position: startOf(outer),
      hint: 'Put the outer join into a query in FROM.',
    });
  const at = startOf(nodes[from] as Node);
  const same = newNodes(` ${identifier(called)}.rowid = ${identifier(again)}.rowid `, at);
  if (found < 0) return [...nodes, ...newNodes(' WHERE', at), ...same];
  return [
    ...nodes.slice(0, found + 1),
    ...same,
    ...newNodes('AND ', at),
    inParentheses(nodes.slice(found + 1), startOf(nodes[found] as Node)),
  ];
}

/** What the target is called in a FROM clause, where it has another name there. */
function aliasOf(from: readonly Node[], target: QualifiedName): string | undefined {
  for (let at = 0; at < from.length; at++) {
    if (at > 0 && !isSymbol(from[at - 1], ',') && !isWord(from[at - 1], 'JOIN')) continue;
    if (!isName(from[at])) continue;
    const { name, end } = readName(from, at);
    if (name.name !== target.name || (name.schema ?? target.schema) !== (target.schema ?? name.schema)) continue;
    const alias = from[end + (isWord(from[end], 'AS') ? 1 : 0)];
    if (isName(alias) && !isWord(alias, 'JOIN', 'ON', 'CROSS', 'INNER', 'LEFT', 'RIGHT', 'FULL', 'NATURAL'))
      return nameOf(alias);
  }
  return undefined;
}

/** Whether a column of a relation is named with it: `relation.column`. */
function namesRelation(nodes: readonly Node[], relation: string): boolean {
  const own = significant(nodes);
  return own.some(
    (node, at) =>
      (isName(node) && nameOf(node) === relation && isSymbol(own[at + 1], '.')) ||
      (node.type === 'group' && namesRelation(node.items, relation)),
  );
}

import { AFTER_FROM } from './clause-words.ts';
import { nameOf } from './lexer.ts';
import { isName, isParenthesis, isSymbol, isWord, significant, type Node } from './token-tree.ts';

/**
 * The columns that joins with USING merge, in the order in which they come before all others of a `*`: those of the last join first. DuckDB
 * leaves each where the left table has it. `nodes` begin with FROM; a list of several tables keeps its order.
 * https://www.postgresql.org/docs/8.0/queries-table-expressions.html
 */
export function mergedColumns(nodes: readonly Node[]): readonly string[] {
  const [from, ...rest] = significant(nodes);
  if (!isWord(from, 'FROM')) return [];
  const end = rest.findIndex((node) => isWord(node, ...AFTER_FROM) || isSymbol(node, ';'));
  const clause = end < 0 ? rest : rest.slice(0, end);
  if (clause.some((node) => isSymbol(node, ','))) return [];
  const merged = clause.flatMap((node, at) => {
    const list = clause[at + 1];
    return isWord(node, 'USING') && isParenthesis(list) ? [significant(list.items).filter(isName).map(nameOf)] : [];
  });
  return [...new Set(merged.toReversed().flat())];
}

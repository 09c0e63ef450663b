import { SET_OPERATIONS } from './clause-words.ts';
import { directed, key } from './comparisons.ts';
import type { Fragment } from './fragment.ts';
import { superKeys } from './ordered-values.ts';
import { pathOf } from './query-ranges.ts';
import type { Reader } from './reader.ts';
import { noneIsPadded } from './set-operations.ts';
import type { WindowTexts } from './text-keys.ts';
import { isGroup, isSymbol, isWord, significant, type Node } from './token-tree.ts';
import { isQuery } from './query-groups.ts';

/** Nothing where there is no window, where rows are grouped before it, or where a condition would have to be taken apart. */
export function windowTexts(branch: readonly Node[], aliases: ReadonlySet<string>): WindowTexts | undefined {
  if (!hasWindow(branch) || !branch.some((node) => isWord(node, 'FROM'))) return undefined;
  if (branch.some((node) => isWord(node, 'GROUP', 'HAVING', 'CONNECT', 'START', 'PIVOT', 'UNPIVOT'))) return undefined;
  const where = branch.findIndex((node) => isWord(node, 'WHERE'));
  // OR binds less than the AND that would come before it.
  if (where >= 0 && branch.slice(where).some((node) => isWord(node, 'OR'))) return undefined;
  return { aliases, columns: new Map(), hasWhere: where >= 0 };
}

/** What belongs to the query whose list begins at a place. */
export function branchAt(nodes: readonly Node[], start: number): readonly Node[] {
  const rest = nodes.slice(start);
  const end = rest.findIndex((node) => isWord(node, ...SET_OPERATIONS) || isSymbol(node, ';'));
  return end < 0 ? rest : rest.slice(0, end);
}

function hasWindow(nodes: readonly Node[]): boolean {
  return nodes.some((node) => (isGroup(node) ? !isQuery(node) && hasWindow(node.items) : isWord(node, 'OVER')));
}

/** A key of a window of a query that is not grouped; with its `direction` one of ORDER BY. */
export function textKey(reader: Reader, value: readonly Node[], direction?: Fragment): Fragment {
  const texts = reader.windowTexts;
  const expression = reader.expression(value);
  const path = pathOf(significant(value));
  if (!texts || !path || (path.length === 1 && texts.aliases.has(path[0] ?? '')))
    return key(expression, direction).fragment;
  return {
    operands: [expression],
    shape: ([column = '']) => directed(column, direction),
    resolve: ([type]) => {
      if (type === 'VARCHAR') texts.columns.set(path.join('.'), expression.fragment);
      else texts.columns.delete(path.join('.'));
      return {
        emit: ([column = '']) => {
          if (type === 'JSON') return direction ? superKeys(column, direction) : ['rs_super_key(', column, ')'];
          const exact: Fragment = ['rs_key(', column, ')'];
          return directed(type === 'VARCHAR' ? { choose: (quickly) => (quickly ? column : exact) } : column, direction);
        },
      };
    },
  };
}

/** What the quick form says in WHERE, with a word before it and one behind it. */
export function refusedBlanks({ columns }: WindowTexts, before: string, after: string): Fragment {
  return {
    choose: (quickly) => (quickly && columns.size > 0 ? [before, ' ', noneIsPadded(columns.values()), ' ', after] : ''),
  };
}

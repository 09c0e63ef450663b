import type { Expression, Fragment } from './fragment.ts';
import { nameFragment } from './names.ts';
import type { Reader } from './reader.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from './redshift-error.ts';
import { isVector } from './catalogue-arrays.ts';
import { shownType } from './types.ts';
import { isGroup, isName, isSymbol, significant, startOf, type Group, type Node } from './token-tree.ts';

/** Paths into SUPER values. https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#navigation */

/** Names and indexes with a point or a bracket among them: a path into a SUPER value, or a column with its table. */
export function isNavigation(nodes: readonly Node[]): boolean {
  const parts = significant(nodes);
  const bracket = (node: Node): boolean => isGroup(node) && node.open.text === '[';
  return (
    parts.some((node) => isSymbol(node, '.') || bracket(node)) &&
    parts.every((node) => isName(node) || isSymbol(node, '.') || bracket(node))
  );
}

/**
 * DuckDB cuts slices out of the text of a value, and counts negative indexes from the end.
 * @throws RedshiftError
 */
export function checkIndex({ items, open }: Group): void {
  const parts = significant(items);
  const colon = parts.find((node) => isSymbol(node, ':'));
  if (colon) throw syntaxError(':', startOf(colon));
  if (isSymbol(parts[0], '-')) throw unsupported('a negative index of an array', open.at, 'The first element is 0.');
}

/** `.a.b` after an element of a SUPER array. https://docs.aws.amazon.com/redshift/latest/dg/query-super.html#navigation */
export function attributesBehind(reader: Reader): Fragment {
  const parts: Fragment[] = [];
  for (;;) {
    const dot = reader.next();
    const name = reader.nodes[reader.next(dot + 1)];
    if (!isSymbol(reader.nodes[dot], '.') || !isName(name)) return parts;
    reader.at = reader.next(dot + 1) + 1;
    parts.push('.', nameFragment(name));
  }
}

/** `[…]` behind a value. */
export interface Subscript {
  /** As it was written, with what stands before and behind it. */
  readonly path: Fragment;
  /** What is in the brackets. */
  readonly index: Fragment;
  readonly position: number;
}

/** `value[…]`. Of a text DuckDB would give a letter, Redshift has elements of SUPER values and of the catalogue's arrays only. */
export function element(value: Expression, { path, index, position }: Subscript): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([v = '']) => [v, path],
      resolve: ([from = '']) => {
        if (isVector(from)) return { emit: ([v = '']) => ['list_extract(', v, ',(', index, ')+1)'] };
        if (from !== 'JSON' && !from.endsWith('[]'))
          throw new RedshiftError(
            SQLSTATE.datatypeMismatch,
            `cannot subscript type ${shownType(from)} because it is not an array`,
            { position },
          );
        return { emit: ([v = '']) => [v, path] };
      },
    },
  };
}

export const SUPER_PATH_MACROS: readonly string[] = [
  // A null in JSON is one, too. What is no SUPER value is not looked at twice: its type is known when the query is bound.
  "rs_is_null(x) AS (x IS NULL OR (typeof(x) = 'JSON' AND CAST(x AS VARCHAR) = 'null'))",
];

import { elementsIn } from './catalogue-arrays.ts';
import { inList } from './comparisons.ts';
import { stringValue, type Token } from './lexer.ts';
import { syntaxError, unsupported } from './redshift-error.ts';
import { isGroup, isWord, significant, splitAtCommas, startOf, textOf, type Group, type Node } from './token-tree.ts';
import type { Expression } from './fragment.ts';

/**
 * `value = ANY (ARRAY[a, b])` and `value <> ALL ('{a,b}')`, as drivers ask the catalogue with an array among their parameters; undefined for
 * what DuckDB reads as it stands, a query or an array of the catalogue.
 *
 * See https://www.postgresql.org/docs/8.0/functions-comparisons.html
 */
export function quantified(
  value: Expression,
  operator: Token,
  quantifier: Token,
  group: Group,
  expression: (nodes: readonly Node[]) => Expression,
): Expression | undefined {
  const items = elements(group, expression);
  if (!items) return undefined;
  const negated = operator.text !== '=';
  if ((negated && operator.text !== '<>' && operator.text !== '!=') || negated !== isWord(quantifier, 'ALL'))
    throw unsupported(`${operator.text} ${quantifier.word} of an array`, operator.at, 'Write the comparisons out.');
  if (items.length === 0) return { type: 'BOOLEAN', fragment: String(negated) };
  return inList(value, items, negated ? ' NOT IN ' : ' IN ', negated, operator.at);
}

function elements(group: Group, expression: (nodes: readonly Node[]) => Expression): readonly Expression[] | undefined {
  const [first, second, third] = significant(group.items);
  if (first?.type === 'string' && !second) return texts(first);
  if (!isWord(first, 'ARRAY') || !isGroup(second) || second.open.text !== '[') return undefined;
  if (third) throw syntaxError(textOf([third]), startOf(third));
  return splitAtCommas(second.items).map(expression);
}

/** The elements of an array that is written as a text: `{a,"b c",NULL}`. */
function texts(token: Token): readonly Expression[] {
  const items = elementsIn(stringValue(token.text));
  if (items === undefined) throw unsupported('ANY of a text that is no array', token.at, "Write it as '{a,b}'.");
  return items.map((item) => ({ type: 'UNKNOWN', fragment: item ?? 'NULL' }));
}

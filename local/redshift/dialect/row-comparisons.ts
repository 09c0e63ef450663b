import { comparison } from './comparisons.ts';
import { type Expression, type Fragment, join } from './fragment.ts';
import type { Token } from './lexer.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';

/** The values of `(a, b)`. */
export type Row = readonly Expression[];

/**
 * `(a, b) = (c, d)`, column by column. DuckDB takes NULL for a value like any other where whole rows are compared.
 * @throws RedshiftError for `<` and its like, which PostgreSQL 8 has other rules for than the standard.
 */
export function rowComparison(left: Row, operator: Token, right: Row): Expression {
  if (operator.text !== '=' && operator.text !== '<>' && operator.text !== '!=')
    throw unsupported(`a comparison of rows with ${operator.text}`, operator.at, 'Write a < c OR a = c AND b < d.');
  return inParentheses(compared(left, operator, right));
}

/** `(a, b) [NOT] IN ((1, 2), (3, 4))` */
export function rowInList(row: Row, list: readonly Row[], negated: boolean, verb: Token): Expression {
  const equal = join(
    list.map((item) => inParentheses(compared(row, equals(verb), item)).fragment),
    ' OR ',
  );
  return inParentheses(negated ? ['NOT (', equal, ')'] : equal);
}

/**
 * `(a, b) [NOT] IN (SELECT …)`: a row that may be equal, for all that NULL tells, is not known not to be there. Where that is `tested` by WHERE
 * and the like, unknown is as good as false, which DuckDB finds much faster.
 */
export function rowInQuery(row: Row, query: Fragment, negated: boolean, tested: boolean, verb: Token): Expression {
  const names = row.map((_value, index) => `rs_${index + 1}`);
  const equal = compared(
    row,
    equals(verb),
    names.map((name) => ({ fragment: `rs_each.${name}` })),
  );
  const where = (condition: Fragment): Fragment => [
    'EXISTS (SELECT 1 FROM ',
    query,
    ` AS rs_each(${names.join(', ')}) WHERE (`,
    equal,
    ')',
    condition,
    ')',
  ];
  const maybe = where(' IS NOT FALSE');
  if (tested) return inParentheses(negated ? ['NOT ', maybe] : where(''));
  return inParentheses([negated ? 'NOT ' : '', '(', where(''), ' OR NULLIF(', maybe, ', true))']);
}

function compared(left: Row, operator: Token, right: Row): Fragment {
  if (left.length !== right.length)
    throw new RedshiftError(SQLSTATE.syntaxError, 'unequal number of entries in row expressions', {
      position: operator.at,
    });
  const pairs = left.map(
    (value, index) =>
      comparison({
        left: value,
        operator,
        right: right[index] ?? value,
        infix: (one, other) => [one, ' ', operator.text, ' ', other],
      }).fragment,
  );
  return join(pairs, operator.text === '=' ? ' AND ' : ' OR ');
}

function equals({ at }: Token): Token {
  return { type: 'symbol', text: '=', at, word: '=' };
}

function inParentheses(fragment: Fragment): Expression {
  return { type: 'BOOLEAN', fragment: ['(', fragment, ')'] };
}

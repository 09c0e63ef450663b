import type { Expression, Fragment, Operation, Resolution } from './fragment.ts';
import type { Token } from './lexer.ts';
import { isFloat } from './numeric-types.ts';
import { rowAsValue } from './query-groups.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';
import { shownType } from './types.ts';

/** `left || right`. https://docs.aws.amazon.com/redshift/latest/dg/r_concat_op.html */
export function concatenation({ left, operator, right, infix }: Operation): Expression {
  // DuckDB makes an integer of a NULL that nothing else is known of, and asks for the type of nothing beside it.
  if (isNull(left) || isNull(right))
    return { fragment: ['CAST(', infix(left.fragment, right.fragment), ' AS VARCHAR)'], type: 'VARCHAR' };
  return {
    fragment: {
      operands: [left, right],
      shape: ([l = '', r = '']) => infix(l, r),
      resolve: ([l = '', r = '']) => resolve(operator, l, r, infix),
    },
  };
}

/** NULL, or a cast of it. */
function isNull({ type, fragment }: Expression): boolean {
  if (type === 'NULL') return true;
  const [operand] = typeof fragment === 'object' && 'operands' in fragment ? fragment.operands : [];
  return type === 'VARCHAR' && operand?.type === 'NULL';
}

/** Bytes, and literals that are read as such. https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_OPERATORS.html */
function bytes(
  operator: Token,
  left: string,
  right: string,
  infix: (left: Fragment, right: Fragment) => Fragment,
): Resolution {
  if (![left, right].every((type) => type === 'BLOB' || type === 'UNKNOWN')) throw noOperator(operator, left, right);
  const read = (value: Fragment, type: string): Fragment => (type === 'BLOB' ? value : ['encode(', value, ')']);
  return { type: 'BLOB', emit: ([l = '', r = '']) => infix(read(l, left), read(r, right)) };
}

function noOperator(operator: Token, left: string, right: string): RedshiftError {
  return new RedshiftError(
    SQLSTATE.undefinedFunction,
    `operator does not exist: ${shownType(left)} || ${shownType(right)}`,
    { position: operator.at, hint: 'You may need to add explicit type casts.' },
  );
}

function resolve(
  operator: Token,
  left: string,
  right: string,
  infix: (left: Fragment, right: Fragment) => Fragment,
): Resolution {
  const plain: Resolution = { emit: ([l = '', r = '']) => infix(l, r) };
  if (left === 'JSON' || right === 'JSON')
    throw unsupported('|| of a SUPER value', operator.at, 'Cast it first: value::varchar.');
  if (left.startsWith('STRUCT') || right.startsWith('STRUCT')) throw rowAsValue(operator.at);
  if ([left, right].some((type) => type.endsWith('[]'))) return plain;
  if (left === 'BLOB' || right === 'BLOB') return bytes(operator, left, right, infix);
  if (left === 'BOOLEAN' || right === 'BOOLEAN') throw noOperator(operator, left, right);
  // Redshift writes no `.0` after a whole float.
  const text = (value: Fragment, type: string): Fragment => {
    if (type === 'INTERVAL') return ['rs_interval_text(', value, ')'];
    return isFloat(type) ? ['rs_float_text(', value, ')'] : value;
  };
  return { type: 'VARCHAR', emit: ([l = '', r = '']) => infix(text(l, left), text(r, right)) };
}

import { type Expression, type Fragment, wrapped } from './fragment.ts';
import type { Token } from './lexer.ts';
import { isNumber } from './numeric-types.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { shownType } from './types.ts';

/** `-value`, `+value`, `@ value`, `|/ value` and `||/ value`. https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html */
export function signed(sign: Token, space: Fragment, operand: Expression): Expression {
  switch (sign.text) {
    case '@':
      return { fragment: ['abs(', operand.fragment, ')'], type: operand.type };
    case '|/':
      return { fragment: ['sqrt(', operand.fragment, ')'], type: 'DOUBLE' };
    case '||/':
      return { fragment: ['rs_cbrt(CAST(', operand.fragment, ' AS DOUBLE))'], type: 'DOUBLE' };
    default:
      break;
  }
  const written = (content: Fragment): Fragment => [sign, space, content];
  return operand.type === undefined ? ofAnyType(sign, operand, written) : wrapped(operand, written);
}

/** A SUPER value that is no number gives NULL. https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html */
function ofAnyType(sign: Token, operand: Expression, written: (content: Fragment) => Fragment): Expression {
  return {
    fragment: {
      operands: [operand],
      shape: ([value = '']) => written(value),
      safeShape: ([value = '']) => ['CAST(', value, ' AS VARCHAR)'],
      resolve: ([type = '']) => {
        if (type === 'JSON')
          return {
            type,
            emit: ([value = '']) => [`rs_super_${sign.text === '-' ? 'subtract' : 'add'}('0',`, value, ')'],
          };
        if (type === 'VARCHAR')
          throw new RedshiftError(
            SQLSTATE.undefinedFunction,
            `operator does not exist: ${sign.text} ${shownType(type)}`,
            { position: sign.at, hint: 'You may need to add explicit type casts.' },
          );
        return {
          type: isNumber(type) || type === 'INTERVAL' ? type : undefined,
          emit: ([value = '']) => written(value),
        };
      },
    },
  };
}

import type { Token } from './lexer.ts';
import type { Expression, Operation } from './typed.ts';

/**
 * Bits of whole numbers, as DuckDB computes them, and of VARBYTE, for which it has no operators.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_OPERATORS.html
 */

const OF_BYTES: Readonly<Record<string, string>> = { '&': 'rs_bytes_and(', '|': 'rs_bytes_or(' };

export const BITWISE = ['&', '|', '<<', '>>'] as const;

/** `left operator right` */
export function bitwise({ left, operator, right, infix }: Operation): Expression {
  return {
    fragment: {
      operands: [left, right],
      shape: ([l = '', r = '']) => infix(l, r),
      safeShape: ([l = '', r = '']) => ['coalesce(CAST(', l, ' AS VARCHAR),CAST(', r, ' AS VARCHAR))'],
      resolve: ([l = '', r = '']) => {
        const name = l === 'BLOB' && r === 'BLOB' ? OF_BYTES[operator.text] : undefined;
        return name === undefined
          ? { emit: ([a = '', b = '']) => infix(a, b) }
          : { type: 'BLOB', emit: ([a = '', b = '']) => [name, a, ',', b, ')'] };
      },
    },
  };
}

/** `~ value` */
export function bitwiseNot(operator: Token, value: Expression): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([v = '']) => [operator, '(', v, ')'],
      safeShape: ([v = '']) => ['CAST(', v, ' AS VARCHAR)'],
      resolve: ([from = '']) =>
        from === 'BLOB'
          ? { type: 'BLOB', emit: ([v = '']) => ['rs_bytes_not(', v, ')'] }
          : { type: from, emit: ([v = '']) => [operator, '(', v, ')'] },
    },
  };
}

export const BITWISE_MACROS: readonly string[] = [
  'rs_bytes_and(a, b) AS CAST(CAST(a AS BIT) & CAST(b AS BIT) AS BLOB)',
  'rs_bytes_or(a, b) AS CAST(CAST(a AS BIT) | CAST(b AS BIT) AS BLOB)',
  'rs_bytes_not(a) AS CAST(~ CAST(a AS BIT) AS BLOB)',
];

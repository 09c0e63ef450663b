import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Expression, Fragment, Operation, Resolution } from './fragment.ts';
import type { Token } from './lexer.ts';
import { shownType } from './types.ts';

/**
 * Bits of whole numbers and of VARBYTE. A shift keeps the type of its left operand and drops the bits that leave it; so many bits as the type
 * has, or fewer than none, are an error here: there the processor decides.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_OPERATOR_SYMBOLS.html and r_VARBYTE_OPERATORS.html
 */

const OF_BYTES: Readonly<Record<string, string>> = { '&': 'rs_bytes_and(', '|': 'rs_bytes_or(', '#': 'rs_bytes_xor(' };

export const BITWISE = ['&', '|', '#', '<<', '>>'] as const;

/** Types with as many bits as are shifted within. */
const WIDTHS: Readonly<Record<string, number>> = { SMALLINT: 16, INTEGER: 32, BIGINT: 64 };

/** `left operator right` */
export function bitwise({ left, operator, right, infix }: Operation): Expression {
  const { text } = operator;
  const written = (l: Fragment, r: Fragment): Fragment => (text === '#' ? ['xor(', l, ',', r, ')'] : infix(l, r));
  return {
    fragment: {
      operands: [left, right],
      // No shift of two literals: it may be too large a one.
      shape: ([l = '', r = '']) => (text === '<<' || text === '>>' ? ['coalesce(', l, ',', r, ')'] : written(l, r)),
      safeShape: ([l = '', r = '']) => ['coalesce(CAST(', l, ' AS VARCHAR),CAST(', r, ' AS VARCHAR))'],
      resolve: ([l = '', r = '']) => {
        if (l === 'BLOB' && r === 'BLOB') {
          const name = OF_BYTES[text];
          if (name !== undefined) return { type: 'BLOB', emit: ([a = '', b = '']) => [name, a, ',', b, ')'] };
        }
        if (text === '<<' || text === '>>') return shift(l, operator, r);
        return { emit: ([a = '', b = '']) => written(a, b) };
      },
    },
  };
}

function shift(left: string, operator: Token, right: string): Resolution {
  const width = WIDTHS[left];
  if (width === undefined || !(right in WIDTHS)) {
    if (left === 'NULL' || right === 'NULL') return { emit: () => 'NULL' };
    throw new RedshiftError(
      SQLSTATE.undefinedFunction,
      `operator does not exist: ${shownType(left)} ${operator.text} ${shownType(right)}`,
      { position: operator.at },
    );
  }
  const name = operator.text === '<<' ? (width === 64 ? 'rs_shift_left_64' : 'rs_shift_left') : 'rs_shift_right';
  return {
    type: left,
    emit: ([a = '', b = '']) => [`CAST(${name}(CAST(`, a, ' AS BIGINT),CAST(', b, ` AS BIGINT),${width}) AS ${left})`],
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

const SHIFT = `CASE WHEN n BETWEEN 0 AND width - 1 THEN CAST(n AS INTEGER) ELSE CAST('rs:22023:a shift by ' || n || ' bits of a value that has ' || width || ';' AS INTEGER) END`;

export const BITWISE_MACROS: readonly string[] = [
  // No bytes have no bits either, which DuckDB does not cast.
  "rs_bytes_and(a, b) AS CASE WHEN a = ''::BLOB AND b = ''::BLOB THEN a ELSE CAST(CAST(a AS BIT) & CAST(b AS BIT) AS BLOB) END",
  "rs_bytes_or(a, b) AS CASE WHEN a = ''::BLOB AND b = ''::BLOB THEN a ELSE CAST(CAST(a AS BIT) | CAST(b AS BIT) AS BLOB) END",
  "rs_bytes_xor(a, b) AS CASE WHEN a = ''::BLOB AND b = ''::BLOB THEN a ELSE CAST(xor(CAST(a AS BIT), CAST(b AS BIT)) AS BLOB) END",
  "rs_bytes_not(a) AS CASE WHEN a = ''::BLOB THEN a ELSE CAST(~ CAST(a AS BIT) AS BLOB) END",
  // The bits above the width are cut off, and the highest that is left is the sign.
  `rs_shift_left(a, n, width) AS ((a * (CAST(1 AS BIGINT) << ${SHIFT}) + (CAST(1 AS BIGINT) << (width - 1))) & ((CAST(1 AS BIGINT) << width) - 1)) - (CAST(1 AS BIGINT) << (width - 1))`,
  `rs_shift_left_64(a, n, width) AS ((CAST(a AS HUGEINT) * (CAST(1 AS HUGEINT) << ${SHIFT}) + (CAST(1 AS HUGEINT) << 63)) & ((CAST(1 AS HUGEINT) << 64) - 1)) - (CAST(1 AS HUGEINT) << 63)`,
  `rs_shift_right(a, n, width) AS a >> ${SHIFT}`,
];

import type { Expression, Fragment, Resolution, Typed } from './fragment.ts';
import type { Token } from './lexer.ts';
import { isFloat } from './numeric-types.ts';

/**
 * Arithmetic with floats. DuckDB makes infinity of what overflows, here as in PostgreSQL it is an error: what is computed is looked at once, where
 * it leaves the sums, products and dividends it is part of.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
 */

/** Arithmetic, and that which is part of more of it, whose infinity would be infinite, too. */
const ARITHMETIC = new WeakSet<Typed>();
const INSIDE = new WeakSet<Typed>();

export const isInside = (typed: Typed): boolean => INSIDE.has(typed);

/** `typed` is arithmetic of these operands. */
export function noteInside(typed: Typed, operator: Token, left: Expression, right: Expression): void {
  if (!['+', '-', '*', '/'].includes(operator.text)) return;
  ARITHMETIC.add(typed);
  for (const { fragment } of operator.text === '/' ? [left] : [left, right])
    if (typeof fragment === 'object' && 'operands' in fragment && ARITHMETIC.has(fragment)) INSIDE.add(fragment);
}

/** Two REALs stay REAL; anything else with a float in it is DOUBLE PRECISION. */
export function floats(
  operator: Token,
  left: string,
  right: string,
  infix: (l: Fragment, r: Fragment) => Fragment,
  inside: boolean,
): Resolution {
  const type = left === 'FLOAT' && right === 'FLOAT' && operator.text !== '^' ? 'FLOAT' : 'DOUBLE';
  const cast = (operand: Fragment, from: string): Fragment =>
    isFloat(from) ? operand : ['CAST(', operand, ' AS DOUBLE)'];
  const computed = ([a = '', b = '']: readonly Fragment[]): Fragment => {
    const [l, r] = [cast(a, left), cast(b, right)];
    switch (operator.text) {
      case '/':
        return ['CAST(rs_div_float(', l, ',', r, `) AS ${type})`];
      case '%':
        return ['CAST(rs_mod(', l, ',', r, `) AS ${type})`];
      default:
        return infix(l, r);
    }
  };
  if (inside || operator.text === '%') return { type, emit: computed };
  return { type, emit: (operands) => [`CAST(rs_finite(`, computed(operands), `) AS ${type})`], grouped: computed };
}

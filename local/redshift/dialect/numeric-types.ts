import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { MAX_PRECISION, MAX_SCALE } from './types.ts';

/** Precision and scale. */
export interface Decimal {
  readonly precision: number;
  readonly scale: number;
}

const INTEGER_DIGITS: Readonly<Record<string, number>> = {
  TINYINT: 3,
  SMALLINT: 5,
  INTEGER: 10,
  BIGINT: 19,
  HUGEINT: 38,
};
const RANK: readonly string[] = ['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'HUGEINT'];

export function decimalOf(type: string): Decimal | undefined {
  const found = /^DECIMAL\((\d+),\s*(\d+)\)$/.exec(type);
  return found ? { precision: Number(found[1]), scale: Number(found[2]) } : undefined;
}

/** Integers count as decimals without a fraction. */
export function asDecimal(type: string): Decimal | undefined {
  const digits = INTEGER_DIGITS[type];
  return digits === undefined ? decimalOf(type) : { precision: digits, scale: 0 };
}

export const isInteger = (type: string): boolean => type in INTEGER_DIGITS;
export const isFloat = (type: string): boolean => type === 'FLOAT' || type === 'DOUBLE';
export const isNumber = (type: string): boolean => isInteger(type) || isFloat(type) || type.startsWith('DECIMAL');

/** The wider of two integer types. */
export function widerInteger(left: string, right: string): string {
  return RANK[Math.max(RANK.indexOf(left), RANK.indexOf(right))] ?? 'BIGINT';
}

export function decimalName({ precision, scale }: Decimal): string {
  return `DECIMAL(${precision},${scale})`;
}

/**
 * The type of `left operator right` for decimals, neither an integer alone.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html
 */
export function decimalResult(operator: string, left: Decimal, right: Decimal): Decimal {
  const { precision: p1, scale: s1 } = left;
  const { precision: p2, scale: s2 } = right;
  switch (operator) {
    case '*':
      return capped(p1 + p2 + 1, s1 + s2);
    case '/': {
      const scale = Math.max(4, s1 + p2 - s2 + 1);
      const precision = p1 - s1 + s2 + scale;
      if (precision <= MAX_PRECISION) return { precision, scale };
      return { precision: MAX_PRECISION, scale: Math.max(MAX_PRECISION + scale - precision, Math.min(4, scale)) };
    }
    default: {
      const scale = Math.max(s1, s2);
      return capped(Math.max(p1 - s1, p2 - s2) + 1 + scale, scale);
    }
  }
}

function capped(precision: number, scale: number): Decimal {
  return { precision: Math.min(precision, MAX_PRECISION), scale: Math.min(scale, MAX_SCALE) };
}

const MAX_INTEGER = 2_147_483_647n;
const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Of a number as it is written. https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_literals201.html */
export function typeOfNumber(text: string): string {
  if (/[eE]/.test(text)) {
    const value = Number(text);
    if (value === Infinity || (value === 0 && /[1-9].*e/i.test(text)))
      throw new RedshiftError(SQLSTATE.numericOverflow, `"${text}" is out of range for type double precision`);
    return 'DOUBLE';
  }
  const [whole = '', fraction = ''] = text.split('.');
  if (!text.includes('.')) {
    const value = BigInt(text);
    if (value <= MAX_INTEGER) return 'INTEGER';
    if (value <= MAX_BIGINT) return 'BIGINT';
  }
  const digits = whole.replace(/^0+/, '').length + fraction.length;
  // DuckDB makes a float of more.
  if (digits > MAX_PRECISION)
    throw new RedshiftError(SQLSTATE.numericOverflow, 'Numeric data overflow (result precision)');
  return decimalName({ precision: Math.max(digits, 1), scale: fraction.length });
}

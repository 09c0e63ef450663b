import type { Fragment, Resolution } from './fragment.ts';
import type { Token } from './lexer.ts';
import { isFloat, isNumber } from './numeric-types.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { shownType } from './types.ts';

/**
 * Arithmetic with SUPER values: each value's own type decides, the result is SUPER, and what is no number gives NULL.
 * A number with an exponent is a float, any other a decimal of the scale it is written with.
 * https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html#arithmetic-opertors
 */

const OPERATIONS: Readonly<Record<string, string>> = {
  '+': 'rs_super_add',
  '-': 'rs_super_subtract',
  '*': 'rs_super_multiply',
  '/': 'rs_super_divide',
  '%': 'rs_super_modulo',
};

/** `left operator right`, one of which is SUPER at least. @throws RedshiftError where Redshift has no such operator. */
export function superArithmetic(operator: Token, left: string, right: string): Resolution {
  const macro = OPERATIONS[operator.text];
  if (macro === undefined || !isOperand(left) || !isOperand(right))
    throw new RedshiftError(
      SQLSTATE.undefinedFunction,
      `operator does not exist: ${shownType(left)} ${operator.text} ${shownType(right)}`,
      { position: operator.at, hint: 'You may need to add explicit type casts.' },
    );
  return {
    type: 'JSON',
    emit: ([a = '', b = '']) => [`${macro}(`, superOf(a, left), ',', superOf(b, right), ')'],
  };
}

const isOperand = (type: string): boolean =>
  ['JSON', 'VARCHAR', 'UNKNOWN', 'NULL', '"NULL"'].includes(type) || isNumber(type);

/** A value of a DuckDB type as SUPER keeps it. */
export function superOf(value: Fragment, type: string): Fragment {
  if (type === 'JSON') return value;
  if (isFloat(type)) return ['rs_super_float(', value, ')'];
  return type.startsWith('DECIMAL') ? ['rs_super_decimal(', value, ')'] : ['to_json(', value, ')'];
}

/** The sum of what is a number, and the least or greatest of values of one type. */
export const SUPER_TOTALS = {
  sum: (value: Fragment, call: (name: string, argument: Fragment) => Fragment): Fragment => [
    'rs_super_total(',
    call('sum', ['rs_super_exact(', value, ')']),
    ',',
    call('max', ['rs_super_digits(', value, ')']),
    ',',
    call('sum', ['rs_super_inexact(', value, ')']),
    ')',
  ],
  extreme: (name: string, value: Fragment, call: (name: string, ...args: Fragment[]) => Fragment): Fragment => [
    'rs_super_extreme(',
    call(`arg_${name}`, value, ['rs_super_number(', value, ')']),
    ',',
    call(`arg_${name}`, value, ['rs_super_string(', value, ')']),
    ',',
    call('count', ['rs_super_other(', value, ')']),
    ')',
  ],
};

/** Of two numbers as they are written, `x` and `y`: what gives the result's digits, and its scale. */
const EXACT: Readonly<Record<string, readonly [digits: string, scale: string]>> = {
  add: [
    'rs.main.rs_digits_at(x, s) + rs.main.rs_digits_at(y, s)',
    'greatest(rs.main.rs_scale(x), rs.main.rs_scale(y))',
  ],
  subtract: [
    'rs.main.rs_digits_at(x, s) - rs.main.rs_digits_at(y, s)',
    'greatest(rs.main.rs_scale(x), rs.main.rs_scale(y))',
  ],
  multiply: ['rs.main.rs_digits(x) * rs.main.rs_digits(y)', 'rs.main.rs_scale(x) + rs.main.rs_scale(y)'],
  // Of two whole numbers the quotient is one; else as of decimals: r_numeric_computations201.
  divide: [
    'rs.main.rs_div(rs.main.rs_digits_at(x, s + rs.main.rs_scale(y)), rs.main.rs_digits(y))',
    "CASE WHEN contains(x, '.') OR contains(y, '.') THEN greatest(4, rs.main.rs_scale(x) + length(ltrim(replace(replace(y, '.', ''), '-', ''), '0')) - rs.main.rs_scale(y) + 1) ELSE 0 END",
  ],
  modulo: [
    'rs.main.rs_mod(rs.main.rs_digits_at(x, s), rs.main.rs_digits_at(y, s))',
    'greatest(rs.main.rs_scale(x), rs.main.rs_scale(y))',
  ],
};

const INEXACT: Readonly<Record<string, string>> = {
  add: 'x + y',
  subtract: 'x - y',
  multiply: 'x * y',
  divide: 'rs.main.rs_div_float(x, y)',
  modulo: 'rs.main.rs_mod(x, y)',
};

/** Rounding to whole numbers, by the digits `d` of a number of scale `s`. */
const WHOLE: Readonly<Record<string, string>> = {
  floor: 'd // p - CASE WHEN d < 0 AND d % p <> 0 THEN 1 ELSE 0 END',
  ceil: 'd // p + CASE WHEN d > 0 AND d % p <> 0 THEN 1 ELSE 0 END',
  round: '(d + CASE WHEN d < 0 THEN -p ELSE p END // 2) // p',
  trunc: 'd // p',
};

export const SUPER_ARITHMETIC_MACROS: readonly string[] = [
  'rs_super_decimal(x) AS CAST(CAST(x AS VARCHAR) AS JSON)',
  // Always with an exponent: https://docs.aws.amazon.com/redshift/latest/dg/r_is_float.html
  `rs_exponent(t) AS CASE WHEN NOT starts_with(t, '0') THEN length(split_part(t, '.', 1)) - 1 ELSE length(ltrim(split_part(t, '.', 2), '0')) - length(split_part(t, '.', 2)) - 1 END`,
  `rs_significant(t) AS rtrim(ltrim(replace(t, '.', ''), '0'), '0')`,
  `rs_scientific(t) AS CASE WHEN contains(t, 'e') THEN t ELSE list_transform([{ 'd': rs.main.rs_significant(t), 'e': rs.main.rs_exponent(t) }], lambda p: CASE WHEN p['d'] = '' THEN '0e+0' ELSE p['d'][1] || CASE WHEN length(p['d']) > 1 THEN '.' || p['d'][2:] ELSE '' END || 'e' || CASE WHEN p['e'] < 0 THEN '' ELSE '+' END || p['e'] END)[1] END`,
  `rs_super_float(x) AS CASE WHEN isfinite(x) THEN CAST(CASE WHEN x < 0 THEN '-' ELSE '' END || rs.main.rs_scientific(CAST(abs(x) AS VARCHAR)) AS JSON) WHEN x IS NOT NULL THEN CAST('rs:22003:the float ' || x || ' is no SUPER value;' AS DOUBLE)::VARCHAR::JSON END`,
  // The parts of a number that is no float.
  `rs_scale(t) AS CASE WHEN contains(t, '.') THEN length(t) - strpos(t, '.') ELSE 0 END`,
  `rs_digits(t) AS CAST(replace(t, '.', '') AS HUGEINT)`,
  `rs_ten_to(n) AS CAST('1' || repeat('0', n) AS HUGEINT)`,
  `rs_digits_at(t, s) AS rs.main.rs_digits(t) * rs.main.rs_ten_to(s - rs.main.rs_scale(t))`,
  `rs_written_at(d, s) AS list_transform([CAST(abs(d) AS VARCHAR)], lambda t: CASE WHEN d < 0 THEN '-' ELSE '' END || CASE WHEN s = 0 THEN t ELSE left(repeat('0', s + 1 - length(t)) || t, -s) || '.' || right(repeat('0', s) || t, s) END)[1]`,
  `rs_super_kind(t) AS CASE WHEN starts_with(t, '"') THEN 'text' WHEN regexp_full_match(t, '-?[0-9]+(?:\\.[0-9]+)?') THEN 'exact' WHEN regexp_full_match(t, '-?[0-9.]+[eE][+-]?[0-9]+') THEN 'float' ELSE '' END`,
  ...Object.entries(EXACT).flatMap(([name, [digits, scale]]) => [
    `rs_exact_${name}(x, y) AS list_transform([CAST(${scale} AS INTEGER)], lambda s: rs.main.rs_written_at(${digits}, s))[1]`,
    `rs_float_${name}(x, y) AS rs.main.rs_super_float(${INEXACT[name]})`,
    // Each value is computed once.
    `rs_super_${name}(a, b) AS list_transform([{ 'x': CAST(a AS VARCHAR), 'y': CAST(b AS VARCHAR) }], lambda p: list_transform([rs.main.rs_super_kind(p['x']) || ' ' || rs.main.rs_super_kind(p['y'])], lambda k: CASE WHEN k = 'exact exact' THEN CAST(rs.main.rs_exact_${name}(p['x'], p['y']) AS JSON) WHEN k IN ('exact float', 'float exact', 'float float') THEN rs.main.rs_float_${name}(CAST(p['x'] AS DOUBLE), CAST(p['y'] AS DOUBLE))${name === 'add' ? ` WHEN k = 'text text' THEN to_json((CAST(p['x'] AS JSON) ->> '$') || (CAST(p['y'] AS JSON) ->> '$'))` : ''} END)[1])[1]`,
  ]),
  ...Object.entries(WHOLE).flatMap(([name, whole]) => [
    `rs_whole_${name}(d, p) AS ${whole}`,
    `rs_super_${name}(x) AS list_transform([CAST(x AS VARCHAR)], lambda t: CASE rs.main.rs_super_kind(t) WHEN 'exact' THEN CAST(CAST(rs.main.rs_whole_${name}(rs.main.rs_digits(t), rs.main.rs_ten_to(rs.main.rs_scale(t))) AS VARCHAR) AS JSON) WHEN 'float' THEN rs.main.rs_super_float(${name}(CAST(t AS DOUBLE))) END)[1]`,
  ]),
  `rs_super_abs(x) AS CASE WHEN rs.main.rs_super_kind(CAST(x AS VARCHAR)) IN ('exact', 'float') THEN CAST(ltrim(CAST(x AS VARCHAR), '-') AS JSON) END`,
  `rs_super_sign(x) AS CASE rs.main.rs_super_kind(CAST(x AS VARCHAR)) WHEN 'exact' THEN CAST(CAST(sign(rs.main.rs_digits(CAST(x AS VARCHAR))) AS VARCHAR) AS JSON) WHEN 'float' THEN rs.main.rs_super_float(sign(CAST(CAST(x AS VARCHAR) AS DOUBLE))) END`,
  // What sums are made of: decimals of up to twelve digits after the point.
  `rs_super_exact(x) AS CASE WHEN rs.main.rs_super_kind(CAST(x AS VARCHAR)) = 'exact' THEN CAST(CASE WHEN rs.main.rs_scale(CAST(x AS VARCHAR)) > 12 THEN 'rs:0A000:SUM of SUPER values with more than twelve digits after the point is not supported by this stand-in for Amazon Redshift;' ELSE CAST(x AS VARCHAR) END AS DECIMAL(38,12)) END`,
  `rs_super_digits(x) AS CASE WHEN rs.main.rs_super_kind(CAST(x AS VARCHAR)) = 'exact' THEN rs.main.rs_scale(CAST(x AS VARCHAR)) END`,
  `rs_super_inexact(x) AS CASE WHEN rs.main.rs_super_kind(CAST(x AS VARCHAR)) = 'float' THEN CAST(CAST(x AS VARCHAR) AS DOUBLE) END`,
  `rs_super_total(exact, digits, inexact) AS CASE WHEN inexact IS NOT NULL THEN rs.main.rs_super_float(inexact + coalesce(CAST(exact AS DOUBLE), 0)) WHEN exact IS NOT NULL THEN CAST(regexp_replace(left(CAST(exact AS VARCHAR), -12) || left(right(CAST(exact AS VARCHAR), 12), digits), '\\.$', '') AS JSON) END`,
  `rs_super_other(x) AS CASE WHEN json_type(x) NOT IN ('BIGINT', 'UBIGINT', 'DOUBLE', 'VARCHAR', 'NULL') THEN 1 END`,
  `rs_super_extreme(number, string, others) AS CASE WHEN others > 0 OR (number IS NOT NULL AND string IS NOT NULL) THEN CAST(CAST('rs:0A000:MIN or MAX of SUPER values of several types is not supported by this stand-in for Amazon Redshift;' || others AS BIGINT) AS VARCHAR)::JSON ELSE coalesce(number, string) END`,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_is_decimal.html, r_is_float.html, r_decimal_precision.html and r_decimal_scale.html
  `rs_super_is_decimal(x) AS coalesce(rs.main.rs_super_kind(CAST(x AS VARCHAR)) = 'exact', false)`,
  `rs_super_is_float(x) AS coalesce(rs.main.rs_super_kind(CAST(x AS VARCHAR)) = 'float', false)`,
  `rs_super_precision(x) AS CASE WHEN rs.main.rs_super_is_decimal(x) THEN CAST(length(regexp_replace(CAST(x AS VARCHAR), '^-?0*\\.?|\\.', '', 'g')) AS INTEGER) END`,
  `rs_super_scale(x) AS CAST(rs.main.rs_super_digits(x) AS INTEGER)`,
];

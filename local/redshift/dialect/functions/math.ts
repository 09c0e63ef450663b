import { join, type Resolution } from '../fragment.ts';
import { decimalName, decimalOf, isFloat, isInteger, isNumber, type Decimal } from '../numeric-types.ts';
import { MAX_PRECISION } from '../types.ts';
import { SQLSTATE } from '../redshift-error.ts';
import { byType, noSuchFunction, scalar, type FunctionRule, type FunctionTable } from './function.ts';
import { literalInteger } from './literal-arguments.ts';

/** The same of a SUPER value: NULL of what is no number. https://docs.aws.amazon.com/redshift/latest/dg/operators-functions.html */
const ofSuper = (name: string): Resolution => ({
  type: 'JSON',
  emit: ([value = '']) => [`rs_super_${name}(`, value, ')'],
});

/** CEILING and FLOOR: the argument's type stays, but for a decimal's fraction. https://docs.aws.amazon.com/redshift/latest/dg/r_CEILING_FLOOR.html */
function whole(name: string): FunctionRule {
  return byType(1, 1, ([from = '']) => {
    if (from === 'JSON') return ofSuper(name);
    if (isInteger(from)) return { type: from, emit: ([value = '']) => value };
    const decimal = decimalOf(from);
    const type = decimal ? cut(decimal, 0, true) : isFloat(from) ? from : 'DOUBLE';
    return {
      type,
      emit: ([value = '']) => [`CAST(${name}(CAST(`, value, ` AS ${decimal ? from : 'DOUBLE'})) AS ${type})`],
    };
  });
}

/** The scale of the result is the number of digits asked for, where that is known: 28.05 rounded to one digit is 28.1. */
function cut({ precision, scale }: Decimal, places: number | undefined, digits: boolean): string {
  const left = digits ? Math.max(0, Math.min(scale, places ?? scale)) : 0;
  return decimalName({ precision: Math.min(MAX_PRECISION, precision - scale + left + 1), scale: left });
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_ROUND.html and r_TRUNC.html; TRUNC of a timestamp is its date. */
function rounded(name: 'round' | 'trunc'): FunctionRule {
  return byType(
    1,
    2,
    ([from = ''], call) => {
      const digits = call.args.length > 1;
      if (from === 'JSON') {
        if (digits) throw noSuchFunction(call, ['super', 'integer']);
        return ofSuper(name);
      }
      if (name === 'trunc' && (from === 'DATE' || from.startsWith('TIMESTAMP')))
        return { type: 'DATE', emit: ([value = '']) => ['CAST(', value, ' AS DATE)'] };
      if (isInteger(from) && !digits) return { type: from, emit: ([value = '']) => value };
      const decimal = decimalOf(from);
      const type = decimal ? cut(decimal, literalInteger(call, 1), digits) : isNumber(from) ? from : 'DOUBLE';
      const operand = decimal
        ? decimalName({ precision: Math.min(MAX_PRECISION, decimal.precision + 1), scale: decimal.scale })
        : isInteger(from)
          ? 'DECIMAL(38,0)'
          : 'DOUBLE';
      // DuckDB rounds decimals to a constant number of digits only.
      if (digits && literalInteger(call, 1) === undefined && (decimal || isInteger(from))) {
        const scale = decimal?.scale ?? 0;
        return {
          type,
          emit: ([value = '', places = '']) => [
            `CAST(rs_written_at(rs_${name}_at(CAST(replace(CAST(`,
            value,
            ` AS VARCHAR),'.','') AS HUGEINT),CAST(${scale}-CAST(`,
            places,
            ` AS INTEGER) AS INTEGER)),${scale}) AS ${type})`,
          ],
        };
      }
      return {
        type,
        emit: ([value = '', places = '']) => [
          `CAST(${name}(CAST(`,
          value,
          ` AS ${operand})`,
          // DuckDB rounds to digits before the point only when the number is a constant.
          digits ? [', ', places] : '',
          `) AS ${type})`,
        ],
      };
    },
    ([value = '', places]) =>
      places === undefined ? value : ['CASE WHEN ', places, ' IS NOT NULL THEN ', value, ' END'],
  );
}

/** Of base 10, or of the base that stands first. https://docs.aws.amazon.com/redshift/latest/dg/r_LOG.html */
const logarithm: FunctionRule = (call) =>
  double(call.args.length > 1 ? 'rs_log' : 'log10', Math.max(1, call.args.length))(call);

/** A function of floats that gives one. */
function double(name: string, count = 1): FunctionRule {
  return scalar(
    count,
    count,
    (args) => [
      `CAST(${name}(`,
      join(
        args.map((arg) => ['CAST(', arg, ' AS DOUBLE)']),
        ',',
      ),
      ') AS DOUBLE)',
    ],
    'DOUBLE',
  );
}

/** https://docs.aws.amazon.com/redshift/latest/dg/Math_functions.html */
export const MATH_FUNCTIONS: FunctionTable = {
  ceil: whole('ceil'),
  ceiling: whole('ceil'),
  floor: whole('floor'),
  round: rounded('round'),
  trunc: rounded('trunc'),
  mod: byType(
    2,
    2,
    ([left = '', right = '']) => {
      const type =
        isInteger(left) && isInteger(right)
          ? left === 'BIGINT' || right === 'BIGINT'
            ? 'BIGINT'
            : 'INTEGER'
          : undefined;
      return {
        type,
        emit: ([a = '', b = '']) => (type ? ['CAST(rs_mod(', a, ',', b, `) AS ${type})`] : ['rs_mod(', a, ',', b, ')']),
      };
    },
    ([a = '', b = '']) => ['(', a, ' % ', b, ')'],
  ),
  dexp: double('rs_exp'),
  exp: double('rs_exp'),
  dlog1: double('ln'),
  ln: double('ln'),
  dlog10: double('log10'),
  log: logarithm,
  pow: double('rs_power', 2),
  power: double('rs_power', 2),
  sqrt: double('sqrt'),
  cbrt: double('rs_cbrt'),
  pi: double('pi', 0),
  degrees: double('degrees'),
  radians: double('radians'),
  sin: double('sin'),
  cos: double('cos'),
  tan: double('tan'),
  cot: double('cot'),
  asin: double('asin'),
  acos: double('acos'),
  atan: double('atan'),
  atan2: double('atan2', 2),
  random: double('random', 0),
  abs: byType(1, 1, ([from = '']) => {
    if (from === 'JSON') return ofSuper('abs');
    const type = isNumber(from) ? from : 'DOUBLE';
    return { type, emit: ([value = '']) => [`CAST(abs(CAST(`, value, ` AS ${type})) AS ${type})`] };
  }),
  // Of a decimal it is DECIMAL(1,0): https://docs.aws.amazon.com/redshift/latest/dg/r_SIGN.html
  sign: byType(1, 1, ([from = '']) => {
    if (from === 'JSON') return ofSuper('sign');
    const type = decimalOf(from) ? 'DECIMAL(1,0)' : isNumber(from) ? from : 'DOUBLE';
    return {
      type,
      emit: ([value = '']) => ['CAST(sign(', isNumber(from) ? value : ['CAST(', value, ' AS DOUBLE)'], `) AS ${type})`],
    };
  }),
};

// Not error(): DuckDB takes that for a side effect and refuses the expression in many places.
const DIVISION_BY_ZERO = `CAST('rs:22012:division by zero;' || b AS BIGINT)`;

const failing = (code: string, message: string, value: string): string =>
  `CAST('rs:${code}:${message};' || ${value} AS DOUBLE)`;
const OUT_OF_RANGE = failing('22003', 'type "double precision" value out of range: overflow', 'x');
const NO_POWER = failing('2201F', 'invalid argument for power function', 'x');

export const MATH_MACROS: readonly string[] = [
  // The digits of a number without its last `cut` ones, zeros for them.
  ...Object.entries({ round: 'd + CASE WHEN d < 0 THEN -p ELSE p END // 2', trunc: 'd' }).map(
    ([name, digits]) =>
      `rs_${name}_at(d, cut) AS CASE WHEN cut <= 0 THEN d WHEN cut > 38 THEN CAST(0 * d AS HUGEINT) ELSE list_transform([rs.main.rs_ten_to(cut)], lambda p: system.main."//"(CAST(${digits} AS HUGEINT), p) * p)[1] END`,
  ),
  `rs_finite(x) AS CASE WHEN isinf(x) THEN ${OUT_OF_RANGE} ELSE x END`,
  `rs_finite_total(x) AS CASE WHEN NOT isfinite(x) THEN ${failing(SQLSTATE.blanks, 'a sum is not finite', 'x')} ELSE x END`,
  // Of two parts of it one may have become infinite, and the other, too, with the other sign.
  `rs_total(x) AS CASE WHEN NOT isfinite(x) THEN ${OUT_OF_RANGE} ELSE x END`,
  // No float is so large, and no number is its result.
  `rs_exp(x) AS CASE WHEN x > 709.782712893384 AND isfinite(x) THEN ${OUT_OF_RANGE} ELSE exp(x) END`,
  `rs_power(x, y) AS CASE WHEN isfinite(x) AND isfinite(y) AND NOT isfinite(power(x, y)) THEN CASE WHEN isnan(power(x, y)) OR x = 0 THEN ${NO_POWER} ELSE ${OUT_OF_RANGE} END ELSE power(x, y) END`,
  // Exact where the root is whole.
  // The quotient of natural logarithms, as the guide's 6.643856189774725: DuckDB's own has other last digits.
  'rs_log(b, x) AS CASE WHEN b = 1 THEN log(b, x) ELSE ln(x) / ln(b) END',
  'rs_cbrt(x) AS CASE WHEN round(cbrt(x)) * round(cbrt(x)) * round(cbrt(x)) = x THEN round(cbrt(x)) ELSE cbrt(x) END',
  `rs_div(a, b) AS CASE WHEN b = 0 THEN ${DIVISION_BY_ZERO} ELSE system.main."//"(a, b) END`,
  `rs_div_float(a, b) AS CASE WHEN b = 0 THEN ${DIVISION_BY_ZERO} ELSE system.main."/"(a, b) END`,
  `rs_mod(a, b) AS CASE WHEN b = 0 THEN ${DIVISION_BY_ZERO} ELSE system.main."%"(a, b) END`,
  `rs_quotient(a, b, up, down) AS CASE WHEN b = 0 THEN ${DIVISION_BY_ZERO} ELSE system.main."//"(system.main."//"(a * up, b), down) END`,
];

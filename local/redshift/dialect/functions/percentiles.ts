import type { Expression, Fragment } from '../fragment.ts';
import { decimalOf, isFloat, isInteger, isNumber } from '../numeric-types.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../redshift-error.ts';
import { textOf } from '../token-tree.ts';
import { shownType } from '../types.ts';
import { noSuchFunction, someText, type Call, type FunctionRule } from './function.ts';
import { literalNumber } from './literal-arguments.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_PERCENTILE_CONT.html */
export function percentile(continuous: boolean): FunctionRule {
  return (call) => {
    const [fraction] = call.args;
    const [term, ...more] = call.within ?? [];
    if (!fraction || !term || more.length > 0)
      throw new RedshiftError(SQLSTATE.syntaxError, `${call.name} needs WITHIN GROUP (ORDER BY expression)`, {
        position: call.token.at,
      });
    const written = textOf(call.original[0] ?? []).trim();
    // DuckDB counts a negative one from the other end.
    if (written.startsWith('-') || (literalNumber(call, 0) ?? 0) > 1)
      throw new RedshiftError(SQLSTATE.numericOverflow, `percentile value ${written} is not between 0 and 1`, {
        position: call.token.at,
      });
    const descending = /^ DESC\b/i.test(term.direction);
    if (!descending) return quantile(call, continuous, term.expression, fraction.fragment);
    if (continuous) return quantile(call, continuous, term.expression, ['1-(', fraction.fragment, ')']);
    // DuckDB takes a negative fraction for one of the descending order; of none of it that is the greatest.
    const share = literalNumber(call, 0);
    if (share === undefined)
      throw unsupported(
        'PERCENTILE_DISC with ORDER BY … DESC and a computed fraction',
        call.token.at,
        'Use a literal.',
      );
    return quantile(call, continuous, term.expression, share === 0 ? '1' : `-${share}`);
  };
}

/** Digits that DuckDB's interpolation counts with beyond those of its result: it takes the fraction as a floating point number. */
const DIGITS_TO_ROUND = 4;

/**
 * Digits after the point with which a percentile of integers is exact, of a fraction that is written as a number.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_MEDIAN.html, r_WF_PERCENTILE_CONT.html
 */
function interpolatedDigits(call: Call): number | undefined {
  if (call.name === 'median') return 1;
  const written = literalNumber(call, 0) === undefined ? undefined : textOf(call.original[0] ?? []).trim();
  const digits = /^\d*\.?(\d{0,9})$/.exec(written ?? '-')?.[1];
  return digits === undefined ? undefined : Math.max(digits.length, 1);
}

function quantile(call: Call, continuous: boolean, value: Expression, at: Fragment): Expression {
  const compute = (argument: Fragment): Fragment => [
    `${continuous ? 'quantile_cont' : 'quantile_disc'}(`,
    argument,
    ',',
    at,
    ')',
    call.over ?? '',
  ];
  return {
    fragment: {
      operands: [value],
      shape: ([argument = '']) => compute(argument),
      safeShape: ([argument = '']) => someText(call, argument),
      resolve: ([from = '']) => {
        if (continuous && !isNumber(from) && !MOMENTS.has(from)) throw noSuchFunction(call, [shownType(from)]);
        const decimal = continuous ? decimalOf(from) : undefined;
        const digits = continuous && isInteger(from) ? interpolatedDigits(call) : decimal?.scale;
        if (digits === undefined && continuous && (isInteger(from) || isFloat(from)))
          return { type: 'DOUBLE', emit: ([argument = '']) => compute(['CAST(', argument, ' AS DOUBLE)']) };
        if (digits !== undefined) {
          const wide = decimal ? Math.min(decimal.precision + DIGITS_TO_ROUND, 38) : 38;
          const counted = `DECIMAL(${wide},${Math.min(digits + DIGITS_TO_ROUND, wide)})`;
          return {
            type: `DECIMAL(38,${digits})`,
            emit: ([argument = '']) => [
              'CAST(',
              compute(['CAST(', argument, ` AS ${counted})`]),
              ` AS DECIMAL(38,${digits}))`,
            ],
          };
        }
        if (!continuous || from !== 'DATE') return { type: undefined, emit: ([argument = '']) => compute(argument) };
        return { type: 'DATE', emit: ([argument = '']) => ['CAST(', compute(argument), ' AS DATE)'] };
      },
    },
  };
}

/** What has a middle, besides numbers. https://docs.aws.amazon.com/redshift/latest/dg/r_MEDIAN.html */
const MOMENTS = new Set(['DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'NULL']);

export const median: FunctionRule = (call) => {
  const [value] = call.args;
  if (!value) throw noSuchFunction(call);
  return quantile(call, true, value, '0.5');
};

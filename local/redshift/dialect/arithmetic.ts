import { castExpression } from './casts.ts';
import { isDateLiteral } from './constant-literals.ts';
import type { Expression, Fragment, Operation, Resolution, Typed } from './fragment.ts';
import type { Token } from './lexer.ts';
import {
  asDecimal,
  decimalName,
  decimalOf,
  decimalResult,
  isFloat,
  isInteger,
  widerInteger,
  type Decimal,
} from './numeric-types.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { floats, isInside, noteInside } from './floats.ts';
import { isMonths } from './intervals.ts';
import { superArithmetic } from './super-arithmetic.ts';
import { timetzLiteral, type TimetzLiteral } from './timetz-literals.ts';
import { MAX_PRECISION, shownType, typeOfDuckDb } from './types.ts';

const DATES = new Set(['DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIME', 'TIME WITH TIME ZONE', 'INTERVAL']);

const TEXT = new Set(['VARCHAR', 'UNKNOWN']);

/** Redshift joins texts with `+` too. */
const concatenation: Resolution = { type: 'VARCHAR', emit: ([l = '', r = '']) => ['(', l, ' || ', r, ')'] };

/** DuckDB counts in 64 bits up to this precision and fails beyond; a wider operand makes it count in 128 bits. */
const NARROW = 18;

/** `left operator right` */
export function arithmetic({ left, operator, right, infix }: Operation): Expression {
  const texts = operator.text === '+' && (isText(left) || isText(right));
  const zoned = timetzLiteral(left) ?? timetzLiteral(right);
  const typed: Typed = {
    operands: [left, right],
    shape: ([l = '', r = '']) => (texts ? ['(CAST(', l, ' AS VARCHAR) || CAST(', r, ' AS VARCHAR))'] : infix(l, r)),
    safeShape: ([l = '', r = '']) => ['coalesce(CAST(', l, ' AS VARCHAR),CAST(', r, ' AS VARCHAR))'],
    resolve: ([l = '', r = '']) => {
      const resolution =
        datePlusMonths(operator, l, r, left, right, infix) ??
        resolve(operator, l, r, infix, isNonZero(right.fragment), isInside(typed), zoned);
      const read = (given: readonly Fragment[]): readonly Fragment[] => [
        literalAs(given[0] ?? '', l, r, operator),
        literalAs(given[1] ?? '', r, l, operator),
      ];
      const { emit, narrow, grouped } = resolution;
      return {
        ...resolution,
        emit: (given) => emit(read(given)),
        narrow: narrow && ((given) => narrow(read(given))),
        grouped: grouped && ((given) => grouped(read(given))),
      };
    },
  };
  if (texts) TEXTS.add(typed);
  noteInside(typed, operator, left, right);
  return { fragment: typed, type: ofIntegers(operator.text, left.type, right.type) };
}

/** A date keeps being one beside a literal of years and months. https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html */
function datePlusMonths(
  operator: Token,
  l: string,
  r: string,
  left: Expression,
  right: Expression,
  infix: Operation['infix'],
): Resolution | undefined {
  const after = l === 'DATE' && isMonths(right.fragment) && (operator.text === '+' || operator.text === '-');
  const before = r === 'DATE' && isMonths(left.fragment) && operator.text === '+';
  return after || before
    ? { type: 'DATE', emit: ([a = '', b = '']) => ['rs_of_era(CAST(', infix(a, b), ' AS DATE))'] }
    : undefined;
}

/** What is known of integers at once: `LIMIT 7 * 24` is nowhere in a plan where it could be asked for. */
function ofIntegers(operator: string, left: string | undefined, right: string | undefined): string | undefined {
  if (left === undefined || right === undefined || !isInteger(left) || !isInteger(right)) return undefined;
  return ['+', '-', '*', '/', '%'].includes(operator) ? widerInteger(left, right) : undefined;
}

/** A string literal beside a whole number or a date is read as one, as Redshift reads it. */
function literalAs(fragment: Fragment, type: string, other: string, operator: Token): Fragment {
  if (type !== 'UNKNOWN') return fragment;
  const date = operator.text === '-' && (other === 'DATE' || other.startsWith('TIMESTAMP')) && isDateLiteral(fragment);
  if (!isInteger(other) && !isFloat(other) && !date) return fragment;
  return castExpression({ fragment, type }, typeOfDuckDb(other), operator.at).fragment;
}

/** Sums of which one operand can only be text: DuckDB has no such operator, so they are bound as what they will become. */
const TEXTS = new WeakSet<Typed>();

function isText({ type, fragment }: Expression): boolean {
  if (typeof fragment !== 'object') return false;
  if ('operands' in fragment) return TEXTS.has(fragment);
  return type === 'UNKNOWN' && 'text' in fragment && fragment.type === 'string' && !/\d/.test(fragment.text);
}

function resolve(
  operator: Token,
  left: string,
  right: string,
  infix: (left: Fragment, right: Fragment) => Fragment,
  literalDivisor: boolean,
  inside: boolean,
  zoned: TimetzLiteral | undefined,
): Resolution {
  const untouched: Resolution = { emit: ([l = '', r = '']) => infix(l, r) };
  if (left === 'JSON' || right === 'JSON') return superArithmetic(operator, left, right);
  if (operator.text === '+' && TEXT.has(left) && TEXT.has(right) && (left === 'VARCHAR' || right === 'VARCHAR'))
    return concatenation;
  // https://docs.aws.amazon.com/redshift/latest/dg/r_VARBYTE_OPERATORS.html
  if (operator.text === '+' && left === 'BLOB' && right === 'BLOB') return { ...concatenation, type: 'BLOB' };
  // An untyped literal or NULL takes the other side's type.
  const [l, r] = [settle(left, right), settle(right, left)];
  if (DATES.has(l) || DATES.has(r)) return ofEra(operator, l, r, dates(operator, l, r, infix, zoned) ?? untouched);
  const [dl, dr] = [asDecimal(l), asDecimal(r)];
  if (isFloat(l) || isFloat(r)) return floats(operator, l, r, infix, inside);
  if (!dl || !dr) {
    throw new RedshiftError(
      SQLSTATE.undefinedFunction,
      `operator does not exist: ${shownType(left)} ${operator.text} ${shownType(right)}`,
      {
        position: operator.at,
        hint: 'No operator matches the given name and argument type(s). You may need to add explicit type casts.',
      },
    );
  }
  if (isInteger(l) && isInteger(r)) return integers(operator, left, right, widerInteger(l, r), infix, literalDivisor);
  if (operator.text === '^') return floats(operator, 'DOUBLE', 'DOUBLE', infix, inside);
  if (operator.text === '%') {
    const { precision, scale } = {
      precision: Math.max(dl.precision, dr.precision),
      scale: Math.max(dl.scale, dr.scale),
    };
    const type = decimalName({ precision, scale });
    return { type, emit: ([a = '', b = '']) => ['CAST(rs_mod(', a, ',', b, `) AS ${type})`] };
  }
  return operator.text === '/' ? quotient(dl, dr) : decimals(operator.text, dl, dr, infix);
}

/** A literal that needs no check before it divides. */
function isNonZero(divisor: Fragment): boolean {
  return (
    typeof divisor === 'object' && 'text' in divisor && divisor.type === 'number' && /^[1-9]\d*$/.test(divisor.text)
  );
}

function settle(type: string, other: string): string {
  return type === 'UNKNOWN' || type === 'NULL' ? (other === 'UNKNOWN' || other === 'NULL' ? 'INTEGER' : other) : type;
}

/** Redshift's integers keep the wider operand's type and fail when it overflows. */
function integers(
  operator: Token,
  left: string,
  right: string,
  type: string,
  infix: (left: Fragment, right: Fragment) => Fragment,
  literalDivisor: boolean,
): Resolution {
  if (operator.text === '^') return floats(operator, 'DOUBLE', 'DOUBLE', infix, false);
  // A literal would take the column's narrower type in DuckDB: say which type is meant.
  const widen = (operand: Fragment, from: string): Fragment =>
    from === type ? operand : ['CAST(', operand, ` AS ${type})`];
  const wide = ([a = '', b = '']: readonly Fragment[]): Fragment => infix(widen(a, left), widen(b, right));
  switch (operator.text) {
    case '/':
      if (literalDivisor) return { type, emit: wide };
      return { type, emit: ([a = '', b = '']) => [`CAST(rs_div(`, a, ',', b, `) AS ${type})`] };
    case '%':
      return { type, emit: ([a = '', b = '']) => [`CAST(rs_mod(`, a, ',', b, `) AS ${type})`] };
    default:
      return { type: left === right ? undefined : type, emit: wide };
  }
}

function decimals(
  operator: string,
  left: Decimal,
  right: Decimal,
  infix: (l: Fragment, r: Fragment) => Fragment,
): Resolution {
  const result = decimalResult(operator, left, right);
  const type = decimalName(result);
  const wide = result.precision > NARROW && left.precision <= NARROW && right.precision <= NARROW;
  const operand = (fragment: Fragment, from: Decimal, widen: boolean): Fragment => [
    'CAST(',
    fragment,
    ` AS ${decimalName({ precision: widen ? Math.max(from.precision, NARROW + 1) : from.precision, scale: from.scale })})`,
  ];
  return {
    type,
    emit: ([a = '', b = '']) => ['CAST(', infix(operand(a, left, wide), operand(b, right, false)), ` AS ${type})`],
    // DuckDB finds the same scale by itself, and fails when 64 bits are not enough.
    narrow: result.scale <= NARROW ? ([a = '', b = '']) => infix(a, b) : undefined,
  };
}

/** Exact: both sides as integers, scaled so that the integer quotient has the result's scale. */
function quotient(left: Decimal, right: Decimal): Resolution {
  const result = decimalResult('/', left, right);
  const type = decimalName(result);
  const shift = result.scale + right.scale - left.scale;
  const whole = (fragment: Fragment, { precision, scale }: Decimal): Fragment =>
    scale === 0
      ? ['CAST(', fragment, ' AS HUGEINT)']
      : precision + scale <= MAX_PRECISION
        ? [
            'CAST(CAST(',
            fragment,
            ` AS DECIMAL(${Math.max(precision, NARROW + 1)},${scale}))*CAST(1${'0'.repeat(scale)} AS DECIMAL(${scale + 1},0)) AS HUGEINT)`,
          ]
        : ['CAST(replace(CAST(CAST(', fragment, ` AS DECIMAL(${precision},${scale})) AS VARCHAR),'.','') AS HUGEINT)`];
  return {
    type,
    emit: ([a = '', b = '']) => [
      'CAST(rs_quotient(',
      whole(a, left),
      ',',
      whole(b, right),
      `,CAST('1${'0'.repeat(Math.max(shift, 0))}' AS HUGEINT),CAST('1${'0'.repeat(Math.max(-shift, 0))}' AS HUGEINT))`,
      `*CAST('${unit(result.scale)}' AS DECIMAL(${Math.max(result.scale, 1)},${result.scale})) AS ${type})`,
    ],
  };
}

/** 10 to the power of minus `scale`. */
function unit(scale: number): string {
  return scale === 0 ? '1' : `0.${'0'.repeat(scale - 1)}1`;
}

/** A day or a moment with days or an interval, which may be negative, may be before the first year. */
function ofEra(operator: Token, left: string, right: string, resolution: Resolution): Resolution {
  const isMoment = (type: string): boolean => /^(?:DATE|TIMESTAMP)/.test(type);
  const isAmount = (type: string): boolean => type === 'INTERVAL' || asDecimal(type) !== undefined;
  const earlier =
    (operator.text === '-' && isMoment(left) && !DATES.has(right.replace('INTERVAL', ''))) ||
    (operator.text === '+' && isMoment(left) !== isMoment(right) && (isAmount(left) || isAmount(right)));
  return earlier ? { ...resolution, emit: (operands) => ['rs_of_era(', resolution.emit(operands), ')'] } : resolution;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html and date arithmetic in whole days. */
function dates(
  operator: Token,
  left: string,
  right: string,
  infix: (l: Fragment, r: Fragment) => Fragment,
  zoned: TimetzLiteral | undefined,
): Resolution | undefined {
  if (operator.text === '-' && left === 'DATE' && right === 'DATE')
    return { type: 'INTEGER', emit: ([a = '', b = '']) => ['CAST(', infix(a, b), ' AS INTEGER)'] };
  if (operator.text === '/' && left === 'INTERVAL' && asDecimal(right) !== undefined)
    return { type: 'INTERVAL', emit: ([a = '', b = '']) => ['system.main."/"(', a, ',', b, ')'] };
  // A TIMETZ is kept in UTC, but as a literal it goes by its own zone.
  if (operator.text === '+' && [left, right].includes('DATE') && [left, right].includes('TIME WITH TIME ZONE'))
    return {
      type: 'TIMESTAMP WITH TIME ZONE',
      emit: ([a = '', b = '']) => {
        const [day, time] = left === 'DATE' ? [a, b] : [b, a];
        const inUtc: Fragment = zoned
          ? [day, '+', zoned.local.fragment, `-to_minutes(${zoned.minutes})`]
          : [day, '+CAST(', time, ' AS TIME)'];
        return ["timezone('UTC',", inUtc, ')'];
      },
    };
  const days = (type: string): boolean => asDecimal(type) !== undefined && decimalOf(type) === undefined;
  const stamp = left.startsWith('TIMESTAMP');
  if (stamp && days(right))
    return { type: left, emit: ([a = '', b = '']) => infix(a, ['to_days(CAST(', b, ' AS INTEGER))']) };
  if (operator.text === '+' && days(left) && right.startsWith('TIMESTAMP'))
    return { type: right, emit: ([a = '', b = '']) => infix(['to_days(CAST(', a, ' AS INTEGER))'], b) };
  if (left === 'DATE' && days(right))
    return { type: 'DATE', emit: ([a = '', b = '']) => infix(a, ['CAST(', b, ' AS INTEGER)']) };
  if (operator.text === '+' && days(left) && right === 'DATE')
    return { type: 'DATE', emit: ([a = '', b = '']) => infix(['CAST(', a, ' AS INTEGER)'], b) };
  return undefined;
}

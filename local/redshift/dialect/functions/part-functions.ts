import type { Expression, Fragment } from '../fragment.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../redshift-error.ts';
import { timetzLiteral } from '../timetz-literals.ts';
import type { Call, FunctionRule, FunctionTable } from './function.ts';
import { moment, momentType, partOf, timestamp, withPart } from './moments.ts';

/** Parts that are of no length: they can be read off a date, not added to it. */
const READ_ONLY = new Set(['epoch', 'timezone', 'timezone_hour', 'timezone_minute']);

function lengthOf(part: string, call: Call): string {
  if (READ_ONLY.has(part))
    throw new RedshiftError(
      SQLSTATE.invalidParameter,
      `invalid date part "${part}" specified for ${call.name} function`,
      {
        position: call.token.at,
      },
    );
  return part === 'dayofyear' || part === 'dayofweek' ? 'day' : part;
}

/** Each unit as so many of what DuckDB adds. */
const ADDED: Readonly<Record<string, readonly [add: string, times: number]>> = {
  millennium: ['years', 1000],
  century: ['years', 100],
  decade: ['years', 10],
  year: ['years', 1],
  quarter: ['months', 3],
  month: ['months', 1],
  week: ['days', 7],
  day: ['days', 1],
  hour: ['hours', 1],
  minute: ['minutes', 1],
  second: ['seconds', 1],
  millisecond: ['milliseconds', 1],
  microsecond: ['microseconds', 1],
};

/** A year after February 29 is March 1, twelve months after it February 28: https://docs.aws.amazon.com/redshift/latest/dg/r_DATEADD_function.html */
const dateadd = withPart(2, (part, [, from = ''], call) => {
  const type = momentType(from);
  const [add, times] = ADDED[lengthOf(part, call)] ?? ['days', 1];
  const small = add === 'years' || add === 'months' || add === 'days';
  return {
    type,
    emit: ([amount = '', date = '']) => {
      const count: Fragment = [
        `CAST(trunc(CAST(`,
        amount,
        ` AS DOUBLE))${times === 1 ? '' : `*${times}`} AS ${small ? 'INTEGER' : 'BIGINT'})`,
      ];
      return add === 'years'
        ? ['rs_of_era(CAST(rs_add_years(', moment(date, from), ',', count, `) AS ${type}))`]
        : [
            /^(?:DATE|TIMESTAMP)/.test(type) ? 'rs_of_era(' : '(',
            'CAST(',
            moment(date, from),
            `+to_${add}(`,
            count,
            `) AS ${type}))`,
          ];
    },
  };
});

/** A day in the week that begins on the Sunday before: DuckDB's weeks begin with Monday. */
const sunday = (value: Fragment): Fragment => [`date_trunc('week',`, value, '+to_days(1))'];

/** How many boundaries of a part lie between. https://docs.aws.amazon.com/redshift/latest/dg/r_DATEDIFF_function.html */
const datediff = withPart(
  2,
  (part, [left = '', right = ''], call) => {
    const unit = lengthOf(part, call);
    const side = (fragment: Fragment, type: string): Fragment =>
      type.startsWith('TIME') && !type.startsWith('TIMESTAMP')
        ? ['CAST(', fragment, ' AS TIME)']
        : timestamp(fragment, type);
    return {
      type: 'BIGINT',
      emit: ([a = '', b = '']) => {
        const [from, to] = [side(a, left), side(b, right)];
        if (unit === 'century' || unit === 'millennium')
          return [`(date_part('${unit}',`, to, `)-date_part('${unit}',`, from, '))'];
        // DuckDB counts sevens of days; what counts is how many boundaries lie between, and weeks begin with Sunday there.
        if (unit === 'week') return [`date_diff('week',`, sunday(from), ',', sunday(to), ')'];
        return [`date_diff('${unit}',`, from, ',', to, ')'];
      },
    };
  },
  'BIGINT',
);

/** A part of a fragment in whatever type Redshift gives it. Seconds, milliseconds and microseconds leave the larger parts out. */
function partValue(part: string, value: Fragment, from: string, type: string): Fragment {
  const read = (name: string): Fragment => [
    `date_part('${name}',`,
    from.startsWith('TIME') || from === 'INTERVAL' ? value : moment(value, from),
    ')',
  ];
  const cast = (content: Fragment): Fragment => ['CAST(', content, ` AS ${type})`];
  switch (part) {
    case 'decade':
      // Decade 201 is from 2000 to 2009: https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html
      return cast([read(part), '+1']);
    case 'millisecond':
      return cast(['CAST(trunc((', read('microsecond'), '%1000000)*0.001) AS BIGINT)']);
    case 'microsecond':
      return cast([read(part), '%1000000']);
    case 'second':
      return type === 'DOUBLE'
        ? ['(CAST(', read('microsecond'), ' AS DOUBLE)/CAST(1000000 AS DOUBLE))']
        : cast(read(part));
    case 'epoch':
      return type === 'DOUBLE' ? cast(read(part)) : cast(['floor(', read(part), ')']);
    default:
      return cast(read(part));
  }
}

function refuseZoneOf(part: string, from: string): void {
  // A TIME WITH TIME ZONE is kept in UTC here: what zone it was written in is gone.
  if (!part.startsWith('timezone') || from === 'TIMESTAMP WITH TIME ZONE') return;
  if (from === 'DATE' || from === 'TIMESTAMP')
    throw new RedshiftError(SQLSTATE.notSupported, `timestamp units "${part}" not supported`);
  throw unsupported(`${part} of a time of day`);
}

/** Of the zone that a literal names: seconds east of UTC, or its hours or minutes. */
const ZONE_PARTS: Readonly<Record<string, (minutes: number) => number>> = {
  timezone: (minutes) => minutes * 60,
  timezone_hour: (minutes) => Math.trunc(minutes / 60),
  timezone_minute: (minutes) => minutes % 60,
};

const partOfValue = withPart(
  1,
  (part, [from = '']) => {
    refuseZoneOf(part, from);
    return { type: 'DOUBLE', emit: ([value = '']) => partValue(part, value, from, 'DOUBLE') };
  },
  'DOUBLE',
);

const datePartFunction: FunctionRule = (call) => {
  const [part, value] = call.args;
  const literal = value && timetzLiteral(value);
  if (part === undefined || literal === undefined) return partOfValue(call);
  const zone = ZONE_PARTS[partOf(call, 0)];
  return zone
    ? { fragment: `CAST(${zone(literal.minutes)} AS DOUBLE)`, type: 'DOUBLE' }
    : partOfValue({ ...call, args: [part, literal.local] });
};

const dateTrunc = withPart(1, (part, [from = ''], call) => {
  const type = momentType(from);
  const unit = lengthOf(part.startsWith('dayof') ? 'epoch' : part, call);
  return {
    type,
    emit: ([value = '']) => {
      const cut = unit === 'century' || unit === 'millennium' ? `rs_trunc_${unit}(` : `date_trunc('${unit}',`;
      const trunc: Fragment = [`CAST(${cut}`, moment(value, from), `) AS ${type})`];
      // The first decade begins before the first year.
      return unit === 'decade' ? ['rs_of_era(', trunc, ')'] : trunc;
    },
  };
});

/** `EXTRACT(part FROM value)`. https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html */
export function extract(part: string, value: Expression): Expression {
  const literal = timetzLiteral(value);
  const zone = ZONE_PARTS[part];
  if (literal && zone) return { fragment: `CAST(${zone(literal.minutes)} AS INTEGER)`, type: 'INTEGER' };
  if (literal) return extract(part, literal.local);
  return {
    fragment: {
      operands: [value],
      shape: ([operand = '']) => ['length(CAST(', operand, ' AS VARCHAR))'],
      resolve: ([from = '']) => {
        refuseZoneOf(part, from);
        // Seconds of an interval have their fraction.
        const fraction = from === 'INTERVAL' && part === 'second';
        const double = from === 'TIMESTAMP WITH TIME ZONE' || fraction;
        const type = double ? 'DOUBLE' : part === 'epoch' ? 'BIGINT' : 'INTEGER';
        return { type, emit: ([operand = '']) => partValue(part, operand, from, type) };
      },
    },
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_Dateparts_for_datetime_functions.html */
export const PART_FUNCTIONS: FunctionTable = {
  dateadd,
  date_add: dateadd,
  datediff,
  date_diff: datediff,
  date_part: datePartFunction,
  datepart: datePartFunction,
  pgdate_part: datePartFunction,
  date_trunc: dateTrunc,
};

/** Centuries and millennia begin with year 1. */
const truncated = (part: string, years: number): string =>
  `rs_trunc_${part}(d) AS date_trunc('year', d) - to_years(CAST((year(d) - 1) % ${years} AS INTEGER))`;

export const PART_MACROS: readonly string[] = [
  'rs_add_years(d, n) AS CASE WHEN month(d) = 2 AND day(d) = 29 THEN d - to_days(1) + to_years(n) + to_days(1) ELSE d + to_years(n) END',
  truncated('century', 100),
  truncated('millennium', 1000),
];

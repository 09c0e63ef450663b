import { datePart } from '../date-parts.ts';
import type { Fragment } from '../fragment.ts';
import { literal, stringValue } from '../lexer.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { isName, significant, startOf, textOf } from '../token-tree.ts';
import type { Expression } from '../typed.ts';
import {
  expectArguments,
  noSuchFunction,
  scalar,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';

const TEXT = new Set(['VARCHAR', 'UNKNOWN', 'NULL']);

/** A date, a time stamp or text that reads as one, as TIMESTAMP. */
function timestamp(fragment: Fragment, type: string): Fragment {
  if (type === 'TIMESTAMP') return fragment;
  return TEXT.has(type) ? ['rs_timestamp(', fragment, ')'] : ['CAST(', fragment, ' AS TIMESTAMP)'];
}

/** TIMESTAMP for dates and text; what carries a zone or is a time of day stays. */
function moment(fragment: Fragment, type: string): Fragment {
  return type === 'TIMESTAMP WITH TIME ZONE' || type.startsWith('TIME') || type === 'INTERVAL'
    ? fragment
    : timestamp(fragment, type);
}

const momentType = (type: string): string =>
  type === 'TIMESTAMP WITH TIME ZONE' || type.startsWith('TIME') || type === 'INTERVAL' ? type : 'TIMESTAMP';

/** The date part an argument names; it may be a word, a quoted name or a string. */
function partOf(call: Call, index: number): string {
  const nodes = significant(call.original[index] ?? []);
  const [node] = nodes;
  const name =
    nodes.length !== 1
      ? undefined
      : isName(node)
        ? node.text.replaceAll('"', '')
        : node?.type === 'string'
          ? stringValue(node.text).trim()
          : undefined;
  const part = name === undefined ? undefined : datePart(name);
  if (part !== undefined) return part;
  throw new RedshiftError(
    SQLSTATE.invalidParameter,
    `invalid date part "${textOf(nodes).replaceAll("'", '')}" specified for ${call.name} function`,
    {
      position: node ? startOf(node) : call.token.at,
    },
  );
}

/** A function of a date part and of arguments whose types decide. */
function withPart(
  count: number,
  resolve: (
    part: string,
    types: readonly string[],
  ) => { readonly type: string; readonly emit: (args: readonly Fragment[]) => Fragment },
): FunctionRule {
  return (call) => {
    expectArguments(call, count + 1, count + 1);
    const part = partOf(call, 0);
    return {
      fragment: {
        operands: call.args.slice(1),
        shape: (args) => [
          'coalesce(',
          ...args.flatMap((arg, index) => [index === 0 ? '' : ',', 'CAST(', arg, ' AS VARCHAR)']),
          ')',
        ],
        resolve: (types) => resolve(part, types),
      },
    };
  };
}

const dateadd = withPart(2, (part, [, from = '']) => {
  const type = momentType(from);
  const unit = part === 'dayofyear' || part === 'dayofweek' ? 'day' : part;
  return {
    type,
    emit: ([amount = '', date = '']) => [
      `CAST(rs_dateadd('${unit}',CAST(trunc(CAST(`,
      amount,
      ' AS DOUBLE)) AS BIGINT),',
      moment(date, from),
      `) AS ${type})`,
    ],
  };
});

const datediff = withPart(2, (part, [left = '', right = '']) => {
  const unit = part === 'dayofyear' || part === 'dayofweek' ? 'day' : part;
  const side = (fragment: Fragment, type: string): Fragment => (type === 'TIME' ? fragment : timestamp(fragment, type));
  return {
    type: 'BIGINT',
    emit: ([a = '', b = '']) => [`date_diff('${unit}',`, side(a, left), ',', side(b, right), ')'],
  };
});

/** `date_part` of a fragment in whatever type Redshift gives it. */
function partValue(part: string, value: Fragment, from: string, type: string): Fragment {
  return [
    `CAST(date_part('${part}',`,
    from === 'TIME' || from === 'INTERVAL' ? value : moment(value, from),
    `) AS ${type})`,
  ];
}

const datePartFunction = withPart(1, (part, [from = '']) => ({
  type: 'DOUBLE',
  emit: ([value = '']) => partValue(part, value, from, 'DOUBLE'),
}));

const dateTrunc = withPart(1, (part, [from = '']) => {
  const type = momentType(from);
  return { type, emit: ([value = '']) => [`CAST(date_trunc('${part}',`, moment(value, from), `) AS ${type})`] };
});

/** `EXTRACT(part FROM value)`. https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html */
export function extract(part: string, value: Expression): Expression {
  return {
    fragment: {
      operands: [value],
      shape: ([operand = '']) => ['length(CAST(', operand, ' AS VARCHAR))'],
      resolve: ([from = '']) => {
        const type = from === 'TIMESTAMP WITH TIME ZONE' ? 'DOUBLE' : part === 'epoch' ? 'BIGINT' : 'INTEGER';
        return { type, emit: ([operand = '']) => partValue(part, operand, from, type) };
      },
    },
  };
}

/** A function of dates given in any form. */
function ofMoments(
  least: number,
  most: number,
  type: string | undefined,
  emit: (args: readonly Fragment[]) => Fragment,
): FunctionRule {
  return (call) => {
    expectArguments(call, least, most);
    return {
      type,
      fragment: {
        operands: call.args,
        shape: (args) => [
          `CAST(coalesce(`,
          ...args.flatMap((arg, index) => [index === 0 ? '' : ',', 'CAST(', arg, ' AS VARCHAR)']),
          `) AS ${type})`,
        ],
        resolve: (types) => ({
          type,
          emit: (args) =>
            emit(
              args.map((arg, index) =>
                /^(?:DATE|TIMESTAMP)/.test(types[index] ?? '') || TEXT.has(types[index] ?? '')
                  ? timestamp(arg, types[index] ?? '')
                  : arg,
              ),
            ),
        }),
      },
    };
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/CONVERT_TIMEZONE.html */
const convertTimezone: FunctionRule = (call) => {
  expectArguments(call, 2, 3);
  const value = call.args.at(-1) as Expression;
  const [first, second] = call.args.map(({ fragment }) => fragment);
  const [from, to]: readonly Fragment[] = call.args.length === 3 ? [first ?? '', second ?? ''] : ["'UTC'", first ?? ''];
  return {
    type: 'TIMESTAMP',
    fragment: {
      operands: [value],
      shape: ([operand = '']) => ['CAST(', operand, ' AS TIMESTAMP)'],
      resolve: ([type = '']) => ({
        type: 'TIMESTAMP',
        emit: ([operand = '']) => [
          '((',
          timestamp(operand, type),
          ' AT TIME ZONE ',
          from ?? '',
          ') AT TIME ZONE ',
          to ?? '',
          ')',
        ],
      }),
    },
  };
};

const compare = ofMoments(2, 2, 'INTEGER', ([a = '', b = '']) => ['rs_compare(', a, ',', b, ')']);

/** https://docs.aws.amazon.com/redshift/latest/dg/Date_functions_header.html */
export const DATE_FUNCTIONS: FunctionTable = {
  dateadd,
  date_add: dateadd,
  datediff,
  date_diff: datediff,
  date_part: datePartFunction,
  pgdate_part: datePartFunction,
  date_trunc: dateTrunc,
  getdate: scalar(0, 0, () => 'rs_now()', 'TIMESTAMP'),
  sysdate: scalar(0, 0, () => 'rs_now()', 'TIMESTAMP'),
  now: scalar(0, 0, () => 'now()', 'TIMESTAMP WITH TIME ZONE'),
  timeofday: scalar(0, 0, () => `strftime(rs_now(),${literal('%a %b %d %H:%M:%S.%f %Y UTC')})`, 'VARCHAR'),
  add_months: ofMoments(2, 2, 'TIMESTAMP', ([date = '', months = '']) => [
    'rs_add_months(',
    date,
    ',CAST(',
    months,
    ' AS BIGINT))',
  ]),
  last_day: ofMoments(1, 1, 'DATE', ([date = '']) => ['last_day(CAST(', date, ' AS DATE))']),
  next_day: (call) => {
    expectArguments(call, 2, 2);
    const [date, day] = call.args as readonly [Expression, Expression];
    const rule = ofMoments(1, 1, 'DATE', ([value = '']) => [
      'rs_next_day(CAST(',
      value,
      ' AS DATE),',
      day.fragment,
      ')',
    ]);
    return rule({ ...call, args: [date] });
  },
  months_between: ofMoments(2, 2, 'DOUBLE', ([a = '', b = '']) => ['rs_months_between(', a, ',', b, ')']),
  date_cmp: ofMoments(2, 2, 'INTEGER', ([a = '', b = '']) => [
    'rs_compare(CAST(',
    a,
    ' AS DATE),CAST(',
    b,
    ' AS DATE))',
  ]),
  timestamp_cmp: compare,
  date_cmp_timestamp: compare,
  timestamp_cmp_date: compare,
  date_cmp_timestamptz: compare,
  timestamp_cmp_timestamptz: compare,
  timestamptz_cmp: compare,
  timestamptz_cmp_date: compare,
  timestamptz_cmp_timestamp: compare,
  interval_cmp: scalar(
    2,
    2,
    ([a = '', b = '']) => ['rs_compare(CAST(', a, ' AS INTERVAL),CAST(', b, ' AS INTERVAL))'],
    'INTEGER',
  ),
  date_part_year: ofMoments(1, 1, 'INTEGER', ([date = '']) => ['CAST(year(', date, ') AS INTEGER)']),
  convert_timezone: convertTimezone,
  timezone: (call) => {
    if (call.args.length !== 2) throw noSuchFunction(call);
    const [zone, value] = call.args as readonly [Expression, Expression];
    return { fragment: ['(', value.fragment, ' AT TIME ZONE ', zone.fragment, ')'] };
  },
};

/** Text in the forms https://docs.aws.amazon.com/redshift/latest/dg/r_DATEFORMAT_and_TIMEFORMAT_strings.html#automatic-recognition lists. */
const DATE_FORMATS = [
  '%Y%m%d',
  '%m/%d/%Y',
  '%m-%d-%Y',
  '%m.%d.%Y',
  '%Y/%m/%d',
  '%Y.%m.%d',
  '%d %b %Y',
  '%d-%b-%Y',
  '%b-%d-%Y',
  '%b %d %Y',
  '%b %d,%Y',
  '%b %d, %Y',
  '%B %d %Y',
  '%B %d, %Y',
  '%m/%d/%y',
];

const formats = (times: readonly string[]): string =>
  `[${DATE_FORMATS.flatMap((date) => times.map((time) => literal(date + time))).join(',')}]`;

export const DATE_MACROS: readonly string[] = [
  'rs_now() AS CAST(now() AS TIMESTAMP)',
  `rs_special(x) AS CASE lower(trim(x)) WHEN 'now' THEN CAST(now() AS TIMESTAMP) WHEN 'today' THEN CAST(current_date AS TIMESTAMP) WHEN 'yesterday' THEN CAST(current_date - 1 AS TIMESTAMP) WHEN 'tomorrow' THEN CAST(current_date + 1 AS TIMESTAMP) END`,
  `rs_timestamp(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(TRY_CAST(x AS TIMESTAMP), CAST(TRY_CAST(x AS TIMESTAMP WITH TIME ZONE) AS TIMESTAMP), try_strptime(trim(x), ${formats(['', ' %H:%M:%S', ' %H:%M:%S.%f', ' %H:%M'])}), rs.main.rs_special(x), error('rs:22007:invalid input syntax for type timestamp: "' || x || '"')) END`,
  `rs_timestamptz(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(TRY_CAST(x AS TIMESTAMP WITH TIME ZONE), CAST(rs.main.rs_timestamp(x) AS TIMESTAMP WITH TIME ZONE)) END`,
  `rs_date(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(TRY_CAST(x AS DATE), CAST(TRY_CAST(x AS TIMESTAMP) AS DATE), CAST(try_strptime(trim(x), ${formats(['', ' %H:%M:%S'])}) AS DATE), CAST(rs.main.rs_special(x) AS DATE), error('rs:22007:invalid input syntax for type date: "' || x || '"')) END`,
  `rs_dateadd(part, n, d) AS CASE part WHEN 'year' THEN d + to_years(CAST(n AS INTEGER)) WHEN 'quarter' THEN d + to_months(CAST(n * 3 AS INTEGER)) WHEN 'month' THEN d + to_months(CAST(n AS INTEGER)) WHEN 'week' THEN d + to_days(CAST(n * 7 AS INTEGER)) WHEN 'day' THEN d + to_days(CAST(n AS INTEGER)) WHEN 'hour' THEN d + to_hours(n) WHEN 'minute' THEN d + to_minutes(n) WHEN 'second' THEN d + to_seconds(n) WHEN 'millisecond' THEN d + to_milliseconds(n) WHEN 'microsecond' THEN d + to_microseconds(n) WHEN 'decade' THEN d + to_years(CAST(n * 10 AS INTEGER)) WHEN 'century' THEN d + to_years(CAST(n * 100 AS INTEGER)) WHEN 'millennium' THEN d + to_years(CAST(n * 1000 AS INTEGER)) ELSE error('rs:22023:this date part cannot be added') END`,
  `rs_add_months(d, n) AS CASE WHEN CAST(d AS DATE) = last_day(CAST(d AS DATE)) THEN CAST(last_day(CAST(d + to_months(CAST(n AS INTEGER)) AS DATE)) AS TIMESTAMP) + (d - date_trunc('day', d)) ELSE d + to_months(CAST(n AS INTEGER)) END`,
  `rs_next_day(d, w) AS d + CAST((list_position(['su','mo','tu','we','th','fr','sa'], lower(w[1:2])) - 1 - date_part('dow', d) + 6) % 7 + 1 AS INTEGER)`,
  `rs_months_between(a, b) AS CASE WHEN day(a) = day(b) OR (CAST(a AS DATE) = last_day(CAST(a AS DATE)) AND CAST(b AS DATE) = last_day(CAST(b AS DATE))) THEN CAST((year(a) - year(b)) * 12 + month(a) - month(b) AS DOUBLE) ELSE (year(a) - year(b)) * 12 + month(a) - month(b) + system.main."/"((day(a) - day(b)) + system.main."/"(date_part('epoch', a - date_trunc('day', a)) - date_part('epoch', b - date_trunc('day', b)), 86400.0), 31.0) END`,
  'rs_compare(a, b) AS CAST(CASE WHEN a < b THEN -1 WHEN a = b THEN 0 WHEN a > b THEN 1 END AS INTEGER)',
];

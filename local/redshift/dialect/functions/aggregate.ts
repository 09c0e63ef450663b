import { decimalOf, isFloat, isInteger, isNumber } from '../numeric-types.ts';
import { unsupported } from '../redshift-error.ts';
import type { Expression, Fragment, Resolution } from '../fragment.ts';
import { orderedBy } from '../ordered-values.ts';
import { isSymbol, significant } from '../token-tree.ts';
import { SUPER_TOTALS } from '../super-arithmetic.ts';
import {
  callOf,
  cast,
  framed,
  noSuchFunction,
  ofNoBytes,
  refused,
  renamed,
  someText,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';
import { median, percentile } from './percentiles.ts';
import { shownType } from '../types.ts';

/** An aggregate of one argument whose translation depends on the argument's type. */
function aggregate(
  resolve: (type: string, call: Call) => Resolution,
  shape?: (call: Call, argument: Fragment) => Fragment,
): FunctionRule {
  return (call) => {
    if (call.args.length !== 1 || isSymbol(significant(call.original[0] ?? [])[0], '*')) throw noSuchFunction(call, []);
    return {
      fragment: {
        aggregate: true,
        operands: call.args,
        shape: ([argument = '']) => shape?.(call, argument) ?? callOf(call, call.name, [argument]),
        safeShape:
          call.name === 'sum' || call.name === 'avg' ? ([argument = '']) => someText(call, argument) : undefined,
        resolve: ([type = '']) => resolve(type, call),
      },
    };
  };
}

/**
 * The type of SUM and AVG: any integer gives BIGINT; as a window function BIGINT gives NUMERIC.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_SUM.html and https://docs.aws.amazon.com/redshift/latest/dg/r_WF_AVG.html
 */
function totalType(type: string, call: Call): string {
  if (type === 'HUGEINT' || (type === 'BIGINT' && call.over !== undefined)) return 'DECIMAL(38,0)';
  if (isInteger(type) || type === 'NULL') return 'BIGINT';
  if (isFloat(type)) return 'DOUBLE';
  const decimal = decimalOf(type);
  if (decimal) return `DECIMAL(38,${decimal.scale})`;
  if (type === 'INTERVAL') return 'INTERVAL';
  if (type === 'JSON')
    throw unsupported(`${call.name.toUpperCase()} of a SUPER value`, call.token.at, 'Cast it first.');
  throw noSuchFunction(call, [type === 'UNKNOWN' ? 'character varying' : shownType(type)]);
}

/** DuckDB has no SUM of intervals, but an AVG of whatever Redshift sums up. */
const sum = aggregate(sumOf, (call, argument) => callOf(call, 'avg', [argument]));

function sumOf(from: string, call: Call): Resolution {
  if (from === 'JSON')
    return {
      type: 'JSON',
      emit: ([argument = '']) => SUPER_TOTALS.sum(argument, (name, each) => callOf(call, name, [each])),
    };
  const type = totalType(from, call);
  if (from === 'INTERVAL') return { type, emit: ([argument = '']) => ofIntervals(call, argument) };
  return {
    type,
    emit: ([argument = '']) => [
      'CAST(',
      isFloat(from) ? ofFloats(call, argument) : callOf(call, 'sum', [argument]),
      ` AS ${type})`,
    ],
  };
}

/**
 * SUM or AVG of floats: beyond the range of floats is an error, unless what is added up holds an infinity itself. Written quickly, whatever
 * is not finite fails.
 */
function ofFloats(call: Call, argument: Fragment): Fragment {
  const total = callOf(call, call.name, [argument]);
  const allFinite = callOf(call, 'bool_and', [['isfinite(', argument, ')']]);
  return {
    choose: (quickly) =>
      quickly
        ? ['rs_finite_total(', total, ')']
        : ['CASE WHEN ', allFinite, ' THEN rs_total(', total, ') ELSE ', total, ' END'],
  };
}

/** As they are added to each other: months, days and time apart. */
function ofIntervals(call: Call, argument: Fragment): Fragment {
  if (call.distinct)
    throw unsupported('SUM(DISTINCT …) of intervals', call.token.at, 'Sum what SELECT DISTINCT … gives.');
  const total = (part: string): Fragment => callOf(call, 'sum', [[`${part}(`, argument, ')']]);
  return ['rs_interval_total(', total('rs_interval_months'), ',', total('day'), ',', total('rs_interval_micros'), ')'];
}

/** Redshift cuts the average of exact numbers off where their scale ends. */
const avg = aggregate((from, call) => {
  const type = totalType(from, call);
  if (isFloat(from)) return { type, emit: ([argument = '']) => ofFloats(call, argument) };
  if (from === 'INTERVAL') return { type, emit: ([argument = '']) => callOf(call, 'avg', [argument]) };
  const scale = decimalOf(from)?.scale ?? 0;
  return {
    type,
    emit: ([argument = '']) => {
      const total = callOf(call, 'sum', [argument]);
      return [
        'CAST(rs_average(',
        // The digits of the sum without its point: once for each group.
        scale === 0
          ? total
          : ['CAST(replace(CAST(CAST(', total, ` AS DECIMAL(38,${scale})) AS VARCHAR),'.','') AS HUGEINT)`],
        ',',
        callOf(call, 'count', [argument]),
        scale === 0 ? ')' : `)*CAST('0.${'0'.repeat(scale - 1)}1' AS DECIMAL(${scale},${scale}))`,
        ` AS ${type})`,
      ];
    },
  };
});

/** https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html */
const listagg: FunctionRule = (call) => {
  const [value, separator] = call.args;
  if (!value || call.args.length > 2) throw noSuchFunction(call);
  const order = call.within?.flatMap(({ expression, direction }, index, all) => [
    index === 0 ? '' : ',',
    orderedBy(expression, direction, { last: index === all.length - 1, guarded: false }, undefined),
  ]);
  const by = separator?.fragment ?? "''";
  const text: Fragment = {
    operands: [value],
    shape: ([v = '']) => ['CAST(', v, ' AS VARCHAR)'],
    resolve: ([type = '']) => {
      if (type === 'BLOB') throw ofNoBytes(call.name, call.token);
      return {
        type: 'VARCHAR',
        // NULL and the empty text are left out.
        emit: ([v = '']) =>
          isFloat(type)
            ? ['rs_float_text(', v, ')']
            : isNumber(type)
              ? ['CAST(', v, ' AS VARCHAR)']
              : ['NULLIF(CAST(', v, " AS VARCHAR),'')"],
      };
    },
  };
  const sorted: Fragment = order ? [' ORDER BY ', order] : '';
  const aggregated: Fragment = call.distinct
    ? // Of equal values the one that comes first stays where it is; the order may be of something else.
      ['rs_listed(list(', text, sorted, ')', call.over ?? '', ',', by, ')']
    : ['string_agg(', text, ',', by, sorted, ')', call.over ?? ''];
  return { type: 'VARCHAR', fragment: ['rs_listagg(', aggregated, ')'] };
};

/** Of integers, and of the same type. https://docs.aws.amazon.com/redshift/latest/dg/c_bitwise_aggregate_functions.html */
const bitwise = (name: string): FunctionRule =>
  aggregate((type, call) => {
    if (!isInteger(type)) throw noSuchFunction(call, [shownType(type)]);
    return { type, emit: ([argument = '']) => callOf(call, name, [argument]) };
  });

/** Of booleans and of integers, of which 0 is false. https://docs.aws.amazon.com/redshift/latest/dg/r_BOOL_AND.html */
const ofTruths = (name: string): FunctionRule =>
  aggregate(
    (type, call) => {
      if (type !== 'BOOLEAN' && !isInteger(type)) throw noSuchFunction(call, [shownType(type)]);
      const truth = (argument: Fragment): Fragment => (type === 'BOOLEAN' ? argument : [argument, '<>0']);
      return { type: 'BOOLEAN', emit: ([argument = '']) => callOf(call, name, [truth(argument)]) };
    },
    (call, argument) => someText(call, argument),
  );

/** The least or the greatest of what has an order. https://docs.aws.amazon.com/redshift/latest/dg/r_MIN.html */
const extreme = (name: string): FunctionRule =>
  aggregate((type, call) => {
    if (type === 'JSON')
      return {
        type,
        emit: ([argument = '']) => SUPER_TOTALS.extreme(name, argument, (other, ...each) => callOf(call, other, each)),
      };
    if (type === 'BOOLEAN') throw noSuchFunction(call, ['boolean']);
    return { emit: ([argument = '']) => callOf(call, name, [argument]) };
  });

/** Texts that differ in the blanks at their end only are the same. */
const count: FunctionRule = (call) => {
  if (call.args.length === 0) throw noSuchFunction(call);
  // DuckDB counts rows that a LEFT JOIN has found nothing for, too.
  const [dot, star] = significant(call.original[0] ?? []).slice(-2);
  if (isSymbol(dot, '.') && isSymbol(star, '*'))
    throw unsupported('COUNT of the rows of a table', call.token.at, 'Count a column that is never NULL.');
  const [value, ...more] = call.args;
  const one = value && more.length === 0 && !isSymbol(significant(call.original[0] ?? [])[0], '*');
  return { type: 'BIGINT', fragment: one ? counted(call, value) : callOf(call, 'count') };
};

/** The null of JSON is NULL, and equal SUPER values are one. What of an aggregate is for another type DuckDB leaves out of its plan. */
function counted(call: Call, { fragment, type }: Expression): Fragment {
  const of = (argument: Fragment): Fragment => callOf(call, 'count', [argument]);
  const unknown = type === undefined;
  if (!call.distinct) return of(unknown || type === 'JSON' ? ['rs_value(', fragment, ')'] : fragment);
  const distinct = of(['rs_distinct(', fragment, ')']);
  if (type === 'JSON') return of(['rs_super_key(', fragment, ')']);
  if (!unknown || call.over !== undefined) return distinct;
  const supers = of(['rs_same_super(', fragment, ')']);
  return ['CASE WHEN typeof(any_value(', fragment, "))='JSON' THEN ", supers, ' ELSE ', distinct, ' END'];
}

/** https://docs.aws.amazon.com/redshift/latest/dg/c_Aggregate_Functions.html */
const AGGREGATES: FunctionTable = {
  sum,
  avg,
  listagg,
  median,
  percentile_cont: percentile(true),
  percentile_disc: percentile(false),
  count,
  grouping: cast('INTEGER'),
  grouping_id: cast('INTEGER'),
  stddev: renamed('stddev_samp', 'DOUBLE'),
  stddev_samp: renamed('stddev_samp', 'DOUBLE'),
  stddev_pop: renamed('stddev_pop', 'DOUBLE'),
  variance: renamed('var_samp', 'DOUBLE'),
  var_samp: renamed('var_samp', 'DOUBLE'),
  var_pop: renamed('var_pop', 'DOUBLE'),
  any_value: renamed('any_value'),
  min: extreme('min'),
  max: extreme('max'),
  bit_and: bitwise('bit_and'),
  bit_or: bitwise('bit_or'),
  bool_and: ofTruths('bool_and'),
  bool_or: ofTruths('bool_or'),
  // Exact, as APPROXIMATE COUNT(DISTINCT …) is. https://docs.aws.amazon.com/redshift/latest/dg/r_HLL_function.html
  hll: (call) => {
    if (call.args.length !== 1 || call.distinct) throw noSuchFunction(call);
    return count({ ...call, distinct: true });
  },
  hll_create_sketch: refused('Use COUNT(DISTINCT …).'),
  hll_combine: refused('Use COUNT(DISTINCT …).'),
  hll_cardinality: refused('Use COUNT(DISTINCT …).'),
};

export const AGGREGATE_FUNCTIONS: FunctionTable = Object.fromEntries(
  Object.entries(AGGREGATES).map(([name, rule]) => [name, framed(rule)]),
);

export function isAggregate(name: string): boolean {
  return Object.hasOwn(AGGREGATE_FUNCTIONS, name);
}

export const AGGREGATE_MACROS: readonly string[] = [
  // Texts that differ in the blanks at their end only are the same: the first of them is listed.
  'rs_listed(texts, separator) AS list_transform([texts], lambda l: list_transform([list_transform(l, lambda t: rs.main.rs_distinct(t))], lambda k: list_transform([list_filter(l, lambda x, i: x IS NOT NULL AND list_position(k, k[i]) = i)], lambda d: CASE WHEN len(d) > 0 THEN array_to_string(d, separator) END)[1])[1])[1]',
  // 64 KB minus one byte: https://docs.aws.amazon.com/redshift/latest/dg/r_LISTAGG.html
  `rs_listagg(s) AS CASE WHEN strlen(s) > 65535 THEN CAST(CAST('rs:22001:Result size exceeds LISTAGG limit;' || strlen(s) AS BIGINT) AS VARCHAR) ELSE s END`,
  'rs_interval_months(i) AS year(i) * 12 + month(i)',
  'rs_interval_total(months, days, micros) AS to_months(CAST(months AS INTEGER)) + to_days(CAST(days AS INTEGER)) + to_microseconds(CAST(micros AS BIGINT))',
  'rs_average(total, number) AS system.main."//"(CAST(total AS HUGEINT), CAST(number AS HUGEINT))',
];

import { type Expression, type Fragment, join, oneOf, wrapped } from '../fragment.ts';
import { comparison, distinctFrom } from '../comparisons.ts';
import { significant, textOf } from '../token-tree.ts';
import { expectArguments, noSuchFunction, type Call, type FunctionRule, type FunctionTable } from './function.ts';

/** The arguments, ready for an operator beside them: that of a condition in one might bind less. */
const operandsOf = ({ args, original }: Call): readonly Expression[] =>
  args.map((arg, at) =>
    significant(original[at] ?? []).length > 1 ? wrapped(arg, (content) => ['(', content, ')']) : arg,
  );

/** NULL equals NULL. https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html */
const decode: FunctionRule = (call) => {
  const [value, ...rest] = operandsOf(call);
  if (value === undefined || rest.length < 2) throw noSuchFunction(call);
  const tests = rest.filter((_each, at) => at % 2 === 0 && at + 1 < rest.length);
  const values = rest.filter((_each, at) => at % 2 === 1 || at + 1 === rest.length);
  const whens = tests.map((test): Fragment => [
    ' WHEN ',
    distinctFrom(value, test, ' IS NOT DISTINCT FROM ', true, call.token.at).fragment,
    ' THEN ',
  ]);
  const otherwise = (given: readonly Fragment[]): Fragment =>
    given.length > tests.length ? [' ELSE ', given.at(-1) ?? ''] : [];
  return {
    fragment: oneOf('CASE', values, (given) => [
      'CASE',
      whens.map((when, at) => [when, given[at] ?? '']),
      otherwise(given),
      ' END',
    ]),
  };
};

const nullif: FunctionRule = (call) => {
  const [left, right] = operandsOf(call);
  if (left === undefined || right === undefined || call.args.length > 2) throw noSuchFunction(call);
  const infix = (l: Fragment, r: Fragment): Fragment => [l, '=', r];
  const equal = comparison({ left, operator: { ...call.token, text: '=' }, right, infix });
  return { fragment: ['CASE WHEN ', equal.fragment, ' THEN NULL ELSE ', left.fragment, ' END'] };
};

/** One of its arguments that is not NULL: what is written as NULL decides no type. */
const choosing =
  (name: string, most = 1_000): FunctionRule =>
  (call) => {
    expectArguments(call, most === 2 ? 2 : 1, most);
    const written = call.args.filter((_value, at) => !/^\s*null\s*$/i.test(textOf(call.original[at] ?? [])));
    const values = written.length > 0 ? written : call.args;
    // The null of JSON is NULL; what comes last is taken as it is.
    const shown = (value: Fragment, at: number): Fragment =>
      name === 'coalesce' && at < values.length - 1 && maySuper(values[at]) ? ['rs_value(', value, ')'] : value;
    return { fragment: oneOf(name.toUpperCase(), values, (given) => [`${name}(`, join(given.map(shown), ','), ')']) };
  };

const maySuper = (value: Expression | undefined): boolean => value?.type === undefined || value.type === 'JSON';

const coalesce = choosing('coalesce');

/** https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html */
export const CONDITIONAL_FUNCTIONS: FunctionTable = {
  nvl: coalesce,
  // On no page of the guide, and in monitoring queries that run on every cluster.
  isnull: choosing('coalesce', 2),
  coalesce,
  nullif,
  // NULL only where every value is NULL: https://docs.aws.amazon.com/redshift/latest/dg/r_GREATEST_LEAST.html
  greatest: choosing('greatest'),
  least: choosing('least'),
  nvl2: (call) => {
    expectArguments(call, 3, 3);
    const [test, ...values] = operandsOf(call);
    return {
      fragment: oneOf('CASE', values, ([yes = '', no = '']) => [
        'CASE WHEN ',
        maySuper(test) ? ['NOT rs_is_null(', test?.fragment ?? '', ')'] : [test?.fragment ?? '', ' IS NOT NULL'],
        ' THEN ',
        yes,
        ' ELSE ',
        no,
        ' END',
      ]),
    };
  },
  decode,
};

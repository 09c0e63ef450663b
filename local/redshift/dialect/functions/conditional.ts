import type { Fragment } from '../fragment.ts';
import { join } from '../fragment.ts';
import { key } from '../comparisons.ts';
import type { Expression } from '../typed.ts';
import { expectArguments, noSuchFunction, scalar, type FunctionRule, type FunctionTable } from './function.ts';

/** What is compared: of texts that differ in the blanks at their end only, the same. */
const compared = (value: Expression | undefined): Fragment => (value ? key(value).fragment : '');

/** NULL equals NULL. https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html */
const decode: FunctionRule = (call) => {
  const [value, ...rest] = call.args;
  if (value === undefined || rest.length < 2) throw noSuchFunction(call);
  const whens: Fragment[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2)
    whens.push(
      ' WHEN ',
      compared(value),
      ' IS NOT DISTINCT FROM ',
      compared(rest[at]),
      ' THEN ',
      rest[at + 1]?.fragment ?? '',
    );
  const otherwise = rest.length % 2 === 1 ? [' ELSE ', rest.at(-1)?.fragment ?? ''] : [];
  return { fragment: ['CASE', whens, otherwise, ' END'] };
};

const nullif: FunctionRule = (call) => {
  expectArguments(call, 2, 2);
  const [value, other] = call.args;
  return {
    fragment: ['CASE WHEN ', compared(value), '=', compared(other), ' THEN NULL ELSE ', value?.fragment ?? '', ' END'],
  };
};

const coalesce = scalar(1, 1_000, (args) => ['coalesce(', join(args, ','), ')']);

/** https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html */
export const CONDITIONAL_FUNCTIONS: FunctionTable = {
  nvl: coalesce,
  // On no page of the guide, and in monitoring queries that run on every cluster.
  isnull: scalar(2, 2, (args) => ['coalesce(', join(args, ','), ')']),
  coalesce,
  nullif,
  // NULL only where every value is NULL: https://docs.aws.amazon.com/redshift/latest/dg/r_GREATEST_LEAST.html
  greatest: scalar(1, 1_000, (args) => ['greatest(', join(args, ','), ')']),
  least: scalar(1, 1_000, (args) => ['least(', join(args, ','), ')']),
  nvl2: scalar(3, 3, ([test = '', yes = '', no = '']) => [
    'CASE WHEN ',
    test,
    ' IS NOT NULL THEN ',
    yes,
    ' ELSE ',
    no,
    ' END',
  ]),
  decode,
};

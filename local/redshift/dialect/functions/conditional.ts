import type { Fragment } from '../fragment.ts';
import { join } from '../fragment.ts';
import { withoutBlanks } from '../comparisons.ts';
import { noSuchFunction, scalar, type FunctionRule, type FunctionTable } from './function.ts';

/** What is compared: of texts that differ in the blanks at their end only, the same. */
const key = (value: Fragment): Fragment => withoutBlanks(value) ?? ['rs_key(', value, ')'];

/** NULL equals NULL. https://docs.aws.amazon.com/redshift/latest/dg/r_DECODE_expression.html */
const decode: FunctionRule = (call) => {
  const [value, ...rest] = call.args.map(({ fragment }) => fragment);
  if (value === undefined || rest.length < 2) throw noSuchFunction(call);
  const whens: Fragment[] = [];
  for (let at = 0; at + 1 < rest.length; at += 2)
    whens.push(' WHEN ', key(value), ' IS NOT DISTINCT FROM ', key(rest[at] ?? ''), ' THEN ', rest[at + 1] ?? '');
  const otherwise = rest.length % 2 === 1 ? [' ELSE ', rest.at(-1) ?? ''] : [];
  return { fragment: ['CASE', whens, otherwise, ' END'] };
};

const coalesce = scalar(1, 1_000, (args) => ['coalesce(', join(args, ','), ')']);

/** https://docs.aws.amazon.com/redshift/latest/dg/c_conditional_expressions.html */
export const CONDITIONAL_FUNCTIONS: FunctionTable = {
  nvl: coalesce,
  // On no page of the guide, and in monitoring queries that run on every cluster.
  isnull: scalar(2, 2, (args) => ['coalesce(', join(args, ','), ')']),
  coalesce,
  nullif: scalar(2, 2, ([a = '', b = '']) => ['CASE WHEN ', key(a), '=', key(b), ' THEN NULL ELSE ', a, ' END']),
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

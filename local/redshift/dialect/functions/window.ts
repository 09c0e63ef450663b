import type { Fragment } from '../fragment.ts';
import {
  callOf,
  cast,
  framed,
  noSuchFunction,
  renamed,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';
import { literalNumber } from './literal-arguments.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';

/** What is no aggregate stands before OVER only. */
function windowOf(call: Call): Fragment {
  if (call.over !== undefined) return call.over;
  throw new RedshiftError(SQLSTATE.wrongObjectType, `window function ${call.name} requires an OVER clause`, {
    position: call.token.at,
  });
}

const windowed =
  (least: number, most: number, rule: FunctionRule): FunctionRule =>
  (call) => {
    windowOf(call);
    if (call.args.length < least || call.args.length > most) throw noSuchFunction(call);
    return rule(call);
  };

/** https://docs.aws.amazon.com/redshift/latest/dg/r_WF_RATIO_TO_REPORT.html */
const ratioToReport: FunctionRule = (call) => {
  const [value] = call.args;
  if (!value) throw noSuchFunction(call);
  return {
    type: 'DOUBLE',
    fragment: [
      '(CAST(',
      value.fragment,
      ' AS DOUBLE)/NULLIF(sum(CAST(',
      value.fragment,
      ' AS DOUBLE))',
      windowOf(call),
      ',0))',
    ],
  };
};

/** IGNORE NULLS stands after the parentheses in Redshift, inside them in DuckDB. The null of JSON is one. */
const moved: FunctionRule = (call) => {
  const [value = '', ...more] = call.args.map(({ fragment }) => fragment);
  const ignores = call.nulls.includes('IGNORE') && (call.args[0]?.type ?? 'JSON') === 'JSON';
  return { fragment: callOf(call, call.name, ignores ? [['rs_value(', value, ')'], ...more] : undefined) };
};

/** https://docs.aws.amazon.com/redshift/latest/dg/r_WF_NTH.html */
const nthValue: FunctionRule = (call) => {
  if ((literalNumber(call, 1) ?? 1) > 0) return moved(call);
  throw new RedshiftError(SQLSTATE.invalidParameter, 'argument of nth_value must be greater than zero', {
    position: call.token.at,
  });
};

/** Another row's value, without one for where there is no such row. https://docs.aws.amazon.com/redshift/latest/dg/r_WF_LAG.html */
const otherRow: FunctionRule = (call) => {
  if (call.args.length > 2)
    throw new RedshiftError(
      SQLSTATE.notSupported,
      `Default parameter not be supported for window function ${call.name}`,
      { position: call.token.at, hint: 'Write COALESCE(…, default) around it.' },
    );
  return moved(call);
};

/** https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html */
export const WINDOW_FUNCTIONS: FunctionTable = {
  ratio_to_report: ratioToReport,
  first_value: windowed(1, 1, framed(moved)),
  last_value: windowed(1, 1, framed(moved)),
  nth_value: windowed(2, 2, framed(nthValue)),
  lag: windowed(1, 3, otherRow),
  lead: windowed(1, 3, otherRow),
  row_number: windowed(0, 0, renamed('row_number', 'BIGINT')),
  rank: windowed(0, 0, renamed('rank', 'BIGINT')),
  dense_rank: windowed(0, 0, renamed('dense_rank', 'BIGINT')),
  ntile: windowed(1, 1, cast('BIGINT')),
  percent_rank: windowed(0, 0, renamed('percent_rank', 'DOUBLE')),
  cume_dist: windowed(0, 0, renamed('cume_dist', 'DOUBLE')),
};

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
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';

/** What is no aggregate stands before OVER only. */
function windowOf(call: Call): Fragment {
  if (call.over !== undefined) return call.over;
  throw new RedshiftError(SQLSTATE.wrongObjectType, `window function ${call.name} requires an OVER clause`, {
    position: call.token.at,
  });
}

const needsWindow =
  (rule: FunctionRule): FunctionRule =>
  (call) => {
    windowOf(call);
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

/** IGNORE NULLS stands after the parentheses in Redshift, inside them in DuckDB. */
const moved: FunctionRule = (call) => ({ fragment: callOf(call, call.name) });

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
  first_value: needsWindow(framed(moved)),
  last_value: needsWindow(framed(moved)),
  nth_value: needsWindow(framed(moved)),
  lag: needsWindow(otherRow),
  lead: needsWindow(otherRow),
  row_number: needsWindow(renamed('row_number', 'BIGINT')),
  rank: needsWindow(renamed('rank', 'BIGINT')),
  dense_rank: needsWindow(renamed('dense_rank', 'BIGINT')),
  ntile: needsWindow(cast('BIGINT')),
  percent_rank: needsWindow(renamed('percent_rank', 'DOUBLE')),
  cume_dist: needsWindow(renamed('cume_dist', 'DOUBLE')),
};

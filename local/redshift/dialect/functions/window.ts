import { callOf, cast, renamed, type FunctionRule, type FunctionTable } from './function.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_WF_RATIO_TO_REPORT.html */
const ratioToReport: FunctionRule = (call) => {
  const [value] = call.args;
  if (!value) return undefined;
  return {
    type: 'DOUBLE',
    fragment: [
      '(CAST(',
      value.fragment,
      ' AS DOUBLE)/NULLIF(sum(CAST(',
      value.fragment,
      ' AS DOUBLE))',
      call.over ?? ' OVER ()',
      ',0))',
    ],
  };
};

/** IGNORE NULLS stands after the parentheses in Redshift, inside them in DuckDB. */
const moved: FunctionRule = (call) => ({ fragment: callOf(call, call.name) });

/** https://docs.aws.amazon.com/redshift/latest/dg/c_Window_functions.html */
export const WINDOW_FUNCTIONS: FunctionTable = {
  ratio_to_report: ratioToReport,
  first_value: moved,
  last_value: moved,
  nth_value: moved,
  lag: moved,
  lead: moved,
  row_number: renamed('row_number', 'BIGINT'),
  rank: renamed('rank', 'BIGINT'),
  dense_rank: renamed('dense_rank', 'BIGINT'),
  ntile: cast('BIGINT'),
  percent_rank: renamed('percent_rank', 'DOUBLE'),
  cume_dist: renamed('cume_dist', 'DOUBLE'),
};

import { dateFormat } from '../date-formats.ts';
import { isNumber } from '../numeric-types.ts';
import { literal, stringValue } from '../lexer.ts';
import { unsupported } from '../redshift-error.ts';
import { significant } from '../token-tree.ts';
import {
  byType,
  expectArguments,
  renamed,
  scalar,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';

/** A format must be a literal: it is translated before the query runs. */
function formatOf(call: Call): string {
  const [node, ...more] = significant(call.original[1] ?? []);
  if (node?.type !== 'string' || more.length > 0)
    throw unsupported(`${call.name} with a format that is not a literal`, call.token.at);
  return stringValue(node.text);
}

const toChar: FunctionRule = byType(
  2,
  2,
  ([from = ''], call) => {
    const format = formatOf(call);
    if (isNumber(from)) throw unsupported('to_char of a number', call.token.at, 'Cast to VARCHAR.');
    const text = from === 'VARCHAR' || from === 'UNKNOWN' ? 'rs_timestamp(' : '(';
    return {
      type: 'VARCHAR',
      emit: ([value = '']) => ['strftime(', text, value, `),${literal(dateFormat(format, 'write'))})`],
    };
  },
  ([value = '']) => ['CAST(', value, ' AS VARCHAR)'],
);

const parsed =
  (type: string): FunctionRule =>
  (call) => {
    expectArguments(call, 2, 3);
    const format = literal(dateFormat(formatOf(call), 'read'));
    return {
      type,
      fragment: ['CAST(strptime(CAST(', call.args[0]?.fragment ?? '', ` AS VARCHAR),${format}) AS ${type})`],
    };
  };

/** https://docs.aws.amazon.com/redshift/latest/dg/r_Data_type_formatting.html */
export const CONVERSION_FUNCTIONS: FunctionTable = {
  to_char: toChar,
  to_date: parsed('DATE'),
  to_timestamp: parsed('TIMESTAMP WITH TIME ZONE'),
  to_hex: scalar(1, 1, ([value = '']) => ['lower(hex(CAST(', value, ' AS BIGINT)))'], 'VARCHAR'),
  strtol: renamed('rs_strtol', 'BIGINT'),
};

export const CONVERSION_MACROS: readonly string[] = [
  // Never half a character: UTF-8 has at most four bytes, so one of four cuts is clean.
  `rs_cut(s, n) AS coalesce(${[0, 1, 2, 3].map((less) => `TRY(decode(encode(s)[1:n - ${less}]))`).join(', ')})`,
  'rs_truncate(s, n) AS CASE WHEN strlen(s) <= n THEN s ELSE rs.main.rs_cut(s, n) END',
  'rs_char(s, n) AS rtrim(CASE WHEN strlen(s) <= n THEN s ELSE rs.main.rs_cut(s, n) END)',
  `rs_integer_text(x) AS CASE WHEN x IS NULL OR regexp_full_match(x, '\\s*[+-]?\\d+\\s*') THEN x ELSE error('rs:22P02:invalid input syntax for integer: "' || x || '"') END`,
  `rs_boolean(x) AS CASE lower(trim(x)) WHEN 't' THEN true WHEN 'true' THEN true WHEN 'y' THEN true WHEN 'yes' THEN true WHEN '1' THEN true WHEN 'on' THEN true WHEN 'f' THEN false WHEN 'false' THEN false WHEN 'n' THEN false WHEN 'no' THEN false WHEN '0' THEN false WHEN 'off' THEN false ELSE CASE WHEN x IS NULL THEN NULL ELSE error('rs:22P02:invalid input syntax for type boolean: "' || x || '"') END END`,
  `rs_float_text(x) AS regexp_replace(CAST(x AS VARCHAR), '\\.0$', '')`,
  `rs_strtol(s, b) AS list_reduce(list_prepend(CAST(0 AS BIGINT), list_transform(string_split(lower(s), ''), lambda c: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', c) - 1 AS BIGINT))), lambda x, y: x * b + y)`,
];

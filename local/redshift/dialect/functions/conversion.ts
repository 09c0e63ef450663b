import { castExpression } from '../casts.ts';
import type { Fragment, Resolution } from '../fragment.ts';
import { isNumber } from '../numeric-types.ts';
import { MAX_PRECISION, numeric, typeNamed } from '../types.ts';
import { unsupported } from '../redshift-error.ts';
import { badFormat } from './date-template.ts';
import { computedMoment, computedText } from './computed-formats.ts';
import { dateReader } from './date-reading.ts';
import { dateWriter } from './date-writing.ts';
import {
  byType,
  expectArguments,
  renamed,
  scalar,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';
import { literalInteger, literalText } from './literal-arguments.ts';
import { moment } from './moments.ts';
import { numberTemplate } from './number-template.ts';
import { numberWriter } from './number-writing.ts';

/** A format that must be a literal: the type of the result follows from it. */
function formatOf(call: Call): string {
  const format = literalText(call, 1);
  if (format === undefined) throw unsupported(`${call.name} with a format that is not a literal`, call.token.at);
  return format;
}

const toChar: FunctionRule = (call) => {
  const literally = literalText(call, 1) !== undefined;
  return byType(2, 2, written, literally ? ([value = '']) => ['CAST(', value, ' AS VARCHAR)'] : undefined)(call);
};

function written([from = '']: readonly string[], call: Call): Resolution {
  if (from === 'INTERVAL' || (from.startsWith('TIME') && !from.startsWith('TIMESTAMP')))
    throw unsupported(
      'to_char of a time of day or an interval',
      call.token.at,
      'Add it to a date: to_char(current_date + value, …).',
    );
  const given = (value: Fragment): Fragment => {
    if (isNumber(from)) return value;
    return from === 'TIMESTAMP WITH TIME ZONE' ? ['CAST(', value, ' AS TIMESTAMP)'] : moment(value, from);
  };
  const format = literalText(call, 1);
  if (format === undefined)
    return { type: 'VARCHAR', emit: ([value = '', text = '']) => computedText(given(value), from, text) };
  const write = isNumber(from) ? numberWriter(format, call.token.at) : dateWriter(format, call.token.at);
  return { type: 'VARCHAR', emit: ([value = '']) => write(given(value)) };
}

/** A literal `true` or `false`. */
function strictly(call: Call): boolean {
  const node = (call.original[2] ?? []).find(({ type }) => type !== 'space' && type !== 'comment');
  if (node === undefined) return false;
  const word = 'text' in node ? node.text.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw unsupported(`${call.name} with a computed is_strict`, call.token.at);
  return word === 'true';
}

const parsed =
  (type: string): FunctionRule =>
  (call) => {
    expectArguments(call, 2, 3);
    const [value, computed] = [call.args[0]?.fragment ?? '', call.args[1]?.fragment ?? ''];
    const format = literalText(call, 1);
    const timestamp =
      format === undefined
        ? computedMoment(value, computed, strictly(call))
        : dateReader(format, strictly(call), call.token.at)(value);
    return {
      type,
      fragment:
        type === 'DATE' ? ['CAST(', timestamp, ' AS DATE)'] : ['CAST(', timestamp, ' AS TIMESTAMP WITH TIME ZONE)'],
    };
  };

/** https://docs.aws.amazon.com/redshift/latest/dg/r_TO_NUMBER.html */
const toNumber: FunctionRule = (call) => {
  expectArguments(call, 2, 2);
  const { before, after } = numberTemplate(formatOf(call), call.token.at);
  const type = `DECIMAL(${Math.max(before + after, 1)},${after})`;
  // Digits after those the format has are left unread.
  return {
    type,
    fragment: ['CAST(rs_number(CAST(', call.args[0]?.fragment ?? '', ` AS VARCHAR),${after}) AS ${type})`],
  };
};

const bytes =
  (read: string): FunctionRule =>
  (call) => {
    expectArguments(call, 1, 1);
    return { type: 'BLOB', fragment: [`${read}(rs_no_bytes(`, call.args[0]?.fragment ?? '', `,'${call.name}'))`] };
  };

const READERS: Readonly<Record<string, string>> = {
  hex: 'rs_unhex',
  binary: 'rs_unbin',
  utf8: 'encode',
  'utf-8': 'encode',
  utf_8: 'encode',
  base64: 'rs_unbase64',
};

/** https://docs.aws.amazon.com/redshift/latest/dg/r_TO_VARBYTE.html */
const toVarbyte: FunctionRule = (call) => {
  expectArguments(call, 2, 2);
  const format = formatOf(call).toLowerCase();
  const read = READERS[format];
  if (read === undefined) throw badFormat(format, 'TO_VARBYTE knows hex, binary, utf8 and base64', call.token.at);
  return bytes(read)({ ...call, args: call.args.slice(0, 1) });
};

/** https://docs.aws.amazon.com/redshift/latest/dg/r_TO_HEX.html */
const toHex: FunctionRule = byType(1, 1, ([from = '']) => ({
  type: 'VARCHAR',
  emit: ([value = '']) =>
    from === 'BLOB'
      ? ['lower(hex(', value, '))']
      : ["printf('%x',CAST(", value, ' AS BIGINT)', /^(?:SMALL|TINY)?INT/.test(from) ? '&4294967295)' : ')'],
}));

/** https://docs.aws.amazon.com/redshift/latest/dg/r_FROM_VARBYTE.html */
const fromVarbyte: FunctionRule = (call) => {
  expectArguments(call, 2, 2);
  const format = formatOf(call).toLowerCase();
  if (READERS[format] === undefined)
    throw badFormat(format, 'FROM_VARBYTE knows hex, binary, utf8 and base64', call.token.at);
  return byType(1, 1, ([from = '']) => ({
    type: 'VARCHAR',
    emit: ([value = '']) => {
      const bytes: Fragment = from === 'BLOB' ? value : ['encode(', value, ')'];
      if (format === 'binary') return ['rs_binary(', bytes, ')'];
      if (format === 'base64') return ['to_base64(', bytes, ')'];
      return format === 'hex' ? ['lower(hex(', bytes, '))'] : ['decode(', bytes, ')'];
    },
  }))({ ...call, args: call.args.slice(0, 1) });
};

/** https://docs.aws.amazon.com/redshift/latest/dg/materialized-view-streaming-ingestion.html */
const isUtf8 = byType(1, 1, ([from = '']) => ({
  type: 'BOOLEAN',
  emit: ([value = '']) =>
    from === 'BLOB'
      ? ['(CASE WHEN ', value, ' IS NOT NULL THEN TRY(decode(', value, ')) IS NOT NULL END)']
      : ['(CASE WHEN ', value, ' IS NOT NULL THEN true END)'],
}));

/** The sign may stand behind the number. https://docs.aws.amazon.com/redshift/latest/dg/r_TEXT_TO_INT_ALT.html */
const textToInteger: FunctionRule = (call) => {
  if (call.args.length === 2) throw unsupported('TEXT_TO_INT_ALT with a format', call.token.at);
  expectArguments(call, 1, 1);
  return {
    type: 'INTEGER',
    fragment: [
      'CAST(trunc(CAST(rs_alternative_number(CAST(',
      call.args[0]?.fragment ?? '',
      ' AS VARCHAR)) AS DECIMAL(38,10))) AS INTEGER)',
    ],
  };
};

/** What lies in the middle is rounded to the even digit. https://docs.aws.amazon.com/redshift/latest/dg/r_TEXT_TO_NUMERIC_ALT.html */
const textToNumeric: FunctionRule = (call) => {
  if (literalText(call, 1) !== undefined) throw unsupported('TEXT_TO_NUMERIC_ALT with a format', call.token.at);
  expectArguments(call, 1, 3);
  const [precision, scale] = [1, 2].map((index) => literalInteger(call, index));
  if (call.args.length > 1 && (precision === undefined || scale === undefined))
    throw unsupported('TEXT_TO_NUMERIC_ALT with a computed precision or scale', call.token.at);
  const { duckdb } = numeric(precision ?? MAX_PRECISION, scale ?? 0, call.token.at);
  return {
    type: duckdb,
    fragment: [
      'CAST(rs_to_even(CAST(rs_alternative_number(CAST(',
      call.args[0]?.fragment ?? '',
      ` AS VARCHAR)) AS VARCHAR),${scale ?? 0}) AS ${duckdb})`,
    ],
  };
};

/** Types that may be written as a function of one value, a cast, as in PostgreSQL: the others are words of the grammar. */
const CASTS = ['date', 'text', 'int2', 'int4', 'int8', 'float4', 'float8', 'bool', 'timestamptz'] as const;

function castTo(type: string): FunctionRule {
  return (call) => {
    expectArguments(call, 1, 1);
    return castExpression(call.args[0] ?? { fragment: 'NULL' }, typeNamed(type, undefined), call.token.at);
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_Data_type_formatting.html */
export const CONVERSION_FUNCTIONS: FunctionTable = {
  to_char: toChar,
  to_date: parsed('DATE'),
  to_timestamp: parsed('TIMESTAMP WITH TIME ZONE'),
  to_number: toNumber,
  to_hex: toHex,
  // https://docs.aws.amazon.com/redshift/latest/dg/r_GETBIT.html
  getbit: scalar(2, 2, ([value = '', index = '']) => ['rs_getbit(', value, ',', index, ')'], 'INTEGER'),
  from_hex: bytes('rs_unhex'),
  to_varbyte: toVarbyte,
  from_varbyte: fromVarbyte,
  is_utf8: isUtf8,
  ...Object.fromEntries(CASTS.map((type) => [type, castTo(type)])),
  strtol: renamed('rs_strtol', 'BIGINT'),
  text_to_int_alt: textToInteger,
  text_to_numeric_alt: textToNumeric,
};

const FLOATS = [
  ['float4', 'FLOAT', 'real'],
  ['float8', 'DOUBLE', 'double precision'],
] as const;

export const CONVERSION_MACROS: readonly string[] = [
  `rs_alternative_number(s) AS CASE WHEN trim(s) = '' THEN '0' ELSE regexp_replace(trim(s), '^([^+-].*)([+-])$', '\\2\\1') END`,
  // Digits of the number as they are written, an exponent aside: where those after the scale are more than a half, or just a half after an
  // odd digit, the cast is given one of them that rounds up, else none.
  `rs_plain_number(s) AS CASE WHEN regexp_matches(s, '[eE]') THEN CAST(CAST(s AS DECIMAL(38,10)) AS VARCHAR) ELSE s END`,
  `rs_cut_to_even(w, f, digits) AS w || '.' || left(f, digits) || CASE WHEN rtrim(f[digits + 1:], '0') > '5' OR rtrim(f[digits + 1:], '0') = '5' AND right(w || left(f, digits), 1) IN ('1', '3', '5', '7', '9') THEN '9' ELSE '0' END`,
  `rs_to_even(s, digits) AS list_transform([rs.main.rs_plain_number(s)], lambda n: rs.main.rs_cut_to_even(split_part(n, '.', 1), split_part(n, '.', 2), digits))[1]`,
  // Never half a character: a cut goes back over the bytes 80 to BF, which none begins with. (TRY would do, but takes no sub-query.)
  `rs_inside(s, n) AS encode(s)[n:n] BETWEEN '\\x80'::BLOB AND '\\xBF'::BLOB`,
  `rs_cut(s, n) AS decode(encode(s)[1:n - CASE WHEN NOT rs.main.rs_inside(s, n + 1) THEN 0 WHEN NOT rs.main.rs_inside(s, n) THEN 1 WHEN NOT rs.main.rs_inside(s, n - 1) THEN 2 ELSE 3 END])`,
  'rs_truncate(s, n) AS CASE WHEN strlen(s) <= n THEN s ELSE rs.main.rs_cut(s, n) END',
  'rs_char(s, n) AS rtrim(CASE WHEN strlen(s) <= n THEN s ELSE rs.main.rs_cut(s, n) END)',
  `rs_integer_text(x) AS CASE WHEN x IS NULL OR regexp_full_match(x, '\\s*[+-]?\\d+\\s*') THEN x ELSE error('rs:22P02:invalid input syntax for integer: "' || x || '"') END`,
  // DuckDB reads 1_000, and infinity out of 1e400.
  `rs_number_text(x) AS CASE WHEN contains(x, '_') THEN error('rs:22P02:invalid input syntax for type numeric: "' || x || '"') ELSE x END`,
  `rs_number_or_null(x) AS CASE WHEN contains(x, '_') THEN NULL ELSE x END`,
  ...FLOATS.flatMap(([name, type, shown]) => [
    `rs_is_beyond_${name}(x) AS (contains(x, 'e') OR contains(x, 'E') OR strlen(x) > 38) AND isinf(TRY_CAST(x AS ${type})) AND NOT contains(lower(x), 'inf')`,
    `rs_${name}_text(x) AS CASE WHEN contains(x, '_') THEN error('rs:22P02:invalid input syntax for type ${shown}: "' || x || '"') WHEN rs.main.rs_is_beyond_${name}(x) THEN error('rs:22003:"' || x || '" is out of range for type ${shown}') ELSE x END`,
    `rs_${name}_or_null(x) AS CASE WHEN contains(x, '_') OR rs.main.rs_is_beyond_${name}(x) THEN NULL ELSE x END`,
  ]),
  // DuckDB looks whether a float fits before it rounds it: 32767.6 became a SMALLINT of -32768.
  'rs_rounded(x) AS round_even(x, 0)',
  `rs_integer_or_null(x) AS CASE WHEN regexp_full_match(x, '\\s*[+-]?\\d+\\s*') THEN x END`,
  `rs_boolean_or_null(x) AS CASE lower(trim(x)) WHEN 't' THEN true WHEN 'true' THEN true WHEN 'y' THEN true WHEN 'yes' THEN true WHEN '1' THEN true WHEN 'on' THEN true WHEN 'f' THEN false WHEN 'false' THEN false WHEN 'n' THEN false WHEN 'no' THEN false WHEN '0' THEN false WHEN 'off' THEN false END`,
  `rs_boolean(x) AS CASE WHEN x IS NULL THEN NULL ELSE coalesce(rs.main.rs_boolean_or_null(x), error('rs:22P02:invalid input syntax for type boolean: "' || x || '"')) END`,
  `rs_float_text(x) AS replace(replace(regexp_replace(CAST(x AS VARCHAR), '\\.0$', ''), 'inf', 'Infinity'), 'nan', 'NaN')`,
  // As IntervalStyle `postgres`: a part after a negative one has its sign. https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html
  `rs_interval_part(n, name, behind) AS CASE WHEN n <> 0 THEN CASE WHEN behind AND n > 0 THEN '+' ELSE '' END || n || ' ' || name || CASE WHEN n = 1 THEN '' ELSE 's' END END`,
  `rs_interval_clock(m, behind) AS CASE WHEN m < 0 THEN '-' WHEN behind THEN '+' ELSE '' END || lpad(CAST(abs(m) // 3600000000 AS VARCHAR), greatest(2, length(CAST(abs(m) // 3600000000 AS VARCHAR)))::INTEGER, '0') || ':' || lpad(CAST(abs(m) // 60000000 % 60 AS VARCHAR), 2, '0') || ':' || lpad(CAST(abs(m) // 1000000 % 60 AS VARCHAR), 2, '0') || CASE WHEN m % 1000000 = 0 THEN '' ELSE '.' || rtrim(lpad(CAST(abs(m) % 1000000 AS VARCHAR), 6, '0'), '0') END`,
  `rs_interval_micros(i) AS CAST(hour(i) AS BIGINT) * 3600000000 + minute(i) * 60000000 + microsecond(i)`,
  // What is smaller than the last unit of an interval's type is cut off.
  `rs_interval_year(i) AS to_years(CAST(year(i) AS INTEGER))`,
  `rs_interval_day(i) AS i - to_microseconds(rs.main.rs_interval_micros(i))`,
  `rs_interval_hour(i) AS i - to_microseconds(rs.main.rs_interval_micros(i) % 3600000000)`,
  `rs_interval_minute(i) AS i - to_microseconds(microsecond(i))`,
  `rs_interval_text(i) AS CASE WHEN i IS NOT NULL THEN coalesce(nullif(concat_ws(' ', rs.main.rs_interval_part(year(i), 'year', false), rs.main.rs_interval_part(month(i), 'mon', year(i) < 0), rs.main.rs_interval_part(day(i), 'day', year(i) < 0 OR month(i) < 0),
    CASE WHEN rs.main.rs_interval_micros(i) <> 0 THEN rs.main.rs_interval_clock(rs.main.rs_interval_micros(i), day(i) < 0 OR day(i) = 0 AND (year(i) < 0 OR month(i) < 0)) END), ''), '00:00:00') END`,
  // Integers in bytes, the highest first, negative ones as two's complements.
  `rs_bytes_of(n, width) AS unhex(right('0000000000000000' || hex(CAST(n AS BIGINT)), 2 * width))`,
  `rs_integer_of(b, width) AS CASE WHEN octet_length(b) > width THEN CAST(CAST('rs:22003:Value out of range for ' || width || ' bytes.;' AS VARCHAR) AS HUGEINT) ELSE CAST(CAST('0x' || hex(b) AS UBIGINT) AS HUGEINT) - CASE WHEN octet_length(b) = width AND get_bit(CAST(b AS BIT), 0) = 1 THEN CAST(1 AS HUGEINT) << (8 * width) ELSE 0 END END`,
  `rs_getbit(b, n) AS CASE WHEN n < 0 OR n >= 8 * octet_length(b) THEN error('rs:22023:bit index ' || n || ' out of range;') ELSE CAST(get_bit(CAST(b AS BIT), CAST(8 * octet_length(b) - 1 - n AS INTEGER)) AS INTEGER) END`,
  `rs_binary(b) AS CASE WHEN b = ''::BLOB THEN '' ELSE CAST(CAST(b AS BIT) AS VARCHAR) END`,
  `rs_unbin(s) AS unbin(lpad(s, CAST((length(s) + 7) // 8 * 8 AS INTEGER), '0'))`,
  `rs_unhex(s) AS unhex(CASE WHEN length(s) % 2 = 1 THEN '0' ELSE '' END || s)`,
  `rs_unbase64(s) AS CASE WHEN length(s) % 4 = 0 AND regexp_full_match(s, '[A-Za-z0-9+/]*={0,2}') THEN from_base64(s) ELSE error('rs:22023:invalid base64 text "' || replace(s, ';', ',') || '";') END`,
  // As C does: blanks, a sign, 0x before base 16; nothing at all is 0.
  `rs_strtol_digits(s, b) AS CASE WHEN b = 16 THEN regexp_replace(ltrim(ltrim(lower(s)), '+-'), '^0x', '') ELSE ltrim(ltrim(lower(s)), '+-') END`,
  `rs_strtol_checked(d, b, s) AS CASE WHEN b NOT BETWEEN 2 AND 36 THEN CAST(CAST('rs:22023:The base ' || b || ' is not between 2 and 36;' AS BIGINT) AS VARCHAR) WHEN regexp_full_match(d, '[' || '0123456789abcdefghijklmnopqrstuvwxyz'[1:b] || ']*') THEN d ELSE CAST(CAST('rs:22023:The input ' || replace(s, ';', ',') || ' is not valid to be converted to base ' || b || ';' AS BIGINT) AS VARCHAR) END`,
  `rs_strtol_value(d, b) AS list_reduce(list_prepend(CAST(0 AS BIGINT), list_transform(range(1, length(d) + 1), lambda i: CAST(strpos('0123456789abcdefghijklmnopqrstuvwxyz', d[i]) - 1 AS BIGINT))), lambda x, y: x * b + y)`,
  `rs_strtol(s, b) AS CASE WHEN regexp_matches(ltrim(s), '^-') THEN -1 ELSE 1 END * rs.main.rs_strtol_value(rs.main.rs_strtol_checked(rs.main.rs_strtol_digits(s, b), b, s), b)`,
  `rs_number(x, digits) AS CASE WHEN x IS NULL THEN NULL WHEN regexp_full_match(x, '[\\s$]*[+-]?[\\s$]*[0-9,]*\\.?[0-9]*\\s*[+-]?\\s*|\\s*<[0-9,]*\\.?[0-9]*>\\s*') AND regexp_matches(x, '[0-9]') THEN CASE WHEN x LIKE '%-%' OR x LIKE '%<%' THEN '-' ELSE '' END || split_part(regexp_replace(x, '[^0-9.]', '', 'g'), '.', 1) || '.' || left(split_part(regexp_replace(x, '[^0-9.]', '', 'g'), '.', 2), digits) ELSE CAST(CAST('rs:22P02:invalid input syntax for type numeric: "' || replace(x, ';', ',') || '";' AS BIGINT) AS VARCHAR) END`,
];

import { type Fragment, join } from '../fragment.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../redshift-error.ts';
import { shownType } from '../types.ts';
import {
  byType,
  expectArguments,
  refused,
  scalar,
  type Call,
  type FunctionRule,
  type FunctionTable,
} from './function.ts';

/** The flag `null_if_invalid` at the end of a JSON function's arguments. */
function nullIfInvalid(call: Call, index: number): boolean {
  const argument = call.args[index];
  if (argument === undefined) return false;
  const written = (call.original[index] ?? [])
    .map((node) => ('text' in node ? node.text : ''))
    .join('')
    .trim()
    .toLowerCase();
  if (argument.type !== 'BOOLEAN' && !/^'(?:t|true|f|false)'$/.test(written))
    throw unsupported(`${call.name} with a computed null_if_invalid`, call.token.at);
  return /^'?t(?:rue)?'?$/.test(written);
}

/** A function of JSON text: invalid text is an error, or NULL on demand. */
function ofJsonText(least: number, most: number, name: string, type: string): FunctionRule {
  return (call) => {
    expectArguments(call, least, most);
    const lenient = nullIfInvalid(call, most - 1);
    const args = call.args.slice(0, most - 1).map(({ fragment }) => fragment);
    const [json = '', ...rest] = args;
    const of = (text: Fragment): Fragment => [
      `${name}(rs_json_text(`,
      text,
      `,${lenient})`,
      rest.map((arg) => [',', arg]),
      ')',
    ];
    return { type, fragment: of(json) };
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/JSON_EXTRACT_PATH_TEXT.html */
const extractPath: FunctionRule = (call) => {
  expectArguments(call, 2, 7);
  const flagged = call.args.length > 2 && call.args.at(-1)?.type === 'BOOLEAN';
  const lenient = flagged && nullIfInvalid(call, call.args.length - 1);
  const [json = '', ...path] = call.args.slice(0, flagged ? -1 : undefined).map(({ fragment }) => fragment);
  if (path.length > 5) throw unsupported('a JSON path of more than five levels', call.token.at);
  const of = (text: Fragment): Fragment => [
    'rs_json_path(rs_json_text(',
    text,
    `,${lenient}),[`,
    join(path, ','),
    '])',
  ];
  return { type: 'VARCHAR', fragment: of(json) };
};

const ofSuper = (name: string, type: string): FunctionRule =>
  scalar(1, 1, ([value = '']) => [`${name}(`, value, ')'], type);

/**
 * A SUPER value made of others; `isValue` tells values from names, which stay texts. Dates, times and bytes are none.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_object_function.html and r_array.html
 */
const ofValues = (macro: string, isValue: (index: number) => boolean): FunctionRule =>
  byType(
    0,
    1_000,
    (types, call) => {
      const moment = types.find((type, index) => isValue(index) && /^(?:DATE|TIME|INTERVAL|BLOB)/.test(type));
      if (moment !== undefined)
        throw new RedshiftError(
          SQLSTATE.cannotCoerce,
          `${call.name.toUpperCase()} could not convert type ${shownType(moment)} to super`,
          { position: call.token.at, hint: 'Cast it to a text: value::varchar.' },
        );
      return { type: 'JSON', emit: (args) => [`${macro}(`, join(args, ','), ')'] };
    },
    (args) => [`${macro}(`, join(args, ','), ')'],
  );

const isJson = (type: string): FunctionRule =>
  scalar(1, 1, ([value = ''], { name }) => ['rs_is_json(rs_no_bytes(', value, `,'${name}'),'${type}')`], 'BOOLEAN');

/** https://docs.aws.amazon.com/redshift/latest/dg/json-functions.html and c_Array_Functions.html */
export const JSON_FUNCTIONS: FunctionTable = {
  json_extract_path_text: extractPath,
  json_extract_array_element_text: ofJsonText(2, 3, 'rs_json_element', 'VARCHAR'),
  json_array_length: (call) => {
    expectArguments(call, 1, 2);
    const lenient = nullIfInvalid(call, 1);
    const text: Fragment = ['rs_json_text(', call.args[0]?.fragment ?? '', `,${lenient})`];
    return { type: 'INTEGER', fragment: ['rs_json_length(', text, `,${lenient})`] };
  },
  is_valid_json: isJson('OBJECT'),
  is_valid_json_array: isJson('ARRAY'),
  json_parse: (call) => {
    expectArguments(call, 1, 1);
    const text = (value: Fragment): Fragment => ['rs_json_parse(rs_json_text(rs_text_in(', value, '),false))'];
    return { type: 'JSON', fragment: text(call.args[0]?.fragment ?? '') };
  },
  can_json_parse: scalar(1, 1, ([value = '']) => ['rs_json_valid(rs_text_in(', value, '))'], 'BOOLEAN'),
  json_serialize: ofSuper('rs_json_serialize', 'VARCHAR'),
  json_serialize_to_varbyte: scalar(1, 1, ([value = '']) => ['encode(rs_json_serialize(', value, '))'], 'BLOB'),
  json_size: ofSuper('rs_json_size', 'INTEGER'),
  json_typeof: ofSuper('rs_json_typeof', 'VARCHAR'),
  is_array: ofSuper('rs_json_is_array', 'BOOLEAN'),
  is_object: ofSuper('rs_json_is_object', 'BOOLEAN'),
  is_scalar: ofSuper('rs_json_is_scalar', 'BOOLEAN'),
  is_varchar: ofSuper('rs_json_is_text', 'BOOLEAN'),
  // CHAR is ASCII only: https://docs.aws.amazon.com/redshift/latest/dg/r_is_char.html
  is_char: ofSuper('rs_json_is_ascii', 'BOOLEAN'),
  decimal_precision: ofSuper('rs_super_precision', 'INTEGER'),
  decimal_scale: ofSuper('rs_super_scale', 'INTEGER'),
  size: refused('Use JSON_SIZE.'),
  is_boolean: ofSuper('rs_json_is_boolean', 'BOOLEAN'),
  is_smallint: scalar(1, 1, ([value = '']) => ['rs_json_is_integer(', value, ',-32768,32767)'], 'BOOLEAN'),
  is_integer: scalar(1, 1, ([value = '']) => ['rs_json_is_integer(', value, ',-2147483648,2147483647)'], 'BOOLEAN'),
  is_bigint: scalar(
    1,
    1,
    ([value = '']) => ['rs_json_is_integer(', value, ',-9223372036854775808,9223372036854775807)'],
    'BOOLEAN',
  ),
  is_decimal: ofSuper('rs_super_is_decimal', 'BOOLEAN'),
  is_float: ofSuper('rs_super_is_float', 'BOOLEAN'),
  lower_attribute_names: ofSuper('rs_lower_names', 'JSON'),
  upper_attribute_names: ofSuper('rs_upper_names', 'JSON'),
  get_number_attributes: ofSuper('rs_json_attributes', 'INTEGER'),
  array: ofValues('json_array', () => true),
  object: ofValues('json_object', (index) => index % 2 === 1),
  subarray: scalar(
    3,
    3,
    ([value = '', start = '', count = '']) => ['rs_subarray(CAST(', value, ' AS JSON[]),', start, ',', count, ')'],
    'JSON',
  ),
  get_array_length: ofSuper('rs_get_array_length', 'INTEGER'),
  split_to_array: scalar(1, 2, ([text = '', by = "','"]) => ['to_json(string_split(', text, ',', by, '))'], 'JSON'),
};

/** Every text that stands before a colon is a name. */
const renaming = (change: 'lower' | 'upper'): string =>
  `rs_${change}_names(x) AS CAST(rs.main.rs_named_once(array_to_string(list_transform(regexp_extract_all(CAST(x AS VARCHAR), '"(?:[^"\\\\]|\\\\.)*":?|[^"]+'), lambda t: CASE WHEN NOT suffix(t, '":') THEN t WHEN contains(t, '\\') THEN CAST(CAST('rs:0A000:${change}_attribute_names of a name with an escaped character is not supported;' AS BIGINT) AS VARCHAR) ELSE ${change}(t) END), '')) AS JSON)`;

/** Parts of patterns. */
const JSON_TEXT = `"(?:[^"\\\\]|\\\\.)*"`;
const JSON_NUMBER = '-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?';
const NO_JSON = ',\\s*[\\]}]|[nN][aA][nN]|[iI][nN][fF]';
/** Numbers that DuckDB would write in another way. */
const WRITTEN_ANEW = '[0-9]\\.[0-9]*0(?:[^0-9.]|$)|[0-9][eE][+-]?[0-9]|[0-9.]{17}';
/** Of the private use area: it stands in no text. */
const MARK = '\u{e000}';

export const JSON_MACROS: readonly string[] = [
  // DuckDB writes bytes as escapes, and reads such. Of what type a value is is known when the query is planned.
  `rs_text_in(x) AS CASE WHEN typeof(x) = 'BLOB' THEN decode(CAST(CAST(x AS VARCHAR) AS BLOB)) ELSE CAST(x AS VARCHAR) END`,
  `rs_no_bytes(x, name) AS CASE WHEN typeof(x) = 'BLOB' THEN CAST(CAST('rs:42883:function ' || name || '(binary varying) does not exist;' AS BIGINT) AS VARCHAR) ELSE CAST(x AS VARCHAR) END`,
  // DuckDB lets a comma stand before a closing bracket, and NaN and Infinity be numbers. The texts are cut out where one may.
  `rs_json_valid(j) AS json_valid(j) AND NOT (regexp_matches(j, '${NO_JSON}') AND regexp_matches(regexp_replace(j, '${JSON_TEXT}', '""', 'g'), '${NO_JSON}'))`,
  `rs_json_text(j, lenient) AS CASE WHEN j IS NULL OR rs.main.rs_json_valid(j) THEN j WHEN lenient THEN NULL ELSE CAST(CAST('rs:22023:JSON parsing error. Input: ' || replace(left(j, 100), ';', ',') || ';' AS BIGINT) AS VARCHAR) END`,
  // What is missing is NULL, as a JSON null is.
  `rs_json_text_of(v) AS v ->> '$'`,
  // DuckDB reads a fraction as a float and writes that: 10.50 as 10.5. Where there may be one, numbers become texts that are known again.
  `rs_json_tokens(j) AS regexp_extract_all(j, '${JSON_TEXT}|${JSON_NUMBER}|[^"0-9-]+|-')`,
  `rs_json_is_fraction(t) AS (contains(t, '.') OR contains(t, 'e') OR contains(t, 'E')) AND regexp_full_match(t, '${JSON_NUMBER}')`,
  `rs_json_marked(j) AS array_to_string(list_transform(rs.main.rs_json_tokens(j), lambda t: CASE WHEN rs.main.rs_json_is_fraction(t) THEN '"${MARK}' || t || '${MARK}"' ELSE t END), '')`,
  `rs_json_unmarked(s) AS regexp_replace(s, '"?${MARK}([^${MARK}]*)${MARK}"?', '\\1', 'g')`,
  `rs_json_at(j, path) AS CASE WHEN regexp_matches(j, '${WRITTEN_ANEW}') THEN rs.main.rs_json_unmarked(rs.main.rs_json_text_of(json_extract(rs.main.rs_json_marked(j), path))) ELSE rs.main.rs_json_text_of(json_extract(j, path)) END`,
  `rs_json_path(j, p) AS CASE WHEN list_count(p) < len(p) OR j IS NULL THEN NULL ELSE rs.main.rs_json_at(j, '/' || array_to_string(list_transform(p, lambda e: replace(replace(e, '~', '~0'), '/', '~1')), '/')) END`,
  `rs_json_element(j, n) AS CASE WHEN n IS NULL OR n < 0 OR j IS NULL THEN NULL ELSE rs.main.rs_json_at(j, '/' || CAST(n AS VARCHAR)) END`,
  // A SUPER value keeps no more digits of a fraction than a float has.
  `rs_json_lossy(j) AS list_filter(rs.main.rs_json_tokens(j), lambda t: length(t) > 15 AND rs.main.rs_json_is_fraction(t) AND length(regexp_replace(replace(split_part(lower(t), 'e', 1), '.', ''), '^-?0*|0+$', '', 'g')) > 15 AND CAST(TRY_CAST(t AS DOUBLE) AS VARCHAR) <> regexp_replace(t, '0+$', ''))[1]`,
  `rs_json_parse(j) AS json(CASE WHEN regexp_matches(j, '[0-9.]{17}') AND rs.main.rs_json_lossy(j) IS NOT NULL THEN CAST(CAST('rs:0A000:the number ' || rs.main.rs_json_lossy(j) || ' in a SUPER value is not supported by this stand-in for Amazon Redshift: it has more digits than a float;' AS BIGINT) AS VARCHAR) ELSE j END)`,
  `rs_json_length(j, lenient) AS CASE WHEN json_type(j) = 'ARRAY' THEN CAST(json_array_length(j) AS INTEGER) WHEN j IS NOT NULL AND NOT lenient THEN CAST(CAST('rs:22023:invalid json array object ' || replace(left(j, 100), ';', ',') || ';' AS BIGINT) AS INTEGER) END`,
  `rs_is_json(j, type) AS CASE WHEN j IS NULL THEN NULL WHEN rs.main.rs_json_valid(j) THEN json_type(j) = type ELSE false END`,
  // Never NULL: https://docs.aws.amazon.com/redshift/latest/dg/JSON_SERIALIZE.html
  `rs_json_serialize(j) AS coalesce(CAST(j AS VARCHAR), 'null')`,
  `rs_json_size(j) AS CAST(strlen(rs.main.rs_json_serialize(j)) AS INTEGER)`,
  `rs_json_typeof(x) AS CASE json_type(x) WHEN 'VARCHAR' THEN 'string' WHEN 'OBJECT' THEN 'object' WHEN 'ARRAY' THEN 'array' WHEN 'BOOLEAN' THEN 'boolean' WHEN 'NULL' THEN 'null' ELSE CASE WHEN x IS NOT NULL THEN 'number' END END`,
  `rs_json_is_array(x) AS coalesce(json_type(x) = 'ARRAY', false)`,
  `rs_json_is_object(x) AS coalesce(json_type(x) = 'OBJECT', false)`,
  `rs_json_is_text(x) AS coalesce(json_type(x) = 'VARCHAR', false)`,
  // Of a name the object's number is remembered, so that it cannot come in it again: https://docs.aws.amazon.com/redshift/latest/dg/r_lower_attribute_names.html
  `rs_attribute_tokens(j) AS regexp_extract_all(j, '"(?:[^"\\\\]|\\\\.)*":?|[{}]')`,
  `rs_named_twice(j) AS list_reduce(list_prepend('', rs.main.rs_attribute_tokens(j)).list_transform(lambda t: {t: t, inside: [0], objects: 0, seen: CAST([] AS VARCHAR[]), twice: false}), lambda s, e: {t: e['t'],
    inside: CASE e['t'] WHEN '{' THEN list_append(s['inside'], s['objects'] + 1) WHEN '}' THEN s['inside'][:-2] ELSE s['inside'] END,
    objects: s['objects'] + CASE WHEN e['t'] = '{' THEN 1 ELSE 0 END,
    seen: CASE WHEN suffix(e['t'], ':') THEN list_append(s['seen'], s['inside'][-1] || e['t']) ELSE s['seen'] END,
    twice: s['twice'] OR (suffix(e['t'], ':') AND list_contains(s['seen'], s['inside'][-1] || e['t']))})['twice']`,
  `rs_named_once(j) AS CASE WHEN rs.main.rs_named_twice(j) THEN CAST(CAST('rs:XX000:SUPER value has duplicate attributes after case conversion.;' AS BIGINT) AS VARCHAR) ELSE j END`,
  renaming('lower'),
  renaming('upper'),
  `rs_json_is_ascii(x) AS coalesce(json_type(x) = 'VARCHAR' AND strlen(x ->> '$') = length(x ->> '$'), false)`,
  `rs_json_attributes(x) AS CASE WHEN json_type(x) = 'OBJECT' THEN CAST(len(json_keys(x)) AS INTEGER) END`,
  `rs_json_is_boolean(x) AS coalesce(json_type(x) = 'BOOLEAN', false)`,
  `rs_json_is_scalar(x) AS coalesce(json_type(x) NOT IN ('ARRAY', 'OBJECT', 'NULL'), false)`,
  `rs_json_is_integer(x, least, most) AS coalesce(json_type(x) IN ('BIGINT', 'UBIGINT') AND TRY_CAST(x ->> '$' AS HUGEINT) BETWEEN least AND most, false)`,
  `rs_get_array_length(x) AS CASE WHEN json_type(x) = 'ARRAY' THEN CAST(json_array_length(x) AS INTEGER) END`,
  'rs_subarray(a, n, l) AS to_json(list_slice(a, CASE WHEN n < 0 THEN len(a) + n ELSE n END + 1, CASE WHEN n < 0 THEN len(a) + n ELSE n END + l))',
];

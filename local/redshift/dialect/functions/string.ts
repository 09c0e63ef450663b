import { padded } from '../casts.ts';
import { type Fragment, join } from '../fragment.ts';
import { isFloat } from '../numeric-types.ts';
import { shownType } from '../types.ts';
import { byType, integerByType, noSuchFunction, scalar, type FunctionRule, type FunctionTable } from './function.ts';

/** What Redshift casts implicitly: every type has a text. */
const text = (value: Fragment): Fragment => ['CAST(', value, ' AS VARCHAR)'];

/** Redshift writes no `.0` after a whole float. */
const shown = (value: Fragment, type: string): Fragment =>
  isFloat(type) ? ['rs_float_text(', value, ')'] : text(value);

/** A function of text that gives text. */
const ofText = (name: string): FunctionRule =>
  scalar(1, 1, ([value = '']) => [`${name}(`, text(value), ')'], 'VARCHAR');

/** A function of text that gives a number. */
const numberOf = (name: string): FunctionRule =>
  scalar(1, 1, ([value = '']) => [`CAST(${name}(`, text(value), ') AS INTEGER)'], 'INTEGER');

/** Bytes for VARBYTE, characters for all else. */
const length = integerByType(1, 1, ([from], [value = '']) =>
  from === 'BLOB' ? ['CAST(octet_length(', value, ') AS INTEGER)'] : ['CAST(length(', text(value), ') AS INTEGER)'],
);

const bytesIn = integerByType(1, 1, ([from], [value = '']) =>
  from === 'BLOB' ? ['CAST(octet_length(', value, ') AS INTEGER)'] : ['CAST(strlen(', text(value), ') AS INTEGER)'],
);

/** https://docs.aws.amazon.com/redshift/latest/dg/r_OCTET_LENGTH.html */
const octets: FunctionRule = (call) => bytesIn({ ...call, args: call.args.map(padded) });

/** Of bytes in a VARBYTE, too: https://docs.aws.amazon.com/redshift/latest/dg/r_STRPOS.html */
const position = (haystack: number): FunctionRule =>
  integerByType(2, 2, (types, args) => {
    const [inside, found] = [args[haystack] ?? '', args[1 - haystack] ?? ''];
    if (types[haystack] !== 'BLOB') return ['CAST(strpos(', text(inside), ',', text(found), ') AS INTEGER)'];
    return ['rs_bytes_position(', inside, ',', types[1 - haystack] === 'BLOB' ? found : ['encode(', found, ')'], ')'];
  });

const pad = (name: string): FunctionRule =>
  scalar(
    2,
    3,
    ([value = '', width = '', fill = "' '"]) => [
      `rs_${name}(`,
      text(value),
      ',CAST(',
      width,
      ' AS INTEGER),',
      text(fill),
      ')',
    ],
    'VARCHAR',
  );

export const substring: FunctionRule = byType(2, 3, ([from = '', ...places]) => {
  const name = from === 'BLOB' ? 'rs_subbytes(' : 'rs_substring(';
  // A place may be given as a text: substring(a, '2').
  const place = (value: Fragment, index: number): Fragment =>
    places[index] === 'UNKNOWN' || places[index] === 'VARCHAR' ? ['CAST(', value, ' AS INTEGER)'] : value;
  return {
    type: from === 'BLOB' ? 'BLOB' : 'VARCHAR',
    emit: ([value = '', ...numbers]) => [name, join([value, ...numbers.map(place)], ','), ')'],
  };
});

const trim = (name: string): FunctionRule =>
  scalar(
    1,
    2,
    ([value = '', characters]) => [`${name}(`, text(value), characters ? [',', characters] : '', ')'],
    'VARCHAR',
  );

/** https://docs.aws.amazon.com/redshift/latest/dg/r_CONCAT.html */
const concat: FunctionRule = byType(2, 2, ([left = '', right = ''], call) => {
  if (left !== 'BLOB' && right !== 'BLOB')
    return {
      type: 'VARCHAR',
      emit: ([a = '', b = '']) => ['CAST(', shown(a, left), '||', shown(b, right), ' AS VARCHAR)'],
    };
  if (![left, right].every((type) => type === 'BLOB' || type === 'UNKNOWN'))
    throw noSuchFunction(call, [left, right].map(shownType));
  const read = (value: Fragment, type: string): Fragment => (type === 'BLOB' ? value : ['encode(', value, ')']);
  return { type: 'BLOB', emit: ([a = '', b = '']) => ['(', read(a, left), '||', read(b, right), ')'] };
});

const part = (name: string): FunctionRule =>
  scalar(2, 2, ([value = '', count = '']) => [`rs_${name}(`, text(value), ',', count, ')'], 'VARCHAR');

const compare = scalar(2, 2, ([a = '', b = '']) => ['rs_compare(', text(a), ',', text(b), ')'], 'INTEGER');

/** https://docs.aws.amazon.com/redshift/latest/dg/r_REPEAT.html */
const repeat = scalar(2, 2, ([value = '', count = '']) => ['rs_repeat(', text(value), ',', count, ')'], 'VARCHAR');

export const charindex = position(1);

/** https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html */
export const STRING_FUNCTIONS: FunctionTable = {
  len: length,
  length,
  char_length: length,
  character_length: length,
  textlen: length,
  octet_length: octets,
  octetindex: scalar(
    2,
    2,
    ([needle = '', value = '']) => ['rs_octetindex(', text(needle), ',', text(value), ')'],
    'INTEGER',
  ),
  ascii: numberOf('ascii'),
  chr: scalar(1, 1, ([code = '']) => ['rs_chr(', code, ')'], 'VARCHAR'),
  charindex,
  strpos: position(0),
  btrim: trim('trim'),
  trim: trim('trim'),
  ltrim: trim('ltrim'),
  rtrim: trim('rtrim'),
  lpad: pad('lpad'),
  rpad: pad('rpad'),
  left: part('left'),
  right: part('right'),
  substring,
  substr: substring,
  split_part: scalar(
    3,
    3,
    ([value = '', delimiter = '', index = '']) => [
      'rs_split_part(',
      text(value),
      ',',
      text(delimiter),
      ',',
      index,
      ')',
    ],
    'VARCHAR',
  ),
  concat,
  initcap: ofText('rs_initcap'),
  upper: ofText('rs_upper'),
  lower: ofText('lower'),
  reverse: ofText('reverse'),
  replace: scalar(
    3,
    3,
    ([value = '', from = '', to = '']) => ['replace(', join([text(value), text(from), text(to)], ','), ')'],
    'VARCHAR',
  ),
  translate: scalar(
    3,
    3,
    ([value = '', from = '', to = '']) => ['translate(', join([text(value), text(from), text(to)], ','), ')'],
    'VARCHAR',
  ),
  quote_ident: ofText('rs_quote_ident'),
  quote_literal: ofText('rs_quote_literal'),
  replicate: repeat,
  repeat,
  soundex: ofText('rs_soundex'),
  difference: scalar(2, 2, ([a = '', b = '']) => ['rs_difference(', text(a), ',', text(b), ')'], 'INTEGER'),
  bttext_pattern_cmp: compare,
  bpcharcmp: compare,
};

const failure = (message: string, value: string): string => `CAST('rs:22023:${message};' || ${value} AS BIGINT)`;

/** Bytes of the longest text there is. https://docs.aws.amazon.com/redshift/latest/dg/r_REPEAT.html */
const LONGEST_TEXT = 16_000_000;
const TOO_LONG = `CAST('rs:54000:requested length too large;' || n AS INTEGER)`;

/** Soundex: consonants by sound, doubled sounds once, at most three digits after the first letter. */
const SOUNDS = `translate(l, 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', '01230120022455012623010202')`;

export const STRING_MACROS: readonly string[] = [
  `rs_bytes_position(inside, found) AS CASE WHEN inside IS NOT NULL AND found IS NOT NULL THEN CAST(coalesce(list_position(list_transform(range(1, octet_length(inside) - octet_length(found) + 2), lambda i: inside[i:i + octet_length(found) - 1] = found), true), 0) AS INTEGER) END`,
  'rs_substring(s, n) AS substring(CAST(s AS VARCHAR), n + greatest(1 - n, 0)), (s, n, l) AS substring(CAST(s AS VARCHAR), n + greatest(1 - n, 0), CASE WHEN l < 0 THEN ' +
    `${failure('negative substring length not allowed', 'l')} WHEN n < 1 THEN greatest(l + n - 1, 0) ELSE l END)`,
  'rs_subbytes(s, n) AS array_slice(s, greatest(n, 1), octet_length(s)), (s, n, l) AS array_slice(s, greatest(n, 1), n + l - 1)',
  `rs_left(s, n) AS left(s, CASE WHEN n < 0 THEN ${failure('LEFT with a negative number of characters', 'n')} ELSE n END)`,
  `rs_right(s, n) AS right(s, CASE WHEN n < 0 THEN ${failure('RIGHT with a negative number of characters', 'n')} ELSE n END)`,
  `rs_repeat(s, n) AS repeat(s, CASE WHEN n * CAST(strlen(s) AS BIGINT) > ${LONGEST_TEXT} THEN ${TOO_LONG} ELSE n END)`,
  `rs_lpad(s, n, f) AS CASE WHEN n <= length(s) OR f = '' THEN left(s, greatest(n, 0)) ELSE lpad(s, CASE WHEN n > ${LONGEST_TEXT} THEN ${TOO_LONG} ELSE n END, f) END`,
  `rs_rpad(s, n, f) AS CASE WHEN n <= length(s) OR f = '' THEN left(s, greatest(n, 0)) ELSE rpad(s, CASE WHEN n > ${LONGEST_TEXT} THEN ${TOO_LONG} ELSE n END, f) END`,
  `rs_split_part(s, d, n) AS CASE WHEN n < 1 THEN CAST(${failure('field position must be greater than zero', 'n')} AS VARCHAR) WHEN d = '' THEN CASE WHEN n = 1 THEN s WHEN s IS NOT NULL THEN '' END ELSE split_part(s, d, n) END`,
  'rs_octetindex(needle, s) AS CAST(CASE WHEN strpos(s, needle) = 0 THEN 0 ELSE strlen(left(s, strpos(s, needle) - 1)) + 1 END AS INTEGER)',
  // NULL where ASCII has no such character: https://docs.aws.amazon.com/redshift/latest/dg/r_CHR.html
  'rs_chr(n) AS CASE WHEN n BETWEEN 0 AND 127 THEN chr(CAST(n AS INTEGER)) END',
  // The sharp s has no single capital letter, but one of 2017 to DuckDB: it stands aside as a character that no text holds.
  `rs_upper(s) AS CASE WHEN contains(s, 'ß') THEN translate(upper(translate(s, 'ß', chr(64976))), chr(64976), 'ß') ELSE upper(s) END`,
  `rs_initcap(s) AS array_to_string(list_transform(regexp_extract_all(s, '[A-Za-z0-9\\x{80}-\\x{10ffff}]+|[^A-Za-z0-9\\x{80}-\\x{10ffff}]+'), lambda w: rs.main.rs_upper(w[1]) || lower(w[2:])), '')`,
  `rs_quote_ident(s) AS CASE WHEN regexp_full_match(s, '[a-z_][a-z0-9_]*') THEN s ELSE '"' || replace(s, '"', '""') || '"' END`,
  `rs_quote_literal(s) AS '''' || replace(replace(s, '\\', '\\\\'), '''', '''''') || ''''`,
  `rs_letters(s) AS regexp_replace(upper(s), '[^A-Z]', '', 'g')`,
  // H and W do not part two letters of one sound; vowels do.
  `rs_sounds(l) AS ${['1', '2', '3', '4', '5', '6'].reduce((sounds, digit) => `regexp_replace(${sounds}, '${digit}+', '${digit}', 'g')`, SOUNDS)}`,
  `rs_soundex(s) AS CASE WHEN rs.main.rs_letters(s) = '' THEN '' ELSE rs.main.rs_letters(s)[1] || left(replace(rs.main.rs_sounds(rs.main.rs_letters(s)[1] || regexp_replace(rs.main.rs_letters(s)[2:], '[HW]', '', 'g'))[2:], '0', '') || '000', 3) END`,
  // Where neither has a letter: 1. https://docs.aws.amazon.com/redshift/latest/dg/DIFFERENCE.html
  `rs_difference(a, b) AS CAST(CASE WHEN rs.main.rs_soundex(a) = '' OR rs.main.rs_soundex(b) = '' THEN CASE WHEN a <> '' AND b <> '' AND rs.main.rs_soundex(a) = rs.main.rs_soundex(b) THEN 1 ELSE 0 END ELSE list_sum(list_transform([1, 2, 3, 4], lambda i: CASE WHEN rs.main.rs_soundex(a)[i] = rs.main.rs_soundex(b)[i] THEN 1 ELSE 0 END)) END AS INTEGER)`,
];

import { join } from '../fragment.ts';
import { refused, renamed, scalar, type FunctionTable } from './function.ts';

const length = scalar(1, 1, ([text = '']) => ['CAST(length(CAST(', text, ' AS VARCHAR)) AS INTEGER)'], 'INTEGER');
const position = (text: number): ReturnType<typeof scalar> =>
  scalar(2, 2, (args) => ['CAST(strpos(', args[text] ?? '', ',', args[1 - text] ?? '', ') AS INTEGER)'], 'INTEGER');
const pad = (name: string): ReturnType<typeof scalar> =>
  scalar(
    2,
    3,
    ([text = '', width = '', fill = "' '"]) => [
      `${name}(CAST(`,
      text,
      ' AS VARCHAR),greatest(CAST(',
      width,
      ' AS INTEGER),0),',
      fill,
      ')',
    ],
    'VARCHAR',
  );
const substring = scalar(2, 3, (args) => ['rs_substring(', join(args, ','), ')'], 'VARCHAR');

/** https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html */
export const STRING_FUNCTIONS: FunctionTable = {
  len: length,
  length,
  char_length: length,
  character_length: length,
  textlen: length,
  octet_length: scalar(1, 1, ([text = '']) => ['CAST(strlen(', text, ') AS INTEGER)'], 'INTEGER'),
  charindex: position(1),
  strpos: position(0),
  btrim: scalar(1, 2, (args) => ['trim(', join(args, ','), ')'], 'VARCHAR'),
  lpad: pad('lpad'),
  rpad: pad('rpad'),
  substring,
  substr: substring,
  concat: scalar(2, 2, ([a = '', b = '']) => ['(CAST(', a, ' AS VARCHAR)||CAST(', b, ' AS VARCHAR))'], 'VARCHAR'),
  initcap: renamed('rs_initcap', 'VARCHAR'),
  quote_ident: renamed('rs_quote_ident', 'VARCHAR'),
  quote_literal: renamed('rs_quote_literal', 'VARCHAR'),
  replicate: renamed('repeat', 'VARCHAR'),
  repeat: renamed('repeat', 'VARCHAR'),
  upper: renamed('upper', 'VARCHAR'),
  lower: renamed('lower', 'VARCHAR'),
  md5: renamed('md5', 'VARCHAR'),
  sha: renamed('sha1', 'VARCHAR'),
  sha1: renamed('sha1', 'VARCHAR'),
  func_sha1: renamed('sha1', 'VARCHAR'),
  soundex: refused(),
  difference: refused(),
  crc32: refused(),
  collate: refused(),
  bttext_pattern_cmp: refused('Use a comparison.'),
};

export const STRING_MACROS: readonly string[] = [
  'rs_substring(s, n) AS substring(CAST(s AS VARCHAR), greatest(n, 1)), (s, n, l) AS substring(CAST(s AS VARCHAR), greatest(n, 1), CASE WHEN n < 1 THEN greatest(l + n - 1, 0) ELSE greatest(l, 0) END)',
  `rs_initcap(s) AS array_to_string(list_transform(regexp_extract_all(s, '[A-Za-z0-9\\x{80}-\\x{10ffff}]+|[^A-Za-z0-9\\x{80}-\\x{10ffff}]+'), lambda w: upper(w[1]) || lower(w[2:])), '')`,
  `rs_quote_ident(s) AS CASE WHEN regexp_full_match(s, '[a-z_][a-z0-9_]*') THEN s ELSE '"' || replace(s, '"', '""') || '"' END`,
  `rs_quote_literal(s) AS '''' || replace(replace(s, '\\', '\\\\'), '''', '''''') || ''''`,
];

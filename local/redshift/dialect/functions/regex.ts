import { type Fragment, join } from '../fragment.ts';
import { unsupported } from '../redshift-error.ts';
import { scalar, type Call, type FunctionRule, type FunctionTable } from './function.ts';
import { literalText } from './literal-arguments.ts';
import { PCRE, type PcreOperation } from './pcre.ts';

/** `c`, `i`, `e`, `p`: https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_SUBSTR.html */
interface Parameters {
  readonly written: string;
  readonly insensitive: boolean;
  /** The first subexpression rather than the whole match. */
  readonly group: boolean;
  /** In the dialect of PCRE. */
  readonly perl: boolean;
}

function parametersOf(call: Call, index: number): Parameters {
  const text = call.args[index] === undefined ? '' : literalText(call, index);
  if (text === undefined || !/^[ceip]*$/.test(text))
    throw unsupported(`${call.name} with parameters ${text ?? 'that are not a literal'}`, call.token.at);
  return {
    written: text,
    insensitive: text.lastIndexOf('i') > text.lastIndexOf('c'),
    group: text.includes('e'),
    perl: text.includes('p'),
  };
}

/**
 * Whether JavaScript has to match the pattern: RE2, which DuckDB has, looks neither ahead nor behind, and knows no back reference; nor does
 * Redshift without `p`. A pattern of PCRE that is computed may hold either.
 */
function needsPcre(call: Call, { perl, written }: Parameters): boolean {
  const pattern = literalText(call, 1);
  if (perl && pattern === undefined) return true;
  const [found] = Object.entries(PERL_ONLY).find(([, form]) => form.test(pattern ?? '')) ?? [];
  if (found === undefined) return false;
  if (!perl)
    throw unsupported(
      `a ${found} in the pattern of ${call.name}`,
      call.token.at,
      `Give the parameter 'p': '${written}p'.`,
    );
  return true;
}

const PERL_ONLY = { 'look-around': /\(\?<?[=!]/, 'back reference': /\\[1-9]/ };

/** The answer of JavaScript, as a text. */
function pcre(
  operation: PcreOperation,
  [value = '', pattern = '']: readonly Fragment[],
  { written }: Parameters,
  [position, occurrence, detail]: readonly [Fragment, Fragment, Fragment],
): Fragment {
  return [
    `${PCRE}('${operation}',`,
    join([value, pattern].map(text), ','),
    `,'${written}',`,
    join([position, occurrence, detail].map(text), ','),
    ')',
  ];
}

const text = (value: Fragment): Fragment => ['CAST(', value, ' AS VARCHAR)'];
const flagged = (pattern: Fragment, { insensitive }: Parameters): Fragment =>
  insensitive ? ["'(?i)'||", pattern] : pattern;

function groupOf({ group }: Parameters, pattern: string | undefined, call: Call): boolean {
  if (group && pattern === undefined) throw unsupported(`${call.name} with 'e' and a computed pattern`, call.token.at);
  return group && /\((?!\?)/.test((pattern ?? '').replaceAll(/\\./g, ''));
}

/** https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_COUNT.html */
const count: FunctionRule = scalar(
  2,
  4,
  ([value = '', pattern = '', position = '1'], call) => {
    const parameters = parametersOf(call, 3);
    if (needsPcre(call, parameters))
      return ['CAST(', pcre('count', [value, pattern], parameters, [position, "'1'", "''"]), ' AS INTEGER)'];
    return ['rs_regexp_count(', text(value), ',', flagged(pattern, parameters), ',', position, ')'];
  },
  'INTEGER',
);

/** https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_SUBSTR.html */
const substr: FunctionRule = scalar(
  2,
  5,
  ([value = '', pattern = '', position = '1', occurrence = '1'], call) => {
    const parameters = parametersOf(call, 4);
    if (needsPcre(call, parameters)) return pcre('substr', [value, pattern], parameters, [position, occurrence, "''"]);
    const group = groupOf(parameters, literalText(call, 1), call) ? '1' : '0';
    return [
      'rs_regexp_substr(',
      text(value),
      ',',
      flagged(pattern, parameters),
      ',',
      position,
      ',',
      occurrence,
      `,${group})`,
    ];
  },
  'VARCHAR',
);

/** https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_INSTR.html */
const instr: FunctionRule = scalar(
  2,
  6,
  ([value = '', pattern = '', position = '1', occurrence = '1', option = '0'], call) => {
    const parameters = parametersOf(call, 5);
    if (needsPcre(call, parameters))
      return ['CAST(', pcre('instr', [value, pattern], parameters, [position, occurrence, option]), ' AS INTEGER)'];
    if (groupOf(parameters, literalText(call, 1), call))
      throw unsupported("REGEXP_INSTR with 'e' and a subexpression", call.token.at);
    return [
      'rs_regexp_instr(',
      text(value),
      ',',
      flagged(pattern, parameters),
      ',',
      position,
      ',',
      occurrence,
      ',',
      option,
      ')',
    ];
  },
  'INTEGER',
);

/** https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_REPLACE.html */
const replace: FunctionRule = scalar(
  2,
  5,
  ([value = '', pattern = '', replacement = "''", position = '1'], call) => {
    const parameters = parametersOf(call, 4);
    const written = literalText(call, 2);
    if (written !== undefined && /\\\d/.test(written))
      throw unsupported('REGEXP_REPLACE with \\1 in the replacement', call.token.at, 'Write $1.');
    if (needsPcre(call, parameters))
      return pcre('replace', [value, pattern], parameters, [position, "'1'", replacement]);
    return ['rs_regexp_replace(', text(value), ',', flagged(pattern, parameters), ',', replacement, ',', position, ')'];
  },
  'VARCHAR',
);

/** https://docs.aws.amazon.com/redshift/latest/dg/String_functions_header.html */
export const REGEX_FUNCTIONS: FunctionTable = {
  regexp_replace: replace,
  regexp_count: count,
  regexp_substr: substr,
  regexp_instr: instr,
};

/** The text from a position on; a position before the first is the first. */
const FROM = 's[greatest(n, 1):]';

export const REGEX_MACROS: readonly string[] = [
  // Brackets and escapes would have to be read character by character.
  `rs_similar_pattern(p) AS CASE WHEN contains(p, '\\') OR contains(p, '[') THEN CAST(CAST('rs:0A000:SIMILAR TO with a computed pattern that has brackets or escapes;' || p AS BIGINT) AS VARCHAR) ELSE '(?s:' || replace(replace(regexp_replace(p, '([.^$])', '\\\\\\1', 'g'), '%', '.*'), '_', '.') || ')' END`,
  '"<~>"(a, b) AS regexp_matches(a, b)',
  '"<!~>"(a, b) AS NOT regexp_matches(a, b)',
  `"<~*>"(a, b) AS regexp_matches(a, b, 'i')`,
  `"<!~*>"(a, b) AS NOT regexp_matches(a, b, 'i')`,
  '"<%~>"(a, b) AS regexp_full_match(a, b)',
  '"<!%~>"(a, b) AS NOT regexp_full_match(a, b)',
  `rs_regexp_count(s, p, n) AS CAST(len(regexp_extract_all(${FROM}, p)) AS INTEGER)`,
  `rs_regexp_substr(s, p, n, o, g) AS CASE WHEN s IS NULL OR p IS NULL THEN NULL WHEN o < 1 THEN '' ELSE coalesce(regexp_extract_all(${FROM}, p, g)[o], '') END`,
  // Where the o-th match begins: after the gaps and the matches before it.
  `rs_regexp_start(s, p, o) AS 1 + list_sum(list_transform(regexp_split_to_array(s, p)[1:o], lambda x: length(x))) + coalesce(list_sum(list_transform(regexp_extract_all(s, p)[1:o - 1], lambda x: length(x))), 0)`,
  `rs_regexp_instr(s, p, n, o, e) AS CAST(CASE WHEN s IS NULL OR p IS NULL THEN NULL WHEN o < 1 OR len(regexp_extract_all(${FROM}, p)) < o THEN 0 ELSE rs.main.rs_regexp_start(${FROM}, p, o) + greatest(n, 1) - 1 + CASE WHEN e = 0 THEN 0 ELSE length(regexp_extract_all(${FROM}, p)[o]) END END AS INTEGER)`,
  // $1 is the first subexpression in Redshift, \\1 in DuckDB, where a backslash of the text must be doubled.
  `rs_regexp_replace(s, p, r, n) AS CASE WHEN n > 1 THEN left(s, n - 1) ELSE '' END || regexp_replace(${FROM}, p, regexp_replace(replace(r, '\\', '\\\\'), '\\$([0-9])', '\\\\\\1', 'g'), 'g')`,
];

import { unsupported } from '../redshift-error.ts';
import { scalar, type FunctionTable } from './function.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/REGEXP_REPLACE.html and its neighbours. */
export const REGEX_FUNCTIONS: FunctionTable = {
  regexp_replace: scalar(
    2,
    5,
    ([text = '', pattern = '', replacement = "''"], call) => {
      if (call.args.length > 3) throw unsupported('REGEXP_REPLACE with a position or parameters', call.token.at);
      return ['regexp_replace(', text, ',', pattern, ',', replacement, ",'g')"];
    },
    'VARCHAR',
  ),
  regexp_count: scalar(
    2,
    2,
    ([text = '', pattern = '']) => ['CAST(len(regexp_extract_all(', text, ',', pattern, ')) AS INTEGER)'],
    'INTEGER',
  ),
  regexp_substr: scalar(
    2,
    5,
    ([text = '', pattern = '', position = '1', occurrence = '1', parameters = "''"]) => [
      'rs_regexp_substr(',
      [text, ',', pattern, ',', position, ',', occurrence, ',', parameters],
      ')',
    ],
    'VARCHAR',
  ),
  regexp_instr: scalar(2, 2, ([text = '', pattern = '']) => ['rs_regexp_instr(', text, ',', pattern, ')'], 'INTEGER'),
};

export const REGEX_MACROS: readonly string[] = [
  '"<~>"(a, b) AS regexp_matches(a, b)',
  '"<!~>"(a, b) AS NOT regexp_matches(a, b)',
  `"<~*>"(a, b) AS regexp_matches(a, b, 'i')`,
  `"<!~*>"(a, b) AS NOT regexp_matches(a, b, 'i')`,
  '"<%~>"(a, b) AS regexp_full_match(a, b)',
  '"<!%~>"(a, b) AS NOT regexp_full_match(a, b)',
  `rs_regexp_substr(s, p, n, o, f) AS coalesce(CASE WHEN f LIKE '%e%' AND f LIKE '%i%' THEN regexp_extract_all(s[n:], p, 1, 'i') WHEN f LIKE '%e%' THEN regexp_extract_all(s[n:], p, 1) WHEN f LIKE '%i%' THEN regexp_extract_all(s[n:], p, 0, 'i') ELSE regexp_extract_all(s[n:], p) END[o], CASE WHEN s IS NOT NULL THEN '' END)`,
  `rs_regexp_instr(s, p) AS CAST(CASE WHEN regexp_matches(s, p) THEN strpos(s, regexp_extract(s, p)) ELSE 0 END AS INTEGER)`,
];

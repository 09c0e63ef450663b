import { unsupported } from './redshift-error.ts';

/** Longest first. https://docs.aws.amazon.com/redshift/latest/dg/r_FORMAT_strings.html */
const PATTERNS: readonly (readonly [pattern: string, duckdb: string])[] = [
  ['YYYY', '%Y'],
  ['IYYY', '%G'],
  ['YY', '%y'],
  ['MONTH', '%B'],
  ['MON', '%b'],
  ['MM', '%m'],
  ['MI', '%M'],
  ['MS', '%g'],
  ['DDD', '%j'],
  ['DD', '%d'],
  ['DAY', '%A'],
  ['DY', '%a'],
  ['HH24', '%H'],
  ['HH12', '%I'],
  ['HH', '%I'],
  ['SS', '%S'],
  ['US', '%f'],
  ['A.M.', '%p'],
  ['P.M.', '%p'],
  ['AM', '%p'],
  ['PM', '%p'],
  ['OF', '%z'],
  ['IW', '%V'],
];

const REFUSED = [
  'Y,YYY',
  'YYY',
  'RM',
  'WW',
  'CC',
  'BC',
  'AD',
  'B.C.',
  'A.D.',
  'SSSSS',
  'SSSS',
  'TZ',
  'FM',
  'FX',
  'TM',
  'SP',
  'Q',
  'J',
  'W',
  'D',
  'I',
  'Y',
];

/** A date format as DuckDB's strftime and strptime read it. */
export function dateFormat(format: string, _use: 'read' | 'write'): string {
  let out = '';
  for (let at = 0; at < format.length;) {
    const rest = format.slice(at);
    const upper = rest.toUpperCase();
    const quoted = /^"([^"]*)"/.exec(rest);
    const found = PATTERNS.find(([pattern]) => upper.startsWith(pattern));
    const refused = REFUSED.find((pattern) => upper.startsWith(pattern));
    if (quoted) {
      out += (quoted[1] ?? '').replaceAll('%', '%%');
      at += quoted[0].length;
    } else if (refused !== undefined && refused.length > (found?.[0].length ?? 0)) {
      throw unsupported(`date format ${refused}`);
    } else if (found) {
      out += found[1];
      at += found[0].length;
    } else {
      out += rest.startsWith('%') ? '%%' : rest.charAt(0);
      at++;
    }
  }
  return out;
}

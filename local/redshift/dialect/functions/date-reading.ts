import type { Fragment } from '../fragment.ts';
import { literal } from '../lexer.ts';
import { badFormat, dateTemplate } from './date-template.ts';

/** Patterns that are read: which field they fill, and what they look like. */
const FIELDS: Readonly<Record<string, readonly [field: DateField, pattern: string]>> = {
  YYYY: ['y', '([0-9]{1,4})'],
  YY: ['yy', '([0-9]{1,2})'],
  MM: ['mo', '([0-9]{1,2})'],
  MON: ['mon', '([A-Za-z]{3})'],
  MONTH: ['mon', '([A-Za-z]{3})[A-Za-z]*'],
  DD: ['d', '([0-9]{1,2})'],
  DDD: ['doy', '([0-9]{1,3})'],
  HH24: ['h', '([0-9]{1,2})'],
  HH12: ['h', '([0-9]{1,2})'],
  HH: ['h', '([0-9]{1,2})'],
  MI: ['mi', '([0-9]{1,2})'],
  SS: ['s', '([0-9]{1,2})'],
  MS: ['f', '([0-9]{1,3})'],
  US: ['f', '([0-9]{1,6})'],
  AM: ['half', '([AaPp])[Mm]'],
  PM: ['half', '([AaPp])[Mm]'],
  'A.M.': ['half', '([AaPp])\\.[Mm]\\.'],
  'P.M.': ['half', '([AaPp])\\.[Mm]\\.'],
};
/** Names of days say nothing that the date does not say. */
const SKIPPED: Readonly<Record<string, string>> = { DAY: '[A-Za-z]+', DY: '[A-Za-z]+' };

const NAMES = ['y', 'yy', 'mo', 'mon', 'd', 'doy', 'h', 'half', 'mi', 's', 'f'] as const;

export type DateField = (typeof NAMES)[number];

/**
 * What a text in a format of TO_DATE or TO_TIMESTAMP looks like, and which field each group of the pattern fills. What follows the format is
 * left unread; a separator stands for any other. https://docs.aws.amazon.com/redshift/latest/dg/r_TO_DATE_function.html
 */
export function datePattern(
  format: string,
  position: number,
): { readonly pattern: string; readonly found: readonly DateField[] } {
  let pattern = '^\\s*';
  const found: DateField[] = [];
  for (const part of dateTemplate(format)) {
    if (part.kind === 'text') {
      for (const character of part.text)
        pattern += /[A-Za-z0-9]/.test(character)
          ? character
          : /\s/.test(character)
            ? '[^0-9A-Za-z]*'
            : '\\s*[^0-9A-Za-z]\\s*';
      continue;
    }
    const skipped = SKIPPED[part.name];
    const field = FIELDS[part.name];
    if (!field && skipped === undefined) throw badFormat(format, `${part.name} cannot be read`, position);
    if (field) {
      if (found.includes(field[0])) throw badFormat(format, `${part.name} stands twice`, position);
      found.push(field[0]);
    }
    pattern += field?.[1] ?? skipped ?? '';
  }
  if (found.length === 0) throw badFormat(format, 'nothing in it can be read', position);
  return { pattern, found };
}

/** An SQL expression that reads text in such a format, as TIMESTAMP. */
export function dateReader(format: string, strict: boolean, position: number): (value: Fragment) => Fragment {
  const { pattern, found } = datePattern(format, position);
  const names = `[${found.map(literal).join(', ')}]`;
  const fields = NAMES.map((name) => (found.includes(name) ? `f['${name}']` : 'NULL')).join(', ');
  return (value) => [
    'list_transform([CAST(',
    value,
    ` AS VARCHAR)], lambda x: CASE WHEN x IS NULL THEN NULL WHEN NOT regexp_matches(x, ${literal(pattern)}) THEN rs_unread(x, ${literal(format)}) `,
    `ELSE list_transform([regexp_extract(x, ${literal(pattern)}, ${names})], lambda f: rs_of_fields(x, ${strict}, ${fields}))[1] END)[1]`,
  ];
}

const OUT_OF_RANGE = `CAST('rs:22008:date/time field value out of range: ' || replace(x, ';', ',') || ';' AS TIMESTAMP)`;
const MONTH = `coalesce(CAST(mo AS INTEGER), (strpos('janfebmaraprmayjunjulaugsepoctnovdec', lower(mon)) + 2) // 3, 1)`;
const YEAR =
  'coalesce(CAST(y AS INTEGER), CAST(yy AS INTEGER) + CASE WHEN CAST(yy AS INTEGER) < 70 THEN 2000 ELSE 1900 END, 1)';
const HOUR = `(CASE WHEN half IS NULL THEN coalesce(CAST(h AS INTEGER), 0) ELSE coalesce(CAST(h AS INTEGER), 0) % 12 + CASE WHEN lower(half) = 'p' THEN 12 ELSE 0 END END)`;
const number = (field: string, absent: number): string => `coalesce(CAST(${field} AS INTEGER), ${absent})`;

export const DATE_READING_MACROS: readonly string[] = [
  `rs_unread(x, format) AS CASE WHEN trim(x) = '' THEN TIMESTAMP '0001-01-01' ELSE CAST('rs:22007:"' || replace(x, ';', ',') || '" is not in the format ' || format || ';' AS TIMESTAMP) END`,
  // The day of the month and the time overflow into the next month and day unless the caller is strict.
  `rs_of_fields(x, strict, y, yy, mo, mon, d, doy, h, half, mi, s, f) AS CASE
    WHEN ${YEAR} = 0 OR ${MONTH} = 0 OR ${number('d', 1)} = 0 OR ${number('doy', 1)} = 0 THEN ${OUT_OF_RANGE}
    WHEN strict AND (${MONTH} > 12 OR ${number('d', 1)} > day(last_day(make_date(${YEAR}, least(${MONTH}, 12), 1))) OR ${HOUR} > 23 OR ${number('mi', 0)} > 59 OR ${number('s', 0)} > 59) THEN ${OUT_OF_RANGE}
    ELSE CAST(make_date(${YEAR}, 1, 1) AS TIMESTAMP) + to_months(${MONTH} - 1) + to_days(${number('d', 1)} - 1 + ${number('doy', 1)} - 1)
      + to_hours(${HOUR}) + to_minutes(${number('mi', 0)}) + to_seconds(${number('s', 0)}) + to_microseconds(CAST(coalesce(rpad(f, 6, '0'), '0') AS BIGINT)) END`,
];

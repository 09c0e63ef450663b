import type { Fragment } from '../fragment.ts';
import { literal } from '../lexer.ts';
import { badFormat, dateTemplate, type TemplatePart } from './date-template.ts';

type Pattern = TemplatePart & { readonly kind: 'pattern' };

/** What strftime writes as TO_CHAR does. */
const STRFTIME: Readonly<Record<string, string>> = {
  YYYY: '%Y',
  MM: '%m',
  DD: '%d',
  DDD: '%j',
  HH24: '%H',
  HH12: '%I',
  HH: '%I',
  MI: '%M',
  SS: '%S',
  MS: '%g',
  US: '%f',
};

/** Numbers of a fixed width: how they are computed from `t`, and their width. */
const NUMBERS: Readonly<Record<string, readonly [value: string, width: number]>> = {
  YYYY: ['year(t)', 4],
  YYY: ['year(t) % 1000', 3],
  YY: ['year(t) % 100', 2],
  Y: ['year(t) % 10', 1],
  IYYY: ['isoyear(t)', 4],
  IYY: ['isoyear(t) % 1000', 3],
  IY: ['isoyear(t) % 100', 2],
  I: ['isoyear(t) % 10', 1],
  Q: ['quarter(t)', 1],
  MM: ['month(t)', 2],
  WW: ['((dayofyear(t) - 1) // 7 + 1)', 2],
  W: ['((day(t) - 1) // 7 + 1)', 1],
  IW: ['weekofyear(t)', 2],
  CC: ['century(t)', 2],
  DDD: ['dayofyear(t)', 3],
  DD: ['day(t)', 2],
  D: ['dayofweek(t) + 1', 1],
  ID: ['isodow(t)', 1],
  J: ["date_diff('day', DATE '2000-01-01', CAST(t AS DATE))+2451545", 1],
  HH24: ['hour(t)', 2],
  HH12: ['((hour(t) + 11) % 12 + 1)', 2],
  HH: ['((hour(t) + 11) % 12 + 1)', 2],
  MI: ['minute(t)', 2],
  SS: ['second(t)', 2],
  SSSS: ['hour(t) * 3600 + minute(t) * 60 + second(t)', 1],
  SSSSS: ['hour(t) * 3600 + minute(t) * 60 + second(t)', 1],
};

const ROMAN_MONTHS = 'I II III IV V VI VII VIII IX X XI XII'.split(' ');

const isUpper = (text: string): boolean => text === text.toUpperCase();

/** A name in the case of its pattern: `MONTH`, `Month`, `month`. */
function name(expression: string, pattern: string, width: number): string {
  const cased = isUpper(pattern)
    ? `upper(${expression})`
    : isUpper(pattern.charAt(0))
      ? expression
      : `lower(${expression})`;
  return width === 0 ? cased : `rpad(${cased}, ${width}, ' ')`;
}

/** Of a time of day: `AM` and `PM` in the form of the pattern. */
function half({ text }: Pattern): string {
  const [before, after] = text.includes('.') ? ['A.M.', 'P.M.'] : ['AM', 'PM'];
  const inCase = (said: string): string => literal(isUpper(text) ? said : said.toLowerCase());
  return `CASE WHEN hour(t) < 12 THEN ${inCase(before)} ELSE ${inCase(after)} END`;
}

/** An SQL expression of `t` for one pattern; nothing for one that is not written here. */
function written(part: Pattern): string | undefined {
  const number = NUMBERS[part.name];
  if (number) {
    const [value, width] = number;
    const digits = `CAST(${value} AS VARCHAR)`;
    const padded =
      part.bare || width === 1
        ? digits
        : `lpad(${digits}, CAST(greatest(${width}, length(${digits})) AS INTEGER), '0')`;
    return part.ordinal === undefined ? padded : `(${padded} || rs_ordinal(${value}, '${part.ordinal}'))`;
  }
  const width = part.bare ? 0 : 9;
  switch (part.name) {
    case 'MONTH':
      return name("strftime(t, '%B')", part.text, width);
    case 'MON':
      return name("strftime(t, '%b')", part.text, 0);
    case 'DAY':
      return name("strftime(t, '%A')", part.text, width);
    case 'DY':
      return name("strftime(t, '%a')", part.text, 0);
    case 'MS':
      return "strftime(t, '%g')";
    case 'US':
      return "strftime(t, '%f')";
    case 'Y,YYY':
      return "(CAST(year(t) // 1000 AS VARCHAR) || ',' || lpad(CAST(year(t) % 1000 AS VARCHAR), 3, '0'))";
    case 'RM':
      return name(`[${ROMAN_MONTHS.map(literal).join(', ')}][month(t)]`, part.text, part.bare ? 0 : 4);
    case 'AM':
    case 'PM':
    case 'A.M.':
    case 'P.M.':
      return half(part);
    case 'TZ':
      return inUtc(isUpper(part.text) ? 'UTC' : 'utc');
    case 'OF':
      return inUtc('+00');
    // There is no date before Christ.
    case 'BC':
    case 'AD':
    case 'B.C.':
    case 'A.D.':
      return literal(
        part.name.includes('.') ? (isUpper(part.text) ? 'A.D.' : 'a.d.') : isUpper(part.text) ? 'AD' : 'ad',
      );
    default:
      return undefined;
  }
}

/** What says which zone a session is in that has SET none. */
function inUtc(text: string): string {
  return `CASE WHEN current_setting('TimeZone') = 'UTC' THEN ${literal(text)} ELSE CAST(CAST('rs:0A000:TZ and OF of TO_CHAR in another time zone than UTC are not supported by this stand-in for Amazon Redshift;' || t AS BIGINT) AS VARCHAR) END`;
}

/**
 * An SQL expression that writes the timestamp `value` in a format of TO_CHAR.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_TO_CHAR.html
 */
export function dateWriter(format: string, position: number): (value: Fragment) => Fragment {
  const pieces: string[] = [];
  let plain = '';
  const flush = (): void => {
    if (plain !== '') pieces.push(plain.includes('%') ? `strftime(t, ${literal(plain)})` : literal(plain));
    plain = '';
  };
  for (const part of dateTemplate(format)) {
    const simple =
      part.kind === 'text'
        ? part.text.replaceAll('%', '%%')
        : part.bare || part.ordinal !== undefined
          ? undefined
          : STRFTIME[part.name];
    if (simple !== undefined) plain += simple;
    else if (part.kind === 'pattern') {
      const expression = written(part);
      if (expression === undefined) throw badFormat(format, `${part.name} is not supported by this stand-in`, position);
      flush();
      pieces.push(expression);
    }
  }
  flush();
  const body = pieces.length === 0 ? "''" : pieces.join(' || ');
  const [only] = pieces;
  if (pieces.length === 1 && only?.startsWith('strftime(t, '))
    return (value) => ['strftime(', value, only.slice('strftime(t'.length)];
  // One element, so that the value stands in the statement once.
  return (value) => ['list_transform([', value, `], lambda t: CASE WHEN t IS NOT NULL THEN ${body} END)[1]`];
}

export const DATE_WRITING_MACROS: readonly string[] = [
  `rs_ordinal(n, style) AS CASE WHEN style = 'TH' THEN upper(rs.main.rs_ordinal_suffix(n)) ELSE rs.main.rs_ordinal_suffix(n) END`,
];

/** What {@link DATE_WRITING_MACROS} uses. */
export const ORDINAL_MACROS: readonly string[] = [
  `rs_ordinal_suffix(n) AS CASE WHEN n % 100 BETWEEN 11 AND 13 THEN 'th' WHEN n % 10 = 1 THEN 'st' WHEN n % 10 = 2 THEN 'nd' WHEN n % 10 = 3 THEN 'rd' ELSE 'th' END`,
];

import type { Fragment } from './fragment.ts';
import { literal, stringValue, type Token } from './lexer.ts';

/**
 * Literals whose cast is known here and now. DuckDB computes a macro that may fail for every row and pushes no filter with it down to
 * the scan; a plain constant costs nothing.
 */

const ISO = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,6})?)?)?$/;

/** A date or time stamp in the ISO form, which both dialects read alike. */
export function isIso(text: string): boolean {
  const [, year = '', month = '', day = '', hour = '0', minute = '0', second = '0'] = ISO.exec(text) ?? [];
  if (year === '' || year === '0000') return false;
  const days = new Date(Date.UTC(2000, 0, 1));
  days.setUTCFullYear(Number(year), Number(month), 0);
  const inCalendar = Number(month) >= 1 && Number(month) <= 12 && Number(day) >= 1 && Number(day) <= days.getUTCDate();
  return inCalendar && Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
}

/** An ISO literal as a DATE or TIMESTAMP constant; undefined for whatever is none. */
export function isoConstant(fragment: Fragment, type: 'DATE' | 'TIMESTAMP'): Fragment | undefined {
  const token = literalToken(fragment);
  const written = token && stringValue(token.text);
  const text = written?.toLowerCase() === 'epoch' ? '1970-01-01' : written;
  if (token === undefined || text === undefined || !isIso(text)) return undefined;
  return [`${type} `, { ...token, text: literal(type === 'DATE' ? text.slice(0, 'yyyy-mm-dd'.length) : text) }];
}

/** An integer in digits as DuckDB reads it; one that does not fit fails there as it should. */
export function isIntegerLiteral(fragment: Fragment): boolean {
  const token = literalToken(fragment);
  return token !== undefined && /^\s*[+-]?\d+\s*$/.test(stringValue(token.text));
}

/** A text literal of at most `length` bytes that no cast to VARCHAR would change. */
export function fits(fragment: Fragment, length: number): boolean {
  const token = literalToken(fragment);
  return token !== undefined && Buffer.byteLength(stringValue(token.text)) <= length;
}

/** A literal that begins like a date. */
export function isDateLiteral(fragment: Fragment): boolean {
  const token = literalToken(fragment);
  return token !== undefined && /^\s*\d{1,4}[-/.]\d/.test(stringValue(token.text));
}

/** The text of a literal, as it was written. */
export function literalToken(fragment: Fragment): Token | undefined {
  if (typeof fragment === 'object' && 'operands' in fragment)
    return fragment.literal && !fragment.wrap ? literalToken(fragment.operands[0]?.fragment ?? '') : undefined;
  return typeof fragment === 'object' && 'type' in fragment && fragment.type === 'string' ? fragment : undefined;
}

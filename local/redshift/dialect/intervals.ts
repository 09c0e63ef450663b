import { literalToken } from './constant-literals.ts';
import type { Expression, Fragment } from './fragment.ts';
import { INTERVAL_QUALIFIERS, intervalText, qualified } from './interval-qualifiers.ts';
import type { Reader } from './reader.ts';
import { literal, stringValue, type Token } from './lexer.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import { isParenthesis, isWord, textOf } from './token-tree.ts';
import type { RedshiftType } from './types.ts';

/**
 * `INTERVAL '3 days'`, `INTERVAL '3' DAY`, `INTERVAL '1-2' YEAR TO MONTH`, `INTERVAL '3 04:05:06' DAY TO SECOND`.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html
 */
export function intervalLiteral(reader: Reader): Expression {
  reader.at = reader.next(reader.at + 1);
  const token = reader.node(reader.at) as Token;
  reader.at++;
  let unit: string | undefined;
  let to: string | undefined;
  let digits: number | undefined;
  const first = reader.node(reader.next());
  if (isWord(first, ...INTERVAL_QUALIFIERS)) {
    unit = first.word;
    reader.at = reader.next() + 1;
    digits = precision(reader);
    if (isWord(reader.node(reader.next()), 'TO')) {
      const last = reader.node(reader.next(reader.next() + 1));
      if (isWord(last, ...INTERVAL_QUALIFIERS)) {
        to = last.word;
        reader.at = reader.next(reader.next() + 1) + 1;
        digits = precision(reader) ?? digits;
      }
    }
  }
  const text = normalised(stringValue(token.text), unit, to, digits);
  if (text === undefined) throw notAnInterval(token);
  return { fragment: `INTERVAL ${literal(text)}`, type: 'INTERVAL' };
}

/** `(3)` behind SECOND: the digits of its fraction that are kept. */
function precision(reader: Reader): number | undefined {
  const group = reader.node(reader.next());
  if (!isParenthesis(group)) return undefined;
  reader.at = reader.next() + 1;
  return Number(textOf(group.items));
}

/** `3 days 04:05:06`: what DuckDB reads. Nothing for what is no interval. */
function normalised(text: string, unit?: string, to?: string, digits?: number): string | undefined {
  if (unit === undefined) return intervalText(text);
  if (!/^(?:WEEK|QUARTER)/.test(unit)) return qualified(text, unit, to, digits);
  const trimmed = text.trim();
  return /^[+-]?\d*\.?\d+$/.test(trimmed) ? `${trimmed} ${unit.toLowerCase()}` : intervalText(trimmed);
}

/** A literal that is cast to INTERVAL; nothing for whatever is no literal. */
export function intervalConstant(fragment: Fragment, { finest }: RedshiftType): Fragment | undefined {
  const token = literalToken(fragment);
  if (token === undefined) return undefined;
  const given = stringValue(token.text);
  const text = finest ? qualified(given, finest.toUpperCase(), undefined) : intervalText(given);
  if (text === undefined) throw notAnInterval(token);
  return ['INTERVAL ', { ...token, text: literal(text) }];
}

/** Whether it is a literal of years and months, as its qualifier says: a date keeps being a date beside it. */
export function isMonths(fragment: Fragment): boolean {
  return typeof fragment === 'string' && /^INTERVAL '-?\d+ months'$/.test(fragment);
}

function notAnInterval(token: Token): RedshiftError {
  return new RedshiftError(SQLSTATE.invalidDatetime, `invalid input syntax for type interval: ${token.text}`, {
    position: token.at,
  });
}

import { literalToken } from './constant-literals.ts';
import { MINUTES_EAST } from './functions/time-zones.ts';
import { literal, stringValue } from './lexer.ts';
import type { Expression } from './fragment.ts';

/** A literal of a time of day as it was written: a TIMETZ itself is kept in UTC. */
export interface TimetzLiteral {
  /** The time in its own zone. */
  readonly local: Expression;
  /** How far the zone is east of UTC. */
  readonly minutes: number;
}

const ZONED = /^([^]*\d(?:\s*[ap]m)?)\s*(?:([+-])(\d{1,2})(?::?(\d{2}))?|([a-z]+))\s*$/i;

/**
 * `TIMETZ '07:37:16 PDT'`: what is extracted from a literal, or added to a date, goes by the zone it names. Nothing for any other value, and
 * for the name of a zone whose distance depends on the day.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_EXTRACT_function.html
 */
export function timetzLiteral({ type, fragment }: Expression): TimetzLiteral | undefined {
  if (type !== 'TIME WITH TIME ZONE' || typeof fragment !== 'object' || !('operands' in fragment)) return undefined;
  const [operand, ...more] = fragment.operands;
  const token = operand && more.length === 0 ? literalToken(operand.fragment) : undefined;
  const [, time, sign, hours, minutes = '0', zone] = (token && ZONED.exec(stringValue(token.text))) ?? [];
  if (time === undefined) return undefined;
  const east =
    zone === undefined ? Number(`${sign}1`) * (Number(hours) * 60 + Number(minutes)) : MINUTES_EAST[zone.toUpperCase()];
  return east === undefined
    ? undefined
    : { local: { fragment: `rs_time(${literal(time)})`, type: 'TIME' }, minutes: east };
}

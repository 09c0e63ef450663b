import type { Alternatives, Expression, Meeting } from './fragment.ts';
import { isNumber } from './numeric-types.ts';
import type { PlannedCast } from './planned-casts.ts';
import { RedshiftError, SQLSTATE, unsupported } from './redshift-error.ts';
import { shownType } from './types.ts';

/**
 * Values of several types in one place: the branches of CASE, the values of COALESCE, the rows of a UNION. Redshift has no type for a number
 * and a text, DuckDB makes texts of both. https://docs.aws.amazon.com/redshift/latest/dg/r_UNION.html
 */

/** A cast that brings a value to the type of another of another kind. */
export interface Mismatch extends PlannedCast {
  /** UNION, EXCEPT or INTERSECT. */
  readonly construct: string;
  readonly from: string;
  /** The other value is a text literal, which Redshift reads as what this one is. */
  readonly literal: boolean;
}

type Kind = 'number' | 'text' | 'boolean' | 'moment' | 'super';

/** Undefined for what no rule is known of. */
function kindOf(type: string): Kind | undefined {
  if (isNumber(type)) return 'number';
  if (type === 'VARCHAR') return 'text';
  if (type === 'BOOLEAN') return 'boolean';
  if (type === 'JSON') return 'super';
  return /^(?:DATE|TIMESTAMP)/.test(type) ? 'moment' : undefined;
}

/** Whether no type holds values of both: SUPER holds all but moments (https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html). */
export function cannotMeet(from: string, to: string): boolean {
  const [a, b] = [kindOf(from), kindOf(to)];
  if (a === undefined || b === undefined || a === b) return false;
  return a === 'super' ? b === 'moment' : b === 'super' ? a === 'moment' : true;
}

export function mismatched(
  { construct, from, to, literal }: Pick<Mismatch, 'construct' | 'from' | 'to' | 'literal'>,
  position: number | undefined,
): RedshiftError {
  if (literal)
    return unsupported(
      `a text literal beside a value of type ${shownType(from)} in ${construct}`,
      position,
      `Cast the literal: '…'::${shownType(from)}.`,
    );
  return new RedshiftError(
    SQLSTATE.datatypeMismatch,
    `${construct} types ${shownType(from)} and ${shownType(to)} cannot be matched`,
    { position, hint: 'Cast one of them.' },
  );
}

/** Refuses values that one type cannot hold; literals of text are read as what they stand beside. */
export function refuseMixed(
  all: readonly (Alternatives | Meeting)[],
  typeOf: (value: Expression) => string | undefined,
): void {
  for (const choice of all) {
    if ('united' in choice) continue;
    const { construct, alternatives } = choice;
    const types = alternatives.flatMap((value) => typeOf(value) ?? []);
    if (types.includes('JSON') && /^(?:GREATEST|LEAST)$/.test(construct))
      throw unsupported(`${construct} of a SUPER value`, undefined, 'Cast it: value::int.');
    const first = types.find((type) => type === 'JSON') ?? types.find((type) => kindOf(type) !== undefined);
    const other = first === undefined ? undefined : types.find((type) => cannotMeet(first, type));
    if (first !== undefined && other !== undefined)
      throw mismatched({ construct, from: first, to: other, literal: false }, undefined);
  }
}

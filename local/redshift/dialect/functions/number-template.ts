import { badFormat } from './date-template.ts';

/** A numeric format of TO_CHAR or TO_NUMBER. https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_formating.html */
export interface NumberTemplate {
  /** The pieces in their order; a digit or a separator of the whole part is `digit` or `group`. */
  readonly pieces: readonly Piece[];
  /** Digits before and after the point. */
  readonly before: number;
  readonly after: number;
  /** Digits before the point that are written even where they are leading zeros: the last so many. */
  readonly zeros: number;
  /** Digits after the point that FM leaves standing. */
  readonly kept: number;
  /** `FM`: neither blanks nor trailing zeros. */
  readonly bare: boolean;
  /** Where the sign stands: before the first digit, after the last one, around them, or where MI and SG have it. */
  readonly sign: 'first' | 'anchored' | 'after' | 'brackets' | 'own';
}

export type Piece =
  | { readonly kind: 'digit' | 'group' | 'point' | 'fraction' | 'currency' }
  | { readonly kind: 'minus' | 'plus' | 'signed' }
  | { readonly kind: 'ordinal'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

const REFUSED = ['EEEE', 'V', 'CC', 'B', 'RN'];

/**
 * Cuts a numeric format into its pieces.
 * @throws RedshiftError for signs that do not go together, as PostgreSQL has it.
 */
export function numberTemplate(format: string, position: number): NumberTemplate {
  const pieces: Piece[] = [];
  let [before, after, zeros, kept] = [0, 0, 0, 0];
  let bare = false;
  let point = false;
  let sign: NumberTemplate['sign'] = 'first';
  const signs = new Set<string>();
  // Digits before an S that stands before the point.
  let anchor: number | undefined;
  const signed = (pattern: string, others: readonly string[]): void => {
    const other = others.find((name) => signs.has(name));
    if (other !== undefined) throw badFormat(format, `${other} and ${pattern} cannot be used together`, position);
    signs.add(pattern);
  };
  for (let at = 0; at < format.length;) {
    const rest = format.slice(at);
    const upper = rest.toUpperCase();
    const is = (pattern: string): boolean => upper.startsWith(pattern);
    const quoted = /^"([^"]*)"/.exec(rest);
    let length = 1;
    const refused = REFUSED.find(is);
    if (quoted) {
      pieces.push({ kind: 'text', text: quoted[1] ?? '' });
      length = quoted[0].length;
    } else if (refused !== undefined) {
      throw badFormat(format, `${refused} is not supported by this stand-in`, position);
    } else if (is('FM')) {
      bare = true;
      length = 2;
    } else if (is('MI') || is('PL') || is('SG')) {
      pieces.push({ kind: is('MI') ? 'minus' : is('PL') ? 'plus' : 'signed' });
      signed(upper.slice(0, 2), ['S', 'PR']);
      if (!is('PL')) sign = 'own';
      length = 2;
    } else if (is('PR')) {
      if (before + after === 0) throw badFormat(format, 'PR before its digits', position);
      signed('PR', ['S', 'MI', 'PL', 'SG', 'PR']);
      sign = 'brackets';
      length = 2;
    } else if (is('TH')) {
      pieces.push({ kind: 'ordinal', text: rest.slice(0, 2) });
      length = 2;
    } else if (is('S')) {
      signed('S', ['S', 'MI', 'PL', 'SG', 'PR']);
      sign = point ? 'after' : 'anchored';
      if (!point) anchor = before;
    } else if (is('9') || is('0')) {
      if (sign === 'brackets') throw badFormat(format, 'PR before its digits', position);
      if (point) {
        after++;
        if (is('0')) kept = after;
      } else {
        before++;
        if (is('0') || zeros > 0) zeros++;
      }
      pieces.push({ kind: point ? 'fraction' : 'digit' });
    } else if (is('D') || is('.')) {
      if (point) throw badFormat(format, 'more than one decimal point', position);
      point = true;
      pieces.push({ kind: 'point' });
    } else if (is('G') || is(',')) {
      pieces.push({ kind: 'group' });
    } else if (is('L')) {
      pieces.push({ kind: 'currency' });
    } else {
      pieces.push({ kind: 'text', text: rest.charAt(0) });
    }
    at += length;
  }
  if (anchor === before) sign = 'after';
  return { pieces, before, after, zeros, kept, bare, sign };
}

/** What a digit or a separator leaves where no digit is written: FM leaves nothing. */
export function blankOf({ kind }: Piece, bare: boolean): string {
  return bare || (kind !== 'digit' && kind !== 'group') ? '' : ' ';
}

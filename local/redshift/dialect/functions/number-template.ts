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
  /** Where the sign stands: before the first digit unless the format says otherwise. */
  readonly sign: 'first' | 'anchored' | 'after' | 'brackets' | 'own';
}

export type Piece =
  | { readonly kind: 'digit' | 'group' | 'point' | 'fraction' | 'currency' | 'sign' }
  | { readonly kind: 'minus' | 'plus' | 'signed' }
  | { readonly kind: 'ordinal'; readonly text: string }
  | { readonly kind: 'text'; readonly text: string };

const REFUSED = ['EEEE', 'V', 'CC'];

/** Cuts a numeric format into its pieces. */
export function numberTemplate(format: string, position: number): NumberTemplate {
  const pieces: Piece[] = [];
  let [before, after, zeros, kept] = [0, 0, 0, 0];
  let bare = false;
  let point = false;
  let sign: NumberTemplate['sign'] = 'first';
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
      if (!is('PL')) sign = 'own';
      length = 2;
    } else if (is('PR')) {
      sign = 'brackets';
      length = 2;
    } else if (is('TH')) {
      pieces.push({ kind: 'ordinal', text: rest.slice(0, 2) });
      length = 2;
    } else if (is('S')) {
      sign = before + after > 0 ? 'after' : 'anchored';
      pieces.push({ kind: 'sign' });
    } else if (is('9') || is('0')) {
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
  return { pieces, before, after, zeros, kept, bare, sign };
}

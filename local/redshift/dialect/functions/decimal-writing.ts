import { badFormat } from './date-template.ts';
import { ordinal } from './moment-writing.ts';
import { blankOf, numberTemplate, type NumberTemplate, type Piece } from './number-template.ts';
import { remembered } from './remembered.ts';

/** A number cut and laid out for its format: digits and separators of the whole part, and how much of it shows. */
interface Layout {
  readonly negative: boolean;
  /** One character for each digit before the point. */
  readonly digits: string;
  readonly fraction: string;
  /** How many of the digits are left blank. */
  readonly blank: number;
  /** The whole part, for the ordinal. */
  readonly whole: bigint;
  readonly zero: boolean;
  /** Whether the format has digits enough before its point. */
  readonly fits: boolean;
}

const templateOf = remembered((format) => numberTemplate(format, 0));

/**
 * A decimal number, as DuckDB writes it, in a format that is known only when the query runs; number-writing.ts has those that are literals.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Numeric_formating.html
 */
export function decimalText(value: string, format: string): string {
  if (/^(?:FM)?RN$/i.test(format)) return roman(value, format);
  const template = templateOf(format);
  const { pieces, before, after, zeros, kept, bare } = template;
  if (before + after === 0) throw badFormat(format, 'no digits', 0);
  const layout = layoutOf(value, template);
  const shown = bare
    ? layout.fraction.slice(0, Math.max(kept, layout.fraction.replace(/0+$/, '').length))
    : layout.fraction;
  const fraction = after === 0 ? '' : shown;
  const places = pieces.flatMap(({ kind }, index) => (kind === 'digit' ? [index] : []));
  const first = Math.max(places[0] ?? pieces.findIndex(({ kind }) => kind === 'point'), 0);
  const last = places.at(-1);
  const middle = last === undefined ? [] : pieces.slice(first, last + 1);
  // The layout of the whole part, and where in it each digit begins.
  const cuts: number[] = [];
  const blanks: string[] = [];
  let whole = '';
  let blank = '';
  for (const piece of middle) {
    const text = piece.kind === 'digit' ? layout.digits.charAt(cuts.length) : between(piece, format);
    if (piece.kind === 'digit') {
      cuts.push(whole.length);
      blanks.push(blank);
    }
    whole += text;
    blank += piece.kind === 'digit' || piece.kind === 'group' ? blankOf(piece, bare) : text;
  }
  cuts.push(whole.length);
  blanks.push(blank);
  const cut = cuts[layout.blank] ?? 0;
  const { leading, trailing } = signs(template, layout.negative);
  const head = (blanks[layout.blank] ?? '') + leading;
  // FM9.9 writes zero as `0.`, though a tenth as `.1`.
  const lone = bare && after > 0 && before > 0 && zeros === 0 && layout.zero && fraction === '';
  const rest = pieces.slice(last === undefined ? first : last + 1);
  const end = rest.findLastIndex(({ kind }) => kind === 'fraction');
  const suffix = rest.map((piece, index) => {
    if (piece.kind === 'fraction') return index === end ? fraction + trailing : '';
    if (piece.kind === 'point') return after > 0 || !layout.fits ? '.' : '';
    return outside(piece, template, layout, format, false);
  });
  return [
    ...pieces.slice(0, first).map((piece) => outside(piece, template, layout, format, true)),
    head + (lone ? '0' : whole.slice(cut)),
    end < 0 ? trailing : '',
    ...suffix,
  ].join('');
}

function layoutOf(value: string, { before, after, zeros }: NumberTemplate): Layout {
  const [wholeText = '', fractionText = ''] = value.replace('-', '').split('.');
  // Half a unit away from zero is rounded up.
  const kept = BigInt(wholeText + fractionText.slice(0, after).padEnd(after, '0'));
  const units = kept + (Number(fractionText.charAt(after) || '0') >= 5 ? 1n : 0n);
  const text = String(units).padStart(after + 1, '0');
  const whole = text.slice(0, text.length - after);
  const shared = { negative: value.startsWith('-') && units > 0n, whole: BigInt(whole), zero: units === 0n };
  // Too large a number shows as #.
  if (whole.length > before)
    return { ...shared, digits: '#'.repeat(before), fraction: '#'.repeat(after), blank: 0, fits: false };
  // A whole part of zero is not written where there is a fraction and the format has no 0.
  const written = whole === '0' && after > 0 ? 0 : whole.length;
  return {
    ...shared,
    fits: true,
    digits: before === 0 ? '' : whole.padStart(before, '0'),
    fraction: after === 0 ? '' : text.slice(-after),
    blank: Math.min(before - written, before - zeros),
  };
}

/** What stands directly before the first digit, and directly after the last. */
function signs({ sign, bare }: NumberTemplate, negative: boolean): { leading: string; trailing: string } {
  const blank = bare ? '' : ' ';
  switch (sign) {
    case 'anchored':
      return { leading: negative ? '-' : '+', trailing: '' };
    case 'brackets':
      return { leading: negative ? '<' : blank, trailing: negative ? '>' : blank };
    case 'first':
      return { leading: negative ? '-' : blank, trailing: '' };
    case 'after':
      return { leading: '', trailing: negative ? '-' : '+' };
    case 'own':
      return { leading: '', trailing: '' };
  }
}

function between(piece: Piece, format: string): string {
  if (piece.kind === 'group') return ',';
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'currency') return '$';
  throw badFormat(format, 'a sign between digits', 0);
}

/** A piece that stands before the digits (`leads`) or after them. */
function outside(
  piece: Piece,
  { bare, after }: NumberTemplate,
  { negative, whole, fits }: Layout,
  format: string,
  leads: boolean,
): string {
  const blank = bare ? '' : ' ';
  switch (piece.kind) {
    case 'text':
      return piece.text;
    case 'currency':
      return '$';
    case 'minus':
      return negative ? '-' : blank;
    case 'plus':
      return negative ? blank : '+';
    case 'signed':
      return negative ? '-' : '+';
    case 'ordinal':
      if (negative || !fits || after > 0) return '';
      return piece.text === 'TH' ? ordinal(whole).toUpperCase() : ordinal(whole);
    case 'group':
      return leads ? blankOf(piece, bare) : ',';
    case 'digit':
    case 'fraction':
    case 'point':
      throw badFormat(format, 'digits after the fraction', 0);
  }
}

const ROMAN: readonly (readonly [number, string])[] = [
  [1000, 'M'],
  [900, 'CM'],
  [500, 'D'],
  [400, 'CD'],
  [100, 'C'],
  [90, 'XC'],
  [50, 'L'],
  [40, 'XL'],
  [10, 'X'],
  [9, 'IX'],
  [5, 'V'],
  [4, 'IV'],
  [1, 'I'],
];

/** Right-aligned in 15 characters; outside of 1 to 3999 there is none. */
function roman(value: string, format: string): string {
  let rest = Math.round(Number(value));
  let text = rest < 1 || rest > 3999 ? '#'.repeat(15) : '';
  if (text === '') for (const [unit, letters] of ROMAN) for (; rest >= unit; rest -= unit) text += letters;
  const cased = format.endsWith('rn') ? text.toLowerCase() : text;
  return /^FM/i.test(format) ? cased : cased.padStart(15);
}

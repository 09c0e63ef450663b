import type { Fragment } from '../fragment.ts';
import { literal } from '../lexer.ts';
import { blankOf, numberTemplate, type NumberTemplate, type Piece } from './number-template.ts';
import { badFormat } from './date-template.ts';

const NEGATIVE = 'v < 0';
const SIGN = `CASE WHEN ${NEGATIVE} THEN '-' ELSE '+' END`;

/** What stands directly before the first digit. */
function leading({ sign, bare }: NumberTemplate): string {
  const blank = bare ? "''" : "' '";
  switch (sign) {
    case 'anchored':
      return SIGN;
    case 'brackets':
      return `CASE WHEN ${NEGATIVE} THEN '<' ELSE ${blank} END`;
    case 'first':
      return `CASE WHEN ${NEGATIVE} THEN '-' ELSE ${blank} END`;
    case 'after':
    case 'own':
      return "''";
  }
}

/** What stands directly after the last digit. */
function trailing({ sign, bare }: NumberTemplate): string {
  if (sign === 'after') return ` || ${SIGN}`;
  return sign === 'brackets' ? ` || CASE WHEN ${NEGATIVE} THEN '>' ELSE ${bare ? "''" : "' '"} END` : '';
}

/**
 * An SQL expression that writes the number `value` in a numeric format of TO_CHAR.
 *
 * The whole part is laid out once with every digit and separator of the format, then cut where its first digit stands: what is before
 * becomes blanks, except for text, and the sign goes between.
 */
export function numberWriter(format: string, position: number): (value: Fragment) => Fragment {
  if (/^(?:FM)?RN$/i.test(format)) return romanWriter(format);
  const template = numberTemplate(format, position);
  const { pieces, before, after, zeros, bare } = template;
  if (before + after === 0) throw badFormat(format, 'no digits', position);
  const digitsAt = pieces.flatMap(({ kind }, index) => (kind === 'digit' ? [index] : []));
  const [first, last] = [digitsAt[0] ?? pieces.findIndex(({ kind }) => kind === 'point'), digitsAt.at(-1)];
  const middle = last === undefined ? [] : pieces.slice(first, last + 1);
  // The layout of the whole part, and where in it each digit begins.
  let column = 0;
  let digit = 0;
  const cuts: number[] = [];
  const blanks: string[] = [];
  let blank = '';
  const layout = middle.map((piece) => {
    if (piece.kind === 'digit') {
      cuts.push(column++);
      blanks.push(literal(blank));
      blank += blankOf(piece, bare);
      return `z[${++digit}]`;
    }
    const text = piece.kind === 'group' ? ',' : textOf(piece, format, position);
    column += text.length;
    blank += piece.kind === 'group' ? blankOf(piece, bare) : text;
    return literal(text);
  });
  cuts.push(column);
  blanks.push(literal(blank));
  const whole = layout.length === 0 ? "''" : layout.join(' || ');
  const laidOut = `${indexed(blanks)} || ${leading(template)} || (${whole})[${indexed(cuts)} + 1:]`;
  // FM9.9 writes zero as `0.`, though a tenth as `.1`.
  const head =
    bare && after > 0 && before > 0 && zeros === 0
      ? `CASE WHEN v = 0 AND fraction = '' THEN ${indexed(blanks)} || ${leading(template)} || '0' ELSE ${laidOut} END`
      : laidOut;
  const prefix = pieces.slice(0, Math.max(first, 0)).map((piece) => outside(piece, template, format, position, true));
  const suffix = pieces.slice(last === undefined ? Math.max(first, 0) : last + 1).map((piece, index, rest) => {
    const end = !rest.slice(index + 1).some(({ kind }) => kind === 'fraction');
    if (piece.kind === 'fraction') return end ? `fraction${trailing(template)}` : undefined;
    if (piece.kind === 'point') return after > 0 ? "'.'" : "CASE WHEN z[1] = '#' THEN '.' ELSE '' END";
    return outside(piece, template, format, position, false);
  });
  const ends = pieces.some(({ kind }) => kind === 'fraction') ? '' : trailing(template);
  const parts = [...prefix, `(${head})${ends}`, ...suffix].filter((part) => part !== undefined);
  const fraction = after === 0 ? "''" : bare ? `rs_short_fraction(f, ${template.kept})` : 'f';
  return (value) => [
    `list_transform([CAST(round(CAST(`,
    value,
    ` AS DECIMAL(38,${Math.min(Math.max(after, 15), 18)})), ${after}) AS DECIMAL(38,${after}))], lambda v: CASE WHEN v IS NOT NULL THEN `,
    `list_transform([rs_number_layout(v, ${before}, ${after}, ${zeros})], lambda w: list_transform([w['z']], lambda z: list_transform([w['f']], lambda f: list_transform([${fraction}], lambda fraction: list_transform([w['n']], lambda n: ${parts.join(' || ')})[1])[1])[1])[1])[1] END)[1]`,
  ];
}

const indexed = (cuts: readonly (number | string)[]): string => `([${cuts.join(', ')}])[n + 1]`;

function textOf(piece: Piece, format: string, position: number): string {
  if (piece.kind === 'text') return piece.text;
  if (piece.kind === 'currency') return '$';
  throw badFormat(format, 'a sign between digits', position);
}

/** A piece that stands before the digits (`leads`) or after them. */
function outside(
  piece: Piece,
  { bare, after }: NumberTemplate,
  format: string,
  position: number,
  leads: boolean,
): string | undefined {
  const blank = bare ? "''" : "' '";
  switch (piece.kind) {
    case 'text':
      return literal(piece.text);
    case 'currency':
      return "'$'";
    case 'minus':
      return `CASE WHEN ${NEGATIVE} THEN '-' ELSE ${blank} END`;
    case 'plus':
      return `CASE WHEN ${NEGATIVE} THEN ${blank} ELSE '+' END`;
    case 'signed':
      return SIGN;
    case 'ordinal':
      return after > 0
        ? undefined
        : `CASE WHEN ${NEGATIVE} OR z[1] = '#' THEN '' ELSE rs_ordinal(CAST(v AS BIGINT), '${piece.text}') END`;
    case 'group':
      return leads ? literal(blankOf(piece, bare)) : "','";
    case 'digit':
    case 'fraction':
    case 'point':
      throw badFormat(format, 'digits after the fraction', position);
  }
}

/** Right-aligned in 15 characters, as PostgreSQL does; outside of 1 to 3999 there is none. */
function romanWriter(format: string): (value: Fragment) => Fragment {
  const bare = /^FM/i.test(format);
  const name = `rs_roman(v)`;
  const cased = format.endsWith('rn') ? `lower(${name})` : name;
  return (value) => [
    'list_transform([CAST(round(',
    value,
    `) AS INTEGER)], lambda v: ${bare ? cased : `lpad(${cased}, 15, ' ')`})[1]`,
  ];
}

const digitsOf = (place: number, symbols: readonly string[]): string =>
  `([${symbols.map(literal).join(', ')}])[(v // ${place}) % 10 + 1]`;
const one = (i: string, v: string, x: string): readonly string[] => [
  '',
  i,
  i + i,
  i + i + i,
  i + v,
  v,
  v + i,
  v + i + i,
  v + i + i + i,
  i + x,
];

export const NUMBER_WRITING_MACROS: readonly string[] = [
  `rs_roman(v) AS CASE WHEN v BETWEEN 1 AND 3999 THEN ${[
    digitsOf(1000, ['', 'M', 'MM', 'MMM', '', '', '', '', '', '']),
    digitsOf(100, one('C', 'D', 'M')),
    digitsOf(10, one('X', 'L', 'C')),
    digitsOf(1, one('I', 'V', 'X')),
  ].join(' || ')} WHEN v IS NOT NULL THEN '###############' END`,
  `rs_whole(v) AS split_part(ltrim(CAST(v AS VARCHAR), '-'), '.', 1)`,
  // Too large a number shows as #. A whole part of zero is not written where there is a fraction and the format has no 0.
  `rs_number_layout(v, before, after, zeros) AS CASE WHEN length(rs.main.rs_whole(v)) > before
    THEN {z: repeat('#', before), f: repeat('#', after), n: 0}
    ELSE {z: lpad(rs.main.rs_whole(v), before, '0'), f: split_part(CAST(v AS VARCHAR), '.', 2),
      n: least(before - CASE WHEN rs.main.rs_whole(v) = '0' AND after > 0 THEN 0 ELSE length(rs.main.rs_whole(v)) END, before - zeros)} END`,
  `rs_short_fraction(f, kept) AS f[1:greatest(kept, length(rtrim(f, '0')))]`,
];

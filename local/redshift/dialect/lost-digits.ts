import { written, type Alternatives, type Fragment } from './fragment.ts';
import { asDecimal, decimalName, decimalOf, type Decimal } from './numeric-types.ts';
import { unsupported, type RedshiftError } from './redshift-error.ts';
import type { Expression } from './typed.ts';
import { MAX_PRECISION } from './types.ts';

/**
 * Decimals of different scales in one place: the branches of CASE, the values of COALESCE, the rows of a UNION, what IN looks through. Where
 * their digits before and behind the point are more than 38 together DuckDB gives up digits behind it, and says nothing.
 */

/** A cast that takes digits behind the point away. */
export interface Narrowing {
  /** Where it, or what it casts, stands in the query, in bytes; unknown for some that DuckDB has put in. */
  readonly at: number | undefined;
  /** Of the cast right below it. */
  readonly below: number | undefined;
  readonly to: string;
}

/** Whether a cast of one type to another takes digits away from what it is given; `digits` are those of a constant, without its point. */
export function losesDigits(from: string, to: string, digits: unknown): boolean {
  const [source, target] = [decimalOf(from), decimalOf(to)];
  if (!source || target?.precision !== MAX_PRECISION || source.scale <= target.scale) return false;
  const lost = source.scale - target.scale;
  return typeof digits !== 'number' || digits % 10 ** lost !== 0;
}

/** What may put values of several types into one place, and a query beside what it reads. */
export const MIXES =
  /(?:,|\bjoin)\s*\(\s*(?:select|with)\b|\b(?:union|intersect|except|minus|case|coalesce|nvl2?|decode|greatest|least|isnull)\b|\b(?:in|any|some|all)\s*\(\s*(?:select|with)\b/i;

/** The first of casts that nobody wrote. */
export function unwritten<T extends Narrowing>(casts: readonly T[], sql: string): T | undefined {
  if (casts.length === 0) return undefined;
  const bytes = Buffer.from(sql);
  return casts.find(({ at, below, to }) => at === undefined || at === below || writtenCast(bytes, at) !== to);
}

/** The type of the `CAST(… AS type)` that begins at a byte of a query. */
function writtenCast(sql: Buffer, at: number): string | undefined {
  const text = sql.subarray(at).toString();
  if (!/^(?:TRY_)?CAST\(/i.test(text)) return undefined;
  let depth = 0;
  for (const { 0: part, index } of text.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|[()]/g)) {
    if (part === '(') depth++;
    if (part === ')' && --depth === 0) return / AS (\w[\w ]*(?:\(\d+,\d+\))?)\)$/.exec(text.slice(0, index + 1))?.[1];
  }
  return undefined;
}

/** What chooses from several values, in a fragment: each once. */
export function alternativesIn(fragment: Fragment): readonly Alternatives[] {
  const found = new Set<Alternatives>();
  const visit = (part: Fragment): void => {
    if (typeof part === 'string' || 'text' in part) return;
    if ('alternatives' in part) {
      visit(written(part));
      found.add(part);
    } else if ('operands' in part) visit(part.shape(part.operands.map((each) => each.fragment)));
    else if ('choose' in part) for (const quickly of [true, false]) visit(part.choose(quickly));
    else if ('mark' in part) visit(part.inner);
    else for (const each of part) visit(each);
  };
  visit(fragment);
  return [...found];
}

/** What the decimals of alternatives are cast to. */
const WIDER = new WeakMap<Alternatives, string>();

/** Has them cast their decimals to one type where DuckDB would give up digits behind the point. Whether that changed anything. */
export function widened(all: readonly Alternatives[], typeOf: (value: Expression) => string | undefined): boolean {
  const changed = all.map((one) => {
    const types = one.alternatives.map((value) => asDecimal(typeOf(value) ?? ''));
    const type = widest(types.filter((each) => each !== undefined));
    if (type === WIDER.get(one)) return false;
    if (type === undefined) WIDER.delete(one);
    else WIDER.set(one, type);
    one.each = ({ fragment }, at) => (type && types[at] ? [' CAST(', fragment, ` AS ${type})`] : fragment);
    return true;
  });
  return changed.includes(true);
}

/** The type of all digits behind a point; undefined where DuckDB finds it. */
function widest(types: readonly Decimal[]): string | undefined {
  if (types.length < 2) return undefined;
  const scale = Math.max(...types.map((type) => type.scale));
  const before = Math.max(...types.map((type) => type.precision - type.scale));
  return scale + before > MAX_PRECISION ? decimalName({ precision: MAX_PRECISION, scale }) : undefined;
}

export function digitsLost(position: number | undefined): RedshiftError {
  return unsupported(
    'a DECIMAL of 38 digits in one place with one that has more of them behind its point',
    position,
    'Cast both to one type that holds them: value::decimal(38,2).',
  );
}

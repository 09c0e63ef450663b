import { walk, type Alternatives, type Choosing, type Fragment } from './fragment.ts';
import { asDecimal, decimalName, decimalOf, type Decimal } from './numeric-types.ts';
import { unsupported, type RedshiftError } from './redshift-error.ts';
import type { Expression } from './typed.ts';
import { MAX_PRECISION } from './types.ts';

/**
 * Decimals of different scales in one place: the branches of CASE, the values of COALESCE, the rows of a UNION, what IN looks through. Where
 * their digits before and behind the point are more than 38 together DuckDB gives up digits behind it, and says nothing.
 */

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

/** What chooses from several values, in a fragment: each once. */
export function alternativesIn(fragment: Fragment): readonly Alternatives[] {
  const found = new Set<Alternatives>();
  walk(
    fragment,
    (piece) => {
      if (typeof piece === 'object' && 'alternatives' in piece) found.add(piece);
    },
    ({ choose }) => [choose(true), choose(false)],
  );
  return [...found];
}

/** The type that the decimals of one that chooses from several values are cast to, and which of the values are such. */
export type Widenings = ReadonlyMap<Alternatives, { readonly type: string; readonly decimals: readonly boolean[] }>;

/** Of those whose digits behind the point DuckDB would give up. */
export function widenings(all: readonly Alternatives[], typeOf: (value: Expression) => string | undefined): Widenings {
  return new Map(
    all.flatMap((one) => {
      const types = one.alternatives.map((value) => asDecimal(typeOf(value) ?? ''));
      const type = widest(types.filter((each) => each !== undefined));
      return type === undefined ? [] : [[one, { type, decimals: types.map((each) => each !== undefined) }] as const];
    }),
  );
}

export function sameWidenings(a: Widenings, b: Widenings): boolean {
  return a.size === b.size && [...a].every(([one, { type }]) => b.get(one)?.type === type);
}

/** Writes one with its values widened, each as `valueOf` has it. */
export function choosingOf(widenings: Widenings, valueOf: (value: Expression) => Fragment): Choosing {
  return (one) => {
    const wide = widenings.get(one);
    return one.written(
      one.alternatives.map((value, at) =>
        wide?.decimals[at] ? [' CAST(', valueOf(value), ` AS ${wide.type})`] : valueOf(value),
      ),
    );
  };
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

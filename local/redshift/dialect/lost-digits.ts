import { type Alternatives, type Expression, type Fragment, join, type Meeting } from './fragment.ts';
import { type Choosing, walk } from './walk-fragment.ts';
import { identifier } from './lexer.ts';
import { asDecimal, decimalName, decimalOf, isFloat } from './numeric-types.ts';
import type { ListedColumn } from './listed-column.ts';
import { unsupported, type RedshiftError } from './redshift-error.ts';
import { superOf } from './super-arithmetic.ts';
import { MAX_PRECISION } from './types.ts';

/**
 * Values of two types in one place: the branches of CASE, the values of COALESCE, the rows of a UNION, what IN looks through. Where the digits
 * of decimals before and behind the point are more than 38 together DuckDB gives up digits behind it, and says nothing; and what stands beside
 * a SUPER value it reads as JSON: the text '12' as a number.
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

/** What chooses from several values, in a fragment, and the set operations in it: each once. */
export function choicesIn(fragment: Fragment): readonly (Alternatives | Meeting)[] {
  const found = new Set<Alternatives | Meeting>();
  walk(
    fragment,
    (piece) => {
      if (typeof piece === 'object' && ('alternatives' in piece || 'united' in piece)) found.add(piece);
    },
    ({ choose }) => [choose(true), choose(false)],
    new Set(),
  );
  return [...found];
}

/** How a value is brought to the type of all of them, or a query is read through a list that does so. */
interface Widening {
  /** The same for what is brought to the same type in the same way. */
  readonly name: string;
  readonly written: (value: Fragment) => Fragment;
}

/** Of each of the values that are chosen from, and of the queries of a set operation; undefined for what stays as it is. */
export type Widenings = ReadonlyMap<Alternatives | Meeting, readonly (Widening | undefined)[]>;

/** What is known of types. */
interface Types {
  readonly typeOf: (value: Expression) => string | undefined;
  /** The columns of its queries. */
  readonly columnsOf: (meeting: Meeting) => readonly (readonly ListedColumn[])[];
}

/** Of those whose digits behind the point DuckDB would give up. */
export function widenings(all: readonly (Alternatives | Meeting)[], { typeOf, columnsOf }: Types): Widenings {
  return new Map(
    all.flatMap((one) => {
      const wide = 'united' in one ? widerLists(one, columnsOf(one)) : wider(one.alternatives.map(typeOf));
      return wide === undefined ? [] : [[one, wide] as const];
    }),
  );
}

export function sameWidenings(a: Widenings, b: Widenings): boolean {
  const names = (all: readonly (Widening | undefined)[] = []): string => all.map((each) => each?.name ?? '').join();
  return a.size === b.size && [...a].every(([one, all]) => names(b.get(one)) === names(all));
}

/** Writes one with its values widened, each as `valueOf` has it, and a set operation with its queries as `queryOf` has them. */
export function choosingOf(
  widenings: Widenings,
  valueOf: (value: Expression) => Fragment,
  queryOf?: (meeting: Meeting, at: number) => Fragment,
): Choosing {
  return (one) => {
    const wide = widenings.get(one);
    if (!('united' in one))
      return one.written(one.alternatives.map((value, at) => wide?.[at]?.written(valueOf(value)) ?? valueOf(value)));
    const queries = queryOf ? one.queries.map((_query, at) => queryOf(one, at)) : one.queries;
    const lists = queries.map((query, at) => wide?.[at]?.written(query) ?? query);
    return queryOf ? one.whole(lists) : one.united(lists);
  };
}

/** What each of the values in one place becomes; undefined where DuckDB finds the type for all of them. */
function wider(all: readonly (string | undefined)[]): readonly (Widening | undefined)[] | undefined {
  if (all.includes(SUPER))
    return all.some(becomesSuper)
      ? all.map((type) => (type !== undefined && becomesSuper(type) ? toSuper(type) : undefined))
      : undefined;
  if (all.some((type) => isFloat(type ?? ''))) return undefined;
  const type = widest(all);
  return type === undefined ? undefined : all.map((each) => (asDecimal(each ?? '') ? toDecimal(type) : undefined));
}

const SUPER = 'JSON';

const becomesSuper = (type: string | undefined): boolean =>
  type !== undefined && type !== SUPER && !/^"?NULL"?$/.test(type);

const toSuper = (from: string): Widening => ({
  name: `super of ${from}`,
  written: (value) => [' ', superOf(value, from)],
});

const toDecimal = (type: string): Widening => ({
  name: type,
  written: (value) => [' CAST(', value, ` AS ${type})`],
});

/** Each query of a set operation with its columns in the types that hold those of all of them. */
function widerLists(
  { names }: Meeting,
  queries: readonly (readonly ListedColumn[])[],
): readonly Widening[] | undefined {
  const [first = []] = queries;
  if (queries.some((columns) => columns.length !== first.length)) return undefined;
  const columns = first.map((_column, at) => wider(queries.map((each) => each[at]?.type)));
  if (columns.every((each) => each === undefined)) return undefined;
  return queries.map((_query, index): Widening => {
    const items = first.map(({ name }, at): { readonly name: string; readonly item: Fragment } => {
      const column = columns[at]?.[index];
      const place = identifier(String(at + 1));
      return {
        name: column?.name ?? '',
        item: [column?.written(place) ?? place, ` AS ${identifier(names?.[at] ?? name)}`],
      };
    });
    const list = join(
      items.map(({ item }) => item),
      ', ',
    );
    const places = items.map((_item, at) => identifier(String(at + 1))).join(', ');
    return {
      name: items.map(({ name }) => name).join('|'),
      written: (query) => ['SELECT ', list, ' FROM (', query, `) AS met(${places}) `],
    };
  });
}

function widest(all: readonly (string | undefined)[]): string | undefined {
  const types = all.flatMap((type) => asDecimal(type ?? '') ?? []);
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

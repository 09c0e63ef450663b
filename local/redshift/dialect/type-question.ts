import { redshiftError } from './errors.ts';
import type { Expression, Fragment, Meeting, Resolutions } from './fragment.ts';
import { Writer } from './fragment-writer.ts';
import { choosingOf, digitsLost, type Widenings } from './lost-digits.ts';
import type { ListedColumn } from './listed-column.ts';
import { LISTED, MARK_OPEN, typesOf } from './plan-types.ts';
import { unwritten, type PlannedCast } from './planned-casts.ts';
import { argumentsOnce } from './nested-calls.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Database } from './translation.ts';
import { mismatched } from './type-categories.ts';

/** A query that stands beside something in FROM; and names of the catalogue, whose views read beside themselves. */
const BESIDE = /(?:,|\bjoin)\s*\(\s*(?:select|with)\b/i;
const SYSTEM = /\b(?:(?:pg|stl|stv|svl|svv|svcs|sys)_|information_schema\b)/i;

/** Redshift has no LATERAL. https://www.postgresql.org/docs/8.0/queries-table-expressions.html */
function refersToNeighbour(): RedshiftError {
  return new RedshiftError(
    SQLSTATE.invalidColumnReference,
    'subquery in FROM may not refer to other relations of same query level',
    { hint: 'Join it ON the columns that it reads.' },
  );
}

/** What is asked for besides the types of operands. */
export interface Asked {
  /** In shapes that bind whatever the types. */
  readonly safe: boolean;
  /** The types of what CASE and the like choose from, and what is known of them; undefined where they are of no interest yet. */
  readonly widenings: Widenings | undefined;
  /** In the third form of what has one. */
  readonly asking?: boolean;
  /** Where no operand is a constant: of a function of a NULL DuckDB plans the NULL only, and not what stands beside it. */
  readonly varying?: boolean;
}

/** Marks every operand whose type is wanted, has DuckDB bind the statement, and reads the marks' types from the plan. */
export async function askOnce(
  query: Fragment,
  resolutions: Resolutions,
  database: Database,
  sql: string,
  { safe, widenings, asking, varying = false }: Asked,
): Promise<Answer> {
  const marked = new Map<number, Expression>();
  const literals = new Map<number, Expression>();
  const marking = (operand: Expression): Fragment => {
    const content: Fragment =
      operand.type === undefined
        ? { mark: () => marked.set(writer.length, operand), inner: [MARK_OPEN, operand.fragment, ')'] }
        : operand.fragment;
    return varying ? ['CASE WHEN random()<2 THEN ', content, ' END'] : content;
  };
  const listed = new Map<Meeting, number[]>();
  const listing = (meeting: Meeting, at: number): Fragment => {
    const places = listed.get(meeting) ?? [];
    listed.set(meeting, places);
    const list: Fragment = { mark: () => void (places[at] = writer.length), inner: LISTED };
    return ['SELECT ', list, ' FROM (', meeting.queries[at] ?? '', ') AS listed '];
  };
  const writer: Writer = new Writer(
    true,
    (typed) => {
      const resolution = resolutions.get(typed);
      const type = resolution?.type;
      // What is resolved without a type binds as it is.
      const guarded = safe && (resolution === undefined || type !== undefined);
      const shape = ((guarded ? typed.safeShape : undefined) ?? typed.shape)(
        typed.operands.map((operand) =>
          typed.literal
            ? { mark: () => literals.set(writer.length, operand), inner: operand.fragment }
            : marking(operand),
        ),
      );
      const content = type === undefined ? shape : ['CAST(', shape, ` AS ${type})`];
      writer.write(typed.wrap ? typed.wrap(content) : content);
    },
    widenings && choosingOf(widenings, marking, listing),
    asking,
  );
  writer.write(query);
  const { step, placeIn } = argumentsOnce(writer.step(), [...literals.keys()]);
  const plan = await typesOf(database, step.sql);
  if ('failed' in plan) throw redshiftError(plan.failed, sql, step);
  const { types, casts, lists, narrowings, mismatches, mixed, lateral, unnests } = plan.answer;
  const offsets = byteOffsets(step.sql);
  const marks = new Map<Expression, string>();
  for (const [at, operand] of marked) {
    const type = typeAt(placeIn(at), step.sql, (place) => types.get(offsets(place)));
    if (type !== undefined) marks.set(operand, type);
  }
  for (const [at, operand] of literals) marks.set(operand, casts.get(offsets(placeIn(at))) ?? 'VARCHAR');
  const columns = new Map<Meeting, readonly (readonly ListedColumn[])[]>();
  for (const [meeting, places] of listed)
    columns.set(
      meeting,
      places.map((at) => lists.get(offsets(placeIn(at))) ?? []),
    );
  const lost = unwritten(narrowings, step.sql);
  const mismatch = unwritten(mismatches, step.sql);
  const place = ({ at }: PlannedCast): number | undefined => (at === undefined ? undefined : step.originalOffset(at));
  return {
    marks,
    columns,
    lost: lost && (() => digitsLost(place(lost))),
    refusal: mismatch
      ? () => mismatched(mismatch, place(mismatch))
      : lateral && !unnests && BESIDE.test(sql) && !SYSTEM.test(sql)
        ? refersToNeighbour
        : undefined,
    mixed,
  };
}

/** What DuckDB says of a query. */
export interface Answer {
  readonly marks: ReadonlyMap<Expression, string>;
  /** Of the queries of set operations. */
  readonly columns: ReadonlyMap<Meeting, readonly (readonly ListedColumn[])[]>;
  /** Of a query whose values would lose digits. */
  readonly lost: (() => RedshiftError) | undefined;
  /** Of a query whose rows have no type in common, or that reads beside itself. */
  readonly refusal: (() => RedshiftError) | undefined;
  /** There may be such among what is chosen from. */
  readonly mixed: boolean;
}

/** A cast to the type there is already, and the key of what is no text, leave only their place behind. */
const VANISHING = ['CAST(', 'rs_key(', 'rs_value(', 'rs_distinct('] as const;

function typeAt(at: number, sql: string, types: (place: number) => string | undefined): string | undefined {
  const type = types(at);
  if (type !== undefined) return type;
  const around = VANISHING.find((open) => sql.endsWith(open, at));
  return around === undefined ? undefined : typeAt(at - around.length, sql, types);
}

/** DuckDB counts bytes of UTF-8, JavaScript UTF-16 units. */
function byteOffsets(sql: string): (at: number) => number {
  // eslint-disable-next-line no-control-regex
  return /^[\u0000-\u007f]*$/.test(sql) ? (at) => at : (at) => Buffer.byteLength(sql.slice(0, at));
}

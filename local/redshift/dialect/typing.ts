import { redshiftError } from './errors.ts';
import { written, Writer, type Alternatives, type Fragment } from './fragment.ts';
import { isTrivia, nameOf, type Token } from './lexer.ts';
import { alternativesIn, digitsLost, MIXES, unwritten, widened, type Narrowing } from './lost-digits.ts';
import { mismatched, refuseMixed } from './type-categories.ts';
import { MARK_OPEN, typesOf } from './plan-types.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { Database, Step } from './translation.ts';
import type { Expression, Resolution, Typed } from './typed.ts';

/** A DuckDB statement in the making. */
export interface Draft {
  readonly statement: Fragment;
  /** The part of it whose types can be asked for, if not the whole: all of its typed constructs are in it. */
  readonly query?: Fragment | undefined;
}

type Resolutions = ReadonlyMap<Typed, Resolution>;

/** More rounds than this no statement needs: one for each level of nesting whose types depend on the level below. */
const MAX_ROUNDS = 16;

/**
 * The statements, ready to run: at once where no type has to be asked for, else by a function that asks.
 * `sql` is what the user wrote, for error positions.
 */
export function finish(
  drafts: readonly Draft[],
  sql: string,
): readonly Step[] | ((database: Database) => Promise<readonly Step[]>) {
  const known = drafts.map((draft) => resolved(draft, new Map()));
  const open = drafts.map((draft, index) => typedIn(draft.statement).some((typed) => !known[index]?.has(typed)));
  const mixes = drafts.map((draft) => isQuery(draft) && MIXES.test(sql));
  if (!open.includes(true) && !mixes.includes(true))
    return drafts.map((draft, index) => write(draft.statement, known[index] ?? new Map()));
  return async (database) => {
    const steps: Step[] = [];
    for (const [index, draft] of drafts.entries()) {
      for (const typed of typedIn(draft.statement)) await typed.prepare?.(database);
      const resolutions = known[index] ?? new Map<Typed, Resolution>();
      if (mixes[index] && !open[index]) await refuseLostDigits(draft, resolutions, database, sql);
      steps.push(write(draft.statement, open[index] ? await ask(draft, resolutions, database, sql) : resolutions));
    }
    return steps;
  };
}

/** What the user has written a query of, or in; a text that is made here is none. */
function isQuery({ statement, query }: Draft): boolean {
  return query !== undefined || (typeof statement !== 'string' && /^\s*(?:select|with|\()/i.test(textOf(statement)));
}

/** Of a query that no type has to be asked for. What is wrong with it otherwise it will say when it runs. */
async function refuseLostDigits(draft: Draft, known: Resolutions, database: Database, sql: string): Promise<void> {
  const asked = await askOnce(draft.query ?? draft.statement, known, database, sql, false).catch(() => undefined);
  if (asked && (asked.lost ?? asked.refusal ?? asked.mixed)) await ask(draft, known, database, sql);
}

/** One statement, its types asked for where need be. */
export async function finishWith(draft: Draft, database: Database, sql: string): Promise<Step> {
  const steps = finish([draft], sql);
  const [step] = typeof steps === 'function' ? await steps(database) : steps;
  return step as Step;
}

/** Writes a fragment down, its typed constructs as they were resolved; with the wide form beside it where there are two. */
function write(fragment: Fragment, resolutions: Resolutions): Step {
  const exact = writeBoth(fragment, resolutions, false);
  const quick = hasChoice(fragment) ? writeBoth(fragment, resolutions, true) : exact;
  return quick.sql === exact.sql ? exact : { ...exact, quick };
}

function writeBoth(fragment: Fragment, resolutions: Resolutions, quickly: boolean): Step {
  const fast = writeAs(fragment, resolutions, true, quickly);
  return fast.narrowed ? { ...fast.step, wide: writeAs(fragment, resolutions, false, quickly).step } : fast.step;
}

function hasChoice(fragment: Fragment): boolean {
  if (typeof fragment === 'string' || 'text' in fragment) return false;
  if ('choose' in fragment) return true;
  if ('alternatives' in fragment) return hasChoice(written(fragment));
  if ('operands' in fragment) return fragment.operands.some((operand) => hasChoice(operand.fragment));
  return 'mark' in fragment ? hasChoice(fragment.inner) : fragment.some(hasChoice);
}

/** A construct made while another was resolved: a cast with a literal in it. */
function atOnce(typed: Typed): Resolution | undefined {
  const types = typed.operands.flatMap(({ type }) => (type === undefined ? [] : [type]));
  return types.length === typed.operands.length ? typed.resolve(types) : undefined;
}

function writeAs(
  fragment: Fragment,
  resolutions: Resolutions,
  narrow: boolean,
  quickly: boolean,
): { readonly step: Step; readonly narrowed: boolean } {
  let aggregates = 0;
  let narrowed = false;
  const writer = new Writer(quickly, (typed, writer) => {
    const resolution = resolutions.get(typed) ?? atOnce(typed);
    const operands = typed.operands.map((operand) => operand.fragment);
    const inside = narrow && aggregates > 0 ? resolution?.narrow : undefined;
    if (inside) narrowed = true;
    // DuckDB binds no common table expression that nobody reads, so there was no type to find; should it be computed, it fails.
    const grouped = writer.atGroupItem ? resolution?.grouped : undefined;
    const unknown = typed.clause ? typed.shape : (): Fragment => UNKNOWN_TYPE;
    const content = (grouped ?? inside ?? resolution?.emit ?? unknown)(operands);
    if (typed.aggregate) aggregates++;
    writer.write(typed.wrap ? typed.wrap(content) : content);
    if (typed.aggregate) aggregates--;
  });
  writer.write(fragment);
  return { step: writer.step(), narrowed };
}

/** The typed constructs of a fragment, inner ones before outer ones; with those of a third form that only asks. */
function typedIn(fragment: Fragment, asking = false): readonly Typed[] {
  const found = new Set<Typed>();
  const visit = (part: Fragment): void => {
    if (typeof part === 'string' || 'text' in part) return;
    if ('operands' in part) {
      if (found.has(part)) return;
      for (const operand of part.operands) visit(operand.fragment);
      // Besides its operands it may hold others: those of its window.
      visit(part.shape(part.operands.map((operand) => operand.fragment)));
      found.add(part);
    } else if ('choose' in part) {
      visit(part.choose(true));
      if (asking && part.asked !== undefined) visit(part.asked);
    } else if ('alternatives' in part) visit(written(part));
    else if ('mark' in part) visit(part.inner);
    else for (const inner of part) visit(inner);
  };
  visit(fragment);
  return [...found];
}

function typeOf(
  expression: Expression,
  resolutions: Resolutions,
  marks: ReadonlyMap<Expression, string>,
): string | undefined {
  if (expression.type !== undefined) return expression.type;
  const { fragment } = expression;
  const own = typeof fragment === 'object' && 'operands' in fragment ? resolutions.get(fragment)?.type : undefined;
  return own ?? marks.get(expression);
}

/**
 * What can be resolved with the types known so far. A type may still be one of a safe shape (text): what Redshift has no operation for
 * with such a type is handed to `refuse`, and stays open.
 */
function resolved(
  draft: Draft,
  marks: ReadonlyMap<Expression, string>,
  refuse: (error: unknown) => void = (error) => {
    throw error;
  },
): Map<Typed, Resolution> {
  const resolutions = new Map<Typed, Resolution>();
  for (const typed of typedIn(draft.statement)) {
    const types = typed.operands.map((operand) => typeOf(operand, resolutions, marks));
    if (!types.every((type) => type !== undefined) || typed.prepared?.() === false) continue;
    try {
      resolutions.set(typed, typed.resolve(types));
    } catch (error) {
      refuse(error);
    }
  }
  return resolutions;
}

/** Asks the database for types until they change no more: an inner query's types decide an outer one's. */
async function ask(draft: Draft, known: Resolutions, database: Database, sql: string): Promise<Resolutions> {
  let resolutions = known;
  // A mark may hide once a cast is around it: what it said before holds.
  const marks = new Map<Expression, string>();
  let safe = false;
  let wide: readonly Alternatives[] | undefined;
  let lost: Answer['lost'];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const query = draft.query ?? draft.statement;
    let answer: Answer;
    try {
      answer = await askOnce(query, resolutions, database, sql, safe, wide);
    } catch (error) {
      // The query itself was bound: only what it chooses from could not be asked for.
      if (wide) {
        if (lost) throw lost();
        break;
      }
      // DuckDB has no such operator, Redshift may: TIMESTAMP - INTEGER.
      if (safe || !isOperatorMissing(error)) throw error;
      safe = true;
      answer = await askOnce(query, resolutions, database, sql, safe, wide).catch(() => {
        throw error;
      });
    }
    for (const [operand, type] of answer.marks) marks.set(operand, type);
    borrow(draft, marks, answer.marks);
    if (isLacking(draft, resolutions, marks) && hasThirdForm(draft.statement)) {
      const more = await askOnce(query, resolutions, database, sql, safe, wide, true).catch(() => undefined);
      for (const [operand, type] of more?.marks ?? []) if (!marks.has(operand)) marks.set(operand, type);
      borrow(draft, marks, new Map([...answer.marks, ...(more?.marks ?? [])]), true);
    }
    const refused: unknown[] = [];
    const next = resolved(draft, marks, (error) => refused.push(error));
    // A safe shape was text until it was resolved, whatever it is now.
    const changed = [...next].some(
      ([typed, { type }]) => resolutions.get(typed)?.type !== type || (safe && !resolutions.has(typed)),
    );
    resolutions = next;
    if (changed && (safe || round > 0 || !independent(draft, marks))) continue;
    if (refused.length > 0) throw refused[0];
    if (answer.refusal) throw answer.refusal();
    lost = answer.lost;
    const known = (value: Expression): string | undefined => typeOf(value, resolutions, marks);
    if (wide === undefined) {
      if (lost === undefined && !answer.mixed) break;
      // Now the types of what is chosen from are of interest, too.
      wide = alternativesIn(draft.statement);
    } else {
      refuseMixed(wide, known);
      if (widened(wide, known)) continue;
      if (lost) throw lost();
      break;
    }
  }
  return resolutions;
}

/** Whether a type that is wanted is not known. */
function isLacking(draft: Draft, resolutions: Resolutions, marks: ReadonlyMap<Expression, string>): boolean {
  return typedIn(draft.statement).some(({ operands }) =>
    operands.some((operand) => typeOf(operand, resolutions, marks) === undefined),
  );
}

function hasThirdForm(fragment: Fragment): boolean {
  if (typeof fragment === 'string' || 'text' in fragment) return false;
  if ('choose' in fragment) return fragment.asked !== undefined || hasThirdForm(fragment.choose(true));
  if ('operands' in fragment) return hasThirdForm(fragment.shape(fragment.operands.map((operand) => operand.fragment)));
  if ('alternatives' in fragment) return hasThirdForm(written(fragment));
  return 'mark' in fragment ? hasThirdForm(fragment.inner) : fragment.some(hasThirdForm);
}

/** DuckDB has no such operator, or more than one that a literal would fit. */
function isOperatorMissing(error: unknown): boolean {
  return (
    error instanceof RedshiftError &&
    (error.code === SQLSTATE.undefinedFunction || error.code === SQLSTATE.ambiguousFunction)
  );
}

/**
 * DuckDB binds what stands twice in a query only once: the `a / b` of a SELECT list is the one of its GROUP BY. What was left out takes
 * the types of its twin: in every round anew, for the twin's types may have changed.
 */
function borrow(
  draft: Draft,
  marks: Map<Expression, string>,
  answer: ReadonlyMap<Expression, string>,
  asking = false,
): void {
  const all = typedIn(draft.statement, asking);
  const silent = (operand: Expression): boolean => operand.type === undefined && !answer.has(operand);
  const lacking = all.filter(({ operands }) => operands.some(silent));
  if (lacking.length === 0) return;
  const twins = new Map<string, Typed>();
  for (const typed of all)
    if (!lacking.includes(typed))
      for (const key of [inWords(typed), withoutTables(inWords(typed))]) twins.set(key, typed);
  for (const typed of lacking) {
    const twin = twins.get(inWords(typed)) ?? twins.get(withoutTables(inWords(typed)));
    typed.operands.forEach((operand, index) => {
      const other = twin?.operands[index];
      const type = other && (other.type ?? marks.get(other));
      if (type !== undefined && silent(operand)) marks.set(operand, type);
    });
  }
}

/** What tells a construct from others that are written alike: itself, and its operands. */
function inWords({ shape, operands }: Typed): string {
  const parts = operands.map(({ fragment }) => fragment);
  return [shape(parts), ...parts].map(textOf).join('\n');
}

/** `t.a % 2` and `a % 2` are one expression to DuckDB. */
function withoutTables(words: string): string {
  return words.replace(/(?:[\p{L}_][\p{L}\p{N}_$]*|"(?:[^"]|"")*")\s*\.\s*(?=[\p{L}_"])/gu, '');
}

/** The words of a fragment as they would be written, spaces and comments aside. */
function textOf(fragment: Fragment): string {
  if (typeof fragment === 'string') return fragment;
  if ('text' in fragment) return isTrivia(fragment) ? ' ' : fragment.text.toLowerCase();
  if ('operands' in fragment) return textOf(fragment.shape(fragment.operands.map((operand) => operand.fragment)));
  if ('choose' in fragment) return textOf(fragment.choose(true));
  if ('alternatives' in fragment) return textOf(written(fragment));
  return 'mark' in fragment ? textOf(fragment.inner) : fragment.map(textOf).join('');
}

/**
 * Whether no operand asked for can have another type once the casts are in: one query level, no alias of its own list used in it, no
 * typed construct hidden in a function's argument. Most queries need to be asked about only once.
 */
function independent(draft: Draft, marks: ReadonlyMap<Expression, string>): boolean {
  const words = tokensIn(draft.statement);
  if (words.filter(({ word }) => word === 'SELECT').length > 1) return false;
  const aliases = new Set(words.filter((_token, index) => words[index - 1]?.word === 'AS').map(nameOf));
  return [...marks.keys()].every(({ fragment }) => {
    const direct = typeof fragment === 'object' && 'operands' in fragment;
    return (
      direct || (typedIn(fragment).length === 0 && !tokensIn(fragment).some((token) => aliases.has(nameOf(token))))
    );
  });
}

/** Names and words, in order; an `AS` that the rewriter has put in counts. */
function tokensIn(fragment: Fragment): readonly Token[] {
  if (typeof fragment === 'string')
    return /\bAS $/.test(fragment) ? [{ type: 'word', text: 'AS', at: 0, word: 'AS' }] : [];
  if ('text' in fragment) return fragment.type === 'word' || fragment.type === 'quoted' ? [fragment] : [];
  if ('operands' in fragment) return fragment.operands.flatMap((operand) => tokensIn(operand.fragment));
  if ('choose' in fragment) return tokensIn(fragment.choose(true));
  if ('alternatives' in fragment) return tokensIn(written(fragment));
  return 'mark' in fragment ? tokensIn(fragment.inner) : fragment.flatMap(tokensIn);
}

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

/** Marks every operand whose type is wanted, has DuckDB bind the statement, and reads the marks' types from the plan. */
async function askOnce(
  query: Fragment,
  resolutions: Resolutions,
  database: Database,
  sql: string,
  safe: boolean,
  alternatives: readonly Alternatives[] = [],
  asking = false,
): Promise<Answer> {
  const marked = new Map<number, Expression>();
  const literals = new Map<number, Expression>();
  const writer = new Writer(
    true,
    (typed, writer) => {
      const resolution = resolutions.get(typed);
      const type = resolution?.type;
      // What is resolved without a type binds as it is.
      const guarded = safe && (resolution === undefined || type !== undefined);
      const shape = ((guarded ? typed.safeShape : undefined) ?? typed.shape)(
        typed.operands.map((operand) => {
          if (typed.literal) return { mark: () => literals.set(writer.length, operand), inner: operand.fragment };
          return operand.type === undefined ? marking(operand) : operand.fragment;
        }),
      );
      const content = type === undefined ? shape : ['CAST(', shape, ` AS ${type})`];
      writer.write(typed.wrap ? typed.wrap(content) : content);
    },
    asking,
  );
  const marking = (operand: Expression): Fragment => ({
    mark: () => marked.set(writer.length, operand),
    inner: [MARK_OPEN, operand.fragment, ')'],
  });
  const restored = alternatives.map((one) => {
    const each = one.each ?? (({ fragment }): Fragment => fragment);
    one.each = (value, index) =>
      value.type === undefined ? each({ ...value, fragment: marking(value) }, index) : each(value, index);
    return () => (one.each = each);
  });
  writer.write(query);
  for (const restore of restored) restore();
  const step = writer.step();
  const plan = await typesOf(database, step.sql);
  if ('failed' in plan) throw redshiftError(plan.failed, sql, step);
  const { types, casts, narrowings, mismatches, mixed, lateral, unnests } = plan.answer;
  const offsets = byteOffsets(step.sql);
  const marks = new Map<Expression, string>();
  for (const [at, operand] of marked) {
    const type = typeAt(at, step.sql, (place) => types.get(offsets(place)));
    if (type !== undefined) marks.set(operand, type);
  }
  for (const [at, operand] of literals) marks.set(operand, casts.get(offsets(at)) ?? 'VARCHAR');
  const lost = unwritten(narrowings, step.sql);
  const mismatch = unwritten(mismatches, step.sql);
  const place = ({ at }: Narrowing): number | undefined => (at === undefined ? undefined : step.originalOffset(at));
  return {
    marks,
    lost: lost && (() => digitsLost(place(lost))),
    refusal: mismatch
      ? () => mismatched(mismatch, place(mismatch))
      : lateral && !unnests && BESIDE.test(sql) && !SYSTEM.test(sql)
        ? refersToNeighbour
        : undefined,
    mixed,
  };
}

interface Answer {
  readonly marks: ReadonlyMap<Expression, string>;
  /** Of a query whose values would lose digits. */
  readonly lost: (() => RedshiftError) | undefined;
  /** Of a query whose rows have no type in common, or that reads beside itself. */
  readonly refusal: (() => RedshiftError) | undefined;
  /** There may be such among what is chosen from. */
  readonly mixed: boolean;
}

/** Fails when it is computed. */
const UNKNOWN_TYPE = `CAST('rs:XX000:the type of an operand could not be found;' AS INTEGER)`;

/** A cast to the type there is already, and the key of what is no text, leave only their place behind. */
const VANISHING = ['CAST(', 'rs_key(', 'rs_distinct('] as const;

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

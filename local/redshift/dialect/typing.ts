import type { Expression, Fragment, Meeting, Resolution, Resolutions, Typed } from './fragment.ts';
import { Writer } from './fragment-writer.ts';
import { hasChoice, hasThirdForm, namesIn, typedIn } from './fragment-contents.ts';
import { nameOf } from './lexer.ts';
import { choicesIn, choosingOf, MIXES, sameWidenings, widenings, type Widenings } from './lost-digits.ts';
import { argumentsOnce } from './nested-calls.ts';
import { RedshiftError, SQLSTATE } from './redshift-error.ts';
import type { ListedColumn } from './listed-column.ts';
import type { Database, Step } from './translation.ts';
import { refuseMixed } from './type-categories.ts';
import { askOnce, type Answer, type Asked } from './type-question.ts';
import { borrow } from './typed-twins.ts';
import { beginningOf } from './walk-fragment.ts';

/** A DuckDB statement in the making. */
export interface Draft {
  readonly statement: Fragment;
  /** The part of it whose types can be asked for, if not the whole: all of its typed constructs are in it. */
  readonly query?: Fragment | undefined;
}

/** How the constructs of a statement are written. */
interface Known {
  readonly resolutions: Resolutions;
  readonly widenings: Widenings;
}

const NOTHING_WIDE: Widenings = new Map();

/** Fails when it is computed. */
const UNKNOWN_TYPE = `CAST('rs:XX000:the type of an operand could not be found;' AS INTEGER)`;

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
  const all = drafts.map((draft) => {
    const constructs = typedIn(draft.statement);
    const resolutions = resolved(constructs, new Map());
    return {
      draft,
      known: { resolutions, widenings: NOTHING_WIDE },
      open: constructs.some((typed) => !resolutions.has(typed)),
      mixes: MIXES.test(sql) && isQuery(draft),
    };
  });
  if (!all.some(({ open, mixes }) => open || mixes))
    return all.map(({ draft, known }) => write(draft.statement, known));
  return async (database) => {
    const steps: Step[] = [];
    for (const { draft, known, open, mixes } of all) {
      for (const typed of typedIn(draft.statement)) await typed.prepare?.(database);
      const wanted = open || (mixes && (await isMixed(draft, known.resolutions, database, sql)));
      steps.push(write(draft.statement, wanted ? await ask(draft, known.resolutions, database, sql) : known));
    }
    return steps;
  };
}

/** What the user has written a query of, or in; a text that is made here is none. */
function isQuery({ statement, query }: Draft): boolean {
  return (
    query !== undefined ||
    (typeof statement !== 'string' && /^(?:select\b|with\b|\()/i.test(beginningOf(statement) ?? ''))
  );
}

/**
 * Whether a query that no type has to be asked for puts types into one place that need a look. What is wrong with it otherwise it will say
 * when it runs.
 */
async function isMixed(draft: Draft, known: Resolutions, database: Database, sql: string): Promise<boolean> {
  const asked = { safe: false, widenings: undefined };
  const answer = await askOnce(draft.query ?? draft.statement, known, database, sql, asked).catch(() => undefined);
  return answer !== undefined && (answer.mixed || (answer.lost ?? answer.refusal) !== undefined);
}

/** One statement, its types asked for where need be. */
export async function finishWith(draft: Draft, database: Database, sql: string): Promise<Step> {
  const steps = finish([draft], sql);
  const [step] = typeof steps === 'function' ? await steps(database) : steps;
  return step as Step;
}

/** Writes a fragment down, its typed constructs as they were resolved; with the wide form beside it where there are two. */
function write(fragment: Fragment, known: Known): Step {
  const exact = writeBoth(fragment, known, false);
  const quick = hasChoice(fragment) ? writeBoth(fragment, known, true) : exact;
  return quick.sql === exact.sql ? exact : { ...exact, quick };
}

function writeBoth(fragment: Fragment, known: Known, quickly: boolean): Step {
  const fast = writeAs(fragment, known, true, quickly);
  return fast.narrowed ? { ...fast.step, wide: writeAs(fragment, known, false, quickly).step } : fast.step;
}

/** A construct made while another was resolved: a cast with a literal in it. */
function atOnce(typed: Typed): Resolution | undefined {
  const types = typed.operands.flatMap(({ type }) => (type === undefined ? [] : [type]));
  return types.length === typed.operands.length ? typed.resolve(types) : undefined;
}

function writeAs(
  fragment: Fragment,
  { resolutions, widenings }: Known,
  narrow: boolean,
  quickly: boolean,
): { readonly step: Step; readonly narrowed: boolean } {
  let aggregates = 0;
  let narrowed = false;
  const writing = (typed: Typed, writer: Writer): void => {
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
  };
  const writer = new Writer(
    quickly,
    writing,
    choosingOf(widenings, ({ fragment }) => fragment),
  );
  writer.write(fragment);
  return { step: argumentsOnce(writer.step()).step, narrowed };
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
  constructs: readonly Typed[],
  marks: ReadonlyMap<Expression, string>,
  refuse: (error: unknown) => void = (error) => {
    throw error;
  },
): Map<Typed, Resolution> {
  const resolutions = new Map<Typed, Resolution>();
  for (const typed of constructs) {
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

/** How a query is written to ask for types that are still lacking. */
type Form = Partial<Pick<Asked, 'safe' | 'asking' | 'varying'>>;

const THIRD_FORM: Form = { asking: true };

/** The second is for a NULL without a type. */
const VARYING_FORMS: readonly Form[] = [{ varying: true }, { varying: true, safe: true }];

/** Asks the database for types until they change no more: an inner query's types decide an outer one's. */
async function ask(draft: Draft, known: Resolutions, database: Database, sql: string): Promise<Known> {
  let resolutions = known;
  // A mark may hide once a cast is around it: what it said before holds.
  const marks = new Map<Expression, string>();
  const columns = new Map<Meeting, readonly (readonly ListedColumn[])[]>();
  let safe = false;
  let wide: Widenings | undefined;
  let lost: Answer['lost'];
  const asking = (more: Form = {}): Promise<Answer> =>
    askOnce(draft.query ?? draft.statement, resolutions, database, sql, { safe, widenings: wide, ...more });
  for (let round = 0; round < MAX_ROUNDS; round++) {
    let answer: Answer;
    try {
      answer = await asking();
    } catch (error) {
      // The query itself was bound: only what it chooses from could not be asked for.
      if (wide) {
        if (lost) throw lost();
        break;
      }
      // DuckDB has no such operator, Redshift may: TIMESTAMP - INTEGER.
      if (safe || !isOperatorMissing(error)) throw error;
      safe = true;
      // What is not there is so in any shape.
      answer = await asking().catch((other: unknown) => {
        throw isNameMissing(other) ? other : error;
      });
    }
    for (const [operand, type] of answer.marks) marks.set(operand, type);
    for (const [meeting, lists] of answer.columns) columns.set(meeting, lists);
    borrow(draft.statement, marks, answer.marks);
    for (const form of hasThirdForm(draft.statement) ? [THIRD_FORM, ...VARYING_FORMS] : VARYING_FORMS) {
      if (!isLacking(draft, resolutions, marks)) break;
      const more = await asking(form).catch(() => undefined);
      for (const [operand, type] of more?.marks ?? [])
        // Of a construct in a safe shape it says text.
        if (!marks.has(operand) && (!form.safe || typedIn(operand.fragment).length === 0)) marks.set(operand, type);
      borrow(draft.statement, marks, new Map([...answer.marks, ...(more?.marks ?? [])]), form === THIRD_FORM);
    }
    const refused: unknown[] = [];
    const next = resolved(typedIn(draft.statement), marks, (error) => refused.push(error));
    // A safe shape was text until it was resolved, whatever it is now.
    const changed = [...next].some(
      ([typed, { type }]) => resolutions.get(typed)?.type !== type || (safe && !resolutions.has(typed)),
    );
    resolutions = next;
    if (changed && (safe || round > 0 || !independent(draft, marks))) continue;
    if (refused.length > 0) throw refused[0];
    // Once columns are asked for, a NULL among them has a type.
    if (answer.refusal && wide === undefined) throw answer.refusal();
    lost = answer.lost;
    if (wide === undefined) {
      if (lost === undefined && !answer.mixed) break;
      // Now the types of what is chosen from are of interest, too.
      wide = NOTHING_WIDE;
    } else {
      const typeNow = (value: Expression): string | undefined => typeOf(value, resolutions, marks);
      const choices = choicesIn(draft.statement);
      refuseMixed(choices, typeNow);
      const wider = widenings(choices, { typeOf: typeNow, columnsOf: (meeting) => columns.get(meeting) ?? [] });
      const same = sameWidenings(wide, wider);
      wide = wider;
      if (!same) continue;
      if (lost) throw lost();
      break;
    }
  }
  return { resolutions, widenings: wide ?? NOTHING_WIDE };
}

/** Whether a type that is wanted is not known. */
function isLacking(draft: Draft, resolutions: Resolutions, marks: ReadonlyMap<Expression, string>): boolean {
  return typedIn(draft.statement).some(({ operands }) =>
    operands.some((operand) => typeOf(operand, resolutions, marks) === undefined),
  );
}

/** DuckDB has no such operator, or more than one that a literal would fit. */
function isOperatorMissing(error: unknown): boolean {
  return (
    error instanceof RedshiftError &&
    (error.code === SQLSTATE.undefinedFunction || error.code === SQLSTATE.ambiguousFunction)
  );
}

function isNameMissing(error: unknown): boolean {
  const { undefinedTable, undefinedColumn, ambiguousColumn } = SQLSTATE;
  return (
    error instanceof RedshiftError &&
    [undefinedTable, undefinedColumn, ambiguousColumn].some((code) => code === error.code)
  );
}

/**
 * Whether no operand asked for can have another type once the casts are in: one query level, no alias of its own list used in it, no
 * typed construct hidden in a function's argument. Most queries need to be asked about only once.
 */
function independent(draft: Draft, marks: ReadonlyMap<Expression, string>): boolean {
  const words = namesIn(draft.statement);
  if (words.filter(({ word }) => word === 'SELECT').length > 1) return false;
  const aliases = new Set(words.filter((_token, index) => words[index - 1]?.word === 'AS').map(nameOf));
  return [...marks.keys()].every(({ fragment }) => {
    const direct = typeof fragment === 'object' && 'operands' in fragment;
    return direct || (typedIn(fragment).length === 0 && !namesIn(fragment).some((token) => aliases.has(nameOf(token))));
  });
}

import { fieldName, ONCE } from './call-fields.ts';
import { macroSize } from './macro-sizes.ts';
import type { Step } from './translation.ts';

/**
 * Tokens by which the arguments of a call may grow when its macro is bound: a thousand take DuckDB ten milliseconds and more. A macro names its
 * argument several times, and each would hold the whole of what it is called with: five calls in one another were a million tokens. Of what
 * would grow more the arguments are made once, as the fields of a list's element. That takes about a microsecond a row: little beside what is
 * done with texts, much beside arithmetic.
 */
const LARGEST = 2_000;
const LARGEST_ARITHMETIC = 10_000;
const ARITHMETIC = /^rs_(?:float|exact)_/;

/** A text, a quoted name, a comment, a word, a number, or a sign. */
const TOKEN = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\/|[A-Za-z_]\w*|\d[\w.]*|:=|\s+|[^]/g;

const CALL = /\brs_\w+\(/;

/** Words of constants, which stay where they are: a function may want one, and knows then more of it. */
const CONSTANT = /^(?:cast|as|varchar|integer|bigint|double|boolean|date|timestamp|interval|null|true|false)$/i;

/** In an argument that is no value. */
const NO_VALUE = /^(?:distinct|order|lambda|:=|\*)$/i;

interface Argument {
  readonly start: number;
  end: number;
  weight: number;
  constant: boolean;
  value: boolean;
}

interface Frame {
  /** Of a call of a macro. */
  readonly call: { readonly name: string; readonly start: number } | undefined;
  readonly args: Argument[];
}

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** What was written anew, and where the places of one are in the other. */
interface Rewritten {
  readonly sql: string;
  readonly placeIn: (given: number) => number;
  readonly placeBefore: (now: number) => number;
}

/** A step with the arguments of nested calls made once, and where a place of it has gone. */
export function argumentsOnce(
  step: Step,
  fixed: readonly number[] = [],
): { readonly step: Step; readonly placeIn: (given: number) => number } {
  const rewritten = CALL.test(step.sql) ? rewrite(step.sql, fixed) : undefined;
  if (!rewritten) return { step, placeIn: (given) => given };
  const { sql, placeIn, placeBefore } = rewritten;
  return { step: { ...step, sql, originalOffset: (offset) => step.originalOffset(placeBefore(offset)) }, placeIn };
}

/** `fixed` are places that have to stay in an argument. */
function rewrite(sql: string, fixed: readonly number[]): Rewritten | undefined {
  const edits: Edit[] = [];
  const frames: Frame[] = [{ call: undefined, args: [argument(0)] }];
  let before: Frame['call'];
  for (const { 0: text, index: at } of sql.matchAll(TOKEN)) {
    const frame = frames.at(-1);
    const current = frame?.args.at(-1);
    if (!frame || !current) return undefined;
    if (text.startsWith('/*') && text.includes('/*', 2)) return undefined;
    if (/^\s|^--|^\/\*/.test(text)) continue;
    if ('([{'.includes(text)) {
      const call = text === '(' && before && /^rs_\w+$/.test(before.name) ? before : undefined;
      frames.push({ call, args: [argument(at + 1)] });
    } else if (')]}'.includes(text)) {
      const around = frames.at(-2)?.args.at(-1);
      if (!around) return undefined;
      frames.pop();
      current.end = at;
      close(sql, frame, around, fixed, edits);
    } else if (text === ',' && frames.length > 1) {
      current.end = at;
      frame.args.push(argument(at + 1));
    } else {
      current.weight++;
      current.constant &&= !/^["\w]/.test(text) || /^\d/.test(text) || CONSTANT.test(text);
      current.value &&= !NO_VALUE.test(text);
    }
    before = { name: text, start: at };
  }
  return edits.length === 0 || frames.length !== 1 ? undefined : apply(sql, edits);
}

function argument(start: number): Argument {
  return { start, end: start, weight: 0, constant: true, value: true };
}

/** Of a parenthesis: what its content adds to what it stands in, and the edits where it has become too much. */
function close(
  sql: string,
  { call, args: all }: Frame,
  around: Argument,
  fixed: readonly number[],
  edits: Edit[],
): void {
  const args = all.length === 1 && all[0]?.weight === 0 ? [] : all;
  const once = args.reduce((sum, { weight }) => sum + weight, 0);
  const macro = call && macroSize(call.name, args.length);
  around.constant &&= !call && args.every(({ constant }) => constant);
  if (!call || !macro) {
    around.weight += once + 1;
    return;
  }
  const again = args.reduce(
    (sum, { weight, constant }, index) => sum + (constant ? 0 : weight * ((macro.uses[index] ?? 1) - 1)),
    0,
  );
  const stays = ({ start, end }: Argument): boolean => fixed.some((place) => place >= start && place < end);
  const may = macro.plain && args.every((arg) => arg.value && !(arg.constant && stays(arg)));
  if (again <= (ARITHMETIC.test(call.name) ? LARGEST_ARITHMETIC : LARGEST) || !may) {
    around.weight += args.reduce((sum, { weight }, index) => sum + weight * (macro.uses[index] ?? 1), macro.size);
    return;
  }
  around.weight += once + macro.size;
  const [first] = args;
  const last = args.at(-1);
  if (!first || !last) return;
  edits.push({ at: call.start, removed: first.start - call.start, inserted: 'list_transform([{' });
  const given = args.map((arg, index) => {
    if (arg !== last) edits.push({ at: arg.end, removed: 1, inserted: '' });
    if (arg.constant) {
      edits.push({ at: arg.start, removed: arg.end - arg.start, inserted: '' });
      return sql.slice(arg.start, arg.end);
    }
    const comma = args.slice(0, index).some(({ constant }) => !constant) ? ',' : '';
    edits.push({ at: arg.start, removed: 0, inserted: `${comma}${fieldName(index)}:` });
    return `${ONCE}['${fieldName(index)}']`;
  });
  edits.push({ at: last.end, removed: 1, inserted: `}],lambda ${ONCE}:${call.name}(${given.join(',')}))[1]` });
}

function apply(sql: string, unordered: readonly Edit[]): Rewritten {
  // What is inserted before a call that is written anew itself comes first.
  const edits = unordered.toSorted((one, other) => one.at - other.at || one.removed - other.removed);
  const texts: string[] = [];
  let from = 0;
  for (const { at, removed, inserted } of edits) {
    texts.push(sql.slice(from, at), inserted);
    from = at + removed;
  }
  texts.push(sql.slice(from));
  return {
    sql: texts.join(''),
    placeIn: (given) => {
      let shift = 0;
      for (const { at, removed, inserted } of edits) {
        if (at + removed > given) break;
        shift += inserted.length - removed;
      }
      return given + shift;
    },
    placeBefore: (now) => {
      let shift = 0;
      for (const { at, removed, inserted } of edits) {
        if (at + shift > now) break;
        if (now < at + shift + inserted.length) return at + removed;
        shift += inserted.length - removed;
      }
      return now - shift;
    },
  };
}

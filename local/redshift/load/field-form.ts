import type { ColumnType } from './column-type.ts';
import type { CopyOptions } from './copy-options.ts';

/** Characters that may come next; the form goes on after them, ends the field there if it may, or both. */
export interface Step {
  readonly characters: string;
  readonly next: Form;
}

/** A regular form of a field's text, as a graph of its characters. */
export interface Form {
  /** Whether a field may end here. */
  readonly ends: boolean;
  readonly steps: readonly Step[];
}

const END: Form = { ends: true, steps: [] };
const DIGITS = '0123456789';
/** Enough for every number that is written out, too few to leave the range of a REAL. */
const MOST_WHOLE_DIGITS = 20;

/**
 * The texts of a column that DuckDB's own CSV reader converts to exactly the value that COPY gives them, or refuses: no sign but a minus,
 * no digit beyond the scale, no year before 1000, no blank. What else COPY takes is for the slower readers.
 * @returns undefined for types that DuckDB reads as text.
 */
export function fieldForm(type: ColumnType, options: Readonly<CopyOptions>): Form | undefined {
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return minus(someDigits(END));
    case 'decimal':
      return type.duckdb.startsWith('DECIMAL') ? minus(someDigits(point(upTo(type.scale, END)))) : undefined;
    case 'real':
      return minus(upToDigits(MOST_WHOLE_DIGITS, ending(point(someDigits(END)))));
    case 'double':
      return minus(upToDigits(MOST_WHOLE_DIGITS, ending(point(someDigits(exponent()), exponent()))));
    case 'boolean':
      return words(BOOLEANS);
    case 'date':
      return isStandard(options.dateFormat, 'YYYY-MM-DD') ? day(END) : undefined;
    case 'timestamp':
      return isStandard(options.timeFormat) ? day(ending(step('T ', clock()))) : undefined;
    case 'char':
    case 'varchar':
    case 'time':
    case 'timetz':
    case 'timestamptz':
    case 'super':
    case 'varbyte':
    case 'interval':
      return undefined;
  }
}

/** Words that are the same value to DuckDB; `on` and `off` are not. */
const BOOLEANS = ['t', 'f', 'T', 'F', 'y', 'n', 'Y', 'N', '1', '0', 'true', 'false', 'TRUE', 'FALSE', 'yes', 'no'];

function isStandard(format: string | undefined, own?: string): boolean {
  return format === undefined || format === 'auto' || format === own;
}

function step(characters: string, next: Form): Form {
  return { ends: false, steps: [{ characters, next }] };
}

/** What `form` is, or the end. */
function ending(form: Form): Form {
  return { ...form, ends: true };
}

function minus(form: Form): Form {
  return { ...form, steps: [...form.steps, { characters: '-', next: form }] };
}

/** One digit or more, then what `after` has. */
function someDigits(after: Form): Form {
  const more: { ends: boolean; steps: Step[] } = { ends: true, steps: [...after.steps] };
  more.steps.push({ characters: DIGITS, next: more });
  return step(DIGITS, more);
}

/** One digit or more, `most` of them at most, then what `after` has. */
function upToDigits(most: number, after: Form): Form {
  let form: Form = after;
  for (let left = most; left > 1; left--)
    form = { ends: true, steps: [{ characters: DIGITS, next: form }, ...after.steps] };
  return step(DIGITS, form);
}

/** A decimal point and its digits, or nothing, or one of the steps of `otherwise`. */
function point(digits: Form, otherwise: Form = END): Form {
  return { ends: true, steps: [{ characters: '.', next: digits }, ...otherwise.steps] };
}

/** Any number of digits up to `most`. */
function upTo(most: number, after: Form): Form {
  let form = after;
  for (let left = most; left > 0; left--) form = { ends: true, steps: [{ characters: DIGITS, next: form }] };
  return form;
}

/** Two digits at most: far from the range's end, whatever stands before. */
function exponent(): Form {
  const digits = upToDigits(2, END);
  return {
    ends: true,
    steps: [{ characters: 'eE', next: { ...digits, steps: [...digits.steps, { characters: '+-', next: digits }] } }],
  };
}

function words(list: readonly string[]): Form {
  const initials = [...new Set(list.map((word) => word.slice(0, 1)))].filter((initial) => initial !== '');
  return {
    ends: list.includes(''),
    steps: initials.map((initial) => ({
      characters: initial,
      next: words(list.filter((word) => word.startsWith(initial)).map((word) => word.slice(1))),
    })),
  };
}

/** Whether the day exists is DuckDB's to say. */
function day(after: Form): Form {
  const rest = [DIGITS, DIGITS, DIGITS, '-', '01', DIGITS, '-', '0123', DIGITS].reduceRight(
    (next, characters) => step(characters, next),
    after,
  );
  return step('123456789', rest);
}

/** `HH:MI`, `HH:MI:SS` or `HH:MI:SS.ssssss`. */
function clock(): Form {
  const fraction = step('.', step(DIGITS, upTo(5, END)));
  const seconds = step(':', step('012345', step(DIGITS, ending(fraction))));
  const minutes = step(':', step('012345', step(DIGITS, ending(seconds))));
  return {
    ends: false,
    steps: [
      { characters: '01', next: step(DIGITS, minutes) },
      { characters: '2', next: step('0123', minutes) },
    ],
  };
}

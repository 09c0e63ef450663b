import type { Group } from './token-tree.ts';
import type { Token } from './lexer.ts';
import type { Step } from './translation.ts';
import type { Expression, Typed } from './typed.ts';

/** A piece of DuckDB SQL in the making: new text, a token of the original as it is, or several of them. */
export type Fragment = string | Token | Typed | Mark | Chosen | Alternatives | Meeting | readonly Fragment[];

/** Tells where in the output its content begins. */
export interface Mark {
  readonly mark: () => void;
  readonly inner: Fragment;
}

/** Two ways to write the same: as the exact form of the statement has it, or the quick one. */
export interface Chosen {
  readonly choose: (quickly: boolean) => Fragment;
  /** How it is written to ask for types, where the quick form says too little: {@link Writer} says when. */
  readonly asked?: Fragment | undefined;
}

/** One of several values, as CASE and COALESCE give one. */
export interface Alternatives {
  /** CASE, COALESCE, … */
  readonly construct: string;
  readonly alternatives: readonly Expression[];
  readonly written: (values: readonly Fragment[]) => Fragment;
}

export function oneOf(
  construct: string,
  alternatives: readonly Expression[],
  written: Alternatives['written'],
): Alternatives {
  return { construct, alternatives, written };
}

/** Queries of one set operation: their columns become one type, each with those at its place. */
export interface Meeting {
  readonly queries: readonly Fragment[];
  /** Of the columns of the first; undefined where a star stands for some. */
  readonly names: readonly string[] | undefined;
  readonly united: (queries: readonly Fragment[]) => Fragment;
  /** So that no column is left out of it, whatever is read of it: how it is written to ask for types. */
  readonly whole: (queries: readonly Fragment[]) => Fragment;
}

/** What is written of one that chooses from several values, or puts several queries together. */
export type Choosing = (choice: Alternatives | Meeting) => Fragment;

const asWritten: Choosing = (choice) =>
  'united' in choice
    ? choice.united(choice.queries)
    : choice.written(choice.alternatives.map(({ fragment }) => fragment));

/** A piece of a fragment that is no list. */
export type Piece = Exclude<Fragment, readonly Fragment[]>;

/** The forms of what has several, of those that are looked at. */
type Forms = (chosen: Chosen) => readonly Fragment[];

const quickForm: Forms = ({ choose }) => [choose(true)];

/** Calls back for every piece of a fragment as it is shaped while types are not known, inner ones before what they are in. */
export function walk(fragment: Fragment, each: (piece: Piece) => void, forms: Forms = quickForm): void {
  if (isList(fragment)) {
    for (const part of fragment) walk(part, each, forms);
    return;
  }
  for (const part of partsOf(fragment, forms)) walk(part, each, forms);
  each(fragment);
}

function partsOf(piece: Piece, forms: Forms): readonly Fragment[] {
  if (typeof piece === 'string' || 'text' in piece) return [];
  if ('operands' in piece) {
    const operands = piece.operands.map(({ fragment }) => fragment);
    // What a clause asks the types of it need not write.
    return piece.clause ? [...operands, piece.shape(operands)] : [piece.shape(operands)];
  }
  if ('choose' in piece) return forms(piece);
  return ['mark' in piece ? piece.inner : asWritten(piece)];
}

function isList(fragment: Fragment): fragment is readonly Fragment[] {
  return Array.isArray(fragment);
}

/** `sql\`rs_left(${argument},2)\`` is a fragment. */
export function sql(texts: TemplateStringsArray, ...values: readonly Fragment[]): Fragment {
  return texts.flatMap((text, index) => {
    const value = values[index];
    return value === undefined ? [text] : [text, value];
  });
}

export function join(fragments: readonly Fragment[], separator: string): Fragment {
  return fragments.flatMap((fragment, index) => (index === 0 ? [fragment] : [separator, fragment]));
}

/** A group of the original around new content. */
export function within(group: Group, content: Fragment): Fragment {
  return [group.open, content, group.close ?? ''];
}

const WORD_END = /[\w"]$/;

/** As an editor or a web page leaves them in what is copied from it. */
const WIDE_SPACE = /[\u0080-\uffff]/g;

/** What may come behind a GROUP BY. */
const GROUP_ENDS = new Set(['HAVING', 'ORDER', 'LIMIT', 'QUALIFY', 'UNION', 'EXCEPT', 'INTERSECT', 'MINUS', 'WINDOW']);

/** Writes a fragment down, remembering where its tokens came from. */
export class Writer {
  readonly #texts: string[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  readonly #lengths: number[] = [];
  #length = 0;
  #depth = 0;
  /** How deep the GROUP BY that is being written is. */
  #grouping: number | undefined;
  #beginsItem = false;
  #afterGroup = false;
  readonly #typed: (typed: Typed, writer: Writer) => void;
  readonly #quickly: boolean;
  readonly #choosing: Choosing;
  readonly #asking: boolean;

  /** `asking` has what there is a third form of written in that. */
  constructor(
    quickly: boolean,
    typed: (typed: Typed, writer: Writer) => void,
    choosing: Choosing = asWritten,
    asking = false,
  ) {
    this.#quickly = quickly;
    this.#typed = typed;
    this.#choosing = choosing;
    this.#asking = asking;
  }

  /** Characters written so far. */
  get length(): number {
    return this.#length;
  }

  /** An expression written now is all there is between two commas of a GROUP BY, or the beginning of it. */
  get atGroupItem(): boolean {
    return this.#beginsItem;
  }

  write(fragment: Fragment): void {
    if (typeof fragment === 'string') {
      if (fragment.trim() !== '') this.#beginsItem = false;
      this.#text(fragment);
    } else if ('text' in fragment) {
      this.#follow(fragment);
      this.#from.push(this.#length);
      this.#to.push(fragment.at);
      this.#lengths.push(fragment.text.length);
      // DuckDB makes one byte of a space of several before it counts places.
      this.#text(fragment.type === 'space' ? fragment.text.replace(WIDE_SPACE, ' ') : fragment.text);
    } else if ('operands' in fragment) {
      this.#separate();
      this.#typed(fragment, this);
    } else if ('choose' in fragment)
      this.write((this.#asking ? fragment.asked : undefined) ?? fragment.choose(this.#quickly));
    else if ('alternatives' in fragment || 'united' in fragment) this.write(this.#choosing(fragment));
    else if ('mark' in fragment) {
      this.#separate();
      fragment.mark();
      this.write(fragment.inner);
    } else for (const part of fragment) this.write(part);
  }

  #follow({ type, text, word }: Token): void {
    if (type === 'space' || type === 'comment') return;
    if (text === '(') this.#depth++;
    if (text === ')') this.#depth--;
    const by = this.#afterGroup && word === 'BY';
    if (by) this.#grouping = this.#depth;
    else if (this.#grouping !== undefined && (this.#depth < this.#grouping || GROUP_ENDS.has(word)))
      this.#grouping = undefined;
    this.#beginsItem = by || (text === ',' && this.#grouping === this.#depth);
    this.#afterGroup = type === 'word' && word === 'GROUP';
  }

  step(): Step {
    const from = this.#from;
    const to = this.#to;
    const lengths = this.#lengths;
    return {
      sql: this.#texts.join(''),
      originalOffset: (offset) => {
        const index = from.findLastIndex((start) => start <= offset);
        const start = from[index];
        const origin = to[index];
        if (start === undefined || origin === undefined) return to[0] ?? 0;
        const within = offset - start;
        // New text belongs to what comes next, unless nothing does.
        return within < (lengths[index] ?? 0) ? origin + within : (to[index + 1] ?? origin);
      },
    };
  }

  /** A parenthesis may stand right behind a word, and what becomes of it begin with one: `having(a / b) > 1`. */
  #separate(): void {
    if (WORD_END.test(this.#texts.at(-1) ?? '')) this.#text(' ');
  }

  #text(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
  }
}

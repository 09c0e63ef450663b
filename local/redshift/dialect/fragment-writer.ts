import type { Fragment, Typed } from './fragment.ts';
import type { Token } from './lexer.ts';
import type { Step } from './translation.ts';
import { asWritten, type Choosing } from './walk-fragment.ts';

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

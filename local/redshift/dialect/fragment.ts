import type { Group } from './token-tree.ts';
import type { Token } from './lexer.ts';
import type { Step } from './translation.ts';
import type { Typed } from './typed.ts';

/** A piece of DuckDB SQL in the making: new text, a token of the original as it is, or several of them. */
export type Fragment = string | Token | Typed | readonly Fragment[];

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

/** Writes a fragment down, remembering where its tokens came from. */
export class Writer {
  readonly #texts: string[] = [];
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  #length = 0;
  readonly #typed: (typed: Typed, writer: Writer) => void;

  constructor(typed: (typed: Typed, writer: Writer) => void) {
    this.#typed = typed;
  }

  /** Characters written so far. */
  get length(): number {
    return this.#length;
  }

  write(fragment: Fragment): void {
    if (typeof fragment === 'string') this.#text(fragment);
    else if ('text' in fragment) {
      this.#from.push(this.#length);
      this.#to.push(fragment.at);
      this.#text(fragment.text);
    } else if ('operands' in fragment) this.#typed(fragment, this);
    else for (const part of fragment) this.write(part);
  }

  step(): Step {
    const from = this.#from;
    const to = this.#to;
    return {
      sql: this.#texts.join(''),
      originalOffset: (offset) => {
        const index = from.findLastIndex((start) => start <= offset);
        const start = from[index];
        const origin = to[index];
        return start === undefined || origin === undefined ? 0 : origin + offset - start;
      },
    };
  }

  #text(text: string): void {
    this.#texts.push(text);
    this.#length += text.length;
  }
}

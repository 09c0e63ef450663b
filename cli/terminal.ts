import { fit } from './text-width.ts';

/** Data goes to stdout, talk to stderr; progress is drawn only where somebody watches. */
export interface Terminal {
  readonly json: boolean;
  /** Whether stderr is a terminal: progress may be redrawn in place. */
  readonly live: boolean;
  /** Data, for people. Left out with --json. */
  print(text: string): void;
  /** Data, for programs. The only thing on stdout with --json. */
  data(value: unknown): void;
  /** Talk: what is going on, what went wrong. */
  say(text: string): void;
  /** Redraws the progress block below what was said; an empty list removes it. Does nothing where nobody watches. */
  draw(lines: readonly string[]): void;
}

export interface Streams {
  readonly out: { write(text: string): unknown };
  readonly talk: {
    write(text: string): unknown;
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
}

/** A terminal that does not say how large it is. */
const ORDINARY = { columns: 80, rows: 24 };

export function createTerminal({ out, talk }: Streams, options: { readonly json: boolean }): Terminal {
  const live = talk.isTTY === true && !options.json;
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) talk.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  return {
    json: options.json,
    live,
    print: (text) => {
      erase();
      if (!options.json) out.write(`${text}\n`);
    },
    data: (value) => {
      if (options.json) out.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
    say: (text) => {
      erase();
      talk.write(`${text}\n`);
    },
    draw: (lines) => {
      if (!live) return;
      erase();
      // Asked each time: windows change. A block higher than the window could not be erased.
      const columns = talk.columns || ORDINARY.columns;
      const shown = lines.slice(0, Math.max(1, (talk.rows || ORDINARY.rows) - 1));
      for (const line of shown) talk.write(`${fit(line, columns - 1)}\n`);
      drawn = shown.length;
    },
  };
}

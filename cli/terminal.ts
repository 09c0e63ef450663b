import { stripVTControlCharacters } from 'node:util';

/** Data goes to stdout, talk to stderr; progress is drawn only where somebody watches. */
export interface Terminal {
  readonly json: boolean;
  /** Whether stderr is a terminal: progress may be redrawn in place. */
  readonly live: boolean;
  readonly columns: number;
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
  readonly talk: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
}

export function createTerminal({ out, talk }: Streams, options: { readonly json: boolean }): Terminal {
  const live = talk.isTTY === true && !options.json;
  const columns = talk.columns ?? 100;
  let drawn = 0;
  const erase = (): void => {
    if (drawn > 0) talk.write(`\u001b[${drawn}A\u001b[0J`);
    drawn = 0;
  };
  return {
    json: options.json,
    live,
    columns,
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
      for (const line of lines) talk.write(`${fit(line, columns - 1)}\n`);
      drawn = lines.length;
    },
  };
}

/** Cuts a line to the terminal's width, so that a redraw never scrolls. Colours count nothing. */
function fit(line: string, width: number): string {
  return stripVTControlCharacters(line).length <= width
    ? line
    : `${stripVTControlCharacters(line).slice(0, width - 1)}…`;
}

/** Text from outside (file names, error messages) cannot move the cursor or colour the terminal. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is removed
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd');
}

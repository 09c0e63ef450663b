import type { FileInspector } from './file-inspector.ts';

/** What a file's lines look like: DuckDB's reader skips empty lines and takes a lone carriage return for a line break. */
export interface LineSurvey {
  /** An empty line somewhere, or one that looks like it. */
  readonly emptyLine: boolean;
  /** Line feeds only, or `\r\n` only. */
  readonly regular: boolean;
  /** Undefined where they were not counted, or where a quotation mark says that a line may not be a record. */
  readonly lines: number | undefined;
}

export interface SurveyOptions {
  /** Whether lines are counted. */
  readonly counting: boolean;
  /** CSV's quotation mark. */
  readonly quote: string | undefined;
}

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

export class LineSurveyor implements FileInspector<LineSurvey> {
  readonly #options: SurveyOptions;
  #last = LINE_FEED;
  #lineFeeds = 0;
  #returns = 0;
  #pairs = 0;
  #emptyLine = false;
  #quoted = false;
  /** Whether every line feed so far was counted. */
  #counted = true;

  constructor(options: SurveyOptions) {
    this.#options = options;
  }

  take(chunk: Buffer): boolean {
    const { counting, quote } = this.#options;
    const returns = count(chunk, CARRIAGE_RETURN);
    if (this.#last === LINE_FEED && (chunk[0] === LINE_FEED || chunk[0] === CARRIAGE_RETURN)) this.#emptyLine = true;
    // Its line feed may come with the next chunk; if it does not, the file is irregular anyway.
    if (chunk.at(-1) === CARRIAGE_RETURN && (chunk.at(-2) ?? this.#last) === LINE_FEED) this.#emptyLine = true;
    this.#emptyLine ||= chunk.includes('\n\n') || (returns > 0 && chunk.includes('\n\r\n'));
    this.#quoted ||= quote !== undefined && chunk.includes(quote);
    this.#returns += returns;
    if (returns > 0) this.#pairs += pairs(chunk);
    if (this.#last === CARRIAGE_RETURN && chunk[0] === LINE_FEED) this.#pairs++;
    // Without carriage returns there is nothing to compare line feeds with.
    if (counting || this.#returns > 0) this.#lineFeeds += count(chunk, LINE_FEED);
    else this.#counted = false;
    this.#last = chunk.at(-1) ?? this.#last;
    return true;
  }

  end(): LineSurvey {
    const pure = this.#returns === 0;
    const regular = pure || (this.#counted && this.#returns === this.#pairs && this.#pairs === this.#lineFeeds);
    const lines = this.#lineFeeds + (this.#last === LINE_FEED ? 0 : 1);
    return { emptyLine: this.#emptyLine, regular, lines: this.#options.counting && !this.#quoted ? lines : undefined };
  }
}

/** Searching for a byte is several times as fast as for a text of one character. */
function count(chunk: Buffer, byte: number): number {
  let found = 0;
  for (let at = chunk.indexOf(byte); at >= 0; at = chunk.indexOf(byte, at + 1)) found++;
  return found;
}

function pairs(chunk: Buffer): number {
  let found = 0;
  for (let at = chunk.indexOf(CARRIAGE_RETURN); at >= 0; at = chunk.indexOf(CARRIAGE_RETURN, at + 1))
    if (chunk[at + 1] === LINE_FEED) found++;
  return found;
}

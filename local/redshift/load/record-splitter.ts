/** Text of a file, one character a byte, cut into records. */
export interface RawRecord {
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Without its line break. */
  readonly text: string;
  /** The file ended before the record did: an open quotation mark. */
  readonly open: boolean;
}

/** Where the record that starts at `from` ends: the index of its line feed, or -1 where the text does not hold it. */
type FindEnd = (text: string, from: number) => number;

/** Rows are 4 MB at most. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html#r_COPY-syntax-overview-data-source */
export const LARGEST_ROW_BYTES = 4 * 1024 * 1024;

/** Cuts chunks of any size into records; `\r\n` counts as `\n`. */
export class RecordSplitter {
  readonly #findEnd: FindEnd;
  #skip: number;
  #line = 1;
  #pending = '';

  /** `skip` lines at the start are a header. */
  constructor(findEnd: FindEnd, skip: number) {
    this.#findEnd = findEnd;
    this.#skip = skip;
  }

  *push(chunk: string): Generator<RawRecord> {
    const text = this.#pending + chunk;
    let from = 0;
    while (this.#skip > 0) {
      const end = text.indexOf('\n', from);
      if (end < 0) break;
      from = end + 1;
      this.#skip--;
      this.#line++;
    }
    if (this.#skip === 0) {
      for (let end = this.#findEnd(text, from); end >= 0; end = this.#findEnd(text, from)) {
        yield this.#record(text, from, end, false);
        from = end + 1;
      }
    }
    this.#pending = text.slice(from);
  }

  *end(): Generator<RawRecord> {
    if (this.#skip > 0 || this.#pending === '') return;
    yield this.#record(this.#pending, 0, this.#pending.length, true);
  }

  #record(text: string, from: number, end: number, open: boolean): RawRecord {
    const cut = text.codePointAt(end - 1) === CARRIAGE_RETURN && end > from ? end - 1 : end;
    const record = { line: this.#line, text: text.slice(from, cut), open };
    this.#line++;
    for (let at = record.text.indexOf('\n'); at >= 0; at = record.text.indexOf('\n', at + 1)) this.#line++;
    return record;
  }
}

const CARRIAGE_RETURN = 13;
const BACKSLASH = 92;

/** One record a line. */
export const lineEnd: FindEnd = (text, from) => text.indexOf('\n', from);

/** With ESCAPE a line feed after a backslash belongs to the record. */
export const escapedLineEnd: FindEnd = (text, from) => {
  let end = text.indexOf('\n', from);
  while (end >= 0) {
    let backslashes = 0;
    let before = text.codePointAt(end - 1) === CARRIAGE_RETURN ? end - 2 : end - 1;
    while (before >= from && text.codePointAt(before) === BACKSLASH) {
      backslashes++;
      before--;
    }
    if (backslashes % 2 === 0) break;
    end = text.indexOf('\n', end + 1);
  }
  return end;
};

/** In CSV a line feed between quotation marks belongs to the field. */
export function csvEnd(delimiter: string, quote: string): FindEnd {
  return (text, from) => {
    let at = from;
    for (;;) {
      // At a field's start.
      while (isSpace(text[at]) && text[at] !== delimiter[0]) at++;
      if (text[at] === quote) {
        at = closingQuote(text, at, quote);
        if (at < 0) return -1;
      }
      const end = text.indexOf('\n', at);
      const next = text.indexOf(delimiter, at);
      if (next < 0 || (end >= 0 && end < next)) return end;
      at = next + delimiter.length;
    }
  };
}

/** The index after the quotation mark that closes the one at `at`; doubled ones do not close. -1 where none does. */
export function closingQuote(text: string, at: number, quote: string): number {
  let close = text.indexOf(quote, at + 1);
  while (close >= 0 && text[close + 1] === quote) close = text.indexOf(quote, close + 2);
  return close < 0 ? -1 : close + 1;
}

export function isSpace(character: string | undefined): boolean {
  return character === ' ' || character === '\t';
}

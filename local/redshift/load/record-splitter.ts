/** Text of a file, one character a byte, cut into records. */
export interface RawRecord {
  /** The line it begins on, from 1. */
  readonly line: number;
  /** Without its line break. */
  readonly text: string;
  /** The file ended before the record did: an open quotation mark. */
  readonly open: boolean;
}

/** How records end in a format. */
export interface RecordEnds {
  /** Where the record that starts at `from` ends: the index of its line feed, or -1 where the text does not hold it. */
  readonly find: (text: string, from: number) => number;
  /** The same for the pieces of a record that began with `begun` and is too long to be kept. */
  readonly follow: (begun: string) => (piece: string) => number;
}

/** Rows are 4 MB at most. https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html#r_COPY-syntax-overview-data-source */
export const LARGEST_ROW_BYTES = 4 * 1024 * 1024;

/** Cuts chunks of any size into records; `\r\n` counts as `\n`. */
export class RecordSplitter {
  readonly #ends: RecordEnds;
  #skip: number;
  #line = 1;
  #pending = '';
  /** Finds the end of a record that is too long. */
  #follow: ((piece: string) => number) | undefined;

  /** `skip` records at the start are a header. */
  constructor(ends: RecordEnds, skip: number) {
    this.#ends = ends;
    this.#skip = skip;
  }

  /** Of a record larger than a row may be only so much is given as shows that. */
  *push(chunk: string): Generator<RawRecord> {
    const text = this.#pending + this.#afterLong(chunk);
    let from = 0;
    while (this.#skip > 0) {
      const end = this.#ends.find(text, from);
      if (end < 0) break;
      this.#line += 1 + linesIn(text.slice(from, end));
      from = end + 1;
      this.#skip--;
    }
    if (this.#skip === 0) {
      for (let end = this.#ends.find(text, from); end >= 0; end = this.#ends.find(text, from)) {
        yield this.#record(text, from, end, false);
        from = end + 1;
      }
    }
    this.#pending = text.slice(from);
    if (this.#pending.length <= LARGEST_ROW_BYTES + '\r'.length) return;
    if (this.#skip > 0) this.#skip--;
    else yield { line: this.#line, text: this.#pending.slice(0, LARGEST_ROW_BYTES + 1), open: false };
    this.#follow = this.#ends.follow(this.#pending);
    this.#line += linesIn(this.#pending);
    this.#pending = '';
  }

  /** What of a chunk comes after the record that was too long. */
  #afterLong(chunk: string): string {
    if (!this.#follow) return chunk;
    const end = this.#follow(chunk);
    this.#line += linesIn(end < 0 ? chunk : chunk.slice(0, end + 1));
    if (end < 0) return '';
    this.#follow = undefined;
    return chunk.slice(end + 1);
  }

  *end(): Generator<RawRecord> {
    if (this.#skip > 0 || this.#pending === '') return;
    yield this.#record(this.#pending, 0, this.#pending.length, true);
  }

  #record(text: string, from: number, end: number, open: boolean): RawRecord {
    const cut = text.codePointAt(end - 1) === CARRIAGE_RETURN && end > from ? end - 1 : end;
    const record = { line: this.#line, text: text.slice(from, cut), open };
    this.#line += 1 + linesIn(record.text);
    return record;
  }
}

/** Line feeds in a text. */
function linesIn(text: string): number {
  let lines = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

const CARRIAGE_RETURN = 13;
const BACKSLASH = 92;

/** One record a line. */
export const lines: RecordEnds = {
  find: (text, from) => text.indexOf('\n', from),
  follow: () => (piece) => piece.indexOf('\n'),
};

/** With ESCAPE a line feed after a backslash belongs to the record. */
export const escapedLines: RecordEnds = {
  find: escapedLineEnd,
  follow: (begun) => {
    let tail = backslashesAtEnd(begun);
    return (piece) => {
      const text = tail + piece;
      const end = escapedLineEnd(text, 0);
      const before = tail.length;
      tail = backslashesAtEnd(text);
      return end < 0 ? -1 : end - before;
    };
  },
};

function escapedLineEnd(text: string, from: number): number {
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
}

/** Backslashes, and a carriage return after them: what says whether a line feed that comes next is escaped. */
function backslashesAtEnd(text: string): string {
  let start = text.endsWith('\r') ? text.length - 1 : text.length;
  while (text.codePointAt(start - 1) === BACKSLASH) start--;
  return text.slice(start);
}

/** In CSV a line feed between quotation marks belongs to the field. */
export function csvRecords(delimiter: string, quote: string): RecordEnds {
  return {
    find: (text, from) => {
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
    },
    follow: (begun) => {
      let inside = false;
      const endOf = (piece: string): number => {
        for (let at = 0; ; at++) {
          const mark = piece.indexOf(quote, at);
          const end = inside ? -1 : piece.indexOf('\n', at);
          if (end >= 0 && (mark < 0 || end < mark)) return end;
          if (mark < 0) return -1;
          inside = !inside;
          at = mark;
        }
      };
      endOf(begun.replaceAll('\n', ' '));
      return endOf;
    },
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

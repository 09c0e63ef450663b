import { Buffer } from 'node:buffer';
import type { CopyOptions } from './copy-options.ts';
import { fieldForm, type Form } from './field-form.ts';
import type { FileInspector } from './file-inspector.ts';
import type { TargetColumn } from './target-column.ts';

/** What a file turned out to be: so many records, each as {@link PlainRecords} wants them, or not all of them so. */
export type PlainVerdict = { readonly plain: true; readonly records: number } | { readonly plain: false };

/** A table of transitions: the next state by state and byte. A state's number is the place where its 256 entries begin. */
interface Automaton {
  readonly table: Uint32Array;
  readonly delimiter: number;
}

/** The first state: a record begins. Whoever is in the second never leaves it. */
const START = 0;
const LOST = 256;

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
/** A table of more states than this costs more than it saves. */
const MOST_STATES = 8192;

/** Which fields DuckDB's reader takes for null: those that say so, or empty ones, too. It knows one rule for all columns. */
export type PlainNulls = 'named' | 'empty';

/** Records whose fields DuckDB's own reader takes as COPY does, for lines that end in `\n` and in `\r\n`. */
export interface PlainRecords {
  readonly inspect: () => FileInspector<PlainVerdict>;
}

/**
 * With `empty` nulls no text may be what NULL AS names: the reader would make it an empty text. With `named` ones no other field may be
 * empty.
 * @returns undefined where the table would be too large.
 */
export function plainRecords(
  columns: readonly TargetColumn[],
  options: Readonly<CopyOptions>,
  nulls: PlainNulls,
): PlainRecords | undefined {
  const rules = { options, nulls };
  const lineFeed = automaton(columns, rules, false);
  if (!lineFeed) return undefined;
  let pair: Automaton | undefined;
  const withPairs = (): Automaton => (pair ??= automaton(columns, rules, true) ?? lineFeed);
  const quote = options.format === 'csv' ? options.quote.codePointAt(0) : undefined;
  return { inspect: () => new PlainInspector(lineFeed, withPairs, options.ignoreHeader, quote) };
}

class PlainInspector implements FileInspector<PlainVerdict> {
  readonly #lineFeed: Automaton;
  readonly #withPairs: () => Automaton;
  readonly #quote: number | undefined;
  #automaton: Automaton | undefined;
  #skipping: number;
  #state = START;
  #records = 0;

  constructor(lineFeed: Automaton, withPairs: () => Automaton, skipping: number, quote: number | undefined) {
    this.#lineFeed = lineFeed;
    this.#withPairs = withPairs;
    this.#skipping = skipping;
    this.#quote = quote;
  }

  take(chunk: Buffer): boolean {
    if (this.#state === LOST) return false;
    // The first line says how lines end.
    this.#automaton ??= endsInPair(chunk) ? this.#withPairs() : this.#lineFeed;
    const rest = this.#skipping > 0 ? this.#skip(chunk) : chunk;
    if (rest.length > 0) this.#follow(this.#automaton, rest);
    return this.#state !== LOST;
  }

  end(): PlainVerdict {
    const { table } = this.#automaton ?? this.#lineFeed;
    if (this.#state !== START) {
      const pair = this.#automaton !== undefined && this.#automaton !== this.#lineFeed;
      for (const byte of pair ? [CARRIAGE_RETURN, LINE_FEED] : [LINE_FEED])
        this.#state = table[this.#state + byte] ?? LOST;
      this.#records++;
    }
    return this.#state === START ? { plain: true, records: this.#records } : { plain: false };
  }

  /** Leaves out header lines. */
  #skip(chunk: Buffer): Buffer {
    let at = 0;
    while (this.#skipping > 0) {
      const end = chunk.indexOf(LINE_FEED, at);
      if (end < 0) break;
      at = end + 1;
      this.#skipping--;
    }
    const skipped = chunk.subarray(0, this.#skipping > 0 ? chunk.length : at);
    // A line of a quoted header may be none.
    if (this.#quote !== undefined && skipped.includes(this.#quote)) this.#state = LOST;
    return chunk.subarray(skipped.length);
  }

  /** Records are looked at four at a time where no line feed is part of a field: each step has to wait for the one before it. */
  #follow({ table }: Automaton, chunk: Buffer): void {
    const quoted = this.#quote !== undefined && (this.#inQuotes(table) || chunk.includes(this.#quote));
    const starts = quoted ? undefined : quarters(chunk);
    if (!starts) {
      this.#one(table, chunk, this.#state, 0, chunk.length);
      return;
    }
    const [second, third, fourth] = starts;
    const length = Math.min(second, third - second, fourth - third, chunk.length - fourth);
    let one = this.#state;
    let two = START;
    let three = START;
    let four = START;
    let records = 0;
    for (let at = 0; at < length; at++) {
      one = table[one + (chunk[at] ?? 0)] ?? LOST;
      two = table[two + (chunk[second + at] ?? 0)] ?? LOST;
      three = table[three + (chunk[third + at] ?? 0)] ?? LOST;
      four = table[four + (chunk[fourth + at] ?? 0)] ?? LOST;
      if (one === START) records++;
      if (two === START) records++;
      if (three === START) records++;
      if (four === START) records++;
    }
    this.#records += records;
    // Each quarter but the last ends where a record does.
    for (const [state, from, to] of [
      [one, length, second],
      [two, second + length, third],
      [three, third + length, fourth],
    ] as const)
      if (this.#one(table, chunk, state, from, to) !== START) {
        this.#state = LOST;
        return;
      }
    this.#one(table, chunk, four, fourth + length, chunk.length);
  }

  #one(table: Uint32Array, chunk: Buffer, from: number, start: number, end: number): number {
    let state = from;
    let records = 0;
    for (let at = start; at < end; at++) {
      state = table[state + (chunk[at] ?? 0)] ?? LOST;
      if (state === START) records++;
    }
    this.#records += records;
    this.#state = state;
    return state;
  }

  /** Inside quotation marks a delimiter ends nothing. */
  #inQuotes(table: Uint32Array): boolean {
    const { delimiter } = this.#automaton ?? this.#lineFeed;
    return this.#state !== LOST && table[this.#state + delimiter] === this.#state;
  }
}

function endsInPair(chunk: Buffer): boolean {
  const at = chunk.indexOf(LINE_FEED);
  return at > 0 && chunk[at - 1] === CARRIAGE_RETURN;
}

/** Where lines begin after each quarter of the chunk; undefined where it has too few lines for that. */
function quarters(chunk: Buffer): readonly [number, number, number] | undefined {
  const second = chunk.indexOf(LINE_FEED, chunk.length >> 2) + 1;
  const third = chunk.indexOf(LINE_FEED, Math.max(second, chunk.length >> 1)) + 1;
  const fourth = chunk.indexOf(LINE_FEED, Math.max(third, (chunk.length >> 2) * 3)) + 1;
  return second > 0 && third > second && fourth > third ? [second, third, fourth] : undefined;
}

/** States are numbered as they come up; `entries` holds what leads from each to which other. */
class Builder {
  readonly entries: Map<number, number>[] = [new Map(), new Map()];

  add(): number {
    this.entries.push(new Map());
    return this.entries.length - 1;
  }

  on(state: number, bytes: Iterable<number>, next: number): void {
    for (const byte of bytes) this.entries[state]?.set(byte, next);
  }

  has(state: number, byte: number): boolean {
    return this.entries[state]?.has(byte) === true;
  }
}

interface Rules {
  readonly options: Readonly<CopyOptions>;
  readonly nulls: PlainNulls;
}

/** Makes a state one that a field may end in. */
type End = (state: number) => void;

/** The automaton of whole records; every byte without a transition leads to {@link LOST}. */
function automaton(columns: readonly TargetColumn[], rules: Rules, pairs: boolean): Automaton | undefined {
  const builder = new Builder();
  const delimiter = byteOf(rules.options.delimiter);
  let start = 0;
  for (const [index, { type }] of columns.entries()) {
    const last = index === columns.length - 1;
    const next = last ? 0 : builder.add();
    const lineEnd = (): number => {
      if (!pairs) return 0;
      const between = builder.add();
      builder.on(between, [LINE_FEED], 0);
      return between;
    };
    const [endByte, after] = last ? [pairs ? CARRIAGE_RETURN : LINE_FEED, lineEnd()] : [delimiter, next];
    const end: End = (state) => {
      // An empty line is no record.
      if (state !== 0 || !last) builder.on(state, [endByte], after);
    };
    const form = fieldForm(type, rules.options);
    if (form) addValue(builder, start, form, rules, end);
    else addText(builder, start, rules, pairs, end);
    if (builder.entries.length > MOST_STATES) return undefined;
    start = next;
  }
  const table = new Uint32Array(builder.entries.length * 256).fill(LOST);
  for (const [state, entries] of builder.entries.entries())
    for (const [byte, next] of entries) table[state * 256 + byte] = next * 256;
  return { table, delimiter };
}

function byteOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

/** A value of a form, or null; in CSV between quotation marks, too. */
function addValue(builder: Builder, start: number, form: Form, { options, nulls }: Rules, end: End): void {
  const addEither = (state: number, end: End): void => {
    addForm(builder, state, form, end);
    addNull(builder, state, options.nullAs, end);
    if (nulls === 'empty' || options.nullAs === '') end(state);
  };
  addEither(start, end);
  if (options.format !== 'csv') return;
  const [inside, closed] = [builder.add(), builder.add()];
  builder.on(start, [byteOf(options.quote)], inside);
  addEither(inside, (state) => builder.on(state, [byteOf(options.quote)], closed));
  end(closed);
}

function addForm(builder: Builder, start: number, form: Form, end: End): void {
  const known = new Map<Form, number>();
  const place = (form: Form, state: number): void => {
    known.set(form, state);
    if (form.ends) end(state);
    for (const { characters, next } of form.steps) {
      const at = known.get(next) ?? builder.add();
      builder.on(state, Buffer.from(characters), at);
      if (!known.has(next)) place(next, at);
    }
  };
  place(form, start);
}

/** Where the text for null could be the beginning of a value, it is one of those or nobody vouches for it. */
function addNull(builder: Builder, start: number, nullAs: string, end: End): void {
  const bytes = Buffer.from(nullAs);
  if (bytes.length === 0 || builder.has(start, bytes[0] ?? 0)) return;
  let state = start;
  for (const byte of bytes) {
    const next = builder.add();
    builder.on(state, [byte], next);
    state = next;
  }
  end(state);
}

/** Any text; in CSV between quotation marks, or without any. */
function addText(builder: Builder, start: number, { options, nulls }: Rules, pairs: boolean, end: End): void {
  const quote = options.format === 'csv' ? byteOf(options.quote) : undefined;
  const forbidden = nulls === 'empty' ? options.nullAs : '';
  const all = Array.from({ length: 256 }, (_each, byte) => byte).filter((byte) => byte !== CARRIAGE_RETURN);
  const bare = all.filter((byte) => byte !== LINE_FEED && byte !== quote && byte !== byteOf(options.delimiter));
  addTextBut(builder, start, builder.add(), bare, forbidden, end);
  if (quote === undefined) return;
  const [inside, closed] = [builder.add(), builder.add()];
  const close: End = (state) => builder.on(state, [quote], closed);
  builder.on(start, [quote], inside);
  const enclosed = all.filter((byte) => byte !== quote && !(pairs && byte === LINE_FEED));
  const text = forbidden === '' ? inside : builder.add();
  addTextBut(builder, inside, text, enclosed, forbidden, close);
  // Two marks are one.
  builder.on(closed, [quote], text);
  end(closed);
}

/** Any text of `bytes`, followed from `start` on and then in `text`; but not `forbidden`. */
function addTextBut(
  builder: Builder,
  start: number,
  text: number,
  bytes: readonly number[],
  forbidden: string,
  end: End,
): void {
  builder.on(text, bytes, text);
  end(text);
  let state = start;
  for (const byte of Buffer.from(forbidden)) {
    builder.on(state, bytes, text);
    end(state);
    if (!bytes.includes(byte)) return;
    const next = builder.add();
    builder.on(state, [byte], next);
    state = next;
  }
  builder.on(state, bytes, text);
  if (forbidden === '') end(state);
}

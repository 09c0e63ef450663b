import { Buffer, isUtf8 } from 'node:buffer';
import type { ReadingOptions } from './reading.ts';
import type { Fields } from './field-splitter.ts';
import { LARGEST_ROW_BYTES } from './record-splitter.ts';
import { fieldsByName, fieldsByPath, keepNumbers, type Lookup } from './json-fields.ts';
import { LOAD_ERROR, reject } from './load-error.ts';
import { invalidUtf8, replaceInvalid } from './invalid-utf8.ts';
import type { SourceRecord } from './reading.ts';

/**
 * The objects (or arrays) of a JSON file, one after the other, whatever stands between them as white space.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-json.html
 */
export async function* jsonRecords(
  chunks: AsyncIterable<Buffer>,
  reading: ReadingOptions,
): AsyncGenerator<SourceRecord> {
  const parse = parserOf(reading);
  const cutter = new JsonCutter(reading.statement.options.ignoreHeader);
  for await (const chunk of chunks)
    for (const piece of cutter.push(chunk.toString('latin1'))) yield record(piece, parse);
  const rest = cutter.rest();
  if (rest) yield record(rest, parse);
}

/** From a record's bytes to its fields. */
type Parse = (bytes: string) => Fields;

function parserOf(reading: ReadingOptions): Parse {
  const lookup = lookupOf(reading);
  const { acceptInvalidChars } = reading.statement.options;
  return (bytes) => {
    if (bytes.length > LARGEST_ROW_BYTES) return reject(LOAD_ERROR.line, 'JSON object is larger than 4 MB');
    const buffer = Buffer.from(bytes, 'latin1');
    if (isUtf8(buffer)) return parse(buffer.toString('utf8'), lookup);
    if (acceptInvalidChars === undefined) return invalidUtf8(bytes);
    return parse(Buffer.from(replaceInvalid(bytes, acceptInvalidChars), 'latin1').toString('utf8'), lookup);
  };
}

function lookupOf({ paths, columns, statement }: ReadingOptions): Lookup {
  const { options } = statement;
  if (paths) return fieldsByPath(paths, columns);
  if (options.paths.toLowerCase() === 'noshred') return (_value, text) => [text];
  return fieldsByName(columns, options.paths.toLowerCase() === 'auto ignorecase');
}

interface Piece {
  /** The last line of it, from 1. */
  readonly line: number;
  readonly text: string;
}

function record({ line, text }: Piece, parse: Parse): SourceRecord {
  return { line, raw: text, fields: parse(text) };
}

function parse(text: string, lookup: Lookup): Fields {
  let value: unknown;
  try {
    value = JSON.parse(text, keepNumbers);
  } catch {
    return INVALID;
  }
  return typeof value === 'object' && value !== null ? asBytes(lookup(value, text)) : INVALID;
}

const INVALID = reject(LOAD_ERROR.line, 'Invalid value.');

/** Fields of text as fields of one character a byte. */
export function asBytes(fields: Fields): Fields {
  if ('code' in fields) return fields;
  return fields.map((field) => (field === null ? null : bytesOf(field)));
}

function bytesOf(field: string): string {
  if (field.isWellFormed()) return Buffer.from(field, 'utf8').toString('latin1');
  return Array.from(field, (character) => surrogateBytes(character) ?? bytesOf(character)).join('');
}

/** Half a character (`\ud83d`) is invalid UTF-8, which is told or replaced where it goes into a column. */
function surrogateBytes(character: string): string | undefined {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0xd800 || code > 0xdfff) return undefined;
  return String.fromCodePoint(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f));
}

/** Cuts a stream of JSON text into its top-level values. */
export class JsonCutter {
  #pending = '';
  #at = 0;
  #depth = 0;
  #inString = false;
  #line = 1;
  /** Line breaks in what was left out. */
  #lost = 0;
  #skip: number;

  /** `skip` lines at the start are a header. */
  constructor(skip = 0) {
    this.#skip = skip;
  }

  *push(chunk: string): Generator<Piece> {
    this.#pending += this.#skip > 0 ? this.#afterHeader(chunk) : chunk;
    let start = 0;
    let at = this.#at;
    const text = this.#pending;
    while (at < text.length) {
      if (this.#inString) {
        const end = stringEnd(text, at);
        if (end < 0) {
          at = text.length;
          while (text[at - 1] === '\\') at--;
          break;
        }
        this.#inString = false;
        at = end;
        continue;
      }
      const character = text[at++];
      if (character === '"') this.#inString = true;
      else if (character === '{' || character === '[') this.#depth++;
      else if (character === '}' || character === ']') this.#depth--;
      else if (character === '\n' && this.#depth <= 0) {
        // Whatever stands on a line outside every object is no record.
        if (text.slice(start, at).trim() !== '') yield this.#piece(text.slice(start, at));
        else this.#line++;
        start = at;
        this.#depth = 0;
        continue;
      }
      if (this.#depth === 0 && (character === '}' || character === ']')) {
        yield this.#piece(text.slice(start, at));
        start = at;
      }
    }
    this.#pending = text.slice(start);
    this.#at = at - start;
    if (this.#at > LARGEST_ROW_BYTES) this.#shorten();
  }

  /** Of a value that is too large only so much stays as shows that. */
  #shorten(): void {
    const scanned = this.#pending.slice(0, this.#at);
    this.#lost += lineBreaks(scanned.slice(LARGEST_ROW_BYTES));
    const kept = `${scanned.slice(0, LARGEST_ROW_BYTES)} `;
    this.#pending = kept + this.#pending.slice(this.#at);
    this.#at = kept.length;
  }

  /** What the file ends in the middle of. */
  rest(): Piece | undefined {
    return this.#pending.trim() === '' ? undefined : this.#piece(this.#pending);
  }

  #afterHeader(chunk: string): string {
    let from = 0;
    for (; this.#skip > 0; this.#skip--) {
      const end = chunk.indexOf('\n', from);
      if (end < 0) return '';
      from = end + 1;
      this.#line++;
    }
    return chunk.slice(from);
  }

  #piece(text: string): Piece {
    const line = this.#line + this.#lost + lineBreaks(text.trimEnd());
    this.#line += this.#lost + lineBreaks(text);
    this.#lost = 0;
    return { line, text: text.trim() };
  }
}

/** The index after the quotation mark that ends a string, or -1 where the text ends first. A backslash at the very end waits. */
function stringEnd(text: string, from: number): number {
  for (let close = text.indexOf('"', from); close >= 0; close = text.indexOf('"', close + 1)) {
    let backslashes = 0;
    while (text[close - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return close + 1;
  }
  return -1;
}

function lineBreaks(text: string): number {
  let found = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) found++;
  return found;
}

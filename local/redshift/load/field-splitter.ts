import { Buffer, isUtf8 } from 'node:buffer';
import type { CopyOptions } from './copy-options.ts';
import { invalidUtf8, replaceInvalid } from './invalid-utf8.ts';
import { LOAD_ERROR, reject, type Reject } from './load-error.ts';
import {
  closingQuote,
  csvRecords,
  escapedLines,
  isSpace,
  LARGEST_ROW_BYTES,
  lines,
  RecordSplitter,
  type RawRecord,
} from './record-splitter.ts';

/** A record's fields, one character a byte; null where the field matched NULL AS before escapes were taken out. */
export type Fields = readonly (string | null)[] | Reject;

export type FieldSplitter = (record: RawRecord) => Fields;

export function recordSplitter(options: Readonly<CopyOptions>): RecordSplitter {
  const end =
    options.format === 'csv' ? csvRecords(options.delimiter, options.quote) : options.escape ? escapedLines : lines;
  return new RecordSplitter(end, options.ignoreHeader);
}

export function fieldSplitter(options: Readonly<CopyOptions>): FieldSplitter {
  const split = splitterOf(options);
  const quoted = options.format === 'csv';
  return (record) => {
    if (record.text.length > LARGEST_ROW_BYTES) return reject(LOAD_ERROR.line, 'Input line is longer than 4 MB');
    const stray = quoted ? -1 : strayReturn(record.text, options.escape);
    return stray < 0 ? split(record) : missingNewline(record.text, stray);
  };
}

function splitterOf(options: Readonly<CopyOptions>): FieldSplitter {
  const { delimiter } = options;
  if (options.format === 'csv') return ({ text }) => csvFields(text, delimiter, options.quote);
  if (options.format === 'fixedwidth') return ({ text }) => fixedFields(text, options);
  if (options.escape || options.removeQuotes) return ({ text }) => carefulFields(text, options);
  return ({ text }) => text.split(delimiter);
}

/** A carriage return inside a record, which only ESCAPE can protect. */
function strayReturn(text: string, escape: boolean): number {
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1))
    if (!escape || text[at - 1] !== '\\') return at;
  return -1;
}

function missingNewline(text: string, stray: number): Reject {
  const found = (text.codePointAt(stray + 1) ?? 0).toString(16);
  return reject(
    LOAD_ERROR.line,
    `Missing newline: Unexpected character 0x${found} found at location ${stray + 1}`,
    stray + 1,
  );
}

/** White space between a delimiter and a quotation mark is ignored. */
function csvFields(text: string, delimiter: string, quote: string): Fields {
  const fields: string[] = [];
  for (let at = 0; ;) {
    let start = at;
    while (isSpace(text[start]) && text[start] !== delimiter[0]) start++;
    if (text[start] === quote) {
      const close = closingQuote(text, start, quote);
      if (close < 0) return reject(LOAD_ERROR.delimiter, 'Invalid quote formatting for CSV', start);
      let end = close;
      while (isSpace(text[end]) && text[end] !== delimiter[0]) end++;
      if (end < text.length && !text.startsWith(delimiter, end))
        return reject(LOAD_ERROR.delimiter, 'Invalid quote formatting for CSV', end);
      fields.push(text.slice(start + 1, close - 1).replaceAll(quote + quote, () => quote));
      if (end === text.length) return fields;
      at = end + delimiter.length;
    } else {
      const end = text.indexOf(delimiter, at);
      // Quotation marks protect a carriage return.
      const stray = text.indexOf('\r', at);
      if (stray >= 0 && (end < 0 || stray < end)) return missingNewline(text, stray);
      fields.push(end < 0 ? text.slice(at) : text.slice(at, end));
      if (end < 0) return fields;
      at = end + delimiter.length;
    }
  }
}

/** ESCAPE and REMOVEQUOTES, alone or together. With ESCAPE a NUL ends the record. */
function carefulFields(record: string, options: Readonly<CopyOptions>): Fields {
  const { delimiter, escape, removeQuotes } = options;
  const [text = ''] = escape ? record.split('\0', 1) : [record];
  const nullAs = Buffer.from(options.nullAs, 'utf8').toString('latin1');
  const fields: (string | null)[] = [];
  for (let at = 0; ;) {
    const mark = removeQuotes && (text[at] === '"' || text[at] === "'") ? text[at] : undefined;
    let value = '';
    let end = mark === undefined ? at : at + 1;
    let closed = mark === undefined;
    while (end < text.length) {
      if (escape && text[end] === '\\' && end + 1 < text.length) {
        value += text[end + 1];
        end += 2;
        continue;
      }
      if (
        mark !== undefined &&
        text[end] === mark &&
        (end + 1 === text.length || text.startsWith(delimiter, end + 1))
      ) {
        closed = true;
        end++;
        break;
      }
      if (mark === undefined && text.startsWith(delimiter, end)) break;
      value += text[end++];
    }
    if (!closed) return reject(LOAD_ERROR.delimiter, 'Delimiter not found', at);
    fields.push(text.slice(at, end) === nullAs ? null : value);
    if (end >= text.length) return fields;
    at = end + delimiter.length;
  }
}

/** Widths count characters, not bytes: an invalid one counts as its replacement does. */
function fixedFields(record: string, { fixedWidths: widths, acceptInvalidChars }: Readonly<CopyOptions>): Fields {
  const valid = isUtf8(Buffer.from(record, 'latin1'));
  if (!valid && acceptInvalidChars === undefined) return invalidUtf8(record);
  const text = valid ? record : replaceInvalid(record, acceptInvalidChars ?? '');
  const characters = Array.from(Buffer.from(text, 'latin1').toString('utf8'));
  const fields: string[] = [];
  let at = 0;
  for (const { width } of widths) {
    if (at >= characters.length) break;
    fields.push(Buffer.from(characters.slice(at, at + width).join(''), 'utf8').toString('latin1'));
    at += width;
  }
  return at < characters.length && characters.slice(at).some((character) => character !== ' ')
    ? reject(LOAD_ERROR.extraColumns, 'Extra column(s) found', at)
    : fields;
}

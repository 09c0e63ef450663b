import { Buffer, isUtf8 } from 'node:buffer';
import { LOAD_ERROR, reject, type Reject } from './load-error.ts';

/** Of a byte that goes on a sequence of several. */
export const isContinuation = (byte: number): boolean => byte >= 0x80 && byte < 0xc0;

/** Numbers of the documentation's table of invalid sequences. */
const INVALID = { tooLong: 1, incomplete: 2, start: 3, continuation: 4, surrogate: 5, beyondUnicode: 8 } as const;

/** Bytes a sequence should have by its first byte; 0 for a byte that starts none. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

/** Of a byte that starts no sequence: sequences of five bytes and more, or code points beyond the last one. */
function startError(byte: number): number {
  if (byte >= 0xf8 && byte < 0xfe) return INVALID.tooLong;
  return byte >= 0xf5 && byte < 0xf8 ? INVALID.beyondUnicode : INVALID.start;
}

/** The valid sequence at `at`, or how many bytes are invalid there and the documentation's error number. */
function sequenceAt(bytes: string, at: number): { readonly length: number; readonly error: number } {
  const first = bytes.codePointAt(at) ?? 0;
  const length = sequenceLength(first);
  if (length === 1) return { length, error: 0 };
  if (length === 0) return { length: 1, error: startError(first) };
  let end = at + 1;
  while (end < at + length && isContinuation(bytes.codePointAt(end) ?? 0)) end++;
  if (end - at < length)
    return { length: end - at, error: end === bytes.length ? INVALID.incomplete : INVALID.continuation };
  if (isUtf8(Buffer.from(bytes.slice(at, end), 'latin1'))) return { length, error: 0 };
  if (first === 0xed) return { length, error: INVALID.surrogate };
  return { length, error: first === 0xf4 ? INVALID.beyondUnicode : INVALID.continuation };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/multi-byte-character-load-errors.html */
export function invalidUtf8(bytes: string): Reject {
  for (let at = 0; at < bytes.length;) {
    const { length, error } = sequenceAt(bytes, at);
    if (error > 0)
      return reject(
        LOAD_ERROR.utf8,
        `String contains invalid or unsupported UTF8 codepoints. Bad UTF8 hex sequence: ${hex(bytes.slice(at, at + length))} (error ${error})`,
        at,
      );
    at += length;
  }
  return reject(LOAD_ERROR.utf8, 'String contains invalid or unsupported UTF8 codepoints.');
}

/** Each byte of an invalid sequence becomes the replacement: the length stays. */
export function replaceInvalid(bytes: string, replacement: string): string {
  let text = '';
  for (let at = 0; at < bytes.length;) {
    const { length, error } = sequenceAt(bytes, at);
    text += error > 0 ? replacement.repeat(length) : bytes.slice(at, at + length);
    at += length;
  }
  return text;
}

/** `e2 82 ac` */
export function hex(bytes: string): string {
  return Buffer.from(bytes, 'latin1')
    .toString('hex')
    .replaceAll(/..(?=.)/g, '$& ');
}

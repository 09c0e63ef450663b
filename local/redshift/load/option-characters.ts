import { Buffer, isUtf8 } from 'node:buffer';
import { invalidOption } from './failure.ts';

const NAMED: Readonly<Record<string, string>> = {
  t: '\t',
  b: '\b',
  f: '\f',
  r: '\r',
  v: '\v',
  '\\': '\\',
  "'": "'",
  '"': '"',
};

/**
 * A delimiter as the statement writes it, one character a byte of its UTF-8: one or several characters, `\t`, or octal codes of its bytes
 * like `\001` or `\302\246`.
 * See https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-delimiter
 */
export function delimiterOf(written: string): string {
  const text = unescaped(Buffer.from(written, 'utf8').toString('latin1'));
  if (text === '') throw invalidOption('DELIMITER must not be empty');
  if (text.includes('\0') || !isUtf8(Buffer.from(text, 'latin1')))
    throw invalidOption(`Invalid delimiter '${written}': it must be UTF-8 and not NUL`);
  if (/[\n\r]/.test(text)) throw invalidOption('DELIMITER must not be a line break, which ends a record');
  return text;
}

/** QUOTE and ACCEPTINVCHARS take one ASCII character. */
export function oneCharacter(option: string, written: string): string {
  const text = unescaped(written);
  const code = text.codePointAt(0) ?? 0;
  if (text.length !== 1 || code === 0 || code > 127)
    throw invalidOption(`${option} must be a single ASCII character, not '${written}'`);
  return text;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|([tbfrv\\'"]))/g, (_all, octal, hex, name) => {
    if (octal !== undefined) return String.fromCodePoint(Number.parseInt(octal as string, 8));
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex as string, 16));
    return NAMED[name as string] ?? '';
  });
}

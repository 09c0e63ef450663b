import { Buffer, isUtf8 } from 'node:buffer';
import { intervalText, qualified } from '../dialect/interval-qualifiers.ts';
import { hex, invalidUtf8, isContinuation, replaceInvalid } from './invalid-utf8.ts';
import type { ColumnType } from './column-type.ts';
import type { CopyOptions } from './copy-options.ts';
import { compileDateReader, compileTimestampReader, type DateReader } from './date-reader.ts';
import { LOAD_ERROR, reject, type Reject } from './load-error.ts';

/**
 * A field's bytes, one character a byte, to the value's text that DuckDB casts, to null, or to the reason it cannot be loaded.
 */
export type FieldConverter = (field: string) => string | null | Reject;

/** https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-conversion.html */
export function fieldConverter(type: ColumnType, options: Readonly<CopyOptions>): FieldConverter {
  const convert = typeConverter(type, options);
  // JSON and Avro have nulls of their own.
  const nulls = options.format !== 'json' && options.format !== 'avro';
  const nullAs = nulls ? Buffer.from(options.nullAs, 'utf8').toString('latin1') : undefined;
  const text = isText(type);
  const trimmed = options.trimBlanks && type.kind === 'varchar';
  return (field) => {
    if (field === nullAs) return null;
    if (text) {
      if (options.blanksAsNull && field !== '' && isBlank(field)) return null;
      const value = trimmed ? field.replace(/[ \t\v\f\r\n]+$/, '') : field;
      if (value === '' && options.emptyAsNull) return null;
      return convert(value);
    }
    return isBlank(field) ? null : convert(field.trim());
  };
}

function isText({ kind }: ColumnType): boolean {
  return kind === 'varchar' || kind === 'char';
}

/** Empty, or white space only: null for every type but text. */
function isBlank(field: string): boolean {
  return /^[ \t\v\f\r\n]*$/.test(field);
}

function typeConverter(type: ColumnType, options: Readonly<CopyOptions>): FieldConverter {
  switch (type.kind) {
    case 'smallint':
      return integerConverter('Short', -32_768n, 32_767n);
    case 'integer':
      return integerConverter('Integer', -2_147_483_648n, 2_147_483_647n);
    case 'bigint':
      return integerConverter('Long', -9_223_372_036_854_775_808n, 9_223_372_036_854_775_807n);
    case 'decimal':
      return decimalConverter(type, options.roundDecimals);
    case 'real':
    case 'double':
      return floatConverter(type);
    case 'boolean':
      return (field) => BOOLEANS.get(field.toLowerCase()) ?? reject(LOAD_ERROR.boolean, 'Unknown boolean format');
    case 'char':
      return charConverter(type, options);
    case 'varchar':
      return varcharConverter(type, options);
    case 'date':
      return dateConverter(compileDateReader(options.dateFormat), LOAD_ERROR.date, options);
    case 'timestamp':
    case 'timestamptz':
      return dateConverter(compileTimestampReader(options.timeFormat, type.kind), LOAD_ERROR.timestamp, options);
    case 'time':
    case 'timetz':
      return (field) =>
        TIME.test(field) ? field : reject(LOAD_ERROR.timestamp, 'Invalid time format or value [HH24:MI:SS]');
    case 'super':
      return superConverter;
    case 'varbyte':
      return varbyteConverter(type);
    case 'interval':
      return intervalConverter(type);
  }
}

function integerConverter(name: string, smallest: bigint, largest: bigint): FieldConverter {
  return (field) => {
    const valid = /^[+-]?\d*/.exec(field)?.[0] ?? '';
    if (valid.length < field.length || !/\d$/.test(valid)) return invalidDigit(field, valid.length, name);
    if (field.length <= 4) return field;
    const value = BigInt(field.startsWith('+') ? field.slice(1) : field);
    return value < smallest || value > largest ? reject(LOAD_ERROR.overflow, `Overflow, Column type: ${name}`) : field;
  };
}

function invalidDigit(field: string, position: number, name: string): Reject {
  return reject(
    LOAD_ERROR.digit,
    `Invalid digit, Value '${characterAt(field, position)}', Pos ${position}, Type: ${name}`,
    position,
  );
}

/** The character that begins there, of one or several bytes. */
function characterAt(bytes: string, position: number): string {
  const [character = ''] = Buffer.from(bytes.slice(position, position + 4), 'latin1').toString('utf8');
  return character;
}

/** Digits beyond the scale are cut off; with ROUNDEC they round. */
function decimalConverter({ precision, scale }: ColumnType, round: boolean): FieldConverter {
  return (field) => {
    const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(field);
    if (!match || (match[2] === '' && (match[3] ?? '') === ''))
      return invalidDigit(field, /^[+-]?\d*\.?\d*/.exec(field)?.[0].length ?? 0, 'Decimal');
    const [, sign = '', whole = '', fraction = '', exponent = '0'] = match;
    const shift = Number(exponent);
    if (Math.abs(shift) > 1000) return overflow(precision, scale);
    const digits = whole + fraction;
    const point = whole.length + shift;
    const kept = digits.padEnd(Math.max(0, point + scale), '0').slice(0, Math.max(0, point + scale));
    const next = point + scale >= 0 ? (digits[point + scale] ?? '0') : '0';
    let unscaled = BigInt(kept === '' ? '0' : kept);
    if (round && next >= '5') unscaled += 1n;
    const text = unscaled.toString().padStart(scale + 1, '0');
    if (unscaled !== 0n && text.length > Math.max(precision, scale + 1)) return overflow(precision, scale);
    if (unscaled >= 10n ** BigInt(precision)) return overflow(precision, scale);
    const minus = sign === '-' && unscaled !== 0n ? '-' : '';
    return scale === 0 ? minus + text : `${minus}${text.slice(0, -scale)}.${text.slice(-scale)}`;
  };
}

function overflow(precision: number, scale: number): Reject {
  return reject(LOAD_ERROR.decimal, `Overflow for NUMERIC(${precision},${scale})`);
}

const FLOAT = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const SPECIAL_FLOAT = /^[+-]?(nan|inf(inity)?)$/i;

function floatConverter({ kind }: ColumnType): FieldConverter {
  const nearest = kind === 'real' ? Math.fround : Number;
  return (field) => {
    if (SPECIAL_FLOAT.test(field)) return field;
    if (!FLOAT.test(field))
      return reject(
        LOAD_ERROR.float,
        `Invalid digit, Value '${field[0] ?? ''}', Pos 0, Type: ${kind === 'real' ? 'Real' : 'Double'}`,
      );
    return Number.isFinite(nearest(Number(field)))
      ? field
      : reject(LOAD_ERROR.tooLong, `Overflow, Column type: ${kind === 'real' ? 'Real' : 'Double'}`);
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_Boolean_type.html */
const BOOLEANS: ReadonlyMap<string, string> = new Map([
  ...['t', 'true', 'y', 'yes', '1', 'on'].map((text) => [text, 'true'] as const),
  ...['f', 'false', 'n', 'no', '0', 'off'].map((text) => [text, 'false'] as const),
]);

/** Up to 24:00:00: https://docs.aws.amazon.com/redshift/latest/dg/r_Datetime_types.html */
const TIME =
  /^(([01]?\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?|24:00(:00(\.0{1,6})?)?)( ?([+-]\d{2}(:?\d{2})?|z|utc))?$/i;

function charConverter({ length }: ColumnType, options: Readonly<CopyOptions>): FieldConverter {
  return (field) => {
    const multibyte = /[\u0080-\u00FF]/.exec(field);
    if (multibyte)
      return reject(
        LOAD_ERROR.utf8,
        `Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: ${hex(field.slice(multibyte.index, multibyte.index + 4))}`,
        multibyte.index,
      );
    // Trailing blanks are no part of a CHAR's value.
    const value = field.endsWith(' ') ? field.replace(/ +$/, '') : field;
    if (length === undefined || value.length <= length) return value;
    if (options.truncateColumns) return value.slice(0, length).replace(/ +$/, '');
    return reject(LOAD_ERROR.tooLong, 'Char length exceeds DDL length');
  };
}

function varcharConverter(
  { length }: ColumnType,
  { acceptInvalidChars, truncateColumns }: Readonly<CopyOptions>,
): FieldConverter {
  return (field) => {
    let value = field;
    if (/[\u0080-\u00FF]/.test(field) && !isUtf8(Buffer.from(field, 'latin1'))) {
      if (acceptInvalidChars === undefined) return invalidUtf8(field);
      value = replaceInvalid(field, acceptInvalidChars);
    }
    if (length === undefined || value.length <= length) return value;
    return truncateColumns
      ? wholeCharacters(value, length)
      : reject(LOAD_ERROR.tooLong, 'String length exceeds DDL length');
  };
}

/** At most `length` bytes, no character cut in two. */
function wholeCharacters(bytes: string, length: number): string {
  let end = length;
  while (end > 0 && isContinuation(bytes.codePointAt(end) ?? 0)) end--;
  return bytes.slice(0, end);
}

function dateConverter(read: DateReader, code: number, { acceptAnyDate }: Readonly<CopyOptions>): FieldConverter {
  return (field) => {
    const value = read(field);
    if (typeof value === 'string') return value;
    return acceptAnyDate && !value.refused ? null : reject(code, value.reason);
  };
}

/** Hexadecimal. https://docs.aws.amazon.com/redshift/latest/dg/copy-usage-varbyte.html */
function varbyteConverter({ length = Number.MAX_SAFE_INTEGER }: ColumnType): FieldConverter {
  return (field) => {
    if (!/^([0-9a-f]{2})*$/i.test(field)) return reject(LOAD_ERROR.type, 'Invalid hexadecimal value for VARBYTE');
    return field.length > 2 * length
      ? reject(LOAD_ERROR.tooLong, 'String length exceeds DDL length')
      : field.replaceAll(/../g, String.raw`\x$&`);
  };
}

/** As an interval literal is read. https://docs.aws.amazon.com/redshift/latest/dg/r_interval_data_types.html */
function intervalConverter({ qualifier: { first, to, digits } = {} }: ColumnType): FieldConverter {
  return (field) =>
    (first === undefined ? intervalText(field) : qualified(field, first, to, digits)) ??
    reject(LOAD_ERROR.type, 'Invalid interval format or value');
}

/** JSON; its null is the value's null. */
function superConverter(field: string): string | null | Reject {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(field, 'latin1').toString('utf8'));
  } catch {
    return reject(LOAD_ERROR.json, 'Invalid JSON for the SUPER data type');
  }
  if (field.length > LONGEST_SUPER_TEXT && hasLongText(value))
    return reject(LOAD_ERROR.json, `String value exceeds the max size of ${LONGEST_SUPER_TEXT} bytes`);
  return value === null ? null : field;
}

/** Bytes of a text inside a SUPER value. https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html */
export const LONGEST_SUPER_TEXT = 65_535;

function hasLongText(value: unknown): boolean {
  if (typeof value === 'string') return Buffer.byteLength(value) > LONGEST_SUPER_TEXT;
  return typeof value === 'object' && value !== null && Object.values(value).some(hasLongText);
}

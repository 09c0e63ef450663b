import { Buffer } from 'node:buffer';
import type { CopyOptions } from './copy-options.ts';
import { fieldConverter } from './field-value.ts';
import type { Fields } from './field-splitter.ts';
import { LOAD_ERROR, reject, type LoadError, type Reject } from './load-error.ts';
import type { TargetColumn } from './target-column.ts';

/** A record ready to load, or why it is not. */
export type Converted =
  { readonly values: readonly (string | null)[] } | { readonly failed: Omit<LoadError, 'file' | 'line' | 'rawLine'> };

/** Turns a record's fields into values of the columns; the first fault of a record is the one reported. */
export function recordConverter(
  columns: readonly TargetColumn[],
  options: Readonly<CopyOptions>,
): (fields: Fields) => Converted {
  const converters = columns.map(({ type }) => fieldConverter(type, options));
  // Text and CSV files give a missing VARCHAR as '', a missing value of another type as null.
  const fill = columns.map(({ type }) => (type.kind === 'varchar' && !options.emptyAsNull ? '' : null));
  return (fields) => {
    if ('code' in fields) return recordFailed(fields);
    const extra = fields.length - columns.length;
    // The last field may be ended by a delimiter, too.
    if (extra > 1 || (extra === 1 && (fields.at(-1) !== '' || options.format === 'json')))
      return recordFailed(reject(LOAD_ERROR.extraColumns, 'Extra column(s) found'));
    if (extra < 0 && !options.fillRecord) {
      const missing = columns[fields.length];
      return missing ? failed(missing, '', MISSING) : recordFailed(MISSING);
    }
    const values: (string | null)[] = [];
    for (const [index, column] of columns.entries()) {
      const field = index < fields.length ? (fields[index] ?? null) : (fill[index] ?? null);
      const value = field === null ? null : (converters[index]?.(field) ?? null);
      if (value !== null && typeof value !== 'string') return failed(column, field ?? '', value);
      if (value === null && column.notNull)
        return failed(column, field ?? '', reject(LOAD_ERROR.notNull, 'Missing data for not-null field'));
      values.push(value);
    }
    return { values };
  };
}

const MISSING = reject(LOAD_ERROR.delimiter, 'Delimiter not found');

function recordFailed(why: Reject): Converted {
  return { failed: { ...why, column: '', type: '', length: '', rawField: '' } };
}

function failed({ name, type }: TargetColumn, field: string, why: Reject): Converted {
  return { failed: { ...why, column: name, type: type.name, length: lengthText(type), rawField: readable(field) } };
}

/** As `stl_load_errors.col_length` prints it. */
export function lengthText({ kind, length, precision, scale }: TargetColumn['type']): string {
  if (kind === 'decimal') return `${precision},${scale}`;
  return length === undefined ? '-1' : String(length);
}

/** Columns of `stl_load_errors` hold 1,024 bytes. https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html */
const LONGEST_RAW_BYTES = 1024;

/** The same with a period for each character of several bytes, as `stl_load_errors.raw_line` has it. */
export function inAscii(bytes: string): string {
  return readable(bytes).replaceAll(/[\u0080-\u{10FFFF}]/gu, '.');
}

/** Bytes as text for a person. */
export function readable(bytes: string): string {
  return Buffer.from(bytes.slice(0, LONGEST_RAW_BYTES), 'latin1').toString('utf8');
}

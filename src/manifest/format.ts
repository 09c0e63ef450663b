import type { FormatDocument } from './document.ts';
import type { DelimiterOptions, Format, TextOptions } from './manifest.ts';

type Written<Type extends FormatDocument['type']> = Extract<FormatDocument, { type: Type }>;

/** What a table that names no format is: the form in which Hive exports arrive here. */
const HOUSE_FORMAT: Format = {
  type: 'delimited',
  compression: 'gzip',
  delimiter: '|',
  headerLines: 1,
  removeQuotes: true,
  escape: false,
  emptyAsNull: true,
  blanksAsNull: true,
  trimBlanks: false,
  ignoreBlankLines: false,
  fillRecord: false,
  truncateColumns: false,
  maxErrors: 0,
};

/** The format a document describes: what it does not say has COPY's own default. */
export function formatOf(written: FormatDocument | undefined): Format {
  if (written === undefined) return HOUSE_FORMAT;
  if (written.type === 'parquet') return { type: 'parquet' };
  if (written.type === 'json') return { type: 'json', paths: written.paths ?? 'auto', ...textOptions(written) };
  if (written.type === 'csv') return { type: 'csv', quote: written.quote ?? '"', ...delimiterOptions(written, ',') };
  return {
    type: 'delimited',
    removeQuotes: written.removeQuotes ?? false,
    escape: written.escape ?? false,
    ...delimiterOptions(written, '|'),
  };
}

function textOptions(written: Written<'json' | 'csv' | 'delimited'>): TextOptions {
  return {
    compression: written.compression ?? 'none',
    truncateColumns: written.truncateColumns ?? false,
    maxErrors: written.maxErrors ?? 0,
    ...(written.dateFormat === undefined ? {} : { dateFormat: written.dateFormat }),
    ...(written.timeFormat === undefined ? {} : { timeFormat: written.timeFormat }),
    ...(written.acceptInvalidCharacters === undefined
      ? {}
      : { acceptInvalidCharacters: written.acceptInvalidCharacters }),
  };
}

function delimiterOptions(written: Written<'csv' | 'delimited'>, delimiter: string): DelimiterOptions {
  const { header } = written;
  return {
    ...textOptions(written),
    delimiter: written.delimiter ?? delimiter,
    headerLines: typeof header === 'number' ? header : Number(header ?? false),
    emptyAsNull: written.emptyAsNull ?? false,
    blanksAsNull: written.blanksAsNull ?? false,
    trimBlanks: written.trimBlanks ?? false,
    ignoreBlankLines: written.ignoreBlankLines ?? false,
    fillRecord: written.fillRecord ?? false,
    ...(written.null === undefined ? {} : { null: written.null }),
  };
}

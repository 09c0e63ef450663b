import { failure } from './failure.ts';
import { identifier, literal } from './sql-text.ts';
import type { UnloadOptions } from './unload-options.ts';

/** A column of the query's result. */
export interface ResultColumn {
  /** As it is written, and not always the only one of that name. */
  readonly name: string;
  /** Its name in the source its rows are read from. */
  readonly column: string;
  /** DuckDB's type. */
  readonly type: string;
}

/** DuckDB's COPY options for a format, and the query whose rows it writes. */
export interface TextWriting {
  readonly select: string;
  readonly options: string;
  /** A line before the rows of each file, with its line feed; empty for none. */
  readonly header: string;
}

/** How rows of `source` become lines, `columns` being those to write. */
export function textWriting(
  source: string,
  columns: readonly ResultColumn[],
  options: Readonly<UnloadOptions>,
): TextWriting {
  refuseTypes(columns, options);
  const header = options.header ? `${headerLine(columns, options)}\n` : '';
  switch (options.format) {
    case 'csv':
      return {
        header,
        select: `SELECT ${columns.map((column) => fieldText(column, options)).join(', ')} FROM ${source}`,
        options: `FORMAT csv, HEADER false, DELIMITER ${literal(options.delimiter)}, QUOTE '"', ESCAPE '"', NULLSTR ${literal(options.nullAs)}`,
      };
    case 'json':
      return {
        header,
        select: `SELECT ${columns.map((column) => `${jsonValue(column)} AS ${identifier(column.name)}`).join(', ')} FROM ${source}`,
        options: 'FORMAT json',
      };
    case 'fixedwidth':
      return { header, select: `SELECT ${fixedWidthLine(columns, options)} FROM ${source}`, options: RAW_LINES };
    case 'delimited':
    case 'parquet':
      if (!options.addQuotes && !options.escape && !options.nullAs.includes(options.delimiter))
        return {
          header,
          select: `SELECT ${columns.map((column) => fieldText(column, options)).join(', ')} FROM ${source}`,
          options: `FORMAT csv, HEADER false, DELIMITER ${literal(options.delimiter)}, QUOTE '', ESCAPE '', NULLSTR ${literal(options.nullAs)}`,
        };
      return { header, select: `SELECT ${delimitedLine(columns, options)} FROM ${source}`, options: RAW_LINES };
  }
}

/** One column, written as it is: no quoting, no null. */
const RAW_LINES = "FORMAT csv, HEADER false, DELIMITER '\u0001', QUOTE '', ESCAPE '', NULLSTR '\u0002'";

/** A value as Redshift writes it. */
function valueText({ column: name, type }: ResultColumn): string {
  const column = identifier(name);
  if (type === 'BOOLEAN') return `CASE ${column} WHEN true THEN 't' WHEN false THEN 'f' END`;
  if (type === 'DOUBLE' || type === 'FLOAT') {
    const text = `CAST(${column} AS VARCHAR)`;
    return `CASE WHEN NOT isfinite(${column}) THEN rs_float_text(${column}) WHEN ends_with(${text}, '.0') THEN left(${text}, -2) ELSE ${text} END`;
  }
  if (type === 'BLOB') return `lower(hex(${column}))`;
  if (type === 'INTERVAL') return `rs_interval_text(${column})`;
  // Whatever NULL AS says: SUPER is written as JSON.
  if (type === 'JSON') return `coalesce(CAST(${column} AS VARCHAR), 'null')`;
  return type === 'VARCHAR' ? column : `CAST(${column} AS VARCHAR)`;
}

/** Types whose text is DuckDB's own, and made of digits and signs. */
const PLAIN = /^(?:(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL\(\d+,\d+\)|DATE|TIME|TIMESTAMP)$/;

/** What may stand in such a text: `infinity` and `(BC)`, too. */
const IN_PLAIN = /[\w+\-.: ()]/;
const ALL_PLAIN = /^(?:[-+\d.: ()]|BC|infinity)*$/i;

/**
 * The same for DuckDB's writer. It looks through every text for what needs quotation marks, and writes other types twice as fast: so it is
 * given these where no delimiter can be in them, and none is written as a null is.
 */
function fieldText(column: ResultColumn, { delimiter, nullAs }: Readonly<UnloadOptions>): string {
  const plain = PLAIN.test(column.type) && !IN_PLAIN.test(delimiter) && (nullAs === '' || !ALL_PLAIN.test(nullAs));
  return plain ? identifier(column.column) : valueText(column);
}

/** Numbers and SUPER stay what they are in JSON; booleans are `t` and `f` there, too. */
function jsonValue(column: ResultColumn): string {
  const { column: name, type } = column;
  const plain = /^(JSON|DOUBLE|FLOAT|DECIMAL\(.*|(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?))$/.test(type);
  return plain ? identifier(name) : valueText(column);
}

function delimitedLine(
  columns: readonly ResultColumn[],
  { delimiter, addQuotes, escape, nullAs }: Readonly<UnloadOptions>,
): string {
  return columns
    .map((column) => {
      const text = column.type === 'VARCHAR' || column.type === 'JSON';
      const escaped = escape && text ? escapedText(valueText(column), delimiter, addQuotes) : valueText(column);
      const quoted = addQuotes ? `'"' || ${escaped} || '"'` : escaped;
      return `coalesce(${quoted}, ${literal(nullAs)})`;
    })
    .join(` || ${literal(delimiter)} || `);
}

/** What gets a backslash before it, backslashes first: line breaks, the delimiter, and with ADDQUOTES quotation marks. */
function escapedMarks(delimiter: string, addQuotes: boolean): readonly string[] {
  return ['\\', '\n', '\r', delimiter, ...(addQuotes ? ['"', "'"] : [])];
}

function escapedText(text: string, delimiter: string, addQuotes: boolean): string {
  return escapedMarks(delimiter, addQuotes).reduce(
    (value, mark) => `replace(${value}, ${literal(mark)}, ${literal(`\\${mark}`)})`,
    text,
  );
}

/** What no file of a format can hold. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html */
export function refuseTypes(columns: readonly ResultColumn[], { format }: Readonly<UnloadOptions>): void {
  if (format === 'fixedwidth' || format === 'json' || format === 'parquet') {
    const bytes = columns.find(({ type }) => type === 'BLOB');
    if (bytes) throw failure(`VARBYTE column "${bytes.name}" can be unloaded to text or CSV only`, '0A000');
  }
  // Of Parquet's own intervals the microseconds are lost.
  const interval = format === 'parquet' ? columns.find(({ type }) => type === 'INTERVAL') : undefined;
  if (interval) throw failure(`INTERVAL column "${interval.name}" can be unloaded to text, CSV and JSON only`, '0A000');
  if (format === 'json') refuseSameNames(columns, 'JSON');
}

/** @throws RedshiftError for names that the records of a format cannot have twice. */
export function refuseSameNames(columns: readonly ResultColumn[], format: string): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw failure(`UNLOAD to ${format} needs unique column names: "${twice}" comes twice`, '42701');
}

/** A null's text where it fits; an empty field of a column that is no text where it does not. */
function fixedNull({ type }: ResultColumn, nullAs: string, width: number): string {
  return type !== 'VARCHAR' && Buffer.byteLength(nullAs) > width ? '' : nullAs;
}

/** Widths count bytes; a value that does not fit is an error, not cut off. */
function fixedWidthLine(columns: readonly ResultColumn[], { fixedWidths, nullAs }: Readonly<UnloadOptions>): string {
  if (fixedWidths.length !== columns.length)
    throw failure(`FIXEDWIDTH specifies ${fixedWidths.length} columns, the query has ${columns.length}`, '22023');
  return columns
    .map((column, index) => {
      const width = fixedWidths[index] ?? 0;
      const value = `coalesce(${valueText(column)}, ${literal(fixedNull(column, nullAs, width))})`;
      const tooLong = literal(`Value of column ${column.name} is longer than its FIXEDWIDTH of ${width}`);
      return `CASE WHEN strlen(${value}) > ${width} THEN error(${tooLong}) ELSE ${value} || repeat(' ', ${width} - strlen(${value})) END`;
    })
    .join(' || ');
}

function headerLine(
  columns: readonly ResultColumn[],
  { format, delimiter, addQuotes, escape }: Readonly<UnloadOptions>,
): string {
  return columns
    .map(({ name }) => {
      if (format === 'csv')
        return /["\r\n]/.test(name) || name.includes(delimiter) ? `"${name.replaceAll('"', '""')}"` : name;
      const escaped = escape
        ? escapedMarks(delimiter, addQuotes).reduce((text, mark) => text.replaceAll(mark, () => `\\${mark}`), name)
        : name;
      return addQuotes ? `"${escaped}"` : escaped;
    })
    .join(delimiter);
}

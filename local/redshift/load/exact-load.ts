import { Buffer, isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { UnreadableContent, WrongEncoding } from './content.ts';
import { LOAD_ERROR, MOST_REPLACEMENTS, type LoadError, type ParsedField, type Replacement } from './load-error.ts';
import { inAscii, lengthText, readable, recordConverter, type Converted } from './record-converter.ts';
import type { FileReading, ReadingOptions, SourceRecord } from './reading.ts';
import { recordsOf } from './source-records.ts';
import { identifier, literal } from './sql-text.ts';
import type { SourceFile } from './source-files.ts';
import type { TargetColumn } from './target-column.ts';
import type { TargetTable } from './target-table.ts';

/** Reads a file as Redshift's documentation says, record by record, in bounded memory. */
export async function readFileExactly(file: SourceFile, reading: ReadingOptions): Promise<FileReading> {
  const { statement, columns, enoughErrors } = reading;
  const convert = recordConverter(columns, statement.options);
  const output = reading.output === undefined ? undefined : await open(reading.output, 'w');
  const replacing = statement.options.acceptInvalidChars !== undefined;
  const errors: LoadError[] = [];
  const replacements: Replacement[] = [];
  let rows = 0;
  let lines = 0;
  let cutShort = false;
  let block = '';
  try {
    for await (const record of recordsOf(file, reading)) {
      lines++;
      const converted = convert(record.fields);
      if ('failed' in converted) {
        errors.push(loadError(file, record, converted, columns));
        if (errors.length >= enoughErrors) break;
        continue;
      }
      rows++;
      if (replacing && replacements.length < MOST_REPLACEMENTS && !isUtf8(Buffer.from(record.raw, 'latin1')))
        replacements.push(replacement(file, record, columns));
      if (!output) continue;
      block += canonical(converted.values);
      if (block.length >= BLOCK_BYTES) {
        await output.writeFile(Buffer.from(block, 'latin1'));
        block = '';
      }
    }
    await output?.writeFile(Buffer.from(block, 'latin1'));
  } catch (error) {
    if (!(error instanceof UnreadableContent)) throw error;
    cutShort = !(error instanceof WrongEncoding);
    // A file of another encoding is skipped.
    rows = 0;
    errors.push({
      file: file.url,
      line: lines + 1,
      column: '',
      type: '',
      length: '',
      rawLine: '',
      rawField: '',
      code: error instanceof WrongEncoding ? LOAD_ERROR.encoding : LOAD_ERROR.line,
      reason: error.message,
      position: 0,
    });
  } finally {
    await output?.close();
  }
  return { rows, lines, errors, replacements, cutShort };
}

const BLOCK_BYTES = 256 * 1024;

function loadError(
  file: SourceFile,
  record: SourceRecord,
  { failed }: Extract<Converted, { readonly failed: unknown }>,
  columns: readonly TargetColumn[],
): LoadError {
  const { fields, line, raw } = record;
  const at = columns.findIndex(({ name }) => name === failed.column);
  const parsed =
    'code' in fields
      ? []
      : columns.slice(0, at + 1).map(({ name, type }, index): ParsedField => {
          const field = fields[index] ?? null;
          const value = field === null ? null : readable(field);
          return { column: name, type: type.name, length: lengthText(type), value };
        });
  return { ...failed, file: file.url, line, rawLine: inAscii(raw), parsed };
}

/** Of a record whose invalid UTF-8 ACCEPTINVCHARS has replaced: the first column that had some, as far as the fields still show it. */
function replacement(
  file: SourceFile,
  { line, raw, fields }: SourceRecord,
  columns: readonly TargetColumn[],
): Replacement {
  const invalid = (field: string | null): boolean => field !== null && !isUtf8(Buffer.from(field, 'latin1'));
  const column = 'code' in fields ? undefined : columns[fields.findIndex(invalid)];
  return { file: file.url, line, column: column?.name ?? '', rawLine: inAscii(raw) };
}

/** Text is always quoted and null never, so the two cannot be confused. */
function canonical(values: readonly (string | null)[]): string {
  let line = '';
  for (const [index, value] of values.entries()) {
    if (index > 0) line += ',';
    if (value !== null) line += value.includes('"') ? `"${value.replaceAll('"', '""')}"` : `"${value}"`;
  }
  return `${line}\n`;
}

/** A row of 4 MB whose quotation marks are all doubled, and room. DuckDB's own buffer would be sixteen times as large. */
const LARGEST_LINE_BYTES = 16 * 1024 * 1024;

/** Loads what {@link readFileExactly} wrote. Its line end is told: a carriage return in the first text would be taken for one. */
export function canonicalInsert(table: TargetTable, columns: readonly TargetColumn[], path: string): string {
  const names = columns.map((_column, index) => `f${index}`);
  const values = columns.map(({ type }, index) => `CAST(f${index} AS ${type.duckdb})`);
  return `INSERT INTO ${table.sql} (${columns.map(({ name }) => identifier(name)).join(', ')}) SELECT ${values.join(', ')}
    FROM read_csv(${literal(path)}, auto_detect=false, header=false, new_line='\\n', delim=',', quote='"', escape='"', nullstr='',
      allow_quoted_nulls=false, max_line_size=${LARGEST_LINE_BYTES}, buffer_size=${LARGEST_LINE_BYTES}, columns={${names.map((name) => `${name}: 'VARCHAR'`).join(', ')}})`;
}

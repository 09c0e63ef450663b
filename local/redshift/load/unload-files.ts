import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { LoadEnvironment } from './ports.ts';
import { identifier, literal } from './sql-text.ts';
import { cutParquet, writeParquetFile } from './unload-parquet.ts';
import { cutFile, writePiece } from './unload-pieces.ts';
import type { UnloadStatement } from './unload-statement.ts';
import { refuseSameNames, refuseTypes, textWriting, type ResultColumn } from './unload-text.ts';

/** A file that is ready to become an object. */
export interface ReadyFile {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

/** An UNLOAD whose query is known. */
export interface Unload {
  readonly statement: UnloadStatement;
  readonly environment: LoadEnvironment;
  readonly directory: string;
  /** The query, for DuckDB, its columns under the names of `ResultColumn.column`. */
  readonly select: string;
}

const DEFAULT_SLICES = 2;

/** Writes the rows of `source` as the files of one folder, `folder` being what comes after the prefix. */
export async function writeRows(
  unload: Unload,
  source: string,
  columns: readonly ResultColumn[],
  folder: string,
): Promise<readonly ReadyFile[]> {
  const { options } = unload.statement;
  return options.format === 'parquet'
    ? writeParquet(unload, source, columns, folder)
    : writeText(unload, source, columns, folder);
}

let written = 0;

function newPath({ directory }: Unload): string {
  written++;
  return join(directory, `file-${written}`);
}

/** How many files are written side by side; a partition's folder gets one. */
function slicesOf({ statement, environment }: Unload, folder: string): number {
  return statement.options.parallel && folder === '' ? (environment.slices ?? DEFAULT_SLICES) : 1;
}

async function writeText(
  unload: Unload,
  source: string,
  columns: readonly ResultColumn[],
  folder: string,
): Promise<readonly ReadyFile[]> {
  const { statement, environment } = unload;
  const { options } = statement;
  const { signal } = environment;
  const { select, options: copyOptions, header } = textWriting(source, columns, options);
  const path = newPath(unload);
  const { rowsChanged: rows } = await environment.connection.run(
    `COPY (${select}) TO ${literal(path)} (${copyOptions})`,
  );
  signal.throwIfAborted();
  // Without rows there are empty files, but none of JSON.
  if (rows === 0 && options.format === 'json') return [];
  const { size } = await stat(path);
  const slices = slicesOf(unload, folder);
  const largest = options.maxFileSize - Buffer.byteLength(header);
  if (slices === 1 && size <= largest && header === '' && options.compression === 'none')
    return [{ key: keyOf(unload, folder, 0, 0), path, bytes: size, rows }];
  const pieces =
    (slices === 1 && size <= largest) || rows === 0
      ? [{ start: 0, end: size, records: rows }]
      : await cutFile(path, Math.ceil(size / slices), largest, options.format, options.escape, signal);
  const files: ReadyFile[] = [];
  for (const [index, piece] of pieces.entries()) {
    const target = newPath(unload);
    await writePiece(path, piece, header, options.compression, target, signal);
    files.push({
      key: keyOf(unload, folder, index % slices, Math.floor(index / slices)),
      path: target,
      bytes: (await stat(target)).size,
      rows: piece.records,
    });
  }
  await rm(path);
  return files;
}

async function writeParquet(
  unload: Unload,
  source: string,
  columns: readonly ResultColumn[],
  folder: string,
): Promise<readonly ReadyFile[]> {
  const { connection } = unload.environment;
  refuseSameNames(columns, 'Parquet');
  refuseTypes(columns, unload.statement.options);
  const list = columns
    .map(({ name, column, type }) => `${parquetValue(column, type)} AS ${identifier(name)}`)
    .join(', ');
  const whole = await writeParquetFile(connection, `SELECT ${list} FROM ${source}`, newPath(unload));
  const slices = slicesOf(unload, folder);
  const { maxFileSize, rowGroupSize } = unload.statement.options;
  const parts = await cutParquet(connection, whole, slices, maxFileSize, rowGroupSize, () => {
    unload.environment.signal.throwIfAborted();
    return newPath(unload);
  });
  return parts.map((part, index) => ({
    ...part,
    key: keyOf(unload, folder, index % slices, Math.floor(index / slices)),
  }));
}

/** DuckDB would write what counts in 128 bits as a floating point number. */
function parquetValue(column: string, type: string): string {
  return type === 'HUGEINT' ? `CAST(${column} AS DECIMAL(38, 0))` : column;
}

const COMPRESSION_EXTENSIONS = { none: '', gzip: '.gz', zstd: '.zst' };

/** `<prefix>0000_part_00`, or `<prefix>000` where one process writes. */
function keyOf({ statement: { target, options } }: Unload, folder: string, slice: number, part: number): string {
  const number = options.parallel ? `${pad(slice, 4)}_part_${pad(part, 2)}` : pad(part, 3);
  const own = options.format === 'parquet' ? '.parquet' : COMPRESSION_EXTENSIONS[options.compression];
  const extension = options.extension === undefined ? own : `.${options.extension.replace(/^\./, '')}`;
  return `${prefixOf(target, options)}${folder}${number}${extension}`;
}

/** With PARTITION BY the prefix is a folder. */
export function prefixOf({ key }: UnloadStatement['target'], { partitionBy }: UnloadStatement['options']): string {
  return partitionBy.length === 0 || key === '' || key.endsWith('/') ? key : `${key}/`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
}

import { rm, stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './sql-text.ts';

/** DuckDB writes no smaller ones. */
const SMALLEST_GROUP_ROWS = 2048;

/** A Parquet file and what is in it. */
export interface ParquetFile {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

/** Writes a query's rows as one Parquet file, in row groups of so many rows. */
export async function writeParquetFile(
  connection: DuckDBConnection,
  select: string,
  path: string,
  rowGroup?: number,
): Promise<ParquetFile> {
  const grouped = rowGroup === undefined ? '' : `, ROW_GROUP_SIZE ${rowGroup}`;
  const { rowsChanged: rows } = await connection.run(
    `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy${grouped})`,
  );
  return { path, bytes: (await stat(path)).size, rows };
}

/**
 * Cuts a Parquet file into at least `slices` files of consecutive rows, none larger than `largest` bytes unless a row alone is. What
 * a number of rows takes is known only when it is written, so a part that came out too large is cut again. Row groups take `rowGroupSize`
 * bytes, as far as rows are alike.
 */
export async function cutParquet(
  connection: DuckDBConnection,
  whole: ParquetFile,
  slices: number,
  largest: number,
  rowGroupSize: number | undefined,
  newPath: () => string,
): Promise<readonly ParquetFile[]> {
  if (whole.rows === 0 || (slices === 1 && whole.bytes <= largest && rowGroupSize === undefined)) return [whole];
  const rowGroup = rowGroupSize && Math.max(SMALLEST_GROUP_ROWS, Math.floor(rowGroupSize / (whole.bytes / whole.rows)));
  const aimed = Math.max(1, Math.min(whole.rows, Math.max(slices, Math.ceil(whole.bytes / largest))));
  const parts: ParquetFile[] = [];
  const write = async (from: number, to: number): Promise<void> => {
    const part = await writeParquetFile(connection, rowsBetween(whole.path, from, to), newPath(), rowGroup);
    if (part.bytes <= largest || part.rows <= 1) {
      parts.push(part);
      return;
    }
    await rm(part.path);
    const middle = Math.floor((from + to) / 2);
    await write(from, middle);
    await write(middle, to);
  };
  for (let index = 0; index < aimed; index++)
    await write(Math.floor((whole.rows * index) / aimed), Math.floor((whole.rows * (index + 1)) / aimed));
  await rm(whole.path);
  return parts;
}

function rowsBetween(path: string, from: number, to: number): string {
  return `SELECT * EXCLUDE (file_row_number) FROM read_parquet(${literal(path)}, file_row_number = true)
    WHERE file_row_number >= ${from} AND file_row_number < ${to} ORDER BY file_row_number`;
}

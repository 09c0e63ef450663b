import { rm, stat } from 'node:fs/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { literal } from './sql-text.ts';

/** A Parquet file and what is in it. */
export interface ParquetFile {
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

/** Writes a query's rows as one Parquet file. */
export async function writeParquetFile(
  connection: DuckDBConnection,
  select: string,
  path: string,
): Promise<ParquetFile> {
  const { rowsChanged: rows } = await connection.run(
    `COPY (${select}) TO ${literal(path)} (FORMAT parquet, COMPRESSION snappy)`,
  );
  return { path, bytes: (await stat(path)).size, rows };
}

/**
 * Cuts a Parquet file into at least `slices` files of consecutive rows, none larger than `largest` bytes unless a row alone is. What
 * a number of rows takes is known only when it is written, so a part that came out too large is cut again.
 */
export async function cutParquet(
  connection: DuckDBConnection,
  whole: ParquetFile,
  slices: number,
  largest: number,
  newPath: () => string,
): Promise<readonly ParquetFile[]> {
  if (whole.rows === 0 || (slices === 1 && whole.bytes <= largest)) return [whole];
  const aimed = Math.max(1, Math.min(whole.rows, Math.max(slices, Math.ceil(whole.bytes / largest))));
  const parts: ParquetFile[] = [];
  const write = async (from: number, to: number): Promise<void> => {
    const part = await writeParquetFile(connection, rowsBetween(whole.path, from, to), newPath());
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

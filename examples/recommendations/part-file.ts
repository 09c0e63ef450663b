import { createWriteStream } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** A field of a line; undefined is written as nothing, which the house format reads as NULL. */
export type Field = string | number | undefined;

/** A text in quotation marks, as the exports of the source write it when it may hold a delimiter. The format removes them. */
export function quotedField(text: string): string {
  return `"${text}"`;
}

export interface PartFile {
  /** Relative to the manifest, with `/`. */
  readonly key: string;
  readonly bytes: number;
  readonly rows: number;
}

const CHUNK_CHARACTERS = 64 * 1024;
/** A fast level: the example is made on every start. */
const LEVEL = 3;

/** Writes rows as a gzipped, pipe-delimited file with one header line. Streams: no more than a chunk is held. */
export async function writePartFile(
  directory: string,
  key: string,
  columns: readonly string[],
  rows: Iterable<readonly Field[]>,
): Promise<PartFile> {
  const path = join(directory, key);
  await mkdir(dirname(path), { recursive: true });
  let count = 0;
  function* chunks(): Generator<string> {
    let chunk = `${columns.join('|')}\n`;
    for (const row of rows) {
      chunk += `${row.map((field) => field ?? '').join('|')}\n`;
      count += 1;
      if (chunk.length < CHUNK_CHARACTERS) continue;
      yield chunk;
      chunk = '';
    }
    yield chunk;
  }
  await pipeline(Readable.from(chunks()), createGzip({ level: LEVEL }), createWriteStream(path));
  const { size } = await stat(path);
  return { key, bytes: size, rows: count };
}

import { createReadStream, createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { CHUNK_BYTES } from './content.ts';
import { GZIP_BLOCK_BYTES, gzipBlocks } from './gzip-blocks.ts';
import type { UnloadFormat } from './unload-options.ts';

/** A part of a written file: whole records. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly records: number;
}

const LINE_FEED = 10;
const QUOTE = 34;
const BACKSLASH = 92;

/**
 * Cuts a file of records into pieces of about `size` bytes, never in the middle of a record, none larger than `largest` unless
 * a record alone is.
 */
export async function cutFile(
  path: string,
  size: number,
  largest: number,
  format: UnloadFormat,
  escaped: boolean,
  signal: AbortSignal,
): Promise<readonly Piece[]> {
  const pieces: Piece[] = [];
  let start = 0;
  let end = 0;
  let records = 0;
  const ends = new RecordEnds(format === 'csv', escaped);
  for await (const chunk of createReadStream(path, { highWaterMark: CHUNK_BYTES, signal }))
    for (const recordEnd of ends.take(chunk as Buffer)) {
      if (records > 0 && (recordEnd - start > largest || end - start >= size)) {
        pieces.push({ start, end, records });
        start = end;
        records = 0;
      }
      end = recordEnd;
      records++;
    }
  if (records > 0) pieces.push({ start, end, records });
  return pieces;
}

/** Offsets after each record's line feed: in CSV not between quotation marks, with ESCAPE not after a backslash. */
class RecordEnds {
  readonly #quoted: boolean;
  readonly #escaped: boolean;
  #inQuotes = false;
  #backslash = false;
  #offset = 0;

  constructor(quoted: boolean, escaped: boolean) {
    this.#quoted = quoted;
    this.#escaped = escaped;
  }

  *take(chunk: Buffer): Generator<number> {
    const careful =
      (this.#quoted && (this.#inQuotes || chunk.includes(QUOTE))) ||
      (this.#escaped && (this.#backslash || chunk.includes(BACKSLASH)));
    if (careful) yield* this.#carefully(chunk);
    else
      for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, at + 1))
        yield this.#offset + at + 1;
    this.#offset += chunk.length;
  }

  *#carefully(chunk: Buffer): Generator<number> {
    for (const [at, byte] of chunk.entries()) {
      if (this.#backslash) this.#backslash = false;
      else if (byte === BACKSLASH && this.#escaped) this.#backslash = true;
      else if (byte === QUOTE && this.#quoted) this.#inQuotes = !this.#inQuotes;
      else if (byte === LINE_FEED && !this.#inQuotes) yield this.#offset + at + 1;
    }
  }
}

export type UnloadCompression = 'none' | 'gzip' | 'zstd';

/** Writes a part of `source`, after `header`, as a file of its own. */
export async function writePiece(
  source: string,
  { start, end }: Pick<Piece, 'start' | 'end'>,
  header: string,
  compression: UnloadCompression,
  target: string,
  signal: AbortSignal,
): Promise<void> {
  const highWaterMark = compression === 'gzip' ? GZIP_BLOCK_BYTES : CHUNK_BYTES;
  const content = async function* (): AsyncGenerator<Buffer> {
    if (header !== '') yield Buffer.from(header, 'utf8');
    if (end > start) yield* createReadStream(source, { start, end: end - 1, highWaterMark }) as AsyncIterable<Buffer>;
  };
  const output = createWriteStream(target);
  const stream = (chunks: AsyncIterable<Buffer>): Readable =>
    Readable.from(chunks, { objectMode: false, highWaterMark: CHUNK_BYTES });
  switch (compression) {
    case 'none':
      return pipeline(stream(content()), output, { signal });
    case 'gzip':
      return pipeline(stream(gzipBlocks(content())), output, { signal });
    case 'zstd':
      return pipeline(
        stream(content()),
        createZstdCompress({ chunkSize: CHUNK_BYTES, params: { [constants.ZSTD_c_compressionLevel]: 1 } }),
        output,
        { signal },
      );
  }
}

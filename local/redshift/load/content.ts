import { createReadStream } from 'node:fs';
import { PassThrough } from 'node:stream';
import { TextDecoder } from 'node:util';
import unbzip2 from 'unbzip2-stream';
import type { Compression, Encoding } from './copy-options.ts';
import { messageOf } from './failure.ts';
import { fileBlocks } from './file-blocks.ts';
import { inflatedChunks } from './inflated-chunks.ts';

/** Large enough that a chunk's fixed costs vanish, small enough that scanning one does not hold up the event loop. */
export const CHUNK_BYTES = 512 * 1024;

/** A file that is not what its option says: broken gzip, or bytes that are not of the encoding. */
export class UnreadableContent extends Error {
  override readonly name: string = 'UnreadableContent';
}

/** Bytes that are not of the encoding the statement says. */
export class WrongEncoding extends UnreadableContent {
  override readonly name = 'WrongEncoding';

  constructor(options?: ErrorOptions) {
    super('The encoding of the file is not the one given in ENCODING', options);
  }
}

/** A file's bytes, decompressed, as UTF-8; a chunk is there until the next is asked for. @throws UnreadableContent */
export async function* readContent(
  path: string,
  compression: Compression,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const decode = decoder(encoding);
  try {
    for await (const chunk of decompressed(path, compression)) {
      signal.throwIfAborted();
      const bytes = decode(chunk, false);
      if (bytes.length > 0) yield bytes;
    }
    const rest = decode(Buffer.alloc(0), true);
    if (rest.length > 0) yield rest;
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof UnreadableContent
      ? error
      : new UnreadableContent(explain(error, compression), { cause: error });
  }
}

function explain(error: unknown, compression: Compression): string {
  const why = messageOf(error);
  return compression === 'none' ? `The file cannot be read: ${why}` : `Invalid ${compression} data: ${why}`;
}

function decompressed(path: string, compression: Compression): AsyncIterable<Buffer> {
  switch (compression) {
    case 'none':
      return fileBlocks(path, CHUNK_BYTES);
    case 'gzip':
    case 'zstd':
      return inflatedChunks(path, compression);
    case 'bzip2':
      return unzipped(path);
  }
}

/** The decompressor is a stream of the first generation: no iterator, no state a newer one could read, and it keeps what it is given. */
async function* unzipped(path: string): AsyncGenerator<Buffer> {
  const source = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  const decompressing = source.pipe(unbzip2());
  const stream = new PassThrough({ highWaterMark: CHUNK_BYTES });
  for (const before of [source, decompressing]) before.on('error', (error: Error) => stream.destroy(error));
  try {
    for await (const chunk of decompressing.pipe(stream)) yield chunk as Buffer;
  } finally {
    source.destroy();
    stream.destroy();
  }
}

type Decode = (bytes: Buffer, end: boolean) => Buffer;

const LABELS = { utf16le: 'utf-16le', utf16be: 'utf-16be' } as const;

const MARKS: Readonly<Record<string, string>> = { feff: 'utf-16be', fffe: 'utf-16le' };

/** UTF-8 passes untouched: its faults are found field by field. A file in UTF16 begins with a mark that says which. */
function decoder(encoding: Encoding): Decode {
  if (encoding === 'utf8') return skipMark();
  if (encoding === 'latin1') return (bytes) => Buffer.from(bytes.toString('latin1'), 'utf8');
  let decoder: TextDecoder | undefined;
  return (bytes, end) => {
    if (!decoder && bytes.length === 0) return bytes;
    const label = encoding === 'utf16' ? MARKS[bytes.toString('hex', 0, 2)] : LABELS[encoding];
    if (!decoder && label === undefined) throw new WrongEncoding();
    decoder ??= new TextDecoder(label, { fatal: true });
    try {
      return Buffer.from(decoder.decode(bytes, { stream: !end }), 'utf8');
    } catch (error) {
      throw new WrongEncoding({ cause: error });
    }
  };
}

/** A byte order mark at the start is no part of the first field. */
function skipMark(): Decode {
  let first = true;
  return (bytes) => {
    if (!first || bytes.length === 0) return bytes;
    first = false;
    return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
  };
}

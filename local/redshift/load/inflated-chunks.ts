import type { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { createGunzip, createZstdDecompress, type Gunzip, type ZstdDecompress } from 'node:zlib';
import { fileBlocks } from './file-blocks.ts';

const COMPRESSED_BYTES = 256 * 1024;
/** The more bytes are made in one go, the fewer turns they take of the threads; a small file is not worth that much memory. */
const INFLATED_BYTES = { least: 128 * 1024, most: 1024 * 1024 };
/** What text mostly inflates to, or less. */
const USUAL_RATIO = 8;

/**
 * A compressed file's bytes. A chunk is there until the next is asked for: its memory is given back then, for left to the garbage
 * collector every thirty megabytes would have it walk the whole heap.
 */
export async function* inflatedChunks(path: string, compression: 'gzip' | 'zstd'): AsyncGenerator<Buffer> {
  const { size } = await stat(path);
  const chunkSize = Math.max(INFLATED_BYTES.least, Math.min(size * USUAL_RATIO, INFLATED_BYTES.most));
  const inflating = compression === 'gzip' ? createGunzip({ chunkSize }) : createZstdDecompress({ chunkSize });
  const fed = feed(path, inflating);
  fed.catch((error: Error) => inflating.destroy(error));
  try {
    for await (const chunk of inflating) {
      yield chunk as Buffer;
      release(chunk as Buffer, chunkSize);
    }
    await fed;
  } finally {
    inflating.destroy();
  }
}

/** A block's memory is used again once it is inflated, or nobody wants it any more. */
async function feed(path: string, inflating: Gunzip | ZstdDecompress): Promise<void> {
  const closed = once(inflating, 'close').catch(() => undefined);
  for await (const block of fileBlocks(path, COMPRESSED_BYTES)) {
    const inflated = new Promise<unknown>((resolve) => void inflating.write(block, resolve));
    await Promise.race([inflated, closed]);
    if (inflating.destroyed) return;
  }
  inflating.end();
}

/** Memory of another size is not the stream's alone, and before its end has been read the stream still writes into it. */
function release({ buffer, byteOffset, length }: Buffer, chunkSize: number): void {
  if ('transfer' in buffer && buffer.byteLength === chunkSize && byteOffset + length === chunkSize) buffer.transfer(0);
}

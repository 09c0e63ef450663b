import { open } from 'node:fs/promises';

/** Looks at a file on its way by. */
export interface FileInspector<T> {
  /** Takes the file's chunks in order, and keeps none; answers whether the rest can still make a difference. */
  take(chunk: Buffer): boolean;
  /** What it found, once the file has ended. */
  end(): T;
}

/** Small enough to stay in the processor's cache from being read to being looked at. */
const BLOCK_BYTES = 256 * 1024;

export async function inspectFile<T>(path: string, inspector: FileInspector<T>, signal: AbortSignal): Promise<T> {
  const file = await open(path);
  try {
    const block = Buffer.allocUnsafeSlow(BLOCK_BYTES);
    for (;;) {
      signal.throwIfAborted();
      const { bytesRead } = await file.read(block, 0, block.length);
      if (bytesRead === 0 || !inspector.take(block.subarray(0, bytesRead))) return inspector.end();
    }
  } finally {
    await file.close();
  }
}

export async function inspectChunks<T>(chunks: AsyncIterable<Buffer>, inspector: FileInspector<T>): Promise<T> {
  for await (const chunk of chunks) {
    const undecided = inspector.take(chunk);
    release(chunk);
    if (!undecided) break;
  }
  return inspector.end();
}

/** Gives a chunk's memory back where nothing else is in it: left to the garbage collector, every thirty megabytes have it walk the whole heap. */
function release({ buffer, length }: Buffer): void {
  if ('transfer' in buffer && buffer.byteLength === length) buffer.transfer(0);
}

import { Buffer } from 'node:buffer';
import { open } from 'node:fs/promises';

/** A file's bytes, up to so many at a time. All blocks share one memory: each is there until the next is asked for. */
export async function* fileBlocks(path: string, blockBytes: number): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const block = Buffer.allocUnsafeSlow(blockBytes);
    for (;;) {
      const { bytesRead } = await file.read(block, 0, blockBytes);
      if (bytesRead === 0) return;
      yield block.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

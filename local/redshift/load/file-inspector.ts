import type { Buffer } from 'node:buffer';
import { fileBlocks } from './file-blocks.ts';

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
  for await (const block of fileBlocks(path, BLOCK_BYTES)) {
    signal.throwIfAborted();
    if (!inspector.take(block)) break;
  }
  return inspector.end();
}

export async function inspectChunks<T>(chunks: AsyncIterable<Buffer>, inspector: FileInspector<T>): Promise<T> {
  for await (const chunk of chunks) if (!inspector.take(chunk)) break;
  return inspector.end();
}

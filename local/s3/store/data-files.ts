import {
  closeSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ids } from '../../kernel/index.ts';

/** A finished file that no index row names yet. Either `keep` it or `discard` it. */
export interface Incoming {
  /** Moves the bytes among the objects' and answers their file name, which an index row may now name. */
  keep(): string;
  discard(): void;
}

/**
 * The bytes of objects and parts: one immutable file each, under a name that says nothing. Bytes arrive in `incoming/` and are renamed
 * into `objects/` right before the index names them, so what a crash leaves behind is named by nobody and is swept at the next start.
 */
export interface DataFiles {
  pathOf(file: string): string;
  /** All bytes of a small file, at once: faster than the thread pool, and no file stays open. */
  read(file: string): Uint8Array;
  /** Writes bytes that are already in memory. */
  write(bytes: readonly Uint8Array[]): Incoming;
  /** Writes chunks as they arrive; what is thrown on the way leaves nothing behind. */
  stream(chunks: AsyncIterable<Uint8Array>): Promise<Incoming>;
  /** The same bytes under another name: no byte is copied. */
  link(file: string): Incoming;
  /** The parts' bytes as one file. A crash or failure on the way leaves every part as it was. */
  join(parts: readonly { readonly file: string; readonly size: number }[]): Promise<Incoming>;
  /** Takes over a file from outside this store, on the same file system. */
  adopt(path: string): Incoming;
  /** Deletes a file nobody names any more, as soon as nobody holds it. */
  remove(file: string): void;
  /** Keeps a file's path valid, even when its object is overwritten or deleted, until the answer is called. */
  hold(file: string): () => void;
  /** Deletes every file that `named` does not know. For the start, when nothing is under way. */
  sweep(named: ReadonlySet<string>): void;
}

/** Written at once: enough to make each write worth its system call, little enough to stay flat with many uploads. */
const WRITE_BYTES = 1024 * 1024;

const COPY_BYTES = 4 * 1024 * 1024;

export function openDataFiles(directory: string, ids: Ids): DataFiles {
  const incoming = join(directory, 'incoming');
  const objects = join(directory, 'objects');
  for (const folder of [incoming, objects]) mkdirSync(folder, { recursive: true });
  const holders = new Map<string, number>();
  const doomed = new Set<string>();
  const pathOf = (file: string): string => join(objects, file);

  const arrived = (file: string): Incoming => ({
    keep: () => {
      renameSync(join(incoming, file), pathOf(file));
      return file;
    },
    discard: () => rmSync(join(incoming, file), { force: true }),
  });

  return {
    pathOf,
    read: (file) => readFileSync(pathOf(file)),
    write: (bytes) => {
      const file = ids.uuid();
      const [only] = bytes;
      writeFileSync(join(incoming, file), only && bytes.length === 1 ? only : Buffer.concat(bytes), { flag: 'wx' });
      return arrived(file);
    },
    stream: async (chunks) => {
      const file = ids.uuid();
      const handle = await open(join(incoming, file), 'wx');
      let done = false;
      try {
        let batch: Uint8Array[] = [];
        let size = 0;
        let writing: Promise<unknown> = Promise.resolve();
        for await (const chunk of chunks) {
          batch.push(chunk);
          size += chunk.byteLength;
          if (size < WRITE_BYTES) continue;
          await writing;
          writing = writeAll(handle, batch);
          // Awaited at the next turn; until then a failure is not an unhandled one.
          writing.catch(() => undefined);
          batch = [];
          size = 0;
        }
        await writing;
        await writeAll(handle, batch);
        done = true;
      } finally {
        await handle.close();
        if (!done) arrived(file).discard();
      }
      return arrived(file);
    },
    link: (source) => {
      const file = ids.uuid();
      linkSync(pathOf(source), join(incoming, file));
      return arrived(file);
    },
    join: async (parts) => {
      const [first, ...rest] = parts;
      const file = ids.uuid();
      const path = join(incoming, file);
      if (!first) throw new RangeError('no parts to join');
      // The first part grows into the object: half of a two-part upload, and all of a single part, is never copied. Until the index
      // names the result, a part is the first `size` bytes of its file.
      linkSync(pathOf(first.file), path);
      let done = false;
      try {
        const target = await open(path, 'r+');
        try {
          await target.truncate(first.size);
          let at = first.size;
          for (const part of rest) at = await append(target, at, pathOf(part.file), part.size);
        } finally {
          await target.close();
        }
        done = true;
      } finally {
        if (!done) rmSync(path, { force: true });
      }
      return arrived(file);
    },
    adopt: (path) => {
      const file = ids.uuid();
      renameSync(path, join(incoming, file));
      return arrived(file);
    },
    remove: (file) => {
      if (holders.has(file)) doomed.add(file);
      else rmSync(pathOf(file), { force: true });
    },
    hold: (file) => {
      holders.set(file, (holders.get(file) ?? 0) + 1);
      let released = false;
      return () => {
        if (released) return;
        released = true;
        const left = (holders.get(file) ?? 1) - 1;
        if (left > 0) holders.set(file, left);
        else {
          holders.delete(file);
          if (doomed.delete(file)) rmSync(pathOf(file), { force: true });
        }
      };
    },
    sweep: (named) => {
      for (const file of readdirSync(incoming)) unlinkSync(join(incoming, file));
      for (const file of readdirSync(objects)) if (!named.has(file)) unlinkSync(pathOf(file));
    },
  };
}

/** Copies the first `size` bytes of a file to `at` of another; answers where they end. */
async function append(target: FileHandle, at: number, path: string, size: number): Promise<number> {
  const end = at + size;
  let position = at;
  const source = await open(path, 'r');
  try {
    const buffer = Buffer.allocUnsafe(COPY_BYTES);
    while (position < end) {
      const { bytesRead } = await source.read(buffer, 0, Math.min(buffer.length, end - position));
      if (bytesRead === 0) throw new Error(`part file ${path} is shorter than its ${size} bytes`);
      for (let written = 0; written < bytesRead;) {
        const { bytesWritten } = await target.write(buffer, written, bytesRead - written, position);
        written += bytesWritten;
        position += bytesWritten;
      }
    }
    return end;
  } finally {
    await source.close();
  }
}

async function writeAll(handle: FileHandle, batch: readonly Uint8Array[]): Promise<void> {
  if (batch.length === 0) return;
  const size = batch.reduce((sum, chunk) => sum + chunk.byteLength, 0);
  const { bytesWritten } = await handle.writev(batch);
  // A disk that fills up writes less than it was asked to.
  if (bytesWritten !== size) await handle.writeFile(Buffer.concat(batch).subarray(bytesWritten));
}

/** Opens a file in the same turn in which its index row was read, so that a deletion cannot come between the two. */
export function openNow(path: string): { readonly fd: number; close(): void } {
  const fd = openSync(path, 'r');
  return { fd, close: () => closeSync(fd) };
}

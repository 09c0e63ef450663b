import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { open, rm, type FileHandle } from 'node:fs/promises';
import type { Field } from '@aws-sdk/client-redshift-data';
import { RESULT_PAGE_BYTES } from './limits.ts';

/** Bytes gathered before they are written. */
const BUFFER_BYTES = 256 * 1024;

/** A result of no more than this is kept with its statement: a file of its own takes longer than the statement. */
const LARGEST_INLINE_BYTES = 4 * 1024;

/**
 * A result on disk: one row a line, each line the JSON of its fields as the wire has them. Rows never gather in memory, and a page is
 * read from where the last one ended. What fits the buffer, and every page, takes one turn of the event loop: less than a trip to the
 * thread pool.
 */
export class ResultWriter {
  #file: FileHandle | undefined;
  readonly #path: string;
  #pending: Buffer[] = [];
  #pendingBytes = 0;

  constructor(path: string) {
    this.#path = path;
  }

  /** Rows, each with its line end. */
  add(lines: Buffer): void {
    this.#pending.push(lines);
    this.#pendingBytes += lines.length;
  }

  /** Bytes that may be added before it is full. */
  get space(): number {
    return BUFFER_BYTES - this.#pendingBytes;
  }

  get full(): boolean {
    return this.space <= 0;
  }

  async flush(): Promise<void> {
    if (this.#pending.length === 0) return;
    const lines = this.#take();
    this.#file ??= await open(this.#path, 'w');
    await this.#file.writeFile(lines);
  }

  /** @returns the result itself, where it is so small that there is no file. */
  async close(): Promise<string | undefined> {
    if (this.#file === undefined) {
      const inline = this.#pendingBytes <= LARGEST_INLINE_BYTES;
      const lines = this.#take();
      if (inline) return lines.toString();
      writeFileSync(this.#path, lines);
      return undefined;
    }
    await this.flush();
    await this.#file.close();
    return undefined;
  }

  /** Instead of {@link close}, or after it has failed. */
  async discard(): Promise<void> {
    await this.#file?.close();
    await removeResult(this.#path);
  }

  #take(): Buffer {
    const lines = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    return lines;
  }
}

export interface ResultPage {
  /** A list of rows, as the wire has it. */
  readonly json: string;
  /** Where the next page begins; undefined after the last. */
  readonly next: number | undefined;
}

/** A result that has no file is one page. */
export function inlinePage(text: string): ResultPage {
  return { json: listOf(text.slice(0, -1)), next: undefined };
}

/** Reads the rows from `offset` on: as many as fit a page, one at least. */
export function readPage(path: string, offset: number): ResultPage {
  const file = openSync(path, 'r');
  try {
    const { size } = fstatSync(file);
    let length = Math.min(RESULT_PAGE_BYTES, size - offset);
    for (;;) {
      if (length <= 0) return { json: '[]', next: undefined };
      const buffer = Buffer.allocUnsafe(length);
      const bytes = readSync(file, buffer, 0, length, offset);
      const end = buffer.lastIndexOf(0x0a, bytes - 1);
      if (end < 0) {
        // A row larger than a page.
        length = Math.min(length * 2, size - offset);
        continue;
      }
      const next = offset + end + 1;
      return { json: listOf(buffer.toString('utf8', 0, end)), next: next < size ? next : undefined };
    }
  } finally {
    closeSync(file);
  }
}

export function removeResult(path: string): Promise<void> {
  return rm(path, { force: true });
}

function listOf(lines: string): string {
  return `[${lines.replaceAll('\n', ',')}]`;
}

/** A page's rows. Whole numbers beyond what a double holds come back as bigints, blobs as bytes. */
export function pageRows(json: string): Field[][] {
  // A reviver costs more than the parsing itself, and few results need it.
  return (SPECIAL.test(json) ? JSON.parse(json, revive) : JSON.parse(json)) as Field[][];
}

const SPECIAL = /"longValue":-?\d{16}|"blobValue":/;

function revive(key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (key === 'longValue' && typeof value === 'number' && !Number.isSafeInteger(value))
    return BigInt(context?.source ?? value);
  if (key === 'blobValue' && typeof value === 'string') return Buffer.from(value, 'base64');
  return value;
}

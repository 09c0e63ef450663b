import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readContent } from './content.ts';
import { inspectFile, type FileInspector } from './file-inspector.ts';
import type { Load } from './load.ts';
import type { SourceFile } from './source-files.ts';

/** A file DuckDB can read in parallel. */
export interface PreparedFile<T> {
  readonly file: SourceFile;
  /** The file itself, or its decompressed copy. */
  readonly path: string;
  /** What the inspector of the file found. */
  readonly found: Promise<T>;
}

/** Files loaded by one statement. */
export type Group<T> = readonly PreparedFile<T>[];

/** While one group loads, the next is decompressed; a group needs about this much of the disk, a few times over. */
const GROUP_BYTES = { plain: 2 ** 31, compressed: 2 ** 26 };

/** Files decompressed at the same time: each takes a thread. */
const CONCURRENT = 2;

/** The load's files, in order, in groups of bounded size. */
export function groupFiles({ files, statement }: Load): readonly (readonly SourceFile[])[] {
  const limit = statement.options.compression === 'none' ? GROUP_BYTES.plain : GROUP_BYTES.compressed;
  const groups: SourceFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (bytes + file.bytes > limit) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(file);
    bytes += file.bytes;
  }
  return groups;
}

/**
 * Decompresses a group's files; the inspection of plain ones goes on meanwhile.
 * @throws UnreadableContent
 */
export async function prepareGroup<T>(
  group: readonly SourceFile[],
  load: Load,
  inspector: () => FileInspector<T>,
  signal: AbortSignal,
): Promise<Group<T>> {
  const prepared: PreparedFile<T>[] = [];
  for (let at = 0; at < group.length; at += CONCURRENT)
    prepared.push(
      ...(await Promise.all(
        group.slice(at, at + CONCURRENT).map((file) => prepareFile(file, load, inspector(), signal)),
      )),
    );
  return prepared;
}

async function prepareFile<T>(
  file: SourceFile,
  load: Load,
  inspector: FileInspector<T>,
  signal: AbortSignal,
): Promise<PreparedFile<T>> {
  const { compression, encoding } = load.statement.options;
  if (compression === 'none') {
    const found = inspectFile(file.path, inspector, signal);
    // Whoever awaits it learns of its failure; until then nobody does.
    found.catch(() => undefined);
    return { file, path: file.path, found };
  }
  const path = join(load.directory, `file-${load.files.indexOf(file)}`);
  const inspected = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of readContent(file.path, compression, encoding, signal)) {
      inspector.take(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.from(inspected()), createWriteStream(path));
  return { file, path, found: Promise.resolve(inspector.end()) };
}

/** Removes decompressed copies. */
export async function removeCopies(group: Group<unknown>): Promise<void> {
  for (const { file, path } of group) if (path !== file.path) await rm(path, { force: true });
}

import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readContent } from './content.ts';
import { inspectChunks, inspectFile, type FileInspector } from './file-inspector.ts';
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

/** DuckDB keeps something of every file until the last one is read: ten thousand are more than 256 MB hold. */
const MOST_FILES = 1000;

/** Files decompressed at the same time: each takes a thread. */
const CONCURRENT = 2;

/** The load's files, in order, in groups of bounded size. */
export function groupFiles({
  files,
  statement,
}: Pick<Load, 'files' | 'statement'>): readonly (readonly SourceFile[])[] {
  const limit = statement.options.compression === 'none' ? GROUP_BYTES.plain : GROUP_BYTES.compressed;
  const groups: SourceFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (bytes + file.bytes > limit || groups.at(-1)?.length === MOST_FILES) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)?.push(file);
    bytes += file.bytes;
  }
  return groups;
}

/** Files inspected at the same time, of as many as there are. */
const INSPECTED = 4;

/**
 * Decompresses a group's files, unless `asTheyAre` leaves gzip to DuckDB; the inspection of what is not decompressed goes on meanwhile.
 * @throws UnreadableContent
 */
export async function prepareGroup<T>(
  group: readonly SourceFile[],
  load: Load,
  inspector: () => FileInspector<T>,
  signal: AbortSignal,
  asTheyAre = false,
): Promise<Group<T>> {
  const { compression } = load.statement.options;
  if (compression === 'none' || (asTheyAre && compression === 'gzip')) return inspected(group, load, inspector, signal);
  const prepared: PreparedFile<T>[] = [];
  for (let at = 0; at < group.length; at += CONCURRENT)
    prepared.push(
      ...(await Promise.all(
        group.slice(at, at + CONCURRENT).map((file) => decompressed(file, load, inspector(), signal)),
      )),
    );
  return prepared;
}

function inspected<T>(
  group: readonly SourceFile[],
  { statement }: Load,
  inspector: () => FileInspector<T>,
  signal: AbortSignal,
): Group<T> {
  const { compression, encoding } = statement.options;
  const before: Promise<unknown>[] = [];
  return group.map((file, index) => {
    const inspect = (): Promise<T> =>
      compression === 'none'
        ? inspectFile(file.path, inspector(), signal)
        : inspectChunks(readContent(file.path, compression, encoding, signal), inspector());
    const found = (before[index % INSPECTED] ?? Promise.resolve()).then(inspect);
    // Whoever awaits it learns of its failure; until then nobody does.
    before[index % INSPECTED] = found.catch(() => undefined);
    return { file, path: file.path, found };
  });
}

async function decompressed<T>(
  file: SourceFile,
  load: Load,
  inspector: FileInspector<T>,
  signal: AbortSignal,
): Promise<PreparedFile<T>> {
  const { compression, encoding } = load.statement.options;
  const path = join(load.directory, `file-${load.files.indexOf(file)}`);
  const looking = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of readContent(file.path, compression, encoding, signal)) {
      inspector.take(chunk);
      yield chunk;
    }
  };
  await pipeline(Readable.from(looking()), createWriteStream(path));
  return { file, path, found: Promise.resolve(inspector.end()) };
}

/** Removes decompressed copies. */
export async function removeCopies(group: Group<unknown>): Promise<void> {
  for (const { file, path } of group) if (path !== file.path) await rm(path, { force: true });
}

import { createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readContent } from './content.ts';
import type { Compression } from './copy-options.ts';
import { notSupported } from './failure.ts';
import type { SourceFile } from './source-files.ts';

/** What a Parquet file begins with. */
const MAGIC = 'PAR1';

const COMPRESSIONS: Readonly<Record<string, Compression>> = { gz: 'gzip', bz2: 'bzip2' };

/**
 * A file whose name says that it is compressed as a whole, decompressed in `directory`; any other as it is.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
 * @throws UnreadableContent
 */
export async function plainParquet(file: SourceFile, directory: string, signal: AbortSignal): Promise<SourceFile> {
  const [, extension = ''] = /\.(gz|bz2|snappy)$/i.exec(file.url) ?? [];
  if (extension === '' || (await beginning(file.path)) === MAGIC) return file;
  const compression = COMPRESSIONS[extension.toLowerCase()];
  if (!compression) throw notSupported('COPY of a Parquet file inside Snappy', 'use .gz or .bz2, or Parquet itself');
  const path = join(directory, `parquet-${basename(file.path)}`);
  await pipeline(Readable.from(readContent(file.path, compression, 'utf8', signal)), createWriteStream(path));
  return { ...file, path };
}

async function beginning(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    return buffer.toString('latin1', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

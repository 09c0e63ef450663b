import { open } from 'node:fs/promises';
import type { Format } from '../../src/manifest/manifest.ts';

/** What a data file is by its first bytes. */
type ContentKind = 'gzip' | 'zstd' | 'Parquet' | 'text';

export interface Mismatch {
  readonly found: ContentKind;
  readonly expected: ContentKind;
}

const LONGEST_SIGNATURE = 4;

/**
 * What a file holds that its format has no use for; undefined where nothing speaks against it, as of an empty file.
 * COPY finds this out too, once everything is copied and a cluster is there.
 */
export async function otherContent(path: string, format: Format): Promise<Mismatch | undefined> {
  const found = await contentKind(path);
  const expected = expectedOf(format);
  // A line of text may begin with any letters; Parquet's signature is four of them.
  if (found === undefined || found === expected || (found === 'Parquet' && expected === 'text')) return undefined;
  return { found, expected };
}

function expectedOf(format: Format): ContentKind {
  if (format.type === 'parquet') return 'Parquet';
  return format.compression === 'none' ? 'text' : format.compression;
}

/** Signatures: RFC 1952, 2.3.1; RFC 8878, 3.1.1 and 3.1.2 (skippable frames); https://parquet.apache.org/docs/file-format/ (PARE: encrypted footer). */
async function contentKind(path: string): Promise<ContentKind | undefined> {
  const hex = (await firstBytes(path)).toString('hex');
  if (hex === '') return undefined;
  if (hex.startsWith('1f8b')) return 'gzip';
  if (/^(28b52ffd|5[0-9a-f]2a4d18)$/.test(hex)) return 'zstd';
  return hex === '50415231' || hex === '50415245' ? 'Parquet' : 'text';
}

async function firstBytes(path: string): Promise<Buffer> {
  await using file = await open(path);
  const { bytesRead, buffer } = await file.read(Buffer.alloc(LONGEST_SIGNATURE), 0, LONGEST_SIGNATURE, 0);
  return buffer.subarray(0, bytesRead);
}

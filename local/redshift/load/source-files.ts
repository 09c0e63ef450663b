import { readFile } from 'node:fs/promises';
import type { CopyStatement } from './copy-statement.ts';
import { failure } from './failure.ts';
import type { ObjectFiles, SourceObject } from './ports.ts';
import { parseS3Address, s3Url } from './s3-address.ts';

/** A file COPY reads. */
export interface SourceFile {
  /** `s3://bucket/key`. */
  readonly url: string;
  readonly path: string;
  readonly bytes: number;
  /** Lets go of the file. */
  readonly release: () => void;
}

/** @throws RedshiftError where nothing is there, or not what the manifest promises. */
export async function sourceFiles(objects: ObjectFiles, statement: CopyStatement): Promise<readonly SourceFile[]> {
  const files = statement.options.manifest
    ? await manifestFiles(objects, statement)
    : await prefixFiles(objects, statement.source);
  // A key that ends in a slash and holds nothing marks a folder.
  return files.filter(({ url, bytes }) => bytes > 0 || !url.endsWith('/'));
}

/** Objects looked up before other work of the process gets its turn. */
const FILES_IN_ONE_GO = 200;

async function prefixFiles(objects: ObjectFiles, source: string): Promise<readonly SourceFile[]> {
  const { bucket, key: prefix } = parseS3Address(source);
  const found = inBucket(() => objects.list(bucket, prefix));
  const files: SourceFile[] = [];
  try {
    for (const [index, { key }] of found.entries()) {
      if (index % FILES_IN_ONE_GO === FILES_IN_ONE_GO - 1) await new Promise(setImmediate);
      const file = objects.file(bucket, key);
      if (file) files.push(held(objects, s3Url({ bucket, key }), file));
    }
  } catch (error) {
    for (const file of files) file.release();
    throw error;
  }
  if (files.length === 0) throw failure(`The specified S3 prefix '${prefix}' does not exist`);
  return files;
}

function held(objects: ObjectFiles, url: string, file: SourceObject): SourceFile {
  return { url, path: file.path, bytes: file.size, release: objects.hold(file) };
}

interface ManifestEntry {
  readonly url: string;
  readonly mandatory: boolean;
  readonly bytes: number | undefined;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/loading-data-files-using-manifest.html */
async function manifestFiles(objects: ObjectFiles, { source, options }: CopyStatement): Promise<readonly SourceFile[]> {
  const entries = await readManifest(objects, source);
  const files: SourceFile[] = [];
  for (const { url, mandatory, bytes } of entries) {
    const { bucket, key } = parseS3Address(url);
    const file = inBucket(() => objects.file(bucket, key));
    if (!file) {
      if (mandatory) throw failure(`Problem reading manifest file - Mandatory url ${url} does not exist`);
      continue;
    }
    if (bytes === undefined && options.format === 'parquet')
      throw failure(
        `Problem reading manifest file - meta.content_length is required for PARQUET, but missing for ${url}`,
      );
    if (bytes !== undefined && bytes !== file.size)
      throw failure(`Problem reading manifest file - ${url} has ${file.size} bytes, meta.content_length says ${bytes}`);
    files.push(held(objects, url, file));
  }
  // Whatever `mandatory` says, a load that finds no file at all fails.
  if (files.length === 0) throw failure(`Problem reading manifest file - none of the files of ${source} exists`);
  return files;
}

async function readManifest(objects: ObjectFiles, source: string): Promise<readonly ManifestEntry[]> {
  const { bucket, key } = parseS3Address(source);
  const manifest = inBucket(() => objects.file(bucket, key));
  if (!manifest && (key === '' || objects.list(bucket, key).length > 0))
    throw failure('COPY with MANIFEST parameter requires full path of an S3 object.');
  if (!manifest)
    throw failure(
      'Problem reading manifest file - S3ServiceException:The specified key does not exist.,Status 404,Error NoSuchKey',
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse((await readFile(manifest.path, 'utf8')).replace(/^\uFEFF/, ''));
  } catch {
    throw failure(`Manifest file is not in correct json format: ${source}`);
  }
  const entries = isRecord(parsed) ? parsed['entries'] : undefined;
  if (!Array.isArray(entries) || entries.length === 0)
    throw failure(`Manifest file is not in correct json format: ${source} has no list of entries`);
  return entries.map((entry: unknown, index) => manifestEntry(entry, `entry ${index + 1} of ${source}`));
}

function manifestEntry(entry: unknown, where: string): ManifestEntry {
  const malformed = (what: string): never => {
    throw failure(`Manifest file is not in correct json format: ${where} ${what}`);
  };
  if (!isRecord(entry)) return malformed('is not an object');
  const { url, mandatory = false, meta = {} } = entry;
  if (typeof url !== 'string' || !url.startsWith('s3://')) return malformed('has no s3:// url');
  if (typeof mandatory !== 'boolean') return malformed('has a mandatory that is neither true nor false');
  if (!isRecord(meta)) return malformed('has a meta that is not an object');
  const bytes = meta['content_length'];
  if (bytes !== undefined && !Number.isSafeInteger(bytes)) return malformed('has a content_length that is no integer');
  return { url, mandatory, bytes: bytes as number | undefined };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The store's own error for a bucket that does not exist becomes Redshift's. */
function inBucket<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === 'NoSuchBucket')
      throw failure('S3ServiceException:The specified bucket does not exist,Status 404,Error NoSuchBucket');
    throw error;
  }
}

import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { GetObjectOutput, GetObjectRequest, HeadObjectRequest } from '@aws-sdk/client-s3';
import { held, type Clock } from '../../kernel/index.ts';
import { checksumMembers } from '../checksums/algorithms.ts';
import { versionMember } from '../commit.ts';
import { checkRead } from '../conditions.ts';
import { invalidArgument, s3Error } from '../errors.ts';
import { metaMembers } from '../object-meta.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import { openNow } from '../store/data-files.ts';
import type { Bucket, ObjectVersion } from '../store/rows.ts';

const OVERRIDES = [
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'ContentType',
  'Expires',
] as const;

const MEMBERS = [
  'Key',
  'VersionId',
  'Range',
  'PartNumber',
  'ChecksumMode',
  'IfMatch',
  'IfNoneMatch',
  'IfModifiedSince',
  'IfUnmodifiedSince',
  ...OVERRIDES.map((member) => `Response${member}`),
];

/** The version an input names, or the current one. */
export function findVersion({ store }: S3, bucket: Bucket, key: string, versionId: string | undefined): ObjectVersion {
  if (versionId === undefined) {
    const current = store.versions.current(bucket.name, key);
    if (!current) throw s3Error('NoSuchKey', { Key: key });
    if (current.deleteMarker)
      throw s3Error('NoSuchKey', { Key: key, DeleteMarker: true, ...versionMember(bucket, current) });
    return current;
  }
  if (!/^[\w.-]{1,1024}$/.test(versionId))
    throw invalidArgument('versionId', versionId, 'Invalid version id specified');
  const version = store.versions.find(bucket.name, key, versionId);
  if (!version) throw s3Error('NoSuchVersion', { Key: key, VersionId: versionId });
  if (version.deleteMarker)
    throw s3Error('MethodNotAllowed', {
      Method: 'GET',
      ResourceType: 'DeleteMarker',
      DeleteMarker: true,
      VersionId: versionId,
    });
  return version;
}

/** Bytes `start` up to but not including `end` of an object. */
interface Slice {
  readonly start: number;
  readonly end: number;
}

interface Found {
  readonly version: ObjectVersion;
  readonly slice: Slice;
  readonly output: GetObjectOutput;
}

function find(s3: S3, operation: string, input: GetObjectRequest | HeadObjectRequest): Found {
  accept(operation, input, MEMBERS);
  const bucket = bucketOf(s3, input);
  const version = findVersion(s3, bucket, input.Key ?? '', input.VersionId);
  checkRead(input, version);
  const { meta, size, tags } = version;
  const slice = sliceOf(input, version);
  const partial = input.Range !== undefined || input.PartNumber !== undefined ? slice : undefined;
  const range = slice ?? { start: 0, end: size };
  const output: Record<string, unknown> = {
    AcceptRanges: 'bytes',
    LastModified: new Date(version.modified),
    ContentLength: range.end - range.start,
    ETag: `"${version.etag}"`,
    ...metaMembers(meta),
    ...versionMember(bucket, version),
    ...(tags.length > 0 ? { TagCount: tags.length } : {}),
    ...(partial ? { ContentRange: `bytes ${range.start}-${range.end - 1}/${size}` } : {}),
    ...(input.PartNumber !== undefined && meta.parts ? { PartsCount: meta.parts.length } : {}),
    ...(input.ChecksumMode === 'ENABLED' && !partial ? checksumMembers(meta.checksum) : {}),
  };
  for (const member of OVERRIDES) {
    const value = input[`Response${member}`];
    if (value !== undefined) output[member] = value;
  }
  return { version, slice: range, output };
}

/** Undefined for the whole object: also where the range does not follow the syntax, as RFC 9110 wants it. */
function sliceOf(
  { Range, PartNumber }: Pick<GetObjectRequest, 'Range' | 'PartNumber'>,
  { size, meta }: ObjectVersion,
): Slice | undefined {
  if (PartNumber !== undefined) {
    if (Range !== undefined)
      throw s3Error('InvalidRequest', {}, 'Cannot specify both Range header and partNumber query parameter');
    const parts = meta.parts ?? [{ number: 1, size }];
    const at = parts.findIndex(({ number }) => number === PartNumber);
    const part = parts[at];
    if (!part) throw s3Error('InvalidPartNumber', { PartNumberRequested: PartNumber, ActualPartCount: parts.length });
    const start = parts.slice(0, at).reduce((sum, before) => sum + before.size, 0);
    return part.size === 0 ? undefined : { start, end: start + part.size };
  }
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(Range?.trim() ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from !== '' && to !== '' && Number(to) < Number(from)) return undefined;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  if (start >= end) throw s3Error('InvalidRange', { RangeRequested: Range, ActualObjectSize: size });
  return { start, end };
}

export function headObject(s3: S3, input: HeadObjectRequest): GetObjectOutput {
  return find(s3, 'HeadObject', input).output;
}

/** Objects up to this size are read at once, which is faster than the thread pool and holds no file open. */
const SMALL_BYTES = 256 * 1024;

function readNow({ store }: S3, { version, slice }: Found): Uint8Array | undefined {
  if (version.size > SMALL_BYTES) return undefined;
  return store.files.read(version.file).subarray(slice.start, slice.end);
}

/** GetObject with its body in memory: for callers in this process. */
export async function getObjectBytes(
  s3: S3,
  input: GetObjectRequest,
): Promise<Omit<GetObjectOutput, 'Body'> & { Body: Uint8Array }> {
  const found = find(s3, 'GetObject', input);
  const small = readNow(s3, found);
  if (small) return { ...found.output, Body: small };
  const { start, end } = found.slice;
  const release = s3.store.files.hold(found.version.file);
  const read = async (): Promise<Uint8Array> => {
    const handle = await open(s3.store.files.pathOf(found.version.file));
    try {
      const bytes = Buffer.allocUnsafe(end - start);
      for (let at = 0; at < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start + at);
        if (bytesRead === 0) throw s3Error('IncompleteBody');
        at += bytesRead;
      }
      return bytes;
    } finally {
      await handle.close();
      release();
    }
  };
  return { ...found.output, Body: await held(s3.cloud.clock, read()) };
}

const READ_BYTES = 1024 * 1024;

/** GetObject with its body as a stream: for the wire. A deletion on the way does not disturb it. */
export function getObjectStream(
  s3: S3,
  input: GetObjectRequest,
): Omit<GetObjectOutput, 'Body'> & { Body: Uint8Array | AsyncIterable<Uint8Array> } {
  const found = find(s3, 'GetObject', input);
  const small = readNow(s3, found);
  if (small) return { ...found.output, Body: small };
  const { fd } = openNow(s3.store.files.pathOf(found.version.file));
  const { start, end } = found.slice;
  const stream = createReadStream('', { fd, start, end: end - 1, highWaterMark: READ_BYTES });
  return { ...found.output, Body: s3.cloud.clock.busy ? readWhileTimeStands(s3.cloud.clock, stream) : stream };
}

async function* readWhileTimeStands(clock: Clock, stream: ReadStream): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  try {
    for (;;) {
      const { done, value } = await held(clock, chunks.next());
      if (done) return;
      yield value;
    }
  } finally {
    stream.destroy();
  }
}

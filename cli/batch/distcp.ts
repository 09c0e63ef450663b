import { createReadStream } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  UploadPartCopyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { contentTags } from './content-tags.ts';

/** Larger objects cannot be copied by one request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const LARGEST_SINGLE_COPY_BYTES = 5 * 1024 ** 3;
const COPY_PART_BYTES = 1024 ** 3;
/** An upload has at most 10,000 parts. https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const MOST_PARTS = 10_000;
const UPLOAD_PART_BYTES = 16 * 1024 ** 2;
/** Tidying up after an interruption takes no longer than this, in ms. */
const TIDY_LIMIT_MS = 5_000;

export interface Transfer {
  readonly s3: S3Client;
  readonly bucket: string;
  readonly signal: AbortSignal;
}

export interface FileToSend {
  readonly path: string;
  readonly key: string;
  readonly bytes: number;
}

/**
 * Sends one file as DistCp without `-direct` does: under a temporary name beside its target, then the rename, which on S3 is copy and
 * delete. A reader never sees half a file under its final name. Interrupted, it leaves nothing under the temporary name.
 * https://hadoop.apache.org/docs/stable/hadoop-distcp/DistCp.html
 */
export async function sendLikeDistCp(transfer: Transfer, file: FileToSend, attempt: string): Promise<void> {
  const at = file.key.lastIndexOf('/') + 1;
  const temporary = `${file.key.slice(0, at)}.distcp.tmp.${attempt}`;
  try {
    await upload(transfer, temporary, createReadStream(file.path), uploadPartBytes(file.bytes));
    await rename(transfer, temporary, file);
  } catch (error) {
    await remove(transfer, temporary, AbortSignal.timeout(TIDY_LIMIT_MS)).catch(() => {});
    throw error;
  }
}

/** The step that gives a file its final name was sent, and what became of it is not known: its answer was lost. */
export class ArrivalUnknown extends Error {
  override readonly name = 'ArrivalUnknown';
}

/**
 * Sends a small text as `hadoop fs -put` does, which is how the manifest goes last. Once it is uploaded it is also renamed, whatever is
 * interrupted: nobody has to guess whether it arrived.
 * @throws ArrivalUnknown where nobody can know
 */
export async function sendLikePut(transfer: Transfer, key: string, text: Buffer): Promise<void> {
  const temporary = `${key}._COPYING_`;
  const toTheEnd = { ...transfer, signal: AbortSignal.timeout(60_000) };
  try {
    await upload(transfer, temporary, text, UPLOAD_PART_BYTES);
    await copy(toTheEnd, temporary, { key, bytes: text.length }).catch((error: unknown) => {
      const { httpStatusCode = 0 } = (error as { readonly $metadata?: { httpStatusCode?: number } }).$metadata ?? {};
      if (httpStatusCode >= 400 && httpStatusCode < 500) throw error;
      throw new ArrivalUnknown((error as Error).message, { cause: error });
    });
  } finally {
    // What could not be removed is in nobody's way: the text itself is there or it is not.
    await remove(transfer, temporary, AbortSignal.timeout(TIDY_LIMIT_MS)).catch(() => {});
  }
}

/** Whether the very content is there already, as `distcp -update` asks; so an interrupted drop can be repeated, and loads no file as a new one. */
export async function isThere({ s3, bucket, signal }: Transfer, file: FileToSend): Promise<boolean> {
  const head = await s3
    .send(new HeadObjectCommand({ Bucket: bucket, Key: file.key }), { abortSignal: signal })
    .catch((error: unknown) => {
      if ((error as { name?: string }).name === 'NotFound') return undefined;
      throw error;
    });
  if (head?.ContentLength !== file.bytes) return false;
  const tags = await contentTags(file.path, [uploadPartBytes(file.bytes), COPY_PART_BYTES]);
  return tags.has((head.ETag ?? '').replaceAll('"', ''));
}

function uploadPartBytes(bytes: number): number {
  return Math.max(UPLOAD_PART_BYTES, Math.ceil(bytes / MOST_PARTS));
}

async function upload(
  { s3, bucket, signal }: Transfer,
  key: string,
  body: ReturnType<typeof createReadStream> | Buffer,
  partSize: number,
): Promise<void> {
  signal.throwIfAborted();
  const sending = new Upload({ client: s3, partSize, params: { Bucket: bucket, Key: key, Body: body } });
  const abort = (): void => void sending.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await sending.done();
  } finally {
    signal.removeEventListener('abort', abort);
    if (!Buffer.isBuffer(body)) body.destroy();
  }
}

async function rename(transfer: Transfer, temporary: string, file: Omit<FileToSend, 'path'>): Promise<void> {
  await copy(transfer, temporary, file);
  await remove(transfer, temporary, transfer.signal);
}

async function copy(transfer: Transfer, temporary: string, file: Omit<FileToSend, 'path'>): Promise<void> {
  const { s3, bucket, signal } = transfer;
  const source = `${bucket}/${temporary.split('/').map(encodeURIComponent).join('/')}`;
  if (file.bytes <= LARGEST_SINGLE_COPY_BYTES)
    await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: file.key, CopySource: source }), {
      abortSignal: signal,
    });
  else await copyInParts(transfer, file, source);
}

async function remove({ s3, bucket }: Transfer, key: string, signal: AbortSignal): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }), { abortSignal: signal });
}

async function copyInParts(
  { s3, bucket, signal }: Transfer,
  file: Omit<FileToSend, 'path'>,
  source: string,
): Promise<void> {
  const target = { Bucket: bucket, Key: file.key };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  try {
    const parts = [];
    for (let start = 0, part = 1; start < file.bytes; start += COPY_PART_BYTES, part++) {
      const end = Math.min(start + COPY_PART_BYTES, file.bytes) - 1;
      const { CopyPartResult } = await s3.send(
        new UploadPartCopyCommand({
          ...target,
          UploadId,
          PartNumber: part,
          CopySource: source,
          CopySourceRange: `bytes=${start}-${end}`,
        }),
        { abortSignal: signal },
      );
      parts.push({ PartNumber: part, ETag: CopyPartResult?.ETag });
    }
    await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload: { Parts: parts } }));
  } catch (error) {
    await s3.send(new AbortMultipartUploadCommand({ ...target, UploadId }));
    throw error;
  }
}

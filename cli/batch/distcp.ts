import { createReadStream } from 'node:fs';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  UploadPartCopyCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';

/** Larger objects cannot be copied by one request. https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html */
const LARGEST_SINGLE_COPY_BYTES = 5 * 1024 ** 3;
const COPY_PART_BYTES = 1024 ** 3;

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
 * delete. A reader never sees half a file under its final name.
 * https://hadoop.apache.org/docs/stable/hadoop-distcp/DistCp.html
 */
export async function sendLikeDistCp(transfer: Transfer, file: FileToSend, attempt: string): Promise<void> {
  const at = file.key.lastIndexOf('/') + 1;
  await sendByRename(transfer, file, `${file.key.slice(0, at)}.distcp.tmp.${attempt}`);
}

/** Sends one file as `hadoop fs -put` does, which is how the manifest goes last. */
export function sendLikePut(transfer: Transfer, file: FileToSend): Promise<void> {
  return sendByRename(transfer, file, `${file.key}._COPYING_`);
}

async function sendByRename({ s3, bucket, signal }: Transfer, file: FileToSend, temporaryKey: string): Promise<void> {
  const upload = new Upload({
    client: s3,
    params: { Bucket: bucket, Key: temporaryKey, Body: createReadStream(file.path) },
  });
  const abort = (): void => void upload.abort();
  signal.addEventListener('abort', abort, { once: true });
  try {
    await upload.done();
  } finally {
    signal.removeEventListener('abort', abort);
  }
  const source = `${bucket}/${temporaryKey.split('/').map(encodeURIComponent).join('/')}`;
  if (file.bytes <= LARGEST_SINGLE_COPY_BYTES)
    await s3.send(new CopyObjectCommand({ Bucket: bucket, Key: file.key, CopySource: source }), {
      abortSignal: signal,
    });
  else await copyInParts({ s3, bucket, signal }, file, source);
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: temporaryKey }), { abortSignal: signal });
}

async function copyInParts({ s3, bucket, signal }: Transfer, file: FileToSend, source: string): Promise<void> {
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

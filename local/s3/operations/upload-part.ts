import { createReadStream } from 'node:fs';
import type {
  UploadPartCopyOutput,
  UploadPartCopyRequest,
  UploadPartOutput,
  UploadPartRequest,
} from '@aws-sdk/client-s3';
import { invalidArgument, s3Error } from '../errors.ts';
import { LARGEST_PUT_BYTES, receive, type Body, type Received } from '../receive.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import type { Part, Upload } from '../store/rows.ts';
import { COPY_SOURCE_MEMBERS, copySourceOf } from './copy-object.ts';
import { CHECKSUM_MEMBERS } from './put-object.ts';
import type { Turns } from './turns.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const LAST_PART_NUMBER = 10_000;

/** @throws AwsError `NoSuchUpload`. */
export function uploadOf(
  { store }: S3,
  input: {
    readonly Bucket: string | undefined;
    readonly Key: string | undefined;
    readonly UploadId: string | undefined;
  },
): Upload {
  const upload = store.uploads.get(input.UploadId ?? '');
  if (!upload || upload.bucket !== input.Bucket || upload.key !== input.Key)
    throw s3Error('NoSuchUpload', { UploadId: input.UploadId ?? '' });
  return upload;
}

type UploadPartInput = Omit<UploadPartRequest, 'Body'> & { readonly Body?: Body };

export async function uploadPart(s3: S3, turns: Turns, input: UploadPartInput): Promise<UploadPartOutput> {
  accept('UploadPart', input, ['Key', 'UploadId', 'PartNumber', 'Body', ...CHECKSUM_MEMBERS]);
  bucketOf(s3, input);
  const number = partNumber(input.PartNumber);
  const upload = uploadOf(s3, input);
  const { Body: body, ContentMD5, ChecksumAlgorithm, ...rest } = input;
  const received = await receive(
    s3.store.files,
    s3.cloud.clock,
    {
      ...rest,
      ...(body === undefined ? {} : { Body: body }),
      ...(ContentMD5 === undefined ? {} : { ContentMD5 }),
      ...(ChecksumAlgorithm === undefined ? {} : { ChecksumAlgorithm }),
    },
    upload.algorithm,
  );
  const { checksum } = received;
  if (upload.algorithm && checksum?.algorithm !== upload.algorithm) {
    received.incoming.discard();
    throw s3Error(
      'InvalidRequest',
      {},
      `Checksum Type mismatch occurred, expected checksum Type: ${upload.algorithm.toLowerCase()}, actual checksum Type: ${checksum?.algorithm.toLowerCase() ?? 'null'}`,
    );
  }
  const part = await keepPart(s3, turns, input, number, received);
  return { ETag: `"${part.etag}"`, ...(checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {}) };
}

const COPY_MEMBERS = ['Key', 'UploadId', 'PartNumber', 'CopySourceRange', ...COPY_SOURCE_MEMBERS];

export async function uploadPartCopy(
  s3: S3,
  turns: Turns,
  input: UploadPartCopyRequest,
): Promise<UploadPartCopyOutput> {
  accept('UploadPartCopy', input, COPY_MEMBERS);
  bucketOf(s3, input);
  const number = partNumber(input.PartNumber);
  const upload = uploadOf(s3, input);
  const source = copySourceOf(s3, input);
  const { start, end } = copyRange(input.CopySourceRange, source.version.size);
  const { files } = s3.store;
  const release = files.hold(source.version.file);
  let received: Received;
  try {
    const chunks = end > start ? createReadStream(files.pathOf(source.version.file), { start, end: end - 1 }) : none();
    received = await receive(files, s3.cloud.clock, { Body: { chunks, length: end - start } }, upload.algorithm);
  } finally {
    release();
  }
  const part = await keepPart(s3, turns, input, number, received);
  const { checksum } = received;
  return {
    CopyPartResult: {
      ETag: `"${part.etag}"`,
      LastModified: new Date(part.modified),
      ...(checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {}),
    },
    ...(source.bucket.versioning === undefined ? {} : { CopySourceVersionId: source.version.versionId }),
  };
}

/** In the upload's turn: it may have been completed or aborted while the bytes came in. */
async function keepPart(
  s3: S3,
  turns: Turns,
  input: Parameters<typeof uploadOf>[1],
  number: number,
  { incoming, size, md5, checksum }: Received,
): Promise<Part> {
  const { store, cloud } = s3;
  try {
    return await turns.take(input.UploadId ?? '', async () => {
      const { id, algorithm } = uploadOf(s3, input);
      const file = incoming.keep();
      const part: Part = {
        number,
        file,
        size,
        etag: md5.toString('hex'),
        modified: cloud.clock.now(),
        ...(checksum && checksum.algorithm === algorithm ? { checksum: checksum.value } : {}),
      };
      const replaced = store.uploads.putPart(id, part);
      if (replaced) store.files.remove(replaced);
      return part;
    });
  } catch (error) {
    incoming.discard();
    throw error;
  }
}

function partNumber(number: number | undefined): number {
  if (number === undefined || !Number.isInteger(number) || number < 1 || number > LAST_PART_NUMBER)
    throw invalidArgument(
      'partNumber',
      number,
      `Part number must be an integer between 1 and ${LAST_PART_NUMBER}, inclusive`,
    );
  return number;
}

function copyRange(range: string | undefined, size: number): { readonly start: number; readonly end: number } {
  if (range === undefined) {
    if (size > LARGEST_PUT_BYTES)
      throw s3Error(
        'InvalidRequest',
        {},
        `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST_PUT_BYTES}`,
      );
    return { start: 0, end: size };
  }
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first === undefined || last === undefined || Number(first) > Number(last))
    throw invalidArgument(
      'x-amz-copy-source-range',
      range,
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
    );
  if (Number(last) >= size)
    throw invalidArgument(
      'x-amz-copy-source-range',
      range,
      `Range specified is not valid for source object of size: ${size}`,
    );
  return { start: Number(first), end: Number(last) + 1 };
}

async function* none(): AsyncGenerator<Uint8Array> {
  // An empty source has no bytes to give.
}

import type {
  AbortMultipartUploadRequest,
  CompletedPart,
  CompleteMultipartUploadOutput,
  CompleteMultipartUploadRequest,
  CreateMultipartUploadOutput,
  CreateMultipartUploadRequest,
} from '@aws-sdk/client-s3';
import { held, type CallContext, type Operation, type Operations } from '../../kernel/index.ts';
import {
  checksumMembers,
  givenChecksum,
  multipartChecksum,
  toAlgorithm,
  type Algorithm,
  type ChecksumType,
} from '../checksums/algorithms.ts';
import { createHash } from 'node:crypto';
import { commitObject, versionMember } from '../commit.ts';
import { checkWrite } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import { checkKey } from '../names.ts';
import { encryptionMembers, META_MEMBERS, metaOf, tagsOf } from '../object-meta.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import type { Part, Upload } from '../store/rows.ts';
import { listMultipartUploads, listParts } from './list-uploads.ts';
import { CHECKSUM_MEMBERS } from './put-object.ts';
import { createTurns, type Turns } from './turns.ts';
import { uploadOf, uploadPart, uploadPartCopy } from './upload-part.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
const SMALLEST_PART_BYTES = 5 * 1024 ** 2;
const UPLOAD_ID_DIGITS = 64;

export function multipartOperations(s3: S3): Operations {
  const turns = createTurns();
  const complete: Operation<CompleteMultipartUploadRequest, unknown> = (input, context) =>
    turns.take(input.UploadId ?? '', () => completeMultipartUpload(s3, input, context));
  const abort: Operation<AbortMultipartUploadRequest, unknown> = (input) =>
    turns.take(input.UploadId ?? '', async () => abortMultipartUpload(s3, input));
  return {
    CreateMultipartUpload: (input: CreateMultipartUploadRequest) => createMultipartUpload(s3, input),
    UploadPart: (input: Parameters<typeof uploadPart>[2]) => uploadPart(s3, turns, input),
    UploadPartCopy: (input: Parameters<typeof uploadPartCopy>[2]) => uploadPartCopy(s3, turns, input),
    CompleteMultipartUpload: complete,
    AbortMultipartUpload: abort,
    ListParts: (input: Parameters<typeof listParts>[1]) => listParts(s3, input),
    ListMultipartUploads: (input: Parameters<typeof listMultipartUploads>[1]) => listMultipartUploads(s3, input),
  };
}

export type { Turns };

function createMultipartUpload(s3: S3, input: CreateMultipartUploadRequest): CreateMultipartUploadOutput {
  accept('CreateMultipartUpload', input, ['Key', 'ChecksumType', ...META_MEMBERS]);
  const { name } = bucketOf(s3, input);
  const key = input.Key ?? '';
  checkKey(key);
  const meta = metaOf(s3, name, input);
  const algorithm = input.ChecksumAlgorithm === undefined ? undefined : toAlgorithm(input.ChecksumAlgorithm);
  const checksumType = algorithm && checksumTypeOf(algorithm, input.ChecksumType);
  const upload: Upload = {
    id: s3.cloud.ids.hex(UPLOAD_ID_DIGITS),
    bucket: name,
    key,
    initiated: s3.cloud.clock.now(),
    meta,
    tags: tagsOf(input.Tagging),
    ...(algorithm ? { algorithm } : {}),
    ...(checksumType ? { checksumType } : {}),
  };
  s3.store.uploads.create(upload);
  return {
    Bucket: name,
    Key: key,
    UploadId: upload.id,
    ...encryptionMembers(meta),
    ...(algorithm ? { ChecksumAlgorithm: algorithm } : {}),
    ...(checksumType ? { ChecksumType: checksumType } : {}),
  };
}

/** Which types an algorithm allows: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html. */
function checksumTypeOf(algorithm: Algorithm, asked: ChecksumType | undefined): ChecksumType {
  const type = asked ?? (algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
  if ((algorithm === 'CRC64NVME' && type === 'COMPOSITE') || (algorithm.startsWith('SHA') && type === 'FULL_OBJECT'))
    throw s3Error(
      'InvalidRequest',
      {},
      `The ${type} checksum type cannot be used with the ${algorithm.toLowerCase()} checksum algorithm.`,
    );
  return type;
}

const COMPLETE_MEMBERS = [
  'Key',
  'UploadId',
  'MultipartUpload',
  'IfMatch',
  'IfNoneMatch',
  'ChecksumType',
  'MpuObjectSize',
  ...CHECKSUM_MEMBERS,
];

async function completeMultipartUpload(
  s3: S3,
  input: CompleteMultipartUploadRequest,
  { requestId }: CallContext,
): Promise<CompleteMultipartUploadOutput> {
  accept('CompleteMultipartUpload', input, COMPLETE_MEMBERS);
  const { store } = s3;
  const { name } = bucketOf(s3, input);
  const upload = uploadOf(s3, input);
  checkWrite(input, store.versions.current(name, upload.key), upload.key);
  const parts = chosenParts(store.uploads.parts(upload.id), input.MultipartUpload?.Parts ?? [], upload);
  const size = parts.reduce((sum, part) => sum + part.size, 0);
  if (input.MpuObjectSize !== undefined && input.MpuObjectSize !== size)
    throw s3Error(
      'InvalidRequest',
      {},
      `The provided 'x-amz-mp-object-size' header value ${input.MpuObjectSize} does not match what was computed: ${size}`,
    );
  const checksum = checksumOf(upload, parts, input);
  const incoming = await held(s3.cloud.clock, store.files.join(parts));
  try {
    const bucket = store.bucket(name);
    checkWrite(input, store.versions.current(name, upload.key), upload.key);
    const object = {
      size,
      etag: `${etagOf(parts)}-${parts.length}`,
      meta: {
        ...upload.meta,
        ...(checksum ? { checksum } : {}),
        parts: parts.map((part) => ({
          number: part.number,
          size: part.size,
          ...(part.checksum ? { checksum: part.checksum } : {}),
        })),
      },
      tags: upload.tags,
    };
    // In one transaction: a crash leaves the upload or the object, never both and never neither.
    const version = store.transaction(() => {
      const made = commitObject(s3, bucket, upload.key, incoming, object, 'CompleteMultipartUpload', requestId);
      for (const file of store.uploads.delete(upload.id)) store.files.remove(file);
      return made;
    });
    return {
      Location: `${s3.cloud.endpoint ?? ''}/${name}/${encodeURIComponent(upload.key)}`,
      Bucket: name,
      Key: upload.key,
      ETag: `"${version.etag}"`,
      ...versionMember(bucket, version),
      ...encryptionMembers(upload.meta),
      ...checksumMembers(checksum),
    };
  } catch (error) {
    incoming.discard();
    throw error;
  }
}

function chosenParts(there: readonly Part[], wanted: readonly CompletedPart[], upload: Upload): readonly Part[] {
  if (wanted.length === 0) throw s3Error('MalformedXML');
  const byNumber = new Map(there.map((part) => [part.number, part]));
  const numbers = wanted.map(({ PartNumber = 0 }) => PartNumber);
  if (numbers.some((number, at) => number <= (numbers[at - 1] ?? 0)))
    throw s3Error('InvalidPartOrder', { UploadId: upload.id });
  return wanted.map((want, at) => {
    const number = want.PartNumber ?? 0;
    const part = byNumber.get(number);
    const etag = want.ETag?.replaceAll('"', '');
    const given = upload.algorithm && givenChecksum({ ...want });
    if (!part || part.etag !== etag || (given && given.value !== part.checksum))
      throw s3Error('InvalidPart', { UploadId: upload.id, PartNumber: number, ETag: etag ?? '' });
    if (at < wanted.length - 1 && part.size < SMALLEST_PART_BYTES)
      throw s3Error('EntityTooSmall', {
        ProposedSize: part.size,
        MinSizeAllowed: SMALLEST_PART_BYTES,
        PartNumber: number,
        ETag: part.etag,
      });
    return part;
  });
}

function checksumOf(upload: Upload, parts: readonly Part[], input: CompleteMultipartUploadRequest) {
  const { algorithm, checksumType } = upload;
  if (!algorithm || !checksumType) return undefined;
  if (input.ChecksumType !== undefined && input.ChecksumType !== checksumType)
    throw s3Error(
      'InvalidRequest',
      {},
      `The upload was created using the ${checksumType} checksum mode. The complete request must use the same checksum mode.`,
    );
  const checksum = multipartChecksum(
    algorithm,
    checksumType,
    parts.map((part) => ({ size: part.size, value: part.checksum ?? '' })),
  );
  const given = givenChecksum({ ...input });
  const matches = given === undefined || checksum.value.split('-')[0] === given.value.split('-')[0];
  if (given && (given.algorithm !== algorithm || !matches))
    throw s3Error(
      'BadDigest',
      {},
      `The ${given.algorithm.toLowerCase()} you specified did not match the calculated checksum.`,
    );
  return checksum;
}

/** The MD5 of the parts' MD5s. */
function etagOf(parts: readonly Part[]): string {
  const md5 = createHash('md5');
  for (const part of parts) md5.update(Buffer.from(part.etag, 'hex'));
  return md5.digest('hex');
}

function abortMultipartUpload(s3: S3, input: AbortMultipartUploadRequest): Record<string, never> {
  accept('AbortMultipartUpload', input, ['Key', 'UploadId', 'IfMatchInitiatedTime']);
  bucketOf(s3, input);
  const upload = uploadOf(s3, input);
  for (const file of s3.store.uploads.delete(upload.id)) s3.store.files.remove(file);
  return {};
}

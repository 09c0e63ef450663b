import type { CopyObjectOutput, CopyObjectRequest, UploadPartCopyRequest } from '@aws-sdk/client-s3';
import type { CallContext } from '../../kernel/index.ts';
import { checksumMembers } from '../checksums/algorithms.ts';
import { commitObject, versionMember } from '../commit.ts';
import { checkCopySource, checkWrite } from '../conditions.ts';
import { invalidArgument, s3Error } from '../errors.ts';
import { checkKey } from '../names.ts';
import { encryptionMembers, META_MEMBERS, metaOf, tagsOf } from '../object-meta.ts';
import { LARGEST_PUT_BYTES } from '../receive.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import type { Bucket, ObjectMeta, ObjectVersion } from '../store/rows.ts';
import { findVersion } from './get-object.ts';

export const COPY_SOURCE_MEMBERS = [
  'CopySource',
  'CopySourceIfMatch',
  'CopySourceIfNoneMatch',
  'CopySourceIfModifiedSince',
  'CopySourceIfUnmodifiedSince',
  'ExpectedSourceBucketOwner',
];

type CopySourceInput = Pick<
  CopyObjectRequest & UploadPartCopyRequest,
  | 'CopySource'
  | 'CopySourceIfMatch'
  | 'CopySourceIfNoneMatch'
  | 'CopySourceIfModifiedSince'
  | 'CopySourceIfUnmodifiedSince'
  | 'ExpectedSourceBucketOwner'
>;

export interface CopySource {
  readonly bucket: Bucket;
  readonly version: ObjectVersion;
}

/** `bucket/key?versionId=…`, URL-encoded, with or without a slash before it. The conditions on the source are checked. */
export function copySourceOf(s3: S3, input: CopySourceInput): CopySource {
  const [, path = '', versionId] = /^\/?([^?]*)(?:\?versionId=(.*))?$/s.exec(input.CopySource ?? '') ?? [];
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw invalidArgument('x-amz-copy-source', input.CopySource, 'Copy Source must be URL-encoded');
  }
  const slash = decoded.indexOf('/');
  if (slash < 1 || slash === decoded.length - 1)
    throw invalidArgument(
      'x-amz-copy-source',
      input.CopySource,
      'Copy Source must mention the source bucket and key: sourcebucket/sourcekey',
    );
  const bucket = bucketOf(s3, {
    Bucket: decoded.slice(0, slash),
    ExpectedBucketOwner: input.ExpectedSourceBucketOwner,
  });
  const version = findVersion(s3, bucket, decoded.slice(slash + 1), versionId);
  checkCopySource(
    {
      IfMatch: input.CopySourceIfMatch,
      IfNoneMatch: input.CopySourceIfNoneMatch,
      IfModifiedSince: input.CopySourceIfModifiedSince,
      IfUnmodifiedSince: input.CopySourceIfUnmodifiedSince,
    },
    version,
  );
  return { bucket, version };
}

const MEMBERS = [
  'Key',
  'MetadataDirective',
  'TaggingDirective',
  'IfMatch',
  'IfNoneMatch',
  ...COPY_SOURCE_MEMBERS,
  ...META_MEMBERS,
];

/** Both files are names of the same bytes: a copy costs the same for any size. */
export function copyObject(s3: S3, input: CopyObjectRequest, { requestId }: CallContext): CopyObjectOutput {
  accept('CopyObject', input, MEMBERS);
  const { store } = s3;
  const bucket = bucketOf(s3, input);
  const key = input.Key ?? '';
  checkKey(key);
  const source = copySourceOf(s3, input);
  const { version } = source;
  if (version.size > LARGEST_PUT_BYTES)
    throw s3Error(
      'InvalidRequest',
      {},
      `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST_PUT_BYTES}`,
    );
  checkWrite(input, store.versions.current(bucket.name, key), key);
  const meta = copiedMeta(s3, bucket, key, input, version);
  if (input.ChecksumAlgorithm !== undefined && input.ChecksumAlgorithm !== version.meta.checksum?.algorithm)
    accept('CopyObject', { 'another ChecksumAlgorithm than the source has': true }, []);
  const object = {
    size: version.size,
    etag: version.etag,
    meta,
    tags: input.TaggingDirective === 'REPLACE' ? tagsOf(input.Tagging) : version.tags,
  };
  const made = commitObject(s3, bucket, key, store.files.link(version.file), object, 'CopyObject', requestId);
  return {
    CopyObjectResult: {
      ETag: `"${made.etag}"`,
      LastModified: new Date(made.modified),
      ...checksumMembers(meta.checksum),
    },
    ...versionMember(bucket, made),
    ...(source.bucket.versioning === undefined ? {} : { CopySourceVersionId: version.versionId }),
    ...encryptionMembers(meta),
  };
}

function copiedMeta(
  s3: S3,
  bucket: Bucket,
  key: string,
  input: CopyObjectRequest,
  { meta, ...version }: ObjectVersion,
): ObjectMeta {
  const {
    checksum,
    parts: _parts,
    ServerSideEncryption: _sse,
    SSEKMSKeyId: _key,
    BucketKeyEnabled: _own,
    ...rest
  } = meta;
  const asked = metaOf(s3, bucket.name, input);
  const replaces = input.MetadataDirective === 'REPLACE';
  const changes =
    replaces ||
    input.StorageClass !== undefined ||
    input.ServerSideEncryption !== undefined ||
    input.TaggingDirective === 'REPLACE';
  if (bucket.name === version.bucket && key === version.key && version.latest && !changes)
    throw s3Error(
      'InvalidRequest',
      {},
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const { StorageClass: _class, ...kept } = rest;
  return {
    ...(replaces
      ? asked
      : { ...kept, ...encryptionMembers(asked), ...(asked.StorageClass ? { StorageClass: asked.StorageClass } : {}) }),
    ...(checksum ? { checksum } : {}),
  };
}

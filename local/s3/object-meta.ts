import type { PutObjectRequest, ServerSideEncryptionConfiguration } from '@aws-sdk/client-s3';
import { invalidArgument, s3Error } from './errors.ts';
import type { S3 } from './s3.ts';
import type { ObjectMeta, Tags } from './store/rows.ts';

/** Members of an input that say what an object carries besides its bytes. */
export const META_MEMBERS = [
  'ACL',
  'ContentType',
  'CacheControl',
  'ContentDisposition',
  'ContentEncoding',
  'ContentLanguage',
  'Expires',
  'Metadata',
  'StorageClass',
  'ServerSideEncryption',
  'SSEKMSKeyId',
  'BucketKeyEnabled',
  'Tagging',
] as const;

export type MetaInput = Pick<PutObjectRequest, (typeof META_MEMBERS)[number]>;

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html: names and values together. */
const LARGEST_METADATA_BYTES = 2048;

const STORAGE_CLASSES = new Set<string>([
  'STANDARD',
  'REDUCED_REDUNDANCY',
  'STANDARD_IA',
  'ONEZONE_IA',
  'INTELLIGENT_TIERING',
  'GLACIER',
  'DEEP_ARCHIVE',
  'GLACIER_IR',
]);

/** Buckets own their objects, so only the lists that say so are accepted, as in a bucket made today. */
const ACLS = new Set<string>(['private', 'bucket-owner-full-control']);

/** @throws AwsError `MetadataTooLarge`, `InvalidStorageClass`, `AccessControlListNotSupported`. */
export function metaOf(s3: S3, bucket: string, input: MetaInput): ObjectMeta {
  if (input.ACL !== undefined && !ACLS.has(input.ACL)) throw s3Error('AccessControlListNotSupported');
  if (input.StorageClass !== undefined && !STORAGE_CLASSES.has(input.StorageClass))
    throw s3Error('InvalidStorageClass');
  const metadata = Object.fromEntries(
    Object.entries(input.Metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value]),
  );
  const size = Object.entries(metadata).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
  if (size > LARGEST_METADATA_BYTES)
    throw s3Error('MetadataTooLarge', { Size: size, MaxSizeAllowed: LARGEST_METADATA_BYTES });
  return {
    ContentType: input.ContentType ?? 'binary/octet-stream',
    ...(input.CacheControl ? { CacheControl: input.CacheControl } : {}),
    ...(input.ContentDisposition ? { ContentDisposition: input.ContentDisposition } : {}),
    ...(input.ContentEncoding ? { ContentEncoding: input.ContentEncoding } : {}),
    ...(input.ContentLanguage ? { ContentLanguage: input.ContentLanguage } : {}),
    ...(input.Expires ? { Expires: input.Expires.toISOString() } : {}),
    ...(size > 0 ? { Metadata: metadata } : {}),
    ...(input.StorageClass && input.StorageClass !== 'STANDARD' ? { StorageClass: input.StorageClass } : {}),
    ...encryptionOf(s3, bucket, input),
  };
}

type Encryption = Pick<ObjectMeta, 'ServerSideEncryption' | 'SSEKMSKeyId' | 'BucketKeyEnabled'>;

/** What the request asks for, or the bucket's default, or S3's own. Nothing is encrypted on this disk; the answer is kept. */
function encryptionOf({ store }: S3, bucket: string, input: MetaInput): Encryption {
  const kept = store.buckets.subresource<ServerSideEncryptionConfiguration>(bucket, 'encryption')?.Rules?.[0];
  const algorithm = input.ServerSideEncryption ?? kept?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm ?? 'AES256';
  if (!['AES256', 'aws:kms', 'aws:kms:dsse'].includes(algorithm))
    throw invalidArgument(
      'x-amz-server-side-encryption',
      algorithm,
      'The encryption method specified is not supported',
    );
  const key =
    input.SSEKMSKeyId ??
    (input.ServerSideEncryption ? undefined : kept?.ApplyServerSideEncryptionByDefault?.KMSMasterKeyID);
  const bucketKey = input.BucketKeyEnabled ?? kept?.BucketKeyEnabled;
  return {
    ServerSideEncryption: algorithm,
    ...(key && algorithm !== 'AES256' ? { SSEKMSKeyId: key } : {}),
    ...(bucketKey && algorithm !== 'AES256' ? { BucketKeyEnabled: true } : {}),
  };
}

/** What an answer to a write says about the encryption. */
export function encryptionMembers({ ServerSideEncryption, SSEKMSKeyId, BucketKeyEnabled }: ObjectMeta): Encryption {
  return {
    ...(ServerSideEncryption ? { ServerSideEncryption } : {}),
    ...(SSEKMSKeyId ? { SSEKMSKeyId } : {}),
    ...(BucketKeyEnabled ? { BucketKeyEnabled } : {}),
  };
}

/** What an answer to a read says about the object. */
export function metaMembers(meta: ObjectMeta): Record<string, unknown> {
  const { checksum: _checksum, parts: _parts, Expires, ...members } = meta;
  return { ...members, ...(Expires ? { Expires: new Date(Expires) } : {}) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html */
const MOST_OBJECT_TAGS = 10;
const LONGEST_TAG_KEY = 128;
const LONGEST_TAG_VALUE = 256;

/** The `Tagging` member: URL-encoded pairs. */
export function tagsOf(tagging: string | undefined): Tags {
  return checkTags([...new URLSearchParams(tagging ?? '')].map(([Key, Value]) => ({ Key, Value })));
}

/** @throws AwsError `InvalidTag`, `BadRequest` for more than `most`. */
export function checkTags(
  tags: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[],
  most = MOST_OBJECT_TAGS,
): Tags {
  if (tags.length > most)
    throw s3Error(
      'BadRequest',
      {},
      `${most === MOST_OBJECT_TAGS ? 'Object' : 'Bucket'} tags cannot be greater than ${most}`,
    );
  const seen = new Set<string>();
  return tags.map(({ Key = '', Value = '' }) => {
    if (Key === '' || Key.length > LONGEST_TAG_KEY)
      throw s3Error('InvalidTag', { TagKey: Key }, 'The TagKey you have provided is invalid');
    if (Value.length > LONGEST_TAG_VALUE)
      throw s3Error('InvalidTag', { TagKey: Key }, 'The TagValue you have provided is invalid');
    if (seen.has(Key)) throw s3Error('InvalidTag', { TagKey: Key }, 'Cannot provide multiple Tags with the same key');
    seen.add(Key);
    return { Key, Value };
  });
}

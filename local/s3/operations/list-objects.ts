import type {
  ListObjectsOutput,
  ListObjectsRequest,
  ListObjectsV2Output,
  ListObjectsV2Request,
} from '@aws-sdk/client-s3';
import { inUtf8Order } from '../../kernel/index.ts';
import { invalidArgument } from '../errors.ts';
import { afterPrefix } from '../names.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import type { ObjectVersion } from '../store/rows.ts';
import type { Store } from '../store/store.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const LARGEST_PAGE = 1000;

export interface Listing {
  readonly objects: readonly ObjectVersion[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix given, where more follow. */
  readonly next: string | undefined;
}

/** The first `max` keys and common prefixes after `after`, in UTF-8 order. What lies under a common prefix is skipped, not read. */
function listPage(
  store: Store,
  bucket: string,
  { prefix, delimiter, after, max }: { prefix: string; delimiter: string; after: string; max: number },
): Listing {
  const objects: ObjectVersion[] = [];
  const commonPrefixes: string[] = [];
  const before = afterPrefix(prefix);
  let last = '';
  let from: string | undefined = max > 0 ? startOf(prefix, delimiter, after) : undefined;
  const count = (): number => objects.length + commonPrefixes.length;
  while (from !== undefined) {
    const limit = delimiter === '' ? max + 1 - count() : 64;
    const page = store.versions.objectsFrom(bucket, from, before, limit);
    from = undefined;
    for (const object of page) {
      if (count() === max) return { objects, commonPrefixes, next: last };
      const end = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (end >= 0) {
        last = object.key.slice(0, end + delimiter.length);
        commonPrefixes.push(last);
        from = afterPrefix(last);
        break;
      }
      objects.push(object);
      last = object.key;
    }
    if (from === undefined && page.length === limit) from = `${last}\0`;
  }
  return { objects, commonPrefixes, next: undefined };
}

/** The first key that may be listed after `after`: behind the whole of a common prefix, if `after` is or lies under one. */
function startOf(prefix: string, delimiter: string, after: string): string | undefined {
  if (after === '' || inUtf8Order(after, prefix) < 0) return prefix;
  const end = delimiter === '' || !after.startsWith(prefix) ? -1 : after.indexOf(delimiter, prefix.length);
  return end >= 0 && end + delimiter.length === after.length ? afterPrefix(after) : `${after}\0`;
}

/** `EncodingType: url` protects characters XML cannot carry; the slash stays. */
export function encoder(encodingType: string | undefined): (text: string) => string {
  if (encodingType === undefined) return (text) => text;
  if (encodingType !== 'url')
    throw invalidArgument('encoding-type', encodingType, 'Invalid Encoding Method specified in Request');
  return (text) =>
    encodeURIComponent(text)
      .replaceAll('%2F', '/')
      .replace(/[!'()]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** @throws AwsError `InvalidArgument` for less than nothing; more than a page is a page. */
export function pageSize(max: number | undefined, name: string): number {
  if (max === undefined) return LARGEST_PAGE;
  if (!Number.isInteger(max) || max < 0)
    throw invalidArgument(name, max, `Argument ${name} must be an integer between 0 and 2147483647`);
  return Math.min(max, LARGEST_PAGE);
}

const V2_MEMBERS = [
  'Prefix',
  'Delimiter',
  'MaxKeys',
  'ContinuationToken',
  'StartAfter',
  'EncodingType',
  'FetchOwner',
  'OptionalObjectAttributes',
];

export function listObjectsV2(s3: S3, input: ListObjectsV2Request): ListObjectsV2Output {
  accept('ListObjectsV2', input, V2_MEMBERS);
  const { name } = bucketOf(s3, input);
  const { Prefix: prefix = '', Delimiter: delimiter = '', ContinuationToken: token, StartAfter } = input;
  const encode = encoder(input.EncodingType);
  const max = pageSize(input.MaxKeys, 'max-keys');
  const after = token === undefined ? (StartAfter ?? '') : fromToken(token);
  const { objects, commonPrefixes, next } = listPage(s3.store, name, { prefix, delimiter, after, max });
  return {
    Name: name,
    Prefix: encode(prefix),
    ...(delimiter ? { Delimiter: encode(delimiter) } : {}),
    MaxKeys: max,
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    KeyCount: objects.length + commonPrefixes.length,
    IsTruncated: next !== undefined,
    ...(token === undefined ? {} : { ContinuationToken: token }),
    ...(next === undefined ? {} : { NextContinuationToken: toToken(next) }),
    ...(StartAfter === undefined ? {} : { StartAfter: encode(StartAfter) }),
    Contents: objects.map((object) => ({
      ...entry(object, encode),
      ...(input.FetchOwner ? { Owner: { ID: s3.cloud.accountId } } : {}),
    })),
    CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
}

export function listObjects(s3: S3, input: ListObjectsRequest): ListObjectsOutput {
  accept('ListObjects', input, [
    'Prefix',
    'Delimiter',
    'MaxKeys',
    'Marker',
    'EncodingType',
    'OptionalObjectAttributes',
  ]);
  const { name } = bucketOf(s3, input);
  const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: marker = '' } = input;
  const encode = encoder(input.EncodingType);
  const max = pageSize(input.MaxKeys, 'max-keys');
  const { objects, commonPrefixes, next } = listPage(s3.store, name, { prefix, delimiter, after: marker, max });
  return {
    Name: name,
    Prefix: encode(prefix),
    Marker: encode(marker),
    ...(delimiter ? { Delimiter: encode(delimiter) } : {}),
    MaxKeys: max,
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    IsTruncated: next !== undefined,
    // Without a delimiter the last key is the marker, and S3 leaves it to the client.
    ...(next !== undefined && delimiter ? { NextMarker: encode(next) } : {}),
    Contents: objects.map((object) => ({ ...entry(object, encode), Owner: { ID: s3.cloud.accountId } })),
    CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
}

function entry(
  object: ObjectVersion,
  encode: (text: string) => string,
): NonNullable<ListObjectsV2Output['Contents']>[number] {
  const { checksum, StorageClass = 'STANDARD' } = object.meta;
  return {
    Key: encode(object.key),
    LastModified: new Date(object.modified),
    ETag: `"${object.etag}"`,
    ...(checksum ? { ChecksumAlgorithm: [checksum.algorithm], ChecksumType: checksum.type } : {}),
    Size: object.size,
    StorageClass: StorageClass as 'STANDARD',
  };
}

const toToken = (key: string): string => Buffer.from(key).toString('base64url');

function fromToken(token: string): string {
  if (token === '' || !/^[\w-]*$/.test(token))
    throw invalidArgument('continuation-token', token, 'The continuation token provided is incorrect');
  return Buffer.from(token, 'base64url').toString();
}

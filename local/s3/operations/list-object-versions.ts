import type { ListObjectVersionsOutput, ListObjectVersionsRequest } from '@aws-sdk/client-s3';
import { inUtf8Order } from '../../kernel/index.ts';
import { invalidArgument } from '../errors.ts';
import { afterPrefix } from '../names.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import type { Version } from '../store/rows.ts';
import { encoder, pageSize } from './list-objects.ts';

const MEMBERS = [
  'Prefix',
  'Delimiter',
  'MaxKeys',
  'KeyMarker',
  'VersionIdMarker',
  'EncodingType',
  'OptionalObjectAttributes',
];

interface Place {
  readonly from: string;
  /** Of `from` itself only versions older than this sequence. */
  readonly olderThan?: number;
}

/** All versions and delete markers, by key, the newest first. */
export function listObjectVersions(s3: S3, input: ListObjectVersionsRequest): ListObjectVersionsOutput {
  accept('ListObjectVersions', input, MEMBERS);
  const { name } = bucketOf(s3, input);
  const { Prefix: prefix = '', Delimiter: delimiter = '' } = input;
  const encode = encoder(input.EncodingType);
  const max = pageSize(input.MaxKeys, 'max-keys');
  const before = afterPrefix(prefix);
  const versions: Version[] = [];
  const commonPrefixes: string[] = [];
  let next: { readonly key: string; readonly versionId?: string } | undefined;
  let last: { readonly key: string; readonly versionId?: string } = { key: '' };
  let place = max > 0 ? startOf(s3, name, input) : undefined;
  const count = (): number => versions.length + commonPrefixes.length;
  while (place && !next) {
    const limit = delimiter === '' ? max + 1 - count() : 64;
    const page: readonly Version[] = s3.store.versions.versionsFrom(name, place.from, place.olderThan, before, limit);
    place = undefined;
    for (const version of page) {
      if (count() === max) {
        next = last;
        break;
      }
      const end = delimiter === '' ? -1 : version.key.indexOf(delimiter, prefix.length);
      if (end >= 0) {
        const common = version.key.slice(0, end + delimiter.length);
        commonPrefixes.push(common);
        last = { key: common };
        const from = afterPrefix(common);
        if (from !== undefined) place = { from };
        break;
      }
      versions.push(version);
      last = { key: version.key, versionId: version.versionId };
      if (version === page.at(-1) && page.length === limit) place = { from: version.key, olderThan: version.sequence };
    }
  }
  const owner = { Owner: { ID: s3.cloud.accountId } };
  const identity = (version: Version) => ({
    Key: encode(version.key),
    VersionId: version.versionId,
    IsLatest: version.latest,
    LastModified: new Date(version.modified),
    ...owner,
  });
  return {
    Name: name,
    Prefix: encode(prefix),
    KeyMarker: encode(input.KeyMarker ?? ''),
    VersionIdMarker: input.VersionIdMarker ?? '',
    ...(delimiter ? { Delimiter: encode(delimiter) } : {}),
    MaxKeys: max,
    ...(input.EncodingType ? { EncodingType: input.EncodingType } : {}),
    IsTruncated: next !== undefined,
    ...(next ? { NextKeyMarker: encode(next.key) } : {}),
    ...(next?.versionId ? { NextVersionIdMarker: next.versionId } : {}),
    Versions: versions.flatMap((version) =>
      version.deleteMarker
        ? []
        : {
            ...identity(version),
            ETag: `"${version.etag}"`,
            Size: version.size,
            StorageClass: 'STANDARD' as const,
          },
    ),
    DeleteMarkers: versions.flatMap((version) => (version.deleteMarker ? identity(version) : [])),
    CommonPrefixes: commonPrefixes.map((common) => ({ Prefix: encode(common) })),
  };
}

function startOf(s3: S3, bucket: string, input: ListObjectVersionsRequest): Place | undefined {
  const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: key, VersionIdMarker: versionId } = input;
  if (versionId !== undefined && versionId !== '') {
    if (key === undefined || key === '')
      throw invalidArgument(
        'version-id-marker',
        versionId,
        'A version-id marker cannot be specified without a key marker.',
      );
    const version = s3.store.versions.find(bucket, key, versionId);
    // Deleted between two pages: the key's remaining versions are given again rather than lost.
    return version ? { from: key, olderThan: version.sequence } : { from: key };
  }
  if (key === undefined || key === '' || inUtf8Order(key, prefix) < 0) return { from: prefix };
  const end = delimiter === '' || !key.startsWith(prefix) ? -1 : key.indexOf(delimiter, prefix.length);
  const from = end >= 0 && end + delimiter.length === key.length ? afterPrefix(key) : `${key}\0`;
  return from === undefined ? undefined : { from };
}

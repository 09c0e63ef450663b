import type { GetObjectAttributesOutput, GetObjectAttributesRequest } from '@aws-sdk/client-s3';
import { checksumMembers } from '../checksums/algorithms.ts';
import { versionMember } from '../commit.ts';
import { s3Error } from '../errors.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import { findVersion } from './get-object.ts';
import { LARGEST_PAGE } from './list-objects.ts';

export function getObjectAttributes(s3: S3, input: GetObjectAttributesRequest): GetObjectAttributesOutput {
  accept('GetObjectAttributes', input, ['Key', 'VersionId', 'MaxParts', 'PartNumberMarker', 'ObjectAttributes']);
  const bucket = bucketOf(s3, input);
  const version = findVersion(s3, bucket, input.Key ?? '', input.VersionId);
  const asked = new Set<string>(input.ObjectAttributes);
  if (asked.size === 0) throw s3Error('InvalidRequest', {}, 'At least one attribute must be specified.');
  const { meta } = version;
  return {
    LastModified: new Date(version.modified),
    ...versionMember(bucket, version),
    ...(asked.has('ETag') ? { ETag: version.etag } : {}),
    ...(asked.has('Checksum') && meta.checksum ? { Checksum: checksumMembers(meta.checksum) } : {}),
    ...(asked.has('ObjectParts') && meta.parts
      ? { ObjectParts: partsOf(input, meta.parts, meta.checksum?.algorithm) }
      : {}),
    ...(asked.has('StorageClass') ? { StorageClass: (meta.StorageClass ?? 'STANDARD') as 'STANDARD' } : {}),
    ...(asked.has('ObjectSize') ? { ObjectSize: version.size } : {}),
  };
}

function partsOf(
  { MaxParts, PartNumberMarker }: GetObjectAttributesRequest,
  parts: readonly { readonly number: number; readonly size: number; readonly checksum?: string }[],
  algorithm: string | undefined,
): NonNullable<GetObjectAttributesOutput['ObjectParts']> {
  const max = Math.min(MaxParts ?? LARGEST_PAGE, LARGEST_PAGE);
  const marker = Number(PartNumberMarker ?? 0);
  const after = parts.filter(({ number }) => number > marker);
  const page = after.slice(0, max);
  return {
    TotalPartsCount: parts.length,
    PartNumberMarker: String(marker),
    MaxParts: max,
    IsTruncated: page.length < after.length,
    NextPartNumberMarker: String(page.at(-1)?.number ?? marker),
    Parts: page.map(({ number, size, checksum }) => ({
      PartNumber: number,
      Size: size,
      ...(checksum && algorithm ? { [`Checksum${algorithm}`]: checksum } : {}),
    })),
  };
}

import type {
  DeleteObjectTaggingOutput,
  DeleteObjectTaggingRequest,
  GetObjectTaggingOutput,
  GetObjectTaggingRequest,
  PutObjectTaggingOutput,
  PutObjectTaggingRequest,
} from '@aws-sdk/client-s3';
import { versionMember } from '../commit.ts';
import { checkTags } from '../object-meta.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';
import { findVersion } from './get-object.ts';

export function getObjectTagging(s3: S3, input: GetObjectTaggingRequest): GetObjectTaggingOutput {
  accept('GetObjectTagging', input, ['Key', 'VersionId']);
  const bucket = bucketOf(s3, input);
  const version = findVersion(s3, bucket, input.Key ?? '', input.VersionId);
  return { TagSet: [...version.tags], ...versionMember(bucket, version) };
}

export function putObjectTagging(s3: S3, input: PutObjectTaggingRequest): PutObjectTaggingOutput {
  accept('PutObjectTagging', input, ['Key', 'VersionId', 'Tagging']);
  const bucket = bucketOf(s3, input);
  const version = findVersion(s3, bucket, input.Key ?? '', input.VersionId);
  s3.store.versions.setTags(version, checkTags(input.Tagging?.TagSet ?? []));
  return versionMember(bucket, version);
}

export function deleteObjectTagging(s3: S3, input: DeleteObjectTaggingRequest): DeleteObjectTaggingOutput {
  accept('DeleteObjectTagging', input, ['Key', 'VersionId']);
  const bucket = bucketOf(s3, input);
  const version = findVersion(s3, bucket, input.Key ?? '', input.VersionId);
  s3.store.versions.setTags(version, []);
  return versionMember(bucket, version);
}

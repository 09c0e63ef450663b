import type {
  DeleteObjectOutput,
  DeleteObjectRequest,
  DeleteObjectsOutput,
  DeleteObjectsRequest,
} from '@aws-sdk/client-s3';
import { AwsError, type CallContext } from '../../kernel/index.ts';
import { commitDeletion, versionMember } from '../commit.ts';
import { checkDelete } from '../conditions.ts';
import { s3Error } from '../errors.ts';
import { checkKey } from '../names.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';

export function deleteObject(s3: S3, input: DeleteObjectRequest, { requestId }: CallContext): DeleteObjectOutput {
  accept('DeleteObject', input, ['Key', 'VersionId', 'IfMatch']);
  return remove(s3, input, requestId);
}

function remove(
  s3: S3,
  input: Pick<DeleteObjectRequest, 'Bucket' | 'Key' | 'VersionId' | 'IfMatch' | 'ExpectedBucketOwner'>,
  requestId: string,
): DeleteObjectOutput {
  const bucket = bucketOf(s3, input);
  const key = input.Key ?? '';
  checkKey(key);
  checkDelete(input.IfMatch, s3.store.versions.current(bucket.name, key));
  const result = commitDeletion(s3, bucket, key, input.VersionId, requestId);
  if (!result) return input.VersionId === undefined ? {} : { VersionId: input.VersionId };
  return { ...(result.deleteMarker ? { DeleteMarker: true } : {}), ...versionMember(bucket, result) };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const MOST_KEYS = 1000;

export function deleteObjects(s3: S3, input: DeleteObjectsRequest, { requestId }: CallContext): DeleteObjectsOutput {
  accept('DeleteObjects', input, ['Delete', 'BypassGovernanceRetention']);
  bucketOf(s3, input);
  const objects = input.Delete?.Objects ?? [];
  if (objects.length === 0 || objects.length > MOST_KEYS) throw s3Error('MalformedXML');
  const Deleted: NonNullable<DeleteObjectsOutput['Deleted']> = [];
  const Errors: NonNullable<DeleteObjectsOutput['Errors']> = [];
  for (const { Key, VersionId, ETag, LastModifiedTime, Size } of objects) {
    const named = { Key, ...(VersionId === undefined ? {} : { VersionId }) };
    try {
      accept('DeleteObjects', { LastModifiedTime, Size }, []);
      const { DeleteMarker, VersionId: affected } = remove(
        s3,
        { Bucket: input.Bucket, Key, VersionId, IfMatch: ETag },
        requestId,
      );
      Deleted.push({ ...named, ...(DeleteMarker ? { DeleteMarker, DeleteMarkerVersionId: affected } : {}) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Errors.push({ ...named, Code: error.code, Message: error.message });
    }
  }
  return { ...(input.Delete?.Quiet ? {} : { Deleted }), ...(Errors.length > 0 ? { Errors } : {}) };
}

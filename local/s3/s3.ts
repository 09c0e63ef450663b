import type { Cloud } from '../kernel/index.ts';
import { AwsError, notImplemented } from '../kernel/index.ts';
import { s3Error } from './errors.ts';
import type { ObjectEvents } from './events.ts';
import type { Bucket } from './store/rows.ts';
import type { Store } from './store/store.ts';

/** What every operation works with. */
export interface S3 {
  readonly cloud: Cloud;
  readonly store: Store;
  readonly events: ObjectEvents;
}

interface BucketInput {
  readonly Bucket?: string | undefined;
  readonly ExpectedBucketOwner?: string | undefined;
}

/** The bucket an input names. @throws AwsError `NoSuchBucket`; `AccessDenied` where the caller expects another owner. */
export function bucketOf({ cloud, store }: S3, input: BucketInput): Bucket {
  const bucket = store.bucket(input.Bucket ?? '');
  if (input.ExpectedBucketOwner !== undefined && input.ExpectedBucketOwner !== cloud.accountId)
    throw s3Error('AccessDenied');
  return bucket;
}

/** Members that change nothing here: who pays, and how the client computes what it sends. */
const WITHOUT_EFFECT = new Set([
  'RequestPayer',
  'ExpectedBucketOwner',
  'ContentMD5',
  'ChecksumAlgorithm',
  'ContentLength',
  'Bucket',
]);

/** Refuses what the operation would otherwise ignore. @throws AwsError `NotImplemented` naming the member. */
export function accept(operation: string, input: object, members: readonly string[]): void {
  for (const [member, value] of Object.entries(input))
    if (value !== undefined && !members.includes(member) && !WITHOUT_EFFECT.has(member)) {
      const { message } = notImplemented('s3', `${operation} with ${member}`);
      throw new AwsError('NotImplemented', message, 501, { Parameter: member });
    }
}

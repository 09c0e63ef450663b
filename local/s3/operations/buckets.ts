import type {
  CreateBucketOutput,
  CreateBucketRequest,
  DeleteBucketRequest,
  GetBucketLocationOutput,
  GetBucketLocationRequest,
  HeadBucketOutput,
  HeadBucketRequest,
  ListBucketsOutput,
  ListBucketsRequest,
} from '@aws-sdk/client-s3';
import { s3Error } from '../errors.ts';
import { checkBucketName } from '../names.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';

/** The only region without a location constraint, and the only one where creating a bucket twice succeeds. */
const CLASSIC_REGION = 'us-east-1';

export function createBucket({ cloud, store }: S3, input: CreateBucketRequest): CreateBucketOutput {
  accept('CreateBucket', input, ['ACL', 'CreateBucketConfiguration', 'ObjectOwnership']);
  const name = input.Bucket ?? '';
  checkBucketName(name);
  const { LocationConstraint: constraint, ...others } = input.CreateBucketConfiguration ?? {};
  accept('CreateBucket', others, ['Tags']);
  if ((constraint ?? CLASSIC_REGION) !== cloud.region)
    throw s3Error(
      'IllegalLocationConstraintException',
      {},
      `The ${constraint ?? 'unspecified'} location constraint is incompatible for the region specific endpoint this request was sent to.`,
    );
  if (input.ACL !== undefined && input.ACL !== 'private') throw s3Error('InvalidBucketAclWithObjectOwnership');
  if (store.buckets.get(name)) {
    if (cloud.region !== CLASSIC_REGION) throw s3Error('BucketAlreadyOwnedByYou', { BucketName: name });
  } else {
    store.buckets.create(name, cloud.clock.now());
    if (input.ObjectOwnership)
      store.buckets.setSubresource(name, 'ownershipControls', { Rules: [{ ObjectOwnership: input.ObjectOwnership }] });
    if (others.Tags && others.Tags.length > 0) store.buckets.setSubresource(name, 'tagging', others.Tags);
  }
  return { Location: `/${name}`, BucketArn: `arn:aws:s3:::${name}` };
}

export function deleteBucket(s3: S3, input: DeleteBucketRequest): Record<string, never> {
  accept('DeleteBucket', input, []);
  const { name } = bucketOf(s3, input);
  if (!s3.store.versions.isEmpty(name)) throw s3Error('BucketNotEmpty', { BucketName: name });
  // Uploads that were never completed go with the bucket, as S3 lets them.
  for (const upload of s3.store.uploads.list(name))
    for (const file of s3.store.uploads.delete(upload.id)) s3.store.files.remove(file);
  s3.store.buckets.delete(name);
  return {};
}

export function headBucket(s3: S3, input: HeadBucketRequest): HeadBucketOutput {
  accept('HeadBucket', input, []);
  const { name } = bucketOf(s3, input);
  return { BucketRegion: s3.cloud.region, BucketArn: `arn:aws:s3:::${name}`, AccessPointAlias: false };
}

export function getBucketLocation(s3: S3, input: GetBucketLocationRequest): GetBucketLocationOutput {
  accept('GetBucketLocation', input, []);
  bucketOf(s3, input);
  const { region } = s3.cloud;
  return region === CLASSIC_REGION ? {} : { LocationConstraint: region as 'eu-west-1' };
}

export function listBuckets({ cloud, store }: S3, input: ListBucketsRequest): ListBucketsOutput {
  accept('ListBuckets', input, ['Prefix', 'MaxBuckets', 'ContinuationToken', 'BucketRegion']);
  const { Prefix = '', ContinuationToken: after = '', MaxBuckets } = input;
  const found = store.buckets
    .list()
    .filter(({ name }) => name.startsWith(Prefix) && name > after)
    .filter(() => input.BucketRegion === undefined || input.BucketRegion === cloud.region);
  const page = found.slice(0, MaxBuckets ?? found.length);
  const last = page.at(-1);
  return {
    Buckets: page.map(({ name, created }) => ({
      Name: name,
      CreationDate: new Date(created),
      ...(MaxBuckets === undefined ? {} : { BucketRegion: cloud.region }),
    })),
    Owner: { ID: cloud.accountId },
    ...(Prefix ? { Prefix } : {}),
    ...(last && page.length < found.length ? { ContinuationToken: last.name } : {}),
  };
}

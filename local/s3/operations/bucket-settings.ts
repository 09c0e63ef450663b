import type {
  GetBucketVersioningOutput,
  NotificationConfiguration,
  PutBucketNotificationConfigurationRequest,
  PutBucketTaggingRequest,
  PutBucketVersioningRequest,
  Tag,
} from '@aws-sdk/client-s3';
import type { Operation, Operations } from '../../kernel/index.ts';
import { s3Error, type S3ErrorCode } from '../errors.ts';
import { checkTags } from '../object-meta.ts';
import { accept, bucketOf, type S3 } from '../s3.ts';

interface BucketInput {
  readonly Bucket?: string;
  readonly [member: string]: unknown;
}

/** A setting that is stored and returned as it came. It is not enforced: everybody on loopback is the bucket's owner. */
interface Setting {
  /** The operations' name without Put, Get and Delete. */
  readonly name: string;
  /** The member of the input and output that holds it. */
  readonly member: string;
  readonly subresource: string;
  /** The error of a Get where nothing is set; absent where Get answers with nothing. */
  readonly absent?: S3ErrorCode;
  /** Delete's name, where it is not `Delete` + name. */
  readonly deletion?: string;
  check?(value: unknown): void;
}

const SETTINGS: readonly Setting[] = [
  { name: 'BucketPolicy', member: 'Policy', subresource: 'policy', absent: 'NoSuchBucketPolicy', check: checkPolicy },
  {
    name: 'PublicAccessBlock',
    member: 'PublicAccessBlockConfiguration',
    subresource: 'publicAccessBlock',
    absent: 'NoSuchPublicAccessBlockConfiguration',
  },
  {
    name: 'BucketEncryption',
    member: 'ServerSideEncryptionConfiguration',
    subresource: 'encryption',
    absent: 'ServerSideEncryptionConfigurationNotFoundError',
  },
  {
    name: 'BucketOwnershipControls',
    member: 'OwnershipControls',
    subresource: 'ownershipControls',
    absent: 'OwnershipControlsNotFoundError',
  },
  {
    name: 'BucketLifecycleConfiguration',
    member: 'LifecycleConfiguration',
    subresource: 'lifecycle',
    absent: 'NoSuchLifecycleConfiguration',
    deletion: 'DeleteBucketLifecycle',
  },
  { name: 'BucketCors', member: 'CORSConfiguration', subresource: 'cors', absent: 'NoSuchCORSConfiguration' },
];

/** A lifecycle or CORS answer has the configuration's members at its top; the others have it as one member. */
const SPREAD = new Set(['BucketLifecycleConfiguration', 'BucketCors']);

/** S3 encrypts every bucket; this is what it answers until told otherwise. */
const DEFAULT_ENCRYPTION = {
  Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' }, BucketKeyEnabled: false }],
};

function settingOperations(s3: S3, setting: Setting): Operations {
  const { buckets } = s3.store;
  const put: Operation<BucketInput, unknown> = (input) => {
    accept(`Put${setting.name}`, input, [
      setting.member,
      'ConfirmRemoveSelfBucketAccess',
      'TransitionDefaultMinimumObjectSize',
    ]);
    const { name } = bucketOf(s3, input);
    const value = input[setting.member];
    if (value === undefined) throw s3Error('MalformedXML');
    setting.check?.(value);
    buckets.setSubresource(name, setting.subresource, value);
    return {};
  };
  const get: Operation<BucketInput, unknown> = (input) => {
    accept(`Get${setting.name}`, input, []);
    const { name } = bucketOf(s3, input);
    const value =
      buckets.subresource<object>(name, setting.subresource) ??
      (setting.subresource === 'encryption' ? DEFAULT_ENCRYPTION : undefined);
    if (value === undefined) {
      if (setting.absent) throw s3Error(setting.absent, { BucketName: name });
      return {};
    }
    return SPREAD.has(setting.name) ? revived(value) : { [setting.member]: value };
  };
  const remove: Operation<BucketInput, unknown> = (input) => {
    accept(`Delete${setting.name}`, input, []);
    buckets.deleteSubresource(bucketOf(s3, input).name, setting.subresource);
    return {};
  };
  return {
    [`Put${setting.name}`]: put,
    [`Get${setting.name}`]: get,
    [setting.deletion ?? `Delete${setting.name}`]: remove,
  };
}

/** A lifecycle rule's `Date`s come back from JSON as text. */
function revived(value: object): unknown {
  return JSON.parse(JSON.stringify(value), (key, inner: unknown) =>
    key === 'Date' && typeof inner === 'string' ? new Date(inner) : inner,
  );
}

function checkPolicy(policy: unknown): void {
  let parsed: unknown;
  try {
    parsed = JSON.parse(String(policy));
  } catch {
    throw s3Error('MalformedPolicy', {}, "Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof parsed !== 'object' || parsed === null || !('Statement' in parsed))
    throw s3Error('MalformedPolicy', {}, 'Missing required field Statement');
}

function versioningOperations(s3: S3): Operations {
  return {
    PutBucketVersioning: (input: PutBucketVersioningRequest) => {
      accept('PutBucketVersioning', input, ['VersioningConfiguration']);
      const { name } = bucketOf(s3, input);
      const { Status: status, ...others } = input.VersioningConfiguration ?? {};
      accept('PutBucketVersioning', others, []);
      if (status !== 'Enabled' && status !== 'Suspended') throw s3Error('IllegalVersioningConfigurationException');
      s3.store.buckets.setVersioning(name, status);
      return {};
    },
    GetBucketVersioning: (input: BucketInput): GetBucketVersioningOutput => {
      accept('GetBucketVersioning', input, []);
      const { versioning } = bucketOf(s3, input);
      return versioning ? { Status: versioning } : {};
    },
  };
}

function notificationOperations(s3: S3): Operations {
  return {
    /** Of the destinations only EventBridge is there. */
    PutBucketNotificationConfiguration: (input: PutBucketNotificationConfigurationRequest) => {
      accept('PutBucketNotificationConfiguration', input, ['NotificationConfiguration', 'SkipDestinationValidation']);
      const { name } = bucketOf(s3, input);
      const { EventBridgeConfiguration: bridge, ...others } = input.NotificationConfiguration ?? {};
      for (const [member, list] of Object.entries(others))
        if (Array.isArray(list) && list.length > 0)
          accept('PutBucketNotificationConfiguration', { [member]: list }, []);
      s3.store.buckets.setEventBridge(name, bridge !== undefined);
      return {};
    },
    GetBucketNotificationConfiguration: (input: BucketInput): NotificationConfiguration => {
      accept('GetBucketNotificationConfiguration', input, []);
      return bucketOf(s3, input).eventBridge ? { EventBridgeConfiguration: {} } : {};
    },
  };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/CostAllocTagging.html */
const MOST_BUCKET_TAGS = 50;

function taggingOperations(s3: S3): Operations {
  return {
    PutBucketTagging: (input: PutBucketTaggingRequest) => {
      accept('PutBucketTagging', input, ['Tagging']);
      const { name } = bucketOf(s3, input);
      s3.store.buckets.setSubresource(name, 'tagging', checkTags(input.Tagging?.TagSet ?? [], MOST_BUCKET_TAGS));
      return {};
    },
    GetBucketTagging: (input: BucketInput) => {
      accept('GetBucketTagging', input, []);
      const { name } = bucketOf(s3, input);
      const tags = s3.store.buckets.subresource<Tag[]>(name, 'tagging');
      if (!tags || tags.length === 0) throw s3Error('NoSuchTagSet', { BucketName: name });
      return { TagSet: tags };
    },
    DeleteBucketTagging: (input: BucketInput) => {
      accept('DeleteBucketTagging', input, []);
      s3.store.buckets.deleteSubresource(bucketOf(s3, input).name, 'tagging');
      return {};
    },
  };
}

export function bucketSettings(s3: S3): Operations {
  return {
    ...versioningOperations(s3),
    ...notificationOperations(s3),
    ...taggingOperations(s3),
    ...Object.assign({}, ...SETTINGS.map((setting) => settingOperations(s3, setting))),
  } as Operations;
}

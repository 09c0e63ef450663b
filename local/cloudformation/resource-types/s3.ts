import { AwsError } from '../../kernel/index.ts';
import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject, type JsonObject, type JsonValue } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';
import { flag, isGone, jsonText, object, objects, omit, optionalText, pick, text, unlessGone } from './values.ts';

/** One property of a bucket, and the operations that set and clear it. */
interface BucketSetting {
  readonly set: string;
  /** Without one, setting `cleared` clears it. */
  readonly clear?: string;
  readonly cleared?: JsonObject;
  readonly input: (value: JsonValue) => JsonObject;
}

const member = (name: string) => (value: JsonValue) => ({ [name]: value });

const SETTINGS: Readonly<Record<string, BucketSetting>> = {
  VersioningConfiguration: {
    set: 'PutBucketVersioning',
    cleared: { VersioningConfiguration: { Status: 'Suspended' } },
    input: member('VersioningConfiguration'),
  },
  PublicAccessBlockConfiguration: {
    set: 'PutPublicAccessBlock',
    clear: 'DeletePublicAccessBlock',
    input: member('PublicAccessBlockConfiguration'),
  },
  OwnershipControls: {
    set: 'PutBucketOwnershipControls',
    clear: 'DeleteBucketOwnershipControls',
    input: member('OwnershipControls'),
  },
  BucketEncryption: {
    set: 'PutBucketEncryption',
    clear: 'DeleteBucketEncryption',
    input: (value) => ({ ServerSideEncryptionConfiguration: { Rules: encryptionRules(value) } }),
  },
  LifecycleConfiguration: {
    set: 'PutBucketLifecycleConfiguration',
    clear: 'DeleteBucketLifecycle',
    input: (value) => ({ LifecycleConfiguration: { Rules: lifecycleRules(value) } }),
  },
  NotificationConfiguration: {
    set: 'PutBucketNotificationConfiguration',
    cleared: { NotificationConfiguration: {} },
    input: (value) => ({ NotificationConfiguration: notifications(value) }),
  },
  CorsConfiguration: {
    set: 'PutBucketCors',
    clear: 'DeleteBucketCors',
    input: (value) => ({
      CORSConfiguration: {
        CORSRules: objects(value as JsonObject, 'CorsRules').map((rule) => ({
          ...pick(rule, 'AllowedHeaders', 'AllowedMethods', 'AllowedOrigins', 'ExposeHeaders', 'MaxAgeSeconds'),
          ...(rule['ExposedHeaders'] !== undefined && { ExposeHeaders: rule['ExposedHeaders'] }),
          ...(rule['Id'] !== undefined && { ID: rule['Id'] }),
          ...(rule['MaxAge'] !== undefined && { MaxAgeSeconds: rule['MaxAge'] }),
        })),
      },
    }),
  },
  LoggingConfiguration: {
    set: 'PutBucketLogging',
    cleared: { BucketLoggingStatus: {} },
    input: (value) => ({
      BucketLoggingStatus: {
        LoggingEnabled: {
          TargetBucket: (value as JsonObject)['DestinationBucketName'],
          TargetPrefix: (value as JsonObject)['LogFilePrefix'] ?? '',
        },
      },
    }),
  },
  Tags: { set: 'PutBucketTagging', clear: 'DeleteBucketTagging', input: (value) => ({ Tagging: { TagSet: value } }) },
};

function encryptionRules(value: JsonValue): JsonObject[] {
  return objects(value as JsonObject, 'ServerSideEncryptionConfiguration').map((rule) => ({
    ...omit(rule, 'ServerSideEncryptionByDefault'),
    ...(rule['ServerSideEncryptionByDefault'] !== undefined && {
      ApplyServerSideEncryptionByDefault: rule['ServerSideEncryptionByDefault'],
    }),
  }));
}

/** The template's flat rules as the API's nested ones. */
function lifecycleRules(value: JsonValue): JsonObject[] {
  return objects(value as JsonObject, 'Rules').map((rule) => {
    const expiration = {
      ...(rule['ExpirationInDays'] !== undefined && { Days: rule['ExpirationInDays'] }),
      ...(rule['ExpirationDate'] !== undefined && { Date: rule['ExpirationDate'] }),
      ...pick(rule, 'ExpiredObjectDeleteMarker'),
    };
    const transitions = (rule['Transitions'] ??
      (rule['Transition'] === undefined ? undefined : [rule['Transition']])) as readonly JsonObject[] | undefined;
    const abort = rule['AbortIncompleteMultipartUpload'];
    return {
      ...omit(
        rule,
        'Id',
        'ExpirationInDays',
        'ExpirationDate',
        'ExpiredObjectDeleteMarker',
        'Transition',
        'Transitions',
        'Prefix',
        'TagFilters',
        'NoncurrentVersionExpirationInDays',
        'AbortIncompleteMultipartUpload',
        'ObjectSizeGreaterThan',
        'ObjectSizeLessThan',
      ),
      ...(rule['Id'] !== undefined && { ID: rule['Id'] }),
      Filter: lifecycleFilter(rule),
      ...(Object.keys(expiration).length > 0 && { Expiration: expiration }),
      ...(transitions && {
        Transitions: transitions.map((transition) => ({
          ...pick(transition, 'StorageClass'),
          ...(transition['TransitionInDays'] !== undefined && { Days: transition['TransitionInDays'] }),
          ...(transition['TransitionDate'] !== undefined && { Date: transition['TransitionDate'] }),
        })),
      }),
      ...(rule['NoncurrentVersionExpirationInDays'] !== undefined && {
        NoncurrentVersionExpiration: { NoncurrentDays: rule['NoncurrentVersionExpirationInDays'] },
      }),
      ...(isObject(abort) && { AbortIncompleteMultipartUpload: abort }),
    };
  });
}

function lifecycleFilter(rule: JsonObject): JsonObject {
  const tags = objects(rule, 'TagFilters');
  const sizes = pick(rule, 'ObjectSizeGreaterThan', 'ObjectSizeLessThan');
  const parts = { ...pick(rule, 'Prefix'), ...sizes };
  if (tags.length === 0 && Object.keys(parts).length < 2)
    return Object.keys(parts).length === 0 ? { Prefix: '' } : parts;
  if (tags.length === 1 && Object.keys(parts).length === 0) return { Tag: tags[0] };
  return { And: { ...parts, ...(tags.length > 0 && { Tags: tags }) } };
}

/** EventBridge is the only destination: on unless it says otherwise. */
function notifications(value: JsonValue): JsonObject {
  if (!isObject(value)) throw validationError('Value of property NotificationConfiguration must be an object');
  for (const name of Object.keys(value))
    if (name !== 'EventBridgeConfiguration') throw validationError(`Encountered unsupported property ${name}`);
  const bridge = value['EventBridgeConfiguration'];
  if (!isObject(bridge)) return {};
  return bridge['EventBridgeEnabled'] === undefined || flag(bridge, 'EventBridgeEnabled')
    ? { EventBridgeConfiguration: {} }
    : {};
}

async function configure(
  bucket: string,
  properties: Properties,
  before: Properties,
  { call }: ResourceContext,
): Promise<void> {
  for (const [name, setting] of Object.entries(SETTINGS)) {
    const value = properties[name];
    if (JSON.stringify(value) === JSON.stringify(before[name])) continue;
    if (value !== undefined && value !== null)
      await call('s3', setting.set, { Bucket: bucket, ...setting.input(value) });
    else if (setting.clear) await call('s3', setting.clear, { Bucket: bucket });
    else await call('s3', setting.set, { Bucket: bucket, ...setting.cleared });
  }
}

function physicalBucket(name: string, { cloud }: ResourceContext): Physical {
  return {
    id: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      DualStackDomainName: `${name}.s3.dualstack.${cloud.region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${cloud.region}.amazonaws.com`,
    },
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucket.html */
const bucket: ResourceType = {
  properties: {
    BucketName: 'replace',
    ...Object.fromEntries(Object.keys(SETTINGS).map((name) => [name, 'in-place'])),
  },
  named: 'BucketName',
  attributes: ['Arn', 'DomainName', 'DualStackDomainName', 'RegionalDomainName', 'WebsiteURL'],
  create: async (properties, context) => {
    const name = optionalText(properties, 'BucketName') ?? context.name(63, { lowerCase: true });
    // Creating one's own bucket again is no error in us-east-1; for a stack it is one.
    if (!context.resumed) {
      const taken = await context.call('s3', 'HeadBucket', { Bucket: name }).then(
        () => true,
        (error: unknown) => {
          if (isGone(error)) return false;
          throw error;
        },
      );
      if (taken) throw new AwsError('AlreadyExists', `${name} already exists`, 409);
    }
    const { region } = context.cloud;
    await context.call('s3', 'CreateBucket', {
      Bucket: name,
      ...(region !== 'us-east-1' && { CreateBucketConfiguration: { LocationConstraint: region } }),
    });
    context.exists(name);
    await configure(name, properties, {}, context);
    return physicalBucket(name, context);
  },
  update: async ({ id }, properties, before, context) => {
    await configure(id, properties, before, context);
    return physicalBucket(id, context);
  },
  delete: ({ id }, _properties, { call }) => unlessGone(call('s3', 'DeleteBucket', { Bucket: id })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-s3-bucketpolicy.html */
const bucketPolicy: ResourceType = {
  properties: { Bucket: 'replace', PolicyDocument: 'in-place' },
  required: ['Bucket', 'PolicyDocument'],
  attributes: [],
  create: async (properties, { call }) => {
    const name = text(properties, 'Bucket');
    object(properties, 'PolicyDocument');
    await call('s3', 'PutBucketPolicy', { Bucket: name, Policy: jsonText(properties, 'PolicyDocument') });
    return { id: name, attributes: {} };
  },
  update: async (physical, properties, _before, { call }) => {
    await call('s3', 'PutBucketPolicy', { Bucket: physical.id, Policy: jsonText(properties, 'PolicyDocument') });
    return physical;
  },
  delete: ({ id }, _properties, { call }) => unlessGone(call('s3', 'DeleteBucketPolicy', { Bucket: id })),
};

export const S3_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': bucketPolicy,
};

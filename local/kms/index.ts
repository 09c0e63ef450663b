import type * as client from '@aws-sdk/client-kms';
import { AwsError, pageOf, type Cloud, type Operations, type Service } from '../kernel/index.ts';
import { createKeys, describeKey, invalidAlias, type Key, type Keys, type Tag } from './keys.ts';

const DAY_MS = 86_400_000;
/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
const SHORTEST_WINDOW_DAYS = 7;
const LONGEST_WINDOW_DAYS = 30;
/** https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html */
const DEFAULT_ROTATION_DAYS = 365;

/** AWS Key Management Service: keys and aliases are kept; nothing is encrypted with them. */
export function createKms(cloud: Cloud): Service {
  const keys = createKeys(cloud);
  return {
    name: 'kms',
    client: '@aws-sdk/client-kms',
    operations: { ...keyOperations(cloud, keys), ...aliasOperations(cloud, keys), ...tagOperations(keys) },
  };
}

const invalid = (message: string): AwsError => new AwsError('ValidationException', message);

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html, API_ListAliases.html and API_ListResourceTags.html */
const PAGE = 100;
const LARGEST_PAGE = 1000;

/** One page as KMS's lists come: a marker, how many, and whether more follows. */
function page<Item>(
  all: readonly Item[],
  {
    Limit: limit = PAGE,
    Marker: marker,
  }: { readonly Limit?: number | undefined; readonly Marker?: string | undefined },
): { readonly items: Item[]; readonly Truncated: boolean; readonly NextMarker: string | undefined } {
  if (limit < 1 || limit > LARGEST_PAGE) throw invalid(`Limit must be from 1 to ${LARGEST_PAGE}`);
  const { items, next } = pageOf(all, limit, marker, () => new AwsError('InvalidMarkerException', 'Invalid marker'));
  return { items, Truncated: next !== undefined, NextMarker: next };
}

function checkPolicy(policy: string): string {
  try {
    JSON.parse(policy);
  } catch {
    throw new AwsError('MalformedPolicyDocumentException', 'The key policy is not JSON');
  }
  return policy;
}

function checkTags(tags: readonly client.Tag[] | undefined): readonly Tag[] {
  return (tags ?? []).map(({ TagKey: key, TagValue: value }) => {
    if (!key || key.startsWith('aws:'))
      throw new AwsError('TagException', `Tag key ${JSON.stringify(key)} is not valid`);
    return { TagKey: key, TagValue: value ?? '' };
  });
}

function keyOperations(cloud: Cloud, keys: Keys): Operations {
  const change = (reference: string | undefined, update: (key: Key) => void): Record<string, never> => {
    const key = keys.usable(reference);
    update(key);
    keys.save(key);
    return {};
  };
  return {
    CreateKey: (input: client.CreateKeyRequest) => {
      const spec = input.KeySpec ?? 'SYMMETRIC_DEFAULT';
      if (spec !== 'SYMMETRIC_DEFAULT')
        throw new AwsError('UnsupportedOperationException', `KeySpec ${spec} is not supported by this KMS`);
      if (input.Origin !== undefined && input.Origin !== 'AWS_KMS')
        throw new AwsError('UnsupportedOperationException', `Origin ${input.Origin} is not supported by this KMS`);
      const id = cloud.ids.uuid();
      const key: Key = {
        id,
        arn: cloud.arn('kms', `key/${id}`),
        createdAt: cloud.clock.now(),
        spec,
        usage: input.KeyUsage ?? 'ENCRYPT_DECRYPT',
        multiRegion: input.MultiRegion ?? false,
        description: input.Description ?? '',
        policy: checkPolicy(input.Policy ?? defaultPolicy(cloud)),
        enabled: true,
        tags: checkTags(input.Tags),
      };
      keys.save(key);
      return { KeyMetadata: describeKey(cloud, key) };
    },
    DescribeKey: ({ KeyId: id }: client.DescribeKeyRequest) => ({ KeyMetadata: describeKey(cloud, keys.find(id)) }),
    ListKeys: (input: client.ListKeysRequest) => {
      const { items, ...more } = page(keys.all(), input);
      return { Keys: items.map(({ id, arn }) => ({ KeyId: id, KeyArn: arn })), ...more };
    },
    ScheduleKeyDeletion: (input: client.ScheduleKeyDeletionRequest) => {
      const days = input.PendingWindowInDays ?? LONGEST_WINDOW_DAYS;
      if (days < SHORTEST_WINDOW_DAYS || days > LONGEST_WINDOW_DAYS)
        throw invalid(`PendingWindowInDays must be from ${SHORTEST_WINDOW_DAYS} to ${LONGEST_WINDOW_DAYS}`);
      const key = keys.usable(input.KeyId);
      key.deletionAt = cloud.clock.now() + days * DAY_MS;
      keys.save(key);
      return {
        KeyId: key.arn,
        DeletionDate: new Date(key.deletionAt),
        KeyState: 'PendingDeletion',
        PendingWindowInDays: days,
      };
    },
    CancelKeyDeletion: ({ KeyId: id }: client.CancelKeyDeletionRequest) => {
      const key = keys.find(id);
      if (key.deletionAt === undefined)
        throw new AwsError('KMSInvalidStateException', `${key.arn} is not pending deletion.`);
      key.deletionAt = undefined;
      // A key that is taken back stays disabled until somebody enables it.
      key.enabled = false;
      keys.save(key);
      return { KeyId: key.arn };
    },
    EnableKey: ({ KeyId: id }: client.EnableKeyRequest) => change(id, (key) => void (key.enabled = true)),
    DisableKey: ({ KeyId: id }: client.DisableKeyRequest) => change(id, (key) => void (key.enabled = false)),
    EnableKeyRotation: ({
      KeyId: id,
      RotationPeriodInDays: days = DEFAULT_ROTATION_DAYS,
    }: client.EnableKeyRotationRequest) => change(id, (key) => void (key.rotationDays = days)),
    DisableKeyRotation: ({ KeyId: id }: client.DisableKeyRotationRequest) =>
      change(id, (key) => void (key.rotationDays = undefined)),
    GetKeyRotationStatus: ({ KeyId: id }: client.GetKeyRotationStatusRequest) => {
      const { id: KeyId, rotationDays } = keys.find(id);
      return {
        KeyId,
        KeyRotationEnabled: rotationDays !== undefined,
        ...(rotationDays !== undefined && { RotationPeriodInDays: rotationDays }),
      };
    },
    PutKeyPolicy: ({ KeyId: id, Policy: policy = '' }: client.PutKeyPolicyRequest) =>
      change(id, (key) => void (key.policy = checkPolicy(policy))),
    GetKeyPolicy: ({ KeyId: id }: client.GetKeyPolicyRequest) => ({
      Policy: keys.find(id).policy,
      PolicyName: 'default',
    }),
    UpdateKeyDescription: ({ KeyId: id, Description: description = '' }: client.UpdateKeyDescriptionRequest) =>
      change(id, (key) => void (key.description = description)),
  };
}

function defaultPolicy({ accountId }: Cloud): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${accountId}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  });
}

function aliasOperations(cloud: Cloud, keys: Keys): Operations {
  const existing = (name: string) => {
    const alias = keys.alias(name);
    if (!alias) throw new AwsError('NotFoundException', `Alias ${cloud.arn('kms', name)} is not found.`);
    return alias;
  };
  return {
    CreateAlias: ({ AliasName: name = '', TargetKeyId: target }: client.CreateAliasRequest) => {
      if (!/^alias\/[a-zA-Z0-9/_-]{1,250}$/.test(name) || name.startsWith('alias/aws/')) throw invalidAlias(name);
      const key = keys.usable(target);
      if (keys.alias(name))
        throw new AwsError('AlreadyExistsException', `An alias with the name ${cloud.arn('kms', name)} already exists`);
      const now = cloud.clock.now();
      keys.saveAlias({ name, arn: cloud.arn('kms', name), createdAt: now, updatedAt: now, keyId: key.id });
      return {};
    },
    UpdateAlias: ({ AliasName: name = '', TargetKeyId: target }: client.UpdateAliasRequest) => {
      keys.saveAlias({ ...existing(name), keyId: keys.usable(target).id, updatedAt: cloud.clock.now() });
      return {};
    },
    DeleteAlias: ({ AliasName: name = '' }: client.DeleteAliasRequest) => {
      keys.removeAlias(existing(name).name);
      return {};
    },
    ListAliases: (input: client.ListAliasesRequest) => {
      const key = input.KeyId === undefined ? undefined : keys.find(input.KeyId);
      const wanted = keys.aliases().filter(({ keyId }) => key === undefined || keyId === key.id);
      const { items, ...more } = page(wanted, input);
      return {
        Aliases: items.map(({ name, arn, keyId, createdAt, updatedAt }) => ({
          AliasName: name,
          AliasArn: arn,
          TargetKeyId: keyId,
          CreationDate: new Date(createdAt),
          LastUpdatedDate: new Date(updatedAt),
        })),
        ...more,
      };
    },
  };
}

function tagOperations(keys: Keys): Operations {
  return {
    TagResource: ({ KeyId: id, Tags: tags }: client.TagResourceRequest) => {
      const key = keys.usable(id);
      const added = checkTags(tags);
      key.tags = [...key.tags.filter(({ TagKey }) => !added.some((tag) => tag.TagKey === TagKey)), ...added];
      keys.save(key);
      return {};
    },
    UntagResource: ({ KeyId: id, TagKeys: gone }: client.UntagResourceRequest) => {
      const key = keys.usable(id);
      key.tags = key.tags.filter(({ TagKey }) => !gone?.includes(TagKey));
      keys.save(key);
      return {};
    },
    ListResourceTags: (input: client.ListResourceTagsRequest) => {
      const { items: Tags, ...more } = page(keys.find(input.KeyId).tags, input);
      return { Tags, ...more };
    },
  };
}

import type { Physical, ResourceType } from '../resource-type.ts';
import { flag, jsonText, objects, pick, text, unlessGone } from './values.ts';

/** https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html */
const DEFAULT_WINDOW_DAYS = 30;

interface KeyAnswer {
  readonly KeyMetadata: { readonly KeyId: string; readonly Arn: string };
}

const physicalKey = ({ KeyMetadata: { KeyId, Arn } }: KeyAnswer): Physical => ({
  id: KeyId,
  attributes: { Arn, KeyId },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-key.html */
const key: ResourceType = {
  properties: {
    Description: 'in-place',
    Enabled: 'in-place',
    EnableKeyRotation: 'in-place',
    KeyPolicy: 'in-place',
    KeySpec: 'replace',
    KeyUsage: 'replace',
    MultiRegion: 'replace',
    PendingWindowInDays: 'in-place',
    RotationPeriodInDays: 'in-place',
    Tags: 'in-place',
  },
  attributes: ['Arn', 'KeyId'],
  create: async (properties, context) => {
    const { call } = context;
    const created = await call<KeyAnswer>('kms', 'CreateKey', {
      ...pick(properties, 'Description', 'KeySpec', 'KeyUsage', 'MultiRegion'),
      ...(properties['KeyPolicy'] !== undefined && { Policy: jsonText(properties, 'KeyPolicy') }),
      Tags: objects(properties, 'Tags').map((tag) => ({ TagKey: text(tag, 'Key'), TagValue: text(tag, 'Value') })),
    });
    const { KeyId } = created.KeyMetadata;
    context.exists(KeyId);
    if (flag(properties, 'EnableKeyRotation'))
      await call('kms', 'EnableKeyRotation', { KeyId, ...pick(properties, 'RotationPeriodInDays') });
    if (properties['Enabled'] !== undefined && !flag(properties, 'Enabled')) await call('kms', 'DisableKey', { KeyId });
    return physicalKey(created);
  },
  update: async (physical, properties, before, { call }) => {
    const KeyId = physical.id;
    const enabled = (source: typeof properties): boolean => source['Enabled'] === undefined || flag(source, 'Enabled');
    if (enabled(properties) !== enabled(before))
      await call('kms', enabled(properties) ? 'EnableKey' : 'DisableKey', { KeyId });
    await call('kms', 'UpdateKeyDescription', { KeyId, Description: properties['Description'] ?? '' });
    if (properties['KeyPolicy'] !== undefined)
      await call('kms', 'PutKeyPolicy', { KeyId, PolicyName: 'default', Policy: jsonText(properties, 'KeyPolicy') });
    if (flag(properties, 'EnableKeyRotation'))
      await call('kms', 'EnableKeyRotation', { KeyId, ...pick(properties, 'RotationPeriodInDays') });
    else if (flag(before, 'EnableKeyRotation')) await call('kms', 'DisableKeyRotation', { KeyId });
    const tags = objects(properties, 'Tags').map((tag) => ({ TagKey: text(tag, 'Key'), TagValue: text(tag, 'Value') }));
    const TagKeys = objects(before, 'Tags')
      .map((tag) => text(tag, 'Key'))
      .filter((name) => !tags.some(({ TagKey }) => TagKey === name));
    if (TagKeys.length > 0) await call('kms', 'UntagResource', { KeyId, TagKeys });
    if (tags.length > 0) await call('kms', 'TagResource', { KeyId, Tags: tags });
    return physical;
  },
  delete: ({ id: KeyId }, properties, { call }) =>
    unlessGone(
      call('kms', 'ScheduleKeyDeletion', {
        KeyId,
        PendingWindowInDays: properties['PendingWindowInDays'] ?? DEFAULT_WINDOW_DAYS,
      }),
    ),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-kms-alias.html */
const alias: ResourceType = {
  properties: { AliasName: 'replace', TargetKeyId: 'in-place' },
  required: ['AliasName', 'TargetKeyId'],
  named: 'AliasName',
  attributes: [],
  create: async (properties, { call, resumed }) => {
    const AliasName = text(properties, 'AliasName');
    const TargetKeyId = text(properties, 'TargetKeyId');
    if (resumed) await unlessGone(call('kms', 'DeleteAlias', { AliasName }));
    await call('kms', 'CreateAlias', { AliasName, TargetKeyId });
    return { id: AliasName, attributes: {} };
  },
  update: async (physical, properties, _before, { call }) => {
    await call('kms', 'UpdateAlias', { AliasName: physical.id, TargetKeyId: text(properties, 'TargetKeyId') });
    return physical;
  },
  delete: ({ id: AliasName }, _properties, { call }) => unlessGone(call('kms', 'DeleteAlias', { AliasName })),
};

export const KMS_TYPES: Readonly<Record<string, ResourceType>> = { 'AWS::KMS::Alias': alias, 'AWS::KMS::Key': key };

import type { KeyMetadata } from '@aws-sdk/client-kms';
import { AwsError, type Cloud } from '../kernel/index.ts';

export interface Tag {
  readonly TagKey: string;
  readonly TagValue: string;
}

export interface Key {
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly spec: string;
  readonly usage: string;
  readonly multiRegion: boolean;
  description: string;
  policy: string;
  enabled: boolean;
  rotationDays?: number | undefined;
  /** When a key whose deletion is scheduled goes. */
  deletionAt?: number | undefined;
  tags: readonly Tag[];
}

export interface Alias {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  keyId: string;
  updatedAt: number;
}

const KEY = 'kms.key';
const ALIAS = 'kms.alias';

export const invalidAlias = (name: string): AwsError =>
  new AwsError(
    'InvalidAliasNameException',
    `Alias must start with the prefix "alias/". Please see https://docs.aws.amazon.com/kms/latest/developerguide/kms-alias.html (${name})`,
  );

/** Keys and aliases as documents. A key whose time has come is gone for everybody, with its aliases. */
export interface Keys {
  /** By id, ARN, alias or alias ARN. */
  find(reference: string | undefined): Key;
  /** One that is not about to be deleted. */
  usable(reference: string | undefined): Key;
  all(): readonly Key[];
  save(key: Key): void;
  alias(name: string): Alias | undefined;
  aliases(): readonly Alias[];
  saveAlias(alias: Alias): void;
  removeAlias(name: string): void;
}

export function createKeys(cloud: Cloud): Keys {
  const { clock, documents } = cloud;
  const expire = (key: Key | undefined): Key | undefined => {
    if (!key || key.deletionAt === undefined || key.deletionAt > clock.now()) return key;
    documents.delete(KEY, key.id);
    for (const alias of documents.list<Alias>(ALIAS))
      if (alias.document.keyId === key.id) documents.delete(ALIAS, alias.id);
    return undefined;
  };
  const resolve = (reference: string): string => {
    const local = reference.startsWith('arn:') ? reference.split(':').slice(5).join(':') : reference;
    if (!local.startsWith('alias/')) return local.replace(/^key\//, '');
    return documents.get<Alias>(ALIAS, local)?.keyId ?? '';
  };
  const find = (reference: string | undefined): Key => {
    const key = reference === undefined ? undefined : expire(documents.get<Key>(KEY, resolve(reference)));
    if (!key) {
      const shown = reference?.includes('alias/')
        ? `Alias ${reference}`
        : `Key '${cloud.arn('kms', `key/${reference ?? ''}`)}'`;
      throw new AwsError('NotFoundException', `${reference?.startsWith('arn:') ? reference : shown} does not exist`);
    }
    return key;
  };
  return {
    find,
    usable: (reference) => {
      const key = find(reference);
      if (key.deletionAt !== undefined)
        throw new AwsError('KMSInvalidStateException', `${key.arn} is pending deletion.`);
      return key;
    },
    all: () => documents.list<Key>(KEY).flatMap(({ document }) => expire(document) ?? []),
    save: (key) => documents.put(KEY, key.id, key),
    alias: (name) => documents.get<Alias>(ALIAS, name),
    aliases: () => documents.list<Alias>(ALIAS).map(({ document }) => document),
    saveAlias: (alias) => documents.put(ALIAS, alias.name, alias),
    removeAlias: (name) => void documents.delete(ALIAS, name),
  };
}

export function describeKey({ accountId }: Cloud, key: Key): KeyMetadata {
  return {
    AWSAccountId: accountId,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.createdAt),
    Enabled: key.enabled && key.deletionAt === undefined,
    Description: key.description,
    KeyUsage: key.usage as NonNullable<KeyMetadata['KeyUsage']>,
    KeyState: key.deletionAt === undefined ? (key.enabled ? 'Enabled' : 'Disabled') : 'PendingDeletion',
    ...(key.deletionAt !== undefined && { DeletionDate: new Date(key.deletionAt) }),
    Origin: 'AWS_KMS',
    KeyManager: 'CUSTOMER',
    KeySpec: key.spec as NonNullable<KeyMetadata['KeySpec']>,
    CustomerMasterKeySpec: key.spec as NonNullable<KeyMetadata['CustomerMasterKeySpec']>,
    EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
    MultiRegion: key.multiRegion,
  };
}

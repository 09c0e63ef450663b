import { isObject, type JsonObject } from '../template/json-value.ts';
import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { validationError } from '../validation-error.ts';
import {
  isThere,
  jsonText,
  lastPart,
  object,
  objects,
  omit,
  optionalText,
  pick,
  removedTagKeys,
  text,
  unlessGone,
} from './values.ts';

const SERVICE = 'secretsmanager';

interface SecretAnswer {
  readonly ARN: string;
}

const physicalSecret = (arn: string): Physical => ({ id: arn, attributes: { Id: arn } });

/** The secret's first value: as given, or made from a template and a generated password. */
async function secretString(properties: Properties, { call }: ResourceContext): Promise<string | undefined> {
  const generate = properties['GenerateSecretString'];
  if (generate === undefined) return optionalText(properties, 'SecretString');
  if (properties['SecretString'] !== undefined)
    throw validationError('You must specify either SecretString or GenerateSecretString, but not both.');
  const options = object(properties, 'GenerateSecretString');
  const { RandomPassword: password } = await call<{ readonly RandomPassword: string }>(
    SERVICE,
    'GetRandomPassword',
    omit(options, 'GenerateStringKey', 'SecretStringTemplate'),
  );
  const [template, name] = [optionalText(options, 'SecretStringTemplate'), optionalText(options, 'GenerateStringKey')];
  if ((template === undefined) !== (name === undefined))
    throw validationError('SecretStringTemplate and GenerateStringKey must be given together.');
  if (template === undefined || name === undefined) return password;
  const parsed = parseTemplate(template);
  return JSON.stringify({ ...parsed, [name]: password });
}

function parseTemplate(template: string): JsonObject {
  try {
    const parsed: unknown = JSON.parse(template);
    if (isObject(parsed)) return parsed;
  } catch {
    // Refused below, without showing what may be secret.
  }
  throw validationError('SecretStringTemplate must be a JSON object.');
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secret.html */
const secret: ResourceType = {
  properties: {
    Name: 'replace',
    Description: 'in-place',
    GenerateSecretString: 'in-place',
    KmsKeyId: 'in-place',
    SecretString: 'in-place',
    Tags: 'in-place',
  },
  named: 'Name',
  attributes: ['Id'],
  create: async (properties, context) => {
    const Name = optionalText(properties, 'Name') ?? context.name(64);
    const { ARN } = await context
      .call<SecretAnswer>(SERVICE, 'CreateSecret', {
        Name,
        ...pick(properties, 'Description', 'KmsKeyId', 'Tags'),
        SecretString: await secretString(properties, context),
      })
      .catch((error: unknown) => {
        if (context.resumed && isThere(error))
          return context.call<SecretAnswer>(SERVICE, 'DescribeSecret', { SecretId: Name });
        throw error;
      });
    return physicalSecret(ARN);
  },
  update: async (physical, properties, before, context) => {
    const { call } = context;
    const SecretId = physical.id;
    const changed = ['GenerateSecretString', 'SecretString'].some(
      (name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name]),
    );
    await call(SERVICE, 'UpdateSecret', {
      SecretId,
      Description: properties['Description'] ?? '',
      ...pick(properties, 'KmsKeyId'),
      ...(changed && { SecretString: await secretString(properties, context) }),
    });
    const TagKeys = removedTagKeys(properties, before);
    if (TagKeys.length > 0) await call(SERVICE, 'UntagResource', { SecretId, TagKeys });
    if (objects(properties, 'Tags').length > 0)
      await call(SERVICE, 'TagResource', { SecretId, Tags: objects(properties, 'Tags') });
    return physical;
  },
  // CloudFormation deletes a secret without a recovery window.
  delete: ({ id: SecretId }, _properties, { call }) =>
    unlessGone(call(SERVICE, 'DeleteSecret', { SecretId, ForceDeleteWithoutRecovery: true })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-resourcepolicy.html */
const resourcePolicy: ResourceType = {
  properties: { SecretId: 'replace', ResourcePolicy: 'in-place', BlockPublicPolicy: 'in-place' },
  required: ['ResourcePolicy', 'SecretId'],
  attributes: ['Id'],
  create: async (properties, context) => {
    const SecretId = text(properties, 'SecretId');
    await putPolicy(SecretId, properties, context);
    return { id: SecretId, attributes: { Id: SecretId } };
  },
  update: async (physical, properties, _before, context) => {
    await putPolicy(physical.id, properties, context);
    return physical;
  },
  delete: ({ id: SecretId }, _properties, { call }) => unlessGone(call(SERVICE, 'DeleteResourcePolicy', { SecretId })),
};

async function putPolicy(SecretId: string, properties: Properties, { call }: ResourceContext): Promise<void> {
  const ResourcePolicy = jsonText(properties, 'ResourcePolicy');
  await call(SERVICE, 'PutResourcePolicy', { SecretId, ResourcePolicy, ...pick(properties, 'BlockPublicPolicy') });
}

/** Where each kind of target says how it is reached. */
const TARGETS: Readonly<Record<string, string>> = { 'AWS::Redshift::Cluster': 'redshift' };

interface ClustersAnswer {
  readonly Clusters: readonly {
    readonly ClusterIdentifier: string;
    readonly DBName?: string;
    readonly Endpoint?: { readonly Address: string; readonly Port: number };
  }[];
}

/**
 * Writes how the target is reached into the secret.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html
 */
const secretTargetAttachment: ResourceType = {
  properties: { SecretId: 'replace', TargetId: 'in-place', TargetType: 'in-place' },
  required: ['SecretId', 'TargetId', 'TargetType'],
  attributes: ['Id'],
  create: async (properties, context) => {
    const SecretId = text(properties, 'SecretId');
    await attach(SecretId, properties, context);
    return { id: SecretId, attributes: { Id: SecretId } };
  },
  update: async (physical, properties, _before, context) => {
    await attach(physical.id, properties, context);
    return physical;
  },
  delete: () => Promise.resolve(),
};

async function attach(SecretId: string, properties: Properties, { call }: ResourceContext): Promise<void> {
  const type = text(properties, 'TargetType');
  const engine = TARGETS[type];
  if (engine === undefined) throw validationError(`TargetType ${type} is not supported by this CloudFormation.`);
  const { Clusters: clusters } = await call<ClustersAnswer>('redshift', 'DescribeClusters', {
    ClusterIdentifier: lastPart(text(properties, 'TargetId'), ':'),
  });
  const [cluster] = clusters;
  const { SecretString: current = '{}' } = await call<{ readonly SecretString?: string }>(SERVICE, 'GetSecretValue', {
    SecretId,
  });
  const connection = {
    engine,
    host: cluster?.Endpoint?.Address,
    port: cluster?.Endpoint?.Port,
    dbname: cluster?.DBName,
    dbClusterIdentifier: cluster?.ClusterIdentifier,
  };
  await call(SERVICE, 'UpdateSecret', {
    SecretId,
    SecretString: JSON.stringify({ ...parseTemplate(current), ...connection }),
  });
}

export const SECRETS_MANAGER_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::SecretsManager::ResourcePolicy': resourcePolicy,
  'AWS::SecretsManager::Secret': secret,
  'AWS::SecretsManager::SecretTargetAttachment': secretTargetAttachment,
};

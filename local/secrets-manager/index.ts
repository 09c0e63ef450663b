import type * as client from '@aws-sdk/client-secrets-manager';
import { AwsError, pageAfter, required, type Cloud, type Service } from '../kernel/index.ts';
import { randomPassword } from './random-password.ts';
import { CURRENT, openSecrets, withVersion, type Secret, type Secrets, type SecretVersion } from './secrets.ts';

/** https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html */
const LARGEST_VALUE_BYTES = 65_536;
const DAY_MS = 86_400_000;
const DEFAULT_RECOVERY_DAYS = 30;
const LARGEST_PAGE = 100;

const invalid = (message: string): AwsError => new AwsError('InvalidParameterException', message);

/** Secrets Manager: secrets with versions and stages, deletion with a recovery window. Rotation and replication are not there. */
export function createSecretsManager(cloud: Cloud): Service {
  const secrets = openSecrets(cloud);
  return {
    name: 'secretsmanager',
    client: '@aws-sdk/client-secrets-manager',
    operations: {
      CreateSecret: (input: client.CreateSecretRequest) => createSecret(cloud, secrets, input),
      GetSecretValue: (input: client.GetSecretValueRequest) => getSecretValue(cloud, secrets, input),
      DescribeSecret: (input: client.DescribeSecretRequest) => describe(secrets.find(input.SecretId)),
      PutSecretValue: (input: client.PutSecretValueRequest) => putSecretValue(cloud, secrets, input),
      UpdateSecret: (input: client.UpdateSecretRequest) => updateSecret(cloud, secrets, input),
      DeleteSecret: (input: client.DeleteSecretRequest) => deleteSecret(cloud, secrets, input),
      RestoreSecret: (input: client.RestoreSecretRequest) => restoreSecret(secrets, input),
      ListSecrets: (input: client.ListSecretsRequest) => listSecrets(secrets, input),
      ListSecretVersionIds: (input: client.ListSecretVersionIdsRequest) => {
        const { arn, name, versions } = secrets.find(input.SecretId);
        return {
          ARN: arn,
          Name: name,
          Versions: versions.map(({ id, stages, created }) => ({
            VersionId: id,
            VersionStages: stages,
            CreatedDate: new Date(created),
          })),
        };
      },
      TagResource: (input: client.TagResourceRequest) => {
        const secret = secrets.findActive(input.SecretId);
        const added = input.Tags ?? [];
        const kept = secret.tags.filter(({ Key }) => !added.some((tag) => tag.Key === Key));
        secrets.put({ ...secret, tags: [...kept, ...added] });
        return {};
      },
      UntagResource: (input: client.UntagResourceRequest) => {
        const secret = secrets.findActive(input.SecretId);
        secrets.put({ ...secret, tags: secret.tags.filter(({ Key }) => !input.TagKeys?.includes(Key ?? '')) });
        return {};
      },
      GetRandomPassword: (input: client.GetRandomPasswordRequest) => ({
        RandomPassword: randomPassword(cloud.ids, input),
      }),
    },
  };
}

interface ValueInput {
  readonly SecretString?: string | undefined;
  readonly SecretBinary?: Uint8Array | undefined;
  readonly ClientRequestToken?: string | undefined;
}

function newVersion(cloud: Cloud, input: ValueInput, stages: readonly string[]): SecretVersion | undefined {
  const { SecretString: string, SecretBinary: binary } = input;
  if (string === undefined && binary === undefined) return undefined;
  if (string !== undefined && binary !== undefined)
    throw invalid('You can only specify either SecretString or SecretBinary, not both.');
  if (Buffer.byteLength(string ?? binary ?? '') > LARGEST_VALUE_BYTES)
    throw invalid(`The secret value must not be longer than ${LARGEST_VALUE_BYTES} bytes.`);
  return {
    id: input.ClientRequestToken ?? cloud.ids.uuid(),
    stages,
    created: cloud.clock.now(),
    ...(string === undefined ? {} : { string }),
    ...(binary === undefined ? {} : { binary: Buffer.from(binary).toString('base64') }),
  };
}

const sameValue = (a: SecretVersion, b: SecretVersion): boolean => a.string === b.string && a.binary === b.binary;

function createSecret(cloud: Cloud, secrets: Secrets, input: client.CreateSecretRequest): client.CreateSecretResponse {
  const name = required(input.Name, 'name');
  if (!/^[A-Za-z0-9/_+=.@!-]{1,512}$/.test(name))
    throw new AwsError(
      'ValidationException',
      'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
    );
  if (input.AddReplicaRegions && input.AddReplicaRegions.length > 0)
    throw invalid('Replicas are not implemented by the local cloud');
  const version = newVersion(cloud, input, [CURRENT]);
  const existing = secrets.byName(name);
  if (existing?.deletedAt !== undefined)
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  const twin = existing?.versions.find(({ id }) => id === version?.id);
  if (existing && !(twin && version && sameValue(twin, version)))
    throw new AwsError('ResourceExistsException', `The operation failed because the secret ${name} already exists.`);
  const now = cloud.clock.now();
  const secret: Secret = existing ?? {
    name,
    arn: cloud.arn('secretsmanager', `secret:${name}-${cloud.ids.hex(6)}`),
    created: now,
    changed: now,
    tags: input.Tags ?? [],
    versions: version ? [version] : [],
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
  secrets.put(secret);
  return { ARN: secret.arn, Name: name, ...(version ? { VersionId: version.id } : {}) };
}

function getSecretValue(
  cloud: Cloud,
  secrets: Secrets,
  input: client.GetSecretValueRequest,
): client.GetSecretValueResponse {
  const secret = secrets.findActive(input.SecretId);
  const stage = input.VersionStage ?? (input.VersionId === undefined ? CURRENT : undefined);
  const version = secret.versions.find(
    ({ id, stages }) =>
      (input.VersionId === undefined || id === input.VersionId) && (stage === undefined || stages.includes(stage)),
  );
  if (!version)
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${stage === undefined ? `VersionId: ${input.VersionId}` : `staging label: ${stage}`}`,
    );
  // AWS keeps the day, not the moment.
  secrets.put({ ...secret, accessed: Math.floor(cloud.clock.now() / DAY_MS) * DAY_MS });
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    VersionStages: [...version.stages],
    CreatedDate: new Date(version.created),
    ...(version.string === undefined ? {} : { SecretString: version.string }),
    ...(version.binary === undefined ? {} : { SecretBinary: Buffer.from(version.binary, 'base64') }),
  };
}

function describe(secret: Secret): client.DescribeSecretResponse {
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: new Date(secret.created),
    LastChangedDate: new Date(secret.changed),
    Tags: [...secret.tags],
    VersionIdsToStages: Object.fromEntries(secret.versions.map(({ id, stages }) => [id, [...stages]])),
    ...(secret.description === undefined ? {} : { Description: secret.description }),
    ...(secret.kmsKeyId === undefined ? {} : { KmsKeyId: secret.kmsKeyId }),
    ...(secret.accessed === undefined ? {} : { LastAccessedDate: new Date(secret.accessed) }),
    ...(secret.deletedAt === undefined ? {} : { DeletedDate: new Date(secret.deletedAt) }),
  };
}

function putSecretValue(
  cloud: Cloud,
  secrets: Secrets,
  input: client.PutSecretValueRequest,
): client.PutSecretValueResponse {
  const secret = secrets.findActive(input.SecretId);
  const version = newVersion(cloud, input, input.VersionStages ?? [CURRENT]);
  if (!version) throw new AwsError('InvalidRequestException', 'You must provide either SecretString or SecretBinary.');
  return { ...addVersion(cloud, secrets, secret, version), VersionStages: [...version.stages] };
}

/** The same token with the same value changes nothing; with another value it is an error. */
function addVersion(cloud: Cloud, secrets: Secrets, secret: Secret, version: SecretVersion) {
  const twin = secret.versions.find(({ id }) => id === version.id);
  if (twin && !sameValue(twin, version))
    throw new AwsError(
      'ResourceExistsException',
      `You can't modify an existing version, you can only create new versions: ${version.id}`,
    );
  if (!twin) secrets.put({ ...withVersion(secret, version), changed: cloud.clock.now() });
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id };
}

function updateSecret(cloud: Cloud, secrets: Secrets, input: client.UpdateSecretRequest): client.UpdateSecretResponse {
  const found = secrets.findActive(input.SecretId);
  const version = newVersion(cloud, input, [CURRENT]);
  const secret: Secret = {
    ...found,
    changed: cloud.clock.now(),
    ...(input.Description === undefined ? {} : { description: input.Description }),
    ...(input.KmsKeyId === undefined ? {} : { kmsKeyId: input.KmsKeyId }),
  };
  secrets.put(secret);
  return version ? addVersion(cloud, secrets, secret, version) : { ARN: secret.arn, Name: secret.name };
}

function deleteSecret(cloud: Cloud, secrets: Secrets, input: client.DeleteSecretRequest): client.DeleteSecretResponse {
  const { RecoveryWindowInDays: days, ForceDeleteWithoutRecovery: force } = input;
  if (force && days !== undefined)
    throw invalid("You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.");
  if (days !== undefined && (days < 7 || days > 30))
    throw invalid('The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).');
  const now = cloud.clock.now();
  const secret = force ? secrets.find(input.SecretId) : secrets.findActive(input.SecretId);
  const deletionDate = now + (force ? 0 : (days ?? DEFAULT_RECOVERY_DAYS) * DAY_MS);
  if (force) secrets.delete(secret);
  else secrets.put({ ...secret, deletedAt: now, deletionDate });
  return { ARN: secret.arn, Name: secret.name, DeletionDate: new Date(deletionDate) };
}

function restoreSecret(secrets: Secrets, input: client.RestoreSecretRequest): client.RestoreSecretResponse {
  const { deletedAt: _at, deletionDate: _date, ...secret } = secrets.find(input.SecretId);
  secrets.put(secret);
  return { ARN: secret.arn, Name: secret.name };
}

function listSecrets(secrets: Secrets, input: client.ListSecretsRequest): client.ListSecretsResponse {
  const max = Math.min(input.MaxResults ?? LARGEST_PAGE, LARGEST_PAGE);
  const found = secrets
    .list()
    .filter((secret) => input.IncludePlannedDeletion || secret.deletedAt === undefined)
    .filter((secret) => (input.Filters ?? []).every((filter) => passes(secret, filter)));
  const { items: page, next } = pageAfter(
    found,
    ({ name }) => name,
    max,
    input.NextToken,
    () => new AwsError('InvalidNextTokenException', 'The NextToken value is invalid.'),
  );
  return {
    SecretList: page.map((secret) => {
      const { VersionIdsToStages, ...entry } = describe(secret);
      return { ...entry, SecretVersionsToStages: VersionIdsToStages };
    }),
    ...(next === undefined ? {} : { NextToken: next }),
  };
}

/** A value matches from the beginning, and `!` before it turns it round. */
function passes(secret: Secret, { Key, Values }: client.Filter): boolean {
  const searchable: Readonly<Record<string, readonly string[]>> = {
    name: [secret.name],
    description: [secret.description ?? ''],
    'tag-key': secret.tags.map((tag) => tag.Key ?? ''),
    'tag-value': secret.tags.map((tag) => tag.Value ?? ''),
  };
  const texts = searchable[Key ?? ''];
  if (!texts)
    throw new AwsError(
      'NotImplemented',
      `secretsmanager:ListSecrets with the filter ${Key} is not implemented by the local cloud`,
      501,
    );
  return (Values ?? []).some((value) =>
    value.startsWith('!')
      ? !texts.some((text) => text.startsWith(value.slice(1)))
      : texts.some((text) => text.startsWith(value)),
  );
}

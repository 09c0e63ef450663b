import { AwsError, ROOT, type Cloud } from '../../kernel/index.ts';

/** Whose admin's password Secrets Manager keeps. */
export interface SecretOwner {
  /** A cluster's identifier or a namespace's name. */
  readonly name: string;
  readonly adminUser: string;
  readonly tag: { readonly Key: string; readonly Value: string };
}

/**
 * Makes the secret of an admin whose password nobody has given.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/redshift-secrets-manager-integration.html
 */
export async function createAdminSecret(
  cloud: Cloud,
  { name, adminUser: username, tag }: SecretOwner,
  kmsKey: string | undefined,
): Promise<{ readonly arn: string; readonly password: string }> {
  const password = `Aa1${cloud.ids.hex(29)}`;
  const { ARN: arn } = await cloud.call<{ readonly ARN: string }>(
    'secretsmanager',
    'CreateSecret',
    {
      Name: `redshift!${name}-${username}`,
      SecretString: JSON.stringify({ username, password }),
      ...(kmsKey !== undefined && { KmsKeyId: kmsKey }),
      Tags: [tag],
    },
    ROOT,
  );
  return { arn, password };
}

/** Its owner is gone, and so is the secret at once; that somebody has deleted it before is fine. */
export async function deleteAdminSecret(cloud: Cloud, arn: string | undefined): Promise<void> {
  if (arn === undefined) return;
  await cloud
    .call('secretsmanager', 'DeleteSecret', { SecretId: arn, ForceDeleteWithoutRecovery: true }, ROOT)
    .catch((error: unknown) => {
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
    });
}

import { AwsError, type Caller, type Cloud } from '../kernel/index.ts';
import { iamUser } from '../redshift/clusters/credentials.ts';
import type { ClusterAccess, ReachableCluster } from '../redshift/clusters/cluster-access.ts';
import { validation } from './validation.ts';

/** How a request says where to connect and as whom. */
export interface ConnectionInput {
  readonly ClusterIdentifier?: string | undefined;
  readonly WorkgroupName?: string | undefined;
  readonly Database?: string | undefined;
  readonly SecretArn?: string | undefined;
  readonly DbUser?: string | undefined;
}

export interface Target {
  readonly cluster: string;
  readonly database: string;
  readonly user: string;
  /** Why a connection will be refused: the statement fails with it, as on AWS. */
  readonly refusal?: string;
}

/**
 * Finds the cluster and the database user. A secret is read with the caller's own permissions, and must hold the admin's name and
 * password. https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-authentication
 */
export async function authenticate(
  cloud: Cloud,
  access: ClusterAccess,
  input: ConnectionInput,
  caller: Caller,
): Promise<Target> {
  if (input.WorkgroupName !== undefined) {
    if (input.ClusterIdentifier !== undefined)
      throw validation('ClusterIdentifier and WorkgroupName cannot be specified together.');
    // There are clusters here and no serverless workgroups: AWS's answer for one that does not exist.
    throw noEndpoint();
  }
  if (input.SecretArn !== undefined && input.DbUser !== undefined)
    throw validation('SecretArn and DbUser cannot be specified together.');
  const secret = input.SecretArn === undefined ? undefined : await readSecret(cloud, input.SecretArn, caller);
  const identifier = input.ClusterIdentifier ?? secret?.cluster;
  if (identifier === undefined)
    throw validation('Either ClusterIdentifier, WorkgroupName or SessionId must be provided.');
  const cluster = reachable(access, identifier);
  if (input.Database === undefined) throw validation('Database is required.');
  const target = { cluster: cluster.identifier, database: input.Database };
  if (!secret) return { ...target, user: input.DbUser ?? iamUser(caller) };
  if (secret.cluster !== undefined && secret.cluster !== identifier)
    throw validation('The cluster identifier of the secret does not match ClusterIdentifier.');
  const { username: user, password } = secret;
  return user === cluster.adminUser && cluster.isAdminPassword(password)
    ? { ...target, user }
    : { ...target, user, refusal: `FATAL: password authentication failed for user "${user}"` };
}

/** @throws AwsError `ValidationException` unless the cluster is there and can be connected to. */
export function reachable(access: ClusterAccess, identifier: string): ReachableCluster {
  const cluster = access.find(identifier);
  if (!cluster) throw noEndpoint();
  // Modifying a setting leaves a cluster in service; every other change takes it away.
  if (cluster.status !== 'available' && cluster.status !== 'modifying')
    throw validation('Redshift endpoint is not available.');
  return cluster;
}

function noEndpoint(): AwsError {
  return validation("Redshift endpoint doesn't exist in this region.");
}

interface Credentials {
  readonly username: string;
  readonly password: string;
  /** The secret may name its cluster: https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_secret_json_structure.html */
  readonly cluster: string | undefined;
}

async function readSecret(cloud: Cloud, id: string, caller: Caller): Promise<Credentials> {
  const { SecretString: text } = await cloud
    .call<{ readonly SecretString?: string }>('secretsmanager', 'GetSecretValue', { SecretId: id }, caller)
    .catch((error: unknown) => {
      // AWS passes on what Secrets Manager said, as the caller's own mistake.
      if (error instanceof AwsError && error.status < 500)
        throw new AwsError(error.code === 'AccessDeniedException' ? error.code : 'ValidationException', error.message);
      throw error;
    });
  const parsed = parseJson(text ?? '');
  const member = (name: string): string | undefined => {
    const value = parsed?.[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const username = member('username');
  const password = member('password');
  if (username === undefined || password === undefined)
    throw validation(`The secret ${id} must be a JSON object with username and password.`);
  return { username, password, cluster: member('dbClusterIdentifier') };
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

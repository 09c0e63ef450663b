import { AwsError, type Caller, type Cloud } from '../kernel/index.ts';
import { iamUser } from '../redshift/clusters/credentials.ts';
import type { ClusterAccess, ReachableWarehouse, WarehouseName } from '../redshift/clusters/cluster-access.ts';
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
  readonly warehouse: ReachableWarehouse;
  readonly database: string;
  readonly user: string;
  /** Why a connection will be refused: the statement fails with it, as on AWS. */
  readonly refusal?: string;
}

/** What there is to connect to. */
export interface Warehouses {
  readonly clusters: ClusterAccess;
  readonly workgroups: WorkgroupAccess;
}

/** The serverless workgroups, by name or ARN. */
export interface WorkgroupAccess {
  find(workgroup: string): ReachableWarehouse | undefined;
}

/**
 * Finds the cluster or the workgroup, and the database user. A secret is read with the caller's own permissions, and must hold the admin's
 * name and password; to a workgroup without one, an IAM identity connects as itself.
 * https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html#data-api-calling-considerations-authentication
 */
export async function authenticate(
  cloud: Cloud,
  warehouses: Warehouses,
  input: ConnectionInput,
  caller: Caller,
): Promise<Target> {
  onlyOne(input, 'ClusterIdentifier', 'WorkgroupName');
  onlyOne(input, 'SecretArn', 'DbUser');
  onlyOne(input, 'WorkgroupName', 'DbUser');
  const secret = input.SecretArn === undefined ? undefined : await readSecret(cloud, input.SecretArn, caller);
  const name = warehouseName(input.ClusterIdentifier ?? secret?.cluster, input.WorkgroupName);
  if (name === undefined) throw validation('Either ClusterIdentifier or WorkgroupName needs to be specified.');
  const warehouse = reachable(warehouses, name);
  if (!input.Database) throw validation('Database is required.');
  const target = { warehouse, database: input.Database };
  if (!secret) return { ...target, user: input.DbUser ?? iamUser(caller) };
  if (secret.cluster !== undefined && 'ClusterIdentifier' in name && secret.cluster !== name.ClusterIdentifier)
    throw validation('The cluster identifier of the secret does not match ClusterIdentifier.');
  const { username: user, password } = secret;
  return user === warehouse.adminUser && warehouse.isAdminPassword(password)
    ? { ...target, user }
    : { ...target, user, refusal: `FATAL: password authentication failed for user "${user}"` };
}

/** @throws AwsError `ValidationException` where a request has both of two members that exclude each other. */
export function onlyOne<Name extends string>(
  input: Readonly<Partial<Record<Name, unknown>>>,
  one: Name,
  other: Name,
): void {
  if (input[one] !== undefined && input[other] !== undefined)
    throw validation(`${one} and ${other} cannot be specified together.`);
}

function warehouseName(cluster: string | undefined, workgroup: string | undefined): WarehouseName | undefined {
  if (workgroup !== undefined) return { WorkgroupName: workgroup };
  return cluster === undefined ? undefined : { ClusterIdentifier: cluster };
}

/** A listing's filter with the workgroup's name for its ARN. */
export function warehouseFilter(
  { ClusterIdentifier, WorkgroupName }: Pick<ConnectionInput, 'ClusterIdentifier' | 'WorkgroupName'>,
  workgroups: WorkgroupAccess,
): Pick<ConnectionInput, 'ClusterIdentifier' | 'WorkgroupName'> {
  const found = WorkgroupName === undefined ? undefined : workgroups.find(WorkgroupName)?.name;
  return { ClusterIdentifier, WorkgroupName, ...found };
}

/** @throws AwsError `ValidationException` unless the cluster or the workgroup is there and can be connected to. */
export function reachable({ clusters, workgroups }: Warehouses, name: WarehouseName): ReachableWarehouse {
  const warehouse =
    'WorkgroupName' in name ? workgroups.find(name.WorkgroupName) : clusters.find(name.ClusterIdentifier);
  if (!warehouse) throw validation("Redshift endpoint doesn't exist in this region.");
  if (!warehouse.available) throw validation('Redshift endpoint is not available.');
  return warehouse;
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

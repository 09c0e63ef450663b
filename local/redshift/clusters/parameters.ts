import { AwsError, pageAfter } from '../../kernel/index.ts';

export function invalidValue(message: string): AwsError {
  return new AwsError('InvalidParameterValue', message);
}

export function invalidCombination(message: string): AwsError {
  return new AwsError('InvalidParameterCombination', message);
}

/** What this cloud does not have is refused by name, never ignored. */
export function refuseOthers(operation: string, input: object, supported: readonly string[]): void {
  const other = Object.entries(input).find(([name, value]) => value !== undefined && !supported.includes(name));
  if (other)
    throw new AwsError(
      'NotImplemented',
      `redshift:${operation} with ${other[0]} is not implemented by the local cloud`,
      501,
    );
}

/** https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html */
export function clusterIdentifier(text: string): string {
  const identifier = text.toLowerCase();
  if (!/^[a-z](-?[a-z0-9]){0,62}$/.test(identifier) || identifier.length > 63)
    throw invalidValue(
      `The parameter ClusterIdentifier is not a valid identifier: '${text}'. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
    );
  return identifier;
}

/** Node counts a cluster of each type may have: https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html */
const NODE_TYPES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  'dc2.large': [1, 32],
  'dc2.8xlarge': [2, 128],
  'ra3.large': [1, 16],
  'ra3.xlplus': [1, 32],
  'ra3.4xlarge': [2, 128],
  'ra3.16xlarge': [2, 128],
  'rg.xlarge': [1, 32],
  'rg.4xlarge': [2, 128],
};

/** The number of nodes, after AWS's rules for the cluster's type and its nodes' type. */
export function nodeCount(nodeType: string, clusterType: string | undefined, nodes: number | undefined): number {
  const range = NODE_TYPES[nodeType];
  if (!range) throw invalidValue(`Invalid node type: ${nodeType}`);
  if (clusterType !== undefined && clusterType !== 'single-node' && clusterType !== 'multi-node')
    throw invalidValue(`Invalid cluster type: ${clusterType}. Valid values are single-node and multi-node.`);
  const type = clusterType ?? (nodes === undefined || nodes === 1 ? 'single-node' : 'multi-node');
  if (type === 'single-node' && nodes !== undefined && nodes !== 1)
    throw invalidCombination('Number of nodes must be 1 when cluster type is single-node');
  if (type === 'multi-node' && (nodes === undefined || nodes < 2))
    throw invalidCombination('Number of nodes for cluster type multi-node must be greater than or equal to 2');
  const count = nodes ?? 1;
  const [least, most] = range;
  if (!Number.isInteger(count) || count < least || count > most)
    throw invalidValue(`Number of nodes for node type ${nodeType} must be between ${least} and ${most}, not ${count}`);
  return count;
}

/** https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html */
export function adminPassword(password: string): string {
  if (
    password.length < 8 ||
    password.length > 64 ||
    !/[a-z]/.test(password) ||
    !/[A-Z]/.test(password) ||
    !/[0-9]/.test(password)
  )
    throw invalidValue(
      'The parameter MasterUserPassword must be between 8 and 64 characters and contain at least one uppercase letter, one lowercase letter, and one number.',
    );
  if (!/^[!-~]+$/.test(password) || /['"\\/@]/.test(password))
    throw invalidValue(
      "The parameter MasterUserPassword is not a valid password. Only printable ASCII characters besides '/', '@', '\"', '\\', ''' and space may be used.",
    );
  return password;
}

export function adminUser(name: string): string {
  if (!/^[a-z][a-z0-9_+.@-]{0,127}$/.test(name) || name === 'public')
    throw invalidValue(`The parameter MasterUsername is not a valid identifier: '${name}'`);
  return name;
}

export function databaseName(name: string): string {
  if (!/^[a-z_][a-z0-9_]{0,63}$/.test(name))
    throw invalidValue(`The parameter DBName is not a valid identifier: '${name}'`);
  return name;
}

export function within(name: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw invalidValue(`Invalid value for ${name}: ${value}. It must be between ${least} and ${most}.`);
  return value;
}

type Tags = Readonly<Record<string, string>>;

/** https://docs.aws.amazon.com/redshift/latest/mgmt/amazon-redshift-tagging.html */
const MOST_TAGS = 50;

export function tagMap(
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] | undefined,
  before: Tags = {},
): Tags {
  const all: Record<string, string> = { ...before };
  for (const { Key: key, Value: value } of tags ?? []) {
    if (!key || key.startsWith('aws:')) throw new AwsError('InvalidTagFault', `The tag key '${key ?? ''}' is invalid.`);
    all[key] = value ?? '';
  }
  if (Object.keys(all).length > MOST_TAGS)
    throw new AwsError('TagLimitExceededFault', `You have exceeded the number of tags allowed: ${MOST_TAGS}`);
  return all;
}

/** Tags as answers have them. */
export function tagList(tags: Tags): { readonly Key: string; readonly Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

const SMALLEST_PAGE = 20;
const LARGEST_PAGE = 100;

/** One page of a listing in order of id; the marker is the last id of the page before. */
export function page<T extends { readonly id: string }>(
  items: readonly T[],
  { MaxRecords, Marker }: { readonly MaxRecords?: number | undefined; readonly Marker?: string | undefined },
): { readonly items: readonly T[]; readonly Marker?: string } {
  const size = MaxRecords === undefined ? LARGEST_PAGE : within('MaxRecords', MaxRecords, SMALLEST_PAGE, LARGEST_PAGE);
  const { items: found, next } = pageAfter(
    items,
    ({ id }) => id,
    size,
    Marker,
    () => invalidValue(`The marker ${Marker} is not valid.`),
  );
  return next === undefined ? { items: found } : { items: found, Marker: next };
}

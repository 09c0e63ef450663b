import { ROOT } from '../../local/kernel/index.ts';
import { bucketOf, CLUSTER, machineArn, type MachineName, STACK } from './functions.ts';
import type { World } from './world.ts';

/** What the product has written down, read past every service and fault. */
export interface LeaseRecord {
  readonly generation: number;
  readonly holders: readonly {
    readonly runId: string;
    readonly execution: string;
    readonly redrive?: number;
    readonly releasing?: boolean;
  }[];
  readonly creating?: { readonly runId: string; readonly token: string };
  readonly draining?: { readonly to: string };
  readonly kept?: object;
  readonly replacing?: { readonly execution: string };
  readonly left?: readonly { readonly execution: string; readonly redrive: number }[];
}
export interface ClaimRecord {
  readonly runId: string;
  readonly execution: string;
  readonly key: string;
  readonly version: string;
}
export interface PlannedUnit {
  readonly id: string;
  readonly kind: string;
  readonly table?: { readonly schema: string; readonly table: string };
  readonly files?: readonly { readonly key: string; readonly versionId?: string }[];
}
export interface StatementRecord {
  readonly id: string;
  readonly name?: string;
  readonly status: string;
}

const FINAL = new Set(['FINISHED', 'FAILED', 'ABORTED']);

export async function textAt(
  world: World,
  bucket: 'work' | 'results' | 'inbox',
  key: string,
  version?: string,
): Promise<string | undefined> {
  try {
    const { Body } = await world.cloud.call<{ Body: Uint8Array }>(
      's3',
      'GetObject',
      { Bucket: bucketOf(bucket), Key: key, ...(version === undefined ? {} : { VersionId: version }) },
      ROOT,
    );
    return Buffer.from(Body).toString();
  } catch {
    return undefined;
  }
}

export async function jsonAt<T>(world: World, bucket: 'work' | 'results', key: string): Promise<T | undefined> {
  const text = await textAt(world, bucket, key);
  return text === undefined ? undefined : (JSON.parse(text) as T);
}

export async function keysAt(
  world: World,
  bucket: 'work' | 'results' | 'inbox',
  prefix: string,
): Promise<readonly string[]> {
  const { Contents = [] } = await world.root<{ Contents?: readonly { Key: string }[] }>('s3', 'ListObjectsV2', {
    Bucket: bucketOf(bucket),
    Prefix: prefix,
  });
  return Contents.map(({ Key }) => Key);
}

export async function leaseOf(world: World): Promise<LeaseRecord> {
  return (await jsonAt<LeaseRecord>(world, 'work', `clusters/${CLUSTER}/lease.json`)) ?? { generation: 0, holders: [] };
}

/** The run an execution has claimed. */
export async function runOf(world: World, execution: string): Promise<string | undefined> {
  const name = execution.split(':').at(-1) ?? '';
  return (await jsonAt<{ runId: string }>(world, 'work', `runs/by-execution/${name}.json`))?.runId;
}

export async function claimsOf(world: World): Promise<readonly ClaimRecord[]> {
  const keys = (await keysAt(world, 'work', 'runs/')).filter((key) => key.endsWith('/claim.json'));
  const claims = await Promise.all(keys.map((key) => jsonAt<ClaimRecord>(world, 'work', key)));
  return claims.flatMap((claim) => claim ?? []);
}

export async function unitsOf(world: World, runId: string): Promise<readonly PlannedUnit[]> {
  return (await jsonAt<{ units: readonly PlannedUnit[] }>(world, 'work', `runs/${runId}/plan.json`))?.units ?? [];
}

/** Statements that have not ended and whose name begins so. */
export function liveStatements(world: World, prefix: string): readonly StatementRecord[] {
  return world.cloud.documents
    .list<StatementRecord>('redshift-data.statement')
    .map(({ document }) => document)
    .filter(({ name = '', status }) => name.startsWith(prefix) && !FINAL.has(status));
}

/** The newest first. */
export function runningExecutions(world: World, machine: MachineName): readonly string[] {
  const arn = machineArn(machine);
  return [...world.running].flatMap(([execution, of]) => (of === arn ? [execution] : [])).toReversed();
}

/** The newest first. */
export async function failedExecutions(world: World, machine: MachineName): Promise<readonly string[]> {
  const { executions = [] } = await world.root<{ executions?: readonly { executionArn: string }[] }>(
    'states',
    'ListExecutions',
    { stateMachineArn: machineArn(machine), statusFilter: 'FAILED' },
  );
  return executions.map(({ executionArn }) => executionArn);
}

export async function stackStatus(world: World): Promise<string> {
  try {
    const { Stacks } = await world.root<{ Stacks: readonly { StackStatus: string }[] }>(
      'cloudformation',
      'DescribeStacks',
      {
        StackName: STACK,
      },
    );
    return Stacks[0]?.StackStatus ?? 'NONE';
  } catch {
    return 'NONE';
  }
}

export function clusterStatus(world: World): string | undefined {
  return world.redshift.clusters.find(CLUSTER)?.status;
}

import { ACCOUNT } from '../support/declared.ts';
import { bucketOf, CLUSTER, machineArn, MACHINES, STACK } from './functions.ts';
import { failedExecutions, leaseOf, liveStatements, runningExecutions, stackStatus } from './records.ts';
import type { HandFault } from './scenario.ts';
import type { World } from './world.ts';

export interface Hands {
  readonly world: World;
  /** Does something later. */
  readonly later: (ms: number, work: () => Promise<unknown>) => void;
  /** Looks at the tables before they go with their cluster. */
  readonly audit: () => Promise<void>;
  /** The input that started an execution. */
  readonly inputOf: (execution: string) => Promise<string>;
}

const DAY_MS = 24 * 3_600_000;
const LEASE = `clusters/${CLUSTER}/lease.json`;

/** What somebody with a console does in the middle of a run. False when there was nothing to do it to. */
export async function byHand({ world, later, audit, inputOf }: Hands, kind: HandFault['kind']): Promise<boolean> {
  const tried = async (service: string, operation: string, input: unknown): Promise<boolean> =>
    world.root(service, operation, input).then(
      () => true,
      () => false,
    );
  const ClusterIdentifier = CLUSTER;
  const [executionArn] = runningExecutions(world, 'etl');
  const start = async (change: (input: object) => object): Promise<void> => {
    if (executionArn === undefined) return;
    const input = JSON.stringify(change(JSON.parse(await inputOf(executionArn)) as object));
    await tried('states', 'StartExecution', { stateMachineArn: machineArn('etl'), input });
  };
  switch (kind) {
    case 'stop':
    case 'stop-and-redrive':
    case 'stop-and-redrive-next-day':
    case 'stop-and-start-again': {
      if (executionArn === undefined || !(await tried('states', 'StopExecution', { executionArn }))) return false;
      if (kind === 'stop-and-start-again') later(5_000, () => start(onceMore));
      if (kind === 'stop-and-redrive' || kind === 'stop-and-redrive-next-day')
        later(kind === 'stop-and-redrive' ? 3_000 : DAY_MS, () =>
          tried('states', 'RedriveExecution', { executionArn }),
        );
      return true;
    }
    case 'stop-all-and-redrive-all': {
      const all = runningExecutions(world, 'etl');
      const stopped = await Promise.all(all.map((one) => tried('states', 'StopExecution', { executionArn: one })));
      later(3_000, () => Promise.all(all.map((one) => tried('states', 'RedriveExecution', { executionArn: one }))));
      return stopped.filter(Boolean).length > 1;
    }
    case 'start-from-nothing': {
      // As docs/operations.md has it: nothing runs, and nothing holds the cluster.
      const { holders } = await leaseOf(world);
      if (holders.length > 0 || MACHINES.some((machine) => runningExecutions(world, machine).length > 0)) return false;
      await audit();
      await tried('s3', 'DeleteObject', { Bucket: bucketOf('work'), Key: LEASE });
      return tried('cloudformation', 'DeleteStack', { StackName: STACK });
    }
    case 'redrive-the-failed': {
      const [failed] = await failedExecutions(world, 'etl');
      return failed !== undefined && tried('states', 'RedriveExecution', { executionArn: failed });
    }
    case 'repeat':
      if (executionArn === undefined) return false;
      later(60_000, () => start((input) => ({ ...onceMore(input), repeat: true })));
      return true;
    case 'delete-cluster':
      await audit();
      return tried('redshift', 'DeleteCluster', { ClusterIdentifier, SkipFinalClusterSnapshot: true });
    case 'delete-stack':
      return (await stackStatus(world)) !== 'NONE' && tried('cloudformation', 'DeleteStack', { StackName: STACK });
    case 'pause-cluster':
      await audit();
      return tried('redshift', 'PauseCluster', { ClusterIdentifier });
    case 'resize-cluster':
      await audit();
      return tried('redshift', 'ResizeCluster', { ClusterIdentifier, NumberOfNodes: 4, Classic: true });
    case 'reboot-cluster':
      await audit();
      return tried('redshift', 'RebootCluster', { ClusterIdentifier });
    case 'cancel-statements': {
      const live = liveStatements(world, '');
      const statementRole = { principalArn: `arn:aws:iam::${ACCOUNT}:role/statement` };
      for (const { id } of live)
        await world.cloud.call('redshift-data', 'CancelStatement', { Id: id }, statementRole).catch(() => undefined);
      return live.length > 0;
    }
    case 'forget-tokens': {
      const tokens = world.cloud.documents.list('redshift-data.client-token');
      for (const { id } of tokens) world.cloud.documents.delete('redshift-data.client-token', id);
      return tokens.length > 0;
    }
    case 'restart-workers':
      world.restartWorkers();
      return true;
  }
}

/** The manifest of an event, by hand. */
function onceMore(input: object): object {
  const { detail } = input as {
    readonly detail?: {
      readonly bucket: { readonly name: string };
      readonly object: { readonly key: string; readonly 'version-id'?: string };
    };
  };
  if (!detail) return input;
  const { bucket, object } = detail;
  return {
    bucket: bucket.name,
    key: object.key,
    ...(object['version-id'] ? { versionId: object['version-id'] } : {}),
  };
}

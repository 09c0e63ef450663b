import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  DescribeClustersCommand,
  PauseClusterCommand,
  RedshiftClient,
  ResumeClusterCommand,
} from '@aws-sdk/client-redshift';
import type { Cluster, ClusterStack } from '../cluster/reconcile.ts';
import { call, errorName } from './call.ts';
import { type ClientSettings, connectTo, type Sender } from './clients.ts';

export type CloudFormation = Sender<CloudFormationClient>;
export type Redshift = Sender<RedshiftClient>;

export function cloudFormationClient(settings: ClientSettings): CloudFormation {
  return connectTo('cloudformation', CloudFormationClient, settings);
}

export function redshiftClient(settings: ClientSettings): Redshift {
  return connectTo('redshift', RedshiftClient, settings);
}

/** What the cluster's stack is created with. */
export interface ClusterStackSettings {
  readonly stackName: string;
  readonly clusterName: string;
  readonly roleArn: string;
  /** `resources/cluster-stack.yml`. */
  readonly template: string;
  readonly nodeType: string;
  readonly nodes: string;
  readonly database: string;
  readonly adminSecretArn: string;
  readonly kmsKeyArn: string;
  /** With commas between. */
  readonly subnetIds: string;
  readonly securityGroupId: string;
  readonly redshiftRoleArn: string;
}

/** A stack that is not there is a `ValidationError` to DescribeStacks. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
const NO_SUCH_STACK = 'ValidationError';

/** Minutes after which CloudFormation gives the creation up and rolls it back. Creating a cluster takes 5 to 10. */
const CREATION_TIMEOUT_MINUTES = 60;

export async function describeStack(
  cloudFormation: CloudFormation,
  stackName: string,
): Promise<{ readonly status: string; readonly id?: string }> {
  return call('cloudformation:DescribeStacks', async () => {
    try {
      const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
      return stack?.StackStatus === undefined
        ? { status: 'NONE' }
        : { status: stack.StackStatus, ...(stack.StackId === undefined ? {} : { id: stack.StackId }) };
    } catch (error) {
      if (errorName(error) === NO_SUCH_STACK) return { status: 'NONE' };
      throw error;
    }
  });
}

/** `once` does not repeat by itself what was refused or got no answer. */
export function cloudFormationClusterStack(
  cloudFormation: CloudFormation,
  once: CloudFormation,
  settings: ClusterStackSettings,
): ClusterStack {
  return {
    describe: () => describeStack(cloudFormation, settings.stackName),
    failureReason: (stackId) =>
      call('cloudformation:DescribeStackEvents', async () => {
        const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackId }));
        // Newest first. The earliest failure is the cause; the others are cancelled because of it.
        const failures = StackEvents.filter(({ ResourceStatus = '' }) => ResourceStatus.endsWith('_FAILED'));
        const cause = failures.at(-1);
        return cause && `${cause.LogicalResourceId}: ${cause.ResourceStatusReason ?? cause.ResourceStatus}`;
      }),
    create: (token, size) => createStack(once, settings, token, size),
    delete: async (stackId) => {
      await call('cloudformation:DeleteStack', () =>
        cloudFormation.send(new DeleteStackCommand({ StackName: stackId, RoleARN: settings.roleArn })),
      );
    },
  };
}

async function createStack(
  cloudFormation: CloudFormation,
  settings: ClusterStackSettings,
  token: string,
  size: { readonly nodeType?: string; readonly nodes?: number },
): Promise<void> {
  const parameters: Readonly<Record<string, string>> = {
    ClusterIdentifier: settings.clusterName,
    NodeType: size.nodeType ?? settings.nodeType,
    NumberOfNodes: String(size.nodes ?? settings.nodes),
    DatabaseName: settings.database,
    AdminSecretArn: settings.adminSecretArn,
    KmsKeyArn: settings.kmsKeyArn,
    SubnetIds: settings.subnetIds,
    SecurityGroupId: settings.securityGroupId,
    RedshiftRoleArn: settings.redshiftRoleArn,
  };
  await call('cloudformation:CreateStack', async () => {
    try {
      await cloudFormation.send(
        new CreateStackCommand({
          StackName: settings.stackName,
          TemplateBody: settings.template,
          ClientRequestToken: token,
          RoleARN: settings.roleArn,
          // What failed stays to be looked at; it is deleted when the run that created it leaves.
          OnFailure: 'ROLLBACK',
          TimeoutInMinutes: CREATION_TIMEOUT_MINUTES,
          Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
            ParameterKey,
            ParameterValue,
          })),
        }),
      );
    } catch (error) {
      if (errorName(error) !== 'AlreadyExistsException') throw error;
    }
  });
}

export function redshiftCluster(redshift: Redshift, clusterName: string): Cluster {
  // Somebody else was faster, or the status changed since it was looked at.
  const unless = async (names: readonly string[], what: string, send: () => Promise<unknown>): Promise<void> => {
    await call(what, async () => {
      try {
        await send();
      } catch (error) {
        if (!names.includes(errorName(error))) throw error;
      }
    });
  };
  const PASSED = ['InvalidClusterStateFault', 'InvalidClusterState', 'ClusterNotFoundFault', 'ClusterNotFound'];
  return {
    describe: () =>
      call('redshift:DescribeClusters', async () => {
        try {
          const { Clusters: [cluster] = [] } = await redshift.send(
            new DescribeClustersCommand({ ClusterIdentifier: clusterName }),
          );
          if (cluster?.ClusterStatus === undefined) return { status: 'none' };
          return {
            status: cluster.ClusterStatus,
            ...(cluster.ClusterCreateTime ? { createdAt: cluster.ClusterCreateTime.getTime() } : {}),
            ...(cluster.NodeType === undefined ? {} : { nodeType: cluster.NodeType }),
            ...(cluster.NumberOfNodes === undefined ? {} : { nodes: cluster.NumberOfNodes }),
          };
        } catch (error) {
          if (['ClusterNotFoundFault', 'ClusterNotFound'].includes(errorName(error))) return { status: 'none' };
          throw error;
        }
      }),
    pause: () =>
      unless(PASSED, 'redshift:PauseCluster', () =>
        redshift.send(new PauseClusterCommand({ ClusterIdentifier: clusterName })),
      ),
    resume: () =>
      unless(PASSED, 'redshift:ResumeCluster', () =>
        redshift.send(new ResumeClusterCommand({ ClusterIdentifier: clusterName })),
      ),
  };
}

import type * as redshift from '@aws-sdk/client-redshift';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import { describe, passwordHash, type ClusterRecord } from './cluster-record.ts';
import type { Clusters } from './clusters.ts';
import type { Groups } from './groups.ts';
import { adminPassword, invalidCombination, nodeCount, refuseOthers, within } from './parameters.ts';
import type { Snapshots } from './snapshots.ts';

/** From these a cluster can be deleted: https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-shutdown-delete-cluster.html */
const DELETABLE = ['available', 'paused'] as const;

/** Delete, pause, resume, reboot, resize, modify: a status at once, and another when it is over. */
export function changeOperations(cloud: Cloud, clusters: Clusters, groups: Groups, snapshots: Snapshots): Operations {
  const { durations } = clusters;
  const shown = (record: ClusterRecord): { readonly Cluster: redshift.Cluster } => ({
    Cluster: describe(cloud, record),
  });
  const identifierOf = (input: { readonly ClusterIdentifier: string | undefined }): string =>
    required(input.ClusterIdentifier, 'clusterIdentifier');

  return {
    DeleteCluster: (input: redshift.DeleteClusterMessage) => {
      const identifier = identifierOf(input);
      const skip = input.SkipFinalClusterSnapshot ?? false;
      const name = input.FinalClusterSnapshotIdentifier;
      if (skip && name !== undefined)
        throw invalidCombination(
          'FinalClusterSnapshotIdentifier cannot be specified when SkipFinalClusterSnapshot is true.',
        );
      const record = clusters.expect(identifier, 'delete', DELETABLE);
      if (!skip && name === undefined)
        throw invalidCombination(
          'FinalClusterSnapshotIdentifier is required unless SkipFinalClusterSnapshot is specified.',
        );
      if (name !== undefined)
        snapshots.take(record, name, { retentionDays: input.FinalClusterSnapshotRetentionPeriod });
      return shown(
        clusters.start(
          record,
          skip ? 'deleting' : 'final-snapshot',
          durations.delete,
          { to: 'gone' },
          { disconnect: true },
        ),
      );
    },
    PauseCluster: (input: redshift.PauseClusterMessage) => {
      const record = clusters.expect(identifierOf(input), 'pause', ['available']);
      // https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-pause-resume-cluster.html
      if (record.automatedSnapshotRetentionDays === 0)
        throw new AwsError(
          'UnsupportedOperation',
          `Cluster ${record.identifier} can't be paused because automated snapshots are disabled.`,
        );
      return shown(clusters.start(record, 'pausing', durations.pause, { to: 'paused' }, { disconnect: true }));
    },
    ResumeCluster: (input: redshift.ResumeClusterMessage) => {
      const record = clusters.expect(identifierOf(input), 'resume', ['paused']);
      return shown(clusters.start(record, 'resuming', durations.resume, { to: 'available' }));
    },
    RebootCluster: (input: redshift.RebootClusterMessage) => {
      const record = clusters.expect(identifierOf(input), 'reboot', ['available']);
      return shown(clusters.start(record, 'rebooting', durations.reboot, { to: 'available' }, { disconnect: true }));
    },
    ResizeCluster: (input: redshift.ResizeClusterMessage) => {
      refuseOthers('ResizeCluster', input, [
        'ClusterIdentifier',
        'ClusterType',
        'NodeType',
        'NumberOfNodes',
        'Classic',
      ]);
      const record = clusters.expect(identifierOf(input), 'resize', ['available']);
      const nodeType = input.NodeType ?? record.nodeType;
      const nodes = nodeCount(nodeType, input.ClusterType, input.NumberOfNodes ?? record.nodes);
      // An elastic resize ends every session: https://docs.aws.amazon.com/redshift/latest/mgmt/resizing-cluster.html
      return shown(
        clusters.start(
          record,
          'resizing',
          durations.resize,
          { to: 'available', changes: { nodeType, nodes } },
          { disconnect: true },
        ),
      );
    },
    ModifyCluster: (input: redshift.ModifyClusterMessage) => {
      refuseOthers('ModifyCluster', input, MODIFIABLE);
      const record = clusters.expect(identifierOf(input), 'modify', ['available']);
      const resizes =
        input.NodeType !== undefined || input.NumberOfNodes !== undefined || input.ClusterType !== undefined;
      const nodeType = input.NodeType ?? record.nodeType;
      const changes: Partial<ClusterRecord> = {
        ...(resizes && {
          nodeType,
          nodes: nodeCount(nodeType, input.ClusterType, input.NumberOfNodes ?? record.nodes),
        }),
        ...(input.MasterUserPassword !== undefined && {
          adminPasswordHash: passwordHash(record.namespace, adminPassword(input.MasterUserPassword)),
        }),
        ...(input.VpcSecurityGroupIds !== undefined && { securityGroups: input.VpcSecurityGroupIds }),
        ...(input.ClusterParameterGroupName !== undefined && {
          parameterGroup: groups.parameterGroup(input.ClusterParameterGroupName).name,
        }),
        ...(input.AutomatedSnapshotRetentionPeriod !== undefined && {
          automatedSnapshotRetentionDays: within(
            'AutomatedSnapshotRetentionPeriod',
            input.AutomatedSnapshotRetentionPeriod,
            0,
            35,
          ),
        }),
        ...(input.ManualSnapshotRetentionPeriod !== undefined && {
          manualSnapshotRetentionDays: within(
            'ManualSnapshotRetentionPeriod',
            input.ManualSnapshotRetentionPeriod,
            -1,
            3653,
          ),
        }),
        ...(input.PreferredMaintenanceWindow !== undefined && { maintenanceWindow: input.PreferredMaintenanceWindow }),
        ...(input.AllowVersionUpgrade !== undefined && { allowVersionUpgrade: input.AllowVersionUpgrade }),
        ...(input.PubliclyAccessible !== undefined && { publiclyAccessible: input.PubliclyAccessible }),
        ...(input.EnhancedVpcRouting !== undefined && { enhancedVpcRouting: input.EnhancedVpcRouting }),
        ...(input.MaintenanceTrackName !== undefined && { maintenanceTrack: input.MaintenanceTrackName }),
        ...(input.Encrypted !== undefined && { encrypted: input.Encrypted }),
        ...(input.KmsKeyId !== undefined && { kmsKeyId: input.KmsKeyId }),
        ...(input.Port !== undefined && { port: within('Port', input.Port, 1150, 65_535) }),
      };
      return shown(
        clusters.start(
          record,
          resizes ? 'resizing' : 'modifying',
          resizes ? durations.resize : durations.modify,
          { to: 'available', changes },
          { disconnect: resizes },
        ),
      );
    },
    ModifyClusterIamRoles: (input: redshift.ModifyClusterIamRolesMessage) => {
      const record = clusters.expect(identifierOf(input), 'modify', ['available']);
      const removed = new Set(input.RemoveIamRoles);
      const iamRoles = [...new Set([...record.iamRoles, ...(input.AddIamRoles ?? [])])].filter(
        (arn) => !removed.has(arn),
      );
      return shown(
        clusters.put({
          ...record,
          iamRoles,
          ...(input.DefaultIamRoleArn !== undefined && { defaultIamRole: input.DefaultIamRoleArn }),
        }),
      );
    },
  };
}

const MODIFIABLE: readonly (keyof redshift.ModifyClusterMessage)[] = [
  'ClusterIdentifier',
  'ClusterType',
  'NodeType',
  'NumberOfNodes',
  'VpcSecurityGroupIds',
  'MasterUserPassword',
  'ClusterParameterGroupName',
  'AutomatedSnapshotRetentionPeriod',
  'ManualSnapshotRetentionPeriod',
  'PreferredMaintenanceWindow',
  'AllowVersionUpgrade',
  'PubliclyAccessible',
  'EnhancedVpcRouting',
  'MaintenanceTrackName',
  'Encrypted',
  'KmsKeyId',
  'Port',
];

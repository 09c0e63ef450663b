import type { CreateClusterMessage, CreateClusterResult } from '@aws-sdk/client-redshift';
import { AwsError, required, type Cloud } from '../../kernel/index.ts';
import { createAdminSecret } from './admin-secret.ts';
import { describe, passwordHash, type ClusterRecord } from './cluster-record.ts';
import type { Clusters } from './clusters.ts';
import {
  adminPassword,
  adminUser,
  clusterIdentifier,
  databaseName,
  invalidCombination,
  nodeCount,
  refuseOthers,
  tagMap,
  within,
} from './parameters.ts';
import type { Groups } from './groups.ts';
import { DEFAULT_PARAMETER_GROUP } from './parameter-groups.ts';

const SUPPORTED: readonly (keyof CreateClusterMessage)[] = [
  'DBName',
  'ClusterIdentifier',
  'ClusterType',
  'NodeType',
  'MasterUsername',
  'MasterUserPassword',
  'VpcSecurityGroupIds',
  'ClusterSubnetGroupName',
  'AvailabilityZone',
  'PreferredMaintenanceWindow',
  'ClusterParameterGroupName',
  'AutomatedSnapshotRetentionPeriod',
  'ManualSnapshotRetentionPeriod',
  'Port',
  'ClusterVersion',
  'AllowVersionUpgrade',
  'NumberOfNodes',
  'PubliclyAccessible',
  'Encrypted',
  'Tags',
  'KmsKeyId',
  'EnhancedVpcRouting',
  'IamRoles',
  'MaintenanceTrackName',
  'AvailabilityZoneRelocation',
  'AquaConfigurationStatus',
  'DefaultIamRoleArn',
  'ManageMasterPassword',
  'MasterPasswordSecretKmsKeyId',
];

const DEFAULT_PORT = 5439;

/** https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html */
export function createCluster(cloud: Cloud, clusters: Clusters, groups: Groups) {
  return async (input: CreateClusterMessage): Promise<CreateClusterResult> => {
    refuseOthers('CreateCluster', input, SUPPORTED);
    const identifier = clusterIdentifier(required(input.ClusterIdentifier, 'clusterIdentifier'));
    const nodeType = required(input.NodeType, 'nodeType');
    const nodes = nodeCount(nodeType, input.ClusterType, input.NumberOfNodes);
    const user = adminUser(required(input.MasterUsername, 'masterUsername'));
    if ((input.MasterUserPassword !== undefined) === (input.ManageMasterPassword === true))
      throw invalidCombination('Specify exactly one of MasterUserPassword and ManageMasterPassword.');
    if (input.MasterPasswordSecretKmsKeyId !== undefined && input.ManageMasterPassword !== true)
      throw invalidCombination('MasterPasswordSecretKmsKeyId is only valid with ManageMasterPassword.');
    const given = input.MasterUserPassword === undefined ? undefined : adminPassword(input.MasterUserPassword);
    const record: Omit<ClusterRecord, 'adminPasswordHash' | 'status' | 'createdAt' | 'namespace'> = {
      identifier,
      nodeType,
      nodes,
      database: databaseName(input.DBName ?? 'dev'),
      adminUser: user,
      port: within('Port', input.Port ?? DEFAULT_PORT, 1150, 65_535),
      subnetGroup: groups.subnetGroupName(input.ClusterSubnetGroupName),
      parameterGroup: groups.parameterGroup(input.ClusterParameterGroupName ?? DEFAULT_PARAMETER_GROUP).name,
      securityGroups: input.VpcSecurityGroupIds ?? [],
      availabilityZone: input.AvailabilityZone ?? `${cloud.region}a`,
      maintenanceWindow: input.PreferredMaintenanceWindow ?? 'sat:08:00-sat:08:30',
      automatedSnapshotRetentionDays: within(
        'AutomatedSnapshotRetentionPeriod',
        input.AutomatedSnapshotRetentionPeriod ?? 1,
        0,
        35,
      ),
      manualSnapshotRetentionDays: within(
        'ManualSnapshotRetentionPeriod',
        input.ManualSnapshotRetentionPeriod ?? -1,
        -1,
        3653,
      ),
      allowVersionUpgrade: input.AllowVersionUpgrade ?? true,
      publiclyAccessible: input.PubliclyAccessible ?? false,
      encrypted: input.Encrypted ?? true,
      ...(input.KmsKeyId !== undefined && { kmsKeyId: input.KmsKeyId }),
      enhancedVpcRouting: input.EnhancedVpcRouting ?? false,
      iamRoles: input.IamRoles ?? [],
      ...(input.DefaultIamRoleArn !== undefined && { defaultIamRole: input.DefaultIamRoleArn }),
      maintenanceTrack: input.MaintenanceTrackName ?? 'current',
      zoneRelocation: input.AvailabilityZoneRelocation ?? false,
      tags: tagMap(input.Tags),
    };
    const taken = (): boolean => clusters.find(identifier) !== undefined;
    if (taken()) throw alreadyExists(identifier);
    const namespace = cloud.ids.uuid();
    const managed =
      given === undefined
        ? await createAdminSecret(
            cloud,
            {
              name: identifier,
              adminUser: user,
              tag: { Key: 'aws:redshift:primaryClusterArn', Value: cloud.arn('redshift', `cluster:${identifier}`) },
            },
            input.MasterPasswordSecretKmsKeyId,
          )
        : undefined;
    if (taken()) throw alreadyExists(identifier);
    const created = clusters.start(
      {
        ...record,
        status: 'creating',
        createdAt: cloud.clock.now(),
        namespace,
        adminPasswordHash: passwordHash(namespace, given ?? managed?.password ?? ''),
        ...(managed && { adminSecretArn: managed.arn }),
        ...(input.MasterPasswordSecretKmsKeyId !== undefined && {
          adminSecretKmsKeyId: input.MasterPasswordSecretKmsKeyId,
        }),
      },
      'creating',
      clusters.durations.create,
      { to: 'available' },
    );
    return { Cluster: describe(cloud, created) };
  };
}

function alreadyExists(identifier: string): AwsError {
  return new AwsError('ClusterAlreadyExists', `Cluster already exists: ${identifier}`);
}

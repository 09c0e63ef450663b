import { createHash } from 'node:crypto';
import type { Cluster } from '@aws-sdk/client-redshift';
import type { Cloud } from '../../kernel/index.ts';
import { tagList } from './parameters.ts';

/** https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html#rs-mgmt-cluster-status */
export type ClusterStatus =
  | 'available'
  | 'creating'
  | 'deleting'
  | 'final-snapshot'
  | 'modifying'
  | 'paused'
  | 'pausing'
  | 'rebooting'
  | 'resizing'
  | 'resuming';

/** A change under way, and when it is over by the cloud's clock. */
export interface Transition {
  readonly to: 'available' | 'paused' | 'gone';
  /** Milliseconds since the epoch. */
  readonly due: number;
  /** What the cluster becomes with it. */
  readonly changes?: Partial<ClusterRecord>;
}

/** A cluster as it is kept: its own settings, and where it is in its life. */
export interface ClusterRecord {
  readonly identifier: string;
  readonly status: ClusterStatus;
  readonly transition?: Transition;
  readonly createdAt: number;
  readonly namespace: string;
  readonly nodeType: string;
  readonly nodes: number;
  readonly database: string;
  readonly adminUser: string;
  /** Never the password itself. */
  readonly adminPasswordHash: string;
  readonly adminSecretArn?: string;
  readonly adminSecretKmsKeyId?: string;
  readonly port: number;
  readonly subnetGroup: string;
  readonly parameterGroup: string;
  readonly securityGroups: readonly string[];
  readonly availabilityZone: string;
  readonly maintenanceWindow: string;
  readonly automatedSnapshotRetentionDays: number;
  readonly manualSnapshotRetentionDays: number;
  readonly allowVersionUpgrade: boolean;
  readonly publiclyAccessible: boolean;
  readonly encrypted: boolean;
  readonly kmsKeyId?: string;
  readonly enhancedVpcRouting: boolean;
  readonly iamRoles: readonly string[];
  readonly defaultIamRole?: string;
  readonly maintenanceTrack: string;
  readonly zoneRelocation: boolean;
  readonly tags: Readonly<Record<string, string>>;
}

export function passwordHash(namespace: string, password: string): string {
  return createHash('sha256').update(`${namespace}:${password}`).digest('hex');
}

const AVAILABILITY: Readonly<Record<ClusterStatus, string>> = {
  available: 'Available',
  creating: 'Modifying',
  deleting: 'Unavailable',
  'final-snapshot': 'Unavailable',
  modifying: 'Modifying',
  paused: 'Paused',
  pausing: 'Modifying',
  rebooting: 'Unavailable',
  resizing: 'Modifying',
  resuming: 'Modifying',
};

/** A cluster as DescribeClusters shows it. */
export function describe(cloud: Cloud, record: ClusterRecord): Cluster {
  const born = record.status !== 'creating';
  const pending = record.transition?.changes;
  return {
    ClusterIdentifier: record.identifier,
    NodeType: record.nodeType,
    ClusterStatus: record.status,
    ClusterAvailabilityStatus: AVAILABILITY[record.status],
    MasterUsername: record.adminUser,
    DBName: record.database,
    ...(born && {
      Endpoint: {
        Address: `${record.identifier}.${record.namespace.slice(0, 12).replaceAll('-', '')}.${cloud.region}.redshift.amazonaws.com`,
        Port: record.port,
      },
      ClusterCreateTime: new Date(record.createdAt),
      AvailabilityZone: record.availabilityZone,
      ClusterNodes: nodesOf(record),
    }),
    AutomatedSnapshotRetentionPeriod: record.automatedSnapshotRetentionDays,
    ManualSnapshotRetentionPeriod: record.manualSnapshotRetentionDays,
    ClusterSecurityGroups: [],
    VpcSecurityGroups: record.securityGroups.map((id) => ({ VpcSecurityGroupId: id, Status: 'active' })),
    ClusterParameterGroups: [{ ParameterGroupName: record.parameterGroup, ParameterApplyStatus: 'in-sync' }],
    ClusterSubnetGroupName: record.subnetGroup,
    PreferredMaintenanceWindow: record.maintenanceWindow,
    PendingModifiedValues: {
      ...(pending?.nodeType !== undefined && { NodeType: pending.nodeType }),
      ...(pending?.nodes !== undefined && { NumberOfNodes: pending.nodes }),
      ...(pending?.adminPasswordHash !== undefined && { MasterUserPassword: '****' }),
    },
    ClusterVersion: '1.0',
    AllowVersionUpgrade: record.allowVersionUpgrade,
    NumberOfNodes: record.nodes,
    PubliclyAccessible: record.publiclyAccessible,
    Encrypted: record.encrypted,
    ...(record.kmsKeyId !== undefined && { KmsKeyId: record.kmsKeyId }),
    EnhancedVpcRouting: record.enhancedVpcRouting,
    IamRoles: record.iamRoles.map((arn) => ({ IamRoleArn: arn, ApplyStatus: 'in-sync' })),
    ...(record.defaultIamRole !== undefined && { DefaultIamRoleArn: record.defaultIamRole }),
    MaintenanceTrackName: record.maintenanceTrack,
    AvailabilityZoneRelocationStatus: record.zoneRelocation ? 'enabled' : 'disabled',
    ClusterNamespaceArn: cloud.arn('redshift', `namespace:${record.namespace}`),
    ...(record.adminSecretArn !== undefined && { MasterPasswordSecretArn: record.adminSecretArn }),
    ...(record.adminSecretKmsKeyId !== undefined && { MasterPasswordSecretKmsKeyId: record.adminSecretKmsKeyId }),
    Tags: tagList(record.tags),
    MultiAZ: 'Disabled',
  };
}

function nodesOf(record: ClusterRecord): Cluster['ClusterNodes'] {
  const address = (index: number): string => `10.0.0.${10 + index}`;
  if (record.nodes === 1) return [{ NodeRole: 'SHARED', PrivateIPAddress: address(0) }];
  return [
    { NodeRole: 'LEADER', PrivateIPAddress: address(0) },
    ...Array.from({ length: record.nodes }, (_node, index) => ({
      NodeRole: `COMPUTE-${index}`,
      PrivateIPAddress: address(index + 1),
    })),
  ];
}

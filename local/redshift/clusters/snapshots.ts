import type * as redshift from '@aws-sdk/client-redshift';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { ClusterRecord } from './cluster-record.ts';
import type { Clusters } from './clusters.ts';
import { invalidValue, page, refuseOthers, tagList, tagMap } from './parameters.ts';

interface SnapshotRecord {
  readonly id: string;
  readonly cluster: ClusterRecord;
  readonly createdAt: number;
  readonly retentionDays: number;
  readonly tags: Readonly<Record<string, string>>;
}

/** Manual snapshots, by name only: they show what would be paid for, they hold no data and cannot be restored. */
export interface Snapshots {
  take(
    cluster: ClusterRecord,
    name: string,
    options?: { readonly retentionDays?: number | undefined; readonly tags?: readonly redshift.Tag[] | undefined },
  ): redshift.Snapshot;
  operations(clusters: Clusters): Operations;
}

const KIND = 'redshift.snapshot';

export function createSnapshots(cloud: Cloud): Snapshots {
  const shown = ({ id, cluster, createdAt, retentionDays, tags }: SnapshotRecord): redshift.Snapshot => ({
    SnapshotIdentifier: id,
    ClusterIdentifier: cluster.identifier,
    SnapshotCreateTime: new Date(createdAt),
    Status: 'available',
    Port: cluster.port,
    AvailabilityZone: cluster.availabilityZone,
    ClusterCreateTime: new Date(cluster.createdAt),
    MasterUsername: cluster.adminUser,
    ClusterVersion: '1.0',
    SnapshotType: 'manual',
    NodeType: cluster.nodeType,
    NumberOfNodes: cluster.nodes,
    DBName: cluster.database,
    Encrypted: cluster.encrypted,
    OwnerAccount: cloud.accountId,
    EnhancedVpcRouting: cluster.enhancedVpcRouting,
    MaintenanceTrackName: cluster.maintenanceTrack,
    ManualSnapshotRetentionPeriod: retentionDays,
    SnapshotArn: cloud.arn('redshift', `snapshot:${cluster.identifier}/${id}`),
    Tags: tagList(tags),
  });
  const get = (name: string): SnapshotRecord => {
    const found = cloud.documents.get<SnapshotRecord>(KIND, name.toLowerCase());
    if (!found) throw new AwsError('ClusterSnapshotNotFound', `Snapshot ${name} not found.`, 404);
    return found;
  };
  const take: Snapshots['take'] = (cluster, name, { retentionDays, tags } = {}) => {
    const id = name.toLowerCase();
    if (!/^[a-z](-?[a-z0-9])*$/.test(id) || id.length > 255)
      throw invalidValue(`The parameter SnapshotIdentifier is not a valid identifier: '${name}'`);
    if (cloud.documents.get(KIND, id))
      throw new AwsError(
        'ClusterSnapshotAlreadyExists',
        `Cannot create the snapshot because a snapshot with the identifier ${id} already exists.`,
      );
    const record: SnapshotRecord = {
      id,
      cluster,
      createdAt: cloud.clock.now(),
      retentionDays: retentionDays ?? cluster.manualSnapshotRetentionDays,
      tags: tagMap(tags),
    };
    cloud.documents.put(KIND, id, record);
    return shown(record);
  };
  return {
    take,
    operations: (clusters) => ({
      CreateClusterSnapshot: (input: redshift.CreateClusterSnapshotMessage) => {
        const name = required(input.SnapshotIdentifier, 'snapshotIdentifier');
        const cluster = clusters.expect(required(input.ClusterIdentifier, 'clusterIdentifier'), 'take a snapshot of', [
          'available',
        ]);
        return {
          Snapshot: take(cluster, name, { retentionDays: input.ManualSnapshotRetentionPeriod, tags: input.Tags }),
        };
      },
      DescribeClusterSnapshots: (input: redshift.DescribeClusterSnapshotsMessage) => {
        refuseOthers('DescribeClusterSnapshots', input, [
          'ClusterIdentifier',
          'SnapshotIdentifier',
          'SnapshotType',
          'MaxRecords',
          'Marker',
        ]);
        const all = input.SnapshotIdentifier
          ? [get(input.SnapshotIdentifier)]
          : cloud.documents.list<SnapshotRecord>(KIND).map(({ document }) => document);
        const wanted = all.filter(
          ({ cluster }) =>
            (input.ClusterIdentifier === undefined || cluster.identifier === input.ClusterIdentifier.toLowerCase()) &&
            (input.SnapshotType === undefined || input.SnapshotType === 'manual'),
        );
        const { items, ...rest } = page(wanted, input);
        return { ...rest, Snapshots: items.map(shown) };
      },
      DeleteClusterSnapshot: (input: redshift.DeleteClusterSnapshotMessage) => {
        const record = get(required(input.SnapshotIdentifier, 'snapshotIdentifier'));
        cloud.documents.delete(KIND, record.id);
        return { Snapshot: { ...shown(record), Status: 'deleted' } };
      },
    }),
  };
}

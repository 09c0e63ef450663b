import type * as redshift from '@aws-sdk/client-redshift';
import { AwsError, type Cloud, type Operations } from '../../kernel/index.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { namedGroups, type NamedGroup, type NamedGroups } from './named-groups.ts';
import { invalidValue, tagList } from './parameters.ts';

export interface SubnetGroup extends NamedGroup {
  readonly subnets: readonly string[];
}

/** https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-cluster-subnet-groups.html */
export function createSubnetGroups(
  cloud: Cloud,
  clusters: () => readonly ClusterRecord[],
): { readonly groups: NamedGroups<SubnetGroup>; readonly operations: Operations } {
  const groups = namedGroups<SubnetGroup>(cloud.documents, clusters, {
    kind: 'redshift.subnet-group',
    member: 'ClusterSubnetGroupName',
    resource: 'subnetgroup',
    type: 'Subnet group',
    preset: { name: 'default' },
    notFound: (name) => new AwsError('ClusterSubnetGroupNotFoundFault', `Cluster subnet group "${name}" not found`),
    exists: (name) => new AwsError('ClusterSubnetGroupAlreadyExists', `Cluster subnet group "${name}" already exists`),
    inUse: (name, cluster) =>
      new AwsError(
        'InvalidClusterSubnetGroupStateFault',
        `Cluster subnet group "${name}" is in use by cluster ${cluster}`,
      ),
    usedBy: ({ subnetGroup }) => subnetGroup,
  });
  const shown = (group: SubnetGroup): redshift.ClusterSubnetGroup => ({
    ClusterSubnetGroupName: group.name,
    Description: group.description,
    VpcId: 'vpc-local',
    SubnetGroupStatus: 'Complete',
    Subnets: group.subnets.map((id, index) => ({
      SubnetIdentifier: id,
      SubnetAvailabilityZone: { Name: `${cloud.region}${'abc'[index % 3] ?? 'a'}` },
      SubnetStatus: 'Active',
    })),
    Tags: tagList(group.tags),
  });
  const operations: Operations = {
    CreateClusterSubnetGroup: (input: redshift.CreateClusterSubnetGroupMessage) => {
      const { ClusterSubnetGroupName: name, Description: description, Tags: tags } = input;
      const group = groups.create({ name, description, tags }, { subnets: subnetIds(input.SubnetIds) });
      return { ClusterSubnetGroup: shown(group) };
    },
    ModifyClusterSubnetGroup: (input: redshift.ModifyClusterSubnetGroupMessage) => {
      const before = groups.get(input.ClusterSubnetGroupName);
      const description = input.Description ?? before.description;
      return {
        ClusterSubnetGroup: shown(groups.put({ ...before, description, subnets: subnetIds(input.SubnetIds) })),
      };
    },
    DescribeClusterSubnetGroups: (input: redshift.DescribeClusterSubnetGroupsMessage) => {
      const { items, ...rest } = groups.page('DescribeClusterSubnetGroups', { ...input });
      return { ...rest, ClusterSubnetGroups: items.map(shown) };
    },
    DeleteClusterSubnetGroup: (input: redshift.DeleteClusterSubnetGroupMessage) => {
      groups.remove(groups.get(input.ClusterSubnetGroupName).name);
      return {};
    },
  };
  return { groups, operations };
}

function subnetIds(ids: readonly string[] | undefined): readonly string[] {
  if (!ids || ids.length === 0) throw invalidValue('The parameter SubnetIds must contain at least one subnet.');
  return ids;
}

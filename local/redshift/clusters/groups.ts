import type { Cloud, Operations } from '../../kernel/index.ts';
import type { ClusterRecord } from './cluster-record.ts';
import type { Taggable } from './named-groups.ts';
import { createParameterGroups, type ParameterGroup } from './parameter-groups.ts';
import { createSubnetGroups } from './subnet-groups.ts';

/** Subnet groups and parameter groups, and what clusters ask of them. */
export interface Groups {
  readonly operations: Operations;
  /** @throws AwsError unless the group exists; `default` always does. */
  subnetGroupName(name: string | undefined): string;
  /** @throws AwsError `ClusterParameterGroupNotFound` */
  parameterGroup(name: string): ParameterGroup;
  tagged(): readonly Taggable[];
}

export function createGroups(cloud: Cloud, clusters: () => readonly ClusterRecord[]): Groups {
  const subnets = createSubnetGroups(cloud, clusters);
  const parameters = createParameterGroups(cloud, clusters);
  return {
    operations: { ...subnets.operations, ...parameters.operations },
    subnetGroupName: (name) => (name === undefined || name === 'default' ? 'default' : subnets.groups.get(name).name),
    parameterGroup: (name) => parameters.groups.get(name),
    tagged: () => [...subnets.groups.tagged(), ...parameters.groups.tagged()],
  };
}

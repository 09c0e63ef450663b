import type * as redshift from '@aws-sdk/client-redshift';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { invalidValue, page, refuseOthers, tagMap } from './parameters.ts';

/** Subnet groups and parameter groups, and what clusters ask of them. */
export interface Groups {
  readonly operations: Operations;
  /** @throws AwsError unless the group exists; `default` always does. */
  subnetGroupName(name: string | undefined): string;
  /** @throws AwsError `ClusterParameterGroupNotFound` */
  parameterGroup(name: string): ParameterGroup;
  /** Tags of a group by its ARN's resource part, to read and to replace. */
  tagsOf(resource: string): TaggedGroup | undefined;
  tagged(): readonly TaggedGroup[];
}

export interface TaggedGroup {
  readonly resource: string;
  readonly type: 'Subnet group' | 'Parameter group';
  readonly tags: Readonly<Record<string, string>>;
  replace(tags: Readonly<Record<string, string>>): void;
}

interface SubnetGroup {
  readonly name: string;
  readonly description: string;
  readonly subnets: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

export interface ParameterGroup {
  readonly name: string;
  readonly description: string;
  readonly values: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export const DEFAULT_PARAMETER_GROUP = 'default.redshift-1.0';
const FAMILIES = new Set(['redshift-1.0', 'redshift-2.0']);
const SUBNET_KIND = 'redshift.subnet-group';
const PARAMETER_KIND = 'redshift.parameter-group';

/** https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-parameter-groups.html */
const PARAMETERS: readonly (readonly [name: string, value: string, dataType: string, allowed: string])[] = [
  ['auto_analyze', 'true', 'boolean', 'true,false'],
  ['auto_mv', 'true', 'boolean', 'true,false'],
  ['datestyle', 'ISO, MDY', 'string', ''],
  ['enable_case_sensitive_identifier', 'false', 'boolean', 'true,false'],
  ['enable_user_activity_logging', 'false', 'boolean', 'true,false'],
  ['extra_float_digits', '0', 'integer', '-15-2'],
  ['max_concurrency_scaling_clusters', '1', 'integer', '0-10'],
  ['query_group', 'default', 'string', ''],
  ['require_ssl', 'true', 'boolean', 'true,false'],
  ['search_path', '$user, public', 'string', ''],
  ['statement_timeout', '0', 'integer', '0,100-2147483647'],
  ['use_fips_ssl', 'false', 'boolean', 'true,false'],
  ['wlm_json_configuration', '[{"auto_wlm":true}]', 'string', ''],
];

export function createGroups(cloud: Cloud, clusters: () => readonly ClusterRecord[]): Groups {
  const documents = cloud.documents;
  const subnetGroup = (name: string): SubnetGroup => {
    const found = documents.get<SubnetGroup>(SUBNET_KIND, name.toLowerCase());
    if (!found) throw new AwsError('ClusterSubnetGroupNotFoundFault', `Cluster subnet group "${name}" not found`);
    return found;
  };
  const defaultGroup: ParameterGroup = {
    name: DEFAULT_PARAMETER_GROUP,
    description: 'Default parameter group for redshift-1.0',
    values: {},
    tags: {},
  };
  const parameterGroup = (name: string): ParameterGroup => {
    const found =
      name === DEFAULT_PARAMETER_GROUP
        ? defaultGroup
        : documents.get<ParameterGroup>(PARAMETER_KIND, name.toLowerCase());
    if (!found) throw new AwsError('ClusterParameterGroupNotFound', `ParameterGroup not found: ${name}`, 404);
    return found;
  };
  const putSubnetGroup = (group: SubnetGroup): void => documents.put(SUBNET_KIND, group.name, group);
  const putParameterGroup = (group: ParameterGroup): void => documents.put(PARAMETER_KIND, group.name, group);

  const describeSubnetGroup = ({ name, description, subnets, tags }: SubnetGroup): redshift.ClusterSubnetGroup => ({
    ClusterSubnetGroupName: name,
    Description: description,
    VpcId: 'vpc-local',
    SubnetGroupStatus: 'Complete',
    Subnets: subnets.map((id, index) => ({
      SubnetIdentifier: id,
      SubnetAvailabilityZone: { Name: `${cloud.region}${'abc'[index % 3] ?? 'a'}` },
      SubnetStatus: 'Active',
    })),
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  const describeParameterGroup = ({ name, description, tags }: ParameterGroup): redshift.ClusterParameterGroup => ({
    ParameterGroupName: name,
    ParameterGroupFamily: 'redshift-1.0',
    Description: description,
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  });
  const groupName = (name: string, what: string): string => {
    const lower = name.toLowerCase();
    if (!/^[a-z0-9][a-z0-9._-]{0,254}$/.test(lower)) throw invalidValue(`Invalid ${what}: '${name}'`);
    return lower;
  };
  const withValues = (group: ParameterGroup, parameters: readonly redshift.Parameter[]): ParameterGroup => {
    const values = { ...group.values };
    for (const { ParameterName: name = '', ParameterValue: value } of parameters) {
      if (!PARAMETERS.some(([known]) => known === name))
        throw invalidValue(`Could not find parameter with name: ${name}`);
      if (value === undefined) delete values[name];
      else values[name] = value;
    }
    return { ...group, values };
  };
  const notDefault = (name: string): ParameterGroup => {
    const group = parameterGroup(name);
    if (group === defaultGroup)
      throw new AwsError(
        'InvalidClusterParameterGroupState',
        `The default parameter group '${name}' cannot be changed.`,
      );
    return group;
  };

  const operations: Operations = {
    CreateClusterSubnetGroup: (input: redshift.CreateClusterSubnetGroupMessage) => {
      const name = groupName(
        required(input.ClusterSubnetGroupName, 'clusterSubnetGroupName'),
        'ClusterSubnetGroupName',
      );
      if (name === 'default') throw invalidValue("ClusterSubnetGroupName must not be 'default'");
      if (documents.get(SUBNET_KIND, name))
        throw new AwsError('ClusterSubnetGroupAlreadyExists', `Cluster subnet group "${name}" already exists`);
      const group = {
        name,
        description: required(input.Description, 'description'),
        subnets: subnetIds(input.SubnetIds),
        tags: tagMap(input.Tags),
      };
      putSubnetGroup(group);
      return { ClusterSubnetGroup: describeSubnetGroup(group) };
    },
    ModifyClusterSubnetGroup: (input: redshift.ModifyClusterSubnetGroupMessage) => {
      const before = subnetGroup(required(input.ClusterSubnetGroupName, 'clusterSubnetGroupName'));
      const group = {
        ...before,
        description: input.Description ?? before.description,
        subnets: subnetIds(input.SubnetIds),
      };
      putSubnetGroup(group);
      return { ClusterSubnetGroup: describeSubnetGroup(group) };
    },
    DescribeClusterSubnetGroups: (input: redshift.DescribeClusterSubnetGroupsMessage) => {
      refuseOthers('DescribeClusterSubnetGroups', input, ['ClusterSubnetGroupName', 'MaxRecords', 'Marker']);
      const all = input.ClusterSubnetGroupName
        ? [subnetGroup(input.ClusterSubnetGroupName)]
        : documents.list<SubnetGroup>(SUBNET_KIND).map(({ document }) => document);
      const { items, ...rest } = page(
        all.map((group) => ({ ...group, id: group.name })),
        input,
      );
      return { ...rest, ClusterSubnetGroups: items.map(describeSubnetGroup) };
    },
    DeleteClusterSubnetGroup: (input: redshift.DeleteClusterSubnetGroupMessage) => {
      const { name } = subnetGroup(required(input.ClusterSubnetGroupName, 'clusterSubnetGroupName'));
      const user = clusters().find((cluster) => cluster.subnetGroup === name);
      if (user)
        throw new AwsError(
          'InvalidClusterSubnetGroupStateFault',
          `Cluster subnet group "${name}" is in use by cluster ${user.identifier}`,
        );
      documents.delete(SUBNET_KIND, name);
      return {};
    },
    CreateClusterParameterGroup: (input: redshift.CreateClusterParameterGroupMessage) => {
      const name = groupName(required(input.ParameterGroupName, 'parameterGroupName'), 'ParameterGroupName');
      if (!FAMILIES.has(required(input.ParameterGroupFamily, 'parameterGroupFamily')))
        throw invalidValue(
          `The parameter ParameterGroupFamily is not a valid family: ${input.ParameterGroupFamily ?? ''}`,
        );
      if (name === DEFAULT_PARAMETER_GROUP || documents.get(PARAMETER_KIND, name))
        throw new AwsError('ClusterParameterGroupAlreadyExists', `Parameter group ${name} already exists`);
      const group = {
        name,
        description: required(input.Description, 'description'),
        values: {},
        tags: tagMap(input.Tags),
      };
      putParameterGroup(group);
      return { ClusterParameterGroup: describeParameterGroup(group) };
    },
    DescribeClusterParameterGroups: (input: redshift.DescribeClusterParameterGroupsMessage) => {
      refuseOthers('DescribeClusterParameterGroups', input, ['ParameterGroupName', 'MaxRecords', 'Marker']);
      const all = input.ParameterGroupName
        ? [parameterGroup(input.ParameterGroupName)]
        : [defaultGroup, ...documents.list<ParameterGroup>(PARAMETER_KIND).map(({ document }) => document)];
      const { items, ...rest } = page(
        all.map((group) => ({ ...group, id: group.name })),
        input,
      );
      return { ...rest, ParameterGroups: items.map(describeParameterGroup) };
    },
    ModifyClusterParameterGroup: (input: redshift.ModifyClusterParameterGroupMessage) => {
      const group = notDefault(required(input.ParameterGroupName, 'parameterGroupName'));
      putParameterGroup(withValues(group, required(input.Parameters, 'parameters')));
      return { ParameterGroupName: group.name, ParameterGroupStatus: 'Your parameter group has been updated.' };
    },
    ResetClusterParameterGroup: (input: redshift.ResetClusterParameterGroupMessage) => {
      const group = notDefault(required(input.ParameterGroupName, 'parameterGroupName'));
      const cleared = (input.Parameters ?? []).map(({ ParameterName }) => ({ ParameterName }));
      putParameterGroup(input.ResetAllParameters === true ? { ...group, values: {} } : withValues(group, cleared));
      return { ParameterGroupName: group.name, ParameterGroupStatus: 'Your parameter group has been updated.' };
    },
    DeleteClusterParameterGroup: (input: redshift.DeleteClusterParameterGroupMessage) => {
      const { name } = notDefault(required(input.ParameterGroupName, 'parameterGroupName'));
      const user = clusters().find((cluster) => cluster.parameterGroup === name);
      if (user)
        throw new AwsError(
          'InvalidClusterParameterGroupState',
          `The parameter group ${name} is in use by cluster ${user.identifier}`,
        );
      documents.delete(PARAMETER_KIND, name);
      return {};
    },
    DescribeClusterParameters: (input: redshift.DescribeClusterParametersMessage) => {
      const { values } = parameterGroup(required(input.ParameterGroupName, 'parameterGroupName'));
      const all = PARAMETERS.map(([name, preset, dataType, allowed]) => ({
        id: name,
        ParameterName: name,
        ParameterValue: values[name] ?? preset,
        Source: name in values ? 'user' : 'engine-default',
        DataType: dataType,
        ...(allowed !== '' && { AllowedValues: allowed }),
        ApplyType: 'static',
        IsModifiable: true,
      })).filter(({ Source }) => input.Source === undefined || input.Source === Source);
      const { items, ...rest } = page(all, input);
      return { ...rest, Parameters: items };
    },
  };

  const taggedSubnetGroup = (group: SubnetGroup): TaggedGroup => ({
    resource: `subnetgroup:${group.name}`,
    type: 'Subnet group',
    tags: group.tags,
    replace: (tags) => putSubnetGroup({ ...group, tags }),
  });
  const taggedParameterGroup = (group: ParameterGroup): TaggedGroup => ({
    resource: `parametergroup:${group.name}`,
    type: 'Parameter group',
    tags: group.tags,
    replace: (tags) => putParameterGroup({ ...group, tags }),
  });
  const tagged = (): readonly TaggedGroup[] => [
    ...documents.list<SubnetGroup>(SUBNET_KIND).map(({ document }) => taggedSubnetGroup(document)),
    ...documents.list<ParameterGroup>(PARAMETER_KIND).map(({ document }) => taggedParameterGroup(document)),
  ];
  return {
    operations,
    subnetGroupName: (name) => (name === undefined || name === 'default' ? 'default' : subnetGroup(name).name),
    parameterGroup,
    tagged,
    tagsOf: (resource) => tagged().find((group) => group.resource === resource),
  };
}

function subnetIds(ids: readonly string[] | undefined): readonly string[] {
  if (!ids || ids.length === 0) throw invalidValue('The parameter SubnetIds must contain at least one subnet.');
  return ids;
}

import type * as redshift from '@aws-sdk/client-redshift';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { namedGroups, type NamedGroup, type NamedGroups } from './named-groups.ts';
import { invalidValue, page, tagList } from './parameters.ts';

export interface ParameterGroup extends NamedGroup {
  readonly values: Readonly<Record<string, string>>;
}

export const DEFAULT_PARAMETER_GROUP = 'default.redshift-1.0';
const FAMILIES = new Set(['redshift-1.0', 'redshift-2.0']);

const PRESET: ParameterGroup = {
  name: DEFAULT_PARAMETER_GROUP,
  description: 'Default parameter group for redshift-1.0',
  values: {},
  tags: {},
};

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

export function createParameterGroups(
  cloud: Cloud,
  clusters: () => readonly ClusterRecord[],
): { readonly groups: NamedGroups<ParameterGroup>; readonly operations: Operations } {
  const groups = namedGroups<ParameterGroup>(cloud.documents, clusters, {
    kind: 'redshift.parameter-group',
    member: 'ParameterGroupName',
    resource: 'parametergroup',
    type: 'Parameter group',
    preset: { name: DEFAULT_PARAMETER_GROUP, group: PRESET },
    notFound: (name) => new AwsError('ClusterParameterGroupNotFound', `ParameterGroup not found: ${name}`, 404),
    exists: (name) => new AwsError('ClusterParameterGroupAlreadyExists', `Parameter group ${name} already exists`),
    inUse: (name, cluster) =>
      new AwsError('InvalidClusterParameterGroupState', `The parameter group ${name} is in use by cluster ${cluster}`),
    usedBy: ({ parameterGroup }) => parameterGroup,
  });
  const shown = (group: ParameterGroup): redshift.ClusterParameterGroup => ({
    ParameterGroupName: group.name,
    ParameterGroupFamily: 'redshift-1.0',
    Description: group.description,
    Tags: tagList(group.tags),
  });
  const changeable = (name: string | undefined): ParameterGroup => {
    const group = groups.get(name);
    if (group === PRESET)
      throw new AwsError(
        'InvalidClusterParameterGroupState',
        `The default parameter group '${group.name}' cannot be changed.`,
      );
    return group;
  };
  const updated = ({ name }: ParameterGroup): redshift.ClusterParameterGroupNameMessage => ({
    ParameterGroupName: name,
    ParameterGroupStatus: 'Your parameter group has been updated.',
  });
  const operations: Operations = {
    CreateClusterParameterGroup: (input: redshift.CreateClusterParameterGroupMessage) => {
      const family = required(input.ParameterGroupFamily, 'parameterGroupFamily');
      if (!FAMILIES.has(family))
        throw invalidValue(`The parameter ParameterGroupFamily is not a valid family: ${family}`);
      const { ParameterGroupName: name, Description: description, Tags: tags } = input;
      return { ClusterParameterGroup: shown(groups.create({ name, description, tags }, { values: {} })) };
    },
    DescribeClusterParameterGroups: (input: redshift.DescribeClusterParameterGroupsMessage) => {
      const { items, ...rest } = groups.page('DescribeClusterParameterGroups', { ...input });
      return { ...rest, ParameterGroups: items.map(shown) };
    },
    ModifyClusterParameterGroup: (input: redshift.ModifyClusterParameterGroupMessage) => {
      const group = changeable(input.ParameterGroupName);
      return updated(groups.put(withValues(group, required(input.Parameters, 'parameters'))));
    },
    ResetClusterParameterGroup: (input: redshift.ResetClusterParameterGroupMessage) => {
      const group = changeable(input.ParameterGroupName);
      const cleared = (input.Parameters ?? []).map(({ ParameterName }) => ({ ParameterName }));
      return updated(
        groups.put(input.ResetAllParameters === true ? { ...group, values: {} } : withValues(group, cleared)),
      );
    },
    DeleteClusterParameterGroup: (input: redshift.DeleteClusterParameterGroupMessage) => {
      groups.remove(changeable(input.ParameterGroupName).name);
      return {};
    },
    DescribeClusterParameters: (input: redshift.DescribeClusterParametersMessage) => {
      const { values } = groups.get(input.ParameterGroupName);
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
  return { groups, operations };
}

/** A parameter without a value goes back to its default. */
function withValues(group: ParameterGroup, parameters: readonly redshift.Parameter[]): ParameterGroup {
  const values = { ...group.values };
  for (const { ParameterName: name = '', ParameterValue: value } of parameters) {
    if (!PARAMETERS.some(([known]) => known === name))
      throw invalidValue(`Could not find parameter with name: ${name}`);
    if (value === undefined) delete values[name];
    else values[name] = value;
  }
  return { ...group, values };
}

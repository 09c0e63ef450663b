import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { validationError } from '../validation-error.ts';
import { isGone, isThere, objects, optionalText, pick, removedTagKeys, text, texts, unlessGone } from './values.ts';

/** How often a cluster that is being made, changed or deleted is looked at. */
const CLUSTER_POLL_MS = 5_000;
/** A local cluster takes next to no time on the wall clock, so the first looks come soon. */
const FIRST_POLL_MS = 50;

interface Cluster {
  readonly ClusterIdentifier: string;
  readonly ClusterStatus: string;
  readonly ClusterNamespaceArn?: string;
  readonly Endpoint?: { readonly Address?: string; readonly Port?: number };
}

async function describe(id: string, { call }: ResourceContext): Promise<Cluster | undefined> {
  try {
    const { Clusters } = await call<{ readonly Clusters?: readonly Cluster[] }>('redshift', 'DescribeClusters', {
      ClusterIdentifier: id,
    });
    return Clusters?.[0];
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

/** Looks soon at first, then ever more rarely, as long as `poll` has no answer. */
async function watch<T>(context: ResourceContext, poll: () => Promise<T | undefined>): Promise<T> {
  for (let pause = FIRST_POLL_MS; ; pause = Math.min(CLUSTER_POLL_MS, pause * 2)) {
    const found = await poll();
    if (found !== undefined) return found;
    await context.cloud.clock.sleep(pause, context.signal);
  }
}

/** Statuses a cluster does not leave by itself. https://docs.aws.amazon.com/redshift/latest/mgmt/rs-mgmt-cluster-status.html */
const FAILED = /^(incompatible-|hardware-failure|storage-full|deleting|final-snapshot)/;

const available = (id: string, context: ResourceContext): Promise<Physical> =>
  watch(context, async () => {
    const cluster = await describe(id, context);
    if (!cluster) throw validationError(`Cluster ${id} was deleted`);
    if (FAILED.test(cluster.ClusterStatus))
      throw validationError(`Cluster ${id} is in status ${cluster.ClusterStatus}`);
    return cluster.ClusterStatus === 'available' ? physicalCluster(cluster) : undefined;
  });

function physicalCluster(cluster: Cluster): Physical {
  return {
    id: cluster.ClusterIdentifier,
    attributes: {
      Id: cluster.ClusterIdentifier,
      'Endpoint.Address': cluster.Endpoint?.Address ?? '',
      'Endpoint.Port': String(cluster.Endpoint?.Port ?? ''),
      ClusterNamespaceArn: cluster.ClusterNamespaceArn ?? '',
    },
  };
}

/** Properties `ModifyCluster` takes under the same name. */
const MODIFIED = [
  'AllowVersionUpgrade',
  'AutomatedSnapshotRetentionPeriod',
  'ClusterParameterGroupName',
  'ClusterType',
  'ClusterVersion',
  'Encrypted',
  'EnhancedVpcRouting',
  'KmsKeyId',
  'MaintenanceTrackName',
  'ManualSnapshotRetentionPeriod',
  'MasterUserPassword',
  'MultiAZ',
  'NodeType',
  'NumberOfNodes',
  'Port',
  'PreferredMaintenanceWindow',
  'PubliclyAccessible',
  'VpcSecurityGroupIds',
] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshift-cluster.html */
const cluster: ResourceType = {
  properties: {
    AvailabilityZone: 'replace',
    ClusterIdentifier: 'replace',
    ClusterSubnetGroupName: 'replace',
    DBName: 'replace',
    MasterUsername: 'replace',
    IamRoles: 'in-place',
    Tags: 'in-place',
    ...Object.fromEntries(MODIFIED.map((name) => [name, 'in-place' as const])),
  },
  required: ['ClusterType', 'DBName', 'MasterUsername', 'NodeType'],
  named: 'ClusterIdentifier',
  attributes: ['ClusterNamespaceArn', 'Endpoint.Address', 'Endpoint.Port', 'Id'],
  create: async (properties, context) => {
    const id = (optionalText(properties, 'ClusterIdentifier') ?? context.name(63)).toLowerCase();
    await context
      .call('redshift', 'CreateCluster', { ...properties, ClusterIdentifier: id })
      .catch((error: unknown) => {
        if (!context.resumed || !isThere(error)) throw error;
      });
    return { id, attributes: {} };
  },
  settle: ({ id }, _properties, context) => available(id, context),
  update: async ({ id: ClusterIdentifier }, properties, before, context) => {
    const changed = MODIFIED.filter(
      (name) => properties[name] !== undefined && JSON.stringify(properties[name]) !== JSON.stringify(before[name]),
    );
    if (changed.length > 0) {
      await context.call('redshift', 'ModifyCluster', { ClusterIdentifier, ...pick(properties, ...changed) });
      await available(ClusterIdentifier, context);
    }
    const [roles, oldRoles] = [texts(properties, 'IamRoles'), texts(before, 'IamRoles')];
    const AddIamRoles = roles.filter((role) => !oldRoles.includes(role));
    const RemoveIamRoles = oldRoles.filter((role) => !roles.includes(role));
    if (AddIamRoles.length + RemoveIamRoles.length > 0)
      await context.call('redshift', 'ModifyClusterIamRoles', { ClusterIdentifier, AddIamRoles, RemoveIamRoles });
    await setTags(context.cloud.arn('redshift', `cluster:${ClusterIdentifier}`), properties, before, context);
    return available(ClusterIdentifier, context);
  },
  delete: (physical, _properties, context) => deleteCluster(physical, undefined, context),
  snapshot: (physical, _properties, context) => deleteCluster(physical, context.name(63, { lowerCase: true }), context),
};

async function deleteCluster({ id }: Physical, snapshot: string | undefined, context: ResourceContext): Promise<void> {
  // A cluster in the middle of something else cannot be deleted; it can as soon as that is done.
  await watch(context, async () => {
    const found = await describe(id, context);
    if (!found || /^(deleting|final-snapshot)$/.test(found.ClusterStatus)) return true;
    if (
      /^(creating|modifying|resizing|rebooting|renaming|resuming|pausing|updating-hsm|rotating-keys)/.test(
        found.ClusterStatus,
      )
    )
      return undefined;
    await unlessGone(
      context.call('redshift', 'DeleteCluster', {
        ClusterIdentifier: id,
        SkipFinalClusterSnapshot: snapshot === undefined,
        FinalClusterSnapshotIdentifier: snapshot,
      }),
    );
    return true;
  });
  await watch(context, async () => ((await describe(id, context)) ? undefined : true));
}

async function setTags(ResourceName: string, after: Properties, before: Properties, { call }: ResourceContext) {
  const tags = objects(after, 'Tags');
  if (JSON.stringify(tags) === JSON.stringify(objects(before, 'Tags'))) return;
  const TagKeys = removedTagKeys(after, before);
  if (TagKeys.length > 0) await call('redshift', 'DeleteTags', { ResourceName, TagKeys });
  if (tags.length > 0) await call('redshift', 'CreateTags', { ResourceName, Tags: tags });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshift-clustersubnetgroup.html */
const subnetGroup: ResourceType = {
  properties: { Description: 'in-place', SubnetIds: 'in-place', Tags: 'in-place' },
  required: ['Description', 'SubnetIds'],
  attributes: ['ClusterSubnetGroupName'],
  create: async (properties, context) => {
    const name = context.name(255, { lowerCase: true });
    await context
      .call('redshift', 'CreateClusterSubnetGroup', { ...properties, ClusterSubnetGroupName: name })
      .catch((error: unknown) => {
        if (!context.resumed || !isThere(error)) throw error;
      });
    return { id: name, attributes: { ClusterSubnetGroupName: name } };
  },
  update: async (physical, properties, before, context) => {
    await context.call('redshift', 'ModifyClusterSubnetGroup', {
      ClusterSubnetGroupName: physical.id,
      ...pick(properties, 'Description', 'SubnetIds'),
    });
    await setTags(context.cloud.arn('redshift', `subnetgroup:${physical.id}`), properties, before, context);
    return physical;
  },
  delete: ({ id }, _properties, { call }) =>
    unlessGone(call('redshift', 'DeleteClusterSubnetGroup', { ClusterSubnetGroupName: id })),
};

async function setParameters(name: string, properties: Properties, { call }: ResourceContext): Promise<void> {
  const Parameters = objects(properties, 'Parameters');
  if (Parameters.length > 0)
    await call('redshift', 'ModifyClusterParameterGroup', { ParameterGroupName: name, Parameters });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshift-clusterparametergroup.html */
const parameterGroup: ResourceType = {
  properties: {
    Description: 'replace',
    ParameterGroupFamily: 'replace',
    ParameterGroupName: 'replace',
    Parameters: 'in-place',
    Tags: 'in-place',
  },
  required: ['Description', 'ParameterGroupFamily'],
  named: 'ParameterGroupName',
  attributes: ['ParameterGroupName'],
  create: async (properties, context) => {
    const name = optionalText(properties, 'ParameterGroupName') ?? context.name(255, { lowerCase: true });
    await context
      .call('redshift', 'CreateClusterParameterGroup', {
        ParameterGroupName: name,
        ...pick(properties, 'Description', 'ParameterGroupFamily', 'Tags'),
      })
      .catch((error: unknown) => {
        if (!context.resumed || !isThere(error)) throw error;
      });
    context.exists(name);
    await setParameters(name, properties, context);
    return { id: name, attributes: { ParameterGroupName: name } };
  },
  update: async (physical, properties, before, context) => {
    const kept = new Set(objects(properties, 'Parameters').map((parameter) => text(parameter, 'ParameterName')));
    const reset = objects(before, 'Parameters').filter((parameter) => !kept.has(text(parameter, 'ParameterName')));
    if (reset.length > 0)
      await context.call('redshift', 'ResetClusterParameterGroup', {
        ParameterGroupName: physical.id,
        Parameters: reset.map((parameter) => pick(parameter, 'ParameterName')),
      });
    await setParameters(physical.id, properties, context);
    await setTags(context.cloud.arn('redshift', `parametergroup:${physical.id}`), properties, before, context);
    return physical;
  },
  delete: ({ id }, _properties, { call }) =>
    unlessGone(call('redshift', 'DeleteClusterParameterGroup', { ParameterGroupName: id })),
};

export const REDSHIFT_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Redshift::Cluster': cluster,
  'AWS::Redshift::ClusterParameterGroup': parameterGroup,
  'AWS::Redshift::ClusterSubnetGroup': subnetGroup,
};

import type * as redshift from '@aws-sdk/client-redshift';
import { AwsError, inUtf8Order, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { Clusters } from './clusters.ts';
import type { Groups } from './groups.ts';
import type { Taggable } from './named-groups.ts';
import { page, refuseOthers, tagMap } from './parameters.ts';

/** Tags of clusters, subnet groups and parameter groups, by ARN. */
export function tagOperations(cloud: Cloud, clusters: Clusters, groups: Groups): Operations {
  const all = (): readonly Taggable[] => [
    ...clusters.list().map((record) => ({
      resource: `cluster:${record.identifier}`,
      type: 'Cluster',
      tags: record.tags,
      replace: (tags: Readonly<Record<string, string>>) => void clusters.put({ ...record, tags }),
    })),
    ...groups.tagged(),
  ];
  const byArn = (arn: string): Taggable => {
    const found = all().find(({ resource }) => cloud.arn('redshift', resource) === arn);
    if (!found) throw new AwsError('ResourceNotFoundFault', `Resource ${arn} could not be found.`, 404);
    return found;
  };
  return {
    CreateTags: (input: redshift.CreateTagsMessage) => {
      const resource = byArn(required(input.ResourceName, 'resourceName'));
      resource.replace(tagMap(required(input.Tags, 'tags'), resource.tags));
      return {};
    },
    DeleteTags: (input: redshift.DeleteTagsMessage) => {
      const resource = byArn(required(input.ResourceName, 'resourceName'));
      const gone = new Set(required(input.TagKeys, 'tagKeys'));
      resource.replace(Object.fromEntries(Object.entries(resource.tags).filter(([key]) => !gone.has(key))));
      return {};
    },
    DescribeTags: (input: redshift.DescribeTagsMessage) => {
      refuseOthers('DescribeTags', input, [
        'ResourceName',
        'ResourceType',
        'MaxRecords',
        'Marker',
        'TagKeys',
        'TagValues',
      ]);
      const resources = input.ResourceName === undefined ? all() : [byArn(input.ResourceName)];
      const rows = resources
        .filter(
          ({ type }) => input.ResourceType === undefined || input.ResourceType.toLowerCase() === type.toLowerCase(),
        )
        .flatMap(({ resource, type, tags }) =>
          Object.entries(tags).map(([Key, Value]) => ({
            id: `${resource} ${Key}`,
            Tag: { Key, Value },
            ResourceName: cloud.arn('redshift', resource),
            ResourceType: type,
          })),
        )
        .filter(
          ({ Tag: { Key, Value } }) =>
            (!input.TagKeys?.length || input.TagKeys.includes(Key)) &&
            (!input.TagValues?.length || input.TagValues.includes(Value)),
        )
        .sort((a, b) => inUtf8Order(a.id, b.id));
      const { items, ...rest } = page(rows, input);
      return { ...rest, TaggedResources: items };
    },
  };
}

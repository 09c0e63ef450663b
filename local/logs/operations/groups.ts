import type {
  AssociateKmsKeyRequest,
  CreateLogGroupRequest,
  DeleteLogGroupRequest,
  DeleteMetricFilterRequest,
  DescribeLogGroupsRequest,
  DescribeLogGroupsResponse,
  DescribeMetricFiltersRequest,
  DescribeMetricFiltersResponse,
  DisassociateKmsKeyRequest,
  ListTagsForResourceRequest,
  ListTagsForResourceResponse,
  MetricFilter,
  PutMetricFilterRequest,
  PutRetentionPolicyRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import { exists, missing, type Groups } from '../groups.ts';
import { page } from './page.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
const RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

export function groupOperations(cloud: Cloud, groups: Groups): Operations {
  return {
    CreateLogGroup: (input: CreateLogGroupRequest) => {
      const name = required(input.logGroupName, 'logGroupName');
      if (!/^[.\-_/#A-Za-z0-9]{1,512}$/.test(name))
        throw new AwsError(
          'InvalidParameterException',
          `1 validation error detected: Value '${name}' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+`,
        );
      if (input.logGroupClass !== undefined && input.logGroupClass !== 'STANDARD')
        throw new AwsError(
          'InvalidParameterException',
          `The log group class ${input.logGroupClass} is not implemented by the local cloud`,
        );
      if (groups.get(name)) throw exists('log group');
      groups.save({
        name,
        creationTime: cloud.clock.now(),
        tags: input.tags ?? {},
        storedBytes: 0,
        metricFilters: {},
        ...(input.kmsKeyId !== undefined && { kmsKeyId: input.kmsKeyId }),
      });
      return {};
    },
    DeleteLogGroup: (input: DeleteLogGroupRequest) => {
      groups.delete(groups.find(input.logGroupName));
      return {};
    },
    DescribeLogGroups: (input: DescribeLogGroupsRequest): DescribeLogGroupsResponse => {
      const found = groups
        .all()
        .filter(
          ({ name }) =>
            name.startsWith(input.logGroupNamePrefix ?? '') && name.includes(input.logGroupNamePattern ?? ''),
        );
      const { items, nextToken } = page(found, input.limit ?? 50, input.nextToken);
      return {
        logGroups: items.map((group) => ({
          logGroupName: group.name,
          creationTime: group.creationTime,
          arn: `${groups.arn(group.name)}:*`,
          logGroupArn: groups.arn(group.name),
          metricFilterCount: Object.keys(group.metricFilters).length,
          storedBytes: group.storedBytes,
          logGroupClass: 'STANDARD',
          ...(group.retentionInDays !== undefined && { retentionInDays: group.retentionInDays }),
          ...(group.kmsKeyId !== undefined && { kmsKeyId: group.kmsKeyId }),
        })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },
    PutRetentionPolicy: (input: PutRetentionPolicyRequest) => {
      const days = required(input.retentionInDays, 'retentionInDays');
      if (!RETENTION_DAYS.includes(days))
        throw new AwsError(
          'InvalidParameterException',
          `Invalid retention value. Valid values are: [${RETENTION_DAYS.join(', ')}]`,
        );
      const group = groups.find(input.logGroupName);
      group.retentionInDays = days;
      groups.save(group);
      return {};
    },
    DeleteRetentionPolicy: (input: PutRetentionPolicyRequest) => {
      const group = groups.find(input.logGroupName);
      delete group.retentionInDays;
      groups.save(group);
      return {};
    },
    AssociateKmsKey: (input: AssociateKmsKeyRequest) => {
      const group = groups.find(input.logGroupName, input.resourceIdentifier);
      group.kmsKeyId = required(input.kmsKeyId, 'kmsKeyId');
      groups.save(group);
      return {};
    },
    DisassociateKmsKey: (input: DisassociateKmsKeyRequest) => {
      const group = groups.find(input.logGroupName, input.resourceIdentifier);
      delete group.kmsKeyId;
      groups.save(group);
      return {};
    },
    TagResource: (input: TagResourceRequest) => {
      const group = groups.find(input.resourceArn);
      group.tags = { ...group.tags, ...required(input.tags, 'tags') };
      groups.save(group);
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const group = groups.find(input.resourceArn);
      const keys = required(input.tagKeys, 'tagKeys');
      group.tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !keys.includes(key)));
      groups.save(group);
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest): ListTagsForResourceResponse => ({
      tags: groups.find(input.resourceArn).tags,
    }),

    /** Kept and shown; the local cloud makes no metrics of what they match. */
    PutMetricFilter: (input: PutMetricFilterRequest) => {
      parseFilterPattern(input.filterPattern);
      const group = groups.find(input.logGroupName);
      group.metricFilters[required(input.filterName, 'filterName')] = { ...input, creationTime: cloud.clock.now() };
      groups.save(group);
      return {};
    },
    DeleteMetricFilter: (input: DeleteMetricFilterRequest) => {
      const group = groups.find(input.logGroupName);
      const name = required(input.filterName, 'filterName');
      if (!Object.hasOwn(group.metricFilters, name)) throw missing('metric filter');
      group.metricFilters = Object.fromEntries(Object.entries(group.metricFilters).filter(([other]) => other !== name));
      groups.save(group);
      return {};
    },
    DescribeMetricFilters: (input: DescribeMetricFiltersRequest): DescribeMetricFiltersResponse => ({
      metricFilters: Object.values(groups.find(input.logGroupName).metricFilters).filter((filter) =>
        ((filter as MetricFilter).filterName ?? '').startsWith(input.filterNamePrefix ?? ''),
      ) as MetricFilter[],
    }),
  };
}

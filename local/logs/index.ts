import type { Cloud, Service } from '../kernel/index.ts';
import { Groups } from './groups.ts';
import { eventOperations } from './operations/events.ts';
import { groupOperations } from './operations/groups.ts';

/** Amazon CloudWatch Logs: groups, streams, and reading events back. Signing name `logs`. */
export function createLogs(cloud: Cloud): Service {
  const groups = new Groups(cloud);
  return {
    name: 'logs',
    client: '@aws-sdk/client-cloudwatch-logs',
    unsupported: {
      CreateLogGroup: ['deletionProtectionEnabled'],
      DescribeLogGroups: ['accountIdentifiers', 'includeLinkedAccounts', 'logGroupIdentifiers'],
      DescribeMetricFilters: ['metricName', 'metricNamespace'],
    },
    operations: { ...groupOperations(cloud, groups), ...eventOperations(cloud, groups) },
  };
}

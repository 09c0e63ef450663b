import type { Cloud, Service } from '../kernel/index.ts';
import { alarms } from './alarms.ts';
import { dashboards } from './dashboards.ts';

/** Amazon CloudWatch: alarms and dashboards are kept and shown. No metric is measured, so an alarm stays at INSUFFICIENT_DATA. */
export function createCloudWatch(cloud: Cloud): Service {
  return {
    name: 'monitoring',
    client: '@aws-sdk/client-cloudwatch',
    unsupported: { DescribeAlarms: ['ChildrenOfAlarmName', 'ParentsOfAlarmName', 'ActionPrefix'] },
    xmlNamespace: 'http://monitoring.amazonaws.com/doc/2010-08-01/',
    operations: { ...alarms(cloud), ...dashboards(cloud) },
  };
}

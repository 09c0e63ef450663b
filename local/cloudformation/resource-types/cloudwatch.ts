import type { ResourceType } from '../resource-type.ts';
import { optionalText, text, unlessGone } from './values.ts';

const ALARM_PROPERTIES = [
  'ActionsEnabled',
  'AlarmActions',
  'AlarmDescription',
  'ComparisonOperator',
  'DatapointsToAlarm',
  'Dimensions',
  'EvaluateLowSampleCountPercentile',
  'EvaluationPeriods',
  'ExtendedStatistic',
  'InsufficientDataActions',
  'MetricName',
  'Metrics',
  'Namespace',
  'OKActions',
  'Period',
  'Statistic',
  'Tags',
  'Threshold',
  'ThresholdMetricId',
  'TreatMissingData',
  'Unit',
] as const;

const COMPOSITE_PROPERTIES = [
  'ActionsEnabled',
  'ActionsSuppressor',
  'ActionsSuppressorExtensionPeriod',
  'ActionsSuppressorWaitPeriod',
  'AlarmActions',
  'AlarmDescription',
  'AlarmRule',
  'InsufficientDataActions',
  'OKActions',
  'Tags',
] as const;

/** Both kinds of alarm are put under their name, new or not. */
function alarmType(operation: string, names: readonly string[], required: readonly string[]): ResourceType {
  return {
    properties: { AlarmName: 'replace', ...Object.fromEntries(names.map((name) => [name, 'in-place' as const])) },
    required,
    named: 'AlarmName',
    attributes: ['Arn'],
    create: async (properties, { call, cloud, name }) => {
      const AlarmName = optionalText(properties, 'AlarmName') ?? name(255);
      await call('monitoring', operation, { ...properties, AlarmName });
      return { id: AlarmName, attributes: { Arn: cloud.arn('cloudwatch', `alarm:${AlarmName}`) } };
    },
    update: async (physical, properties, _before, { call }) => {
      await call('monitoring', operation, { ...properties, AlarmName: physical.id });
      return physical;
    },
    delete: ({ id }, _properties, { call }) => unlessGone(call('monitoring', 'DeleteAlarms', { AlarmNames: [id] })),
  };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudwatch-dashboard.html */
const dashboard: ResourceType = {
  properties: { DashboardName: 'replace', DashboardBody: 'in-place' },
  required: ['DashboardBody'],
  named: 'DashboardName',
  attributes: [],
  create: async (properties, { call, name }) => {
    const DashboardName = optionalText(properties, 'DashboardName') ?? name(255);
    await call('monitoring', 'PutDashboard', { DashboardName, DashboardBody: text(properties, 'DashboardBody') });
    return { id: DashboardName, attributes: {} };
  },
  update: async (physical, properties, _before, { call }) => {
    await call('monitoring', 'PutDashboard', {
      DashboardName: physical.id,
      DashboardBody: text(properties, 'DashboardBody'),
    });
    return physical;
  },
  delete: ({ id }, _properties, { call }) =>
    unlessGone(call('monitoring', 'DeleteDashboards', { DashboardNames: [id] })),
};

export const CLOUDWATCH_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::CloudWatch::Alarm': alarmType('PutMetricAlarm', ALARM_PROPERTIES, ['ComparisonOperator', 'EvaluationPeriods']),
  'AWS::CloudWatch::CompositeAlarm': alarmType('PutCompositeAlarm', COMPOSITE_PROPERTIES, ['AlarmRule']),
  'AWS::CloudWatch::Dashboard': dashboard,
};

import type {
  CompositeAlarm,
  DeleteAlarmsInput,
  DescribeAlarmsInput,
  ListTagsForResourceInput,
  MetricAlarm,
  PutCompositeAlarmInput,
  PutMetricAlarmInput,
  Tag,
} from '@aws-sdk/client-cloudwatch';
import { AwsError, type Cloud, type Operations } from '../kernel/index.ts';

type Kind = 'MetricAlarm' | 'CompositeAlarm';

interface StoredAlarm {
  readonly kind: Kind;
  readonly name: string;
  readonly arn: string;
  /** The last input that put it. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly tags: readonly Tag[];
  readonly updatedAt: number;
  readonly createdAt: number;
}

const ALARM = 'cloudwatch.alarm';
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html */
const PAGE = 100;

const invalid = (message: string): AwsError => new AwsError('ValidationError', message);

function checkMetricAlarm(input: PutMetricAlarmInput): void {
  if ((input.MetricName === undefined) === (input.Metrics === undefined))
    throw invalid('Either MetricName or Metrics must be specified, not both');
  if (input.ComparisonOperator === undefined) throw invalid('ComparisonOperator is required');
  if (!input.EvaluationPeriods || input.EvaluationPeriods < 1) throw invalid('EvaluationPeriods must be at least 1');
  if (input.MetricName !== undefined) {
    if (input.Namespace === undefined || !input.Period) throw invalid('A metric needs a Namespace and a Period');
    if ((input.Statistic === undefined) === (input.ExtendedStatistic === undefined))
      throw invalid('Either Statistic or ExtendedStatistic must be specified, not both');
    if (input.Period % 60 !== 0 && input.Period !== 10 && input.Period !== 30 && input.Period !== 20)
      throw invalid('Period must be 10, 20, 30 or a multiple of 60');
  }
  if (input.DatapointsToAlarm !== undefined && input.DatapointsToAlarm > input.EvaluationPeriods)
    throw invalid('DatapointsToAlarm must not be greater than EvaluationPeriods');
}

export function alarms(cloud: Cloud): Operations {
  const { clock, documents } = cloud;
  const all = (): readonly StoredAlarm[] => documents.list<StoredAlarm>(ALARM).map(({ document }) => document);
  const put = (kind: Kind, name: string | undefined, input: object): Record<string, never> => {
    if (!name || name.length > 255) throw invalid('AlarmName must be from 1 to 255 characters');
    const before = documents.get<StoredAlarm>(ALARM, name);
    if (before && before.kind !== kind) throw invalid(`An alarm of another type named ${name} exists`);
    const { Tags: tags, ...settings } = input as { readonly Tags?: readonly Tag[] };
    const now = clock.now();
    const alarm: StoredAlarm = {
      kind,
      name,
      arn: cloud.arn('cloudwatch', `alarm:${name}`),
      settings,
      // Tags count when an alarm is created; a later put does not change them.
      tags: before?.tags ?? tags ?? [],
      updatedAt: now,
      createdAt: before?.createdAt ?? now,
    };
    documents.put(ALARM, name, alarm);
    return {};
  };
  const describe = (alarm: StoredAlarm): MetricAlarm & CompositeAlarm => ({
    ActionsEnabled: true,
    OKActions: [],
    AlarmActions: [],
    InsufficientDataActions: [],
    ...(alarm.kind === 'MetricAlarm' && { Dimensions: [] }),
    ...alarm.settings,
    AlarmName: alarm.name,
    AlarmArn: alarm.arn,
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.updatedAt),
    StateValue: 'INSUFFICIENT_DATA',
    StateReason: 'Unchecked: Initial alarm creation',
    StateUpdatedTimestamp: new Date(alarm.createdAt),
  });
  return {
    PutMetricAlarm: (input: PutMetricAlarmInput) => {
      checkMetricAlarm(input);
      return put('MetricAlarm', input.AlarmName, input);
    },
    PutCompositeAlarm: (input: PutCompositeAlarmInput) => {
      if (!input.AlarmRule) throw invalid('AlarmRule is required');
      return put('CompositeAlarm', input.AlarmName, input);
    },
    DescribeAlarms: (input: DescribeAlarmsInput) => {
      const kinds: readonly string[] = input.AlarmTypes?.length ? input.AlarmTypes : ['MetricAlarm'];
      const wanted = all().filter(
        ({ name, kind }) =>
          kinds.includes(kind) &&
          (!input.AlarmNames?.length || input.AlarmNames.includes(name)) &&
          name.startsWith(input.AlarmNamePrefix ?? '') &&
          (input.StateValue === undefined || input.StateValue === 'INSUFFICIENT_DATA'),
      );
      const from = input.NextToken === undefined ? 0 : Number(input.NextToken);
      if (!Number.isSafeInteger(from) || from < 0) throw new AwsError('InvalidNextToken', 'The next token is invalid');
      const end = from + (input.MaxRecords ?? PAGE);
      const items = wanted.slice(from, end);
      return {
        MetricAlarms: items.filter(({ kind }) => kind === 'MetricAlarm').map(describe),
        CompositeAlarms: items.filter(({ kind }) => kind === 'CompositeAlarm').map(describe),
        ...(end < wanted.length && { NextToken: String(end) }),
      };
    },
    DeleteAlarms: ({ AlarmNames: names = [] }: DeleteAlarmsInput) => {
      const gone = names.filter((name) => !documents.get(ALARM, name));
      if (gone.length > 0) throw new AwsError('ResourceNotFound', `Alarms ${gone.join(', ')} do not exist`, 404);
      for (const name of names) documents.delete(ALARM, name);
      return {};
    },
    ListTagsForResource: ({ ResourceARN: resource }: ListTagsForResourceInput) => {
      const alarm = all().find((other) => other.arn === resource);
      if (!alarm) throw new AwsError('ResourceNotFoundException', `${resource ?? ''} does not exist`, 404);
      return { Tags: alarm.tags };
    },
  };
}

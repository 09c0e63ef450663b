import type { Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject } from '../template/json-value.ts';
import { flag, jsonText, optionalText, tagMap, texts, unlessGone } from './values.ts';

/** Properties that are attributes under the same name. */
const QUEUE_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DeduplicationScope',
  'DelaySeconds',
  'FifoQueue',
  'FifoThroughputLimit',
  'KmsDataKeyReusePeriodSeconds',
  'KmsMasterKeyId',
  'MaximumMessageSize',
  'MessageRetentionPeriod',
  'ReceiveMessageWaitTimeSeconds',
  'RedriveAllowPolicy',
  'RedrivePolicy',
  'SqsManagedSseEnabled',
  'VisibilityTimeout',
] as const;

const DEFAULTS: Readonly<Record<string, string>> = {
  DelaySeconds: '0',
  MaximumMessageSize: '262144',
  MessageRetentionPeriod: '345600',
  ReceiveMessageWaitTimeSeconds: '0',
  VisibilityTimeout: '30',
};

const attributeText = (properties: Properties, name: string): string | undefined =>
  isObject(properties[name]) ? jsonText(properties, name) : optionalText(properties, name);

function attributes(properties: Properties): Readonly<Record<string, string>> {
  return Object.fromEntries(
    QUEUE_ATTRIBUTES.flatMap((name) => {
      const value = attributeText(properties, name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queue.html */
const queue: ResourceType = {
  properties: {
    QueueName: 'replace',
    Tags: 'in-place',
    ...Object.fromEntries(
      QUEUE_ATTRIBUTES.map((name) => [name, name === 'FifoQueue' ? ('replace' as const) : ('in-place' as const)]),
    ),
  },
  named: 'QueueName',
  attributes: ['Arn', 'QueueName', 'QueueUrl'],
  create: async (properties, context) => {
    const { cloud } = context;
    const fifo = flag(properties, 'FifoQueue');
    const QueueName = optionalText(properties, 'QueueName') ?? `${context.name(75)}${fifo ? '.fifo' : ''}`;
    const { QueueUrl } = await context.call<{ readonly QueueUrl: string }>('sqs', 'CreateQueue', {
      QueueName,
      Attributes: attributes(properties),
      tags: tagMap(properties),
    });
    return { id: QueueUrl, attributes: { Arn: cloud.arn('sqs', QueueName), QueueName, QueueUrl } };
  },
  update: async (physical, properties, before, { call }) => {
    const QueueUrl = physical.id;
    const [after, old] = [attributes(properties), attributes(before)];
    const changed: Record<string, string> = {};
    for (const name of QUEUE_ATTRIBUTES)
      if (after[name] !== old[name]) changed[name] = after[name] ?? DEFAULTS[name] ?? '';
    if (Object.keys(changed).length > 0) await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: changed });
    const [tags, oldTags] = [tagMap(properties) ?? {}, tagMap(before) ?? {}];
    const TagKeys = Object.keys(oldTags).filter((key) => !(key in tags));
    if (TagKeys.length > 0) await call('sqs', 'UntagQueue', { QueueUrl, TagKeys });
    if (JSON.stringify(tags) !== JSON.stringify(oldTags)) await call('sqs', 'TagQueue', { QueueUrl, Tags: tags });
    return physical;
  },
  delete: ({ id: QueueUrl }, _properties, { call }) => unlessGone(call('sqs', 'DeleteQueue', { QueueUrl })),
};

async function setPolicy(urls: readonly string[], Policy: string, { call }: ResourceContext): Promise<void> {
  for (const QueueUrl of urls) await call('sqs', 'SetQueueAttributes', { QueueUrl, Attributes: { Policy } });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sqs-queuepolicy.html */
const queuePolicy: ResourceType = {
  properties: { PolicyDocument: 'in-place', Queues: 'in-place' },
  required: ['PolicyDocument', 'Queues'],
  attributes: ['Id'],
  create: async (properties, context) => {
    const id = context.name(128);
    await setPolicy(texts(properties, 'Queues'), jsonText(properties, 'PolicyDocument'), context);
    return { id, attributes: { Id: id } };
  },
  update: async (physical, properties, before, context) => {
    const queues = texts(properties, 'Queues');
    await setPolicy(queues, jsonText(properties, 'PolicyDocument'), context);
    await setPolicy(
      texts(before, 'Queues').filter((url) => !queues.includes(url)),
      '',
      context,
    );
    return physical;
  },
  delete: (_physical, properties, context) => unlessGone(setPolicy(texts(properties, 'Queues'), '', context)),
};

export const SQS_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': queuePolicy,
};

import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject } from '../template/json-value.ts';
import { flag, jsonText, lastPart, objects, optionalText, removedTagKeys, text, texts, unlessGone } from './values.ts';

const physicalTopic = (arn: string): Physical => ({
  id: arn,
  attributes: { TopicArn: arn, TopicName: lastPart(arn, ':') },
});

/** Properties that are attributes under the same name. */
const TOPIC_ATTRIBUTES = [
  'ContentBasedDeduplication',
  'DisplayName',
  'FifoTopic',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
] as const;

const attributeText = (properties: Properties, name: string): string =>
  isObject(properties[name]) ? jsonText(properties, name) : (optionalText(properties, name) ?? '');

function topicAttributes(properties: Properties): Readonly<Record<string, string>> {
  return Object.fromEntries(
    TOPIC_ATTRIBUTES.filter((name) => properties[name] !== undefined).map((name) => [
      name,
      attributeText(properties, name),
    ]),
  );
}

async function subscribeAll(TopicArn: string, properties: Properties, before: Properties, { call }: ResourceContext) {
  const old = new Set(objects(before, 'Subscription').map((item) => JSON.stringify(item)));
  for (const item of objects(properties, 'Subscription'))
    if (!old.has(JSON.stringify(item)))
      await call('sns', 'Subscribe', { TopicArn, Protocol: text(item, 'Protocol'), Endpoint: text(item, 'Endpoint') });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topic.html */
const topic: ResourceType = {
  properties: {
    TopicName: 'replace',
    FifoTopic: 'replace',
    ContentBasedDeduplication: 'in-place',
    DisplayName: 'in-place',
    KmsMasterKeyId: 'in-place',
    SignatureVersion: 'in-place',
    Subscription: 'in-place',
    Tags: 'in-place',
    TracingConfig: 'in-place',
  },
  named: 'TopicName',
  attributes: ['TopicArn', 'TopicName'],
  create: async (properties, context) => {
    const fifo = flag(properties, 'FifoTopic');
    const Name = optionalText(properties, 'TopicName') ?? `${context.name(250)}${fifo ? '.fifo' : ''}`;
    const { TopicArn } = await context.call<{ readonly TopicArn: string }>('sns', 'CreateTopic', {
      Name,
      Attributes: topicAttributes(properties),
      Tags: properties['Tags'],
    });
    context.exists(TopicArn);
    await subscribeAll(TopicArn, properties, {}, context);
    return physicalTopic(TopicArn);
  },
  update: async (physical, properties, before, context) => {
    const { call } = context;
    const TopicArn = physical.id;
    for (const AttributeName of TOPIC_ATTRIBUTES) {
      const AttributeValue = attributeText(properties, AttributeName);
      if (AttributeValue !== attributeText(before, AttributeName))
        await call('sns', 'SetTopicAttributes', { TopicArn, AttributeName, AttributeValue });
    }
    await subscribeAll(TopicArn, properties, before, context);
    const TagKeys = removedTagKeys(properties, before);
    if (TagKeys.length > 0) await call('sns', 'UntagResource', { ResourceArn: TopicArn, TagKeys });
    if (objects(properties, 'Tags').length > 0 && JSON.stringify(properties['Tags']) !== JSON.stringify(before['Tags']))
      await call('sns', 'TagResource', { ResourceArn: TopicArn, Tags: properties['Tags'] });
    return physical;
  },
  delete: ({ id: TopicArn }, _properties, { call }) => unlessGone(call('sns', 'DeleteTopic', { TopicArn })),
};

/** Properties that are attributes of a subscription. */
const SUBSCRIPTION_ATTRIBUTES = [
  'DeliveryPolicy',
  'FilterPolicy',
  'FilterPolicyScope',
  'RawMessageDelivery',
  'RedrivePolicy',
] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-subscription.html */
const subscription: ResourceType = {
  properties: {
    Endpoint: 'replace',
    Protocol: 'replace',
    TopicArn: 'replace',
    ...Object.fromEntries(SUBSCRIPTION_ATTRIBUTES.map((name) => [name, 'in-place' as const])),
  },
  required: ['Protocol', 'TopicArn'],
  attributes: ['Arn'],
  create: async (properties, { call }) => {
    const set = SUBSCRIPTION_ATTRIBUTES.filter((name) => properties[name] !== undefined);
    const { SubscriptionArn } = await call<{ readonly SubscriptionArn: string }>('sns', 'Subscribe', {
      TopicArn: text(properties, 'TopicArn'),
      Protocol: text(properties, 'Protocol'),
      Endpoint: optionalText(properties, 'Endpoint'),
      Attributes: Object.fromEntries(set.map((name) => [name, attributeText(properties, name)])),
      ReturnSubscriptionArn: true,
    });
    return { id: SubscriptionArn, attributes: { Arn: SubscriptionArn } };
  },
  update: async (physical, properties, before, { call }) => {
    for (const AttributeName of SUBSCRIPTION_ATTRIBUTES) {
      const AttributeValue = attributeText(properties, AttributeName);
      if (AttributeValue !== attributeText(before, AttributeName))
        await call('sns', 'SetSubscriptionAttributes', { SubscriptionArn: physical.id, AttributeName, AttributeValue });
    }
    return physical;
  },
  delete: ({ id: SubscriptionArn }, _properties, { call }) =>
    unlessGone(call('sns', 'Unsubscribe', { SubscriptionArn })),
};

async function setPolicy(properties: Properties, { call }: ResourceContext): Promise<void> {
  const AttributeValue = jsonText(properties, 'PolicyDocument');
  for (const TopicArn of texts(properties, 'Topics'))
    await call('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-sns-topicpolicy.html */
const topicPolicy: ResourceType = {
  properties: { PolicyDocument: 'in-place', Topics: 'in-place' },
  required: ['PolicyDocument', 'Topics'],
  attributes: ['Id'],
  create: async (properties, context) => {
    const id = context.name(128);
    await setPolicy(properties, context);
    return { id, attributes: { Id: id } };
  },
  update: async (physical, properties, _before, context) => {
    await setPolicy(properties, context);
    return physical;
  },
  // A topic always has a policy; the last one stays, as with the real one the default comes back only with the topic's.
  delete: () => Promise.resolve(),
};

export const SNS_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::SNS::Subscription': subscription,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': topicPolicy,
};

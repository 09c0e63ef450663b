import type {
  GetSubscriptionAttributesInput,
  ListSubscriptionsByTopicInput,
  ListSubscriptionsInput,
  SetSubscriptionAttributesInput,
  SubscribeInput,
  UnsubscribeInput,
} from '@aws-sdk/client-sns';
import type { Cloud, Operations } from '../kernel/index.ts';
import { parseFilterPolicy } from './filter-policy.ts';
import { page } from './page.ts';
import { invalidParameter, type Subscription, type Topics } from './topics.ts';

/** What an endpoint looks like, by protocol. An address that could not stand in a header on its own is no address. */
const ENDPOINTS: Readonly<Record<string, RegExp>> = {
  email: /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/,
  'email-json': /^[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/,
  sqs: /^arn:aws:sqs:[a-z0-9-]+:\d{12}:[\w-]{1,80}$/,
  lambda: /^arn:aws:lambda:[a-z0-9-]+:\d{12}:function:[\w:$-]+$/,
};

const CHECKS: Readonly<Record<string, (value: string) => unknown>> = {
  FilterPolicy: (value) => value === '' || parseFilterPolicy(value),
  FilterPolicyScope: (value) => {
    if (!['MessageAttributes', 'MessageBody'].includes(value)) throw invalidParameter('FilterPolicyScope');
  },
  RawMessageDelivery: (value) => {
    if (!['true', 'false'].includes(value)) throw invalidParameter('RawMessageDelivery');
  },
  RedrivePolicy: (value) => {
    if (value !== '' && !/"deadLetterTargetArn"\s*:\s*"arn:aws:sqs:/.test(value))
      throw invalidParameter('RedrivePolicy');
  },
};

function checkAttribute(name: string, value: string): void {
  const check = CHECKS[name];
  if (!check) throw invalidParameter('AttributeName');
  check(value);
}

export function subscriptionOperations(cloud: Cloud, topics: Topics): Operations {
  const listed = (subscriptions: readonly Subscription[], token: string | undefined) => {
    const { page: found, NextToken } = page(subscriptions, token);
    return {
      Subscriptions: found.map(({ arn, topicArn, protocol, endpoint }) => ({
        SubscriptionArn: arn,
        Owner: cloud.accountId,
        Protocol: protocol,
        Endpoint: endpoint,
        TopicArn: topicArn,
      })),
      ...(NextToken ? { NextToken } : {}),
    };
  };
  return {
    Subscribe: (input: SubscribeInput) => ({ SubscriptionArn: subscribe(cloud, topics, input).arn }),
    Unsubscribe: (input: UnsubscribeInput) => {
      topics.deleteSubscription(input.SubscriptionArn ?? '');
      return {};
    },
    ListSubscriptions: (input: ListSubscriptionsInput) => listed(topics.subscriptions(), input.NextToken),
    ListSubscriptionsByTopic: (input: ListSubscriptionsByTopicInput) =>
      listed(topics.subscriptions(topics.find(input.TopicArn).arn), input.NextToken),
    GetSubscriptionAttributes: (input: GetSubscriptionAttributesInput) => {
      const { arn, topicArn, protocol, endpoint, attributes } = topics.subscription(input.SubscriptionArn);
      return {
        Attributes: {
          SubscriptionArn: arn,
          TopicArn: topicArn,
          Protocol: protocol,
          Endpoint: endpoint,
          Owner: cloud.accountId,
          PendingConfirmation: 'false',
          ConfirmationWasAuthenticated: 'true',
          RawMessageDelivery: 'false',
          ...attributes,
        },
      };
    },
    SetSubscriptionAttributes: (input: SetSubscriptionAttributesInput) => {
      const subscription = topics.subscription(input.SubscriptionArn);
      const { AttributeName: name = '', AttributeValue: value = '' } = input;
      checkAttribute(name, value);
      const { [name]: _replaced, ...others } = subscription.attributes;
      topics.putSubscription({ ...subscription, attributes: value === '' ? others : { ...others, [name]: value } });
      return {};
    },
  };
}

/** The same endpoint twice is one subscription. */
function subscribe(cloud: Cloud, topics: Topics, input: SubscribeInput): Subscription {
  const topic = topics.find(input.TopicArn);
  const { Protocol: protocol = '', Endpoint: endpoint = '' } = input;
  const shape = ENDPOINTS[protocol];
  if (!shape) throw invalidParameter(`Does not support this protocol string: ${protocol}`);
  if (!shape.test(endpoint))
    throw invalidParameter(protocol.startsWith('email') ? 'Email address' : `${protocol.toUpperCase()} endpoint ARN`);
  const attributes = input.Attributes ?? {};
  for (const [name, value] of Object.entries(attributes)) checkAttribute(name, value);
  const existing = topics
    .subscriptions(topic.arn)
    .find((other) => other.protocol === protocol && other.endpoint === endpoint);
  if (existing) {
    if (Object.entries(attributes).some(([name, value]) => existing.attributes[name] !== value))
      throw invalidParameter('Attributes Reason: Subscription already exists with different attributes');
    return existing;
  }
  const subscription: Subscription = {
    arn: `${topic.arn}:${cloud.ids.uuid()}`,
    topicArn: topic.arn,
    protocol,
    endpoint,
    attributes,
  };
  topics.putSubscription(subscription);
  return subscription;
}

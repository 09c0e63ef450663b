import type {
  CreateTopicInput,
  DeleteTopicInput,
  GetTopicAttributesInput,
  ListTagsForResourceRequest,
  ListTopicsInput,
  SetTopicAttributesInput,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-sns';
import { AwsError, notImplemented, type Cloud, type Operations } from '../kernel/index.ts';
import { page } from './page.ts';
import { invalidParameter, type Topic, type Topics } from './topics.ts';

const SETTABLE = new Set([
  'DisplayName',
  'Policy',
  'DeliveryPolicy',
  'KmsMasterKeyId',
  'SignatureVersion',
  'TracingConfig',
  'DataProtectionPolicy',
]);

export function topicOperations(cloud: Cloud, topics: Topics): Operations {
  return {
    CreateTopic: (input: CreateTopicInput) => ({ TopicArn: createTopic(cloud, topics, input).arn }),
    /** Deleting what is not there succeeds. */
    DeleteTopic: (input: DeleteTopicInput) => {
      topics.delete(input.TopicArn ?? '');
      return {};
    },
    GetTopicAttributes: (input: GetTopicAttributesInput) => {
      const topic = topics.find(input.TopicArn);
      const count = topics.subscriptions(topic.arn).length;
      return {
        Attributes: {
          TopicArn: topic.arn,
          Owner: cloud.accountId,
          DisplayName: '',
          SubscriptionsConfirmed: String(count),
          SubscriptionsPending: '0',
          SubscriptionsDeleted: '0',
          ...topic.attributes,
        },
      };
    },
    SetTopicAttributes: (input: SetTopicAttributesInput) => {
      const topic = topics.find(input.TopicArn);
      const name = input.AttributeName ?? '';
      checkAttribute(name);
      topics.put({ ...topic, attributes: { ...topic.attributes, [name]: input.AttributeValue ?? '' } });
      return {};
    },
    ListTopics: (input: ListTopicsInput) => {
      const { page: found, NextToken } = page(topics.list(), input.NextToken);
      return { Topics: found.map(({ arn }) => ({ TopicArn: arn })), ...(NextToken ? { NextToken } : {}) };
    },
    TagResource: (input: TagResourceRequest) => {
      const topic = tagged(topics, input.ResourceArn);
      topics.put({ ...topic, tags: { ...topic.tags, ...tagsOf(input.Tags) } });
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const topic = tagged(topics, input.ResourceArn);
      const gone = new Set(input.TagKeys);
      topics.put({ ...topic, tags: Object.fromEntries(Object.entries(topic.tags).filter(([key]) => !gone.has(key))) });
      return {};
    },
    ListTagsForResource: (input: ListTagsForResourceRequest) => ({
      Tags: Object.entries(tagged(topics, input.ResourceArn).tags).map(([Key, Value]) => ({ Key, Value })),
    }),
  };
}

/** The same name with the same attributes is the same topic. */
function createTopic(cloud: Cloud, topics: Topics, input: CreateTopicInput): Topic {
  const name = input.Name ?? '';
  if (name.endsWith('.fifo') || input.Attributes?.['FifoTopic'] === 'true')
    throw notImplemented('sns', 'CreateTopic of a FIFO topic');
  if (!/^[\w-]{1,256}$/.test(name)) throw invalidParameter('Topic Name');
  const attributes = input.Attributes ?? {};
  Object.keys(attributes).forEach(checkAttribute);
  const arn = cloud.arn('sns', name);
  const existing = topics.get(arn);
  if (existing) {
    if (Object.entries(attributes).some(([attribute, value]) => existing.attributes[attribute] !== value))
      throw invalidParameter('Attributes Reason: Topic already exists with different attributes');
    return existing;
  }
  const topic: Topic = { arn, name, attributes, tags: tagsOf(input.Tags) };
  topics.put(topic);
  return topic;
}

function checkAttribute(name: string): void {
  if (!SETTABLE.has(name)) throw invalidParameter('AttributeName');
}

function tagged(topics: Topics, arn: string | undefined): Topic {
  const topic = topics.get(arn ?? '');
  if (!topic) throw new AwsError('ResourceNotFound', 'Resource does not exist', 404);
  return topic;
}

function tagsOf(tags: TagResourceRequest['Tags']): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}

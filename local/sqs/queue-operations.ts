import type {
  CreateQueueRequest,
  DeleteQueueRequest,
  GetQueueAttributesRequest,
  GetQueueUrlRequest,
  ListQueuesRequest,
  ListQueueTagsRequest,
  SetQueueAttributesRequest,
  TagQueueRequest,
  UntagQueueRequest,
} from '@aws-sdk/client-sqs';
import { AwsError, notImplemented, pageAfter, type Operations } from '../kernel/index.ts';
import { checkAttributes, DEFAULT_ATTRIBUTES, missingQueue, type Queue } from './queues.ts';
import type { Sqs } from './send-message.ts';

const LARGEST_PAGE = 1000;

export function queueOperations(sqs: Sqs): Operations {
  const { cloud, queues, messages } = sqs;
  return {
    CreateQueue: (input: CreateQueueRequest) => {
      const queue = createQueue(sqs, input);
      return { QueueUrl: queues.urlOf(queue) };
    },
    DeleteQueue: (input: DeleteQueueRequest) => {
      const queue = queues.byUrl(input.QueueUrl);
      messages.clear(queue);
      queues.delete(queue);
      return {};
    },
    GetQueueUrl: (input: GetQueueUrlRequest) => {
      const queue = queues.byName(input.QueueName ?? '');
      if (!queue) throw missingQueue();
      return { QueueUrl: queues.urlOf(queue) };
    },
    ListQueues: (input: ListQueuesRequest) => {
      const found = queues.list().filter(({ name }) => name.startsWith(input.QueueNamePrefix ?? ''));
      const { items, next } = pageAfter(
        found,
        ({ name }) => name,
        Math.min(input.MaxResults ?? LARGEST_PAGE, LARGEST_PAGE),
        input.NextToken,
        () => new AwsError('InvalidParameterValue', 'Value for parameter NextToken is invalid.'),
      );
      return {
        QueueUrls: items.map((queue) => queues.urlOf(queue)),
        ...(next === undefined ? {} : { NextToken: next }),
      };
    },
    GetQueueAttributes: (input: GetQueueAttributesRequest) => {
      const asked = new Set<string>(input.AttributeNames);
      const all = attributesOf(sqs, queues.byUrl(input.QueueUrl));
      return {
        Attributes: Object.fromEntries(Object.entries(all).filter(([name]) => asked.has('All') || asked.has(name))),
      };
    },
    SetQueueAttributes: (input: SetQueueAttributesRequest) => {
      const queue = queues.byUrl(input.QueueUrl);
      const changes = input.Attributes ?? {};
      checkAttributes(changes);
      const attributes = Object.fromEntries(
        // An empty text takes a policy away.
        Object.entries({ ...queue.attributes, ...changes }).filter(([, value]) => value !== ''),
      );
      queues.put({ ...queue, attributes, modified: cloud.clock.now() });
      return {};
    },
    TagQueue: (input: TagQueueRequest) => {
      const queue = queues.byUrl(input.QueueUrl);
      queues.put({ ...queue, tags: { ...queue.tags, ...input.Tags } });
      return {};
    },
    UntagQueue: (input: UntagQueueRequest) => {
      const queue = queues.byUrl(input.QueueUrl);
      const gone = new Set(input.TagKeys);
      queues.put({ ...queue, tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.has(key))) });
      return {};
    },
    ListQueueTags: (input: ListQueueTagsRequest) => ({ Tags: queues.byUrl(input.QueueUrl).tags }),
  };
}

/** The same name with the same attributes is the same queue. */
function createQueue({ cloud, queues }: Sqs, input: CreateQueueRequest): Queue {
  const name = input.QueueName ?? '';
  if (name.endsWith('.fifo')) throw notImplemented('sqs', 'CreateQueue of a FIFO queue');
  if (!/^[\w-]{1,80}$/.test(name))
    throw new AwsError(
      'InvalidParameterValue',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
  const asked = input.Attributes ?? {};
  checkAttributes(asked);
  const existing = queues.byName(name);
  if (existing) {
    const differs = Object.entries(asked).find(([attribute, value]) => existing.attributes[attribute] !== value);
    if (differs)
      throw new AwsError(
        'QueueNameExists',
        `A queue already exists with the same name and a different value for attribute ${differs[0]}`,
      );
    return existing;
  }
  const now = cloud.clock.now();
  const queue: Queue = {
    name,
    created: now,
    modified: now,
    attributes: { ...DEFAULT_ATTRIBUTES, ...asked },
    tags: input.tags ?? {},
  };
  queues.put(queue);
  return queue;
}

function attributesOf({ cloud, queues, messages }: Sqs, queue: Queue): Record<string, string> {
  const now = cloud.clock.now();
  const all = messages.list(queue);
  const waiting = all.filter(({ visibleAt }) => visibleAt > now);
  const delayed = waiting.filter(({ receives }) => receives === 0);
  return {
    ...queue.attributes,
    QueueArn: queues.arnOf(queue),
    ApproximateNumberOfMessages: String(all.length - waiting.length),
    ApproximateNumberOfMessagesNotVisible: String(waiting.length - delayed.length),
    ApproximateNumberOfMessagesDelayed: String(delayed.length),
    CreatedTimestamp: String(Math.floor(queue.created / 1000)),
    LastModifiedTimestamp: String(Math.floor(queue.modified / 1000)),
  };
}

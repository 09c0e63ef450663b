import type * as client from '@aws-sdk/client-sqs';
import { AwsError, type CallContext, type Cloud, type Service } from '../kernel/index.ts';
import { createArrivals } from './arrivals.ts';
import { openMessages } from './messages.ts';
import { queueOperations } from './queue-operations.ts';
import { openQueues } from './queues.ts';
import { receiveMessage } from './receive-message.ts';
import { sendMessage, type Sqs } from './send-message.ts';

/** SQS: standard queues with visibility, delays, long polling and dead letters. FIFO queues are not there. */
export function createSqs(cloud: Cloud): Service {
  const sqs: Sqs = {
    cloud,
    queues: openQueues(cloud),
    messages: openMessages(cloud),
    arrivals: createArrivals(cloud.clock),
    closed: false,
  };
  return {
    name: 'sqs',
    client: '@aws-sdk/client-sqs',
    xmlNamespace: 'http://queue.amazonaws.com/doc/2012-11-05/',
    operations: {
      ...queueOperations(sqs),
      SendMessage: (input: client.SendMessageRequest, { caller }: CallContext) =>
        sendMessage(sqs, sqs.queues.byUrl(input.QueueUrl), input, caller.principalArn),
      SendMessageBatch: (input: client.SendMessageBatchRequest, { caller }: CallContext) => {
        const queue = sqs.queues.byUrl(input.QueueUrl);
        return batch(input.Entries, (entry) => sendMessage(sqs, queue, entry, caller.principalArn));
      },
      ReceiveMessage: (input: client.ReceiveMessageRequest) => receiveMessage(sqs, input),
      DeleteMessage: (input: client.DeleteMessageRequest) => {
        deleteMessage(sqs, input.QueueUrl, input.ReceiptHandle);
        return {};
      },
      DeleteMessageBatch: (input: client.DeleteMessageBatchRequest) => {
        sqs.queues.byUrl(input.QueueUrl);
        return batch(input.Entries, ({ ReceiptHandle }) => {
          deleteMessage(sqs, input.QueueUrl, ReceiptHandle);
          return {};
        });
      },
      ChangeMessageVisibility: (input: client.ChangeMessageVisibilityRequest) => {
        const queue = sqs.queues.byUrl(input.QueueUrl);
        const message = sqs.messages.list(queue).find(({ receipt }) => receipt === input.ReceiptHandle);
        if (!message) throw badReceipt(input.ReceiptHandle);
        sqs.messages.put(queue, { ...message, visibleAt: cloud.clock.now() + (input.VisibilityTimeout ?? 0) * 1000 });
        sqs.arrivals.announce(queue.name);
        return {};
      },
      PurgeQueue: (input: client.PurgeQueueRequest) => {
        sqs.messages.clear(sqs.queues.byUrl(input.QueueUrl));
        return {};
      },
    },
    close: () => {
      sqs.closed = true;
      sqs.arrivals.close();
    },
  };
}

function badReceipt(handle: string | undefined): AwsError {
  return new AwsError(
    'ReceiptHandleIsInvalid',
    `The input receipt handle "${handle ?? ''}" is not a valid receipt handle.`,
    404,
  );
}

/** Deleting what was deleted already succeeds. */
function deleteMessage({ queues, messages }: Sqs, url: string | undefined, handle: string | undefined): void {
  const queue = queues.byUrl(url);
  if (!handle) throw badReceipt(handle);
  const message = messages.list(queue).find(({ receipt }) => receipt === handle);
  if (message) messages.delete(queue, message);
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html */
const MOST_ENTRIES = 10;

function batch<Entry extends { readonly Id: string | undefined }, Result extends object>(
  entries: readonly Entry[] | undefined,
  run: (entry: Entry) => Result,
) {
  if (!entries || entries.length === 0)
    throw new AwsError('EmptyBatchRequest', 'There should be at least one entry in the request.');
  if (entries.length > MOST_ENTRIES)
    throw new AwsError(
      'TooManyEntriesInBatchRequest',
      `Maximum number of entries per request are ${MOST_ENTRIES}. You have sent ${entries.length}.`,
    );
  if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
    throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
  const Successful: (Result & { Id: string | undefined })[] = [];
  const Failed: client.BatchResultErrorEntry[] = [];
  for (const entry of entries)
    try {
      Successful.push({ ...run(entry), Id: entry.Id });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  return { Successful, Failed };
}

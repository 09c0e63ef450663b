import type { Message as Received, ReceiveMessageRequest, ReceiveMessageResult } from '@aws-sdk/client-sqs';
import { AwsError } from '../kernel/index.ts';
import { md5, md5OfAttributes, type Message } from './messages.ts';
import type { Queue } from './queues.ts';
import type { Sqs } from './send-message.ts';

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const MOST_MESSAGES = 10;
const LONGEST_WAIT_SECONDS = 20;

export async function receiveMessage(sqs: Sqs, input: ReceiveMessageRequest): Promise<ReceiveMessageResult> {
  const { cloud, queues, messages, arrivals } = sqs;
  const { name, attributes } = queues.byUrl(input.QueueUrl);
  const most = input.MaxNumberOfMessages ?? 1;
  if (most < 1 || most > MOST_MESSAGES)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${most} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and ${MOST_MESSAGES}, if provided.`,
    );
  const wait = input.WaitTimeSeconds ?? Number(attributes['ReceiveMessageWaitTimeSeconds']);
  if (wait < 0 || wait > LONGEST_WAIT_SECONDS)
    throw new AwsError(
      'InvalidParameterValue',
      `Value ${wait} for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= ${LONGEST_WAIT_SECONDS}, if provided.`,
    );
  const deadline = cloud.clock.now() + wait * 1000;
  for (;;) {
    const queue = queues.byUrl(input.QueueUrl);
    const received = take(sqs, queue, most, input);
    const now = cloud.clock.now();
    if (received.length > 0) return { Messages: received };
    if (now >= deadline || sqs.closed) return {};
    const next = Math.min(deadline, ...messages.list(queue).map(({ visibleAt }) => visibleAt));
    await arrivals.wait(name, Math.max(1, next - now));
  }
}

function take(sqs: Sqs, queue: Queue, most: number, input: ReceiveMessageRequest): Received[] {
  const { cloud, messages } = sqs;
  const now = cloud.clock.now();
  const hidden = (input.VisibilityTimeout ?? Number(queue.attributes['VisibilityTimeout'])) * 1000;
  const received: Received[] = [];
  for (const message of messages.list(queue)) {
    if (received.length === most) break;
    if (message.visibleAt > now || moveDeadLetter(sqs, queue, message)) continue;
    const taken: Message = {
      ...message,
      visibleAt: now + hidden,
      receives: message.receives + 1,
      firstReceived: message.firstReceived ?? now,
      receipt: cloud.ids.hex(64),
    };
    messages.put(queue, taken);
    received.push(shown(taken, input));
  }
  return received;
}

/** A message received too often goes to the dead-letter queue, if the queue has one. */
function moveDeadLetter({ queues, messages, arrivals }: Sqs, queue: Queue, message: Message): boolean {
  const policy = queue.attributes['RedrivePolicy'];
  if (policy === undefined) return false;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as {
    deadLetterTargetArn: string;
    maxReceiveCount: number | string;
  };
  const target = queues.byArn(deadLetterTargetArn);
  if (!target || message.receives < Number(maxReceiveCount)) return false;
  const { receipt: _receipt, ...rest } = message;
  messages.delete(queue, message);
  messages.put(target, { ...rest, place: messages.nextPlace(), receives: 0, deadLetterSource: queues.arnOf(queue) });
  arrivals.announce(target.name);
  return true;
}

function shown(message: Message, input: ReceiveMessageRequest): Received {
  const asked = new Set<string>([...(input.AttributeNames ?? []), ...(input.MessageSystemAttributeNames ?? [])]);
  const system: Record<string, string> = {
    SenderId: message.sender,
    SentTimestamp: String(message.sent),
    ApproximateReceiveCount: String(message.receives),
    ApproximateFirstReceiveTimestamp: String(message.firstReceived ?? ''),
    ...(message.deadLetterSource ? { DeadLetterQueueSourceArn: message.deadLetterSource } : {}),
  };
  const names = input.MessageAttributeNames ?? [];
  const attributes = Object.fromEntries(
    Object.entries(message.attributes).filter(([name]) =>
      names.some(
        (want) =>
          want === 'All' ||
          want === '.*' ||
          want === name ||
          (want.endsWith('.*') && name.startsWith(want.slice(0, -1))),
      ),
    ),
  );
  const attributesMd5 = md5OfAttributes(attributes);
  return {
    MessageId: message.id,
    ReceiptHandle: message.receipt,
    Body: message.body,
    MD5OfBody: md5(message.body),
    ...(asked.size > 0
      ? {
          Attributes: Object.fromEntries(
            Object.entries(system).filter(([name]) => asked.has('All') || asked.has(name)),
          ),
        }
      : {}),
    ...(attributesMd5
      ? {
          MD5OfMessageAttributes: attributesMd5,
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).map(([name, { DataType, StringValue, BinaryValue }]) => [
              name,
              {
                DataType,
                ...(StringValue === undefined ? {} : { StringValue }),
                ...(BinaryValue === undefined ? {} : { BinaryValue: Buffer.from(BinaryValue, 'base64') }),
              },
            ]),
          ),
        }
      : {}),
  };
}

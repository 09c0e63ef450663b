import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';
import { AwsError, type Cloud } from '../kernel/index.ts';
import type { Arrivals } from './arrivals.ts';
import { md5, md5OfAttributes, storedAttributes, type Messages } from './messages.ts';
import type { Queue, Queues } from './queues.ts';

export interface Sqs {
  readonly cloud: Cloud;
  readonly queues: Queues;
  readonly messages: Messages;
  readonly arrivals: Arrivals;
  closed: boolean;
}

export function sendMessage(
  { cloud, messages, arrivals }: Sqs,
  queue: Queue,
  input: Pick<SendMessageRequest, 'MessageBody' | 'MessageAttributes' | 'DelaySeconds'>,
  sender: string,
): SendMessageResult {
  const body = input.MessageBody ?? '';
  if (body === '') throw new AwsError('MissingParameter', 'The request must contain the parameter MessageBody.');
  const attributes = storedAttributes(input.MessageAttributes);
  const size =
    Buffer.byteLength(body) + Buffer.byteLength(Object.keys(attributes).length > 0 ? JSON.stringify(attributes) : '');
  const most = Number(queue.attributes['MaximumMessageSize']);
  if (size > most)
    throw new AwsError(
      'InvalidParameterValue',
      `One or more parameters are invalid. Reason: Message must be shorter than ${most} bytes.`,
    );
  // oxlint-disable-next-line no-control-regex -- the characters SQS refuses: https://www.w3.org/TR/REC-xml/#charsets
  if (/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/.test(body) || !body.isWellFormed())
    throw new AwsError('InvalidMessageContents', 'Invalid characters were found in the message body.');
  const now = cloud.clock.now();
  const id = cloud.ids.uuid();
  messages.put(queue, {
    id,
    place: messages.nextPlace(),
    body,
    attributes,
    sent: now,
    sender,
    visibleAt: now + Number(input.DelaySeconds ?? queue.attributes['DelaySeconds']) * 1000,
    receives: 0,
  });
  arrivals.announce(queue.name);
  const attributesMd5 = md5OfAttributes(attributes);
  return {
    MessageId: id,
    MD5OfMessageBody: md5(body),
    ...(attributesMd5 ? { MD5OfMessageAttributes: attributesMd5 } : {}),
  };
}

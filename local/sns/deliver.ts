import { AwsError, type Caller, type Cloud } from '../kernel/index.ts';
import { parseFilterPolicy, passes } from './filter-policy.ts';
import { filterable, parsed, type Message } from './message.ts';
import type { Subscription, Topic } from './topics.ts';
import type { openOutbox } from './outbox.ts';

const SNS: Caller = { principalArn: 'sns.amazonaws.com' };

export type Deliver = (topic: Topic, subscription: Subscription, message: Message) => Promise<void>;

/** Brings a message to one subscriber, if its filter lets it pass. What fails goes to the subscription's dead-letter queue. */
export function createDelivery(cloud: Cloud, outbox: ReturnType<typeof openOutbox>): Deliver {
  const send = async (topic: Topic, subscription: Subscription, message: Message): Promise<void> => {
    const text = message.textFor(subscription.protocol);
    const notification = notificationOf(cloud, subscription, message, text);
    const fromName = topic.attributes['DisplayName'] || 'AWS Notifications';
    const subject = message.subject ?? 'AWS Notification Message';
    switch (subscription.protocol) {
      case 'email':
        return outbox({ fromName, to: subscription.endpoint, subject, body: `${text}\n\n${footer(subscription)}` });
      case 'email-json':
        return outbox({ fromName, to: subscription.endpoint, subject, body: JSON.stringify(notification, null, 2) });
      case 'sqs': {
        const raw = subscription.attributes['RawMessageDelivery'] === 'true';
        await cloud.call(
          'sqs',
          'SendMessage',
          {
            QueueUrl: subscription.endpoint.split(':').pop(),
            MessageBody: raw ? text : JSON.stringify(notification),
            ...(raw ? { MessageAttributes: message.attributes } : {}),
          },
          SNS,
        );
        return undefined;
      }
      case 'lambda': {
        const event = {
          Records: [
            {
              EventSource: 'aws:sns',
              EventVersion: '1.0',
              EventSubscriptionArn: subscription.arn,
              Sns: lambdaRecord(notification),
            },
          ],
        };
        await cloud.call(
          'lambda',
          'Invoke',
          {
            FunctionName: subscription.endpoint,
            InvocationType: 'Event',
            Payload: Buffer.from(JSON.stringify(event)),
          },
          SNS,
        );
        return undefined;
      }
      default:
        throw new AwsError(
          'InvalidParameter',
          `Invalid parameter: Does not support this protocol string: ${subscription.protocol}`,
        );
    }
  };
  return async (topic, subscription, message) => {
    if (!wanted(subscription, message)) return;
    try {
      await send(topic, subscription, message);
    } catch (error) {
      const target = subscription.attributes['RedrivePolicy'];
      if (target === undefined) throw error;
      const { deadLetterTargetArn } = JSON.parse(target) as { deadLetterTargetArn: string };
      await cloud.call(
        'sqs',
        'SendMessage',
        {
          QueueUrl: deadLetterTargetArn.split(':').pop(),
          MessageBody: JSON.stringify(
            notificationOf(cloud, subscription, message, message.textFor(subscription.protocol)),
          ),
        },
        SNS,
      );
    }
  };
}

function wanted({ attributes, protocol }: Subscription, message: Message): boolean {
  const policy = attributes['FilterPolicy'];
  if (policy === undefined) return true;
  const values =
    attributes['FilterPolicyScope'] === 'MessageBody'
      ? parsed(message.textFor(protocol))
      : filterable(message.attributes);
  return values !== undefined && passes(parseFilterPolicy(policy), values);
}

interface Notification {
  readonly Type: 'Notification';
  readonly MessageId: string;
  readonly TopicArn: string;
  readonly Subject?: string;
  readonly Message: string;
  /** ISO 8601. */
  readonly Timestamp: string;
  readonly UnsubscribeURL: string;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
}

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html, without a signature: there is no key to sign with. */
function notificationOf(cloud: Cloud, subscription: Subscription, message: Message, text: string): Notification {
  const attributes = Object.entries(message.attributes).map(([name, { DataType = '', StringValue, BinaryValue }]) => [
    name,
    { Type: DataType, Value: StringValue ?? Buffer.from(BinaryValue ?? '').toString('base64') },
  ]);
  return {
    Type: 'Notification',
    MessageId: message.id,
    TopicArn: subscription.topicArn,
    ...(message.subject === undefined ? {} : { Subject: message.subject }),
    Message: text,
    Timestamp: new Date(cloud.clock.now()).toISOString(),
    UnsubscribeURL: unsubscribeUrl(cloud, subscription),
    ...(attributes.length > 0
      ? { MessageAttributes: Object.fromEntries(attributes) as Notification['MessageAttributes'] }
      : {}),
  } as Notification;
}

function lambdaRecord({ UnsubscribeURL, MessageAttributes = {}, ...rest }: Notification): Record<string, unknown> {
  return { Subject: null, ...rest, UnsubscribeUrl: UnsubscribeURL, MessageAttributes };
}

function unsubscribeUrl(cloud: Cloud, { arn }: Subscription): string {
  return `${cloud.endpoint ?? `https://sns.${cloud.region}.amazonaws.com`}/?Action=Unsubscribe&SubscriptionArn=${encodeURIComponent(arn)}`;
}

function footer({ arn }: Subscription): string {
  return `--\nTo stop receiving notifications from this topic, unsubscribe:\naws sns unsubscribe --subscription-arn ${arn}`;
}

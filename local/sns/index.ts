import type * as client from '@aws-sdk/client-sns';
import { AwsError, type Cloud, type Service } from '../kernel/index.ts';
import { createDelivery } from './deliver.ts';
import { acceptMessage, type Message } from './message.ts';
import { openOutbox } from './outbox.ts';
import { subscriptionOperations } from './subscription-operations.ts';
import { topicOperations } from './topic-operations.ts';
import { invalidParameter, openTopics } from './topics.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html */
const MOST_ENTRIES = 10;

/**
 * SNS: standard topics; subscribers by e-mail, SQS and Lambda. E-mails land in the outbox. Subscriptions are confirmed at once, because
 * nobody could click the link; what AWS would send to ask for confirmation is not sent.
 */
export function createSns(cloud: Cloud): Service {
  const topics = openTopics(cloud);
  const deliver = createDelivery(cloud, openOutbox(cloud));

  const publish = (topicArn: string, message: Message): void => {
    const topic = topics.find(topicArn);
    // After the answer, as in AWS; each subscriber's failure is its own.
    for (const subscription of topics.subscriptions(topicArn))
      deliver(topic, subscription, message).catch((error: unknown) =>
        cloud.fault(error, `sns: delivery to ${subscription.protocol} ${subscription.endpoint}`),
      );
  };

  return {
    name: 'sns',
    client: '@aws-sdk/client-sns',
    xmlNamespace: 'http://sns.amazonaws.com/doc/2010-03-31/',
    operations: {
      ...topicOperations(cloud, topics),
      ...subscriptionOperations(cloud, topics),
      Publish: (input: client.PublishInput): client.PublishResponse => {
        if (input.PhoneNumber !== undefined)
          throw new AwsError(
            'NotImplemented',
            'sns:Publish to a phone number is not implemented by the local cloud',
            501,
          );
        const { arn } = topics.find(input.TopicArn ?? input.TargetArn);
        const message = acceptMessage(cloud.ids.uuid(), input);
        publish(arn, message);
        return { MessageId: message.id };
      },
      PublishBatch: (input: client.PublishBatchInput): client.PublishBatchResponse => {
        const { arn } = topics.find(input.TopicArn);
        const entries = input.PublishBatchRequestEntries ?? [];
        if (entries.length === 0)
          throw new AwsError('EmptyBatchRequest', "The batch request doesn't contain any entries.");
        if (entries.length > MOST_ENTRIES)
          throw new AwsError(
            'TooManyEntriesInBatchRequest',
            'The batch request contains more entries than permissible.',
          );
        if (new Set(entries.map(({ Id }) => Id)).size < entries.length)
          throw new AwsError('BatchEntryIdsNotDistinct', 'Two or more batch entries in the request have the same Id.');
        const Successful: client.PublishBatchResultEntry[] = [];
        const Failed: client.BatchResultErrorEntry[] = [];
        for (const entry of entries)
          try {
            const message = acceptMessage(cloud.ids.uuid(), entry);
            publish(arn, message);
            Successful.push({ Id: entry.Id, MessageId: message.id });
          } catch (error) {
            if (!(error instanceof AwsError)) throw error;
            Failed.push({ Id: entry.Id, Code: error.code, Message: error.message, SenderFault: true });
          }
        return { Successful, Failed };
      },
      ConfirmSubscription: () => {
        // Every subscription is confirmed when it is made, so no token was ever handed out.
        throw invalidParameter('Token');
      },
    },
  };
}

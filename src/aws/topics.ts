import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Operators } from '../cluster/janitor.ts';
import type { Completions } from '../notify/notify.ts';
import { call } from './call.ts';
import { type ClientSettings, connectTo, type Sender } from './clients.ts';

export type Sns = Sender<SNSClient>;

export function snsClient(settings: ClientSettings): Sns {
  return connectTo('sns', SNSClient, settings);
}

/** The topic of completions: readable text for people, JSON for everything else, attributes to filter on. */
export function snsCompletions(sns: Sns, topicArn: string): Completions {
  return {
    tell: async ({ subject, text, json, attributes }) => {
      await call('sns:Publish', () =>
        sns.send(
          new PublishCommand({
            TopicArn: topicArn,
            Subject: subject,
            MessageStructure: 'json',
            // https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html
            Message: JSON.stringify({
              default: text,
              'email-json': json,
              sqs: json,
              lambda: json,
              https: json,
              http: json,
            }),
            MessageAttributes: Object.fromEntries(
              Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
            ),
          }),
        ),
      );
    },
  };
}

export function snsOperators(sns: Sns, topicArn: string): Operators {
  return {
    tell: async (subject, text) => {
      await call('sns:Publish', () =>
        sns.send(new PublishCommand({ TopicArn: topicArn, Subject: subject.slice(0, 100), Message: text })),
      );
    },
  };
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as sns from '@aws-sdk/client-sns';
import { ROOT } from '../../local/kernel/index.ts';
import { createSns } from '../../local/sns/index.ts';
import { createSqs } from '../../local/sqs/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

let host: TestCloud;
let client: sns.SNSClient;
let TopicArn: string;
let invoked: { readonly FunctionName: string; readonly Payload: Uint8Array }[];

beforeEach(async () => {
  invoked = [];
  host = await startCloud([
    createSns,
    createSqs,
    () => ({
      name: 'lambda',
      operations: { Invoke: (input: (typeof invoked)[number]) => void invoked.push(input) },
    }),
  ]);
  client = new sns.SNSClient(host.client);
  ({ TopicArn = '' } = await client.send(
    new sns.CreateTopicCommand({
      Name: 'done',
      Attributes: { DisplayName: 'Rüns "done"' },
      Tags: [{ Key: 'a', Value: 'b' }],
    }),
  ));
});

afterEach(async () => {
  client.destroy();
  await host[Symbol.asyncDispose]();
});

const subscribe = (Protocol: string, Endpoint: string, Attributes: Record<string, string> = {}) =>
  client.send(new sns.SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }));
const publish = (Message: string, more: Partial<sns.PublishCommandInput> = {}) =>
  client.send(new sns.PublishCommand({ TopicArn, Message, ...more }));
const outbox = (): string[] => {
  const folder = join(host.directory, 'outbox');
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => readFileSync(join(folder, name), 'utf8'))
    : [];
};
const body = (email: string): string =>
  Buffer.from(
    email
      .slice(email.indexOf('\r\n\r\n') + 4)
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
const received = async (queue: string): Promise<string[]> => {
  const { Messages } = await host.cloud.call<{ Messages?: { Body: string }[] }>(
    'sqs',
    'ReceiveMessage',
    { QueueUrl: queue, MaxNumberOfMessages: 10, WaitTimeSeconds: 1 },
    ROOT,
  );
  return (Messages ?? []).map(({ Body }) => Body);
};

test('an e-mail lands in the outbox, in order, with its text whole', async () => {
  await subscribe('email', 'ana@example.com');
  const text = `Größe 😀 = 1\n${'long '.repeat(60)}\n.\ttab \nend`;
  await publish(text, { Subject: 'Run done' });
  await publish('second');
  const [first = '', second = ''] = outbox();
  expect(first).toMatch(
    /^From: =\?UTF-8\?B\?[\w+/=]+\?= <no-reply@sns\.amazonaws\.com>\r\nTo: ana@example\.com\r\nSubject: Run done\r\nDate: /,
  );
  expect(first.split('\r\n').every((line) => line.length <= 76)).toBe(true);
  expect(body(first).replaceAll('\r\n', '\n')).toContain(`${text}\n`);
  expect(second).toContain('Subject: AWS Notification Message');
});

test.each(['two\nlines', 'two\r\nBcc: x@example.com', 'ünicode', ' starts with a blank', 'x'.repeat(101), ''])(
  'the subject %j is refused',
  async (Subject) => {
    await expect(publish('m', { Subject })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Invalid parameter: Subject',
    });
  },
);

test.each(['no address', 'a@b\r\nBcc: c@d', 'a@b,c@d', '"a b"@c', 'a@b>'])(
  'the address %j is refused',
  async (address) => {
    await expect(subscribe('email', address)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  },
);

test('a message of more than 256 KB is refused', async () => {
  await publish('x'.repeat(262_144));
  await expect(publish('x'.repeat(262_145))).rejects.toThrow('Invalid parameter: Message too long');
});

test('each protocol gets its own text, and attributes decide who gets a message at all', async () => {
  await host.cloud.call('sqs', 'CreateQueue', { QueueName: 'failures' }, ROOT);
  await host.cloud.call('sqs', 'CreateQueue', { QueueName: 'raw' }, ROOT);
  const queue = (name: string): string => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  await subscribe('sqs', queue('failures'), { FilterPolicy: '{"status":["FAILED"],"rows":[{"numeric":[">",5]}]}' });
  await subscribe('sqs', queue('raw'), {
    RawMessageDelivery: 'true',
    FilterPolicy: '{"run":{"id":[{"prefix":"r-"}]}}',
    FilterPolicyScope: 'MessageBody',
  });
  await subscribe('lambda', 'arn:aws:lambda:us-east-1:000000000000:function:f');
  await subscribe('email', 'a@example.com');
  const MessageAttributes = (status: string) => ({
    status: { DataType: 'String', StringValue: status },
    rows: { DataType: 'Number', StringValue: '7' },
  });
  const Message = JSON.stringify({ default: 'text', sqs: '{"run":{"id":"r-1"}}', email: 'for people' });
  await publish(Message, { MessageStructure: 'json', MessageAttributes: MessageAttributes('FAILED') });
  await publish('{"run":{"id":"x"}}', { MessageAttributes: MessageAttributes('SUCCEEDED') });
  const failures = await received('failures');
  expect(failures.map((text) => JSON.parse(text) as object)).toMatchObject([
    {
      Type: 'Notification',
      TopicArn,
      Message: '{"run":{"id":"r-1"}}',
      MessageAttributes: { status: { Type: 'String', Value: 'FAILED' } },
    },
  ]);
  expect(await received('raw')).toEqual(['{"run":{"id":"r-1"}}']);
  expect(outbox().map((email) => body(email).split('\r\n')[0])).toEqual(['for people', '{"run":{"id":"x"}}']);
  expect(JSON.parse(Buffer.from(invoked[0]?.Payload ?? []).toString())).toMatchObject({
    Records: [{ EventSource: 'aws:sns', Sns: { Message: 'text', Subject: null } }],
  });
});

test('what cannot be delivered goes to the dead-letter queue, or is a fault that is told', async () => {
  await host.cloud.call('sqs', 'CreateQueue', { QueueName: 'dead' }, ROOT);
  const RedrivePolicy = '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead"}';
  await subscribe('sqs', 'arn:aws:sqs:us-east-1:000000000000:gone', { RedrivePolicy });
  await subscribe('sqs', 'arn:aws:sqs:us-east-1:000000000000:gone-too');
  await publish('m');
  expect(await received('dead')).toHaveLength(1);
  expect(host.faults).toMatchObject([{ code: 'QueueDoesNotExist' }]);
});

test('a batch publishes what is right and names what is wrong', async () => {
  const answer = await client.send(
    new sns.PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: '1', Message: 'a' },
        { Id: '2', Message: 'b', Subject: 'x\ny' },
      ],
    }),
  );
  expect(answer.Successful).toMatchObject([{ Id: '1' }]);
  expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidParameter', SenderFault: true }]);
});

test('topics and subscriptions are made once, listed, described, and go together', async () => {
  const { SubscriptionArn } = await subscribe('email', 'a@example.com');
  expect((await subscribe('email', 'a@example.com')).SubscriptionArn).toBe(SubscriptionArn);
  expect((await client.send(new sns.ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions).toMatchObject([
    { Protocol: 'email', Endpoint: 'a@example.com' },
  ]);
  expect((await client.send(new sns.GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes).toMatchObject({
    PendingConfirmation: 'false',
  });
  expect((await client.send(new sns.ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([
    { Key: 'a', Value: 'b' },
  ]);
  await expect(subscribe('sms', '+1')).rejects.toMatchObject({ name: 'InvalidParameterException' });
  await expect(
    client.send(
      new sns.SetSubscriptionAttributesCommand({
        SubscriptionArn,
        AttributeName: 'FilterPolicy',
        AttributeValue: '{"a":[{"nope":1}]}',
      }),
    ),
  ).rejects.toThrow(/Unrecognized match type nope/);
  await client.send(new sns.DeleteTopicCommand({ TopicArn }));
  expect((await client.send(new sns.ListSubscriptionsCommand({}))).Subscriptions).toEqual([]);
  await expect(client.send(new sns.ListSubscriptionsCommand({ NextToken: 'made up' }))).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await expect(publish('m')).rejects.toMatchObject({ name: 'NotFoundException' });
});

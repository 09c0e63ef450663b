import * as sqs from '@aws-sdk/client-sqs';
import { ROOT, createCloud, memoryDocuments, seededIds, VirtualClock, type Cloud } from '../../local/kernel/index.ts';
import { createSqs } from '../../local/sqs/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

let host: TestCloud;
let client: sqs.SQSClient;
let QueueUrl: string;

beforeEach(async () => {
  host = await startCloud([createSqs]);
  client = new sqs.SQSClient(host.client);
  ({ QueueUrl = '' } = await client.send(new sqs.CreateQueueCommand({ QueueName: 'q', tags: { a: 'b' } })));
});

afterEach(async () => {
  client.destroy();
  await host[Symbol.asyncDispose]();
});

test('a message comes back with its attributes, hides while it is worked on, and is gone once deleted', async () => {
  const MessageAttributes = {
    n: { DataType: 'Number', StringValue: '1' },
    b: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) },
  };
  await client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'ü "x"\n', MessageAttributes }));
  const receive = async () =>
    (
      await client.send(
        new sqs.ReceiveMessageCommand({
          QueueUrl,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      )
    ).Messages;
  const [message] = (await receive()) ?? [];
  expect(message).toMatchObject({
    Body: 'ü "x"\n',
    Attributes: { ApproximateReceiveCount: '1' },
    MessageAttributes: { n: { StringValue: '1' } },
  });
  expect(await receive()).toBeUndefined();
  const { Attributes } = await client.send(new sqs.GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({
    QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q',
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '1',
  });
  await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
  await client.send(new sqs.DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
});

test('a long poll ends as soon as a message arrives', async () => {
  const poll = client.send(new sqs.ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }));
  await client.send(new sqs.SendMessageCommand({ QueueUrl, MessageBody: 'now' }));
  expect((await poll).Messages?.[0]?.Body).toBe('now');
});

test('a batch takes what is right and names what is wrong', async () => {
  const answer = await client.send(
    new sqs.SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: '1', MessageBody: 'ok' },
        { Id: '2', MessageBody: 'bad \u0000' },
      ],
    }),
  );
  expect(answer.Successful).toMatchObject([{ Id: '1' }]);
  expect(answer.Failed).toMatchObject([{ Id: '2', Code: 'InvalidMessageContents' }]);
});

test('queues list, keep tags and settings, and are gone once deleted', async () => {
  expect((await client.send(new sqs.ListQueuesCommand({ QueueNamePrefix: 'q' }))).QueueUrls).toEqual([QueueUrl]);
  await expect(client.send(new sqs.ListQueuesCommand({ NextToken: 'made up' }))).rejects.toThrow(
    'NextToken is invalid',
  );
  expect((await client.send(new sqs.ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ a: 'b' });
  await expect(
    client.send(new sqs.SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '901' } })),
  ).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  await client.send(new sqs.DeleteQueueCommand({ QueueUrl }));
  await expect(client.send(new sqs.GetQueueUrlCommand({ QueueName: 'q' }))).rejects.toMatchObject({
    name: 'QueueDoesNotExist',
  });
});

test('on a virtual clock: visibility runs out, a long poll waits its time, the third receive is a dead letter', async () => {
  const clock = new VirtualClock(0);
  const cloud: Cloud = createCloud({
    clock,
    ids: seededIds(1),
    documents: memoryDocuments(),
    directory: '/nonexistent',
  });
  cloud.register(createSqs(cloud));
  const call = <T>(operation: string, input: object): Promise<T> => cloud.call('sqs', operation, input, ROOT);
  await call('CreateQueue', { QueueName: 'dead' });
  const RedrivePolicy = JSON.stringify({
    deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
    maxReceiveCount: 2,
  });
  await call('CreateQueue', { QueueName: 'work', Attributes: { RedrivePolicy, VisibilityTimeout: '5' } });
  await call('SendMessage', { QueueUrl: 'work', MessageBody: 'm' });
  const receive = (QueueUrl: string) =>
    call<sqs.ReceiveMessageResult>('ReceiveMessage', { QueueUrl, WaitTimeSeconds: 10 });
  expect((await receive('work')).Messages).toHaveLength(1);
  expect((await receive('work')).Messages).toHaveLength(1);
  expect(clock.now()).toBe(5000);
  expect((await receive('work')).Messages).toBeUndefined();
  expect(clock.now()).toBe(15_000);
  expect((await receive('dead')).Messages).toMatchObject([{ Body: 'm' }]);
  await cloud.close();
});

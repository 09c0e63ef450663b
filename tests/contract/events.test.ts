import {
  EventBridgeClient,
  DeleteRuleCommand,
  DescribeRuleCommand,
  DisableRuleCommand,
  ListRuleNamesByTargetCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  TestEventPatternCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { createEvents } from '../../local/events/index.ts';
import { AwsError, VirtualClock, type Cloud, type Service } from '../../local/kernel/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

interface Received {
  readonly operation: string;
  readonly input: Record<string, unknown>;
  readonly caller: string;
}

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:dead';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:etl';
const ROLE = 'arn:aws:iam::000000000000:role/events';

/** Services that only note what they are asked, and fail as often as told: the errors here are the ones no real service gives at will. */
function recorder(received: Received[], failures: Error[]) {
  return (name: string) => (): Service => {
    const note =
      (operation: string, answer: object) =>
      (input: Record<string, unknown>, context: { caller: { principalArn: string } }) => {
        const failure = name === 'sqs' ? undefined : failures.shift();
        if (failure) throw failure;
        received.push({ operation, input, caller: context.caller.principalArn });
        return answer;
      };
    return {
      name,
      operations: {
        StartExecution: note('StartExecution', {}),
        Publish: note('Publish', {}),
        Invoke: note('Invoke', {}),
        SendMessage: note('SendMessage', {}),
        GetQueueUrl: () => ({ QueueUrl: 'http://queue/dead' }),
      },
    };
  };
}

let bus: TestCloud;
let client: EventBridgeClient;
let received: Received[];
let failures: Error[];
let clock: VirtualClock;

beforeEach(async () => {
  received = [];
  failures = [];
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  const service = recorder(received, failures);
  bus = await startCloud([createEvents, ...['states', 'sns', 'sqs', 'lambda'].map(service)], { clock });
  client = new EventBridgeClient(bus.client);
});

afterEach(async () => {
  client.destroy();
  expect(bus.faults).toEqual([]);
  await bus[Symbol.asyncDispose]();
});

async function rule(target: Target, pattern: object = { source: ['aws.s3'] }): Promise<void> {
  await client.send(new PutRuleCommand({ Name: 'manifests', EventPattern: JSON.stringify(pattern) }));
  await client.send(new PutTargetsCommand({ Rule: 'manifests', Targets: [target] }));
}

function drop(cloud: Cloud, key = 'batch/manifest.json'): void {
  cloud.emit({
    source: 'aws.s3',
    detailType: 'Object Created',
    resources: ['arn:aws:s3:::inbox'],
    detail: { bucket: { name: 'inbox' }, object: { key } },
  });
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise(setImmediate);
}

test("a service's event starts the state machine of a matching rule, in AWS's envelope and with the target's role", async () => {
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE });
  drop(bus.cloud);
  await until(() => received.length === 1);
  expect(received[0]).toMatchObject({ operation: 'StartExecution', input: { stateMachineArn: MACHINE }, caller: ROLE });
  expect(JSON.parse(received[0]?.input['input'] as string)).toEqual({
    version: '0',
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    'detail-type': 'Object Created',
    source: 'aws.s3',
    account: '000000000000',
    time: '2026-01-01T00:00:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:s3:::inbox'],
    detail: { bucket: { name: 'inbox' }, object: { key: 'batch/manifest.json' } },
  });
});

test('a disabled rule and a rule whose pattern does not match start nothing', async () => {
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE }, { detail: { object: { key: [{ suffix: '.csv' }] } } });
  drop(bus.cloud);
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE });
  await client.send(new DisableRuleCommand({ Name: 'manifests' }));
  drop(bus.cloud);
  await clock.sleep(60_000);
  expect(received).toEqual([]);
});

test('a failing target is tried again with backoff until it answers', async () => {
  failures.push(
    new AwsError('ServiceUnavailable', 'later', 503),
    new AwsError('ThrottlingException', 'slow down'),
    new Error('socket hang up'),
  );
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE });
  drop(bus.cloud);
  await until(() => received.length === 1);
  expect(clock.now() - Date.UTC(2026, 0, 1)).toBeGreaterThan(3000);
});

test("what cannot be delivered goes to the dead-letter queue with AWS's attributes", async () => {
  failures.push(...Array.from({ length: 3 }, () => new AwsError('InternalFailure', 'broken', 500)));
  await rule({
    Id: 'etl',
    Arn: MACHINE,
    RoleArn: ROLE,
    RetryPolicy: { MaximumRetryAttempts: 2 },
    DeadLetterConfig: { Arn: QUEUE },
  });
  drop(bus.cloud);
  await until(() => received.length === 1);
  expect(received[0]).toMatchObject({
    operation: 'SendMessage',
    input: {
      QueueUrl: 'http://queue/dead',
      MessageAttributes: {
        RULE_ARN: { DataType: 'String', StringValue: 'arn:aws:events:us-east-1:000000000000:rule/manifests' },
        TARGET_ARN: { StringValue: MACHINE },
        ERROR_CODE: { StringValue: 'INTERNAL_ERROR' },
        ERROR_MESSAGE: { StringValue: 'broken' },
        EXHAUSTED_RETRY_CONDITION: { StringValue: 'MaximumRetryAttempts' },
        RETRY_ATTEMPTS: { StringValue: '2' },
      },
    },
  });
  expect(JSON.parse(received[0]?.input['MessageBody'] as string)).toMatchObject({ source: 'aws.s3' });
});

test('an error that no retry mends goes to the dead-letter queue at once', async () => {
  failures.push(new AwsError('StateMachineDoesNotExist', 'gone'));
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE, DeadLetterConfig: { Arn: QUEUE } });
  drop(bus.cloud);
  await until(() => received.length === 1);
  expect(received[0]?.input['MessageAttributes']).toMatchObject({
    ERROR_CODE: { StringValue: 'NO_RESOURCE' },
    RETRY_ATTEMPTS: { StringValue: '0' },
  });
});

test('a delivery that is pending when the cloud stops is made after its restart', async () => {
  failures.push(...Array.from({ length: 500 }, () => new AwsError('InternalFailure', 'down', 500)));
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE });
  drop(bus.cloud);
  await until(() => failures.length < 500);
  await bus.stop();
  failures.length = 0;
  const service = recorder(received, failures);
  const again = await startCloud([createEvents, ...['states', 'sqs'].map(service)], {
    directory: bus.directory,
    clock: new VirtualClock(clock.now()),
  });
  await until(() => received.length === 1);
  expect(received[0]).toMatchObject({ operation: 'StartExecution' });
  await again.stop();
});

test('an input transformer fills its template, with quotes and line breaks kept whole', async () => {
  await rule({
    Id: 'mail',
    Arn: 'arn:aws:sns:us-east-1:000000000000:done',
    InputTransformer: {
      InputPathsMap: { key: '$.detail.object.key', bucket: '$.detail.bucket', none: '$.detail.nope' },
      InputTemplate: '{"text": "got <key> from <aws.events.rule-name>", "bucket": <bucket>, "none": <none>}',
    },
  });
  drop(bus.cloud, 'a "b"\n😀');
  await until(() => received.length === 1);
  expect(JSON.parse(received[0]?.input['Message'] as string)).toEqual({
    text: 'got a "b"\n😀 from manifests',
    bucket: { name: 'inbox' },
    none: null,
  });
});

test('a schedule fires on the clock', async () => {
  await client.send(new PutRuleCommand({ Name: 'janitor', ScheduleExpression: 'rate(15 minutes)' }));
  await client.send(
    new PutTargetsCommand({
      Rule: 'janitor',
      Targets: [{ Id: 'f', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:janitor' }],
    }),
  );
  await until(() => received.length === 3);
  await client.send(new DisableRuleCommand({ Name: 'janitor' }));
  const [first] = received;
  expect(JSON.parse(Buffer.from(first?.input['Payload'] as Uint8Array).toString())).toMatchObject({
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    detail: {},
  });
  expect(first?.input).toMatchObject({ InvocationType: 'Event' });
});

test('PutEvents delivers own events and says which entries are wrong', async () => {
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE }, { source: ['me'] });
  const { FailedEntryCount, Entries } = await client.send(
    new PutEventsCommand({
      Entries: [
        { Source: 'me', DetailType: 'x', Detail: '{"a":1}' },
        { Source: 'me', DetailType: 'x', Detail: 'nope' },
        { Source: 'aws.s3', DetailType: 'x', Detail: '{}' },
      ],
    }),
  );
  expect(FailedEntryCount).toBe(2);
  expect(Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([undefined, 'MalformedDetail', 'NotAuthorizedForSource']);
  await until(() => received.length === 1);
});

test('rules and targets are described, listed, removed and refused as EventBridge does', async () => {
  await rule({ Id: 'etl', Arn: MACHINE, RoleArn: ROLE, RetryPolicy: { MaximumRetryAttempts: 4 } });
  expect(await client.send(new DescribeRuleCommand({ Name: 'manifests' }))).toMatchObject({
    State: 'ENABLED',
    EventBusName: 'default',
  });
  expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'manifests' }))).Targets).toMatchObject([
    { Id: 'etl', RetryPolicy: { MaximumRetryAttempts: 4 } },
  ]);
  expect((await client.send(new ListRuleNamesByTargetCommand({ TargetArn: MACHINE }))).RuleNames).toEqual([
    'manifests',
  ]);
  expect((await client.send(new TestEventPatternCommand({ EventPattern: '{"a":[1]}', Event: '{"a":1}' }))).Result).toBe(
    true,
  );
  const refused = (targets: Target): Promise<unknown> =>
    client.send(new PutTargetsCommand({ Rule: 'manifests', Targets: [targets] }));
  await expect(refused({ Id: 'x', Arn: MACHINE })).rejects.toThrow(/RoleArn is required/);
  await expect(refused({ Id: 'x', Arn: 'arn:aws:ecs:us-east-1:000000000000:cluster/c' })).rejects.toThrow(
    /not implemented/,
  );
  await expect(refused({ Id: 'x', Arn: MACHINE, RoleArn: ROLE, Input: '{' })).rejects.toThrow(/JSON syntax error/);
  await expect(client.send(new DeleteRuleCommand({ Name: 'manifests' }))).rejects.toThrow(/has targets/);
  await client.send(new RemoveTargetsCommand({ Rule: 'manifests', Ids: ['etl'] }));
  await client.send(new DeleteRuleCommand({ Name: 'manifests' }));
  await expect(client.send(new DescribeRuleCommand({ Name: 'manifests' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  ListExportsCommand,
  ListStackResourcesCommand,
  UpdateStackCommand,
  type Parameter,
} from '@aws-sdk/client-cloudformation';
import { DescribeSubnetsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeAlarmsCommand, CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { startLocalCloud, type LocalCloud, type LocalCloudOptions } from '../../local/index.ts';

let directory: string;
let local: LocalCloud;
let clients: ReturnType<typeof connect>;

function connect(endpoint: string) {
  const settings = {
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  };
  return {
    cloudformation: new CloudFormationClient(settings),
    ec2: new EC2Client(settings),
    cloudwatch: new CloudWatchClient(settings),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
  };
}

async function start(options: Partial<LocalCloudOptions> = {}): Promise<void> {
  local = await startLocalCloud({ directory, ...options });
  clients = connect(local.endpoint);
}

async function stop(): Promise<void> {
  for (const client of Object.values(clients)) client.destroy();
  await local.close();
}

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cloudformation-'));
  await start();
});

afterEach(async () => {
  await stop();
  await rm(directory, { recursive: true, force: true });
});

const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: {
    AssumeRolePolicyDocument: {
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    },
  },
};

const alarm = (properties: object = {}) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    Namespace: 'N',
    MetricName: 'M',
    Statistic: 'Sum',
    Period: '60',
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    ...properties,
  },
});

const queue = (properties: object = {}) => ({ Type: 'AWS::SQS::Queue', Properties: properties });
/** Fails when it is created: the alarm has no metric. */
const BROKEN = {
  Type: 'AWS::CloudWatch::Alarm',
  Properties: { ComparisonOperator: 'GreaterThanThreshold', EvaluationPeriods: 1 },
};

const body = (resources: object, rest: object = {}): string => JSON.stringify({ Resources: resources, ...rest });

const ABLE = { Capabilities: ['CAPABILITY_NAMED_IAM' as const] };

const create = (name: string, template: string, parameters: Parameter[] = [], more: object = {}) =>
  clients.cloudformation.send(
    new CreateStackCommand({
      StackName: name,
      TemplateBody: template,
      Parameters: parameters,
      ...ABLE,
      ...more,
    }),
  );

const update = (name: string, template: string, more: object = {}) =>
  clients.cloudformation.send(new UpdateStackCommand({ StackName: name, TemplateBody: template, ...more }));

async function describe(name: string) {
  const { Stacks } = await clients.cloudformation.send(new DescribeStacksCommand({ StackName: name }));
  return Stacks?.[0];
}

/** The stack once it is done. Polls turn by turn of the event loop: the cloud is in this process. */
async function settled(name: string) {
  for (;;) {
    const stack = await describe(name);
    if (!stack?.StackStatus?.endsWith('_IN_PROGRESS')) return stack;
  }
}

/** Oldest first. */
async function events(name: string): Promise<string[]> {
  const { StackEvents } = await clients.cloudformation.send(new DescribeStackEventsCommand({ StackName: name }));
  return (StackEvents ?? []).toReversed().map(({ LogicalResourceId: id, ResourceStatus: status }) => `${id} ${status}`);
}

test('a stack is created with the events AWS shows, in dependency order', async () => {
  await create(
    'one',
    body(
      { B: { ...alarm(), DependsOn: 'A' }, A: queue() },
      { Outputs: { Q: { Value: { 'Fn::GetAtt': ['A', 'Arn'] } } } },
    ),
  );
  const stack = await settled('one');
  expect(stack?.StackStatus).toBe('CREATE_COMPLETE');
  expect(stack?.Outputs?.[0]?.OutputValue).toMatch(/^arn:aws:sqs:us-east-1:000000000000:one-A-[0-9A-Z]{12}$/);
  expect(await events('one')).toEqual([
    'one CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS',
    'A CREATE_IN_PROGRESS',
    'A CREATE_COMPLETE',
    'B CREATE_IN_PROGRESS',
    'B CREATE_IN_PROGRESS',
    'B CREATE_COMPLETE',
    'one CREATE_COMPLETE',
  ]);
});

test('a failed creation is rolled back and says which resource failed and why', async () => {
  await create('bad', body({ A: queue(), B: { ...BROKEN, DependsOn: 'A' } }));
  const stack = await settled('bad');
  expect(stack?.StackStatus).toBe('ROLLBACK_COMPLETE');
  const all = await events('bad');
  expect(all.slice(-6)).toEqual([
    'B CREATE_FAILED',
    'bad ROLLBACK_IN_PROGRESS',
    'B DELETE_COMPLETE',
    'A DELETE_IN_PROGRESS',
    'A DELETE_COMPLETE',
    'bad ROLLBACK_COMPLETE',
  ]);
  const { StackEvents } = await clients.cloudformation.send(new DescribeStackEventsCommand({ StackName: 'bad' }));
  expect(
    StackEvents?.find(({ ResourceStatus }) => ResourceStatus === 'ROLLBACK_IN_PROGRESS')?.ResourceStatusReason,
  ).toBe('The following resource(s) failed to create: [B]. Rollback requested by user.');
  await expect(update('bad', body({ A: queue() }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringMatching(/is in ROLLBACK_COMPLETE state and can not be updated\.$/) as string,
  });
});

test('OnFailure DELETE leaves nothing, DO_NOTHING leaves what was made', async () => {
  const { StackId } = await create('gone', body({ A: queue(), B: { ...BROKEN, DependsOn: 'A' } }), [], {
    OnFailure: 'DELETE',
  });
  expect((await settled(StackId ?? ''))?.StackStatus).toBe('DELETE_COMPLETE');
  await create('kept', body({ A: queue(), B: { ...BROKEN, DependsOn: 'A' } }), [], { OnFailure: 'DO_NOTHING' });
  expect((await settled('kept'))?.StackStatus).toBe('CREATE_FAILED');
  const { StackResourceSummaries } = await clients.cloudformation.send(
    new ListStackResourcesCommand({ StackName: 'kept' }),
  );
  expect(StackResourceSummaries?.map(({ ResourceStatus }) => ResourceStatus)).toEqual([
    'CREATE_COMPLETE',
    'CREATE_FAILED',
  ]);
});

test('an update changes in place, replaces, adds and removes, and cleans up at the end', async () => {
  await create(
    'up',
    body({ Same: queue(), Change: alarm({ AlarmName: 'x' }), Replace: queue({ QueueName: 'old' }), Remove: queue() }),
  );
  await settled('up');
  await update(
    'up',
    body({
      Same: queue(),
      Change: alarm({ AlarmName: 'x', Threshold: 5 }),
      Replace: queue({ QueueName: 'new' }),
      Add: queue(),
    }),
  );
  expect((await settled('up'))?.StackStatus).toBe('UPDATE_COMPLETE');
  const all = await events('up');
  const since = all.slice(all.indexOf('up UPDATE_IN_PROGRESS'));
  expect(since).not.toContain('Same UPDATE_IN_PROGRESS');
  expect(since).toEqual(
    expect.arrayContaining(['Change UPDATE_COMPLETE', 'Replace UPDATE_COMPLETE', 'Add CREATE_COMPLETE']),
  );
  const cleanup = since.slice(since.indexOf('up UPDATE_COMPLETE_CLEANUP_IN_PROGRESS') + 1);
  expect(cleanup.toSorted()).toEqual([
    'Remove DELETE_COMPLETE',
    'Remove DELETE_IN_PROGRESS',
    'Replace DELETE_COMPLETE',
    'Replace DELETE_IN_PROGRESS',
    'up UPDATE_COMPLETE',
  ]);
  const { MetricAlarms } = await clients.cloudwatch.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toMatchObject([{ AlarmName: 'x', Threshold: 5, Period: 60 }]);
});

test('a failed update takes every resource back to what it was', async () => {
  await create('back', body({ Change: alarm({ AlarmName: 'x' }), Replace: queue({ QueueName: 'old' }) }));
  await settled('back');
  const failing = {
    Change: alarm({ AlarmName: 'x', Threshold: 5 }),
    Replace: queue({ QueueName: 'new' }),
    Add: queue(),
  };
  await update('back', body({ ...failing, Bad: { ...BROKEN, DependsOn: ['Change', 'Replace', 'Add'] } }));
  expect((await settled('back'))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  const { MetricAlarms } = await clients.cloudwatch.send(new DescribeAlarmsCommand({}));
  expect(MetricAlarms).toMatchObject([{ Threshold: 0 }]);
  const { StackResourceSummaries: resources } = await clients.cloudformation.send(
    new ListStackResourcesCommand({ StackName: 'back' }),
  );
  expect(resources?.map(({ LogicalResourceId }) => LogicalResourceId)).toEqual(['Change', 'Replace']);
  expect(resources?.[1]?.PhysicalResourceId).toMatch(/\/old$/);
  await expect(
    update('back', body({ Change: alarm({ AlarmName: 'x' }), Replace: queue({ QueueName: 'old' }) })),
  ).rejects.toThrow('No updates are to be performed.');
});

test('what a failed update had made goes again, so that the next can make it, but for what is to be retained in any case', async () => {
  await create('again', body({ Role: ROLE }));
  await settled('again');
  const kept = (policy: string, QueueName: string) => ({ ...queue({ QueueName }), DeletionPolicy: policy });
  const made = { Role: ROLE, Inbox: kept('RetainExceptOnCreate', 'inbox'), Always: kept('Retain', 'always') };
  await update('again', body({ ...made, Bad: { ...BROKEN, DependsOn: ['Inbox', 'Always'] } }), ABLE);
  expect((await settled('again'))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
  expect(await events('again')).toEqual(expect.arrayContaining(['Inbox DELETE_COMPLETE', 'Always DELETE_SKIPPED']));
  await update('again', body({ Role: ROLE, Inbox: made.Inbox }), ABLE);
  expect((await settled('again'))?.StackStatus).toBe('UPDATE_COMPLETE');
});

test('a change set says what it would do, and does it', async () => {
  await create(
    'cs',
    body({ Change: alarm({ AlarmName: 'x' }), Replace: queue({ QueueName: 'old' }), Remove: queue() }),
  );
  await settled('cs');
  const input = { StackName: 'cs', ChangeSetName: 'c1' };
  const TemplateBody = body({
    Change: alarm({ AlarmName: 'x', Threshold: 5 }),
    Replace: queue({ QueueName: 'new' }),
    Add: queue(),
  });
  await clients.cloudformation.send(new CreateChangeSetCommand({ ...input, TemplateBody }));
  const { Changes, Status } = await clients.cloudformation.send(new DescribeChangeSetCommand(input));
  expect(Status).toBe('CREATE_COMPLETE');
  expect(
    Changes?.map(({ ResourceChange: change }) => [change?.LogicalResourceId, change?.Action, change?.Replacement]),
  ).toEqual([
    ['Change', 'Modify', 'False'],
    ['Replace', 'Modify', 'True'],
    ['Add', 'Add', undefined],
    ['Remove', 'Remove', undefined],
  ]);
  await clients.cloudformation.send(new ExecuteChangeSetCommand(input));
  expect((await settled('cs'))?.StackStatus).toBe('UPDATE_COMPLETE');
  await clients.cloudformation.send(new CreateChangeSetCommand({ StackName: 'cs', ChangeSetName: 'c2', TemplateBody }));
  expect(
    await clients.cloudformation.send(new DescribeChangeSetCommand({ StackName: 'cs', ChangeSetName: 'c2' })),
  ).toMatchObject({
    Status: 'FAILED',
    StatusReason: expect.stringContaining("didn't contain changes") as string,
  });
});

test('deleting keeps what is to be retained and what others use', async () => {
  const { StackId: exporter = '' } = await create(
    'exporter',
    body(
      { Q: queue(), Kept: { ...queue(), DeletionPolicy: 'Retain' } },
      { Outputs: { Q: { Value: { 'Fn::GetAtt': ['Q', 'Arn'] }, Export: { Name: 'q' } } } },
    ),
  );
  await settled('exporter');
  expect((await clients.cloudformation.send(new ListExportsCommand({}))).Exports).toMatchObject([{ Name: 'q' }]);
  const { StackId: importer = '' } = await create(
    'importer',
    body({ A: alarm({ AlarmDescription: { 'Fn::ImportValue': 'q' } }) }),
  );
  await settled('importer');
  await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'exporter' }));
  expect(await settled('exporter')).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: 'Export q cannot be deleted as it is in use by importer',
  });
  await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'importer' }));
  await settled(importer);
  await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'exporter' }));
  expect((await settled(exporter))?.StackStatus).toBe('DELETE_COMPLETE');
  expect(await events(exporter)).toContain('Kept DELETE_SKIPPED');
  await expect(describe('exporter')).rejects.toMatchObject({
    name: 'ValidationError',
    message: 'Stack with id exporter does not exist',
  });
});

test('what cannot be deleted makes DELETE_FAILED, and can be retained the second time', async () => {
  const { StackId = '' } = await create(
    'stuck',
    body(
      { Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.0.0.0/24' } } },
      { Outputs: { V: { Value: { Ref: 'Vpc' } } } },
    ),
  );
  const VpcId = (await settled('stuck'))?.Outputs?.[0]?.OutputValue;
  await local.cloud.call(
    'ec2',
    'CreateSubnet',
    { VpcId, CidrBlock: '10.0.0.0/28' },
    { principalArn: 'arn:aws:iam::000000000000:root' },
  );
  await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'stuck' }));
  expect(await settled('stuck')).toMatchObject({
    StackStatus: 'DELETE_FAILED',
    StackStatusReason: expect.stringContaining('[Vpc]') as string,
  });
  await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'stuck', RetainResources: ['Vpc'] }));
  expect((await settled(StackId))?.StackStatus).toBe('DELETE_COMPLETE');
});

test('a network is cut out of its block, with keys and roles beside it', async () => {
  const template = `
Resources:
  Vpc: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: 10.9.0.0/24, Tags: [{ Key: Name, Value: "é😀<&>" }] } }
  A:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      AvailabilityZone: !Select [0, !GetAZs '']
      CidrBlock: !Select [0, !Cidr [!GetAtt Vpc.CidrBlock, 2, 6]]
  Role: ${JSON.stringify(ROLE)}
  Key: { Type: 'AWS::KMS::Key', Properties: { Description: !Sub 'of \${Role}', EnableKeyRotation: true } }
Outputs:
  Role: { Value: !Ref Role }
  Key: { Value: !Ref Key }
`;
  await create('net', template);
  const outputs = (await settled('net'))?.Outputs;
  const value = (key: string) => outputs?.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  const { Subnets } = await clients.ec2.send(
    new DescribeSubnetsCommand({ Filters: [{ Name: 'cidr-block', Values: ['10.9.0.0/26'] }] }),
  );
  expect(Subnets).toMatchObject([{ AvailabilityZone: 'us-east-1a', CidrBlock: '10.9.0.0/26' }]);
  const { Role } = await clients.iam.send(new GetRoleCommand({ RoleName: value('Role') }));
  expect(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? ''))).toEqual(
    ROLE.Properties.AssumeRolePolicyDocument,
  );
  const { KeyMetadata } = await clients.kms.send(new DescribeKeyCommand({ KeyId: value('Key') }));
  expect(KeyMetadata).toMatchObject({ KeyState: 'Enabled', Description: `of ${value('Role') ?? ''}` });
});

test.each([
  ['a missing stack', () => describe('none'), 'ValidationError', 'Stack with id none does not exist'],
  [
    'an unknown type',
    () => create('x', body({ A: { Type: 'AWS::SSM::Parameter' } })),
    'ValidationError',
    'Unrecognized resource types: [AWS::SSM::Parameter]',
  ],
  ['a bad name', () => create('1x', body({ A: queue() })), 'ValidationError', 'regular expression pattern'],
  [
    'a circle',
    () => create('x', body({ A: { ...queue(), DependsOn: 'B' }, B: { ...queue(), DependsOn: 'A' } })),
    'ValidationError',
    'Circular dependency between resources: [A, B]',
  ],
  [
    'an unresolved reference',
    () => create('x', body({ A: queue({ QueueName: { Ref: 'Nope' } }) })),
    'ValidationError',
    'Unresolved resource dependencies [Nope]',
  ],
  [
    'an unknown attribute',
    () => create('x', body({ A: queue(), B: queue({ QueueName: { 'Fn::GetAtt': ['A', 'Nope'] } }) })),
    'ValidationError',
    'does not support attribute type Nope',
  ],
  [
    'a role without capability',
    () => create('x', body({ R: ROLE }), [], { Capabilities: [] }),
    'InsufficientCapabilitiesException',
    'Requires capabilities : [CAPABILITY_IAM]',
  ],
  [
    'a parameter without value',
    () => create('x', body({ A: queue() }, { Parameters: { P: { Type: 'String' } } })),
    'ValidationError',
    'Parameters: [P] must have values',
  ],
  [
    'an undeclared parameter',
    () => create('x', body({ A: queue() }), [{ ParameterKey: 'P', ParameterValue: '' }]),
    'ValidationError',
    'Parameters: [P] do not exist in the template',
  ],
  [
    'a role that is not there',
    () => create('x', body({ A: queue() }), [], { RoleARN: 'arn:aws:iam::000000000000:role/none' }),
    'ValidationError',
    'is invalid or cannot be assumed',
  ],
])('%s is refused as AWS refuses it', async (_what, act, name, message) => {
  await expect(act()).rejects.toMatchObject({ name, message: expect.stringContaining(message) as string });
});

test('a stack of a name that exists is refused, and the same request again is the same stack', async () => {
  const first = await create('twice', body({ A: queue() }), [], { ClientRequestToken: 't' });
  expect((await create('twice', body({ A: queue() }), [], { ClientRequestToken: 't' })).StackId).toBe(first.StackId);
  await expect(create('twice', body({ A: queue() }))).rejects.toMatchObject({ name: 'AlreadyExistsException' });
  await settled('twice');
});

test('of ten creations of one name at once, one succeeds', async () => {
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => create('race', body({ A: queue() }))));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  await settled('race');
});

test('an unsupported property and a missing one fail the resource by name', async () => {
  await create('prop', body({ A: queue({ Colour: 'red' }) }));
  await settled('prop');
  const { StackEvents } = await clients.cloudformation.send(new DescribeStackEventsCommand({ StackName: 'prop' }));
  expect(StackEvents?.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toBe(
    'Encountered unsupported property Colour',
  );
});

test('a NoEcho parameter is not shown', async () => {
  const parameters = { P: { Type: 'String', NoEcho: true } };
  await create('secret', body({ A: queue() }, { Parameters: parameters }), [
    { ParameterKey: 'P', ParameterValue: 'hidden' },
  ]);
  expect((await settled('secret'))?.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '****' }]);
});

test('a second cloud on one folder is refused', async () => {
  await expect(startLocalCloud({ directory })).rejects.toMatchObject({
    name: 'StateFolderInUse',
    message: expect.stringContaining(directory) as string,
  });
});

test('provisioning calls are made as the role of the stack', async () => {
  await stop();
  const callers = new Set<string>();
  await start({
    intercept: ({ context }, proceed) => {
      if (context.service === 'sqs') callers.add(context.caller.principalArn);
      return proceed();
    },
  });
  await create('roles', body({ R: ROLE }, { Outputs: { R: { Value: { 'Fn::GetAtt': ['R', 'Arn'] } } } }));
  const RoleARN = (await settled('roles'))?.Outputs?.[0]?.OutputValue;
  await create('asrole', body({ A: queue() }), [], { RoleARN });
  await settled('asrole');
  expect([...callers]).toEqual([RoleARN]);
});

test.each(['DeleteStack', 'UpdateStack'])(
  'a stack stopped in the middle goes on after a restart, and %s works then',
  async (operation) => {
    await stop();
    let held: (() => void) | undefined;
    const holding = new Promise<void>((resolve) => (held = resolve));
    let stopped = (): void => undefined;
    const reached = new Promise<void>((resolve) => (stopped = resolve));
    await start({
      intercept: async ({ context }, proceed) => {
        if (context.operation === 'PutMetricAlarm') {
          stopped();
          await holding;
          throw new Error('the cloud is going down');
        }
        return proceed();
      },
      onFault: () => undefined,
    });
    const { StackId = '' } = await create(
      'resume',
      body({ A: queue(), B: { ...alarm(), DependsOn: 'A' }, C: { ...queue(), DependsOn: 'B' } }),
    );
    await reached;
    // Closed just before CloudFormation is, so the call fails while CloudFormation is closing.
    local.cloud.register({ name: 'test', operations: {}, close: () => void setImmediate(() => held?.()) });
    await stop();
    await start();
    expect((await settled('resume'))?.StackStatus).toBe('CREATE_COMPLETE');
    const all = await events('resume');
    expect(all.filter((event) => event === 'A CREATE_COMPLETE')).toHaveLength(1);
    if (operation === 'DeleteStack') await clients.cloudformation.send(new DeleteStackCommand({ StackName: 'resume' }));
    else await update('resume', body({ A: queue() }));
    expect((await settled(StackId))?.StackStatus).toBe(
      operation === 'DeleteStack' ? 'DELETE_COMPLETE' : 'UPDATE_COMPLETE',
    );
  },
);

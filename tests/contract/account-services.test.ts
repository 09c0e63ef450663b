import {
  CloudWatchClient,
  GetDashboardCommand,
  PutDashboardCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DeleteVpcCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  AuthorizeSecurityGroupIngressCommand,
  DescribeInstancesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DescribeKeyCommand,
  KMSClient,
  ListKeysCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { createCloudWatch } from '../../local/cloudwatch/index.ts';
import { createEc2 } from '../../local/ec2/index.ts';
import { createIam } from '../../local/iam/index.ts';
import {
  createCloud,
  listen,
  memoryDocuments,
  seededIds,
  VirtualClock,
  type Cloud,
  type Gateway,
} from '../../local/kernel/index.ts';
import { createKms } from '../../local/kms/index.ts';

const DAY_MS = 86_400_000;
const TRUST = JSON.stringify({
  Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

let clock: VirtualClock;
let cloud: Cloud;
let gateway: Gateway;
let iam: IAMClient;
let kms: KMSClient;
let ec2: EC2Client;
let cloudwatch: CloudWatchClient;

beforeEach(async () => {
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  cloud = createCloud({ clock, ids: seededIds(3), documents: memoryDocuments(), directory: '/nonexistent' });
  for (const create of [createIam, createKms, createEc2, createCloudWatch]) cloud.register(create(cloud));
  gateway = await listen(cloud);
  const settings = {
    endpoint: gateway.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  };
  [iam, kms] = [new IAMClient(settings), new KMSClient(settings)];
  [ec2, cloudwatch] = [new EC2Client(settings), new CloudWatchClient(settings)];
});

afterEach(async () => {
  for (const client of [iam, kms, ec2, cloudwatch]) client.destroy();
  await gateway.close();
  await cloud.close();
});

test('a role keeps its policies and cannot be deleted with them', async () => {
  await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: TRUST, Path: '/x/' }));
  const policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:Get*', Resource: '*', Sid: 'é"\n' } });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument: policy }));
  const { PolicyDocument } = await iam.send(new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'p' }));
  expect(decodeURIComponent(PolicyDocument ?? '')).toBe(policy);
  expect((await iam.send(new GetRoleCommand({ RoleName: 'r' }))).Role?.Arn).toBe('arn:aws:iam::000000000000:role/x/r');
  await expect(iam.send(new DeleteRoleCommand({ RoleName: 'r' }))).rejects.toMatchObject({
    name: 'DeleteConflictException',
  });
  await expect(
    iam.send(new CreateRoleCommand({ RoleName: 'R', AssumeRolePolicyDocument: TRUST })),
  ).rejects.toMatchObject({
    name: 'EntityAlreadyExistsException',
  });
});

test.each([
  ['no JSON', '{'],
  ['no statement', '{}'],
  ['no actions', '{"Statement":{"Effect":"Allow","Resource":"*"}}'],
  ['a principal', '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*","Principal":"*"}}'],
  ['no ARN', '{"Statement":{"Effect":"Allow","Action":"s3:*","Resource":"bucket"}}'],
])('an inline policy with %s is malformed', async (_what, PolicyDocument) => {
  await iam.send(new CreateRoleCommand({ RoleName: 'r', AssumeRolePolicyDocument: TRUST }));
  await expect(
    iam.send(new PutRolePolicyCommand({ RoleName: 'r', PolicyName: 'p', PolicyDocument })),
  ).rejects.toMatchObject({
    name: 'MalformedPolicyDocumentException',
  });
});

test('a policy that is not there cannot be attached, nor to a role that is not there', async () => {
  const PolicyArn = 'arn:aws:iam::000000000000:policy/none';
  await expect(iam.send(new AttachRolePolicyCommand({ RoleName: 'r', PolicyArn }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
  });
});

test('a key goes when its time has come, and not before', async () => {
  const { KeyMetadata: key } = await kms.send(new CreateKeyCommand({}));
  await kms.send(new CreateAliasCommand({ AliasName: 'alias/x', TargetKeyId: key?.KeyId }));
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key?.KeyId, PendingWindowInDays: 7 }));
  clock.jump(6 * DAY_MS);
  const { KeyMetadata: pending } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/x' }));
  expect(pending?.KeyState).toBe('PendingDeletion');
  clock.jump(2 * DAY_MS);
  await expect(kms.send(new DescribeKeyCommand({ KeyId: key?.Arn }))).rejects.toMatchObject({
    name: 'NotFoundException',
  });
});

test('lists come in pages of the size asked for, and a token that is none is refused', async () => {
  const made: (string | undefined)[] = [];
  for (let key = 0; key < 5; key++) made.push((await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId);
  const keys: (string | undefined)[] = [];
  const sizes: (number | undefined)[] = [];
  for (let Marker: string | undefined; ;) {
    const { Keys, Truncated, NextMarker } = await kms.send(new ListKeysCommand({ Limit: 2, Marker }));
    keys.push(...(Keys ?? []).map(({ KeyId }) => KeyId));
    sizes.push(Keys?.length);
    expect(Truncated).toBe(NextMarker !== undefined);
    if (NextMarker === undefined) break;
    Marker = NextMarker;
  }
  expect([new Set(keys), sizes]).toEqual([new Set(made), [2, 2, 1]]);
  await expect(kms.send(new ListKeysCommand({ Marker: '!!' }))).rejects.toThrow('Invalid marker');
  await expect(kms.send(new ListKeysCommand({ Limit: 1001 }))).rejects.toThrow('Limit must be from 1 to 1000');

  const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.9.0.0/16' }));
  for (let subnet = 0; subnet < 6; subnet++)
    await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock: `10.9.${subnet}.0/24` }));
  const Filters = [{ Name: 'vpc-id', Values: [Vpc?.VpcId ?? ''] }];
  const first = await ec2.send(new DescribeSubnetsCommand({ Filters, MaxResults: 5 }));
  const second = await ec2.send(new DescribeSubnetsCommand({ Filters, MaxResults: 5, NextToken: first.NextToken }));
  const subnets = [...(first.Subnets ?? []), ...(second.Subnets ?? [])].map(({ CidrBlock }) => CidrBlock);
  expect([new Set(subnets).size, first.Subnets?.length, second.NextToken]).toEqual([6, 5, undefined]);
  for (const [pattern, found] of [
    ['*', 6],
    [`${Vpc?.VpcId?.slice(0, -1)}?`, 6],
    [`${Vpc?.VpcId}?`, 6],
    ['v?c', 0],
    [String.raw`\*`, 0],
    ['vpc-', 0],
  ] as const) {
    const { Subnets } = await ec2.send(
      new DescribeSubnetsCommand({ Filters: [...Filters, { Name: 'vpc-id', Values: [pattern] }] }),
    );
    expect([pattern, Subnets?.length]).toEqual([pattern, found]);
  }
  await expect(ec2.send(new DescribeSubnetsCommand({ MaxResults: 4 }))).rejects.toThrow('a value from 5 to 1000');
});

test('a VPC with something in it cannot be deleted; rules and tags read as they were written', async () => {
  const TagSpecifications = [{ ResourceType: 'vpc' as const, Tags: [{ Key: 'Name', Value: 'é😀<&>"' }] }];
  const { Vpc: vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16', TagSpecifications }));
  const VpcId = vpc?.VpcId;
  expect((await ec2.send(new DescribeVpcsCommand({ VpcIds: [VpcId ?? ''] }))).Vpcs?.[0]?.Tags).toEqual([
    { Key: 'Name', Value: 'é😀<&>"' },
  ]);
  await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.0/24' }));
  await expect(ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.0.128/25' }))).rejects.toMatchObject({
    name: 'InvalidSubnet.Conflict',
  });
  await expect(
    ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24', DryRun: true })),
  ).rejects.toMatchObject({ name: 'DryRunOperation', $metadata: { httpStatusCode: 412 } });
  await ec2.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24', DryRun: false }));
  await expect(
    ec2.send(new CreateVpcCommand({ CidrBlock: '10.1.0.0/16', AmazonProvidedIpv6CidrBlock: true })),
  ).rejects.toMatchObject({
    message: 'ec2:CreateVpc with AmazonProvidedIpv6CidrBlock is not implemented by the local cloud',
  });
  const { GroupId } = await ec2.send(new CreateSecurityGroupCommand({ GroupName: 'g', Description: 'd', VpcId }));
  const permission = {
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'in' }],
  };
  const rule = new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions: [permission] });
  await ec2.send(rule);
  await expect(ec2.send(rule)).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
  const { SecurityGroups } = await ec2.send(new DescribeSecurityGroupsCommand({ GroupIds: [GroupId ?? ''] }));
  expect(SecurityGroups?.[0]?.IpPermissions).toMatchObject([permission]);
  await expect(ec2.send(new DeleteVpcCommand({ VpcId }))).rejects.toMatchObject({ name: 'DependencyViolation' });
  await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({ name: 'NotImplemented' });
});

test('a dashboard is kept as it was put, and an alarm without a metric is refused', async () => {
  const DashboardBody = JSON.stringify({ widgets: [{ type: 'text', properties: { markdown: 'é "x"' } }] });
  await cloudwatch.send(new PutDashboardCommand({ DashboardName: 'd', DashboardBody }));
  expect((await cloudwatch.send(new GetDashboardCommand({ DashboardName: 'd' }))).DashboardBody).toBe(DashboardBody);
  const alarm = new PutMetricAlarmCommand({
    AlarmName: 'a',
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  await expect(cloudwatch.send(alarm)).rejects.toThrow('Either MetricName or Metrics');
});

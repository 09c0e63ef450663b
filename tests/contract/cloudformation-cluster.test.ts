import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AwsError,
  createCloud,
  memoryDocuments,
  seededIds,
  VirtualClock,
  type Cloud,
  type Interceptor,
} from '../../local/kernel/index.ts';
import { registerServices } from '../../local/services.ts';

const ROOT = { principalArn: 'arn:aws:iam::000000000000:root' };
const TEMPLATE = readFileSync('resources/cluster-stack.yml', 'utf8');
const MINUTE_MS = 60_000;

let directory: string;
let clock: VirtualClock;
let cloud: Cloud;
let intercept: Interceptor | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cluster-stack-'));
  clock = new VirtualClock(Date.UTC(2026, 0, 1));
  intercept = undefined;
  cloud = createCloud({
    clock,
    ids: seededIds(7),
    documents: memoryDocuments(),
    directory,
    intercept: (call, proceed) => (intercept ? intercept(call, proceed) : proceed()),
  });
  registerServices(cloud, {
    redshift: {
      durations: { create: 6 * MINUTE_MS, delete: 3 * MINUTE_MS },
      engine: { storage: 'memory' },
    },
  });
});

afterEach(async () => {
  await cloud.close();
  await rm(directory, { recursive: true, force: true });
});

const call = <T = Record<string, unknown>>(service: string, operation: string, input: object): Promise<T> =>
  cloud.call<T>(service, operation, input, ROOT);

interface Described {
  readonly Stacks: readonly [
    {
      readonly StackStatus: string;
      readonly Outputs: readonly { readonly OutputKey: string; readonly OutputValue: string }[];
    },
  ];
}

async function settled(StackName: string): Promise<Described['Stacks'][0]> {
  for (;;) {
    const [stack] = (await call<Described>('cloudformation', 'DescribeStacks', { StackName })).Stacks;
    if (!stack.StackStatus.endsWith('_IN_PROGRESS')) return stack;
    await clock.sleep(1000);
  }
}

async function createClusterStack(): Promise<string> {
  const { Vpc } = await call<{ readonly Vpc: { readonly VpcId: string } }>('ec2', 'CreateVpc', {
    CidrBlock: '10.0.0.0/16',
  });
  const subnets = await Promise.all(
    ['a', 'b'].map((zone, at) =>
      call<{ readonly Subnet: { readonly SubnetId: string } }>('ec2', 'CreateSubnet', {
        VpcId: Vpc.VpcId,
        CidrBlock: `10.0.${at}.0/24`,
        AvailabilityZone: `us-east-1${zone}`,
      }),
    ),
  );
  const { GroupId } = await call('ec2', 'CreateSecurityGroup', { GroupName: 'g', Description: 'g', VpcId: Vpc.VpcId });
  const { KeyMetadata: key } = await call<{ readonly KeyMetadata: { readonly Arn: string } }>('kms', 'CreateKey', {});
  const { ARN } = await call('secretsmanager', 'CreateSecret', {
    Name: 'admin',
    SecretString: JSON.stringify({ username: 'admin', password: 'Passw0rd-Passw0rd' }),
  });
  const { Role } = await call<{ readonly Role: { readonly Arn: string } }>('iam', 'CreateRole', {
    RoleName: 'redshift',
    AssumeRolePolicyDocument: JSON.stringify({
      Statement: [{ Effect: 'Allow', Principal: { Service: 'redshift.amazonaws.com' }, Action: 'sts:AssumeRole' }],
    }),
  });
  const parameters = {
    ClusterIdentifier: 'warehouse',
    DatabaseName: 'dev',
    AdminSecretArn: ARN,
    KmsKeyArn: key.Arn,
    SubnetIds: subnets.map(({ Subnet }) => Subnet.SubnetId).join(','),
    SecurityGroupId: GroupId,
    RedshiftRoleArn: Role.Arn,
  };
  const { StackId } = await call<{ readonly StackId: string }>('cloudformation', 'CreateStack', {
    StackName: 'cluster',
    TemplateBody: TEMPLATE,
    Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue })),
  });
  return StackId;
}

test('the cluster stack waits until its cluster is available, and its deletion until the cluster is gone', async () => {
  const began = clock.now();
  const id = await createClusterStack();
  const stack = await settled('cluster');
  expect(stack.StackStatus).toBe('CREATE_COMPLETE');
  expect(clock.now() - began).toBeGreaterThanOrEqual(6 * MINUTE_MS);
  expect(Object.fromEntries(stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))).toMatchObject(
    {
      ClusterIdentifier: 'warehouse',
      EndpointPort: '5439',
      EndpointAddress: expect.stringMatching(/^warehouse\./) as string,
    },
  );
  await call('cloudformation', 'DeleteStack', { StackName: 'cluster' });
  expect((await settled(id)).StackStatus).toBe('DELETE_COMPLETE');
  expect(await call('redshift', 'DescribeClusters', {})).toMatchObject({ Clusters: [] });
});

test('a cluster stack that is deleted while it is being created leaves no cluster', async () => {
  const id = await createClusterStack();
  await clock.sleep(MINUTE_MS);
  await call('cloudformation', 'DeleteStack', { StackName: 'cluster' });
  expect((await settled(id)).StackStatus).toBe('DELETE_COMPLETE');
  expect(await call('redshift', 'DescribeClusters', {})).toMatchObject({ Clusters: [] });
});

test('throttled provisioning calls are repeated, and nothing is created twice', async () => {
  let left = 20;
  let creations = 0;
  intercept = ({ context }, proceed) => {
    if (context.service !== 'redshift') return proceed();
    if (left-- > 0 && left % 2 === 0) throw new AwsError('Throttling', 'Rate exceeded', 400);
    if (context.operation === 'CreateCluster') creations++;
    return proceed();
  };
  await createClusterStack();
  expect((await settled('cluster')).StackStatus).toBe('CREATE_COMPLETE');
  expect(creations).toBe(1);
});

test('a cluster that cannot be made rolls the stack back and keeps no password', async () => {
  intercept = ({ context }, proceed) => {
    if (context.operation === 'CreateCluster') throw new AwsError('InsufficientClusterCapacity', 'no capacity');
    return proceed();
  };
  const id = await createClusterStack();
  expect((await settled(id)).StackStatus).toBe('ROLLBACK_COMPLETE');
  const kept = JSON.stringify([
    await call('cloudformation', 'DescribeStackEvents', { StackName: id }),
    cloud.documents.list(`cloudformation.resource ${id}`),
    cloud.documents.list('cloudformation.stack'),
  ]);
  expect(kept).toContain('no capacity');
  expect(kept).not.toContain('Passw0rd');
});

const SERVERLESS = (capacity: number, tag: string): string =>
  JSON.stringify({
    Resources: {
      Data: {
        Type: 'AWS::RedshiftServerless::Namespace',
        Properties: {
          NamespaceName: 'data',
          ManageAdminPassword: true,
          AdminUsername: 'boss',
          Tags: [{ Key: 'team', Value: tag }],
        },
      },
      Compute: {
        Type: 'AWS::RedshiftServerless::Workgroup',
        Properties: {
          WorkgroupName: 'compute',
          NamespaceName: { Ref: 'Data' },
          BaseCapacity: capacity,
          ConfigParameters: [{ ParameterKey: 'query_group', ParameterValue: 'etl' }],
        },
      },
    },
    Outputs: {
      Arn: { Value: { 'Fn::GetAtt': ['Compute', 'Workgroup.WorkgroupArn'] } },
      Port: { Value: { 'Fn::GetAtt': ['Compute', 'Workgroup.Endpoint.Port'] } },
      Secret: { Value: { 'Fn::GetAtt': ['Data', 'Namespace.AdminPasswordSecretArn'] } },
    },
  });

test('a stack makes a serverless namespace and its workgroup, changes them, and takes them away with their secret', async () => {
  for (let time = 0; time < 2; time++) {
    await call('cloudformation', 'CreateStack', { StackName: 'serverless', TemplateBody: SERVERLESS(8, 'a') });
    const stack = await settled('serverless');
    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    const outputs = Object.fromEntries(stack.Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
    expect(outputs).toMatchObject({ Port: '5439', Arn: expect.stringContaining(':workgroup/') as string });
    await call('cloudformation', 'UpdateStack', { StackName: 'serverless', TemplateBody: SERVERLESS(16, 'b') });
    expect((await settled('serverless')).StackStatus).toBe('UPDATE_COMPLETE');
    const { workgroup } = await call<{ readonly workgroup: { readonly configParameters: readonly object[] } }>(
      'redshift-serverless',
      'GetWorkgroup',
      { workgroupName: 'compute' },
    );
    expect(workgroup).toMatchObject({ baseCapacity: 16, status: 'AVAILABLE', namespaceName: 'data' });
    expect(workgroup.configParameters).toContainEqual({ parameterKey: 'query_group', parameterValue: 'etl' });
    // The secret lets its admin in.
    const { Id } = await call<{ readonly Id: string }>('redshift-data', 'ExecuteStatement', {
      WorkgroupName: 'compute',
      Database: 'dev',
      SecretArn: outputs['Secret'],
      Sql: 'select current_user',
      WaitTimeSeconds: 30,
    });
    expect(await call('redshift-data', 'DescribeStatement', { Id })).toMatchObject({ Status: 'FINISHED' });
    const { StackId } = stack as unknown as { readonly StackId: string };
    await call('cloudformation', 'DeleteStack', { StackName: 'serverless' });
    expect((await settled(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    expect(await call('redshift-serverless', 'ListNamespaces', {})).toMatchObject({ namespaces: [] });
    await expect(call('secretsmanager', 'DescribeSecret', { SecretId: outputs['Secret'] ?? '' })).rejects.toThrow(
      /can't find/,
    );
  }
});

test('a cluster whose password Secrets Manager keeps can be made again after it was deleted', async () => {
  const identifier = { ClusterIdentifier: 'managed' };
  for (let time = 0; time < 2; time++) {
    await call('redshift', 'CreateCluster', {
      ...identifier,
      NodeType: 'ra3.large',
      MasterUsername: 'admin',
      ManageMasterPassword: true,
    });
    await clock.sleep(7 * MINUTE_MS);
    await call('redshift', 'DeleteCluster', { ...identifier, SkipFinalClusterSnapshot: true });
    await clock.sleep(4 * MINUTE_MS);
  }
  expect(await call('secretsmanager', 'ListSecrets', {})).toMatchObject({ SecretList: [] });
});

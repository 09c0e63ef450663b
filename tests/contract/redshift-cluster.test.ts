import {
  CreateClusterCommand,
  CreateClusterParameterGroupCommand,
  CreateClusterSnapshotCommand,
  CreateClusterSubnetGroupCommand,
  CreateTagsCommand,
  DeleteClusterCommand,
  DeleteClusterParameterGroupCommand,
  DeleteClusterSubnetGroupCommand,
  DeleteTagsCommand,
  DescribeClusterParametersCommand,
  DescribeClustersCommand,
  DescribeClusterSnapshotsCommand,
  DescribeLoggingStatusCommand,
  DescribeTagsCommand,
  EnableLoggingCommand,
  GetClusterCredentialsCommand,
  GetClusterCredentialsWithIAMCommand,
  ModifyClusterCommand,
  ModifyClusterParameterGroupCommand,
  PauseClusterCommand,
  RebootClusterCommand,
  RedshiftClient,
  ResizeClusterCommand,
  ResumeClusterCommand,
  type CreateClusterMessage,
} from '@aws-sdk/client-redshift';
import { VirtualClock } from '../../local/kernel/index.ts';
import { createInstancePool, createRedshift } from '../../local/redshift/index.ts';
import { createS3 } from '../../local/s3/index.ts';
import { startCloud, type TestCloud } from '../support/local-cloud.ts';

const START = Date.UTC(2026, 10, 1);
const MINUTE = 60_000;
const DURATIONS = {
  create: 5 * MINUTE,
  delete: 5 * MINUTE,
  pause: MINUTE,
  resume: MINUTE,
  modify: MINUTE,
  resize: MINUTE,
  reboot: MINUTE,
};

/** A clock that only goes on when told to: what happens within a request takes no time. */
class HeldClock extends VirtualClock {
  #waiting: { at: number; wake: () => void }[] = [];
  #works = 0;

  override sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const sleeper = { at: this.now() + ms, wake: resolve };
      this.#waiting.push(sleeper);
      signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  }

  override async busy<T>(work: Promise<T>): Promise<T> {
    this.#works++;
    try {
      return await work;
    } finally {
      this.#works--;
    }
  }

  /** Moves on, and lets everything due happen. */
  async pass(ms: number): Promise<void> {
    // What was begun before this asks for its time first.
    await this.#settled();
    this.jump(ms);
    const due = this.#waiting.filter(({ at }) => at <= this.now());
    this.#waiting = this.#waiting.filter(({ at }) => at > this.now());
    for (const { wake } of due) wake();
    await this.#settled();
  }

  /** Until nothing is under way, and what followed from it is not either. */
  async #settled(): Promise<void> {
    for (let quiet = 0; quiet < 10; quiet = this.#works === 0 ? quiet + 1 : 0) await new Promise(setImmediate);
  }
}

const pool = createInstancePool();
const IN_MEMORY = { pool, engine: { storage: 'memory', threads: 1 } } as const;

afterAll(() => pool.close());

let running: TestCloud;
let clock: HeldClock;
let redshift: RedshiftClient;

beforeEach(async () => {
  clock = new HeldClock(START);
  let s3: ReturnType<typeof createS3>;
  running = await startCloud(
    [
      (cloud) => (s3 = createS3(cloud)),
      (cloud) => createRedshift(cloud, { objects: s3.objects, durations: DURATIONS, ...IN_MEMORY }),
    ],
    { clock },
  );
  redshift = new RedshiftClient(running.client);
});

afterEach(async () => {
  redshift.destroy();
  expect(running.faults).toEqual([]);
  await running[Symbol.asyncDispose]();
});

const INPUT: CreateClusterMessage = {
  ClusterIdentifier: 'c1',
  NodeType: 'ra3.xlplus',
  NumberOfNodes: 2,
  MasterUsername: 'admin',
  MasterUserPassword: 'Abcdefg1',
};
const create = (more: Partial<CreateClusterMessage> = {}) =>
  redshift.send(new CreateClusterCommand({ ...INPUT, ...more }));
const describeOne = async (ClusterIdentifier = 'c1') =>
  (await redshift.send(new DescribeClustersCommand({ ClusterIdentifier }))).Clusters?.[0];
const status = async (id?: string) => (await describeOne(id))?.ClusterStatus;
const available = async (more?: Partial<CreateClusterMessage>): Promise<void> => {
  await create(more);
  await clock.pass(DURATIONS.create);
};

test('a cluster is creating, then available with an endpoint and its nodes', async () => {
  const created = await create({ VpcSecurityGroupIds: ['sg-1'], IamRoles: ['arn:aws:iam::000000000000:role/r'] });
  expect(created.Cluster).toMatchObject({ ClusterStatus: 'creating', NumberOfNodes: 2 });
  expect((await describeOne())?.Endpoint).toBeUndefined();
  await clock.pass(DURATIONS.create - 1);
  expect(await status()).toBe('creating');
  await clock.pass(1);
  expect(await describeOne()).toMatchObject({
    ClusterStatus: 'available',
    ClusterAvailabilityStatus: 'Available',
    DBName: 'dev',
    MasterUsername: 'admin',
    Endpoint: { Port: 5439, Address: expect.stringMatching(/^c1\..*\.redshift\.amazonaws\.com$/) as string },
    VpcSecurityGroups: [{ VpcSecurityGroupId: 'sg-1', Status: 'active' }],
    IamRoles: [{ IamRoleArn: 'arn:aws:iam::000000000000:role/r', ApplyStatus: 'in-sync' }],
  });
  expect((await describeOne())?.ClusterNodes).toHaveLength(3);
});

test('a second cluster of the same name, and one that is not there, have their own errors', async () => {
  await create();
  await expect(create()).rejects.toMatchObject({ name: 'ClusterAlreadyExistsFault' });
  await expect(describeOne('nowhere')).rejects.toMatchObject({
    name: 'ClusterNotFoundFault',
    $metadata: { httpStatusCode: 404 },
  });
});

test.each<[string, Partial<CreateClusterMessage>]>([
  ['an identifier with a space', { ClusterIdentifier: 'a b' }],
  ['an identifier that ends with a hyphen', { ClusterIdentifier: 'a-' }],
  ['an identifier with two hyphens in a row', { ClusterIdentifier: 'a--b' }],
  ['an identifier of 64 characters', { ClusterIdentifier: 'a'.repeat(64) }],
  ['an unknown node type', { NodeType: 'ra9.huge' }],
  ['too many nodes of a type', { NodeType: 'ra3.large', NumberOfNodes: 17 }],
  ['one node of a type that needs two', { NodeType: 'ra3.16xlarge', NumberOfNodes: 1 }],
  ['a multi-node cluster of one node', { ClusterType: 'multi-node', NumberOfNodes: 1 }],
  ['a single-node cluster of two', { ClusterType: 'single-node', NumberOfNodes: 2 }],
  ['a password without a digit', { MasterUserPassword: 'Abcdefgh' }],
  ['a password with a quote', { MasterUserPassword: "Abcdefg1'" }],
  ['a short password', { MasterUserPassword: 'Abcde1' }],
  ['both a password and a managed one', { ManageMasterPassword: true }],
  ['neither a password nor a managed one', { MasterUserPassword: undefined }],
  ['an upper-case user', { MasterUsername: 'Admin' }],
  ['a database name with a hyphen', { DBName: 'my-db' }],
  ['a port out of range', { Port: 80 }],
])('%s is refused', async (_what, more) => {
  await expect(create(more)).rejects.toThrow(/./);
  expect((await redshift.send(new DescribeClustersCommand({}))).Clusters).toEqual([]);
});

test('a parameter this cloud does not have is refused by name', async () => {
  await expect(create({ LoadSampleData: 'true' })).rejects.toThrow(/LoadSampleData/);
  await expect(redshift.send(new EnableLoggingCommand({ ClusterIdentifier: 'c1' }))).rejects.toMatchObject({
    name: 'NotImplemented',
  });
});

describe('deleting', () => {
  test('without a final snapshot leaves nothing', async () => {
    await available();
    const deleted = await redshift.send(
      new DeleteClusterCommand({ ClusterIdentifier: 'c1', SkipFinalClusterSnapshot: true }),
    );
    expect(deleted.Cluster?.ClusterStatus).toBe('deleting');
    await clock.pass(DURATIONS.delete);
    await expect(describeOne()).rejects.toMatchObject({ name: 'ClusterNotFoundFault' });
    expect((await redshift.send(new DescribeClusterSnapshotsCommand({}))).Snapshots).toEqual([]);
  });

  test('needs a final snapshot, or the word that none is wanted, but not both', async () => {
    await available();
    const remove = (more: object) => redshift.send(new DeleteClusterCommand({ ClusterIdentifier: 'c1', ...more }));
    await expect(remove({})).rejects.toThrow(/FinalClusterSnapshotIdentifier is required/);
    await expect(remove({ SkipFinalClusterSnapshot: true, FinalClusterSnapshotIdentifier: 'last' })).rejects.toThrow(
      /cannot be specified/,
    );
    await remove({ FinalClusterSnapshotIdentifier: 'last' });
    expect(await status()).toBe('final-snapshot');
    await clock.pass(DURATIONS.delete);
    expect((await redshift.send(new DescribeClusterSnapshotsCommand({}))).Snapshots).toMatchObject([
      { SnapshotIdentifier: 'last', ClusterIdentifier: 'c1', SnapshotType: 'manual' },
    ]);
  });

  test('is refused while something else is going on', async () => {
    await create();
    const remove = () =>
      redshift.send(new DeleteClusterCommand({ ClusterIdentifier: 'c1', SkipFinalClusterSnapshot: true }));
    await expect(remove()).rejects.toMatchObject({ name: 'InvalidClusterStateFault' });
    await clock.pass(DURATIONS.create);
    await remove();
    await expect(remove()).rejects.toMatchObject({ name: 'InvalidClusterStateFault' });
  });
});

test('a cluster is paused, resumed, rebooted, resized and modified, each in its time', async () => {
  await available();
  const id = { ClusterIdentifier: 'c1' };
  await redshift.send(new PauseClusterCommand(id));
  expect(await status()).toBe('pausing');
  await expect(redshift.send(new ResumeClusterCommand(id))).rejects.toMatchObject({ name: 'InvalidClusterStateFault' });
  await clock.pass(MINUTE);
  expect(await describeOne()).toMatchObject({ ClusterStatus: 'paused', ClusterAvailabilityStatus: 'Paused' });
  await redshift.send(new ResumeClusterCommand(id));
  expect(await status()).toBe('resuming');
  await clock.pass(MINUTE);
  await redshift.send(new RebootClusterCommand(id));
  expect(await status()).toBe('rebooting');
  await clock.pass(MINUTE);
  await redshift.send(new ResizeClusterCommand({ ...id, NumberOfNodes: 4 }));
  expect(await describeOne()).toMatchObject({ ClusterStatus: 'resizing', PendingModifiedValues: { NumberOfNodes: 4 } });
  await clock.pass(MINUTE);
  expect(await describeOne()).toMatchObject({ ClusterStatus: 'available', NumberOfNodes: 4 });
  await redshift.send(new ModifyClusterCommand({ ...id, EnhancedVpcRouting: true }));
  expect(await status()).toBe('modifying');
  await clock.pass(MINUTE);
  expect(await describeOne()).toMatchObject({ ClusterStatus: 'available', EnhancedVpcRouting: true });
});

test('a cluster without automated snapshots cannot be paused', async () => {
  await available({ AutomatedSnapshotRetentionPeriod: 0 });
  await expect(redshift.send(new PauseClusterCommand({ ClusterIdentifier: 'c1' }))).rejects.toMatchObject({
    name: 'UnsupportedOperationFault',
  });
});

test('a change goes on after a restart', async () => {
  await create();
  await running.stop();
  let s3: ReturnType<typeof createS3>;
  await using again = await startCloud(
    [
      (cloud) => (s3 = createS3(cloud)),
      (cloud) => createRedshift(cloud, { objects: s3.objects, durations: DURATIONS, ...IN_MEMORY }),
    ],
    { clock, directory: running.directory },
  );
  const client = new RedshiftClient(again.client);
  const now = async () => (await client.send(new DescribeClustersCommand({}))).Clusters?.[0]?.ClusterStatus;
  expect(await now()).toBe('creating');
  await clock.pass(DURATIONS.create);
  expect(await now()).toBe('available');
  client.destroy();
});

test('subnet and parameter groups can be made, used, and not deleted while in use', async () => {
  await redshift.send(
    new CreateClusterSubnetGroupCommand({ ClusterSubnetGroupName: 'Nets', Description: 'd', SubnetIds: ['subnet-1'] }),
  );
  await redshift.send(
    new CreateClusterParameterGroupCommand({
      ParameterGroupName: 'strict',
      ParameterGroupFamily: 'redshift-1.0',
      Description: 'd',
    }),
  );
  await redshift.send(
    new ModifyClusterParameterGroupCommand({
      ParameterGroupName: 'strict',
      Parameters: [{ ParameterName: 'require_ssl', ParameterValue: 'false' }],
    }),
  );
  await expect(
    redshift.send(
      new ModifyClusterParameterGroupCommand({
        ParameterGroupName: 'strict',
        Parameters: [{ ParameterName: 'no_such', ParameterValue: '1' }],
      }),
    ),
  ).rejects.toThrow(/no_such/);
  const { Parameters } = await redshift.send(
    new DescribeClusterParametersCommand({ ParameterGroupName: 'strict', Source: 'user' }),
  );
  expect(Parameters).toMatchObject([{ ParameterName: 'require_ssl', ParameterValue: 'false' }]);
  await expect(create({ ClusterSubnetGroupName: 'nowhere' })).rejects.toMatchObject({
    name: 'ClusterSubnetGroupNotFoundFault',
  });
  await available({ ClusterSubnetGroupName: 'nets', ClusterParameterGroupName: 'strict' });
  await expect(
    redshift.send(new DeleteClusterSubnetGroupCommand({ ClusterSubnetGroupName: 'nets' })),
  ).rejects.toMatchObject({ name: 'InvalidClusterSubnetGroupStateFault' });
  await expect(
    redshift.send(new DeleteClusterParameterGroupCommand({ ParameterGroupName: 'strict' })),
  ).rejects.toMatchObject({ name: 'InvalidClusterParameterGroupStateFault' });
  await redshift.send(new DeleteClusterCommand({ ClusterIdentifier: 'c1', SkipFinalClusterSnapshot: true }));
  await clock.pass(DURATIONS.delete);
  await redshift.send(new DeleteClusterSubnetGroupCommand({ ClusterSubnetGroupName: 'nets' }));
  await redshift.send(new DeleteClusterParameterGroupCommand({ ParameterGroupName: 'strict' }));
});

test('tags are set, changed and removed by ARN', async () => {
  await available({ Tags: [{ Key: 'stage', Value: 'test' }] });
  const ResourceName = 'arn:aws:redshift:us-east-1:000000000000:cluster:c1';
  await redshift.send(new CreateTagsCommand({ ResourceName, Tags: [{ Key: 'owner', Value: 'é & "q"' }] }));
  await redshift.send(new DeleteTagsCommand({ ResourceName, TagKeys: ['stage'] }));
  const { TaggedResources } = await redshift.send(new DescribeTagsCommand({ ResourceName }));
  expect(TaggedResources).toEqual([{ ResourceName, ResourceType: 'Cluster', Tag: { Key: 'owner', Value: 'é & "q"' } }]);
  expect((await redshift.send(new DescribeClustersCommand({ TagKeys: ['owner'] }))).Clusters).toHaveLength(1);
  expect((await redshift.send(new DescribeClustersCommand({ TagKeys: ['stage'] }))).Clusters).toHaveLength(0);
  await expect(
    redshift.send(new CreateTagsCommand({ ResourceName: `${ResourceName}x`, Tags: [] })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundFault' });
});

test('clusters are listed in pages', async () => {
  for (let index = 0; index < 21; index++) await create({ ClusterIdentifier: `c${String(index).padStart(2, '0')}` });
  const first = await redshift.send(new DescribeClustersCommand({ MaxRecords: 20 }));
  const second = await redshift.send(new DescribeClustersCommand({ MaxRecords: 20, Marker: first.Marker }));
  expect([first.Clusters?.length, second.Clusters?.length, second.Marker]).toEqual([20, 1, undefined]);
  await expect(redshift.send(new DescribeClustersCommand({ Marker: 'made up' }))).rejects.toThrow(
    'made up is not valid',
  );
});

test('temporary credentials name the user and expire', async () => {
  await available();
  const issued = await redshift.send(
    new GetClusterCredentialsCommand({ ClusterIdentifier: 'c1', DbUser: 'analyst', DurationSeconds: 900 }),
  );
  expect(issued).toMatchObject({ DbUser: 'IAM:analyst', Expiration: new Date(clock.now() + 900_000) });
  expect(issued.DbPassword?.length).toBeGreaterThan(20);
  const own = await redshift.send(new GetClusterCredentialsWithIAMCommand({ ClusterIdentifier: 'c1' }));
  expect(own.DbUser).toBe('IAM:local');
  await expect(
    redshift.send(new GetClusterCredentialsCommand({ ClusterIdentifier: 'nowhere', DbUser: 'a' })),
  ).rejects.toMatchObject({ name: 'ClusterNotFoundFault' });
});

test('a snapshot is recorded, and logging is off', async () => {
  await available();
  await redshift.send(new CreateClusterSnapshotCommand({ ClusterIdentifier: 'c1', SnapshotIdentifier: 's1' }));
  await expect(
    redshift.send(new CreateClusterSnapshotCommand({ ClusterIdentifier: 'c1', SnapshotIdentifier: 's1' })),
  ).rejects.toMatchObject({ name: 'ClusterSnapshotAlreadyExistsFault' });
  expect(await redshift.send(new DescribeLoggingStatusCommand({ ClusterIdentifier: 'c1' }))).toMatchObject({
    LoggingEnabled: false,
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { createCloudFormation } from '../../local/cloudformation/index.ts';
import { createEc2 } from '../../local/ec2/index.ts';
import { createIam } from '../../local/iam/index.ts';
import {
  createCloud,
  inProcessClient,
  memoryDocuments,
  ROOT,
  seededIds,
  VirtualClock,
  type Call,
  type Cloud,
  type CloudEvent,
  type Documents,
} from '../../local/kernel/index.ts';
import { createKms } from '../../local/kms/index.ts';
import { createLambda, type InProcessFunctions } from '../../local/lambda/index.ts';
import { createRedshift, type InstancePool, type RedshiftService } from '../../local/redshift/index.ts';
import { createRedshiftData } from '../../local/redshift-data/index.ts';
import { createS3 } from '../../local/s3/index.ts';
import { createSecretsManager } from '../../local/secrets-manager/index.ts';
import { createSns } from '../../local/sns/index.ts';
import { createStates } from '../../local/states/index.ts';
import type { ServiceName } from '../../src/aws/clients.ts';
import type { Projects } from '../../src/run/planner.ts';
import type { LambdaHandler } from '../../src/runtime/lambda-handler.ts';
import { ACCOUNT, machineDefinition, PREFIX, REGION } from '../support/declared.ts';
import { createDoors, type Invocation, invocations } from './doors.ts';
import { type CallFaults, Crashed, TimedOut } from './faults.ts';
import {
  bucketOf,
  coldStart,
  type Foundations,
  type FunctionName,
  FUNCTIONS,
  machineArn,
  MACHINES,
  type MachineName,
  roleArn,
} from './functions.ts';
import { hash } from './random.ts';
import type { Trace } from './trace.ts';
import { useVirtualTimers } from './virtual-timers.ts';

/** functions/functions.yml: seconds after which Lambda ends an invocation. */
const TIMEOUTS: Readonly<Record<FunctionName, number>> = {
  'open-run': 900,
  'reconcile-cluster': 60,
  'submit-statement': 300,
  'check-statement': 120,
  'cancel-statement': 60,
  notify: 300,
  janitor: 120,
};

/** On AWS: minutes. Shorter here, because a run looks every few seconds and each look costs the simulation time. */
const SLOW_CLUSTER = {
  create: 20_000,
  delete: 15_000,
  pause: 20_000,
  resume: 20_000,
  modify: 20_000,
  resize: 90_000,
  reboot: 20_000,
};
/** A run looks a few times until it is done, and whoever does something to a cluster meanwhile still finds it changing. */
const BRISK_CLUSTER = {
  create: 4_000,
  delete: 4_000,
  pause: 4_000,
  resume: 4_000,
  modify: 4_000,
  resize: 30_000,
  reboot: 6_000,
};
/** One seed in so many has a cluster that takes its time, so that waits grow long, too. */
const SLOW_CLUSTERS = 8;

/** One less than the functions' own, so that more of them give up. */
const MAX_ATTEMPTS = 3;

export const START = Date.UTC(2026, 10, 22, 6);

/** What does not change from run to run, made once for a process. */
export interface Template {
  readonly documents: readonly { readonly kind: string; readonly id: string; readonly document: unknown }[];
  readonly foundations: Foundations;
  /** For the test that nothing secret leaves its place. */
  readonly adminPassword: string;
}

export interface WorldSettings {
  readonly seed: number;
  readonly faults: CallFaults;
  readonly trace: Trace;
  readonly template: Template;
  readonly projects: Projects;
  readonly pool: InstancePool;
  readonly directory: string;
  readonly latency: (sql: string) => number;
  readonly sent: (call: Call) => Promise<void> | undefined;
  readonly witness: (call: Call, site: string, proceed: () => Promise<unknown>) => Promise<unknown>;
  readonly stack: (call: Call, proceed: () => Promise<unknown>) => Promise<unknown>;
  readonly onEvent: (event: CloudEvent) => void;
  readonly onFault: (error: unknown, where: string) => void;
}

/** One simulated account. */
export interface World extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly cloud: Cloud;
  readonly redshift: RedshiftService;
  /** Executions that run, by the machine they are of, in the order in which they began: what the service's events say. */
  readonly running: ReadonlyMap<string, string>;
  /** As an administrator, past every fault. */
  root<Output>(service: string, operation: string, input: unknown): Promise<Output>;
  /** Runs the function, as EventBridge would. */
  invoke(name: FunctionName, event: unknown): Promise<unknown>;
  /** Every function's process ends, whatever it is at; the next invocations are cold starts. */
  restartWorkers(): void;
}

function recording(documents: Documents, kinds: Set<string>): Documents {
  return {
    ...documents,
    put: (kind, id, document) => {
      kinds.add(kind);
      documents.put(kind, id, document);
    },
  };
}

const directoryFor = (parent: string): string => mkdtempSync(`${parent}/run-`);

/** Buckets excepted, they live in a file of their own. */
export async function prepareTemplate(
  parent: string,
  definitions: Readonly<Record<MachineName, unknown>>,
): Promise<Template> {
  const kinds = new Set<string>();
  const documents = recording(memoryDocuments(), kinds);
  const directory = directoryFor(parent);
  const cloud = createCloud({
    clock: new VirtualClock(START),
    ids: seededIds(1),
    documents,
    directory,
    accountId: ACCOUNT,
    region: REGION,
  });
  for (const create of [createIam, createKms, createSecretsManager, createEc2, createSns, createStates])
    cloud.register(create(cloud));
  const root = <Output>(service: string, operation: string, input: unknown): Promise<Output> =>
    cloud.call<Output>(service, operation, input, ROOT);
  const trust = (service: string): string =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Principal: { Service: `${service}.amazonaws.com` }, Action: 'sts:AssumeRole' }],
    });
  for (const [name, service] of [
    ['cluster-stack', 'cloudformation'],
    ['redshift', 'redshift'],
    ...MACHINES.map((machine) => [`machine-${machine}`, 'states']),
  ] as const)
    await root('iam', 'CreateRole', { RoleName: name, AssumeRolePolicyDocument: trust(service ?? '') });
  const key = await root<{ KeyMetadata: { Arn: string } }>('kms', 'CreateKey', {});
  const { Vpc } = await root<{ Vpc: { VpcId: string } }>('ec2', 'CreateVpc', { CidrBlock: '10.42.0.0/24' });
  const subnets: string[] = [];
  for (const [zone, CidrBlock] of [
    ['a', '10.42.0.0/25'],
    ['b', '10.42.0.128/25'],
  ] as const) {
    const { Subnet } = await root<{ Subnet: { SubnetId: string } }>('ec2', 'CreateSubnet', {
      VpcId: Vpc.VpcId,
      CidrBlock,
      AvailabilityZone: `${REGION}${zone}`,
    });
    subnets.push(Subnet.SubnetId);
  }
  const { GroupId } = await root<{ GroupId: string }>('ec2', 'CreateSecurityGroup', {
    VpcId: Vpc.VpcId,
    GroupName: 'cluster',
    Description: 'cluster',
  });
  const adminPassword = 'Abc123-never-to-be-seen-anywhere';
  const secret = await root<{ ARN: string }>('secretsmanager', 'CreateSecret', {
    Name: `${PREFIX}-admin`,
    SecretString: JSON.stringify({ username: 'sluice_admin', password: adminPassword }),
  });
  const topic = async (Name: string): Promise<string> =>
    (await root<{ TopicArn: string }>('sns', 'CreateTopic', { Name })).TopicArn;
  const foundations: Foundations = {
    adminSecretArn: secret.ARN,
    kmsKeyArn: key.KeyMetadata.Arn,
    subnetIds: subnets.join(','),
    securityGroupId: GroupId,
    completionsTopicArn: await topic(`${PREFIX}-completions`),
    alarmsTopicArn: await topic(`${PREFIX}-alarms`),
  };
  for (const name of MACHINES)
    await root('states', 'CreateStateMachine', {
      name: `${PREFIX}-${name}`,
      roleArn: roleArn(`machine-${name}`),
      definition: JSON.stringify(definitions[name]),
    });
  for (const name of FUNCTIONS)
    documents.put('credentials', `FUNCTION-${name}`, { roleArn: roleArn(roleOf(name)), sessionName: name });
  const kept = [...kinds].flatMap((kind) => documents.list(kind).map(({ id, document }) => ({ kind, id, document })));
  await cloud.close();
  rmSync(directory, { recursive: true, force: true });
  return { documents: kept, foundations, adminPassword };
}

/** The three functions that speak to the warehouse share a role. */
function roleOf(name: FunctionName): string {
  return name.endsWith('-statement') ? 'statement' : name;
}

export const shippedDefinitions = (): Record<MachineName, unknown> =>
  Object.fromEntries(MACHINES.map((name) => [name, machineDefinition(name, bucketOf('work'), machineArn)])) as Record<
    MachineName,
    unknown
  >;

export async function createWorld(settings: WorldSettings): Promise<World> {
  const { seed, template } = settings;
  const clock = new VirtualClock(START);
  useVirtualTimers(clock, seed);
  const directory = directoryFor(settings.directory);
  const documents = memoryDocuments();
  for (const { kind, id, document } of template.documents) documents.put(kind, id, document);
  const doors = createDoors({ ...settings, clock });
  const cloud = createCloud({
    clock,
    ids: seededIds(seed),
    documents,
    directory,
    accountId: ACCOUNT,
    region: REGION,
    onFault: settings.onFault,
    intercept: doors.intercept,
  });
  const running = new Map<string, string>();
  cloud.onEvent((event) => {
    if (event.source !== 'aws.states') return;
    const { executionArn, stateMachineArn, status } = event.detail as Readonly<Record<string, string>>;
    if (executionArn === undefined || stateMachineArn === undefined) return;
    if (status === 'RUNNING') running.set(executionArn, stateMachineArn);
    else running.delete(executionArn);
  });
  cloud.onEvent(settings.onEvent);

  const place = (name: FunctionName) => ({
    now: () => clock.now(),
    clients: {
      connect: (service: ServiceName, { maxAttempts = MAX_ATTEMPTS }: { readonly maxAttempts?: number }) =>
        inProcessClient(cloud, {
          service,
          accessKeyId: `FUNCTION-${name}`,
          maxAttempts,
          attempt: doors.attempt,
        }),
    },
  });
  const warm = new Map<FunctionName, LambdaHandler<unknown>>();
  const handlerOf = (name: FunctionName): LambdaHandler<unknown> => {
    let handler = warm.get(name);
    if (!handler) {
      handler = coldStart(name, template.foundations, place(name), settings.projects);
      warm.set(name, handler);
    }
    return handler;
  };
  const alive = new Set<Invocation>();
  const invoke = (name: FunctionName, event: unknown, context: unknown): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const over = new AbortController();
      const invocation: Invocation = {
        name,
        dead: false,
        kill: (error) => {
          invocation.dead = true;
          alive.delete(invocation);
          warm.delete(name);
          over.abort(error);
          reject(error);
        },
      };
      alive.add(invocation);
      clock.sleep(TIMEOUTS[name] * 1000, over.signal).then(
        () => invocation.kill(new TimedOut(TIMEOUTS[name])),
        () => undefined,
      );
      invocations
        .run(invocation, () => handlerOf(name)(event, context as never))
        .then(resolve, reject)
        .finally(() => {
          alive.delete(invocation);
          over.abort(new Error('over'));
        })
        .catch(() => undefined);
    });
  const inProcess: InProcessFunctions = Object.fromEntries(
    FUNCTIONS.map((name) => [name, (event: unknown, context: unknown) => invoke(name, event, context)]),
  );

  const s3 = createS3(cloud, { storage: 'memory' });
  const redshift = createRedshift(cloud, {
    objects: s3.objects,
    durations: hash(seed, 'cluster') % SLOW_CLUSTERS === 0 ? SLOW_CLUSTER : BRISK_CLUSTER,
    engine: { storage: 'memory', concurrency: 8, threads: 1 },
    pool: settings.pool,
  });
  cloud.register(createIam(cloud));
  cloud.register(createKms(cloud));
  cloud.register(createSecretsManager(cloud));
  cloud.register(s3);
  cloud.register(createEc2(cloud));
  cloud.register(createSns(cloud));
  cloud.register(redshift);
  cloud.register(createRedshiftData(cloud, { clusters: redshift.clusters, latency: settings.latency }));
  cloud.register(createLambda(cloud, { inProcess }));
  cloud.register(createStates(cloud, { checkpoints: false }));
  cloud.register(createCloudFormation(cloud));

  const root = <Output>(service: string, operation: string, input: unknown): Promise<Output> =>
    cloud.call<Output>(service, operation, input, ROOT);
  for (const name of ['inbox', 'work', 'results'] as const) {
    await root('s3', 'CreateBucket', { Bucket: bucketOf(name) });
    if (name === 'inbox')
      await root('s3', 'PutBucketVersioning', {
        Bucket: bucketOf(name),
        VersioningConfiguration: { Status: 'Enabled' },
      });
  }
  await root('s3', 'PutBucketNotificationConfiguration', {
    Bucket: bucketOf('inbox'),
    NotificationConfiguration: { EventBridgeConfiguration: {} },
  });
  return {
    clock,
    cloud,
    redshift,
    running,
    root,
    restartWorkers: () => {
      for (const invocation of alive) invocation.kill(new Crashed(invocation.name));
      warm.clear();
    },
    invoke: (name, event) => invoke(name, event, { functionName: name, awsRequestId: 'event' }),
    [Symbol.asyncDispose]: async () => {
      await cloud.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DescribeExecutionOutput } from '@aws-sdk/client-sfn';
import {
  createCloud,
  inProcessClient,
  memoryDocuments,
  ROOT,
  seededIds,
  VirtualClock,
  type Call,
  type Cloud,
  type Documents,
} from '../../local/kernel/index.ts';
import type { InProcessFunctions } from '../../local/lambda/index.ts';
import { registerServices } from '../../local/services.ts';
import type { ServiceName } from '../../src/aws/clients.ts';
import type { Projects } from '../../src/run/planner.ts';
import { cancelStatementFunction } from '../../src/runtime/functions/cancel-statement.ts';
import { checkStatementFunction } from '../../src/runtime/functions/check-statement.ts';
import { janitorFunction } from '../../src/runtime/functions/janitor.ts';
import { notifyFunction } from '../../src/runtime/functions/notify.ts';
import { openRunFunction } from '../../src/runtime/functions/open-run.ts';
import { reconcileClusterFunction } from '../../src/runtime/functions/reconcile-cluster.ts';
import { submitStatementFunction } from '../../src/runtime/functions/submit-statement.ts';
import { ACCOUNT, machineDefinition, PREFIX, readYaml, REGION } from './declared.ts';
import { Endings } from './endings.ts';

// A test says what happened; the functions need not.
process.env['POWERTOOLS_LOG_LEVEL'] ??= 'SILENT';
process.env['POWERTOOLS_METRICS_DISABLED'] ??= 'true';
process.env['POWERTOOLS_METRICS_NAMESPACE'] ??= 'Sluice';
process.env['POWERTOOLS_SERVICE_NAME'] ??= 'sluice-test';

/** A run's execution as it ended. */
export interface Ended {
  readonly arn: string;
  readonly status: string;
  readonly output: unknown;
  readonly error?: string;
  readonly cause?: string;
}

export interface ServiceInProcess extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly faults: readonly unknown[];
  /** Calls to AWS, in order. */
  readonly calls: readonly { readonly service: string; readonly operation: string }[];
  readonly messages: readonly { readonly Subject?: string; readonly Message?: string }[];
  readonly etl: string;
  put(bucket: 'inbox' | 'work' | 'results', key: string, body: string | Uint8Array): Promise<void>;
  text(bucket: 'work' | 'results', key: string): Promise<string>;
  keys(bucket: 'work' | 'results', prefix: string): Promise<readonly string[]>;
  start(input: unknown): Promise<string>;
  ended(execution: string): Promise<Ended>;
  /** The e-mails so far, as analysts read them. */
  mails(): readonly string[];
  stop(execution: string): Promise<void>;
  janitor(event: object): Promise<unknown>;
  stackStatus(): Promise<string>;
  bucket(name: 'inbox' | 'work' | 'results'): string;
}

/** What a test or a benchmark may have otherwise. */
export interface ServiceOptions {
  /** For an interceptor that needs the time from the first call on. */
  readonly clock?: VirtualClock;
  /** Stands around the cloud's documents: everything Step Functions keeps passes there. */
  readonly documents?: (inner: Documents) => Documents;
  /** A machine's definition in the place of the one that ships. */
  readonly definition?: (machine: string, shipped: unknown) => unknown;
  readonly statementTimeoutMinutes?: number;
  /** Executions are written down only once they end: for whoever never restarts or redrives. */
  readonly checkpoints?: boolean;
}

/**
 * The service without a deployment: its real state machines and handlers, the local cloud's services, one process, a virtual clock.
 * `fault` stands before every call to AWS.
 */
export async function startService(
  projects: Projects,
  fault: (call: Call, proceed: () => Promise<unknown>) => Promise<unknown> = (_call, proceed) => proceed(),
  options: ServiceOptions = {},
): Promise<ServiceInProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'service-in-process-'));
  const clock = options.clock ?? new VirtualClock(Date.UTC(2026, 10, 22, 6));
  const faults: unknown[] = [];
  const calls: { service: string; operation: string }[] = [];
  const messages: { Subject?: string; Message?: string }[] = [];
  const functions: Record<string, InProcessFunctions[string]> = {};
  const cloud = createCloud({
    clock,
    ids: seededIds(1),
    documents: (options.documents ?? ((inner) => inner))(memoryDocuments()),
    directory,
    accountId: ACCOUNT,
    region: REGION,
    onFault: (error) => faults.push(error),
    intercept: (call, proceed) => {
      const { service, operation } = call.context;
      calls.push({ service, operation });
      if (operation === 'Publish') messages.push(call.input as { Subject?: string; Message?: string });
      return fault(call, proceed);
    },
  });
  const names = [
    'open-run',
    'reconcile-cluster',
    'submit-statement',
    'check-statement',
    'cancel-statement',
    'notify',
    'janitor',
  ];
  const inProcess = Object.fromEntries(
    names.map((name) => [
      name,
      (event: unknown, context: unknown) => {
        const run = functions[name];
        if (!run) throw new Error(`${name} is not there yet`);
        return run(event, context as never);
      },
    ]),
  );
  registerServices(cloud, {
    lambda: { inProcess },
    redshift: { engine: { storage: 'memory' } },
    states: { checkpoints: options.checkpoints ?? true },
  });
  const root = <Output>(service: string, operation: string, input: unknown): Promise<Output> =>
    cloud.call<Output>(service, operation, input, ROOT);

  await root('iam', 'CreateRole', {
    RoleName: 'anything',
    AssumeRolePolicyDocument: JSON.stringify({
      Version: '2012-10-17',
      Statement: ['cloudformation', 'redshift', 'states'].map((service) => ({
        Effect: 'Allow',
        Principal: { Service: `${service}.amazonaws.com` },
        Action: 'sts:AssumeRole',
      })),
    }),
  });
  const outputs = await deployFoundations(root);
  const place = {
    now: () => clock.now(),
    clients: {
      connect: (service: ServiceName) => inProcessClient(cloud, { service, accessKeyId: 'local', maxAttempts: 1 }),
    },
  };
  const bucket = (name: 'inbox' | 'work' | 'results'): string => `${PREFIX}-${name}-${ACCOUNT}`;
  const role = `arn:aws:iam::${ACCOUNT}:role/anything`;
  const statement = {
    WORK_BUCKET: bucket('work'),
    CLUSTER_NAME: PREFIX,
    DATABASE: 'dev',
    ADMIN_SECRET_ARN: outputs['AdminSecret'] ?? '',
  };
  const machineArn = (name: string): string => `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${PREFIX}-${name}`;
  functions['open-run'] = openRunFunction(
    {
      WORK_BUCKET: bucket('work'),
      RESULTS_BUCKET: bucket('results'),
      REDSHIFT_ROLE_ARN: role,
      FILE_DEADLINE_MINUTES: '30',
    },
    place,
    projects,
  ) as never;
  functions['reconcile-cluster'] = reconcileClusterFunction(
    {
      ...statement,
      CLUSTER_STACK_NAME: `${PREFIX}-cluster`,
      CLUSTER_STACK_ROLE_ARN: role,
      NODE_TYPE: 'ra3.large',
      NODES: '2',
      KMS_KEY_ARN: outputs['ServiceKey'] ?? '',
      SUBNET_IDS: `${outputs['PrivateSubnetA']},${outputs['PrivateSubnetB']}`,
      SECURITY_GROUP_ID: outputs['ClusterSecurityGroup'] ?? '',
      REDSHIFT_ROLE_ARN: role,
    },
    place,
    readFileSync('resources/cluster-stack.yml', 'utf8'),
  ) as never;
  const follow = { ...statement, STATEMENT_TIMEOUT_MINUTES: String(options.statementTimeoutMinutes ?? 60) };
  functions['submit-statement'] = submitStatementFunction(follow, place) as never;
  functions['check-statement'] = checkStatementFunction(follow, place) as never;
  functions['cancel-statement'] = cancelStatementFunction(statement, place) as never;
  functions['notify'] = notifyFunction(
    {
      WORK_BUCKET: bucket('work'),
      RESULTS_BUCKET: bucket('results'),
      COMPLETIONS_TOPIC_ARN: outputs['CompletionsTopic'] ?? '',
      NODE_TYPE: 'ra3.large',
      NODES: '2',
    },
    place,
  ) as never;
  functions['janitor'] = janitorFunction(
    {
      WORK_BUCKET: bucket('work'),
      CLUSTER_NAME: PREFIX,
      CLUSTER_STACK_NAME: `${PREFIX}-cluster`,
      CLUSTER_STATE_MACHINE_ARN: machineArn('cluster'),
      ALARMS_TOPIC_ARN: outputs['AlarmsTopic'] ?? '',
    },
    place,
  ) as never;
  const definition = options.definition ?? ((_machine, shipped) => shipped);
  for (const name of ['statement', 'cluster', 'etl'])
    await root('states', 'CreateStateMachine', {
      name: `${PREFIX}-${name}`,
      roleArn: role,
      definition: JSON.stringify(definition(name, machineDefinition(name, bucket('work'), machineArn))),
    });

  const etl = machineArn('etl');
  const endings = new Endings(cloud);
  const describe = (executionArn: string): Promise<DescribeExecutionOutput> =>
    root<DescribeExecutionOutput>('states', 'DescribeExecution', { executionArn });
  const store = inProcessObjects(cloud);
  return {
    cloud,
    clock,
    faults,
    calls,
    messages,
    etl,
    bucket,
    put: (name, key, body) => store.put(bucket(name), key, body),
    text: (name, key) => store.text(bucket(name), key),
    keys: (name, prefix) => store.keys(bucket(name), prefix),
    start: async (input) => {
      const started = await root<{ executionArn: string }>('states', 'StartExecution', {
        stateMachineArn: etl,
        input: JSON.stringify(input),
      });
      return started.executionArn;
    },
    ended: async (executionArn) => {
      const { status = '', output, error, cause } = await endings.of(executionArn, () => describe(executionArn));
      return {
        arn: executionArn,
        status,
        output: output === undefined ? undefined : (JSON.parse(output) as unknown),
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      };
    },
    mails: () => messages.map(({ Message = '{}' }) => (JSON.parse(Message) as { default?: string }).default ?? Message),
    stop: async (executionArn) => {
      await root('states', 'StopExecution', { executionArn });
    },
    janitor: async (event) => {
      const { Payload } = await root<{ Payload: Uint8Array }>('lambda', 'Invoke', {
        FunctionName: 'janitor',
        Payload: Buffer.from(JSON.stringify(event)),
      });
      return JSON.parse(Buffer.from(Payload).toString()) as unknown;
    },
    stackStatus: async () => {
      try {
        const { Stacks } = await root<{ Stacks: readonly { StackStatus: string }[] }>(
          'cloudformation',
          'DescribeStacks',
          {
            StackName: `${PREFIX}-cluster`,
          },
        );
        return Stacks[0]?.StackStatus ?? 'NONE';
      } catch {
        return 'NONE';
      }
    },
    [Symbol.asyncDispose]: async () => {
      await cloud.close();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Buckets, key, secret, network and topics, from the files that ship. */
async function deployFoundations(
  root: <Output>(service: string, operation: string, input: unknown) => Promise<Output>,
): Promise<Readonly<Record<string, string>>> {
  const Resources: Record<string, unknown> = {};
  for (const file of ['encryption', 'network', 'buckets', 'notifications'])
    Object.assign(Resources, (readYaml(`resources/${file}.yml`) as { Resources: object }).Resources);
  await root('cloudformation', 'CreateStack', {
    StackName: PREFIX,
    TemplateBody: JSON.stringify({ Resources }),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  for (;;) {
    const { Stacks } = await root<{ Stacks: readonly { StackStatus: string; StackStatusReason?: string }[] }>(
      'cloudformation',
      'DescribeStacks',
      { StackName: PREFIX },
    );
    const status = Stacks[0]?.StackStatus;
    if (status === 'CREATE_COMPLETE') break;
    if (status !== 'CREATE_IN_PROGRESS') {
      const { StackEvents } = await root<{ StackEvents: readonly { ResourceStatusReason?: string }[] }>(
        'cloudformation',
        'DescribeStackEvents',
        {
          StackName: PREFIX,
        },
      );
      const reasons = StackEvents.flatMap(({ ResourceStatusReason = '' }) =>
        /initiated/i.test(ResourceStatusReason) ? [] : ResourceStatusReason || [],
      );
      throw new Error(`the foundations are ${status}: ${reasons.join('; ')}`);
    }
    await new Promise(setImmediate);
  }
  const { StackResourceSummaries } = await root<{
    StackResourceSummaries: readonly { LogicalResourceId: string; PhysicalResourceId: string }[];
  }>('cloudformation', 'ListStackResources', { StackName: PREFIX });
  return Object.fromEntries(
    StackResourceSummaries.map(({ LogicalResourceId, PhysicalResourceId }) => [LogicalResourceId, PhysicalResourceId]),
  );
}

interface Objects {
  put(bucket: string, key: string, body: string | Uint8Array): Promise<void>;
  text(bucket: string, key: string): Promise<string>;
  keys(bucket: string, prefix: string): Promise<readonly string[]>;
}

function inProcessObjects(cloud: Cloud): Objects {
  const call = <Output>(operation: string, input: unknown): Promise<Output> =>
    cloud.call<Output>('s3', operation, input, ROOT);
  return {
    put: async (bucket, key, body) => {
      await call('PutObject', { Bucket: bucket, Key: key, Body: typeof body === 'string' ? Buffer.from(body) : body });
    },
    text: async (bucket, key) => {
      const { Body } = await call<{ Body: AsyncIterable<Uint8Array> | Uint8Array | string }>('GetObject', {
        Bucket: bucket,
        Key: key,
      });
      if (typeof Body === 'string') return Body;
      if (Body instanceof Uint8Array) return Buffer.from(Body).toString();
      const chunks: Uint8Array[] = [];
      for await (const chunk of Body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    },
    keys: async (bucket, prefix) => {
      const { Contents = [] } = await call<{ Contents?: readonly { Key: string }[] }>('ListObjectsV2', {
        Bucket: bucket,
        Prefix: prefix,
      });
      return Contents.map(({ Key }) => Key);
    },
  };
}

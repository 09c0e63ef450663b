import {
  BatchExecuteStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
  type BatchExecuteStatementInput,
  type DescribeStatementResponse,
  type ExecuteStatementInput,
  type Field,
  type GetStatementResultResponse,
} from '@aws-sdk/client-redshift-data';
import { CreateClusterCommand, RedshiftClient, waitUntilClusterAvailable } from '@aws-sdk/client-redshift';
import type { Cloud, CloudOptions, Service } from '../../local/kernel/index.ts';
import { createRedshift, type RedshiftOptions } from '../../local/redshift/index.ts';
import { createRedshiftServerless, type RedshiftServerlessService } from '../../local/redshift-serverless/index.ts';
import { createRedshiftData, type RedshiftDataOptions } from '../../local/redshift-data/index.ts';
import { createS3 } from '../../local/s3/index.ts';
import { startCloud, type TestCloud } from './local-cloud.ts';

export const CLUSTER = 'analytics';
export const ADMIN = 'admin';
export const PASSWORD = 'Correct-horse1';

const QUICK = { create: 1, delete: 1, pause: 1, resume: 1, modify: 1, resize: 1, reboot: 1 };

export interface WarehouseOptions {
  readonly cloud?: Partial<CloudOptions>;
  readonly redshift?: Partial<RedshiftOptions>;
  readonly data?: Partial<RedshiftDataOptions>;
  readonly services?: readonly ((cloud: Cloud) => Service)[];
}

/** S3, Redshift and its Data API over a socket, with one available cluster `analytics`, database `dev`. */
export interface TestWarehouse extends AsyncDisposable {
  readonly test: TestCloud;
  readonly redshift: RedshiftClient;
  readonly data: RedshiftDataClient;
  /** Runs a statement to its end, whatever that is. */
  run(sql: string, more?: Partial<ExecuteStatementInput>): Promise<DescribeStatementResponse>;
  runBatch(sqls: string[], more?: Partial<BatchExecuteStatementInput>): Promise<DescribeStatementResponse>;
  /** Waits for a submitted statement's end. */
  ended(id: string | undefined): Promise<DescribeStatementResponse>;
  /** All rows of a statement that must finish, with plain values; NULL is null. */
  rows(sql: string, more?: Partial<ExecuteStatementInput>): Promise<readonly (readonly unknown[])[]>;
  result(id: string | undefined): Promise<GetStatementResultResponse>;
  /** Stops the cloud but keeps its folder. */
  stop(): Promise<void>;
}

export async function startWarehouse(options: WarehouseOptions = {}): Promise<TestWarehouse> {
  const test = await startCloud([...(options.services ?? []), ...redshiftServices(options)], options.cloud);
  const redshift = new RedshiftClient(test.client);
  const data = new RedshiftDataClient(test.client);
  if (options.cloud?.directory === undefined) await createCluster(redshift);

  const ended = async (id: string | undefined): Promise<DescribeStatementResponse> => {
    for (;;) {
      const described = await data.send(new DescribeStatementCommand({ Id: id, WaitTimeSeconds: 30 }));
      if (['FINISHED', 'FAILED', 'ABORTED'].includes(described.Status ?? '')) return described;
    }
  };
  const target = (more: {
    readonly SessionId?: string | undefined;
    readonly SecretArn?: string | undefined;
  }): object =>
    more.SessionId === undefined
      ? { ClusterIdentifier: CLUSTER, Database: 'dev', ...(more.SecretArn === undefined && { DbUser: ADMIN }) }
      : {};
  const run: TestWarehouse['run'] = async (sql, more = {}) =>
    ended((await data.send(new ExecuteStatementCommand({ Sql: sql, ...target(more), ...more }))).Id);
  const result: TestWarehouse['result'] = (id) => data.send(new GetStatementResultCommand({ Id: id }));
  return {
    test,
    redshift,
    data,
    ended,
    run,
    result,
    runBatch: async (sqls, more = {}) =>
      ended((await data.send(new BatchExecuteStatementCommand({ Sqls: sqls, ...target(more), ...more }))).Id),
    rows: async (sql, more = {}) => {
      const described = await run(sql, more);
      if (described.Status !== 'FINISHED') throw new Error(`${sql}: ${described.Error ?? described.Status ?? ''}`);
      const { Records = [] } = await result(described.Id);
      return Records.map((row) => row.map(plain));
    },
    stop: async () => {
      redshift.destroy();
      data.destroy();
      await test.stop();
    },
    [Symbol.asyncDispose]: async () => {
      redshift.destroy();
      data.destroy();
      await test[Symbol.asyncDispose]();
    },
  };
}

/** S3, Redshift and the Data API wired to each other. */
function redshiftServices(options: WarehouseOptions): readonly ((cloud: Cloud) => Service)[] {
  let s3: ReturnType<typeof createS3>;
  let redshift: ReturnType<typeof createRedshift>;
  let serverless: RedshiftServerlessService;
  return [
    (cloud) => (s3 = createS3(cloud)),
    (cloud) => (redshift = createRedshift(cloud, { objects: s3.objects, durations: QUICK, ...options.redshift })),
    (cloud) => (serverless = createRedshiftServerless(cloud, { warehouses: redshift.others, durations: QUICK })),
    (cloud) =>
      createRedshiftData(cloud, {
        clusters: redshift.clusters,
        workgroups: serverless.workgroups,
        ...options.data,
      }),
  ];
}

async function createCluster(redshift: RedshiftClient): Promise<void> {
  await redshift.send(
    new CreateClusterCommand({
      ClusterIdentifier: CLUSTER,
      NodeType: 'ra3.large',
      MasterUsername: ADMIN,
      MasterUserPassword: PASSWORD,
    }),
  );
  await waitUntilClusterAvailable(
    { client: redshift, maxWaitTime: 20, minDelay: 0.005, maxDelay: 0.01 },
    { ClusterIdentifier: CLUSTER },
  );
}

export function plain(field: Field): unknown {
  if (field.isNull) return null;
  return field.stringValue ?? field.longValue ?? field.doubleValue ?? field.booleanValue ?? field.blobValue;
}

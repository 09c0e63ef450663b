import { parentPort, workerData } from 'node:worker_threads';
import {
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  RedshiftDataClient,
  type RedshiftDataClientConfig,
} from '@aws-sdk/client-redshift-data';

/** What a client is asked to do. */
export interface Asked {
  readonly number: number;
  /** Which of the endpoints. */
  readonly endpoint: number;
  readonly sql: string;
  /** Whether the result is fetched, every page of it. */
  readonly fetched: boolean;
}

/** The end of it: `failed` says why. */
export interface Done {
  readonly number: number;
  readonly failed: string | undefined;
}

export interface ClientSettings {
  readonly settings: RedshiftDataClientConfig;
  readonly endpoints: readonly string[];
  readonly cluster: string;
}

const { settings, endpoints, cluster } = workerData as ClientSettings;
const clients = endpoints.map((endpoint) => new RedshiftDataClient({ ...settings, endpoint }));

parentPort?.on('message', ({ number, ...asked }: Asked) => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
  const answer = (failed: string | undefined): void => parentPort?.postMessage({ number, failed } satisfies Done);
  perform(asked).then(
    () => answer(undefined),
    (error: unknown) => answer(String(error)),
  );
});

async function perform({ endpoint, sql, fetched }: Omit<Asked, 'number'>): Promise<void> {
  const client = clients[endpoint];
  if (!client) throw new Error(`there is no endpoint ${endpoint}`);
  const target = { ClusterIdentifier: cluster, Database: 'dev', DbUser: 'admin' };
  const { Id, Status } = await client.send(new ExecuteStatementCommand({ ...target, Sql: sql, WaitTimeSeconds: 30 }));
  for (let status: string | undefined = Status; status !== 'FINISHED';) {
    const now = await client.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 30 }));
    if (now.Status === 'FAILED' || now.Status === 'ABORTED') throw new Error(`${sql}: ${now.Error ?? now.Status}`);
    status = now.Status;
  }
  if (!fetched) return;
  let token: string | undefined;
  do {
    const page = await client.send(new GetStatementResultCommand({ Id, NextToken: token }));
    token = page.NextToken;
  } while (token !== undefined);
}

import type { Cloud, Service } from '../kernel/index.ts';
import type { ClusterAccess } from '../redshift/clusters/cluster-access.ts';
import type { WorkgroupAccess } from './authenticate.ts';
import { createCompletions } from './completion.ts';
import { metadataOperations } from './metadata-operations.ts';
import { Runner } from './runner.ts';
import { sessionOperations } from './session-operations.ts';
import { createSessions } from './sessions.ts';
import { statementOperations } from './statement-operations.ts';
import { createStatementStore } from './statement-store.ts';

export type { ClusterAccess } from '../redshift/clusters/cluster-access.ts';
export type { WorkgroupAccess } from './authenticate.ts';

export interface RedshiftDataOptions {
  /** The clusters, as `createRedshift` gives them out. */
  readonly clusters: ClusterAccess;
  /** The serverless workgroups, as `createRedshiftServerless` gives them out; without it there are none. */
  readonly workgroups?: WorkgroupAccess;
  /** Milliseconds of the cloud's clock a statement takes beside its real work: for simulations. */
  readonly latency?: (sql: string) => number;
}

/** The Redshift Data API. https://docs.aws.amazon.com/redshift-data/latest/APIReference/Welcome.html */
export function createRedshiftData(cloud: Cloud, options: RedshiftDataOptions): Service {
  const { clusters, workgroups = NO_WORKGROUPS, latency = () => 0 } = options;
  const warehouses = { clusters, workgroups };
  const store = createStatementStore(cloud);
  const sessions = createSessions(cloud);
  const completions = createCompletions(cloud);
  const runner = new Runner({ cloud, access: clusters, store, sessions, completions, latency });
  clusters.onDisconnect(async (key) => {
    await runner.lose(key);
    for (const session of sessions.list())
      if (session.warehouse.key === key && session.status !== 'CLOSED') sessions.end(session.id);
  });
  return {
    name: 'redshift-data',
    client: '@aws-sdk/client-redshift-data',
    operations: {
      ...statementOperations({ cloud, warehouses, store, sessions, completions, runner }),
      ...sessionOperations(sessions, workgroups),
      ...metadataOperations(cloud, warehouses),
    },
    close: async () => {
      await runner.close();
      sessions.close();
      completions.close();
    },
  };
}

const NO_WORKGROUPS: WorkgroupAccess = { find: () => undefined };

import type { Cloud, Service } from '../kernel/index.ts';
import type { ClusterAccess } from '../redshift/clusters/cluster-access.ts';
import { createCompletions } from './completion.ts';
import { metadataOperations } from './metadata-operations.ts';
import { Runner } from './runner.ts';
import { sessionOperations } from './session-operations.ts';
import { createSessions } from './sessions.ts';
import { statementOperations } from './statement-operations.ts';
import { createStatementStore } from './statement-store.ts';

export type { ClusterAccess } from '../redshift/clusters/cluster-access.ts';

export interface RedshiftDataOptions {
  /** The clusters, as `createRedshift` gives them out. */
  readonly clusters: ClusterAccess;
  /** Milliseconds of the cloud's clock a statement takes beside its real work: for simulations. */
  readonly latency?: (sql: string) => number;
}

/** The Redshift Data API. https://docs.aws.amazon.com/redshift-data/latest/APIReference/Welcome.html */
export function createRedshiftData(cloud: Cloud, options: RedshiftDataOptions): Service {
  const { clusters: access, latency = () => 0 } = options;
  const store = createStatementStore(cloud);
  const sessions = createSessions(cloud);
  const completions = createCompletions(cloud);
  const runner = new Runner({ cloud, access, store, sessions, completions, latency });
  access.onDisconnect(async (cluster) => {
    await runner.lose(cluster);
    for (const session of sessions.list())
      if (session.cluster === cluster && session.status !== 'CLOSED') sessions.end(session.id);
  });
  return {
    name: 'redshift-data',
    client: '@aws-sdk/client-redshift-data',
    operations: {
      ...statementOperations({ cloud, access, store, sessions, completions, runner }),
      ...sessionOperations(sessions),
      ...metadataOperations(cloud, access),
    },
    close: async () => {
      await runner.close();
      sessions.close();
      completions.close();
    },
  };
}

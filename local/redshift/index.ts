import { join } from 'node:path';
import { held, type Cloud, type Service } from '../kernel/index.ts';
import type { ClusterAccess, OtherWarehouses } from './clusters/cluster-access.ts';
import { changeOperations } from './clusters/change-cluster.ts';
import { passwordHash } from './clusters/cluster-record.ts';
import { createClusters, LOCAL_DURATIONS, type ClusterDurations } from './clusters/clusters.ts';
import { createCluster } from './clusters/create-cluster.ts';
import { credentialOperations } from './clusters/credentials.ts';
import { describeOperations } from './clusters/describe-clusters.ts';
import { createGroups } from './clusters/groups.ts';
import { createSnapshots } from './clusters/snapshots.ts';
import { tagOperations } from './clusters/tags.ts';
import { fileStatements } from './engine/file-statements.ts';
import type { InstancePool } from './engine/instance.ts';
import { redshiftDialect } from './engine/redshift-dialect.ts';
import { engineSettings, type EngineOptions } from './engine/settings.ts';
import { createTurns } from './engine/turns.ts';
import { createWarehouses } from './engine/warehouses.ts';
import type { ObjectFiles } from './load/index.ts';

export { createInstancePool, type InstancePool } from './engine/instance.ts';

export interface RedshiftOptions {
  /** The object store COPY and UNLOAD work on. */
  readonly objects: ObjectFiles;
  readonly durations?: Partial<ClusterDurations>;
  readonly engine?: EngineOptions;
  /** Instances to use again, for many short clusters with `storage: 'memory'`. */
  readonly pool?: InstancePool;
}

export interface RedshiftService extends Service {
  /** The clusters as the Data API reaches them. */
  readonly clusters: ClusterAccess;
  readonly others: OtherWarehouses;
}

const SEQUENCE = 'redshift.sequence';

/** Amazon Redshift's control plane, and the warehouses behind it. https://docs.aws.amazon.com/redshift/latest/APIReference/Welcome.html */
export function createRedshift(cloud: Cloud, options: RedshiftOptions): RedshiftService {
  const settings = engineSettings(options.engine);
  const warehouses = createWarehouses(join(cloud.directory, 'redshift'), {
    dialect: redshiftDialect,
    settings,
    pool: options.pool,
    now: () => cloud.clock.now(),
    ...fileStatements(cloud, options.objects),
  });
  const listeners: ((cluster: string) => Promise<void>)[] = [];
  let reserved = cloud.documents.get<number>(SEQUENCE, 'query') ?? FIRST_QUERY;
  let lastQuery = reserved;
  const disconnect = async (cluster: string): Promise<void> => {
    for (const listener of listeners) await listener(cluster);
    await held(cloud.clock, warehouses.disconnect(cluster));
  };
  // Whatever is wrong with it is told to whoever connects.
  const prepare = async (cluster: string, database: string): Promise<void> => {
    await warehouses.open(cluster, database).catch(() => undefined);
  };
  const clusters = createClusters(
    cloud,
    { disconnect, prepare, remove: (cluster) => warehouses.remove(cluster) },
    { ...LOCAL_DURATIONS, ...options.durations },
  );
  const groups = createGroups(cloud, () => clusters.list());
  const snapshots = createSnapshots(cloud);
  const others: OtherWarehouses = {
    connect: async (key, home, database, user) => (await warehouses.open(key, home)).connect(database, user),
    databases: async (key, home) => (await warehouses.open(key, home)).databases,
    prepare,
    disconnect,
    remove: (key) => warehouses.remove(key),
  };

  return {
    name: 'redshift',
    client: '@aws-sdk/client-redshift',
    xmlNamespace: 'http://redshift.amazonaws.com/doc/2012-12-01/',
    operations: {
      CreateCluster: createCluster(cloud, clusters, groups),
      ...describeOperations(cloud, clusters),
      ...changeOperations(cloud, clusters, groups, snapshots),
      ...groups.operations,
      ...snapshots.operations(clusters),
      ...tagOperations(cloud, clusters, groups),
      ...credentialOperations(cloud, clusters),
    },
    clusters: {
      turns: createTurns(settings.concurrency),
      find: (identifier) => {
        const record = clusters.find(identifier);
        return (
          record && {
            key: record.identifier,
            name: { ClusterIdentifier: record.identifier },
            arn: cloud.arn('redshift', `cluster:${record.identifier}`),
            status: record.status,
            // Modifying a setting leaves a cluster in service; every other change takes it away.
            available: record.status === 'available' || record.status === 'modifying',
            adminUser: record.adminUser,
            isAdminPassword: (password) => passwordHash(record.namespace, password) === record.adminPasswordHash,
            connect: async (database, user) =>
              // One that is gone meanwhile is not made anew.
              others.connect(record.identifier, clusters.get(identifier).database, database, user),
            databases: () => others.databases(record.identifier, record.database),
          }
        );
      },
      nextQueryId: () => {
        if (lastQuery === reserved) {
          reserved += RESERVED_AT_ONCE;
          cloud.documents.put(SEQUENCE, 'query', reserved);
        }
        return ++lastQuery;
      },
      onDisconnect: (listener) => {
        listeners.push(listener);
      },
    },
    others,
    close: async () => {
      clusters.close();
      await warehouses.closeAll();
    },
  };
}

const FIRST_QUERY = 1000;

/** Numbers that are never given again, whatever becomes of the process; nobody expects them without gaps. */
const RESERVED_AT_ONCE = 100;

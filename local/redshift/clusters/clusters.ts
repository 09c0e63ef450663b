import { AwsError, held, type Cloud } from '../../kernel/index.ts';
import { deleteAdminSecret } from './admin-secret.ts';
import type { ClusterRecord, ClusterStatus, Transition } from './cluster-record.ts';

/** How long each change takes, in milliseconds of the cloud's clock. On AWS most are minutes. */
export interface ClusterDurations {
  readonly create: number;
  readonly delete: number;
  readonly pause: number;
  readonly resume: number;
  readonly modify: number;
  readonly resize: number;
  readonly reboot: number;
}

export const LOCAL_DURATIONS: ClusterDurations = {
  create: 1000,
  delete: 1000,
  pause: 500,
  resume: 500,
  modify: 500,
  resize: 500,
  reboot: 500,
};

const KIND = 'redshift.cluster';

/** The clusters and their lives: records that survive a restart, changes that end in their own time. */
export interface Clusters {
  readonly durations: ClusterDurations;
  find(identifier: string): ClusterRecord | undefined;
  /** @throws AwsError `ClusterNotFound` */
  get(identifier: string): ClusterRecord;
  list(): readonly ClusterRecord[];
  put(record: ClusterRecord): ClusterRecord;
  /** Sets a status whose change ends after `ms`. `disconnect` ends every session first. */
  start(
    record: ClusterRecord,
    status: ClusterStatus,
    ms: number,
    transition: Omit<Transition, 'due'>,
    options?: { readonly disconnect?: boolean },
  ): ClusterRecord;
  /** @throws AwsError `InvalidClusterState` unless the cluster is in one of these statuses. */
  expect(identifier: string, operation: string, statuses: readonly ClusterStatus[]): ClusterRecord;
  close(): void;
}

/** What clusters do to the warehouses behind them. */
export interface ClusterWarehouses {
  /** Ends every session. */
  disconnect(cluster: string): Promise<void>;
  /** Opens what the cluster will need, so that the first statement does not wait for it. */
  prepare(cluster: string, database: string): Promise<void>;
  /** Removes all data. */
  remove(cluster: string): Promise<void>;
}

export function createClusters(cloud: Cloud, warehouses: ClusterWarehouses, durations: ClusterDurations): Clusters {
  const closing = new AbortController();
  const changes = new Map<string, AbortController>();

  const find = (identifier: string): ClusterRecord | undefined => cloud.documents.get(KIND, identifier.toLowerCase());
  const put = (record: ClusterRecord): ClusterRecord => {
    cloud.documents.put(KIND, record.identifier, record);
    return record;
  };
  const get = (identifier: string): ClusterRecord => {
    const record = find(identifier);
    if (!record) throw new AwsError('ClusterNotFound', `Cluster ${identifier} not found.`, 404);
    return record;
  };
  const finish = async (identifier: string, transition: Transition): Promise<void> => {
    const record = find(identifier);
    if (!record) return;
    if (transition.to === 'gone') {
      await held(cloud.clock, warehouses.remove(identifier));
      await deleteAdminSecret(cloud, record.adminSecretArn);
      cloud.documents.delete(KIND, identifier);
      return;
    }
    const { transition: _over, ...rest } = record;
    put({ ...rest, ...transition.changes, status: transition.to });
  };
  const follow = (identifier: string, transition: Transition, disconnect: boolean): void => {
    changes.get(identifier)?.abort();
    const change = new AbortController();
    changes.set(identifier, change);
    const signal = AbortSignal.any([closing.signal, change.signal]);
    void (async () => {
      if (disconnect) await warehouses.disconnect(identifier);
      const database = find(identifier)?.database;
      // Not waited for: whoever connects first waits for what is left of it.
      if (database !== undefined && transition.to === 'available')
        held(cloud.clock, warehouses.prepare(identifier, database)).catch(() => undefined);
      await cloud.clock.sleep(Math.max(0, transition.due - cloud.clock.now()), signal);
      await finish(identifier, transition);
    })()
      .catch((error: unknown) => {
        if (!signal.aborted) cloud.fault(error, `redshift: cluster ${identifier}`);
      })
      .finally(() => {
        if (changes.get(identifier) === change) changes.delete(identifier);
      });
  };

  const list = (): readonly ClusterRecord[] =>
    cloud.documents.list<ClusterRecord>(KIND).map(({ document }) => document);
  for (const record of list()) if (record.transition) follow(record.identifier, record.transition, false);

  return {
    durations,
    find,
    get,
    list,
    put,
    start: (record, status, ms, change, options = {}) => {
      const transition: Transition = { ...change, due: cloud.clock.now() + ms };
      const started = put({ ...record, status, transition });
      follow(record.identifier, transition, options.disconnect ?? false);
      return started;
    },
    expect: (identifier, operation, statuses) => {
      const record = get(identifier);
      if (!statuses.includes(record.status))
        throw new AwsError(
          'InvalidClusterState',
          `You can't ${operation} cluster ${record.identifier} because it is in the ${record.status} state. Supported states: ${statuses.join(', ')}.`,
        );
      return record;
    },
    close: () => closing.abort(),
  };
}

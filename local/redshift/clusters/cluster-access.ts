import type { Session } from '../engine/session.ts';
import type { Turns } from '../engine/turns.ts';

/** What the Data API asks of the clusters. */
export interface ClusterAccess {
  find(identifier: string): ReachableCluster | undefined;
  /** @throws SqlFailure where the database or the user is not there. */
  connect(cluster: string, database: string, user: string): Promise<Session>;
  /** Databases of a cluster. */
  databases(cluster: string): Promise<readonly string[]>;
  /** The statements that run at a time, over all clusters. */
  readonly turns: Turns;
  nextQueryId(): number;
  /** Called when a cluster is about to lose its sessions: paused, deleted, rebooted, resized. */
  onDisconnect(listener: (cluster: string) => Promise<void>): void;
}

export interface ReachableCluster {
  readonly identifier: string;
  readonly status: string;
  readonly adminUser: string;
  isAdminPassword(password: string): boolean;
  readonly adminSecretArn: string | undefined;
}

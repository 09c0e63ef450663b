import type { Session } from '../engine/session.ts';
import type { Turns } from '../engine/turns.ts';

/** What a statement runs on, as requests and answers name it. */
export type WarehouseName = { readonly ClusterIdentifier: string } | { readonly WorkgroupName: string };

/** A cluster or a serverless workgroup, as the Data API reaches it. */
export interface ReachableWarehouse {
  /** The same for all that works on the same data at the same time. */
  readonly key: string;
  readonly name: WarehouseName;
  readonly arn: string;
  /** As its own service shows it. */
  readonly status: string;
  /** Whether it can be connected to now. */
  readonly available: boolean;
  readonly adminUser: string;
  isAdminPassword(password: string): boolean;
  /** @throws SqlFailure where the database is not there. */
  connect(database: string, user: string): Promise<Session>;
  databases(): Promise<readonly string[]>;
}

/** What the Data API asks of the clusters. */
export interface ClusterAccess {
  find(identifier: string): ReachableWarehouse | undefined;
  /** The statements that run at a time, over all clusters and workgroups. */
  readonly turns: Turns;
  nextQueryId(): number;
  /** Called when a cluster or a workgroup, by its key, is about to lose its sessions: paused, deleted, rebooted, resized. */
  onDisconnect(listener: (key: string) => Promise<void>): void;
}

/** Warehouses that are no cluster's: those of serverless namespaces. A key is no cluster's identifier. */
export interface OtherWarehouses {
  /** `home` is the database it is made with. */
  connect(key: string, home: string, database: string, user: string): Promise<Session>;
  databases(key: string, home: string): Promise<readonly string[]>;
  /** Opens what will be needed, so that the first statement does not wait for it. */
  prepare(key: string, home: string): Promise<void>;
  /** Ends every session; the data stays. */
  disconnect(key: string): Promise<void>;
  /** Removes the data. */
  remove(key: string): Promise<void>;
}

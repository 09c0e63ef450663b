import type { DuckDBConnection } from '@duckdb/node-api';

/** Connections as new, kept for the next session of the same user: making one ready takes longer than most of the statements it runs. */
export interface IdleConnections {
  take(database: string, user: string): DuckDBConnection | undefined;
  giveBack(database: string, user: string, connection: DuckDBConnection): void;
  /** Closes them all. */
  clear(): void;
}

/** Connections kept at most; the one that waited longest goes first. */
const MOST_IDLE = 8;

export function createIdleConnections(): IdleConnections {
  let idle: readonly { readonly database: string; readonly user: string; readonly connection: DuckDBConnection }[] = [];
  return {
    take: (database, user) => {
      const found = idle.findLast((each) => each.database === database && each.user === user);
      idle = idle.filter((each) => each !== found);
      return found?.connection;
    },
    giveBack: (database, user, connection) => {
      idle = [...idle, { database, user, connection }];
      if (idle.length <= MOST_IDLE) return;
      idle[0]?.connection.closeSync();
      idle = idle.slice(1);
    },
    clear: () => {
      for (const { connection } of idle) connection.closeSync();
      idle = [];
    },
  };
}

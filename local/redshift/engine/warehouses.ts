import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Warehouse, type WarehouseParts } from './warehouse.ts';

/** The open warehouses, one for each cluster that somebody has used. */
export interface Warehouses {
  /** Opens a cluster's warehouse on first use. `database` is the one the cluster was created with. */
  open(cluster: string, database: string): Promise<Warehouse>;
  /** Ends a cluster's sessions and lets go of its memory, except for what is kept nowhere else. */
  disconnect(cluster: string): Promise<void>;
  /** Closes it and removes its data. */
  remove(cluster: string): Promise<void>;
  closeAll(): Promise<void>;
}

/** `directory` holds one folder a cluster. */
export function createWarehouses(directory: string, parts: WarehouseParts): Warehouses {
  const open = new Map<string, Promise<Warehouse>>();
  const folder = (cluster: string): string => join(directory, cluster);
  const close = async (cluster: string): Promise<void> => {
    const warehouse = open.get(cluster);
    open.delete(cluster);
    // One that could not be opened has nothing to close.
    await (await warehouse?.catch(() => undefined))?.close();
  };
  return {
    open: (cluster, database) => {
      let warehouse = open.get(cluster);
      if (!warehouse) {
        warehouse = Warehouse.open(folder(cluster), database, parts);
        open.set(cluster, warehouse);
        warehouse.catch(() => open.delete(cluster));
      }
      return warehouse;
    },
    disconnect: async (cluster) => {
      if (parts.settings.storage !== 'memory') return close(cluster);
      // One that could not be opened has no sessions.
      await (await open.get(cluster)?.catch(() => undefined))?.endSessions();
    },
    remove: async (cluster) => {
      await close(cluster);
      if (parts.settings.storage !== 'memory') rmSync(folder(cluster), { recursive: true, force: true });
    },
    closeAll: async () => {
      await Promise.all([...open.keys()].map(close));
    },
  };
}

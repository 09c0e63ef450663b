import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  createCloud,
  listen,
  openDocuments,
  systemClock,
  systemIds,
  type Clock,
  type Cloud,
  type CloudOptions,
  type Gateway,
  type Ids,
} from './kernel/index.ts';
import { registerServices, type ServicesOptions } from './services.ts';
import { lockFolder } from './state-folder-lock.ts';

export interface LocalCloudOptions {
  /** Where everything is kept. A cloud started again on the same folder continues from it. */
  readonly directory: string;
  /** 0 takes a free port. */
  readonly port?: number;
  readonly region?: string;
  readonly accountId?: string;
  readonly clock?: Clock;
  readonly ids?: Ids;
  readonly intercept?: CloudOptions['intercept'];
  readonly onFault?: CloudOptions['onFault'];
  readonly services?: ServicesOptions;
}

export interface LocalCloud {
  /** For `AWS_ENDPOINT_URL`. */
  readonly endpoint: string;
  readonly port: number;
  readonly cloud: Cloud;
  /** Stops serving and frees the folder. Called twice, it waits for the first. */
  close(): Promise<void>;
}

/**
 * Starts the local cloud on loopback.
 * @throws StateFolderInUse when another process has the folder.
 */
export async function startLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const directory = resolve(options.directory);
  mkdirSync(directory, { recursive: true });
  const lock = lockFolder(directory);
  let cloud: Cloud | undefined;
  let gateway: Gateway | undefined;
  try {
    const { region, accountId, intercept, onFault } = options;
    cloud = createCloud({
      clock: options.clock ?? systemClock,
      ids: options.ids ?? systemIds,
      documents: openDocuments(join(directory, 'cloud.sqlite')),
      directory,
      ...(region !== undefined && { region }),
      ...(accountId !== undefined && { accountId }),
      ...(intercept && { intercept }),
      ...(onFault && { onFault }),
    });
    // What services take up again where they left off may invoke functions, which must find this endpoint. No request comes in between.
    gateway = await listen(cloud, options.port);
    registerServices(cloud, options.services);
  } catch (error) {
    await gateway?.close();
    await cloud?.close();
    lock.release();
    throw error;
  }
  const started = cloud;
  let closing: Promise<void> | undefined;
  return {
    endpoint: gateway.endpoint,
    port: gateway.port,
    cloud: started,
    close: () =>
      (closing ??= (async () => {
        try {
          await gateway.close();
          await started.close();
        } finally {
          lock.release();
        }
      })()),
  };
}

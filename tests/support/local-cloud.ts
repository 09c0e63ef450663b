import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCloud,
  listen,
  openDocuments,
  seededIds,
  systemClock,
  type Cloud,
  type CloudEvent,
  type CloudOptions,
  type Gateway,
  type Service,
} from '../../local/kernel/index.ts';

/** A cloud with its own temporary folder, some services, and a socket. */
export interface TestCloud extends AsyncDisposable {
  readonly cloud: Cloud;
  readonly gateway: Gateway;
  readonly directory: string;
  /** What services emitted, in order. */
  readonly events: readonly CloudEvent[];
  /** Failures nobody asked about. */
  readonly faults: readonly unknown[];
  /** Settings for an SDK client of this cloud. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly maxAttempts: number;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
  /** Stops the cloud but keeps its folder, for a restart. */
  stop(): Promise<void>;
}

export async function startCloud(
  services: readonly ((cloud: Cloud) => Service)[],
  options: Partial<CloudOptions> = {},
): Promise<TestCloud> {
  const directory = options.directory ?? mkdtempSync(join(tmpdir(), 'local-cloud-'));
  const faults: unknown[] = [];
  const events: CloudEvent[] = [];
  const cloud = createCloud({
    clock: systemClock,
    ids: seededIds(1),
    documents: openDocuments(join(directory, 'state.db')),
    directory,
    onFault: (error) => faults.push(error),
    ...options,
  });
  cloud.onEvent((event) => events.push(event));
  const gateway = await listen(cloud);
  for (const create of services) cloud.register(create(cloud));
  let stopped = false;
  const stop = async (): Promise<void> => {
    if (stopped) return;
    stopped = true;
    await gateway.close();
    await cloud.close();
  };
  return {
    cloud,
    gateway,
    directory,
    events,
    faults,
    client: {
      endpoint: gateway.endpoint,
      region: cloud.region,
      maxAttempts: 1,
      credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

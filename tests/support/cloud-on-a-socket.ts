import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createCloud,
  listen,
  memoryDocuments,
  systemClock,
  systemIds,
  type Cloud,
  type CloudEvent,
  type Gateway,
  type Interceptor,
} from '../../local/kernel/index.ts';

/** A cloud with a gateway and a directory of its own; register services, then use `client` for SDK clients. */
export interface CloudOnASocket {
  readonly cloud: Cloud;
  readonly gateway: Gateway;
  readonly directory: string;
  /** Service events, in order. */
  readonly events: CloudEvent[];
  /** Faults nobody asked about. */
  readonly faults: unknown[];
  /** What an SDK client needs to talk to it. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
    readonly maxAttempts: number;
  };
  close(): Promise<void>;
}

export async function startCloud(register: (cloud: Cloud) => void, intercept?: Interceptor): Promise<CloudOnASocket> {
  const directory = mkdtempSync(join(tmpdir(), 'local-cloud-'));
  const events: CloudEvent[] = [];
  const faults: unknown[] = [];
  const cloud = createCloud({
    clock: systemClock,
    ids: systemIds,
    documents: memoryDocuments(),
    directory,
    ...(intercept ? { intercept } : {}),
    onFault: (error) => faults.push(error),
  });
  register(cloud);
  cloud.onEvent((event) => events.push(event));
  const gateway = await listen(cloud);
  return {
    cloud,
    gateway,
    directory,
    events,
    faults,
    client: {
      endpoint: gateway.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      maxAttempts: 1,
    },
    close: async () => {
      await gateway.close();
      await cloud.close();
      rmSync(directory, { recursive: true });
    },
  };
}

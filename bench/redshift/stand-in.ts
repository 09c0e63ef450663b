import { join } from 'node:path';
import { CreateClusterCommand, RedshiftClient, waitUntilClusterAvailable } from '@aws-sdk/client-redshift';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { createCloud, listen, openDocuments, systemClock, systemIds } from '../../local/kernel/index.ts';
import { createRedshift } from '../../local/redshift/index.ts';
import { createRedshiftData } from '../../local/redshift-data/index.ts';
import { createS3 } from '../../local/s3/index.ts';
import { startClient } from './client.ts';
import { openReplay } from './replay.ts';

/** The local cloud with one cluster, as a client of AWS meets it. */
export interface StandIn {
  /** Runs one statement through the Data API and waits for its end. */
  readonly run: (sql: string) => Promise<void>;
  /** The same, and fetches its result, every page of it. */
  readonly query: (sql: string) => Promise<void>;
  /** What the client does for the same answers, as often as it is called, where nobody works for them. */
  readonly clientAlone: (sql: string) => Promise<() => Promise<void>>;
  /** Makes a file an object of the bucket `bench`: the file is taken over. */
  readonly put: (key: string, path: string) => Promise<unknown>;
  /** The file an object is kept in. */
  readonly file: (key: string) => string;
  readonly close: () => Promise<void>;
}

const CLUSTER = 'bench';
const BUCKET = 'bench';

export async function openStandIn(directory: string, memoryLimit: string): Promise<StandIn> {
  const documents = openDocuments(join(directory, 'state.db'));
  const cloud = createCloud({ clock: systemClock, ids: systemIds, documents, directory });
  const s3 = createS3(cloud);
  const redshift = createRedshift(cloud, { objects: s3.objects, durations: { create: 1 }, engine: { memoryLimit } });
  for (const service of [s3, redshift, createRedshiftData(cloud, { clusters: redshift.clusters })])
    cloud.register(service);
  const gateway = await listen(cloud);
  const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
  const settings = { endpoint: gateway.endpoint, region: cloud.region, credentials };
  const control = new RedshiftClient(settings);
  const replay = await openReplay(gateway.endpoint);
  const endpoints = [gateway.endpoint, replay.endpoint];
  const client = startClient({ settings: { region: cloud.region, credentials }, endpoints, cluster: CLUSTER });
  const store = new S3Client({ ...settings, forcePathStyle: true });
  await store.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const master = { MasterUsername: 'admin', MasterUserPassword: 'Abcdefg1' };
  await control.send(new CreateClusterCommand({ ClusterIdentifier: CLUSTER, NodeType: 'ra3.large', ...master }));
  await waitUntilClusterAvailable(
    { client: control, maxWaitTime: 20, minDelay: 0.01, maxDelay: 0.02 },
    { ClusterIdentifier: CLUSTER },
  );
  return {
    run: (sql) => client.ask({ endpoint: 0, sql, fetched: false }),
    query: (sql) => client.ask({ endpoint: 0, sql, fetched: true }),
    clientAlone: async (sql) => {
      const echoed = { endpoint: 1, sql, fetched: true };
      replay.record();
      await client.ask(echoed);
      return () => {
        replay.rewind();
        return client.ask(echoed);
      };
    },
    put: async (key, path) => s3.objects.change(BUCKET, { put: [{ key, path }] }),
    file: (key) => s3.objects.file(BUCKET, key)?.path ?? '',
    close: async () => {
      await client.close();
      for (const each of [control, store]) each.destroy();
      await replay.close();
      await gateway.close();
      await cloud.close();
    },
  };
}

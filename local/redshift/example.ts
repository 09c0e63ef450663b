/** A cluster in this process, asked through the Data API by an unmodified client: `node local/redshift/example.ts` */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateClusterCommand, RedshiftClient, waitUntilClusterAvailable } from '@aws-sdk/client-redshift';
import { ExecuteStatementCommand, GetStatementResultCommand, RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { createCloud, listen, openDocuments, systemClock, systemIds } from '../kernel/index.ts';
import { createRedshiftData } from '../redshift-data/index.ts';
import { createS3 } from '../s3/index.ts';
import { createRedshift } from './index.ts';

const directory = mkdtempSync(join(tmpdir(), 'redshift-'));
const documents = openDocuments(join(directory, 'state.db'));
const cloud = createCloud({ clock: systemClock, ids: systemIds, documents, directory });
const s3 = createS3(cloud);
const redshift = createRedshift(cloud, { objects: s3.objects });
for (const service of [s3, redshift, createRedshiftData(cloud, { clusters: redshift.clusters })])
  cloud.register(service);
const gateway = await listen(cloud);

const client = {
  endpoint: gateway.endpoint,
  region: cloud.region,
  credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
};
const control = new RedshiftClient(client);
const data = new RedshiftDataClient(client);
const ClusterIdentifier = 'example';
await control.send(
  new CreateClusterCommand({
    ClusterIdentifier,
    NodeType: 'ra3.large',
    MasterUsername: 'admin',
    MasterUserPassword: 'Secret123',
  }),
);
await waitUntilClusterAvailable({ client: control, maxWaitTime: 60, minDelay: 1 }, { ClusterIdentifier });

const Sql = `select listagg(name, ', ') within group (order by born desc) as names, avg(2026 - born) as age
  from (select 'Ada' as name, 1815 as born union all select 'Grace', 1906)`;
const { Id } = await data.send(
  new ExecuteStatementCommand({ ClusterIdentifier, Database: 'dev', DbUser: 'admin', Sql, WaitTimeSeconds: 30 }),
);
const { Records } = await data.send(new GetStatementResultCommand({ Id }));
console.log(JSON.stringify(Records));

control.destroy();
data.destroy();
await gateway.close();
await cloud.close();
rmSync(directory, { recursive: true });

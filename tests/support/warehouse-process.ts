/**
 * A process that is killed in the middle: opens the cloud in the folder it is given, commits one row, leaves another uncommitted in an
 * open transaction, starts a result and an UNLOAD without end, and says `ready` with their ids when both have written something.
 */
import { existsSync, readdirSync } from 'node:fs';
import { createCloud, openDocuments, ROOT, systemClock, systemIds, type Caller } from '../../local/kernel/index.ts';
import { createRedshift } from '../../local/redshift/index.ts';
import { createRedshiftData } from '../../local/redshift-data/index.ts';
import { createS3 } from '../../local/s3/index.ts';
import { ADMIN, CLUSTER, PASSWORD } from './warehouse.ts';

const [directory = ''] = process.argv.slice(2);
const cloud = createCloud({
  clock: systemClock,
  ids: systemIds,
  documents: openDocuments(`${directory}/state.db`),
  directory,
});
const s3 = createS3(cloud);
const redshift = createRedshift(cloud, { objects: s3.objects, durations: { create: 1 } });
cloud.register(s3);
cloud.register(redshift);
cloud.register(createRedshiftData(cloud, { clusters: redshift.clusters }));

const caller: Caller = { principalArn: `arn:aws:iam::${cloud.accountId}:user/local` };
const call = <T>(operation: string, input: object): Promise<T> => cloud.call('redshift-data', operation, input, caller);
const target = { ClusterIdentifier: CLUSTER, Database: 'dev', DbUser: ADMIN, WaitTimeSeconds: 30 };

await cloud.call(
  'redshift',
  'CreateCluster',
  { ClusterIdentifier: CLUSTER, NodeType: 'ra3.large', MasterUsername: ADMIN, MasterUserPassword: PASSWORD },
  ROOT,
);
while (redshift.clusters.find(CLUSTER)?.status !== 'available') await systemClock.sleep(5);
await call('ExecuteStatement', { ...target, Sql: 'create table t as select 1 as a' });
const { SessionId } = await call<{ SessionId: string }>('ExecuteStatement', {
  ...target,
  Sql: 'begin',
  SessionKeepAliveSeconds: 600,
});
await call('ExecuteStatement', {
  SessionId,
  WaitTimeSeconds: 30,
  Sql: 'insert into t select * from generate_series(0, 99999)',
});
await cloud.call('s3', 'CreateBucket', { Bucket: 'unloaded' }, ROOT);
const endless = async (Sql: string, folder: string): Promise<string> => {
  const { Id } = await call<{ Id: string }>('ExecuteStatement', { ...target, WaitTimeSeconds: 0, Sql });
  const before = files(folder);
  while (files(folder) === before) await systemClock.sleep(5);
  return Id;
};
const files = (folder: string): number => {
  const path = `${directory}/${folder}`;
  return existsSync(path) ? readdirSync(path, { recursive: true }).length : 0;
};
const ids = [
  await endless('select n from generate_series(1, 100000000000) r(n)', 'redshift-data/results'),
  await endless(
    "unload ('select n from generate_series(1, 100000000000) r(n)') to 's3://unloaded/x' iam_role default",
    'redshift-work',
  ),
];
process.stdout.write(`ready ${ids.join(' ')}\n`);
// Kept alive by its pipe until it is killed.
process.stdin.resume();

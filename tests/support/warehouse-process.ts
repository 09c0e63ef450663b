/**
 * A process that is killed in the middle: opens the cloud in the folder it is given, commits one row, leaves another uncommitted in an
 * open transaction, starts a statement without end, and says `ready`.
 */
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
await call('ExecuteStatement', { SessionId, WaitTimeSeconds: 30, Sql: 'insert into t select * from range(100000)' });
const { Id } = await call<{ Id: string }>('ExecuteStatement', {
  ...target,
  WaitTimeSeconds: 0,
  Sql: 'select count(*) from range(100000000000) a',
});
process.stdout.write(`ready ${Id}\n`);
// Kept alive by its pipe until it is killed.
process.stdin.resume();

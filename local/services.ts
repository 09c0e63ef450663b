import { createCloudFormation } from './cloudformation/index.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import { createEc2 } from './ec2/index.ts';
import { createEcr } from './ecr/index.ts';
import { createEvents } from './events/index.ts';
import { createIam } from './iam/index.ts';
import type { Cloud } from './kernel/index.ts';
import { createKms } from './kms/index.ts';
import { createLambda } from './lambda/index.ts';
import { createLogs } from './logs/index.ts';
import { createRedshift, type RedshiftOptions } from './redshift/index.ts';
import { createRedshiftServerless } from './redshift-serverless/index.ts';
import { createRedshiftData, type RedshiftDataOptions } from './redshift-data/index.ts';
import { createS3, type S3Options } from './s3/index.ts';
import { createSecretsManager } from './secrets-manager/index.ts';
import { createSns } from './sns/index.ts';
import { createSqs } from './sqs/index.ts';
import { createStates } from './states/index.ts';
import { createSts } from './sts/index.ts';

/** What services can be told, by service. */
export interface ServicesOptions {
  readonly s3?: S3Options;
  readonly redshift?: Omit<RedshiftOptions, 'objects'>;
  readonly redshiftData?: Omit<RedshiftDataOptions, 'clusters' | 'workgroups'>;
  readonly lambda?: Parameters<typeof createLambda>[1];
  readonly states?: Parameters<typeof createStates>[1];
}

/** Registers every service of the local cloud: the one list of them. They close in reverse. */
export function registerServices(cloud: Cloud, options: ServicesOptions = {}): void {
  const s3 = createS3(cloud, options.s3);
  const redshift = createRedshift(cloud, { ...options.redshift, objects: s3.objects });
  cloud.register(createIam(cloud));
  cloud.register(createSts(cloud));
  cloud.register(createKms(cloud));
  cloud.register(createSecretsManager(cloud));
  cloud.register(s3);
  cloud.register(createEc2(cloud));
  cloud.register(createEcr(cloud));
  cloud.register(createLogs(cloud));
  cloud.register(createCloudWatch(cloud));
  cloud.register(createSns(cloud));
  cloud.register(createSqs(cloud));
  const serverless = createRedshiftServerless(cloud, { warehouses: redshift.others });
  cloud.register(redshift);
  cloud.register(serverless);
  const { clusters } = redshift;
  cloud.register(createRedshiftData(cloud, { ...options.redshiftData, clusters, workgroups: serverless.workgroups }));
  cloud.register(createLambda(cloud, options.lambda));
  cloud.register(createStates(cloud, options.states));
  cloud.register(createEvents(cloud));
  // Last: what was in progress when the cloud stopped goes on, with every other service there.
  cloud.register(createCloudFormation(cloud));
}

import {
  cloudFormationClient,
  cloudFormationClusterStack,
  redshiftClient,
  redshiftCluster,
} from '../../aws/cluster.ts';
import { s3Client, s3WorkStore } from '../../aws/objects.ts';
import { reconcile, type ReconcileAnswer } from '../../cluster/reconcile.ts';
import type { Settings } from '../environment.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { reconcileInput } from './inputs.ts';

export const RECONCILE_VARIABLES = [
  'WORK_BUCKET',
  'CLUSTER_NAME',
  'CLUSTER_STACK_NAME',
  'CLUSTER_STACK_ROLE_ARN',
  'NODE_TYPE',
  'NODES',
  'DATABASE',
  'ADMIN_SECRET_ARN',
  'KMS_KEY_ARN',
  'SUBNET_IDS',
  'SECURITY_GROUP_ID',
  'REDSHIFT_ROLE_ARN',
] as const;

/** `template` is the text of `resources/cluster-stack.yml`. */
export function reconcileClusterFunction(
  settings: Settings<(typeof RECONCILE_VARIABLES)[number]>,
  place: Place,
  template: string,
): LambdaHandler<ReconcileAnswer> {
  const ports = {
    work: s3WorkStore(s3Client(place.clients), settings.WORK_BUCKET),
    stack: cloudFormationClusterStack(
      cloudFormationClient(place.clients),
      cloudFormationClient({ ...place.clients, maxAttempts: 1 }),
      {
        stackName: settings.CLUSTER_STACK_NAME,
        clusterName: settings.CLUSTER_NAME,
        roleArn: settings.CLUSTER_STACK_ROLE_ARN,
        template,
        nodeType: settings.NODE_TYPE,
        nodes: settings.NODES,
        database: settings.DATABASE,
        adminSecretArn: settings.ADMIN_SECRET_ARN,
        kmsKeyArn: settings.KMS_KEY_ARN,
        subnetIds: settings.SUBNET_IDS,
        securityGroupId: settings.SECURITY_GROUP_ID,
        redshiftRoleArn: settings.REDSHIFT_ROLE_ARN,
      },
    ),
    cluster: redshiftCluster(redshiftClient(place.clients), settings.CLUSTER_NAME),
    clusterName: settings.CLUSTER_NAME,
    now: place.now,
  };
  return lambdaHandler(reconcileInput, async (request, { logger }) => {
    const answer = await reconcile(ports, request);
    logger.info(answer.because, { wish: request.wish, phase: answer.phase, waitSeconds: answer.waitSeconds });
    return answer;
  });
}

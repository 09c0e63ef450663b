import { cloudFormationClient, describeStack, redshiftClient, redshiftCluster } from '../../aws/cluster.ts';
import { sfnClient, sfnExecutions, sfnTidying } from '../../aws/executions.ts';
import { s3Client, s3Removing, s3WorkStore } from '../../aws/objects.ts';
import { snsClient, snsOperators } from '../../aws/topics.ts';
import { type JanitorReport, runStopped, sweep } from '../../cluster/janitor.ts';
import type { Settings } from '../environment.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { janitorInput } from './inputs.ts';

export const JANITOR_VARIABLES = [
  'WORK_BUCKET',
  'CLUSTER_NAME',
  'CLUSTER_STACK_NAME',
  'CLUSTER_STATE_MACHINE_ARN',
  'ALARMS_TOPIC_ARN',
] as const;

const EXECUTION_ENDED = 'Step Functions Execution Status Change';

export function janitorFunction(
  settings: Settings<(typeof JANITOR_VARIABLES)[number]>,
  place: Place,
): LambdaHandler<JanitorReport> {
  const [s3, sfn] = [s3Client(place.clients), sfnClient(place.clients)];
  const cloudFormation = cloudFormationClient(place.clients);
  const ports = {
    work: { ...s3WorkStore(s3, settings.WORK_BUCKET), ...s3Removing(s3, settings.WORK_BUCKET) },
    executions: sfnExecutions(sfn),
    stack: { describe: () => describeStack(cloudFormation, settings.CLUSTER_STACK_NAME) },
    cluster: redshiftCluster(redshiftClient(place.clients), settings.CLUSTER_NAME),
    tidy: sfnTidying(sfn, settings.CLUSTER_STATE_MACHINE_ARN),
    operators: snsOperators(snsClient(place.clients), settings.ALARMS_TOPIC_ARN),
    clusterName: settings.CLUSTER_NAME,
    now: place.now,
  };
  return lambdaHandler(janitorInput, async (event, { logger, count }) => {
    const { executionArn } = event.detail;
    const stopped = event['detail-type'] === EXECUTION_ENDED && executionArn !== undefined;
    const report = stopped ? await runStopped(ports, executionArn) : await sweep(ports);
    if (!stopped) count('ClusterAliveMinutes', report.aliveMinutes);
    if (report.freed.length > 0) count('LeasesFreed', report.freed.length);
    logger.info('swept', { ...report });
    return report;
  });
}

import { sfnClient, sfnExecutions } from '../../aws/executions.ts';
import { s3Client, s3Inbox, s3WorkStore } from '../../aws/objects.ts';
import { openRun, type OpenRunAnswer } from '../../run/open-run.ts';
import { RESULTS_PREFIX } from '../../run/layout.ts';
import { createPlanner, type Projects } from '../../run/planner.ts';
import { minutes, type Settings } from '../environment.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { openRunInput } from './inputs.ts';

export const OPEN_RUN_VARIABLES = [
  'WORK_BUCKET',
  'RESULTS_BUCKET',
  'REDSHIFT_ROLE_ARN',
  'FILE_DEADLINE_MINUTES',
] as const;

export function openRunFunction(
  settings: Settings<(typeof OPEN_RUN_VARIABLES)[number]>,
  place: Place,
  projects: Projects,
): LambdaHandler<OpenRunAnswer> {
  const s3 = s3Client(place.clients);
  const ports = {
    work: s3WorkStore(s3, settings.WORK_BUCKET),
    inbox: s3Inbox(s3),
    executions: sfnExecutions(sfnClient(place.clients)),
    planner: createPlanner(projects, {
      workBucket: settings.WORK_BUCKET,
      resultsBucket: settings.RESULTS_BUCKET,
      resultsPrefix: RESULTS_PREFIX,
      redshiftRoleArn: settings.REDSHIFT_ROLE_ARN,
    }),
    now: place.now,
    fileDeadlineMs: minutes('FILE_DEADLINE_MINUTES', settings.FILE_DEADLINE_MINUTES),
  };
  return lambdaHandler(openRunInput, (request, { logger }) =>
    openRun(
      { ...ports, announce: (runId) => logger.appendKeys({ runId }) },
      { input: request.input, execution: request.execution },
    ),
  );
}

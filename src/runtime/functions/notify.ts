import { s3Client, s3Results, s3WorkStore } from '../../aws/objects.ts';
import { snsClient, snsCompletions } from '../../aws/topics.ts';
import { notify, type NotifyAnswer } from '../../notify/notify.ts';
import { RESULTS_PREFIX } from '../../run/layout.ts';
import type { Settings } from '../environment.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { notifyInput } from './inputs.ts';

export const NOTIFY_VARIABLES = [
  'WORK_BUCKET',
  'RESULTS_BUCKET',
  'COMPLETIONS_TOPIC_ARN',
  'NODE_TYPE',
  'NODES',
] as const;

export function notifyFunction(
  settings: Settings<(typeof NOTIFY_VARIABLES)[number]>,
  place: Place,
): LambdaHandler<NotifyAnswer> {
  const s3 = s3Client(place.clients);
  const ports = {
    work: s3WorkStore(s3, settings.WORK_BUCKET),
    results: s3Results(s3, settings.RESULTS_BUCKET),
    // Who sends it again says so in the message: that is for the state machine to ask for, not for the client to do.
    completions: snsCompletions(snsClient({ ...place.clients, maxAttempts: 1 }), settings.COMPLETIONS_TOPIC_ARN),
    workBucket: settings.WORK_BUCKET,
    resultsBucket: settings.RESULTS_BUCKET,
    resultsPrefix: RESULTS_PREFIX,
    defaultSize: { nodeType: settings.NODE_TYPE, nodes: Number(settings.NODES) },
    now: place.now,
  };
  return lambdaHandler(notifyInput, async (request, { logger, count }) => {
    const { answer, rowsLoaded } = await notify(ports, request);
    if (answer.status === 'SUCCEEDED') {
      count('RunsSucceeded', 1);
      count('RowsLoaded', rowsLoaded);
    } else if (answer.status === 'FAILED') count('RunsFailed', 1);
    logger.info(answer.status, answer.status === 'FAILED' ? { code: answer.code } : {});
    return answer;
  });
}

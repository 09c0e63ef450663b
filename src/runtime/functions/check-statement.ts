import { s3Client, s3ResultFiles } from '../../aws/objects.ts';
import { checkUnit, type CheckAnswer } from '../../statement/check.ts';
import { minutes, type Settings } from '../environment.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { checkInput } from './inputs.ts';
import { STATEMENT_VARIABLES, statementPorts } from './statement.ts';

export const CHECK_VARIABLES = [...STATEMENT_VARIABLES, 'STATEMENT_TIMEOUT_MINUTES'] as const;

export function checkStatementFunction(
  settings: Settings<(typeof CHECK_VARIABLES)[number]>,
  place: Place,
): LambdaHandler<CheckAnswer> {
  const s3 = s3Client(place.clients);
  const ports = {
    ...statementPorts(settings, place, s3),
    results: s3ResultFiles(s3),
    statementTimeoutMs: minutes('STATEMENT_TIMEOUT_MINUTES', settings.STATEMENT_TIMEOUT_MINUTES),
  };
  return lambdaHandler(checkInput, async (request, { logger }) => {
    const answer = await checkUnit(ports, request);
    logger.info(answer.status, { statementId: request.statementId, attempt: request.attempt });
    return answer;
  });
}

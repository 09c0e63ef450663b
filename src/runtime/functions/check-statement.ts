import { checkUnit, type CheckAnswer } from '../../statement/check.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { checkInput } from './inputs.ts';
import { followPorts, type FollowSettings } from './statement.ts';

export function checkStatementFunction(settings: FollowSettings, place: Place): LambdaHandler<CheckAnswer> {
  const ports = followPorts(settings, place);
  return lambdaHandler(checkInput, async (request, { logger }) => {
    const answer = await checkUnit(ports, request);
    logger.info(answer.status, { statementId: request.statementId, attempt: request.attempt });
    return answer;
  });
}

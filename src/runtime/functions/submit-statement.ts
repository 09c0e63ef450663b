import { beginUnit, type BeginAnswer } from '../../statement/begin.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { submitInput } from './inputs.ts';
import { followPorts, type FollowSettings } from './statement.ts';

export function submitStatementFunction(settings: FollowSettings, place: Place): LambdaHandler<BeginAnswer> {
  const ports = followPorts(settings, place);
  return lambdaHandler(submitInput, async (request, { logger }) => {
    const answer = await beginUnit(ports, request);
    logger.info(answer.status, answer.status === 'RUNNING' ? { statementId: answer.statementId } : {});
    return answer;
  });
}

import { submitUnit, type SubmitAnswer } from '../../statement/submit.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { submitInput } from './inputs.ts';
import { statementPorts, type StatementSettings } from './statement.ts';

export function submitStatementFunction(settings: StatementSettings, place: Place): LambdaHandler<SubmitAnswer> {
  const ports = statementPorts(settings, place);
  return lambdaHandler(submitInput, async (request, { logger }) => {
    const answer = await submitUnit(ports, request);
    logger.info(answer.status, answer.status === 'SUBMITTED' ? { statementId: answer.statementId } : {});
    return answer;
  });
}

import { cancelRun } from '../../statement/cancel-run.ts';
import { lambdaHandler, type LambdaHandler } from '../lambda-handler.ts';
import type { Place } from '../place.ts';
import { cancelInput } from './inputs.ts';
import { statementPorts, type StatementSettings } from './statement.ts';

export function cancelStatementFunction(
  settings: StatementSettings,
  place: Place,
): LambdaHandler<{ readonly live: number; readonly waitSeconds: number }> {
  const ports = statementPorts(settings, place);
  return lambdaHandler(cancelInput, async (request, { logger }) => {
    const answer = await cancelRun(ports, request);
    logger.info('cancelled', { live: answer.live });
    return answer;
  });
}

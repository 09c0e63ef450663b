import type { SendTaskFailureInput, SendTaskHeartbeatInput, SendTaskSuccessInput } from '@aws-sdk/client-sfn';
import { AwsError, required, type Operations } from '../../kernel/index.ts';
import type { PendingTokens } from '../integrations/task-tokens.ts';
import type { Json } from '../json.ts';
import { isTooLarge } from '../run/payload.ts';

/** Answers from those who hold a task's token. */
export function taskOperations(tokens: PendingTokens): Operations {
  return {
    SendTaskSuccess: (input: SendTaskSuccessInput) => {
      const text = required(input.output, 'output');
      let output: Json;
      try {
        output = JSON.parse(text) as Json;
      } catch (error) {
        throw new AwsError('InvalidOutput', `Invalid Output: '${(error as Error).message}'`);
      }
      if (isTooLarge(text)) throw new AwsError('InvalidOutput', 'Invalid Output: the output is too large');
      tokens.succeed(required(input.taskToken, 'taskToken'), output);
      return {};
    },
    SendTaskFailure: (input: SendTaskFailureInput) => {
      tokens.fail(required(input.taskToken, 'taskToken'), input.error, input.cause);
      return {};
    },
    SendTaskHeartbeat: (input: SendTaskHeartbeatInput) => {
      tokens.heartbeat(required(input.taskToken, 'taskToken'));
      return {};
    },
  };
}

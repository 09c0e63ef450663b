import { AwsError, type Caller, type Cloud } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { exceptionName, serviceFailure, textOf, withMetadata } from './outcome.ts';
import type { Integration, Pattern } from './port.ts';

interface Description {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: string;
  readonly startDate: Date;
  readonly stopDate?: Date;
  readonly input?: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
}

/** Resolves when an execution is no longer running. */
export type WhenEnded = (executionArn: string) => Promise<void>;

/**
 * `arn:aws:states:::states:startExecution[.sync[:2]]`: starts another machine and, with `.sync`, waits for its end.
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-stepfunctions.html
 */
export function startExecutionIntegration(
  cloud: Cloud,
  resource: string,
  pattern: Pattern,
  whenEnded: WhenEnded,
): Integration {
  const parsed = resource.endsWith('.sync:2');
  return {
    kind: 'service',
    resourceType: 'states',
    resource,
    pattern,
    call: async (args, call) => {
      const caller: Caller = { principalArn: call.roleArn };
      const { StateMachineArn, Name, Input, ...others } = isObject(args) ? args : {};
      const unknown = Object.keys(others)[0];
      if (unknown !== undefined)
        throw new StateFailure('States.Runtime', `The field "${unknown}" is not supported by Step Functions`);
      const started = await cloud
        .call<{ executionArn: string; startDate: Date }>(
          'states',
          'StartExecution',
          {
            stateMachineArn: StateMachineArn,
            ...(Name !== undefined && { name: Name }),
            ...(Input !== undefined && { input: textOf(Input) }),
          },
          caller,
        )
        .catch((error: unknown) => {
          throw serviceFailure(error, 'StepFunctions', cloud, stepFunctionsException);
        });
      const { executionArn } = started;
      const answer = withMetadata({ ExecutionArn: executionArn, StartDate: started.startDate.getTime() }, cloud);
      if (pattern !== 'sync') return answer;
      call.submitted(answer);
      const forget = call.scope.onCancel(() => {
        cloud.call('states', 'StopExecution', { executionArn }, caller).catch((error: unknown) => {
          // It may have ended by itself.
          if (!(error instanceof AwsError)) cloud.fault(error, 'states: stopping a nested execution');
        });
      });
      try {
        await call.scope.race(whenEnded(executionArn));
      } finally {
        forget();
      }
      const description = await cloud.call<Description>('states', 'DescribeExecution', { executionArn }, caller);
      const result = describe(description, parsed);
      if (description.status === 'SUCCEEDED') return result;
      throw new StateFailure('States.TaskFailed', JSON.stringify(result));
    },
  };
}

const UNMODELLED = new Set([
  'AccessDeniedException',
  'ThrottlingException',
  'ValidationException',
  'InternalFailure',
  'ServiceUnavailable',
]);
const stepFunctionsException = (code: string): string =>
  UNMODELLED.has(code) ? 'AWSStepFunctionsException' : exceptionName(code);

function describe(description: Description, parsed: boolean): JsonObject {
  const data = (text: string | undefined): Json =>
    parsed && text !== undefined ? (JSON.parse(text) as Json) : (text ?? null);
  return {
    ...(description.cause !== undefined && { Cause: description.cause }),
    ...(description.error !== undefined && { Error: description.error }),
    ExecutionArn: description.executionArn,
    Input: data(description.input),
    InputDetails: { Included: true },
    Name: description.name,
    ...(description.output !== undefined && { Output: data(description.output), OutputDetails: { Included: true } }),
    StartDate: description.startDate.getTime(),
    StateMachineArn: description.stateMachineArn,
    Status: description.status,
    ...(description.stopDate && { StopDate: description.stopDate.getTime() }),
  };
}

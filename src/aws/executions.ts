import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Drives, Tidying } from '../cluster/janitor.ts';
import type { Executions } from '../run/claim.ts';
import { call, errorName } from './call.ts';
import { type ClientSettings, connectTo, type Sender } from './clients.ts';

export type StepFunctions = Sender<SFNClient>;

export function sfnClient(settings: ClientSettings): StepFunctions {
  return connectTo('states', SFNClient, settings);
}

/**
 * Of an execution that was redriven in its Fail state: ExecutionRedriven, FailStateEntered, ExecutionFailed.
 * https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
 */
const FAIL_EVENTS = 3;

export function sfnExecutions(sfn: StepFunctions): Executions & Drives {
  const look: Drives['look'] = (execution) =>
    call('states:DescribeExecution', async () => {
      try {
        const {
          status = 'GONE',
          redriveCount: redrive = 0,
          error: code,
          cause,
        } = await sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
        return { status, redrive, ...(status === 'FAILED' && code ? { failure: { code, cause } } : {}) };
      } catch (error) {
        if (errorName(error) === 'ExecutionDoesNotExist') return { status: 'GONE', redrive: 0 };
        throw error;
      }
    });
  const didNothing: Drives['didNothing'] = (execution) =>
    call('states:GetExecutionHistory', async () => {
      const { events = [] } = await sfn.send(
        new GetExecutionHistoryCommand({ executionArn: execution, reverseOrder: true, maxResults: FAIL_EVENTS }),
      );
      const [failed, ...before] = events.map(({ type }) => type);
      const own = before.slice(0, before.indexOf('ExecutionRedriven'));
      return (
        failed === 'ExecutionFailed' &&
        before.includes('ExecutionRedriven') &&
        own.every((type) => type === 'FailStateEntered')
      );
    });
  return { look, didNothing, status: async (execution) => (await look(execution)).status };
}

/** The machine that releases what a dead run holds. */
export function sfnTidying(sfn: StepFunctions, stateMachineArn: string): Tidying {
  const executions = sfnExecutions(sfn);
  return {
    // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html#awsstepfunctions-resources-for-iam-policies
    status: (name) => executions.status(`${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`),
    start: (name, input) =>
      call('states:StartExecution', async () => {
        try {
          await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
          return true;
        } catch (error) {
          // The same name has been started before: somebody is at it.
          if (errorName(error) === 'ExecutionAlreadyExists') return false;
          throw error;
        }
      }),
  };
}

import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Drives, TidyStarter } from '../cluster/janitor.ts';
import type { Executions } from '../run/claim.ts';
import { call, errorName } from './call.ts';
import { type ClientSettings, connectTo, type Sender } from './clients.ts';

export type StepFunctions = Sender<SFNClient>;

export function sfnClient(settings: ClientSettings): StepFunctions {
  return connectTo('states', SFNClient, settings);
}

export function sfnExecutions(sfn: StepFunctions): Executions & Drives {
  const look: Drives['look'] = (execution) =>
    call('states:DescribeExecution', async () => {
      try {
        const { status, redriveCount } = await sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
        return { status: status ?? 'GONE', redrive: redriveCount ?? 0 };
      } catch (error) {
        if (errorName(error) === 'ExecutionDoesNotExist') return { status: 'GONE', redrive: 0 };
        throw error;
      }
    });
  return { look, status: async (execution) => (await look(execution)).status };
}

/** Starts the machine that releases what a dead run holds. */
export function sfnTidyStarter(sfn: StepFunctions, stateMachineArn: string): TidyStarter {
  return {
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

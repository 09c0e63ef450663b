import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { TidyStarter } from '../cluster/janitor.ts';
import type { Executions } from '../run/claim.ts';
import { call, errorName } from './call.ts';
import type { ClientSettings } from './clients.ts';

export function sfnClient(settings: ClientSettings): SFNClient {
  return new SFNClient(settings);
}

export function sfnExecutions(sfn: SFNClient): Executions {
  return {
    status: (execution) =>
      call('states:DescribeExecution', async () => {
        try {
          const { status } = await sfn.send(new DescribeExecutionCommand({ executionArn: execution }));
          return status ?? 'GONE';
        } catch (error) {
          if (errorName(error) === 'ExecutionDoesNotExist') return 'GONE';
          throw error;
        }
      }),
  };
}

/** Starts the machine that releases what a dead run holds. */
export function sfnTidyStarter(sfn: SFNClient, stateMachineArn: string): TidyStarter {
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

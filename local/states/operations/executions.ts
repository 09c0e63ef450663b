import type {
  DescribeExecutionInput,
  DescribeExecutionOutput,
  GetExecutionHistoryInput,
  GetExecutionHistoryOutput,
  ListExecutionsInput,
  ListExecutionsOutput,
  RedriveExecutionInput,
  RedriveExecutionOutput,
  StartExecutionInput,
  StartExecutionOutput,
  StopExecutionInput,
  StopExecutionOutput,
} from '@aws-sdk/client-sfn';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { Executions } from '../executions/executions.ts';
import { checkArn, executionArnOf, type ExecutionRecord } from '../executions/record.ts';
import { redriveStatusOf } from '../executions/redrivable.ts';
import { MAX_PAYLOAD_BYTES, RETENTION_MS } from '../limits.ts';
import { findMachine } from './machines.ts';
import { checkName } from './name.ts';
import { page } from './page.ts';

export function executionOperations(cloud: Cloud, executions: Executions): Operations {
  const find = (arn: string | undefined): ExecutionRecord => {
    const wanted = required(arn, 'executionArn');
    checkArn(wanted, 'execution');
    const record = executions.find(wanted);
    if (!record) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${wanted}'`);
    return record;
  };

  return {
    StartExecution: (input: StartExecutionInput): StartExecutionOutput => {
      const machine = findMachine(cloud, input.stateMachineArn);
      const name = input.name === undefined ? cloud.ids.uuid() : checkName(input.name);
      const text = checkInput(input.input ?? '{}');
      const arn = executionArnOf(machine.arn, name);
      const known = executions.find(arn);
      if (known && cloud.clock.now() - known.startDate < RETENTION_MS) {
        if (known.status === 'RUNNING' && known.input === text)
          return { executionArn: arn, startDate: new Date(known.startDate) };
        throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${arn}'`);
      }
      const { record } = executions.start({
        arn,
        stateMachineArn: machine.arn,
        name,
        status: 'RUNNING',
        startDate: cloud.clock.now(),
        input: text,
        roleArn: machine.roleArn,
        definition: machine.definition,
        revisionId: machine.revisionId,
        redriveCount: 0,
      });
      return { executionArn: arn, startDate: new Date(record.startDate) };
    },

    /** Stopping what is over changes nothing, as on AWS. */
    StopExecution: async (input: StopExecutionInput): Promise<StopExecutionOutput> => {
      const record = find(input.executionArn);
      await executions.stop(record.arn, input.error, input.cause);
      return { stopDate: new Date(record.stopDate ?? cloud.clock.now()) };
    },

    DescribeExecution: (input: DescribeExecutionInput): DescribeExecutionOutput => {
      const record = find(input.executionArn);
      const { redriveStatus, redriveStatusReason } = redriveStatusOf(record, cloud.clock.now());
      const data = input.includedData !== 'METADATA_ONLY';
      return {
        executionArn: record.arn,
        stateMachineArn: record.stateMachineArn,
        name: record.name,
        status: record.status,
        startDate: new Date(record.startDate),
        ...(record.stopDate !== undefined && { stopDate: new Date(record.stopDate) }),
        ...(data && { input: record.input }),
        inputDetails: { included: data },
        ...(record.output !== undefined && {
          ...(data && { output: record.output }),
          outputDetails: { included: data },
        }),
        ...(record.error !== undefined && { error: record.error }),
        ...(record.cause !== undefined && { cause: record.cause }),
        ...(record.mapRunArn !== undefined && { mapRunArn: record.mapRunArn }),
        redriveCount: record.redriveCount,
        ...(record.redriveDate !== undefined && { redriveDate: new Date(record.redriveDate) }),
        redriveStatus,
        ...(redriveStatusReason !== null && { redriveStatusReason }),
      };
    },

    ListExecutions: (input: ListExecutionsInput): ListExecutionsOutput => {
      const { stateMachineArn, mapRunArn, statusFilter, redriveFilter } = input;
      if ((stateMachineArn === undefined) === (mapRunArn === undefined))
        throw new AwsError('ValidationException', 'Exactly one of stateMachineArn and mapRunArn must be given');
      const sibling =
        mapRunArn === undefined
          ? executionArnOf(findMachine(cloud, stateMachineArn).arn, '')
          : mapRunArn.replace(':mapRun:', ':execution:');
      const records = executions.store
        .siblings(sibling)
        .filter(
          (record) =>
            (mapRunArn === undefined || record.mapRunArn === mapRunArn) &&
            (statusFilter === undefined || record.status === statusFilter) &&
            (redriveFilter === undefined || (redriveFilter === 'REDRIVEN') === record.redriveCount > 0),
        )
        .toSorted((a, b) => b.startDate - a.startDate);
      const { items, nextToken } = page(records, input);
      return {
        executions: items.map((record) => ({
          executionArn: record.arn,
          stateMachineArn: record.stateMachineArn,
          name: record.name,
          status: record.status,
          startDate: new Date(record.startDate),
          ...(record.stopDate !== undefined && { stopDate: new Date(record.stopDate) }),
          ...(record.mapRunArn !== undefined && { mapRunArn: record.mapRunArn }),
          redriveCount: record.redriveCount,
          ...(record.redriveDate !== undefined && { redriveDate: new Date(record.redriveDate) }),
        })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },

    GetExecutionHistory: (input: GetExecutionHistoryInput): GetExecutionHistoryOutput => {
      const { arn } = find(input.executionArn);
      const all = executions.live(arn)?.history.events ?? executions.store.readHistory(arn);
      const { items, nextToken } = page(input.reverseOrder ? all.toReversed() : all, input);
      return {
        events: items.map((event) => ({ ...event, timestamp: new Date(event.timestamp) })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },

    RedriveExecution: (input: RedriveExecutionInput): RedriveExecutionOutput => {
      const record = find(input.executionArn);
      const { redriveStatus, redriveStatusReason } = redriveStatusOf(record, cloud.clock.now());
      if (redriveStatus !== 'REDRIVABLE')
        throw new AwsError(
          'ExecutionNotRedrivable',
          redriveStatusReason ?? 'A child of a Map Run is redriven together with its parent',
        );
      const { record: redriven } = executions.redrive(record);
      return { redriveDate: new Date(redriven.redriveDate ?? cloud.clock.now()) };
    },
  };
}

/** @throws AwsError `InvalidExecutionInput` */
function checkInput(text: string): string {
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`,
    );
  try {
    JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidExecutionInput', `Invalid State Machine Execution Input: '${(error as Error).message}'`);
  }
  return text;
}

import type {
  DescribeMapRunInput,
  DescribeMapRunOutput,
  ListMapRunsInput,
  ListMapRunsOutput,
  MapRunExecutionCounts,
  UpdateMapRunInput,
} from '@aws-sdk/client-sfn';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { ActiveMaps } from '../distributed/distributed-maps.ts';
import { listMapRuns, readMapRun, type Counts, type MapRunRecord } from '../distributed/map-run.ts';
import { checkArn } from '../executions/record.ts';
import { page } from './page.ts';

export function mapRunOperations(cloud: Cloud, maps: ActiveMaps): Operations {
  const find = (arn: string | undefined): MapRunRecord => {
    const wanted = required(arn, 'mapRunArn');
    checkArn(wanted, 'mapRun');
    const run = maps.active.get(wanted)?.run ?? readMapRun(cloud.documents, wanted);
    if (!run) throw new AwsError('ResourceNotFound', `Resource not found: '${wanted}'`);
    return run;
  };
  return {
    DescribeMapRun: (input: DescribeMapRunInput): DescribeMapRunOutput => {
      const run = find(input.mapRunArn);
      return {
        mapRunArn: run.arn,
        executionArn: run.executionArn,
        status: run.status,
        startDate: new Date(run.startDate),
        ...(run.stopDate !== undefined && { stopDate: new Date(run.stopDate) }),
        maxConcurrency: run.maxConcurrency,
        toleratedFailurePercentage: run.toleratedFailurePercentage,
        toleratedFailureCount: run.toleratedFailureCount,
        itemCounts: counts(run.itemCounts),
        executionCounts: counts(run.executionCounts),
        redriveCount: run.redriveCount,
        ...(run.redriveDate !== undefined && { redriveDate: new Date(run.redriveDate) }),
      };
    },
    ListMapRuns: (input: ListMapRunsInput): ListMapRunsOutput => {
      const executionArn = required(input.executionArn, 'executionArn');
      checkArn(executionArn, 'execution');
      const runs = listMapRuns(cloud.documents, executionArn).toSorted((a, b) => b.startDate - a.startDate);
      const { items, nextToken } = page(runs, input);
      return {
        mapRuns: items.map((run) => ({
          executionArn,
          mapRunArn: run.arn,
          stateMachineArn: run.stateMachineArn,
          startDate: new Date(run.startDate),
          ...(run.stopDate !== undefined && { stopDate: new Date(run.stopDate) }),
        })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },
    /** Takes effect on a running Map Run at once. */
    UpdateMapRun: (input: UpdateMapRunInput) => {
      const run = find(input.mapRunArn);
      const children = maps.active.get(run.arn);
      if (!children) throw new AwsError('ValidationException', `The Map Run is ${run.status} and cannot be updated`);
      run.maxConcurrency = input.maxConcurrency ?? run.maxConcurrency;
      run.toleratedFailureCount = input.toleratedFailureCount ?? run.toleratedFailureCount;
      run.toleratedFailurePercentage = input.toleratedFailurePercentage ?? run.toleratedFailurePercentage;
      children.pump();
      return {};
    },
  };
}

function counts(kept: Counts): MapRunExecutionCounts {
  return { ...kept };
}

import type { ExecutionRedriveStatus } from '@aws-sdk/client-sfn';
import { MAX_REDRIVES, REDRIVE_PERIOD_MS } from '../limits.ts';
import type { ExecutionRecord } from './record.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html */
export function redriveStatusOf(
  record: ExecutionRecord,
  now: number,
): { readonly redriveStatus: ExecutionRedriveStatus; readonly redriveStatusReason: string | null } {
  const not = (redriveStatusReason: string): ReturnType<typeof redriveStatusOf> => ({
    redriveStatus: 'NOT_REDRIVABLE',
    redriveStatusReason,
  });
  if (record.status === 'RUNNING' || record.status === 'SUCCEEDED')
    return not(`Execution is ${record.status} and cannot be redriven`);
  if (now - (record.stopDate ?? record.startDate) > REDRIVE_PERIOD_MS)
    return not('The execution is outside the 14-day redrive period');
  if (record.redriveCount >= MAX_REDRIVES) return not(`The execution has been redriven ${MAX_REDRIVES} times`);
  return {
    redriveStatus: record.mapRunArn === undefined ? 'REDRIVABLE' : 'REDRIVABLE_BY_MAP_RUN',
    redriveStatusReason: null,
  };
}

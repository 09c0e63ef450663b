import type { Cloud } from '../../kernel/index.ts';
import type { ExecutionRecord } from './record.ts';
import { redriveStatusOf } from './redrivable.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function emitStatus(cloud: Cloud, record: ExecutionRecord): void {
  // Children of a distributed Map report through their Map Run.
  if (record.mapRunArn !== undefined) return;
  cloud.emit({
    source: 'aws.states',
    detailType: 'Step Functions Execution Status Change',
    resources: [record.arn],
    detail: {
      executionArn: record.arn,
      stateMachineArn: record.stateMachineArn,
      stateMachineVersionArn: null,
      stateMachineAliasArn: null,
      name: record.name,
      status: record.status,
      startDate: record.startDate,
      stopDate: record.stopDate ?? null,
      input: record.input,
      output: record.output ?? null,
      inputDetails: { included: true },
      outputDetails: record.output === undefined ? null : { included: true },
      error: record.error ?? null,
      cause: record.cause ?? null,
      redriveCount: record.redriveCount,
      redriveDate: record.redriveDate ?? null,
      ...redriveStatusOf(record, cloud.clock.now()),
    },
  });
}

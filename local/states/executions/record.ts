import type { ExecutionStatus } from '@aws-sdk/client-sfn';
import { AwsError } from '../../kernel/index.ts';

/** An execution as it is kept. Times are milliseconds; input and output are JSON text. */
export interface ExecutionRecord {
  readonly arn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  status: ExecutionStatus;
  readonly startDate: number;
  stopDate?: number;
  readonly input: string;
  output?: string;
  error?: string;
  cause?: string;
  readonly roleArn: string;
  /** The definition the execution began with: an update of the machine does not touch it. */
  readonly definition: string;
  readonly revisionId: string;
  redriveCount: number;
  redriveDate?: number;
  /** Of a distributed Map's child. */
  readonly mapRunArn?: string;
}

/** `arn:aws:states:<region>:<account>:execution:<machine>[/<label>]:<name>` */
export function executionArnOf(stateMachineArn: string, name: string): string {
  return `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
}

/** Executions are kept by machine (or machine and label), so that a list reads no others. */
export function executionKind(executionArn: string): string {
  return `states/execution/${executionArn.slice(0, executionArn.lastIndexOf(':'))}`;
}

export const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

/** @throws AwsError `InvalidArn` */
export function checkArn(arn: string, resource: 'stateMachine' | 'execution' | 'mapRun'): void {
  const parts = arn.split(':');
  if (parts[0] !== 'arn' || parts[2] !== 'states' || parts.length < 7)
    throw new AwsError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  if (parts[5] !== resource)
    throw new AwsError('InvalidArn', `Invalid Arn: 'Resource type not valid in this context: ${parts[5]}'`);
}

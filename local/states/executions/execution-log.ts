import type { LoggingConfiguration } from '@aws-sdk/client-sfn';
import { AwsError, type Cloud } from '../../kernel/index.ts';
import type { StoredEvent } from '../run/history.ts';
import type { ExecutionRecord } from './record.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level */
const FATAL = /^Execution(Failed|Aborted|TimedOut)$/;
const ERROR = /(Failed|Aborted|TimedOut)$/;
/** Members that carry what passed through the execution. */
const EXECUTION_DATA: ReadonlySet<string> = new Set([
  'input',
  'output',
  'parameters',
  'assignedVariables',
  'inputDetails',
  'outputDetails',
]);
const BATCH_EVENTS = 1000;

/** Writes the events of one run of an execution to the log group its machine names, once it has ended. */
export async function logExecution(
  cloud: Cloud,
  record: ExecutionRecord,
  events: readonly StoredEvent[],
  logging: LoggingConfiguration,
): Promise<void> {
  const { level = 'OFF', includeExecutionData = false, destinations } = logging;
  const logGroupName = /:log-group:([^:]+)/.exec(destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn ?? '')?.[1];
  if (level === 'OFF' || logGroupName === undefined) return;
  const wanted = events.filter(({ type }) => level === 'ALL' || (level === 'FATAL' ? FATAL : ERROR).test(type ?? ''));
  if (wanted.length === 0) return;
  const logStreamName = `states/${record.arn.split(':')[6] ?? ''}/${new Date(record.startDate).toISOString().slice(0, 13)}/${cloud.ids.hex(8)}`;
  const caller = { principalArn: record.roleArn };
  const lines = wanted.map((event) => ({
    timestamp: event.timestamp,
    message: lineOf(event, record, includeExecutionData),
  }));
  try {
    await cloud.call('logs', 'CreateLogStream', { logGroupName, logStreamName }, caller);
    for (let at = 0; at < lines.length; at += BATCH_EVENTS)
      await cloud.call(
        'logs',
        'PutLogEvents',
        { logGroupName, logStreamName, logEvents: lines.slice(at, at + BATCH_EVENTS) },
        caller,
      );
  } catch (error) {
    // As on AWS, an execution does not care whether its log could be written.
    if (!(error instanceof AwsError)) throw error;
  }
}

function lineOf(event: StoredEvent, record: ExecutionRecord, data: boolean): string {
  const { id, type, timestamp, previousEventId, ...rest } = event;
  const [details = {}] = Object.values(rest) as Record<string, unknown>[];
  return JSON.stringify({
    id: String(id),
    type,
    details: data ? details : Object.fromEntries(Object.entries(details).filter(([name]) => !EXECUTION_DATA.has(name))),
    previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp),
    execution_arn: record.arn,
    redrive_count: String(record.redriveCount),
  });
}

import type { Cloud } from '../../kernel/index.ts';
import { failed, type Outcome } from './outcome.ts';
import type { InvocationRequest } from './run-in-sandbox.ts';

/** A handler given directly, by function name: what a simulation on a virtual clock runs instead of deployed code. */
export type InProcessFunctions = Readonly<
  Record<string, (event: unknown, context: InProcessContext) => Promise<unknown>>
>;

/** The part of Lambda's context a handler may use; times are the cloud's clock's. */
export interface InProcessContext {
  readonly awsRequestId: string;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly callbackWaitsForEmptyEventLoop: boolean;
  getRemainingTimeInMillis(): number;
}

/** Runs a handler of this process within the function's timeout, on the cloud's clock. Event and result are copied as JSON, as on the wire. */
export async function runInProcess(
  handler: InProcessFunctions[string],
  { record, version, requestId, invokedArn, payload }: InvocationRequest,
  cloud: Cloud,
): Promise<Outcome> {
  const deadline = cloud.clock.now() + version.timeout * 1000;
  const context: InProcessContext = {
    awsRequestId: requestId,
    functionName: record.name,
    functionVersion: version.version,
    invokedFunctionArn: invokedArn,
    memoryLimitInMB: String(version.memorySize),
    logGroupName: `/aws/lambda/${record.name}`,
    logStreamName: 'in-process',
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - cloud.clock.now()),
  };
  const timer = new AbortController();
  const timeout = cloud.clock.sleep(version.timeout * 1000, timer.signal).then(
    () =>
      failed({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${requestId} Error: Task timed out after ${version.timeout.toFixed(2)} seconds`,
      }),
    () => failed({ errorType: 'Runtime.ExitError', errorMessage: 'the invocation is over' }),
  );
  const work = (async (): Promise<Outcome> => {
    try {
      const result = await handler(JSON.parse(payload), context);
      return { payload: JSON.stringify(result) ?? 'null', logTail: '' };
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new Error(String(thrown));
      return failed({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') });
    }
  })();
  const outcome = await Promise.race([work, timeout]);
  timer.abort(new Error('over'));
  return outcome;
}

import type { Cloud } from '../../kernel/index.ts';
import type { FunctionRecord, FunctionVersion } from '../functions.ts';
import { MAX_SYNC_PAYLOAD_BYTES } from '../limits.ts';
import type { ErrorPayload } from '../runtime/messages.ts';
import type { SandboxAnswer } from '../runtime/sandbox.ts';
import type { Sandboxes } from '../runtime/sandboxes.ts';
import { failed, type Outcome } from './outcome.ts';

export interface InvocationRequest {
  readonly record: FunctionRecord;
  readonly version: FunctionVersion;
  readonly requestId: string;
  readonly invokedArn: string;
  /** JSON text. */
  readonly payload: string;
  readonly clientContext?: unknown;
}

/** Runs the deployed code in a worker thread. */
export async function runInSandbox(request: InvocationRequest, sandboxes: Sandboxes, cloud: Cloud): Promise<Outcome> {
  const { record, version, requestId } = request;
  const lease = await sandboxes.acquire(record, version);
  const { sandbox, log, cold } = lease;
  const lines: string[] = [];
  const print = (line: string): void => {
    lines.push(line);
    log.add(line);
  };
  try {
    const initError = cold ? await sandbox.ready() : undefined;
    print(`START RequestId: ${requestId} Version: ${version.version}`);
    const began = performance.now();
    const answer = initError
      ? ({ kind: 'error', error: initError, memoryBytes: 0 } as const)
      : await sandbox.invoke(
          {
            requestId,
            payload: request.payload,
            deadlineMs: Date.now() + version.timeout * 1000,
            functionName: record.name,
            functionVersion: version.version,
            invokedFunctionArn: request.invokedArn,
            memoryLimitInMB: String(version.memorySize),
            logGroupName: log.group,
            logStreamName: log.stream,
            traceId: `Root=1-${Math.floor(cloud.clock.now() / 1000)
              .toString(16)
              .padStart(8, '0')}-${cloud.ids.hex(24)};Parent=${cloud.ids.hex(16)};Sampled=0`,
            clientContext: request.clientContext,
          },
          version.timeout * 1000,
        );
    const duration = performance.now() - began;
    const outcome = outcomeOf(answer, request);
    if (answer.kind === 'timeout')
      print(
        `${new Date(cloud.clock.now()).toISOString()} ${requestId} Task timed out after ${version.timeout.toFixed(2)} seconds`,
      );
    else if (answer.kind === 'error' && !sandbox.usable)
      print(`RequestId: ${requestId} ${answer.error.errorType}: ${answer.error.errorMessage}`);
    print(`END RequestId: ${requestId}`);
    print(
      report(request, duration, cold ? sandbox.initMs : undefined, answer.kind === 'timeout' ? 0 : answer.memoryBytes),
    );
    await log.written();
    return { ...outcome, logTail: lines.join('\n') };
  } finally {
    sandboxes.release(lease);
  }
}

function outcomeOf(
  answer: SandboxAnswer | { readonly kind: 'timeout' },
  { requestId, version }: InvocationRequest,
): Outcome {
  if (answer.kind === 'timeout')
    return failed({
      errorType: 'Sandbox.Timedout',
      errorMessage: `RequestId: ${requestId} Error: Task timed out after ${version.timeout.toFixed(2)} seconds`,
    });
  if (answer.kind === 'error') return failed(withRequestId(answer.error, requestId));
  if (Buffer.byteLength(answer.payload) > MAX_SYNC_PAYLOAD_BYTES)
    return failed({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_SYNC_PAYLOAD_BYTES} bytes).`,
    });
  return { payload: answer.payload, logTail: '' };
}

/** What the runtime itself reports names the request. */
function withRequestId(error: ErrorPayload, requestId: string): ErrorPayload {
  return /^(Runtime\.(ExitError|OutOfMemory)|Sandbox\.Timedout)$/.test(error.errorType)
    ? { ...error, errorMessage: `RequestId: ${requestId} ${error.errorMessage}` }
    : error;
}

function report(
  { requestId, version }: InvocationRequest,
  duration: number,
  initMs: number | undefined,
  memoryBytes: number,
): string {
  const parts = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${duration.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(duration + (initMs ?? 0))} ms`,
    `Memory Size: ${version.memorySize} MB`,
    `Max Memory Used: ${Math.min(Math.ceil(memoryBytes / 1_048_576), version.memorySize)} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
  ];
  return `${parts.join('\t')}\t`;
}

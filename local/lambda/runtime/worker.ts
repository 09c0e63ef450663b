/** The inside of a function's worker thread: loads the handler, answers one invocation at a time. */
import { flushCompileCache } from 'node:module';
import { parentPort, workerData } from 'node:worker_threads';
import { confineModules } from './confine-modules.ts';
import { errorPayload } from './error-payload.ts';
import { captureOutput } from './capture-output.ts';
import { loadHandler, type Handler } from './load-handler.ts';
import type { InvokeMessage, WorkerMessage, WorkerSettings } from './messages.ts';

const settings = workerData as WorkerSettings;
const port = parentPort;
if (!port) throw new Error('this file runs in a worker');
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port, not a window
const send = (message: WorkerMessage): void => port.postMessage(message);
const invocation = { requestId: '' };
captureOutput(send, settings.jsonLogs, () => invocation.requestId);

process.on('uncaughtException', (error: unknown, origin) => {
  const payload = errorPayload(error);
  send({
    kind: 'fatal',
    error:
      origin === 'unhandledRejection'
        ? {
            ...payload,
            errorType: 'Runtime.UnhandledPromiseRejection',
            errorMessage: `${payload.errorType}: ${payload.errorMessage}`,
          }
        : payload,
  });
});

confineModules(settings.taskRoot);

try {
  const handler = await loadHandler(settings.taskRoot, settings.handler, settings.callbacks);
  port.on('message', (message: InvokeMessage) => void answer(handler, message));
  send({ kind: 'ready' });
  // Workers are ended, not left to end: this one writes down for the next what it has compiled.
  flushCompileCache();
} catch (error) {
  send({ kind: 'init-error', error: errorPayload(error) });
}

async function answer(handler: Handler, message: InvokeMessage): Promise<void> {
  invocation.requestId = message.requestId;
  process.env['_X_AMZN_TRACE_ID'] = message.traceId;
  try {
    const result = await handler(JSON.parse(message.payload), contextOf(message));
    send({ kind: 'result', payload: JSON.stringify(result) ?? 'null', memoryBytes: process.memoryUsage().heapUsed });
  } catch (error) {
    const payload = errorPayload(error);
    console.error('Invoke Error', JSON.stringify(payload));
    send({ kind: 'error', error: payload, memoryBytes: process.memoryUsage().heapUsed });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function contextOf(message: InvokeMessage): Record<string, unknown> {
  return {
    awsRequestId: message.requestId,
    functionName: message.functionName,
    functionVersion: message.functionVersion,
    invokedFunctionArn: message.invokedFunctionArn,
    memoryLimitInMB: message.memoryLimitInMB,
    logGroupName: message.logGroupName,
    logStreamName: message.logStreamName,
    callbackWaitsForEmptyEventLoop: true,
    clientContext: message.clientContext,
    identity: undefined,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMs - Date.now()),
  };
}

import type { InvocationRequest, InvocationResponse } from '@aws-sdk/client-lambda';
import { AwsError, type CallContext, type Operations } from '../../kernel/index.ts';
import type { Functions } from '../functions.ts';
import type { AsyncQueue } from '../invocation/async-queue.ts';
import type { Invoker } from '../invocation/invoker.ts';
import { LOG_TAIL_BYTES, MAX_ASYNC_PAYLOAD_BYTES, MAX_SYNC_PAYLOAD_BYTES } from '../limits.ts';

/** The wire gives bytes; a caller in this process may give text. */
type InvokeInput = Omit<InvocationRequest, 'Payload'> & { readonly Payload?: Uint8Array | string };

export function invokeOperations(functions: Functions, invoker: Invoker, queue: AsyncQueue): Operations {
  return {
    Invoke: async (input: InvokeInput, { requestId }: CallContext): Promise<InvocationResponse> => {
      const { record, version, qualifier } = functions.resolve(input.FunctionName, input.Qualifier);
      const type = input.InvocationType ?? 'RequestResponse';
      const payload = checkPayload(input.Payload, type === 'Event' ? MAX_ASYNC_PAYLOAD_BYTES : MAX_SYNC_PAYLOAD_BYTES);
      const none = new Uint8Array();
      if (type === 'DryRun') return { StatusCode: 204, Payload: none };
      if (type === 'Event') {
        queue.add(requestId, record.name, qualifier, payload);
        return { StatusCode: 202, Payload: none };
      }
      const invokedArn = functions.arn(record.name, qualifier);
      const clientContext =
        input.ClientContext === undefined
          ? undefined
          : parse(Buffer.from(input.ClientContext, 'base64').toString('utf8'), 'Client context');
      const outcome = await invoker.run({ record, version, requestId, invokedArn, payload, clientContext });
      return {
        StatusCode: 200,
        ExecutedVersion: version.version,
        Payload: Buffer.from(outcome.payload),
        ...(outcome.functionError && { FunctionError: outcome.functionError }),
        ...(input.LogType === 'Tail' && {
          LogResult: Buffer.from(outcome.logTail).subarray(-LOG_TAIL_BYTES).toString('base64'),
        }),
      };
    },
  };
}

function checkPayload(body: Uint8Array | string | undefined, most: number): string {
  const text =
    body === undefined || body.length === 0
      ? '{}'
      : typeof body === 'string'
        ? body
        : Buffer.from(body).toString('utf8');
  const bytes = Buffer.byteLength(text);
  if (bytes > most)
    throw new AwsError(
      'RequestTooLargeException',
      `${bytes} byte payload is too large for the ${most === MAX_ASYNC_PAYLOAD_BYTES ? 'Event' : 'RequestResponse'} invocation type (limit ${most} bytes)`,
      413,
    );
  parse(text, 'Could not parse request body into json');
  return text;
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AwsError('InvalidRequestContentException', `${what}: ${(error as Error).message}`, 400, { Type: 'User' });
  }
}

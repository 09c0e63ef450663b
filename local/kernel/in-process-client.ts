import { randomUUID } from 'node:crypto';
import { retryMiddleware, StandardRetryStrategy } from '@smithy/core/retry';
import { NormalizedSchema, TypeRegistry } from '@smithy/core/schema';
import { AwsError } from './aws-error.ts';
import type { Cloud } from './cloud.ts';

/** The part of an SDK command that is needed to carry it out. */
interface Command {
  readonly input: object;
  /** Kind, namespace, name, traits, input, output. */
  readonly schema?: unknown;
}

export interface InProcessClientOptions {
  /** The SigV4 signing name, for instance `redshift-data`. */
  readonly service: string;
  readonly accessKeyId: string;
  /** As in the SDK's own settings. */
  readonly maxAttempts: number;
  /** Around each attempt, where a client's connection would be: may fail it, or lose its answer. */
  readonly attempt?: (call: () => Promise<unknown>) => Promise<unknown>;
}

export interface InProcessClient {
  send(command: Command): Promise<unknown>;
}

interface Operation {
  readonly name: string;
  readonly namespace: string;
  readonly head: boolean;
  /** Members the SDK fills where the caller leaves them out. */
  readonly tokens: readonly string[];
}

/**
 * Carries an SDK client's commands out on a cloud of this process, in the operations' own shapes: no request is written and none is
 * read, which is most of what a call costs. What a caller sees is as with the SDK's client: its retries (the SDK's own middleware and
 * strategy), its exceptions, its idempotency tokens, its bodies.
 */
export function inProcessClient(cloud: Cloud, options: InProcessClientOptions): InProcessClient {
  const caller = cloud.credentials.callerOf(options.accessKeyId);
  const { service, maxAttempts, attempt = (call) => call() } = options;
  const strategy = new StandardRetryStrategy(maxAttempts);
  const retrying = retryMiddleware({
    maxAttempts: () => Promise.resolve(maxAttempts),
    retryStrategy: () => Promise.resolve(strategy),
  });
  return {
    send: async (command) => {
      const operation = operationOf(command);
      const input: Record<string, unknown> = { ...command.input };
      for (const token of operation.tokens) input[token] ??= randomUUID();
      const once = async (): Promise<{ response: undefined; output: { $metadata: object } }> => {
        const output = await attempt(() =>
          cloud.call(service, operation.name, input, caller).catch((error: unknown) => {
            throw exceptionOf(operation, asAwsError(cloud, operation, error));
          }),
        );
        return { response: undefined, output: answerOf(output) };
      };
      // Most calls succeed at once, and the middleware costs more than they do: it hears of the first attempt only when that has failed.
      let first: ReturnType<typeof once> | undefined = once();
      try {
        const { output } = await first;
        strategy.recordSuccess(FIRST_ATTEMPT);
        return { ...output, $metadata: { ...output.$metadata, attempts: 1, totalRetryDelay: 0 } };
      } catch {
        // The middleware sees how it failed.
      }
      const next = (): ReturnType<typeof once> => {
        const attempt = first ?? once();
        first = undefined;
        return attempt;
      };
      const { output } = await retrying(next, {})({ input, request: undefined });
      return output;
    },
  };
}

/** What a strategy hands out for a first attempt. */
const FIRST_ATTEMPT = { getRetryCount: () => 0, getRetryDelay: () => 0, getRetryCost: () => undefined };

const operations = new WeakMap<object, Operation>();

function operationOf({ schema }: Command): Operation {
  if (!Array.isArray(schema)) throw new TypeError('a command without a schema');
  const known = operations.get(schema);
  if (known) return known;
  const [, namespace, name, traits, input] = schema as [number, string, string, unknown, never];
  const { http } = (traits || {}) as { readonly http?: readonly [string] };
  const shape = NormalizedSchema.of(input);
  const tokens = shape.isStructSchema()
    ? [...shape.structIterator()].flatMap(([member, of]) =>
        of.getMergedTraits().idempotencyToken === undefined ? [] : [member],
      )
    : [];
  const operation = { name, namespace, head: http?.[0] === 'HEAD', tokens };
  operations.set(schema, operation);
  return operation;
}

/** As the gateway answers what is no AWS error: an internal failure, of which the cloud is told. */
function asAwsError(cloud: Cloud, { name }: Operation, error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  cloud.fault(error, name);
  return new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
}

type ErrorConstructor = new (options: object) => Error;

/** The exception the service's client has for a code, or its base exception. An answer to HEAD has a status and no code. */
function exceptionOf({ namespace, head }: Operation, { code, message, status, detail }: AwsError): Error {
  const name = !head ? code : status === 404 ? 'NotFound' : 'Unknown';
  const registry = TypeRegistry.for(namespace);
  const synthetic = TypeRegistry.for(`smithy.ts.sdk.synthetic.${namespace}`);
  const schema = errorSchema(registry, namespace, name);
  const base = synthetic.getBaseException();
  const Exception = ((schema && registry.getErrorCtor(schema as never)) ??
    (base && synthetic.getErrorCtor(base)) ??
    Error) as ErrorConstructor;
  return Object.assign(new Exception({ name, message, $metadata: {} }), detail, {
    ...(schema === undefined ? { name } : {}),
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status },
  });
}

/** By its name or, in services that once spoke the Query protocol, by the code it had there. */
function errorSchema(registry: TypeRegistry, namespace: string, name: string): unknown {
  try {
    return registry.getSchema(`${namespace}#${name}`);
  } catch {
    return registry.find((schema) => {
      const { awsQueryError } = NormalizedSchema.of(schema).getMergedTraits() as {
        readonly awsQueryError?: readonly [string];
      };
      return awsQueryError?.[0] === name;
    });
  }
}

/** An operation's output with what the SDK adds to it: metadata, and a body that can be read as text. */
function answerOf(output: unknown): { $metadata: object } {
  const { Body, ...rest } = { ...(output as { readonly Body?: unknown }) };
  const body = Body instanceof Uint8Array ? { Body: bodyOf(Body) } : {};
  return { ...rest, ...body, $metadata: { httpStatusCode: 200 } };
}

function bodyOf(bytes: Uint8Array): object {
  return {
    transformToByteArray: () => Promise.resolve(bytes),
    transformToString: (encoding?: BufferEncoding) =>
      Promise.resolve(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(encoding)),
    destroy: () => undefined,
  };
}

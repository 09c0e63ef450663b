import { AwsError, notImplemented } from './aws-error.ts';
import type { Clock } from './clock.ts';
import { createCredentials, type Credentials } from './credentials.ts';
import type { Documents } from './documents.ts';
import type { Ids } from './ids.ts';
import { errorAnswer, serveProtocol } from './protocol/serve.ts';
import type { CallContext, Caller, Service } from './service.ts';
import { refuseUnsupported } from './unsupported.ts';
import { credentialScope, type WireRequest, type WireResponse } from './wire.ts';

/** One call to one operation, as an interceptor sees it. */
export interface Call {
  readonly context: CallContext;
  /** The parsed input; for a wire service (S3 over HTTP), the request. */
  readonly input: unknown;
}

/**
 * Stands around every call: the place for call logs and, in a simulation, for faults before and after the effect.
 * `proceed` has the effect and may be called zero times or once.
 */
export type Interceptor = (call: Call, proceed: () => Promise<unknown>) => Promise<unknown>;

/** An event a service of the cloud emits itself, as EventBridge delivers it (`source: aws.s3`, …). */
export interface CloudEvent {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface CloudOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly documents: Documents;
  /** Folder for what is not a document: objects, databases, logs, the outbox. */
  readonly directory: string;
  readonly accountId?: string;
  readonly region?: string;
  readonly intercept?: Interceptor;
  /** Told of failures nobody asked about: a crashed delivery, a bug in an operation. */
  readonly onFault?: (error: unknown, where: string) => void;
}

/** What services know of the cloud they run in: its clock, its ids, its state, and each other through `call`. */
export interface Cloud {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly documents: Documents;
  readonly directory: string;
  readonly accountId: string;
  readonly region: string;
  readonly partition: 'aws';
  readonly credentials: Credentials;
  /** Base URL of the gateway; undefined until it listens, or for good in an in-process cloud. */
  endpoint: string | undefined;
  register(service: Service): void;
  /** Calls an operation in this process, in SDK shapes, with the same interception as a call over the wire. */
  call<Output>(service: string, operation: string, input: unknown, caller: Caller): Promise<Output>;
  /** Serves an HTTP request. Never rejects: errors become AWS-shaped answers. */
  dispatch(request: WireRequest): Promise<WireResponse>;
  /** Emits a service event; EventBridge listens. */
  emit(event: CloudEvent): void;
  onEvent(listener: (event: CloudEvent) => void): void;
  fault(error: unknown, where: string): void;
  arn(service: string, resource: string, options?: { readonly region?: string; readonly account?: string }): string;
  close(): Promise<void>;
}

/** The caller for what the cloud does by itself. */
export const ROOT: Caller = { principalArn: 'arn:aws:iam::000000000000:root' };

export function createCloud(options: CloudOptions): Cloud {
  const services = new Map<string, Service>();
  const listeners: ((event: CloudEvent) => void)[] = [];
  const intercept: Interceptor = options.intercept ?? ((_call, proceed) => proceed());
  const accountId = options.accountId ?? '000000000000';
  const region = options.region ?? 'us-east-1';
  const credentials = createCredentials(options.ids, options.documents, accountId);
  const fault = options.onFault ?? ((error, where) => console.error(`local cloud: ${where}:`, error));

  const invoke = (service: Service, operation: string, input: unknown, context: CallContext): Promise<unknown> =>
    intercept({ context, input }, async () => {
      const run = service.operations[operation];
      if (!run) throw notImplemented(service.name, operation);
      refuseUnsupported(service, operation, input);
      return run(input, context);
    });

  const cloud: Cloud = {
    clock: options.clock,
    ids: options.ids,
    documents: options.documents,
    directory: options.directory,
    accountId,
    region,
    partition: 'aws',
    credentials,
    endpoint: undefined,
    register: (service) => {
      if (services.has(service.name)) throw new Error(`service ${service.name} is registered twice`);
      services.set(service.name, service);
    },
    call: async <Output>(name: string, operation: string, input: unknown, caller: Caller) => {
      const service = services.get(name);
      if (!service) throw notImplemented(name, operation);
      const context = { service: name, operation, requestId: options.ids.uuid(), caller };
      return (await invoke(service, operation, input, context)) as Output;
    },
    dispatch: async (request) => {
      const requestId = options.ids.uuid();
      const scope = credentialScope(request);
      const service = services.get(scope?.service ?? 's3');
      const caller = credentials.callerOf(scope?.accessKeyId);
      const wire = service?.wire;
      if (service && wire) {
        const context = { service: service.name, operation: wire.operation(request), requestId, caller };
        return (await intercept({ context, input: request }, () => wire.handle(request, context)).catch((error) =>
          wire.refuse && error instanceof AwsError
            ? wire.refuse(error, request, context)
            : errorAnswer(request, error, requestId),
        )) as WireResponse;
      }
      if (!service || !scope)
        return errorAnswer(request, notImplemented(scope?.service ?? 'unsigned', request.path), requestId);
      if (scope.region !== region)
        return errorAnswer(
          request,
          new AwsError(
            'SignatureDoesNotMatch',
            `Credential should be scoped to a valid region, not '${scope.region}'; this cloud is ${region}.`,
            403,
          ),
          requestId,
        );
      return serveProtocol(service, request, requestId, {
        invoke: (operation, input) =>
          invoke(service, operation, input, { service: service.name, operation, requestId, caller }),
        fault,
      });
    },
    emit: (event) => {
      for (const listener of listeners) listener(event);
    },
    onEvent: (listener) => {
      listeners.push(listener);
    },
    fault,
    arn: (service, resource, scope = {}) =>
      `arn:aws:${service}:${scope.region ?? region}:${scope.account ?? accountId}:${resource}`,
    close: async () => {
      for (const service of [...services.values()].toReversed()) await service.close?.();
      options.documents.close();
    },
  };
  return cloud;
}

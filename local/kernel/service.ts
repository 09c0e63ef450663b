import type { AwsError } from './aws-error.ts';
import type { WireRequest, WireResponse } from './wire.ts';

/** Who is calling, read from the access key in the credential scope, or given by the service that calls on a role's behalf. */
export interface Caller {
  readonly principalArn: string;
  /** The session within the principal's role or user: the access key it signs with. Absent for a service's own calls. */
  readonly session?: string;
}

/** What every operation is told about the call it serves. */
export interface CallContext {
  readonly service: string;
  readonly operation: string;
  readonly requestId: string;
  readonly caller: Caller;
}

/**
 * One operation: parsed input in, output out, both in the shapes of the SDK client (`Date` for timestamps, `Uint8Array` for blobs).
 * Errors are thrown as `AwsError`.
 */
export type Operation<Input, Output> = (input: Input, context: CallContext) => Promise<Output> | Output;

// Each operation has its own input type; a registry of them can only promise that somebody knows it.
// oxlint-disable-next-line typescript/no-explicit-any
export type Operations = Readonly<Record<string, Operation<any, unknown>>>;

export type Unsupported = Readonly<Record<string, readonly string[]>>;

/** A service of the local cloud. */
export interface Service {
  /** The SigV4 signing name, for instance `redshift-data`; the key for `Cloud.call`. */
  readonly name: string;
  readonly operations: Operations;
  /** The client package whose schemas describe the wire, for instance `@aws-sdk/client-sfn`. Absent for a service that speaks HTTP on its own (S3). */
  readonly client?: string;
  /** Members of operations' inputs that this service has no part for, by operation: a call that gives one is refused, never half obeyed. */
  readonly unsupported?: Unsupported;
  /** XML namespace of a Query service's answers. */
  readonly xmlNamespace?: string;
  /** Serves requests that no schema describes. */
  readonly wire?: WireHandler;
  /** Stops timers, workers, connections. Called once. */
  close?(): Promise<void> | void;
}

export interface WireHandler {
  /** The operation's name, for logs, faults and permissions. */
  operation(request: WireRequest): string;
  handle(request: WireRequest, context: CallContext): Promise<WireResponse>;
  /** An error from around the call (an interceptor's fault) in the service's own protocol, where that is neither JSON nor Query. */
  refuse?(error: AwsError, request: WireRequest, context: CallContext): WireResponse;
}

import type { Json } from '../json.ts';
import type { Scope } from '../run/scope.ts';

/** Request-response, run a job, wait for callback. https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html */
export type Pattern = 'request' | 'sync' | 'token';

/** What a Task's `Resource` stands for. */
export interface Integration {
  /** A bare function ARN has history events of its own kind. */
  readonly kind: 'function' | 'service';
  /** As in the history: `lambda` and `invoke`, `aws-sdk:s3` and `getObject`, `states` and `startExecution.sync:2`. */
  readonly resourceType: string;
  readonly resource: string;
  readonly pattern: Pattern;
  call(args: Json, call: IntegrationCall): Promise<Json>;
}

export interface IntegrationCall {
  /** The role the call is made with. */
  readonly roleArn: string;
  readonly executionArn: string;
  /** Cancelled when the task times out or its execution ends. */
  readonly scope: Scope;
  /** Tells the history what the service answered when it took on a job. */
  submitted(output: Json): void;
}

export interface Integrations {
  /** @throws StateFailure `States.Runtime` for a resource that is not there */
  resolve(resource: string): Integration;
  readonly tokens: TaskTokens;
}

/** Tokens of tasks that wait for a callback. */
export interface TaskTokens {
  issue(executionArn: string): string;
  /** Waits for SendTaskSuccess or SendTaskFailure; `beat` is called for each SendTaskHeartbeat. */
  wait(token: string, beat: () => void): Promise<Json>;
  revoke(token: string): void;
}

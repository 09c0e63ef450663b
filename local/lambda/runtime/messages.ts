/** What host and worker say to each other. */
export interface WorkerSettings {
  readonly taskRoot: string;
  /** `path/file.export`. */
  readonly handler: string;
  readonly cacheDirectory: string;
  readonly jsonLogs: boolean;
  /** nodejs24.x and later have no callback-style handlers. */
  readonly callbacks: boolean;
}

export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly deadlineMs: number;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
  readonly traceId: string;
  readonly clientContext: unknown;
}

/** A function's error as Lambda answers it. */
export interface ErrorPayload {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'init-error'; readonly error: ErrorPayload }
  | {
      readonly kind: 'output';
      readonly text: string;
      /** One log event, whatever line breaks it holds. */ readonly whole: boolean;
    }
  | { readonly kind: 'result'; readonly payload: string; readonly memoryBytes: number }
  | { readonly kind: 'error'; readonly error: ErrorPayload; readonly memoryBytes: number }
  | { readonly kind: 'fatal'; readonly error: ErrorPayload };

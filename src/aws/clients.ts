/** Settings every client gets. `standard` retries with backoff and jitter, within a token budget. */
export interface ClientSettings {
  readonly maxAttempts?: number;
  readonly retryMode?: 'standard' | 'adaptive';
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  // A port of the SDK's own; its type comes with each client.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly requestHandler?: any;
}

export const DEFAULT_CLIENT_SETTINGS: ClientSettings = { maxAttempts: 4, retryMode: 'standard' };

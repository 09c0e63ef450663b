interface RetrySettings {
  readonly maxAttempts?: number;
  readonly retryMode?: 'standard' | 'adaptive';
}

/** Settings every client gets. `standard` retries with backoff and jitter, within a token budget. */
export interface ClientSettings extends RetrySettings {
  /** Another way to a service than an SDK client over HTTP: for functions that share a process with their cloud. */
  readonly connect?: (service: ServiceName, settings: RetrySettings) => { send(command: never): Promise<unknown> };
}

/** Services by their signing names. */
export type ServiceName = 'cloudformation' | 'redshift' | 'redshift-data' | 's3' | 'sns' | 'states';

export const DEFAULT_CLIENT_SETTINGS: ClientSettings = { maxAttempts: 4, retryMode: 'standard' };

/** What the adapters use of an SDK client. */
export type Sender<Client extends { send: unknown }> = Pick<Client, 'send'>;

/** A service's SDK client, or what the settings have instead of it. */
export function connectTo<Client extends { send: unknown }>(
  service: ServiceName,
  Client: new (settings: RetrySettings) => Client,
  { connect, ...settings }: ClientSettings,
): Sender<Client> {
  return connect ? connect(service, settings) : new Client(settings);
}

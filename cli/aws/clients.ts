import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { RedshiftClient } from '@aws-sdk/client-redshift';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import { SFNClient } from '@aws-sdk/client-sfn';
import { textOption, type Invocation } from '../command.ts';

/** Clients for the cloud the ordinary AWS settings mean. Made on first use, closed together. */
export interface Clients extends Disposable {
  readonly cloudFormation: CloudFormationClient;
  readonly s3: S3Client;
  readonly states: SFNClient;
  readonly redshift: RedshiftClient;
  readonly redshiftData: RedshiftDataClient;
}

type ClientSettings = {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
};

/**
 * Settings as the SDK itself would find them. They are passed on explicitly only where the invocation brings them along (the demo's
 * own local cloud), because the SDK reads the process's environment and nothing else.
 */
function settings({ environment, options }: Pick<Invocation, 'environment' | 'options'>): ClientSettings {
  const region = textOption(options, 'region') ?? environment['AWS_REGION'] ?? environment['AWS_DEFAULT_REGION'];
  const endpoint = environment['AWS_ENDPOINT_URL'];
  const accessKeyId = environment['AWS_ACCESS_KEY_ID'];
  const secretAccessKey = environment['AWS_SECRET_ACCESS_KEY'];
  const sessionToken = environment['AWS_SESSION_TOKEN'];
  return {
    ...(region === undefined ? {} : { region }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(accessKeyId !== undefined && secretAccessKey !== undefined
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) } }
      : {}),
  };
}

export function createClients(invocation: Pick<Invocation, 'environment' | 'options'>): Clients {
  const given = settings(invocation);
  const made = new Map<string, { destroy(): void }>();
  const once = <T extends { destroy(): void }>(name: string, make: () => T): T => {
    const known = made.get(name) as T | undefined;
    if (known) return known;
    const client = make();
    made.set(name, client);
    return client;
  };
  return {
    get cloudFormation() {
      return once('cloudformation', () => new CloudFormationClient(given));
    },
    get s3() {
      // The local cloud has one host name for all buckets.
      return once('s3', () => new S3Client({ ...given, forcePathStyle: given.endpoint !== undefined }));
    },
    get states() {
      return once('states', () => new SFNClient(given));
    },
    get redshift() {
      return once('redshift', () => new RedshiftClient(given));
    },
    get redshiftData() {
      return once('redshift-data', () => new RedshiftDataClient(given));
    },
    [Symbol.dispose]: () => {
      for (const client of made.values()) client.destroy();
    },
  };
}

import { AwsError, type Cloud } from '../kernel/index.ts';

export interface Queue {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly modified: number;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

const KIND = 'sqs-queue';

export const DEFAULT_ATTRIBUTES: Readonly<Record<string, string>> = {
  VisibilityTimeout: '30',
  MaximumMessageSize: '1048576',
  MessageRetentionPeriod: '345600',
  DelaySeconds: '0',
  ReceiveMessageWaitTimeSeconds: '0',
  SqsManagedSseEnabled: 'true',
};

/** Ranges from https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html. */
const RANGES: Readonly<Record<string, readonly [least: number, most: number]>> = {
  VisibilityTimeout: [0, 43_200],
  MaximumMessageSize: [1024, 1_048_576],
  MessageRetentionPeriod: [60, 1_209_600],
  DelaySeconds: [0, 900],
  ReceiveMessageWaitTimeSeconds: [0, 20],
};

const TEXTS = new Set([
  'Policy',
  'RedrivePolicy',
  'RedriveAllowPolicy',
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
]);

/** @throws AwsError `InvalidAttributeName`, `InvalidAttributeValue`. */
export function checkAttributes(attributes: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(attributes)) {
    const range = RANGES[name];
    if (!range && !TEXTS.has(name)) throw new AwsError('InvalidAttributeName', `Unknown Attribute ${name}.`);
    if (range && (!/^\d+$/.test(value) || Number(value) < range[0] || Number(value) > range[1]))
      throw new AwsError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
  }
}

export interface Queues {
  /** @throws AwsError `QueueDoesNotExist`. */
  byUrl(url: string | undefined): Queue;
  byArn(arn: string): Queue | undefined;
  byName(name: string): Queue | undefined;
  list(): readonly Queue[];
  put(queue: Queue): void;
  delete(queue: Queue): void;
  urlOf(queue: Queue): string;
  arnOf(queue: Queue): string;
}

export const missingQueue = (): AwsError => new AwsError('QueueDoesNotExist', 'The specified queue does not exist.');

export function openQueues(cloud: Cloud): Queues {
  const { documents } = cloud;
  const byName = (name: string): Queue | undefined => documents.get<Queue>(KIND, name);
  return {
    byName,
    // By its last part only: the port may be another one since the URL was handed out.
    byUrl: (url) => {
      const queue = byName(url?.split('/').pop() ?? '');
      if (!queue) throw missingQueue();
      return queue;
    },
    byArn: (arn) => byName(arn.split(':').pop() ?? ''),
    list: () => documents.list<Queue>(KIND).map(({ document }) => document),
    put: (queue) => documents.put(KIND, queue.name, queue),
    delete: (queue) => void documents.delete(KIND, queue.name),
    urlOf: ({ name }) => `${cloud.endpoint ?? `https://sqs.${cloud.region}.amazonaws.com`}/${cloud.accountId}/${name}`,
    arnOf: ({ name }) => cloud.arn('sqs', name),
  };
}

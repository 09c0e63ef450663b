import { createHash } from 'node:crypto';
import type { MessageAttributeValue } from '@aws-sdk/client-sqs';
import { inUtf8Order, type Cloud } from '../kernel/index.ts';
import type { Queue } from './queues.ts';

export interface Message {
  readonly id: string;
  /** Sorts by arrival. */
  readonly place: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, StoredAttribute>>;
  /** Milliseconds since the epoch, as all times here. */
  readonly sent: number;
  readonly sender: string;
  readonly visibleAt: number;
  readonly receives: number;
  readonly firstReceived?: number;
  /** The queue it was moved from as a dead letter. */
  readonly deadLetterSource?: string;
  readonly receipt?: string;
}

export interface StoredAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  /** Base64. */
  readonly BinaryValue?: string;
}

export interface Messages {
  /** In order of arrival, without those whose retention is over. */
  list(queue: Queue): readonly Message[];
  put(queue: Queue, message: Message): void;
  delete(queue: Queue, message: Message): void;
  clear(queue: Queue): void;
  nextPlace(): string;
}

const PLACE_DIGITS = 15;

export function openMessages({ documents, clock, ids }: Cloud): Messages {
  const kind = (queue: Queue): string => `sqs-message ${queue.name}`;
  let order = 0;
  return {
    list: (queue) => {
      const oldest = clock.now() - Number(queue.attributes['MessageRetentionPeriod']) * 1000;
      const all = documents.list<Message>(kind(queue)).map(({ document }) => document);
      for (const message of all) if (message.sent < oldest) documents.delete(kind(queue), message.place);
      return all.filter((message) => message.sent >= oldest);
    },
    put: (queue, message) => documents.put(kind(queue), message.place, message),
    delete: (queue, message) => void documents.delete(kind(queue), message.place),
    clear: (queue) => {
      for (const { id } of documents.list(kind(queue))) documents.delete(kind(queue), id);
    },
    nextPlace: () =>
      `${String(clock.now()).padStart(PLACE_DIGITS, '0')}-${String(order++).padStart(PLACE_DIGITS, '0')}-${ids.hex(8)}`,
  };
}

export function storedAttributes(
  attributes: Readonly<Record<string, MessageAttributeValue>> | undefined,
): Readonly<Record<string, StoredAttribute>> {
  return Object.fromEntries(
    Object.entries(attributes ?? {}).map(([name, { DataType = 'String', StringValue, BinaryValue }]) => [
      name,
      {
        DataType,
        ...(StringValue === undefined ? {} : { StringValue }),
        ...(BinaryValue === undefined ? {} : { BinaryValue: Buffer.from(BinaryValue).toString('base64') }),
      },
    ]),
  );
}

export const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html */
export function md5OfAttributes(attributes: Readonly<Record<string, StoredAttribute>>): string | undefined {
  const names = Object.keys(attributes).toSorted((a, b) => inUtf8Order(a, b));
  if (names.length === 0) return undefined;
  const hash = createHash('md5');
  const add = (bytes: Buffer): void => {
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    hash.update(length).update(bytes);
  };
  for (const name of names) {
    const attribute = attributes[name];
    if (!attribute) continue;
    add(Buffer.from(name));
    add(Buffer.from(attribute.DataType));
    const binary = attribute.DataType.startsWith('Binary');
    hash.update(Buffer.from([binary ? 2 : 1]));
    add(binary ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? ''));
  }
  return hash.digest('hex');
}

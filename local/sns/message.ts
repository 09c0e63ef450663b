import type { MessageAttributeValue, PublishInput } from '@aws-sdk/client-sns';
import { invalidParameter } from './topics.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_Publish.html: message and attributes together. */
const LARGEST_MESSAGE_BYTES = 262_144;
const LONGEST_SUBJECT = 100;

/** A message that was accepted. */
export interface Message {
  readonly id: string;
  readonly subject?: string;
  /** The text for a protocol: its own, where the publisher gave one, or the default. */
  textFor(protocol: string): string;
  readonly attributes: Readonly<Record<string, MessageAttributeValue>>;
}

type MessageInput = Pick<PublishInput, 'Message' | 'Subject' | 'MessageStructure' | 'MessageAttributes'>;

/** @throws AwsError `InvalidParameter`. */
export function acceptMessage(id: string, input: MessageInput): Message {
  const text = input.Message ?? '';
  if (text === '') throw invalidParameter('Empty message');
  const attributes = input.MessageAttributes ?? {};
  if (Buffer.byteLength(text) + attributeBytes(attributes) > LARGEST_MESSAGE_BYTES)
    throw invalidParameter('Message too long');
  checkSubject(input.Subject);
  for (const [name, attribute] of Object.entries(attributes)) checkAttribute(name, attribute);
  const texts = textsOf(text, input.MessageStructure);
  return {
    id,
    ...(input.Subject === undefined ? {} : { subject: input.Subject }),
    textFor: (protocol) => texts.get(protocol) ?? texts.get('default') ?? text,
    attributes,
  };
}

/** ASCII, no line breaks or control characters, starting with a letter, digit or punctuation mark. */
function checkSubject(subject: string | undefined): void {
  if (subject === undefined) return;
  if (!/^[\x21-\x7e][\x20-\x7e]*$/.test(subject) || subject.length > LONGEST_SUBJECT) throw invalidParameter('Subject');
}

function textsOf(text: string, structure: string | undefined): ReadonlyMap<string, string> {
  if (structure === undefined) return new Map([['default', text]]);
  if (structure !== 'json') throw invalidParameter('Message Structure - Unrecognized message structure value');
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidParameter('Message Structure - JSON message body failed to parse');
  }
  const texts = new Map(
    Object.entries(parsed ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
  if (!texts.has('default')) throw invalidParameter('Message Structure - No default entry in JSON message body');
  return texts;
}

function attributeBytes(attributes: Readonly<Record<string, MessageAttributeValue>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, { DataType = '', StringValue, BinaryValue }]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(DataType) + Buffer.byteLength(StringValue ?? BinaryValue ?? ''),
    0,
  );
}

function checkAttribute(name: string, { DataType = '', StringValue, BinaryValue }: MessageAttributeValue): void {
  const refuse = (why: string): never => {
    throw invalidParameter(`MessageAttributes: ${why}`);
  };
  if (!/^[\w-][\w.-]{0,255}$/.test(name) || name.endsWith('.') || name.includes('..'))
    refuse(`the name '${name}' is invalid`);
  if (!/^(String|Number|Binary)(\.|$)/.test(DataType) && DataType !== 'String.Array')
    refuse(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  const value = DataType.startsWith('Binary') ? BinaryValue : StringValue;
  if (value === undefined || value.length === 0)
    refuse(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${DataType}'.`,
    );
  if (DataType.startsWith('Number') && !Number.isFinite(Number(StringValue)))
    refuse(`The message attribute '${name}' has an invalid number value.`);
}

/** Attributes as a filter policy sees them: numbers as numbers, string arrays as arrays. */
export function filterable(attributes: Readonly<Record<string, MessageAttributeValue>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes).flatMap(([name, { DataType = '', StringValue = '' }]): [string, unknown][] => {
      if (DataType.startsWith('Binary')) return [];
      if (DataType === 'String.Array') return [[name, parsed(StringValue)]];
      return [[name, DataType.startsWith('Number') ? Number(StringValue) : StringValue]];
    }),
  );
}

/** The message's body for the scope `MessageBody`; a body that is not JSON passes no policy. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

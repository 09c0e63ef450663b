import type {
  PutEventsRequest,
  PutEventsRequestEntry,
  PutEventsResponse,
  PutEventsResultEntry,
  TestEventPatternRequest,
  TestEventPatternResponse,
} from '@aws-sdk/client-eventbridge';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import { envelope, type BusEvent } from '../event.ts';
import { compilePattern } from '../pattern/compile.ts';
import type { Rules } from '../rules.ts';

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const MAX_ENTRIES = 10;
const MAX_BYTES = 262_144;

export function putEventsOperations(
  cloud: Cloud,
  rules: Rules,
  publish: (bus: string, event: BusEvent) => void,
): Operations {
  const put = (entry: PutEventsRequestEntry): PutEventsResultEntry => {
    const refused = problemOf(entry);
    if (refused) return refused;
    const bus = rules.busName(entry.EventBusName);
    const event = envelope(
      cloud,
      {
        source: entry.Source ?? '',
        detailType: entry.DetailType ?? '',
        resources: entry.Resources ?? [],
        detail: JSON.parse(entry.Detail ?? '{}') as Record<string, unknown>,
      },
      entry.Time?.getTime(),
    );
    publish(bus, event);
    return { EventId: event.id };
  };

  return {
    PutEvents: (input: PutEventsRequest): PutEventsResponse => {
      const entries = required(input.Entries, 'entries');
      if (input.EndpointId !== undefined)
        throw new AwsError('ValidationException', 'EndpointId is not implemented by the local cloud');
      if (entries.length === 0 || entries.length > MAX_ENTRIES)
        throw new AwsError(
          'ValidationException',
          `1 validation error detected: Value at 'entries' failed to satisfy constraint: Member must have length between 1 and ${MAX_ENTRIES}`,
        );
      if (entries.reduce((bytes, entry) => bytes + sizeOf(entry), 0) > MAX_BYTES)
        throw new AwsError(
          'ValidationException',
          `Total size of the entries in the request is over the limit of ${MAX_BYTES} bytes.`,
        );
      const results = entries.map(put);
      return { FailedEntryCount: results.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries: results };
    },

    TestEventPattern: (input: TestEventPatternRequest): TestEventPatternResponse => {
      const matches = compilePattern(required(input.EventPattern, 'eventPattern'));
      let event: unknown;
      try {
        event = JSON.parse(required(input.Event, 'event'));
      } catch {
        throw new AwsError('ValidationException', 'Parameter Event is not valid.');
      }
      return { Result: matches(event) };
    },
  };
}

function problemOf(entry: PutEventsRequestEntry): PutEventsResultEntry | undefined {
  const problem = (ErrorCode: string, ErrorMessage: string): PutEventsResultEntry => ({ ErrorCode, ErrorMessage });
  for (const name of ['Source', 'DetailType', 'Detail'] as const)
    if (!entry[name])
      return problem('InvalidArgument', `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  if (entry.Source?.startsWith('aws.')) return problem('NotAuthorizedForSource', 'Not authorized for the source.');
  try {
    const detail: unknown = JSON.parse(entry.Detail ?? '');
    if (typeof detail === 'object' && detail !== null && !Array.isArray(detail)) return undefined;
  } catch {
    // Said below.
  }
  return problem('MalformedDetail', 'Detail is malformed.');
}

/** As AWS counts: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-calculating-event-size */
function sizeOf(entry: PutEventsRequestEntry): number {
  const texts = [entry.Source, entry.DetailType, entry.Detail, ...(entry.Resources ?? [])];
  return (entry.Time ? 14 : 0) + texts.reduce((bytes, text) => bytes + Buffer.byteLength(text ?? ''), 0);
}

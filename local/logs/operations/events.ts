import type {
  CreateLogStreamRequest,
  DeleteLogStreamRequest,
  DescribeLogStreamsRequest,
  DescribeLogStreamsResponse,
  FilterLogEventsRequest,
  FilterLogEventsResponse,
  GetLogEventsRequest,
  GetLogEventsResponse,
  PutLogEventsRequest,
  PutLogEventsResponse,
} from '@aws-sdk/client-cloudwatch-logs';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import { parseFilterPattern } from '../filter-pattern.ts';
import { exists, missing, type GroupRecord, type Groups, type StreamRecord } from '../groups.ts';
import type { LogEvent } from '../log-file.ts';
import { page } from './page.ts';

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
const MAX_BATCH_BYTES = 1_048_576;
const MAX_BATCH_EVENTS = 10_000;
const EVENT_OVERHEAD_BYTES = 26;
/** Event ids have 56 digits on AWS. */
const ID_DIGITS = 56;
const MAX_PAGE = 10_000;

export function eventOperations(cloud: Cloud, groups: Groups): Operations {
  const findStream = (group: GroupRecord, name: string | undefined): StreamRecord => {
    const stream = groups.stream(group.name, required(name, 'logStreamName'));
    if (!stream) throw missing('log stream');
    return stream;
  };
  const within =
    (group: GroupRecord, from: number | undefined, to: number | undefined) =>
    ({ timestamp }: LogEvent): boolean =>
      timestamp >= Math.max(from ?? 0, groups.oldest(group)) && timestamp < (to ?? Infinity);

  return {
    CreateLogStream: (input: CreateLogStreamRequest) => {
      const group = groups.find(input.logGroupName);
      const name = required(input.logStreamName, 'logStreamName');
      if (!/^[^:*]{1,512}$/.test(name))
        throw new AwsError('InvalidParameterException', `Invalid log stream name: ${name}`);
      if (groups.stream(group.name, name)) throw exists('log stream');
      groups.saveStream(group.name, { name, creationTime: cloud.clock.now(), written: 0 });
      return {};
    },
    /** Its events stay in the group's file until the group goes, but nothing shows them any more. */
    DeleteLogStream: (input: DeleteLogStreamRequest) => {
      const group = groups.find(input.logGroupName);
      groups.deleteStream(group.name, findStream(group, input.logStreamName).name);
      return {};
    },
    DescribeLogStreams: (input: DescribeLogStreamsRequest): DescribeLogStreamsResponse => {
      const group = groups.find(input.logGroupName, input.logGroupIdentifier);
      const found = groups
        .streams(group.name)
        .filter(({ name }) => name.startsWith(input.logStreamNamePrefix ?? ''))
        .toSorted((a, b) =>
          input.orderBy === 'LastEventTime'
            ? (a.lastEventTimestamp ?? 0) - (b.lastEventTimestamp ?? 0)
            : a.name < b.name
              ? -1
              : 1,
        );
      const { items, nextToken } = page(
        input.descending ? found.toReversed() : found,
        input.limit ?? 50,
        input.nextToken,
      );
      return {
        logStreams: items.map(({ name, written: _written, ...times }) => ({
          logStreamName: name,
          ...times,
          arn: `${groups.arn(group.name)}:log-stream:${name}`,
          storedBytes: 0,
        })),
        ...(nextToken !== undefined && { nextToken }),
      };
    },
    PutLogEvents: (input: PutLogEventsRequest): PutLogEventsResponse => {
      const group = groups.find(input.logGroupName);
      const stream = findStream(group, input.logStreamName);
      const events = required(input.logEvents, 'logEvents').map((event) => ({
        timestamp: required(event.timestamp, 'logEvents.1.member.timestamp'),
        message: required(event.message, 'logEvents.1.member.message'),
      }));
      const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message) + EVENT_OVERHEAD_BYTES, 0);
      if (events.length === 0 || events.length > MAX_BATCH_EVENTS || bytes > MAX_BATCH_BYTES)
        throw new AwsError('InvalidParameterException', 'Log event batch is empty or too large');
      if (events.some(({ timestamp }, at) => timestamp < (events[at - 1]?.timestamp ?? 0)))
        throw new AwsError(
          'InvalidParameterException',
          'Log events in a single PutLogEvents request must be in chronological order.',
        );
      const ingestionTime = cloud.clock.now();
      groups.file(group.name).append(
        events.map(({ timestamp, message }, at) => ({
          id: `${timestamp}${String(stream.written + at).padStart(20, '0')}`.padStart(ID_DIGITS, '0'),
          stream: stream.name,
          timestamp,
          ingestionTime,
          message,
        })),
      );
      stream.written += events.length;
      stream.firstEventTimestamp ??= events[0]?.timestamp ?? ingestionTime;
      stream.lastEventTimestamp = Math.max(stream.lastEventTimestamp ?? 0, events.at(-1)?.timestamp ?? 0);
      stream.lastIngestionTime = ingestionTime;
      group.storedBytes += bytes;
      groups.saveStream(group.name, stream);
      groups.save(group);
      return { nextSequenceToken: String(stream.written) };
    },
    GetLogEvents: async (input: GetLogEventsRequest): Promise<GetLogEventsResponse> => {
      const group = groups.find(input.logGroupName, input.logGroupIdentifier);
      const stream = findStream(group, input.logStreamName);
      const inTime = within(group, input.startTime, input.endTime);
      const all = await groups.file(group.name).read((event) => event.stream === stream.name && inTime(event));
      const size = Math.min(input.limit ?? MAX_PAGE, MAX_PAGE);
      const { from, to } = window(input, all.length, size);
      return {
        events: all
          .slice(from, to)
          .map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
        nextForwardToken: `f/${to}`,
        nextBackwardToken: `b/${from}`,
      };
    },
    FilterLogEvents: async (input: FilterLogEventsRequest): Promise<FilterLogEventsResponse> => {
      const group = groups.find(input.logGroupName, input.logGroupIdentifier);
      const matches = parseFilterPattern(input.filterPattern);
      const inTime = within(group, input.startTime, input.endTime);
      const wanted = new Set(
        groups
          .streams(group.name)
          .map(({ name }) => name)
          .filter(
            (name) =>
              name.startsWith(input.logStreamNamePrefix ?? '') && (input.logStreamNames?.includes(name) ?? true),
          ),
      );
      const all = await groups
        .file(group.name)
        .read((event) => wanted.has(event.stream) && inTime(event) && matches(event.message));
      const { items, nextToken } = page(all, Math.min(input.limit ?? MAX_PAGE, MAX_PAGE), input.nextToken);
      return {
        events: items.map(({ id, stream, timestamp, message, ingestionTime }) => ({
          logStreamName: stream,
          timestamp,
          message,
          ingestionTime,
          eventId: id,
        })),
        searchedLogStreams: [],
        ...(nextToken !== undefined && { nextToken }),
      };
    },
  };
}

/** Where GetLogEvents reads: from the head or, by default, at the tail; then on by the token it gave. */
function window(
  { nextToken, startFromHead }: GetLogEventsRequest,
  total: number,
  size: number,
): { readonly from: number; readonly to: number } {
  const token = /^([fb])\/(\d+)$/.exec(nextToken ?? '');
  if (nextToken !== undefined && !token)
    throw new AwsError('InvalidParameterException', 'The specified nextToken is invalid.');
  const at = Number(token?.[2] ?? (startFromHead ? 0 : total));
  const forward = token ? token[1] === 'f' : startFromHead === true;
  return forward
    ? { from: Math.min(at, total), to: Math.min(at + size, total) }
    : { from: Math.max(0, at - size), to: Math.min(at, total) };
}

import { AwsError, required, type Cloud } from '../kernel/index.ts';
import { LogFile } from './log-file.ts';

export interface GroupRecord {
  readonly name: string;
  readonly creationTime: number;
  retentionInDays?: number;
  kmsKeyId?: string;
  tags: Record<string, string>;
  storedBytes: number;
  /** By filter name, as PutMetricFilter gave them. */
  metricFilters: Record<string, unknown>;
}

export interface StreamRecord {
  readonly name: string;
  readonly creationTime: number;
  firstEventTimestamp?: number;
  lastEventTimestamp?: number;
  lastIngestionTime?: number;
  /** Events written so far: their ids go on from here. */
  written: number;
}

const GROUP_KIND = 'logs/group';
const streamKind = (group: string): string => `logs/stream/${group}`;
const DAY_MS = 24 * 3600 * 1000;

export const missing = (what: string): AwsError =>
  new AwsError('ResourceNotFoundException', `The specified ${what} does not exist.`);
export const exists = (what: string): AwsError =>
  new AwsError('ResourceAlreadyExistsException', `The specified ${what} already exists`);

/** Log groups and their streams. */
export class Groups {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  arn(name: string): string {
    return this.#cloud.arn('logs', `log-group:${name}`);
  }

  file(name: string): LogFile {
    return new LogFile(this.#cloud.directory, name, this.#cloud.clock);
  }

  get(name: string): GroupRecord | undefined {
    return this.#cloud.documents.get<GroupRecord>(GROUP_KIND, name);
  }

  /** By name or ARN (`logGroupIdentifier`). @throws AwsError `ResourceNotFoundException` */
  find(name: string | undefined, identifier?: string): GroupRecord {
    const wanted = required(name ?? identifier, 'logGroupName');
    const group = this.get(/^arn:[\w-]+:logs:[^:]*:\d*:log-group:([^:]+)/.exec(wanted)?.[1] ?? wanted);
    if (!group) throw missing('log group');
    return group;
  }

  all(): readonly GroupRecord[] {
    return this.#cloud.documents.list<GroupRecord>(GROUP_KIND).map(({ document }) => document);
  }

  save(group: GroupRecord): void {
    this.#cloud.documents.put(GROUP_KIND, group.name, group);
  }

  delete(group: GroupRecord): void {
    for (const { name } of this.streams(group.name)) this.deleteStream(group.name, name);
    this.#cloud.documents.delete(GROUP_KIND, group.name);
    this.file(group.name).delete();
  }

  /** Events older than the retention are gone. */
  oldest(group: GroupRecord): number {
    return group.retentionInDays === undefined ? 0 : this.#cloud.clock.now() - group.retentionInDays * DAY_MS;
  }

  stream(group: string, name: string): StreamRecord | undefined {
    return this.#cloud.documents.get<StreamRecord>(streamKind(group), name);
  }

  streams(group: string): readonly StreamRecord[] {
    return this.#cloud.documents.list<StreamRecord>(streamKind(group)).map(({ document }) => document);
  }

  saveStream(group: string, stream: StreamRecord): void {
    this.#cloud.documents.put(streamKind(group), stream.name, stream);
  }

  deleteStream(group: string, name: string): void {
    this.#cloud.documents.delete(streamKind(group), name);
  }
}

import { s3Error } from './errors.ts';
import type { Version } from './store/rows.ts';

/** Conditions on a read, as headers carry them. */
export interface ReadConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
  readonly IfModifiedSince?: Date | undefined;
  readonly IfUnmodifiedSince?: Date | undefined;
}

interface Validators {
  readonly etag: string;
  readonly modified: number;
}

/**
 * In RFC 9110's order: a matching ETag overrides the dates.
 * @throws AwsError `PreconditionFailed`, `NotModified`.
 */
export function checkRead(conditions: ReadConditions, object: Validators): void {
  const outcome = evaluate(conditions, object);
  if (outcome === 'failed') throw failed(conditions.IfMatch === undefined ? 'If-Unmodified-Since' : 'If-Match');
  if (outcome === 'unchanged')
    throw s3Error('NotModified', { ETag: `"${object.etag}"`, LastModified: new Date(object.modified) });
}

/** Conditions on a copy's source: all four fail alike. @throws AwsError `PreconditionFailed`. */
export function checkCopySource(conditions: ReadConditions, source: Validators): void {
  if (evaluate(conditions, source) !== 'met') throw failed('x-amz-copy-source-if-*');
}

function evaluate(conditions: ReadConditions, { etag, modified }: Validators): 'met' | 'failed' | 'unchanged' {
  // HTTP dates have whole seconds.
  const seconds = (ms: number): number => Math.floor(ms / 1000);
  if (conditions.IfMatch !== undefined) {
    if (!lists(conditions.IfMatch, etag)) return 'failed';
  } else if (conditions.IfUnmodifiedSince && seconds(modified) > seconds(conditions.IfUnmodifiedSince.getTime()))
    return 'failed';
  if (conditions.IfNoneMatch !== undefined) {
    if (lists(conditions.IfNoneMatch, etag)) return 'unchanged';
  } else if (conditions.IfModifiedSince && seconds(modified) <= seconds(conditions.IfModifiedSince.getTime()))
    return 'unchanged';
  return 'met';
}

export interface WriteConditions {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @throws AwsError `PreconditionFailed`; `NoSuchKey` for `If-Match` where there is no object; `NotImplemented` for `If-None-Match`
 * with anything but `*`.
 */
export function checkWrite(conditions: WriteConditions, current: Version | undefined, key: string): void {
  const object = current && !current.deleteMarker ? current : undefined;
  if (conditions.IfNoneMatch !== undefined) {
    if (conditions.IfNoneMatch !== '*') throw s3Error('NotImplemented', { Header: 'If-None-Match' });
    if (object) throw failed('If-None-Match');
  }
  if (conditions.IfMatch === undefined) return;
  if (!object) throw s3Error('NoSuchKey', { Key: key });
  if (!lists(conditions.IfMatch, object.etag)) throw failed('If-Match');
}

/** A delete of what is not there succeeds whatever the condition. @throws AwsError `PreconditionFailed`. */
export function checkDelete(ifMatch: string | undefined, current: Version | undefined): void {
  if (ifMatch === undefined || !current || current.deleteMarker) return;
  if (!lists(ifMatch, current.etag)) throw failed('If-Match');
}

function failed(condition: string): Error {
  return s3Error('PreconditionFailed', { Condition: condition });
}

/** Whether an `If-Match` list names the ETag; clients send it with and without quotes. */
function lists(header: string, etag: string): boolean {
  return header
    .split(',')
    .map((entry) => entry.trim().replace(/^W\//, '').replaceAll('"', ''))
    .some((entry) => entry === '*' || entry === etag);
}

import type { WireRequest } from '../../kernel/index.ts';
import { AwsError } from '../../kernel/index.ts';
import { s3Error } from '../errors.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html: seven days. */
const LONGEST_LIFE_SECONDS = 604_800;

/** A presigned URL lives as long as it says. Its signature is not verified. @throws AwsError `AccessDenied` once it has expired. */
export function checkPresigned(request: WireRequest, nowMs: number): void {
  const expires = expiryOf(request);
  if (expires !== undefined && nowMs > expires)
    throw s3Error(
      'AccessDenied',
      { Expires: new Date(expires).toISOString(), ServerTime: new Date(nowMs).toISOString() },
      'Request has expired',
    );
}

/** Milliseconds since the epoch; undefined for a request that is not presigned. */
function expiryOf({ query }: WireRequest): number | undefined {
  if (query.has('AWSAccessKeyId')) return Number(query.get('Expires')) * 1000;
  const signed = query.get('X-Amz-Date');
  if (signed === null || !query.has('X-Amz-Credential')) return undefined;
  const life = Number(query.get('X-Amz-Expires'));
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signed) ?? [];
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(start) || !Number.isInteger(life) || life < 0 || life > LONGEST_LIFE_SECONDS)
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'X-Amz-Date and X-Amz-Expires must be a date and a number of seconds less than a week',
    );
  return start + life * 1000;
}

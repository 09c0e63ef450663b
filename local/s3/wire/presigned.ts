import type { WireRequest } from '../../kernel/index.ts';
import { AwsError } from '../../kernel/index.ts';
import { s3Error } from '../errors.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html: seven days. */
const LONGEST_LIFE_SECONDS = 604_800;

/** A presigned URL lives as long as it says. Its signature is not verified. @throws AwsError `AccessDenied` once it has expired. */
export function checkPresigned(request: WireRequest, nowMs: number): void {
  const signed = request.query.get('X-Amz-Date');
  if (signed === null || !request.query.has('X-Amz-Credential')) return;
  const life = Number(request.query.get('X-Amz-Expires'));
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(signed) ?? [];
  const start = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(start) || !Number.isInteger(life) || life < 0 || life > LONGEST_LIFE_SECONDS)
    throw new AwsError(
      'AuthorizationQueryParametersError',
      'X-Amz-Date and X-Amz-Expires must be a date and a number of seconds less than a week',
      400,
    );
  const expires = start + life * 1000;
  if (nowMs > expires)
    throw s3Error(
      'AccessDenied',
      { 'X-Amz-Expires': life, Expires: new Date(expires).toISOString(), ServerTime: new Date(nowMs).toISOString() },
      'Request has expired',
    );
}

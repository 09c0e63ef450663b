import { PlanImpossible } from '../errors/errors.ts';

/**
 * A text as a literal. Redshift reads a backslash in a plain literal as the start of an escape, so it is doubled like the quotation mark.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_Character_types.html. Throws on what no literal can hold: NUL, half characters.
 */
export function literal(text: string): string {
  if (text.includes('\0') || !text.isWellFormed())
    throw new PlanImpossible('A text cannot be written in SQL.', {
      why: 'It holds a NUL or half of a character.',
      next: 'Remove the character.',
    });
  return `'${text.replaceAll(/['\\]/g, '$&$&')}'`;
}

/** A whole number as a literal. */
export function integer(value: number): string {
  if (!Number.isSafeInteger(value)) throw new PlanImpossible(`${value} is not a whole number.`);
  return String(value);
}

/** `date '2026-11-22'`. */
export function dateLiteral(date: string): string {
  if (!isDate(date)) throw new PlanImpossible(`'${date.slice(0, 20)}' is not a date.`);
  return `date '${date}'`;
}

/** Whether a text is a day that exists, as YYYY-MM-DD. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** Bucket names as S3 allows them. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

/** `s3://bucket/key`, not quoted. */
export function s3Url(bucket: string, key: string): string {
  if (!BUCKET.test(bucket)) throw new PlanImpossible(`'${bucket.slice(0, 80)}' is not the name of a bucket.`);
  return `s3://${bucket}/${key}`;
}

/** `'s3://bucket/key'`. */
export function s3Literal(bucket: string, key: string): string {
  return literal(s3Url(bucket, key));
}

/** The ARN of a role, as a literal. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html */
export function roleLiteral(arn: string): string {
  if (!/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]{1,512}$/.test(arn))
    throw new PlanImpossible(`'${arn.slice(0, 80)}' is not the ARN of a role.`);
  return literal(arn);
}

import { invalidOption } from './failure.ts';

export interface S3Address {
  readonly bucket: string;
  readonly key: string;
}

/** `s3://bucket/key`. @throws RedshiftError for anything else. */
export function parseS3Address(url: string): S3Address {
  const match = /^s3:\/\/([^/]+)(?:\/([^]*))?$/.exec(url);
  if (!match) throw invalidOption(`Invalid S3 address '${url}': it must be s3://bucket/key`);
  return { bucket: match[1] ?? '', key: match[2] ?? '' };
}

export function s3Url({ bucket, key }: S3Address): string {
  return `s3://${bucket}/${key}`;
}

import { s3Error } from './errors.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
const LONGEST_KEY_BYTES = 1024;

const RESERVED_PREFIXES = ['xn--', 'sthree-', 'amzn-s3-demo-'];
const RESERVED_SUFFIXES = ['-s3alias', '--ol-s3', '.mrap', '--x-s3', '--table-s3'];

/**
 * The rules for general purpose buckets.
 * @throws AwsError `InvalidBucketName`. https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
 */
export function checkBucketName(name: string): void {
  const valid =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) &&
    !name.includes('..') &&
    !/^\d+\.\d+\.\d+\.\d+$/.test(name) &&
    !RESERVED_PREFIXES.some((prefix) => name.startsWith(prefix)) &&
    !RESERVED_SUFFIXES.some((suffix) => name.endsWith(suffix));
  if (!valid) throw s3Error('InvalidBucketName', { BucketName: name });
}

/** @throws AwsError `KeyTooLongError`, or `InvalidURI` for a key that is not Unicode text. */
export function checkKey(key: string): void {
  if (!key.isWellFormed()) throw s3Error('InvalidURI', { Key: key });
  const size = Buffer.byteLength(key);
  if (size > LONGEST_KEY_BYTES) throw s3Error('KeyTooLongError', { Size: size, MaxSizeAllowed: LONGEST_KEY_BYTES });
}

const LAST_CODE_POINT = 0x10ffff;
const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;

/**
 * The smallest text that sorts after every text with this prefix, in UTF-8 byte order (which is code point order).
 * Undefined where there is none: the empty prefix, or nothing but U+10FFFF.
 */
export function afterPrefix(prefix: string): string | undefined {
  const points = Array.from(prefix);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    const point = last.codePointAt(0) ?? 0;
    if (point === LAST_CODE_POINT) continue;
    const next = point + 1 === FIRST_SURROGATE ? AFTER_SURROGATES : point + 1;
    return points.join('') + String.fromCodePoint(next);
  }
  return undefined;
}

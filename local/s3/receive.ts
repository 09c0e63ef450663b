import { createHash } from 'node:crypto';
import { held, type Clock } from '../kernel/index.ts';
import { givenChecksum, startDigest, toAlgorithm, type Algorithm } from './checksums/algorithms.ts';
import { s3Error } from './errors.ts';
import type { DataFiles, Incoming } from './store/data-files.ts';

/** A body as it comes over the wire, already decoded from `aws-chunked`. */
export interface BodyStream {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Bytes the client announced. */
  readonly length?: number | undefined;
  /** Hex SHA-256 the client signed, if it did. */
  readonly sha256?: string | undefined;
  /** The algorithm whose checksum comes in the trailer. */
  readonly trailing?: Algorithm | undefined;
  /** The trailer's value, once the chunks have ended. */
  trailer?(algorithm: Algorithm): string | undefined;
}

/** What an operation takes as `Body`: a stream over the wire, bytes or text from inside this process. */
export type Body = BodyStream | Uint8Array | string | undefined;

export interface Received {
  readonly incoming: Incoming;
  /** Bytes. */
  readonly size: number;
  readonly md5: Buffer;
  readonly checksum?: { readonly algorithm: Algorithm; readonly value: string };
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html: 5 GB in one request. */
export const LARGEST_PUT_BYTES = 5 * 1024 ** 3;

/** Bodies up to this size take one synchronous write instead of four trips to the thread pool. */
const SMALL_BYTES = 64 * 1024;

/** Members of the input that say what the body must be. */
interface BodyClaims {
  readonly Body?: Body;
  readonly ContentMD5?: string;
  readonly ChecksumAlgorithm?: string;
}

/**
 * Takes a body to a file of its own, checking its length, MD5, signed SHA-256 and checksum on the way. Nothing stays of a body that is
 * refused. `always` is an algorithm to compute even when the client gave no checksum.
 * @throws AwsError `BadDigest`, `InvalidDigest`, `IncompleteBody`, `EntityTooLarge`, `XAmzContentSHA256Mismatch`.
 */
export async function receive(
  files: DataFiles,
  clock: Clock,
  input: BodyClaims,
  always?: Algorithm,
): Promise<Received> {
  const body: BodyStream = isStream(input.Body) ? input.Body : inMemory(input.Body);
  const given = givenChecksum(input as Readonly<Record<string, unknown>>);
  const asked = input.ChecksumAlgorithm === undefined ? undefined : toAlgorithm(input.ChecksumAlgorithm);
  const algorithm = given?.algorithm ?? body.trailing ?? asked ?? always;
  const md5 = createHash('md5');
  const sha256 = body.sha256 === undefined ? undefined : createHash('sha256');
  const checksum = algorithm && startDigest(algorithm);
  const contentMd5 = input.ContentMD5 === undefined ? undefined : Buffer.from(input.ContentMD5, 'base64');
  if (contentMd5 && contentMd5.length !== 16) throw s3Error('InvalidDigest', { 'Content-MD5': input.ContentMD5 });
  if ((body.length ?? 0) > LARGEST_PUT_BYTES) throw tooLarge(body.length ?? 0);

  let size = 0;
  async function* measured(): AsyncGenerator<Uint8Array> {
    for await (const chunk of body.chunks) {
      size += chunk.byteLength;
      if (size > LARGEST_PUT_BYTES) throw tooLarge(size);
      md5.update(chunk);
      sha256?.update(chunk);
      checksum?.update(chunk);
      yield chunk;
    }
  }
  const incoming = await write(files, clock, input.Body, measured(), body.length);
  try {
    if (body.length !== undefined && size !== body.length) throw s3Error('IncompleteBody');
    const digest = md5.digest();
    if (contentMd5 && !contentMd5.equals(digest))
      throw s3Error(
        'BadDigest',
        { ExpectedDigest: contentMd5.toString('hex'), CalculatedDigest: digest.toString('base64') },
        'The Content-MD5 you specified did not match what we received.',
      );
    if (sha256 && sha256.digest('hex') !== body.sha256) throw s3Error('XAmzContentSHA256Mismatch');
    if (!algorithm || !checksum) return { incoming, size, md5: digest };
    const value = checksum.digest().toString('base64');
    const expected = given?.value ?? body.trailer?.(algorithm);
    if (expected !== undefined && expected !== value) throw wrongChecksum(algorithm, expected);
    return { incoming, size, md5: digest, checksum: { algorithm, value } };
  } catch (error) {
    incoming.discard();
    throw error;
  }
}

async function write(
  files: DataFiles,
  clock: Clock,
  body: Body,
  chunks: AsyncIterable<Uint8Array>,
  length: number | undefined,
): Promise<Incoming> {
  if (length === undefined || length > SMALL_BYTES) return held(clock, files.stream(chunks));
  const gather = async (): Promise<Incoming> => files.write(await Array.fromAsync(chunks));
  return isStream(body) ? held(clock, gather()) : gather();
}

function isStream(body: Body): body is BodyStream {
  return typeof body === 'object' && 'chunks' in body;
}

function inMemory(body: Uint8Array | string | undefined): BodyStream {
  const bytes = typeof body === 'string' ? Buffer.from(body) : (body ?? new Uint8Array());
  // oxlint-disable-next-line typescript/require-await -- an async iterable of what is there already
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  return { chunks: chunks(), length: bytes.byteLength };
}

/** A value that no such checksum can have is another error than one that does not match. */
function wrongChecksum(algorithm: Algorithm, expected: string): Error {
  const name = algorithm.toLowerCase();
  const length = startDigest(algorithm).digest().length;
  if (Buffer.from(expected, 'base64').length !== length)
    return s3Error('InvalidRequest', {}, `Value for x-amz-checksum-${name} header is invalid.`);
  return s3Error('BadDigest', {}, `The ${algorithm} you specified did not match the calculated checksum.`);
}

function tooLarge(size: number): Error {
  return s3Error('EntityTooLarge', { ProposedSize: size, MaxSizeAllowed: LARGEST_PUT_BYTES });
}

import { Readable } from 'node:stream';
import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError, readBody, type WireRequest } from '../../kernel/index.ts';
import { hasTrait, membersOf, trait, type OperationSchema } from '../../kernel/protocol/schema.ts';
import { ALGORITHMS, startDigest, toAlgorithm } from '../checksums/algorithms.ts';
import { createHash } from 'node:crypto';
import { invalidArgument, s3Error } from '../errors.ts';
import type { BodyStream } from '../receive.ts';
import { decodeAwsChunked } from './aws-chunked.ts';
import { isOfTheRequest, targetOf } from './route.ts';
import { parseXml } from './xml-document.ts';

/** A request in SDK shapes; a streaming body stays a stream. @throws AwsError `NotImplemented` for an unknown query parameter. */
export async function parseRequest(operation: OperationSchema, request: WireRequest): Promise<Record<string, unknown>> {
  const headers = withHoistedHeaders(request);
  const target = targetOf(request.path);
  const input: Record<string, unknown> = {};
  const known = new Set(new URLSearchParams(operation.http?.uri.split('?')[1]).keys());
  let body: Promise<Buffer> | undefined;
  const text = async (): Promise<string> => (await (body ??= documentBody(request, headers))).toString('utf8');
  for (const [name, member] of membersOf(operation.input)) {
    const query = trait(member, 'httpQuery');
    const header = trait(member, 'httpHeader')?.toLowerCase();
    const prefix = trait(member, 'httpPrefixHeaders')?.toLowerCase();
    let value: unknown;
    if (hasTrait(member, 'httpLabel')) value = name === 'Bucket' ? target.bucket : target.key;
    else if (query !== undefined) {
      known.add(query);
      value = scalar(member, query, request.query.get(query) ?? undefined);
    } else if (prefix !== undefined) value = prefixed(headers, prefix);
    else if (header !== undefined) value = scalar(member, header, headers[header]);
    else if (hasTrait(member, 'streaming')) value = streamBody(request, headers);
    else if (member.isStructSchema()) {
      const document = await text();
      value = document === '' ? undefined : parseXml(member, document);
    } else value = await text();
    if (value !== undefined) input[name] = value;
  }
  for (const name of request.query.keys())
    if (!known.has(name) && !isOfTheRequest(name))
      throw new AwsError(
        'NotImplemented',
        `s3:${operation.name} with ?${name} is not implemented by the local cloud`,
        501,
      );
  return withoutAwsChunked(input);
}

/** A presigned URL carries headers as query parameters. */
function withHoistedHeaders(request: WireRequest): Readonly<Record<string, string>> {
  const headers: Record<string, string> = { ...request.headers };
  for (const [name, value] of request.query) if (/^x-amz-/i.test(name)) headers[name.toLowerCase()] ??= value;
  return headers;
}

/** `aws-chunked` is how the body travelled, not how the object is encoded. */
function withoutAwsChunked(input: Record<string, unknown>): Record<string, unknown> {
  const { ContentEncoding: encoding, ...rest } = input;
  if (typeof encoding !== 'string') return input;
  const kept = encoding
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '' && entry !== 'aws-chunked');
  return kept.length > 0 ? { ...rest, ContentEncoding: kept.join(',') } : rest;
}

function prefixed(headers: Readonly<Record<string, string>>, prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix));
  return found.length === 0
    ? undefined
    : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function scalar(member: NormalizedSchema, name: string, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (member.isListSchema()) return text.split(',').map((entry) => entry.trim());
  if (member.isNumericSchema()) {
    if (!/^-?\d+$/.test(text))
      throw invalidArgument(name, text, `Provided ${name} not an integer or within integer range`);
    return Number(text);
  }
  if (member.isBooleanSchema()) return text.toLowerCase() === 'true';
  if (member.isTimestampSchema()) {
    const date = new Date(text);
    // A date that is none is ignored, as HTTP asks.
    return Number.isNaN(date.getTime()) ? undefined : date;
  }
  return text;
}

function streamBody(request: WireRequest, headers: Readonly<Record<string, string>>): BodyStream {
  const source =
    request.body instanceof Readable
      ? // The socket stays open for the answer when the body is refused half-way.
        (request.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>)
      : request.body;
  const signed = headers['x-amz-content-sha256'] ?? '';
  const chunked = signed.startsWith('STREAMING-') || /\baws-chunked\b/.test(headers['content-encoding'] ?? '');
  const length = headers[chunked ? 'x-amz-decoded-content-length' : 'content-length'];
  if (length === undefined && headers['transfer-encoding'] === undefined && request.method === 'PUT')
    throw s3Error('MissingContentLength');
  const trailers = new Map<string, string>();
  const announced = /x-amz-checksum-([a-z0-9]+)/i.exec(headers['x-amz-trailer'] ?? '')?.[1];
  return {
    chunks: aborting(chunked ? decodeAwsChunked(source, trailers) : source),
    length: length === undefined ? undefined : Number(length),
    sha256: /^[0-9a-f]{64}$/.test(signed) ? signed : undefined,
    trailing: announced === undefined ? undefined : toAlgorithm(announced),
    trailer: (algorithm) => trailers.get(`x-amz-checksum-${algorithm.toLowerCase()}`),
  };
}

/** A client that went away is an incomplete body, not a fault of ours. */
async function* aborting(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw (error as { code?: string }).code === 'ECONNRESET' ? s3Error('IncompleteBody') : error;
  }
}

/** An XML or JSON document, whole, checked against the checksums that came with it. */
async function documentBody(request: WireRequest, headers: Readonly<Record<string, string>>): Promise<Buffer> {
  const stream = streamBody(request, headers);
  const body = await readBody({ ...request, body: stream.chunks });
  const md5 = headers['content-md5'];
  if (md5 !== undefined && md5 !== createHash('md5').update(body).digest('base64')) throw s3Error('BadDigest');
  if (stream.sha256 !== undefined && stream.sha256 !== createHash('sha256').update(body).digest('hex'))
    throw s3Error('XAmzContentSHA256Mismatch');
  for (const algorithm of ALGORITHMS) {
    const expected = headers[`x-amz-checksum-${algorithm.toLowerCase()}`] ?? stream.trailer?.(algorithm);
    // In CompleteMultipartUpload the header is the object's checksum, not the document's.
    if (expected === undefined || request.query.has('uploadId')) continue;
    const digest = startDigest(algorithm);
    digest.update(body);
    if (digest.digest().toString('base64') !== expected) throw s3Error('BadDigest');
  }
  return body;
}

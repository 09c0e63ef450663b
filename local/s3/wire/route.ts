import type { WireRequest } from '../../kernel/index.ts';
import { operationsOf, type OperationSchema } from '../../kernel/protocol/schema.ts';
import { s3Error } from '../errors.ts';

export interface Target {
  readonly bucket: string;
  readonly key: string;
}

/** Path-style addresses: `/bucket/key`. @throws AwsError `InvalidURI`. */
export function targetOf(path: string): Target {
  const slash = path.indexOf('/', 1);
  const [bucket, key] = slash < 0 ? [path.slice(1), ''] : [path.slice(1, slash), path.slice(slash + 1)];
  try {
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key) };
  } catch {
    throw s3Error('InvalidURI', { URI: path });
  }
}

type Level = 'service' | 'bucket' | 'object';

interface Candidate {
  readonly operation: OperationSchema;
  readonly method: string;
  readonly level: Level;
  /** Query parameters that must be there, for instance `?tagging` or `?list-type=2`. */
  readonly query: readonly (readonly [string, string])[];
}

/** Operations that no literal query parameter of their URI tells apart from a plainer one. */
const ALSO_DEMANDED: Readonly<Record<string, readonly string[]>> = {
  UploadPart: ['uploadId', 'partNumber'],
  UploadPartCopy: ['uploadId', 'partNumber'],
  CompleteMultipartUpload: ['uploadId'],
  AbortMultipartUpload: ['uploadId'],
  ListParts: ['uploadId'],
};

const COPIES = new Set(['CopyObject', 'UploadPartCopy']);

/** Object Lambda, directory buckets and the like share addresses with what is here. */
const ELSEWHERE = new Set(['WriteGetObjectResponse', 'ListDirectoryBuckets', 'CreateSession']);

const candidates: readonly Candidate[] = [...operationsOf('@aws-sdk/client-s3').values()]
  .flatMap((operation) => {
    if (!operation.http || ELSEWHERE.has(operation.name)) return [];
    const [path = '', query = ''] = operation.http.uri.split('?');
    const literal = [...new URLSearchParams(query)].filter(([name]) => name !== 'x-id');
    const demanded = (ALSO_DEMANDED[operation.name] ?? []).map((name) => [name, ''] as const);
    const level: Level = path.includes('{Key') ? 'object' : operation.name === 'ListBuckets' ? 'service' : 'bucket';
    return [{ operation, method: operation.http.method, level, query: [...literal, ...demanded] }];
  })
  // The most particular first.
  .toSorted((a, b) => b.query.length - a.query.length);

/** The operation a request asks for, by method, address, query parameters and, for copies, the header. */
export function routeOf(request: WireRequest): OperationSchema | undefined {
  const slash = request.path.indexOf('/', 1);
  const level = request.path === '/' ? 'service' : slash < 0 || slash === request.path.length - 1 ? 'bucket' : 'object';
  const copy = request.headers['x-amz-copy-source'] !== undefined;
  return candidates.find(
    (candidate) =>
      candidate.method === request.method &&
      candidate.level === level &&
      candidate.query.every(
        ([name, value]) => request.query.has(name) && (value === '' || request.query.get(name) === value),
      ) &&
      (request.method !== 'PUT' ||
        level !== 'object' ||
        copy === COPIES.has(candidate.operation.name) ||
        candidate.query.some(([name]) => name !== 'uploadId' && name !== 'partNumber')),
  )?.operation;
}

/** What a URL presigned with Signature Version 2, as old CLIs still do in us-east-1, carries. */
const SIGNATURE_VERSION_2 = new Set(['AWSAccessKeyId', 'Signature', 'Expires']);

/** Query parameters that belong to the request, not to the operation: the signature's own and the SDK's hint. */
export function isOfTheRequest(name: string): boolean {
  return name === 'x-id' || /^x-amz-/i.test(name) || SIGNATURE_VERSION_2.has(name);
}

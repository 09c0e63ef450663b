import { AwsError } from './aws-error.ts';

/** An HTTP request, whether it came through a socket or straight from a client in this process. */
export interface WireRequest {
  readonly method: string;
  /** The path as sent, still percent-encoded, without the query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | AsyncIterable<Uint8Array>;
}

/** Bodies of schema-described requests are held in memory; AWS's own largest is 6 MB (a Lambda payload) before encoding. */
const LARGEST_BODY_BYTES = 32 * 1024 * 1024;

export async function readBody(request: WireRequest): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > LARGEST_BODY_BYTES) throw new AwsError('RequestEntityTooLarge', 'Request body is too large', 413);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Credential scope of a SigV4 request, from the header or, in a presigned URL, the query. */
export interface CredentialScope {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

export function credentialScope(request: WireRequest): CredentialScope | undefined {
  const credential =
    /Credential=([^,\s]+)/.exec(request.headers['authorization'] ?? '')?.[1] ?? request.query.get('X-Amz-Credential');
  const [accessKeyId, , region, service] = credential?.split('/') ?? [];
  return accessKeyId && region && service ? { accessKeyId, region, service } : undefined;
}

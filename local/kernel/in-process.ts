import { Readable } from 'node:stream';
import { HttpResponse, type HttpRequest } from '@smithy/core/protocols';
import type { Cloud } from './cloud.ts';
import { credentialScope, type WireRequest } from './wire.ts';

/** The part of an SDK client's `requestHandler` that clients use. */
export interface InProcessHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: HttpRequest): Promise<{ response: HttpResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/**
 * A `requestHandler` for SDK clients that reaches a cloud of this process without a socket: real requests, real parsing and real
 * retries, at the price of a function call. With it a client's `endpoint` may be any URL.
 */
export function inProcessHandler(cloud: Cloud): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    updateHttpClientConfig: () => {},
    httpHandlerConfigs: () => ({}),
    destroy: () => {},
    handle: async (request) => {
      const wire = toWire(request);
      const { status, headers, body } = await cloud.dispatch(wire);
      // S3's clients hand the body on as a stream; the others read it whole, and bytes are the cheapest whole there is.
      const streamed = credentialScope(wire)?.service === 's3';
      return {
        response: new HttpResponse({ statusCode: status, headers: { ...headers }, body: responseBody(body, streamed) }),
      };
    },
  };
}

function responseBody(body: string | Uint8Array | AsyncIterable<Uint8Array> | undefined, streamed: boolean): unknown {
  if (body === undefined) return streamed ? Readable.from([]) : new Uint8Array();
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return Readable.from(body);
  const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : body;
  return streamed ? Readable.from([bytes], { objectMode: false }) : bytes;
}

function toWire(request: HttpRequest): WireRequest {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(request.query ?? {}))
    for (const item of Array.isArray(value) ? value : [value]) query.append(name, item ?? '');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) headers[name.toLowerCase()] = value;
  return { method: request.method, path: request.path, query, headers, body: requestBody(request.body) };
}

async function* requestBody(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null || body === '') return;
  if (typeof body === 'string') yield Buffer.from(body, 'utf8');
  else if (body instanceof Uint8Array) yield body;
  else yield* body as AsyncIterable<Uint8Array>;
}

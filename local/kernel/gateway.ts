import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Cloud } from './cloud.ts';
import type { WireRequest } from './wire.ts';

export interface Gateway {
  /** For instance `http://127.0.0.1:4566`. Never `localhost`: SDKs would ask for `bucket.localhost`. */
  readonly endpoint: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Idle connections outlive the SDKs' own keep-alive, so that a client never writes into a closing socket. */
const KEEP_ALIVE_MS = 65_000;

/** Listens on loopback; port 0 takes a free one. Sets `cloud.endpoint`. */
export async function listen(cloud: Cloud, port = 0): Promise<Gateway> {
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 }, (message, response) => {
    serve(cloud, message, response).catch((error: unknown) => {
      // A client that went away in the middle is its own affair.
      if (!message.destroyed && !response.destroyed) cloud.fault(error, 'gateway');
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  cloud.endpoint = `http://127.0.0.1:${bound}`;
  return {
    endpoint: cloud.endpoint,
    port: bound,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error ? reject(error) : resolve()));
        server.closeAllConnections();
      }),
  };
}

async function serve(cloud: Cloud, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const answer = await cloud.dispatch(toWire(message));
  const { status, headers, body } = answer;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    // With its length a body takes one write; without, it goes in chunks.
    response.writeHead(status, { 'content-length': String(Buffer.byteLength(body)), ...headers });
    response.end(message.method === 'HEAD' ? undefined : body);
  } else {
    response.writeHead(status, headers);
    if (body === undefined || message.method === 'HEAD') response.end();
    else await pipeline(Readable.from(body), response);
  }
  // A body nobody read would hold the connection.
  message.resume();
}

function toWire(message: IncomingMessage): WireRequest {
  const url = message.url ?? '/';
  const mark = url.indexOf('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(',') : value;
  if (headers['expect'] === '100-continue') delete headers['expect'];
  return {
    method: message.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : url.slice(mark + 1)),
    headers,
    body: message,
  };
}

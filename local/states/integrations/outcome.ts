import { AwsError, type Cloud } from '../../kernel/index.ts';
import { StateFailure } from '../failure.ts';
import { isList, isObject, type Json, type JsonObject } from '../json.ts';

/** Operation names are written in camel case in a resource, in Pascal case everywhere else. */
export const pascal = (action: string): string => action.charAt(0).toUpperCase() + action.slice(1);

/** SDK shapes to JSON: dates as ISO text, bytes as text, streams read to their end. */
export async function toJson(value: unknown): Promise<Json | undefined> {
  if (value === undefined || typeof value === 'function') return undefined;
  if (value === null || typeof value !== 'object') return value as Json;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString('utf8');
  if (isList(value)) return Promise.all(value.map(async (item) => (await toJson(item)) ?? null));
  if (Symbol.asyncIterator in value)
    return Buffer.from(await readAll(value as AsyncIterable<Uint8Array>)).toString('utf8');
  const output: Record<string, Json> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === '$metadata') continue;
    const written = await toJson(member);
    if (written !== undefined) output[name] = written;
  }
  return output;
}

/** The bytes of a body: as a service of this process answers it, or as an SDK streams it. */
export async function readAll(body: unknown): Promise<Buffer> {
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  if (body) for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** What optimized integrations add to an answer. */
export function withMetadata(output: Json | undefined, cloud: Cloud, status = 200): JsonObject {
  return {
    ...(isObject(output) ? output : {}),
    SdkHttpMetadata: { HttpStatusCode: status },
    SdkResponseMetadata: { RequestId: cloud.ids.uuid() },
  };
}

/** The failure a service's error becomes. `prefix` is the client's name; `name` finds the exception's class name. */
export function serviceFailure(error: unknown, prefix: string, cloud: Cloud, name: (code: string) => string): Error {
  if (!(error instanceof AwsError)) return error as Error;
  const cause = `${error.message} (Service: ${prefix}, Status Code: ${error.status}, Request ID: ${cloud.ids.uuid()})`;
  return new StateFailure(`${prefix}.${name(error.code)}`, cause);
}

export const exceptionName = (code: string): string => (/(Exception|Fault)$/.test(code) ? code : `${code}Exception`);

/** Text as it is, anything else as its JSON: how message bodies and inputs may be written. */
export const textOf = (value: Json | undefined): string | undefined =>
  value === undefined || typeof value === 'string' ? value : JSON.stringify(value);

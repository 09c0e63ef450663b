import type { NormalizedSchema } from '@smithy/core/schema';
import type { WireRequest, WireResponse } from '../wire.ts';
import { fromJson, toJson } from './json.ts';
import { hasTrait, membersOf, operationsOf, trait, type OperationSchema } from './schema.ts';

interface Route {
  readonly operation: OperationSchema;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  /** Query parameters the URI template demands, for instance `?tasks`. */
  readonly query: readonly (readonly [string, string])[];
}

const routes = new Map<string, readonly Route[]>();

function routesOf(clientPackage: string): readonly Route[] {
  const known = routes.get(clientPackage);
  if (known) return known;
  const made = [...operationsOf(clientPackage).values()].flatMap((operation) =>
    operation.http ? [route(operation)] : [],
  );
  // The longest template first, so that `/a/{b}/c` wins over `/a/{b+}`.
  made.sort((a, b) => (b.operation.http?.uri.length ?? 0) - (a.operation.http?.uri.length ?? 0));
  routes.set(clientPackage, made);
  return made;
}

function route(operation: OperationSchema): Route {
  const [path = '', query = ''] = (operation.http?.uri ?? '').split('?');
  const labels: string[] = [];
  const pattern = path.replace(/\{([^}+]+)(\+?)\}|[.*+?^$()|[\]\\]/g, (text, label: string | undefined, greedy) => {
    if (label === undefined) return `\\${text}`;
    labels.push(label);
    return greedy ? '(.+)' : '([^/]+)';
  });
  return { operation, pattern: new RegExp(`^${pattern}/?$`), labels, query: [...new URLSearchParams(query)] };
}

export interface RestMatch {
  readonly operation: OperationSchema;
  readonly labels: Readonly<Record<string, string>>;
}

/** The operation a REST-JSON request asks for. */
export function matchRest(clientPackage: string, request: WireRequest): RestMatch | undefined {
  for (const { operation, pattern, labels, query } of routesOf(clientPackage)) {
    if (operation.http?.method !== request.method) continue;
    const found = pattern.exec(request.path);
    if (
      !found ||
      !query.every(([name, value]) => request.query.has(name) && (!value || request.query.get(name) === value))
    )
      continue;
    return {
      operation,
      labels: Object.fromEntries(labels.map((label, at) => [label, decodeURIComponent(found[at + 1] ?? '')])),
    };
  }
  return undefined;
}

/** Binds path, query, headers and body to SDK shapes. */
export function fromRest({ operation, labels }: RestMatch, request: WireRequest, body: Buffer): unknown {
  const input: Record<string, unknown> = {};
  const json = (): unknown => (body.length > 0 ? JSON.parse(body.toString('utf8')) : {});
  let document: Record<string, unknown> | undefined;
  for (const [name, member] of membersOf(operation.input)) {
    const queryName = trait(member, 'httpQuery');
    const headerName = trait(member, 'httpHeader')?.toLowerCase();
    let value: unknown;
    if (hasTrait(member, 'httpLabel')) value = scalar(member, labels[name]);
    else if (queryName)
      value = member.isListSchema()
        ? request.query.getAll(queryName)
        : scalar(member, request.query.get(queryName) ?? undefined);
    else if (headerName) value = scalar(member, request.headers[headerName]);
    else if (hasTrait(member, 'httpPayload')) value = member.isBlobSchema() ? body : fromJson(member, json());
    else {
      document ??= json() as Record<string, unknown>;
      value = fromJson(member, document[trait(member, 'jsonName') ?? name]);
    }
    if (value !== undefined) input[name] = value;
  }
  return input;
}

function scalar(member: NormalizedSchema, text: string | undefined): unknown {
  if (text === undefined) return undefined;
  if (member.isNumericSchema()) return Number(text);
  if (member.isBooleanSchema()) return text === 'true';
  if (member.isTimestampSchema()) return new Date(text);
  return text;
}

/** An answer in REST-JSON: status, headers and payload as the output's members are bound. */
export function toRest(operation: OperationSchema, output: unknown, headers: Record<string, string>): WireResponse {
  const values = (output ?? {}) as Record<string, unknown>;
  let status = operation.http?.status ?? 200;
  const document: Record<string, unknown> = {};
  let payload: string | Uint8Array | undefined;
  for (const [name, member] of membersOf(operation.output)) {
    const value = values[name];
    if (value === undefined || value === null) continue;
    const header = trait(member, 'httpHeader');
    if (hasTrait(member, 'httpResponseCode')) status = Number(value);
    else if (header) headers[header] = value instanceof Date ? value.toUTCString() : String(value);
    else if (hasTrait(member, 'httpPayload'))
      payload = member.isBlobSchema() ? (value as Uint8Array) : JSON.stringify(toJson(member, value));
    else document[trait(member, 'jsonName') ?? name] = toJson(member, value);
  }
  return { status, headers, body: payload ?? JSON.stringify(document) };
}

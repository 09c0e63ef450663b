import { AwsError, notImplemented } from '../aws-error.ts';
import type { Service } from '../service.ts';
import { readBody, type WireRequest, type WireResponse } from '../wire.ts';
import { escapeXml } from '../xml.ts';
import { fromJson } from './json.ts';
import { fromQuery, parameterTree, toXml } from './query.ts';
import { answerJson } from './ready-json.ts';
import { fromRest, matchRest, toRest } from './rest.ts';
import { operationsOf, type OperationSchema } from './schema.ts';

interface Serving {
  readonly invoke: (operation: string, input: unknown) => Promise<unknown>;
  readonly fault: (error: unknown, where: string) => void;
}

/**
 * One request of a service whose wire shapes come from its client's schemas. The protocol is the request's own: AWS JSON
 * (`x-amz-target`), Query (form-encoded `Action`) or REST-JSON (method and path), so clients of different generations work.
 */
export async function serveProtocol(
  service: Service,
  request: WireRequest,
  requestId: string,
  { invoke, fault }: Serving,
): Promise<WireResponse> {
  const target = request.headers['x-amz-target'];
  const form = isForm(request);
  let operationName = target?.split('.').pop() ?? `${request.method} ${request.path}`;
  try {
    const body = await readBody(request);
    if (!service.client) throw notImplemented(service.name, operationName);
    if (target !== undefined) {
      const operation = find(service, operationName);
      const input = fromJson(operation.input, parseJson(body));
      const output = await invoke(operation.name, input);
      const headers = {
        'content-type': request.headers['content-type'] ?? 'application/x-amz-json-1.1',
        'x-amzn-requestid': requestId,
      };
      return {
        status: 200,
        headers,
        body: operation.output.isUnitSchema() ? '{}' : answerJson(operation.output, output ?? {}),
      };
    }
    if (form) {
      const parameters = new URLSearchParams(body.toString('utf8'));
      operationName = parameters.get('Action') ?? '';
      const operation = find(service, operationName);
      const input = operation.input.isUnitSchema() ? {} : fromQuery(operation.input, parameterTree(parameters));
      return queryAnswer(service, operation, await invoke(operation.name, input), requestId);
    }
    const match = matchRest(service.client, request);
    if (!match) throw notImplemented(service.name, operationName);
    operationName = match.operation.name;
    if (!(operationName in service.operations)) throw notImplemented(service.name, operationName);
    const output = await invoke(operationName, fromRest(match, request, body));
    return toRest(match.operation, output, { 'content-type': 'application/json', 'x-amzn-requestid': requestId });
  } catch (error) {
    if (!(error instanceof AwsError)) fault(error, `${service.name}:${operationName}`);
    return errorAnswer(request, error, requestId);
  }
}

/** An error in the form the request's own protocol has for it. */
export function errorAnswer(request: WireRequest, error: unknown, requestId: string): WireResponse {
  const shaped =
    error instanceof AwsError
      ? error
      : new AwsError('InternalFailure', error instanceof Error ? error.message : String(error), 500);
  return isForm(request) ? queryError(shaped, requestId) : jsonError(shaped, requestId);
}

/** Query requests are HTML forms; everything else a schema describes is JSON. */
function isForm(request: WireRequest): boolean {
  return (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
}

function find(service: Service, name: string): OperationSchema {
  const operation = service.client && operationsOf(service.client).get(name);
  if (!operation) throw new AwsError('UnknownOperationException', `${service.name} has no operation ${name}`);
  if (!(name in service.operations)) throw notImplemented(service.name, name);
  return operation;
}

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return {};
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new AwsError('SerializationException', 'The request body is not JSON');
  }
}

function queryAnswer(service: Service, operation: OperationSchema, output: unknown, requestId: string): WireResponse {
  const { name } = operation;
  const result = operation.output.isUnitSchema()
    ? ''
    : `<${name}Result>${toXml(operation.output, output ?? {})}</${name}Result>`;
  return {
    status: 200,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<${name}Response xmlns="${escapeXml(service.xmlNamespace ?? '')}">${result}<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${name}Response>`,
  };
}

function queryError(error: AwsError, requestId: string): WireResponse {
  return {
    status: error.status,
    headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId },
    body: `<ErrorResponse><Error><Type>${error.status < 500 ? 'Sender' : 'Receiver'}</Type><Code>${escapeXml(error.code)}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
  };
}

function jsonError(error: AwsError, requestId: string): WireResponse {
  return {
    status: error.status,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': error.code,
    },
    body: JSON.stringify({ __type: error.code, message: error.message, Message: error.message, ...error.detail }),
  };
}

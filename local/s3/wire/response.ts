import { type AwsError, escapeXml, type WireResponse } from '../../kernel/index.ts';
import { toXml } from '../../kernel/protocol/query.ts';
import { hasTrait, membersOf, trait, type OperationSchema } from '../../kernel/protocol/schema.ts';

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

function requestHeaders(requestId: string): Record<string, string> {
  return { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId, server: 'AmazonS3' };
}

/** An output in SDK shapes as S3 writes it: headers, and one XML document or the object's bytes. */
export function toResponse(operation: OperationSchema, output: unknown, requestId: string): WireResponse {
  const values = (output ?? {}) as Readonly<Record<string, unknown>>;
  const headers = requestHeaders(requestId);
  const status = values['ContentRange'] === undefined ? (operation.http?.status ?? 200) : 206;
  let body: WireResponse['body'];
  let document = false;
  for (const [name, member] of membersOf(operation.output)) {
    const value = values[name];
    const header = trait(member, 'httpHeader')?.toLowerCase();
    const prefix = trait(member, 'httpPrefixHeaders');
    if (header === undefined && prefix === undefined && !hasTrait(member, 'httpPayload')) document = true;
    if (value === undefined || value === null) continue;
    if (prefix !== undefined)
      for (const [key, text] of Object.entries(value)) headers[`${prefix}${key}`] = headerText(text);
    else if (header !== undefined) headers[header] = headerText(value);
    else if (hasTrait(member, 'streaming')) body = value as Uint8Array | AsyncIterable<Uint8Array>;
    else if (hasTrait(member, 'httpPayload'))
      body = member.isStructSchema()
        ? `${DECLARATION}<${trait(member, 'xmlName') ?? name} xmlns="${NAMESPACE}">${toXml(member, value)}</${trait(member, 'xmlName') ?? name}>`
        : (value as string);
  }
  if (operation.name === 'GetBucketLocation')
    body = `${DECLARATION}<LocationConstraint xmlns="${NAMESPACE}">${escapeXml(String(values['LocationConstraint'] ?? ''))}</LocationConstraint>`;
  else if (document) {
    const root = trait(operation.output, 'xmlName') ?? `${operation.name}Result`;
    body = `${DECLARATION}<${root} xmlns="${NAMESPACE}">${bodyXml(operation, values)}</${root}>`;
  }
  if (typeof body === 'string') {
    headers['content-type'] ??= operation.name === 'GetBucketPolicy' ? 'application/json' : 'application/xml';
    headers['content-length'] = String(Buffer.byteLength(body));
  }
  return { status, headers, ...(body === undefined ? {} : { body }) };
}

/** The members that are not headers. */
function bodyXml(operation: OperationSchema, values: Readonly<Record<string, unknown>>): string {
  const inHeaders = new Set(
    membersOf(operation.output).flatMap(([name, member]) => (trait(member, 'httpHeader') === undefined ? [] : [name])),
  );
  return toXml(operation.output, Object.fromEntries(Object.entries(values).filter(([name]) => !inHeaders.has(name))));
}

/** Node writes headers as Latin-1, which is also how it read the metadata; what does not fit travels as RFC 2047 says. */
function headerText(value: unknown): string {
  const text = value instanceof Date ? value.toUTCString() : String(value);
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`;
}

/** Error members that travel as headers. */
const ERROR_HEADERS: Readonly<Record<string, string>> = {
  DeleteMarker: 'x-amz-delete-marker',
  VersionId: 'x-amz-version-id',
  LastModified: 'last-modified',
  ETag: 'etag',
};

export function toErrorResponse(error: AwsError, method: string, resource: string, requestId: string): WireResponse {
  const headers = requestHeaders(requestId);
  for (const [member, header] of Object.entries(ERROR_HEADERS))
    if (error.detail[member] !== undefined) headers[header] = headerText(error.detail[member]);
  if (error.detail['BucketRegion'] !== undefined) headers['x-amz-bucket-region'] = String(error.detail['BucketRegion']);
  if (method === 'HEAD' || error.status === 304) return { status: error.status, headers };
  const elements: Readonly<Record<string, unknown>> = {
    Code: error.code,
    Message: error.message,
    ...error.detail,
    Resource: resource,
    RequestId: requestId,
    HostId: requestId,
  };
  const xml = Object.entries(elements)
    .filter(([name]) => !(name in ERROR_HEADERS))
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join('');
  const body = `${DECLARATION}<Error>${xml}</Error>`;
  headers['content-type'] = 'application/xml';
  headers['content-length'] = String(Buffer.byteLength(body));
  return { status: error.status, headers, body };
}

import { AwsError, type Caller, type Cloud } from '../kernel/index.ts';
import { isObject, type JsonObject, type JsonValue } from './template/json-value.ts';

const REFERENCE = /\{\{resolve:([^}]+)\}\}/g;

/**
 * Replaces `{{resolve:secretsmanager:…}}` in a resource's properties. The values are used and not kept.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html
 * @throws AwsError when the secret, its key or the kind of reference is not there.
 */
export async function resolveDynamicReferences(
  cloud: Cloud,
  properties: JsonObject,
  caller: Caller,
): Promise<JsonObject> {
  return (await resolve(cloud, properties, caller)) as JsonObject;
}

async function resolve(cloud: Cloud, value: JsonValue, caller: Caller): Promise<JsonValue> {
  if (typeof value === 'string') {
    if (!value.includes('{{resolve:')) return value;
    let text = '';
    let end = 0;
    for (const match of value.matchAll(REFERENCE)) {
      text += value.slice(end, match.index) + (await lookUp(cloud, match[1] ?? '', caller));
      end = match.index + match[0].length;
    }
    return text + value.slice(end);
  }
  if (Array.isArray(value))
    return Promise.all((value as readonly JsonValue[]).map((item) => resolve(cloud, item, caller)));
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, item === undefined ? undefined : await resolve(cloud, item, caller)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function lookUp(cloud: Cloud, reference: string, caller: Caller): Promise<string> {
  const [service, ...rest] = reference.split(':');
  if (service !== 'secretsmanager')
    throw new AwsError(
      'ValidationError',
      `Dynamic references to ${service} are not supported by this CloudFormation: {{resolve:${reference}}}`,
    );
  // A secret's ARN has seven parts of its own.
  const idParts = rest[0] === 'arn' ? 7 : 1;
  const secretId = rest.slice(0, idParts).join(':');
  const [kind = 'SecretString', key = '', stage = '', version = ''] = rest.slice(idParts);
  if (kind !== 'SecretString' || secretId === '')
    throw new AwsError(
      'ValidationError',
      `Incorrect format is used in the following SSM reference: [{{resolve:${reference}}}]`,
    );
  const { SecretString: secret } = await cloud.call<{ readonly SecretString?: string }>(
    'secretsmanager',
    'GetSecretValue',
    { SecretId: secretId, ...(stage && { VersionStage: stage }), ...(version && { VersionId: version }) },
    caller,
  );
  if (secret === undefined) throw new AwsError('ValidationError', `Secret ${secretId} has no SecretString`);
  if (key === '') return secret;
  let value: unknown;
  try {
    value = (JSON.parse(secret) as Readonly<Record<string, unknown>>)[key];
  } catch {
    throw new AwsError('ValidationError', `Could not parse SecretString JSON of ${secretId}`);
  }
  if (value === undefined)
    throw new AwsError('ValidationError', `Could not find a value associated with JSONKey in SecretString`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../kernel/index.ts';
import { membersOf, operationsOf } from '../kernel/protocol/schema.ts';
import { isObject } from './template/json-value.ts';

/** By signing name, as `Cloud.call` wants it. */
const CLIENTS: Readonly<Record<string, string>> = {
  ec2: '@aws-sdk/client-ec2',
  events: '@aws-sdk/client-eventbridge',
  iam: '@aws-sdk/client-iam',
  kms: '@aws-sdk/client-kms',
  lambda: '@aws-sdk/client-lambda',
  logs: '@aws-sdk/client-cloudwatch-logs',
  monitoring: '@aws-sdk/client-cloudwatch',
  redshift: '@aws-sdk/client-redshift',
  'redshift-serverless': '@aws-sdk/client-redshift-serverless',
  s3: '@aws-sdk/client-s3',
  secretsmanager: '@aws-sdk/client-secrets-manager',
  sns: '@aws-sdk/client-sns',
  sqs: '@aws-sdk/client-sqs',
  states: '@aws-sdk/client-sfn',
};

/**
 * Template values as an operation's input: text becomes numbers and booleans where the operation wants those, and the reverse.
 * @throws AwsError `ValidationError` "Encountered unsupported property X" for a member the operation does not have.
 */
export function shapeInput(service: string, operation: string, input: unknown): unknown {
  const client = CLIENTS[service];
  const schema = client && operationsOf(client).get(operation)?.input;
  if (!schema) throw new Error(`no schema for ${service}:${operation}`);
  return schema.isUnitSchema() ? {} : shape(schema, input, '');
}

function shape(schema: NormalizedSchema, value: unknown, path: string): unknown {
  if (value === undefined || value === null) return undefined;
  const invalid = (expected: string): AwsError =>
    new AwsError('ValidationError', `Value of property ${path} must be ${expected}`);
  if (schema.isDocumentSchema() || value instanceof Date || value instanceof Uint8Array) return value;
  if (schema.isStructSchema()) {
    if (!isObject(value)) throw invalid('an object');
    const members = new Map(membersOf(schema));
    const output: Record<string, unknown> = {};
    for (const [name, item] of Object.entries(value)) {
      const member = members.get(name);
      if (!member) throw new AwsError('ValidationError', `Encountered unsupported property ${name}`);
      const shaped = shape(member, item, name);
      if (shaped !== undefined) output[name] = shaped;
    }
    return output;
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw invalid('of type List');
    const item = schema.getValueSchema();
    return value.map((entry) => shape(item, entry, path));
  }
  if (schema.isMapSchema()) {
    if (!isObject(value)) throw invalid('an object');
    const item = schema.getValueSchema();
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, shape(item, entry, key)]));
  }
  if (schema.isBlobSchema() || typeof value === 'function') return value;
  if (typeof value === 'object') throw invalid(schema.isStringSchema() ? 'of type String' : 'a single value');
  if (schema.isNumericSchema()) {
    const number = Number(value);
    if (typeof value === 'boolean' || String(value).trim() === '' || Number.isNaN(number)) throw invalid('a number');
    return number;
  }
  if (schema.isBooleanSchema()) {
    const text = String(value).toLowerCase();
    if (text !== 'true' && text !== 'false') throw invalid('a boolean');
    return text === 'true';
  }
  return schema.isTimestampSchema() ? new Date(String(value)) : String(value);
}

import type { NormalizedSchema } from '@smithy/core/schema';
import { AwsError } from '../aws-error.ts';
import { membersOf, trait } from './schema.ts';

declare global {
  // Node has it; TypeScript's own declarations do not yet. https://tc39.es/proposal-json-parse-with-source/
  interface JSON {
    rawJSON(text: string): unknown;
  }
}

type JsonObject = Record<string, unknown>;

/**
 * AWS JSON 1.0/1.1 and the JSON bodies of REST-JSON, to SDK shapes. Unknown members are ignored, as AWS does.
 * @throws AwsError `SerializationException` where a value has another shape than its schema.
 */
export function fromJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isDocumentSchema()) return value;
  if (schema.isStructSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(schema, 'an object');
    const output: JsonObject = {};
    for (const [name, member] of membersOf(schema)) {
      const parsed = fromJson(member, (value as JsonObject)[trait(member, 'jsonName') ?? name]);
      if (parsed !== undefined) output[name] = parsed;
    }
    return output;
  }
  if (schema.isListSchema()) {
    if (!Array.isArray(value)) throw mismatch(schema, 'a list');
    const item = schema.getValueSchema();
    return value.map((entry) => fromJson(item, entry));
  }
  if (schema.isMapSchema()) {
    if (typeof value !== 'object' || Array.isArray(value)) throw mismatch(schema, 'a map');
    const item = schema.getValueSchema();
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fromJson(item, entry)]));
  }
  if (schema.isBlobSchema()) return Buffer.from(String(value), 'base64');
  if (schema.isTimestampSchema()) return new Date(typeof value === 'number' ? value * 1000 : String(value));
  if (schema.isStringSchema() && typeof value !== 'string') throw mismatch(schema, 'a string');
  if (schema.isNumericSchema() && typeof value !== 'number') throw mismatch(schema, 'a number');
  if (schema.isBooleanSchema() && typeof value !== 'boolean') throw mismatch(schema, 'a boolean');
  return value;
}

/** SDK shapes to AWS JSON. Members a schema does not know are left out. */
export function toJson(schema: NormalizedSchema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isDocumentSchema()) return value;
  if (schema.isStructSchema()) {
    const output: JsonObject = {};
    for (const [name, member] of membersOf(schema)) {
      const given = (value as JsonObject)[name];
      // Of a union's members all but one.
      if (given === undefined) continue;
      const written = toJson(member, given);
      if (written !== undefined) output[trait(member, 'jsonName') ?? name] = written;
    }
    return output;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    return (value as readonly unknown[]).map((entry) => toJson(item, entry) ?? null);
  }
  if (schema.isMapSchema()) {
    const item = schema.getValueSchema();
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(item, entry)]));
  }
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString('base64');
  if (schema.isTimestampSchema()) return timestamp(schema, value as Date);
  // A long beyond what a double holds goes over the wire with all its digits.
  return typeof value === 'bigint' ? JSON.rawJSON(String(value)) : value;
}

/** Seconds with milliseconds unless the member says otherwise (trait numbers as in Smithy's `TimestampFormat`). */
function timestamp(schema: NormalizedSchema, value: Date): unknown {
  const DATE_TIME = 5;
  return schema.getSchema() === DATE_TIME ? value.toISOString() : value.getTime() / 1000;
}

function mismatch(schema: NormalizedSchema, expected: string): AwsError {
  return new AwsError('SerializationException', `${schema.getName() ?? schema.getMemberName()} must be ${expected}`);
}

import { AwsError } from '../../kernel/index.ts';
import type { Properties } from '../resource-type.ts';
import { isObject, isScalar, type JsonObject, type JsonValue } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';

/** A property that has to be there as text. */
export function text(properties: Properties, name: string): string {
  const value = properties[name];
  if (!isScalar(value)) throw validationError(`Value of property ${name} must be of type String`);
  return String(value);
}

export function optionalText(properties: Properties, name: string): string | undefined {
  return properties[name] === undefined || properties[name] === null ? undefined : text(properties, name);
}

export function list(properties: Properties, name: string): readonly JsonValue[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value)) throw validationError(`Value of property ${name} must be of type List`);
  return value as readonly JsonValue[];
}

export function texts(properties: Properties, name: string): readonly string[] {
  return list(properties, name).map((item) => {
    if (!isScalar(item)) throw validationError(`Value of property ${name} must be of type List of String`);
    return String(item);
  });
}

export function objects(properties: Properties, name: string): readonly JsonObject[] {
  return list(properties, name).map((item) => {
    if (!isObject(item)) throw validationError(`Value of property ${name} must be a list of objects`);
    return item;
  });
}

export function object(properties: Properties, name: string): JsonObject {
  const value = properties[name] ?? {};
  if (!isObject(value)) throw validationError(`Value of property ${name} must be an object`);
  return value;
}

export const flag = (properties: Properties, name: string): boolean => String(properties[name]) === 'true';

/** The members that are there, under their own names. */
export function pick(properties: Properties, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(
    names.flatMap((name) => (properties[name] === undefined ? [] : [[name, properties[name]]])),
  );
}

export function omit(properties: Properties, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(properties).filter(([name]) => !names.includes(name)));
}

/** A policy or definition, given as an object or as text, as the text services want. */
export function jsonText(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === 'string' ? value : JSON.stringify(value ?? {});
}

/** CloudFormation's list of tags as the map some services want. */
export function tagMap(properties: Properties): Readonly<Record<string, string>> | undefined {
  if (properties['Tags'] === undefined) return undefined;
  return Object.fromEntries(objects(properties, 'Tags').map((tag) => [text(tag, 'Key'), text(tag, 'Value')]));
}

/** Keys of tags that are no longer there. */
export function removedTagKeys(after: Properties, before: Properties): readonly string[] {
  const kept = new Set(objects(after, 'Tags').map((tag) => text(tag, 'Key')));
  return objects(before, 'Tags')
    .map((tag) => text(tag, 'Key'))
    .filter((key) => !kept.has(key));
}

const GONE = /NotFound|NoSuch|NonExistent|DoesNotExist/;

/** Runs a deletion; that there is nothing to delete is fine. */
export async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  await deletion.catch((error: unknown) => {
    if (!isGone(error)) throw error;
  });
}

export function isGone(error: unknown): boolean {
  return error instanceof AwsError && (error.status === 404 || GONE.test(error.code));
}

export function isThere(error: unknown): boolean {
  return (
    error instanceof AwsError &&
    /AlreadyExists|AlreadyOwnedByYou|ResourceExists|EntityAlreadyExists|ResourceConflict|AlreadyExist/.test(error.code)
  );
}

/** What `Ref` and `Fn::GetAtt` need of an ARN. */
export const lastPart = (value: string, separator: string): string => value.slice(value.lastIndexOf(separator) + 1);

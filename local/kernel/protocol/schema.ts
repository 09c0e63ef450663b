import { NormalizedSchema } from '@smithy/core/schema';
import { operationTuples } from './client-schemas.ts';

/** An operation as a client package describes it. */
export interface OperationSchema {
  readonly name: string;
  readonly input: NormalizedSchema;
  readonly output: NormalizedSchema;
  /** REST binding: method and URI template. */
  readonly http: { readonly method: string; readonly uri: string; readonly status: number } | undefined;
}

const cache = new Map<string, ReadonlyMap<string, OperationSchema>>();

/** Every operation of a client package, by name. Read on first use. */
export function operationsOf(clientPackage: string): ReadonlyMap<string, OperationSchema> {
  const known = cache.get(clientPackage);
  if (known) return known;
  const operations = new Map<string, OperationSchema>();
  for (const [, , name, traits, input, output] of operationTuples(clientPackage)) {
    const http = (traits as { http?: [string, string, number] } | 0 | undefined) || undefined;
    operations.set(name, {
      name,
      input: NormalizedSchema.of(input),
      output: NormalizedSchema.of(output),
      http: http?.http ? { method: http.http[0], uri: http.http[1], status: http.http[2] } : undefined,
    });
  }
  cache.set(clientPackage, operations);
  return operations;
}

type Members = readonly (readonly [string, NormalizedSchema])[];

/** By what a schema is written as: a page of a result asks for a structure's members once a field. */
const members = new WeakMap<object, Members>();

/** A structure's members, or none for an operation without input or output. */
export function membersOf(schema: NormalizedSchema): Members {
  if (schema.isUnitSchema()) return [];
  const written = schema.getSchema() as unknown as object;
  let known = members.get(written);
  if (!known) {
    known = [...schema.structIterator()];
    members.set(written, known);
  }
  return known;
}

type Traits = Readonly<Record<string, unknown>>;

/** One trait of a member or of its target, for instance `xmlName`, `jsonName`, `httpQuery`. */
export function trait(schema: NormalizedSchema, name: string): string | undefined {
  const value = (schema.getMergedTraits() as Traits)[name];
  return value === undefined ? undefined : String(value);
}

export function hasTrait(schema: NormalizedSchema, name: string): boolean {
  return (schema.getMergedTraits() as Traits)[name] !== undefined;
}

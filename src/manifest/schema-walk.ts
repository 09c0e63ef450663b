import type * as z from 'zod';

type Schema = z.core.$ZodType;
type Path = readonly PropertyKey[];

/** The schema that rules the value at a path, through optional values and the chosen member of a union. */
export function schemaAt(schema: Schema, path: Path, value: unknown): Schema | undefined {
  const definition = definitionOf(schema);
  if (definition.type === 'optional') return schemaAt(definition.innerType, path, value);
  if (definition.type === 'union') {
    const chosen = chosenMember(schema, value);
    return chosen === undefined ? schema : schemaAt(chosen, path, value);
  }
  const [part, ...rest] = path;
  if (part === undefined) return schema;
  const inner = isRecord(value) || Array.isArray(value) ? (value as Record<PropertyKey, unknown>)[part] : undefined;
  if (definition.type === 'array') return schemaAt(definition.element, rest, inner);
  const next = definition.type === 'object' ? definition.shape[String(part)] : undefined;
  return next === undefined ? undefined : schemaAt(next, rest, inner);
}

/** Keys an object of this schema may have. */
export function keysOf(schema: Schema | undefined): readonly string[] {
  const definition = schema === undefined ? undefined : definitionOf(schema);
  return definition?.type === 'object' ? Object.keys(definition.shape) : [];
}

/** The key that tells the members of a union apart, and its values; undefined for any other schema. */
export function discriminatorOf(
  schema: Schema | undefined,
): { readonly key: string; readonly values: readonly string[] } | undefined {
  const definition = schema === undefined ? undefined : definitionOf(schema);
  if (definition?.type !== 'union' || !('discriminator' in definition)) return undefined;
  const key = String(definition.discriminator);
  return { key, values: definition.options.flatMap((option) => literalsAt(option, key)) };
}

function chosenMember(union: Schema, value: unknown): Schema | undefined {
  const definition = definitionOf(union);
  const discriminator = discriminatorOf(union);
  if (definition.type !== 'union' || discriminator === undefined || !isRecord(value)) return undefined;
  const { key } = discriminator;
  return definition.options.find((option) => literalsAt(option, key).includes(String(value[key])));
}

function literalsAt(schema: Schema, key: string): string[] {
  const definition = definitionOf(schema);
  const member = definition.type === 'object' ? definition.shape[key] : undefined;
  const inner = member === undefined ? undefined : definitionOf(member);
  return inner?.type === 'literal' ? inner.values.map(String) : [];
}

function definitionOf(schema: Schema) {
  // oxlint-disable-next-line no-underscore-dangle -- zod's documented way to walk a schema: https://zod.dev/library-authors
  return (schema as z.core.$ZodTypes)._zod.def;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

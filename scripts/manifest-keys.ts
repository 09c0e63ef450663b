/** Tables of a manifest's keys, made from its JSON Schema: one table an object, in the order of the document. */
import { table } from './markdown-table.ts';

interface Schema {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
}

/** Named sections: `formats`, `keys-manifest`, `keys-schemas`, `keys-tables`, …, and `keys-format-<type>` for the formats. */
export function manifestKeys(schema: unknown): readonly (readonly [string, string])[] {
  return sectionsOf('manifest', schema as Schema);
}

function sectionsOf(name: string, schema: Schema): readonly (readonly [string, string])[] {
  const properties = Object.entries(schema.properties ?? {});
  const rows = properties.map(([key, value]) => [
    `\`${key}\``,
    typeOf(value),
    schema.required?.includes(key) ? 'yes' : '',
    meaningOf(key, value),
  ]);
  return [
    [`keys-${name}`, table(['key', 'type', 'required', 'meaning'], rows)],
    ...properties.flatMap(([key, value]) => {
      const inner = value.items ?? value;
      if (inner.properties) return sectionsOf(key, inner);
      const variants = (value.oneOf ?? []).map((variant) => ({
        type: String(variant.properties?.['type']?.const),
        variant,
      }));
      if (variants.length === 0) return [];
      const rows = variants.map(({ type, variant }) => [`\`${type}\``, variant.description ?? '']);
      return [
        [`${key}s`, table(['`type`', 'what it is'], rows)] as const,
        ...variants.flatMap(({ type, variant }) => sectionsOf(`${key}-${type}`, variant)),
      ];
    }),
  ];
}

function meaningOf(key: string, { description, items, const: only }: Schema): string {
  const text = description ?? items?.description ?? '';
  if (text !== '') return text;
  return only === undefined ? `The ${key}, see below.` : `Always ${JSON.stringify(only)}.`;
}

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return schema.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.oneOf) return 'object';
  if (schema.type === 'array') {
    const most = schema.maxItems === undefined ? 'at least' : 'to';
    const count =
      schema.maxItems === undefined
        ? `${most} ${schema.minItems ?? 0}`
        : `${schema.minItems ?? 0} to ${schema.maxItems}`;
    return `array of ${typeOf(schema.items ?? {})}, ${count}`;
  }
  const range = (low: number | undefined, high: number | undefined): string => {
    if (high === undefined || high >= Number.MAX_SAFE_INTEGER) return low ? `, at least ${low}` : '';
    return low === high ? `, ${low}` : `, ${low ?? 0} to ${high}`;
  };
  if (schema.type === 'string') {
    if (schema.pattern !== undefined) return `string, \`${schema.pattern}\``;
    const length = range(schema.minLength === 1 ? undefined : schema.minLength, schema.maxLength);
    return `string${length === '' ? '' : `${length} characters`}`;
  }
  if (schema.type === 'integer') return `integer${range(schema.minimum, schema.maximum)}`;
  return schema.type ?? 'object';
}

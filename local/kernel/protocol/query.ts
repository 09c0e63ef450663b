import type { NormalizedSchema } from '@smithy/core/schema';
import { escapeXml } from '../xml.ts';
import { hasTrait, membersOf, trait } from './schema.ts';

/** Query parameters as a tree: `Tags.member.1.Key=a` is `{ Tags: { member: { 1: { Key: 'a' } } } }`. */
interface Branch {
  [key: string]: Branch | string;
}

/** Without a prototype: parameter names come from outside. */
const emptyBranch = (): Branch => Object.create(null) as Branch;

export function parameterTree(parameters: URLSearchParams): Branch {
  const root = emptyBranch();
  for (const [name, value] of parameters) {
    const keys = name.split('.');
    const last = keys.pop() ?? name;
    let node: Branch = root;
    for (const key of keys) {
      let next = node[key];
      if (typeof next !== 'object') node[key] = next = emptyBranch();
      node = next;
    }
    node[last] = value;
  }
  return root;
}

/** AWS Query parameters to SDK shapes. */
export function fromQuery(schema: NormalizedSchema, node: Branch | string | undefined): unknown {
  if (node === undefined) return undefined;
  if (schema.isStructSchema()) {
    const output: Record<string, unknown> = {};
    for (const [name, member] of membersOf(schema)) {
      const value = fromQuery(member, child(node, trait(member, 'xmlName') ?? name));
      if (value !== undefined) output[name] = value;
    }
    return output;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const items = hasTrait(schema, 'xmlFlattened') ? node : (child(node, trait(item, 'xmlName') ?? 'member') ?? {});
    return inOrder(items).map((entry) => fromQuery(item, entry));
  }
  if (schema.isMapSchema()) {
    const keyName = trait(schema.getKeySchema(), 'xmlName') ?? 'key';
    const valueName = trait(schema.getValueSchema(), 'xmlName') ?? 'value';
    const entries = inOrder(child(node, 'entry') ?? node);
    return Object.fromEntries(
      entries.map((entry) => [
        String(child(entry, keyName)),
        fromQuery(schema.getValueSchema(), child(entry, valueName)),
      ]),
    );
  }
  if (schema.isBooleanSchema()) return node === 'true';
  if (schema.isNumericSchema()) return Number(node);
  if (schema.isTimestampSchema()) return new Date(String(node));
  if (schema.isBlobSchema()) return Buffer.from(String(node), 'base64');
  return node;
}

function child(node: Branch | string, key: string): Branch | string | undefined {
  return typeof node === 'object' ? node[key] : undefined;
}

function inOrder(node: Branch | string): readonly (Branch | string)[] {
  if (typeof node !== 'object') return [];
  return Object.entries(node)
    .filter(([key]) => /^\d+$/.test(key))
    .toSorted(([a], [b]) => Number(a) - Number(b))
    .map(([, entry]) => entry);
}

/** SDK shapes to the XML of an AWS Query answer (what stands inside the value's own element). */
export function toXml(schema: NormalizedSchema, value: unknown): string {
  if (value === null || value === undefined) return '';
  if (schema.isStructSchema()) {
    let xml = '';
    for (const [name, member] of membersOf(schema)) {
      const item = (value as Record<string, unknown>)[name];
      if (item === null || item === undefined) continue;
      const tag = trait(member, 'xmlName') ?? name;
      if (member.isListSchema() && hasTrait(member, 'xmlFlattened'))
        for (const entry of item as readonly unknown[])
          xml += `<${tag}>${toXml(member.getValueSchema(), entry)}</${tag}>`;
      else xml += `<${tag}>${toXml(member, item)}</${tag}>`;
    }
    return xml;
  }
  if (schema.isListSchema()) {
    const item = schema.getValueSchema();
    const tag = trait(item, 'xmlName') ?? 'member';
    return (value as readonly unknown[]).map((entry) => `<${tag}>${toXml(item, entry)}</${tag}>`).join('');
  }
  if (schema.isMapSchema()) {
    const keyTag = trait(schema.getKeySchema(), 'xmlName') ?? 'key';
    const valueTag = trait(schema.getValueSchema(), 'xmlName') ?? 'value';
    return Object.entries(value)
      .map(
        ([key, entry]) =>
          `<entry><${keyTag}>${escapeXml(key)}</${keyTag}><${valueTag}>${toXml(schema.getValueSchema(), entry)}</${valueTag}></entry>`,
      )
      .join('');
  }
  if (schema.isTimestampSchema()) return (value as Date).toISOString();
  if (schema.isBlobSchema()) return Buffer.from(value as Uint8Array).toString('base64');
  return escapeXml(String(value));
}

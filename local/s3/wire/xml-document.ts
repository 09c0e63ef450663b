import type { NormalizedSchema } from '@smithy/core/schema';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { membersOf, trait, hasTrait } from '../../kernel/protocol/schema.ts';
import { s3Error } from '../errors.ts';

const parser = new XMLParser({
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: false,
  // Numeric references too: a key may hold a line end.
  htmlEntities: true,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
});

type Node = string | { readonly [tag: string]: Node | readonly Node[] };

/**
 * An XML request document in SDK shapes.
 * @throws AwsError `MalformedXML`.
 */
export function parseXml(schema: NormalizedSchema, text: string): unknown {
  // S3 documents define nothing of their own; entities that do are an attack.
  if (text.includes('<!') || XMLValidator.validate(text) !== true) throw s3Error('MalformedXML');
  const document = parser.parse(text) as Readonly<Record<string, Node>>;
  const root = Object.entries(document).find(([tag]) => tag !== '#text');
  return root ? fromNode(schema, root[1]) : undefined;
}

function fromNode(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) {
    const output: Record<string, unknown> = {};
    for (const [name, member] of membersOf(schema)) {
      const tag = trait(member, 'xmlName') ?? name;
      const found = typeof node === 'string' || !Object.hasOwn(node, tag) ? undefined : node[tag];
      if (found === undefined) continue;
      if (member.isListSchema()) output[name] = listed(member, found, hasTrait(member, 'xmlFlattened'));
      else output[name] = fromNode(member, Array.isArray(found) ? malformed() : (found as Node));
    }
    return output;
  }
  if (schema.isListSchema()) return listed(schema, node, false);
  const text = typeof node === 'string' ? node : String(node['#text'] ?? '');
  if (schema.isNumericSchema()) return /^-?\d+$/.test(text.trim()) ? Number(text) : malformed();
  if (schema.isBooleanSchema()) {
    const word = text.trim().toLowerCase();
    return word === 'true' || (word === 'false' ? false : malformed());
  }
  if (schema.isTimestampSchema()) {
    const date = new Date(text.trim());
    return Number.isNaN(date.getTime()) ? malformed() : date;
  }
  return text;
}

function listed(schema: NormalizedSchema, found: Node | readonly Node[], flattened: boolean): unknown[] {
  const item = schema.getValueSchema();
  const all = (node: Node | readonly Node[] | undefined): readonly Node[] =>
    node === undefined ? [] : Array.isArray(node) ? (node as readonly Node[]) : [node as Node];
  if (flattened) return all(found).map((node) => fromNode(item, node));
  const tag = trait(item, 'xmlName') ?? 'member';
  return all(found).flatMap((list) =>
    typeof list === 'string' ? [] : all(list[tag]).map((node) => fromNode(item, node)),
  );
}

function malformed(): never {
  throw s3Error('MalformedXML');
}

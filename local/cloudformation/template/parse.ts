import { parseDocument, type CollectionTag, type Tags } from 'yaml';
import { remembered } from '../../kernel/index.ts';
import { validationError } from '../validation-error.ts';
import { isObject, type JsonObject, type JsonValue } from './json-value.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const LARGEST_BODY_BYTES = 51_200;
const LARGEST_S3_OBJECT_BYTES = 1_048_576;

/** `!GetAtt a.b` is `Fn::GetAtt`; only `Ref` and `Condition` have no `Fn::`. */
const SHORT_FORMS = [
  'And',
  'Base64',
  'Cidr',
  'Equals',
  'FindInMap',
  'ForEach',
  'GetAZs',
  'GetAtt',
  'If',
  'ImportValue',
  'Join',
  'Length',
  'Not',
  'Or',
  'Select',
  'Split',
  'Sub',
  'ToJsonString',
  'Transform',
] as const;

const fullName = (short: string): string => (short === 'Ref' || short === 'Condition' ? short : `Fn::${short}`);

function expand(short: string, argument: JsonValue): JsonObject {
  if (short !== 'GetAtt' || typeof argument !== 'string') return { [fullName(short)]: argument };
  const dot = argument.indexOf('.');
  return { 'Fn::GetAtt': dot < 0 ? [argument] : [argument.slice(0, dot), argument.slice(dot + 1)] };
}

/** Short forms as YAML tags: one on a scalar, one on a list, one on a mapping. */
const tags: Tags = [...SHORT_FORMS, 'Ref', 'Condition'].flatMap((short) => [
  { tag: `!${short}`, resolve: (text: string) => expand(short, text) },
  {
    tag: `!${short}`,
    collection: 'seq',
    resolve: (node: { toJSON(): JsonValue }) => lazy(short, node),
  } as unknown as CollectionTag,
  {
    tag: `!${short}`,
    collection: 'map',
    resolve: (node: { toJSON(): JsonValue }) => lazy(short, node),
  } as unknown as CollectionTag,
]);

/** A collection's items are complete only when the document is; its own `toJSON` is therefore what is replaced. */
function lazy(short: string, node: { toJSON: (...args: never[]) => JsonValue }): unknown {
  const inner = node.toJSON.bind(node);
  node.toJSON = (...args) => expand(short, inner(...args));
  return node;
}

/**
 * A template's text, JSON or YAML with short-form tags.
 * @throws AwsError `ValidationError` with CloudFormation's "Template format error".
 */
export function parseTemplate(text: string, source: 'body' | 's3'): JsonObject {
  const bytes = Buffer.byteLength(text);
  const limit = source === 'body' ? LARGEST_BODY_BYTES : LARGEST_S3_OBJECT_BYTES;
  if (bytes > limit)
    throw validationError(
      source === 'body'
        ? `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${limit}`
        : `Template may not exceed ${limit} bytes in size.`,
    );
  const template = /^\s*\{/.test(text) ? parseJson(text) : structuredClone(yamlOf(text));
  if (!isObject(template)) throw validationError('Template format error: unsupported structure.');
  return template;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Flow-style YAML starts with a brace, too.
    try {
      return parseYaml(text);
    } catch {
      throw validationError(`Template format error: JSON not well-formed. (${(error as Error).message})`);
    }
  }
}

/** Templates read so far: the same one is deployed again and again, and reading YAML takes a thousand times as long as copying what was read. */
const MOST_READ = 16;
const yamlOf = remembered(MOST_READ, parseYaml);

function parseYaml(text: string): unknown {
  // Dates stay text, as CloudFormation's own reader leaves them; YAML 1.1 gives `yes` and merge keys.
  const document = parseDocument(text, {
    version: '1.1',
    schema: 'core',
    merge: true,
    customTags: (base: Tags) => [...base, ...tags],
  } as never);
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem)
    throw validationError(
      `Template format error: YAML not well-formed. (line ${problem.linePos?.[0].line ?? 1}, column ${problem.linePos?.[0].col ?? 1}: ${problem.message.split('\n')[0]})`,
    );
  return document.toJS({ maxAliasCount: 1000 });
}

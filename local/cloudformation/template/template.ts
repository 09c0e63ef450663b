import { validationError } from '../validation-error.ts';
import { isObject, type JsonObject, type JsonValue } from './json-value.ts';

export type DeletionPolicy = 'Delete' | 'Retain' | 'Snapshot' | 'RetainExceptOnCreate';

export interface TemplateResource {
  readonly type: string;
  readonly properties: JsonObject;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: DeletionPolicy | undefined;
  readonly updateReplacePolicy: DeletionPolicy | undefined;
  readonly metadata: JsonValue | undefined;
}

export interface TemplateOutput {
  readonly value: JsonValue;
  readonly description: string | undefined;
  readonly condition: string | undefined;
  readonly exportName: JsonValue | undefined;
}

export interface Template {
  readonly description: string | undefined;
  readonly metadata: JsonValue | undefined;
  readonly parameters: Readonly<Record<string, JsonObject>>;
  readonly mappings: JsonObject;
  readonly conditions: Readonly<Record<string, JsonValue>>;
  readonly rules: Readonly<Record<string, JsonObject>>;
  readonly resources: Readonly<Record<string, TemplateResource>>;
  readonly outputs: Readonly<Record<string, TemplateOutput>>;
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Conditions',
  'Description',
  'Mappings',
  'Metadata',
  'Outputs',
  'Parameters',
  'Resources',
  'Rules',
  'Transform',
]);

/** `UpdatePolicy` and `CreationPolicy` steer types this cloud does not have; CloudFormation ignores them on every other type. */
const RESOURCE_ATTRIBUTES = new Set([
  'Condition',
  'CreationPolicy',
  'DeletionPolicy',
  'DependsOn',
  'Description',
  'Metadata',
  'Properties',
  'Type',
  'UpdatePolicy',
  'UpdateReplacePolicy',
]);

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST = { Parameters: 200, Resources: 500, Outputs: 200, Mappings: 200 } as const;

const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

const formatError = (message: string): Error => validationError(`Template format error: ${message}`);

/** The template's sections, checked for shape. Whether references exist is checked apart: see `checkReferences`. */
export function readTemplate(source: JsonObject): Template {
  const unknown = Object.keys(source).filter((section) => !SECTIONS.has(section));
  if (unknown.length > 0) throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  if (source['Transform'] !== undefined)
    throw validationError(`Transform ${JSON.stringify(source['Transform'])} is not supported by this CloudFormation.`);
  const version = source['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09')
    throw formatError(`The value of AWSTemplateFormatVersion [${String(version)}] is not supported; use 2010-09-09.`);
  const description = source['Description'];
  if (description !== undefined && typeof description !== 'string')
    throw formatError('Template Description must be a string.');
  const resources = section(source, 'Resources');
  if (Object.keys(resources).length === 0) throw formatError('At least one Resources member must be defined.');
  const template: Template = {
    description,
    metadata: source['Metadata'],
    parameters: objects(section(source, 'Parameters'), 'Parameters'),
    mappings: section(source, 'Mappings'),
    conditions: section(source, 'Conditions') as Readonly<Record<string, JsonValue>>,
    rules: objects(section(source, 'Rules'), 'Rules'),
    resources: mapValues(objects(resources, 'Resources'), readResource),
    outputs: mapValues(objects(section(source, 'Outputs'), 'Outputs'), readOutput),
  };
  return template;
}

function section(source: JsonObject, name: string): JsonObject {
  const value = source[name] ?? {};
  if (!isObject(value)) throw formatError(`Every ${name} member must be a JSON object.`);
  const most = (MOST as Readonly<Record<string, number>>)[name];
  const count = Object.keys(value).length;
  if (most !== undefined && count > most)
    throw formatError(`Number of ${name.toLowerCase()}, ${count}, is greater than maximum allowed, ${most}`);
  if (name === 'Resources' || name === 'Parameters' || name === 'Outputs')
    for (const id of Object.keys(value))
      if (!LOGICAL_ID.test(id)) throw formatError(`${name.slice(0, -1)} name ${id} is non alphanumeric.`);
  return value;
}

function objects(value: JsonObject, name: string): Readonly<Record<string, JsonObject>> {
  for (const member of Object.values(value))
    if (!isObject(member)) throw formatError(`Any ${name} member must be an object.`);
  return value as Readonly<Record<string, JsonObject>>;
}

function readResource(source: JsonObject, id: string): TemplateResource {
  const strange = Object.keys(source).filter((name) => !RESOURCE_ATTRIBUTES.has(name));
  if (strange.length > 0) throw formatError(`Invalid resource property/properties [${strange.join(', ')}] in ${id}`);
  const type = source['Type'];
  if (typeof type !== 'string')
    throw formatError(`[/Resources/${id}] Every Resources object must contain a Type member.`);
  const properties = source['Properties'] ?? {};
  if (!isObject(properties)) throw formatError(`[/Resources/${id}/Properties] Properties must be an object.`);
  const dependsOn = source['DependsOn'] ?? [];
  const dependencies = typeof dependsOn === 'string' ? [dependsOn] : dependsOn;
  if (!Array.isArray(dependencies) || dependencies.some((name) => typeof name !== 'string'))
    throw formatError(`[/Resources/${id}/DependsOn] DependsOn must be a string or list of strings.`);
  const condition = source['Condition'];
  if (condition !== undefined && typeof condition !== 'string')
    throw formatError(`[/Resources/${id}/Condition] Condition must be a string.`);
  return {
    type,
    properties,
    dependsOn: dependencies as readonly string[],
    condition,
    deletionPolicy: policy(source['DeletionPolicy'], id, 'DeletionPolicy'),
    updateReplacePolicy: policy(source['UpdateReplacePolicy'], id, 'UpdateReplacePolicy'),
    metadata: source['Metadata'],
  };
}

function policy(value: JsonValue | undefined, id: string, name: string): DeletionPolicy | undefined {
  if (value === undefined) return undefined;
  const known: readonly string[] =
    name === 'DeletionPolicy'
      ? ['Delete', 'Retain', 'Snapshot', 'RetainExceptOnCreate']
      : ['Delete', 'Retain', 'Snapshot'];
  if (typeof value !== 'string' || !known.includes(value))
    throw formatError(`Unrecognized ${name} ${JSON.stringify(value)} for resource ${id}`);
  return value as DeletionPolicy;
}

function readOutput(source: JsonObject, id: string): TemplateOutput {
  const strange = Object.keys(source).filter((name) => !['Condition', 'Description', 'Export', 'Value'].includes(name));
  if (strange.length > 0) throw formatError(`[/Outputs/${id}] Invalid output property ${strange.join(', ')}`);
  if (source['Value'] === undefined) throw formatError(`Output ${id} is missing its Value.`);
  const exported = source['Export'];
  if (exported !== undefined && (!isObject(exported) || exported['Name'] === undefined))
    throw formatError(`[/Outputs/${id}/Export] Export must have a Name.`);
  const { Description: description, Condition: condition } = source;
  return {
    value: source['Value'],
    description: typeof description === 'string' ? description : undefined,
    condition: typeof condition === 'string' ? condition : undefined,
    exportName: isObject(exported) ? exported['Name'] : undefined,
  };
}

function mapValues<From, To>(record: Readonly<Record<string, From>>, change: (value: From, key: string) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value, key)]));
}

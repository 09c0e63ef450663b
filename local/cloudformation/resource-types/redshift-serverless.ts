import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject, type JsonObject, type JsonValue } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';
import { isGone, objects, omit, pick, removedTagKeys, text, unlessGone } from './values.ts';

const POLL_MS = 500;

/** Namespaces and workgroups under the member of an answer that shows one. */
type Shown = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The service writes every member in lower camel case, its configuration's and its tags' too. */
function lowered(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(lowered);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name.charAt(0).toLowerCase() + name.slice(1),
      lowered(inner ?? null),
    ]),
  );
}

interface Kind {
  /** `Namespace` */
  readonly name: string;
  /** What GetAtt finds below the resource's own name. */
  readonly attributes: readonly string[];
  readonly properties: ResourceType['properties'];
  readonly required: readonly string[];
}

async function describe(
  { name }: Kind,
  id: string,
  { call }: ResourceContext,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const member = lower(name);
  try {
    return (await call<Shown>('redshift-serverless', `Get${name}`, { [`${member}Name`]: id }))[member];
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

const lower = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

function valueAt(shown: Readonly<Record<string, unknown>>, path: string): JsonValue {
  const value = path
    .split('.')
    .reduce<unknown>((inner, part) => (inner as Record<string, unknown> | undefined)?.[lower(part)], shown);
  if (value instanceof Date) return value.toISOString();
  return (value ?? '') as JsonValue;
}

function available(kind: Kind, id: string, context: ResourceContext): Promise<Physical> {
  return context.until(POLL_MS, async () => {
    const shown = await describe(kind, id, context);
    if (!shown) throw validationError(`${kind.name} ${id} was deleted`);
    if (shown['status'] !== 'AVAILABLE') return undefined;
    return {
      id,
      attributes: Object.fromEntries(kind.attributes.map((path) => [`${kind.name}.${path}`, valueAt(shown, path)])),
    };
  });
}

function resourceType(kind: Kind): ResourceType {
  const { name } = kind;
  const member = lower(name);
  const named = `${name}Name`;
  const arnOf = async (id: string, context: ResourceContext): Promise<string> =>
    String((await describe(kind, id, context))?.[`${member}Arn`]);
  return {
    properties: kind.properties,
    required: kind.required,
    named,
    attributes: kind.attributes.map((path) => `${name}.${path}`),
    create: async (properties, context) => {
      const id = text(properties, named);
      if (!context.resumed || !(await describe(kind, id, context)))
        await context.call('redshift-serverless', `Create${name}`, lowered(properties));
      return { id, attributes: {} };
    },
    settle: ({ id }, _properties, context) => available(kind, id, context),
    update: async ({ id }, properties, before, context) => {
      const changed = Object.keys(omit(properties, named, 'Tags')).filter(
        (property) => JSON.stringify(properties[property]) !== JSON.stringify(before[property]),
      );
      if (changed.length > 0) {
        const together = changed.some((property) => /^Admin(?:Username|UserPassword)$/.test(property))
          ? ['AdminUsername', 'AdminUserPassword']
          : [];
        const input = lowered(pick(properties, named, ...changed, ...together)) as JsonObject;
        await context.call('redshift-serverless', `Update${name}`, input);
        await available(kind, id, context);
      }
      await setTags(await arnOf(id, context), properties, before, context);
      return available(kind, id, context);
    },
    delete: async ({ id }, _properties, context) => {
      await unlessGone(context.call('redshift-serverless', `Delete${name}`, { [`${member}Name`]: id }));
      await context.until(POLL_MS, async () => ((await describe(kind, id, context)) ? undefined : true));
    },
  };
}

async function setTags(resourceArn: string, after: Properties, before: Properties, { call }: ResourceContext) {
  const tagKeys = removedTagKeys(after, before);
  if (tagKeys.length > 0) await call('redshift-serverless', 'UntagResource', { resourceArn, tagKeys });
  const tags = objects(after, 'Tags');
  if (tags.length > 0 && JSON.stringify(tags) !== JSON.stringify(objects(before, 'Tags')))
    await call('redshift-serverless', 'TagResource', { resourceArn, tags: lowered([...tags]) });
}

const inPlace = (...names: readonly string[]): ResourceType['properties'] =>
  Object.fromEntries(names.map((name) => [name, 'in-place' as const]));

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshiftserverless-namespace.html */
const namespace: Kind = {
  name: 'Namespace',
  properties: {
    NamespaceName: 'replace',
    DbName: 'replace',
    ...inPlace(
      'AdminPasswordSecretKmsKeyId',
      'AdminUserPassword',
      'AdminUsername',
      'DefaultIamRoleArn',
      'IamRoles',
      'KmsKeyId',
      'LogExports',
      'ManageAdminPassword',
      'Tags',
    ),
  },
  required: ['NamespaceName'],
  attributes: [
    'AdminPasswordSecretArn',
    'AdminUsername',
    'CreationDate',
    'DbName',
    'DefaultIamRoleArn',
    'IamRoles',
    'KmsKeyId',
    'LogExports',
    'NamespaceArn',
    'NamespaceId',
    'NamespaceName',
    'Status',
  ],
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-redshiftserverless-workgroup.html */
const workgroup: Kind = {
  name: 'Workgroup',
  properties: {
    WorkgroupName: 'replace',
    NamespaceName: 'replace',
    ...inPlace(
      'BaseCapacity',
      'ConfigParameters',
      'EnhancedVpcRouting',
      'MaxCapacity',
      'Port',
      'PricePerformanceTarget',
      'PubliclyAccessible',
      'SecurityGroupIds',
      'SubnetIds',
      'Tags',
      'TrackName',
    ),
  },
  required: ['WorkgroupName'],
  attributes: [
    'BaseCapacity',
    'CreationDate',
    'Endpoint.Address',
    'Endpoint.Port',
    'EnhancedVpcRouting',
    'MaxCapacity',
    'NamespaceName',
    'PubliclyAccessible',
    'SecurityGroupIds',
    'Status',
    'SubnetIds',
    'TrackName',
    'WorkgroupArn',
    'WorkgroupId',
    'WorkgroupName',
  ],
};

export const REDSHIFT_SERVERLESS_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::RedshiftServerless::Namespace': resourceType(namespace),
  'AWS::RedshiftServerless::Workgroup': resourceType(workgroup),
};

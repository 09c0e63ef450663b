import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject, type JsonObject } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';
import { zipOf } from './inline-code.ts';
import { isThere, object, omit, optionalText, pick, tagMap, text, unlessGone } from './values.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const LONGEST_FUNCTION_NAME = 64;

interface Configuration {
  readonly FunctionName: string;
  readonly FunctionArn: string;
  readonly State?: string;
  readonly LastUpdateStatus?: string;
  readonly StateReason?: string;
  readonly LastUpdateStatusReason?: string;
}

const physicalFunction = ({ FunctionName, FunctionArn }: Configuration): Physical => ({
  id: FunctionName,
  attributes: { Arn: FunctionArn },
});

/** `Code` as the API takes it: inline source becomes a zip archive. */
function code(properties: Properties): Readonly<Record<string, unknown>> {
  const given = object(properties, 'Code');
  const source = given['ZipFile'];
  if (source === undefined) return given;
  if (typeof source !== 'string') throw validationError('Value of property ZipFile must be of type String');
  const python = String(properties['Runtime']).startsWith('python');
  return { ...omit(given, 'ZipFile'), ZipFile: zipOf(python ? 'index.py' : 'index.js', source) };
}

const CONFIGURATION = [
  'DeadLetterConfig',
  'Description',
  'Environment',
  'EphemeralStorage',
  'Handler',
  'KmsKeyArn',
  'Layers',
  'LoggingConfig',
  'MemorySize',
  'Role',
  'Runtime',
  'SnapStart',
  'Timeout',
  'TracingConfig',
  'VpcConfig',
] as const;

/** What a property that was taken out of the template falls back to. */
const DEFAULTS: JsonObject = {
  DeadLetterConfig: {},
  Description: '',
  Environment: { Variables: {} },
  EphemeralStorage: { Size: 512 },
  KmsKeyArn: '',
  Layers: [],
  LoggingConfig: { LogFormat: 'Text' },
  MemorySize: 128,
  SnapStart: { ApplyOn: 'None' },
  Timeout: 3,
  TracingConfig: { Mode: 'PassThrough' },
  VpcConfig: { SubnetIds: [], SecurityGroupIds: [] },
};

/** The template says `KmsKeyArn` where the API says `KMSKeyArn`. */
function configuration(properties: JsonObject): JsonObject {
  const { KmsKeyArn: key, ...others } = properties;
  return { ...others, ...(key !== undefined && { KMSKeyArn: key }) };
}

const SETTLE_POLL_MS = 100;

async function ready(FunctionName: string, context: ResourceContext): Promise<Physical> {
  return context.until(SETTLE_POLL_MS, async () => {
    const found = await context.call<Configuration>('lambda', 'GetFunctionConfiguration', { FunctionName });
    if (found.State === 'Failed' || found.LastUpdateStatus === 'Failed')
      throw validationError(found.StateReason ?? found.LastUpdateStatusReason ?? `${FunctionName} failed`);
    const waiting = found.State === 'Pending' || found.LastUpdateStatus === 'InProgress';
    return waiting ? undefined : physicalFunction(found);
  });
}

async function setConcurrency(
  FunctionName: string,
  properties: Properties,
  before: Properties,
  { call }: ResourceContext,
) {
  const wanted = properties['ReservedConcurrentExecutions'];
  if (wanted === before['ReservedConcurrentExecutions']) return;
  if (wanted === undefined) await call('lambda', 'DeleteFunctionConcurrency', { FunctionName });
  else await call('lambda', 'PutFunctionConcurrency', { FunctionName, ReservedConcurrentExecutions: wanted });
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-function.html */
const lambdaFunction: ResourceType = {
  properties: {
    FunctionName: 'replace',
    PackageType: 'replace',
    Architectures: 'in-place',
    Code: 'in-place',
    ReservedConcurrentExecutions: 'in-place',
    Tags: 'in-place',
    ...Object.fromEntries(CONFIGURATION.map((name) => [name, 'in-place' as const])),
  },
  required: ['Code', 'Role'],
  named: 'FunctionName',
  attributes: ['Arn', 'SnapStartResponse.ApplyOn', 'SnapStartResponse.OptimizationStatus'],
  create: async (properties, context) => {
    const FunctionName = optionalText(properties, 'FunctionName') ?? context.name(LONGEST_FUNCTION_NAME);
    const created = await context
      .call<Configuration>('lambda', 'CreateFunction', {
        FunctionName,
        Code: code(properties),
        ...configuration(pick(properties, 'PackageType', 'Architectures', ...CONFIGURATION)),
        ...(properties['Tags'] !== undefined && { Tags: tagMap(properties) }),
      })
      .catch((error: unknown) => {
        if (context.resumed && isThere(error))
          return context.call<Configuration>('lambda', 'GetFunctionConfiguration', { FunctionName });
        throw error;
      });
    context.exists(FunctionName);
    await setConcurrency(FunctionName, properties, {}, context);
    return physicalFunction(created);
  },
  settle: ({ id }, _properties, context) => ready(id, context),
  update: async (physical, properties, before, context) => {
    const { call } = context;
    const FunctionName = physical.id;
    const changed = (...names: readonly string[]): boolean =>
      names.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(before[name]));
    if (changed('Code', 'Architectures')) {
      await call('lambda', 'UpdateFunctionCode', {
        FunctionName,
        ...code(properties),
        ...pick(properties, 'Architectures'),
      });
      await ready(FunctionName, context);
    }
    if (changed(...CONFIGURATION)) {
      const removed = pick(DEFAULTS, ...CONFIGURATION.filter((name) => name in before && !(name in properties)));
      await call('lambda', 'UpdateFunctionConfiguration', {
        FunctionName,
        ...configuration({ ...removed, ...pick(properties, ...CONFIGURATION) }),
      });
      await ready(FunctionName, context);
    }
    await setConcurrency(FunctionName, properties, before, context);
    if (changed('Tags')) {
      const Resource = String(physical.attributes['Arn']);
      const [tags, old] = [tagMap(properties) ?? {}, tagMap(before) ?? {}];
      const gone = Object.keys(old).filter((key) => !(key in tags));
      if (gone.length > 0) await call('lambda', 'UntagResource', { Resource, TagKeys: gone });
      if (Object.keys(tags).length > 0) await call('lambda', 'TagResource', { Resource, Tags: tags });
    }
    return physical;
  },
  delete: ({ id }, _properties, { call }) => unlessGone(call('lambda', 'DeleteFunction', { FunctionName: id })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html */
const version: ResourceType = {
  properties: { FunctionName: 'replace', CodeSha256: 'replace', Description: 'replace' },
  required: ['FunctionName'],
  attributes: ['FunctionArn', 'Version'],
  create: async (properties, { call }) => {
    const published = await call<{ readonly FunctionArn: string; readonly Version: string }>(
      'lambda',
      'PublishVersion',
      pick(properties, 'FunctionName', 'CodeSha256', 'Description'),
    );
    const { FunctionArn, Version } = published;
    return { id: FunctionArn, attributes: { FunctionArn, Version } };
  },
  delete: ({ id, attributes }, _properties, { call }) =>
    unlessGone(call('lambda', 'DeleteFunction', { FunctionName: id, Qualifier: attributes['Version'] })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-permission.html */
const permission: ResourceType = {
  properties: {
    Action: 'replace',
    EventSourceToken: 'replace',
    FunctionName: 'replace',
    Principal: 'replace',
    PrincipalOrgID: 'replace',
    SourceAccount: 'replace',
    SourceArn: 'replace',
  },
  required: ['Action', 'FunctionName', 'Principal'],
  attributes: ['Id'],
  create: async (properties, context) => {
    const id = context.name(100);
    await context.call('lambda', 'AddPermission', { ...properties, StatementId: id }).catch((error: unknown) => {
      if (!context.resumed || !isThere(error)) throw error;
    });
    return { id, attributes: { Id: id } };
  },
  delete: ({ id }, properties, { call }) =>
    unlessGone(call('lambda', 'RemovePermission', { FunctionName: text(properties, 'FunctionName'), StatementId: id })),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-eventinvokeconfig.html */
const eventInvokeConfig: ResourceType = {
  properties: {
    FunctionName: 'replace',
    Qualifier: 'replace',
    DestinationConfig: 'in-place',
    MaximumEventAgeInSeconds: 'in-place',
    MaximumRetryAttempts: 'in-place',
  },
  required: ['FunctionName', 'Qualifier'],
  attributes: [],
  create: async (properties, context) => {
    await context.call('lambda', 'PutFunctionEventInvokeConfig', properties);
    return { id: context.name(255), attributes: {} };
  },
  update: async (physical, properties, _before, { call }) => {
    await call('lambda', 'PutFunctionEventInvokeConfig', properties);
    return physical;
  },
  delete: (_physical, properties, { call }) =>
    unlessGone(call('lambda', 'DeleteFunctionEventInvokeConfig', pick(properties, 'FunctionName', 'Qualifier'))),
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-alias.html */
const alias: ResourceType = {
  properties: {
    FunctionName: 'replace',
    Name: 'replace',
    Description: 'in-place',
    FunctionVersion: 'in-place',
    RoutingConfig: 'in-place',
  },
  required: ['FunctionName', 'FunctionVersion', 'Name'],
  attributes: ['AliasArn'],
  create: async (properties, { call }) => {
    const { AliasArn } = await call<{ readonly AliasArn: string }>('lambda', 'CreateAlias', routing(properties));
    return { id: AliasArn, attributes: { AliasArn } };
  },
  update: async (physical, properties, _before, { call }) => {
    await call('lambda', 'UpdateAlias', routing(properties));
    return physical;
  },
  delete: (_physical, properties, { call }) =>
    unlessGone(call('lambda', 'DeleteAlias', pick(properties, 'FunctionName', 'Name'))),
};

/** A list of version weights in the template, a map in the API. */
function routing(properties: Properties): JsonObject {
  const config = properties['RoutingConfig'];
  if (!isObject(config)) return properties;
  const weights = (config['AdditionalVersionWeights'] ?? []) as readonly JsonObject[];
  return {
    ...properties,
    RoutingConfig: {
      AdditionalVersionWeights: Object.fromEntries(
        weights.map((weight) => [text(weight, 'FunctionVersion'), weight['FunctionWeight']]),
      ),
    },
  };
}

export const LAMBDA_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::Lambda::Alias': alias,
  'AWS::Lambda::EventInvokeConfig': eventInvokeConfig,
  'AWS::Lambda::Function': lambdaFunction,
  'AWS::Lambda::Permission': permission,
  'AWS::Lambda::Version': version,
};

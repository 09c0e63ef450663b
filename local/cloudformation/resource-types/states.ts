import type { Physical, Properties, ResourceContext, ResourceType } from '../resource-type.ts';
import { isObject, isScalar, type JsonObject, type JsonValue } from '../template/json-value.ts';
import { validationError } from '../validation-error.ts';
import { lastPart, object, objects, optionalText, text, unlessGone } from './values.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html */
const LONGEST_NAME = 80;

/** The definition as text, wherever it is, with `${name}` substituted. */
async function definition(properties: Properties, { call }: ResourceContext): Promise<string> {
  const given = ['Definition', 'DefinitionString', 'DefinitionS3Location'].filter(
    (name) => properties[name] !== undefined,
  );
  if (given.length !== 1)
    throw validationError('Exactly one of Definition, DefinitionString and DefinitionS3Location must be specified.');
  const substitutions = object(properties, 'DefinitionSubstitutions');
  return (await source()).replace(/\$\{([A-Za-z0-9_.-]+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(substitutions, name) ? substitutions[name] : undefined;
    return isScalar(value) ? String(value) : whole;
  });

  async function source(): Promise<string> {
    const { Definition: whole, DefinitionString: string } = properties;
    if (whole !== undefined) return JSON.stringify(whole);
    if (string !== undefined) return text(properties, 'DefinitionString');
    const location = object(properties, 'DefinitionS3Location');
    const { Body: body } = await call<{ readonly Body: Uint8Array | string }>('s3', 'GetObject', {
      Bucket: text(location, 'Bucket'),
      Key: text(location, 'Key'),
      VersionId: location['Version'],
    });
    return typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  }
}

/** Members begin with a capital letter in templates and with a small one in the API. */
function uncapitalised(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return (value as readonly JsonValue[]).map(uncapitalised);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key.charAt(0).toLowerCase() + key.slice(1),
      item === undefined ? undefined : uncapitalised(item),
    ]),
  );
}

async function settings(properties: Properties, context: ResourceContext): Promise<JsonObject> {
  const configured = ['LoggingConfiguration', 'TracingConfiguration', 'EncryptionConfiguration'].flatMap((name) =>
    properties[name] === undefined
      ? []
      : [[name.charAt(0).toLowerCase() + name.slice(1), uncapitalised(properties[name])]],
  );
  return {
    definition: await definition(properties, context),
    roleArn: text(properties, 'RoleArn'),
    ...(Object.fromEntries(configured) as JsonObject),
  };
}

const tags = (properties: Properties): JsonObject[] =>
  objects(properties, 'Tags').map((tag) => ({ key: text(tag, 'Key'), value: text(tag, 'Value') }));

const physicalMachine = (arn: string): Physical => ({
  id: arn,
  attributes: { Arn: arn, Name: lastPart(arn, ':'), StateMachineRevisionId: 'INITIAL' },
});

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-stepfunctions-statemachine.html */
const stateMachine: ResourceType = {
  properties: {
    StateMachineName: 'replace',
    StateMachineType: 'replace',
    Definition: 'in-place',
    DefinitionS3Location: 'in-place',
    DefinitionString: 'in-place',
    DefinitionSubstitutions: 'in-place',
    EncryptionConfiguration: 'in-place',
    LoggingConfiguration: 'in-place',
    RoleArn: 'in-place',
    Tags: 'in-place',
    TracingConfiguration: 'in-place',
  },
  required: ['RoleArn'],
  named: 'StateMachineName',
  attributes: ['Arn', 'Name', 'StateMachineRevisionId'],
  create: async (properties, context) => {
    const name = optionalText(properties, 'StateMachineName') ?? context.name(LONGEST_NAME);
    const { stateMachineArn } = await context.call<{ readonly stateMachineArn: string }>(
      'states',
      'CreateStateMachine',
      {
        name,
        type: properties['StateMachineType'],
        tags: tags(properties),
        ...(await settings(properties, context)),
      },
    );
    return physicalMachine(stateMachineArn);
  },
  update: async (physical, properties, before, context) => {
    const { call } = context;
    const stateMachineArn = physical.id;
    const answer = await call<{ readonly revisionId?: string }>('states', 'UpdateStateMachine', {
      stateMachineArn,
      ...(await settings(properties, context)),
    });
    const after = tags(properties);
    const tagKeys = tags(before)
      .map(({ key }) => String(key))
      .filter((key) => !after.some((tag) => tag['key'] === key));
    if (tagKeys.length > 0) await call('states', 'UntagResource', { resourceArn: stateMachineArn, tagKeys });
    if (JSON.stringify(after) !== JSON.stringify(tags(before)) && after.length > 0)
      await call('states', 'TagResource', { resourceArn: stateMachineArn, tags: after });
    const { attributes } = physicalMachine(stateMachineArn);
    return {
      id: stateMachineArn,
      attributes: {
        ...attributes,
        ...(answer.revisionId !== undefined && { StateMachineRevisionId: answer.revisionId }),
      },
    };
  },
  delete: ({ id }, _properties, { call }) => unlessGone(call('states', 'DeleteStateMachine', { stateMachineArn: id })),
};

export const STATES_TYPES: Readonly<Record<string, ResourceType>> = {
  'AWS::StepFunctions::StateMachine': stateMachine,
};

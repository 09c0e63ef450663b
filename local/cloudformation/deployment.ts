import { AwsError, type Caller } from '../kernel/index.ts';
import { typeOf, type Engine } from './engine/engine.ts';
import { createScope } from './engine/scope.ts';
import { requiredCapabilities } from './capabilities.ts';
import type { Deployment, Stack, Tag } from './stack.ts';
import { templateText, type TemplateInput } from './template-source.ts';
import type { JsonObject, JsonValue } from './template/json-value.ts';
import { getAttArguments, intrinsicOf } from './template/evaluate.ts';
import { isObject } from './template/json-value.ts';
import { checkParameterDeclarations, parameterValues, type GivenParameter } from './template/parameters.ts';
import { parseTemplate } from './template/parse.ts';
import { checkReferences } from './template/references.ts';
import { checkRules } from './template/rules.ts';
import { readTemplate, type Template } from './template/template.ts';
import { validationError } from './validation-error.ts';

export interface DeploymentInput extends TemplateInput {
  readonly Parameters?: readonly GivenParameter[] | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly RoleARN?: string | undefined;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStack.html */
const MOST_TAGS = 50;

/** Reads and checks everything about a template that can be checked before anything is done. */
export function checkTemplate(engine: Engine, source: JsonObject): Template {
  const template = readTemplate(source);
  checkParameterDeclarations(template.parameters);
  const unknown = [...new Set(Object.values(template.resources).map(({ type }) => type))].filter(
    (type) => !Object.hasOwn(engine.types, type),
  );
  if (unknown.length > 0)
    throw validationError(`Template format error: Unrecognized resource types: [${unknown.join(', ')}]`);
  checkReferences(template);
  for (const { properties } of Object.values(template.resources)) checkAttributes(engine, template, properties);
  for (const { value } of Object.values(template.outputs)) checkAttributes(engine, template, value);
  return template;
}

/** Every `Fn::GetAtt` names an attribute its resource's type has. */
function checkAttributes(engine: Engine, template: Template, value: JsonValue): void {
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).forEach((item) => checkAttributes(engine, template, item));
  if (!isObject(value)) return;
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.[0] === 'Fn::GetAtt') {
    const [logicalId, attribute] = getAttArguments(intrinsic[1], undefined);
    const { attributes } = typeOf(engine, template.resources[logicalId]?.type ?? '');
    if (attribute !== '' && !attributes.includes(attribute))
      throw validationError(
        `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
      );
    return;
  }
  for (const member of Object.values(value)) if (member !== undefined) checkAttributes(engine, template, member);
}

/**
 * What a stack is to be deployed from.
 * @throws AwsError `ValidationError`, `InsufficientCapabilitiesException`.
 */
export async function prepareDeployment(
  engine: Engine,
  input: DeploymentInput,
  stack: Pick<Stack, 'id' | 'name' | 'notificationArns'>,
  caller: Caller,
  previous?: Deployment,
): Promise<Deployment> {
  const { text, source } = await templateText(engine.cloud, input, caller, previous?.templateText);
  const parsed = parseTemplate(text, source);
  const template = checkTemplate(engine, parsed);
  const parameters = parameterValues(template.parameters, input.Parameters ?? [], previous?.parameters ?? {});
  checkCapabilities(template, input.Capabilities ?? []);
  const tags = checkTags(input.Tags) ?? previous?.tags ?? [];
  const deployment: Deployment = { templateText: text, template: parsed, parameters, tags };
  const scope = createScope({
    cloud: engine.cloud,
    stacks: engine.stacks,
    stack,
    deployment,
    planning: true,
    resource: () => undefined,
  });
  checkRules(template.rules, scope);
  if (input.RoleARN !== undefined) await checkRole(engine, input.RoleARN, caller);
  return deployment;
}

function checkCapabilities(template: Template, given: readonly string[]): void {
  const { capability } = requiredCapabilities(template);
  if (capability === undefined) return;
  if (given.includes('CAPABILITY_NAMED_IAM') || given.includes(capability)) return;
  throw new AwsError('InsufficientCapabilitiesException', `Requires capabilities : [${capability}]`);
}

function checkTags(tags: DeploymentInput['Tags']): readonly Tag[] | undefined {
  if (tags === undefined) return undefined;
  if (tags.length > MOST_TAGS)
    throw validationError(`Number of tags, ${tags.length}, exceeds the maximum of ${MOST_TAGS}`);
  return tags.map(({ Key: key = '', Value: value = '' }) => {
    if (key === '' || key.length > 128 || key.startsWith('aws:'))
      throw validationError(`Tag key ${JSON.stringify(key)} is not valid`);
    return { Key: key, Value: value };
  });
}

/** CloudFormation assumes the role before it begins. */
async function checkRole(engine: Engine, arn: string, caller: Caller): Promise<void> {
  const name = /^arn:aws:iam::\d{12}:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];
  const refuse = (): Error => validationError(`Role ${arn} is invalid or cannot be assumed`);
  if (name === undefined) throw refuse();
  await engine.cloud.call('iam', 'GetRole', { RoleName: name }, caller).catch((error: unknown) => {
    throw error instanceof AwsError && error.code === 'NoSuchEntity' ? refuse() : error;
  });
}

import { validationError } from '../validation-error.ts';
import { isObject, type JsonObject } from './json-value.ts';

/** A parameter's value as text; lists are comma-delimited, as they are given and shown. */
export type ParameterValues = Readonly<Record<string, string>>;

export interface GivenParameter {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

const MEMBERS = new Set([
  'AllowedPattern',
  'AllowedValues',
  'ConstraintDescription',
  'Default',
  'Description',
  'MaxLength',
  'MaxValue',
  'MinLength',
  'MinValue',
  'NoEcho',
  'Type',
]);

/** What `DescribeStacks` shows in place of a NoEcho value. */
export const NO_ECHO = '****';

export const isList = (type: string): boolean => type === 'CommaDelimitedList' || type.startsWith('List<');

export const isNoEcho = (definition: JsonObject | undefined): boolean =>
  definition?.['NoEcho'] === true || definition?.['NoEcho'] === 'true';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html */
function checkType(name: string, type: unknown): string {
  if (typeof type !== 'string')
    throw validationError(`Template format error: Every Parameters object must contain a Type member. (${name})`);
  if (type.includes('AWS::SSM::'))
    throw validationError(
      `Parameter ${name}: type ${type} is not supported by this CloudFormation (no Parameter Store).`,
    );
  if (
    type !== 'String' &&
    type !== 'Number' &&
    type !== 'CommaDelimitedList' &&
    type !== 'List<Number>' &&
    !/^(List<)?AWS::[A-Za-z0-9]+::[A-Za-z0-9:]+>?$/.test(type)
  )
    throw validationError(`Template format error: Unrecognized parameter type: ${type}`);
  return type;
}

/** Checks the declarations of a template's Parameters section. */
export function checkParameterDeclarations(declared: Readonly<Record<string, JsonObject>>): void {
  for (const [name, definition] of Object.entries(declared)) {
    checkType(name, definition['Type']);
    for (const member of Object.keys(definition))
      if (!MEMBERS.has(member))
        throw validationError(`Invalid template parameter property '${member}' (parameter ${name})`);
  }
}

/**
 * The values a stack runs with: given, previous, or default.
 * @throws AwsError `ValidationError` for a value that is missing, undeclared or not allowed.
 */
export function parameterValues(
  declared: Readonly<Record<string, JsonObject>>,
  given: readonly GivenParameter[],
  previous: ParameterValues,
): ParameterValues {
  const keys = given.map(({ ParameterKey: key = '' }) => key);
  const undeclared = keys.filter((key) => !Object.hasOwn(declared, key));
  if (undeclared.length > 0)
    throw validationError(`Parameters: [${undeclared.join(', ')}] do not exist in the template`);
  const values: Record<string, string> = {};
  const missing: string[] = [];
  for (const [name, definition] of Object.entries(declared)) {
    const own = given.find(({ ParameterKey: key }) => key === name);
    const fallback = definition['Default'];
    const value = own?.UsePreviousValue
      ? previous[name]
      : (own?.ParameterValue ?? (fallback === undefined || fallback === null ? undefined : defaultText(fallback)));
    if (value === undefined) missing.push(name);
    else values[name] = checkValue(name, definition, value);
  }
  if (missing.length > 0) throw validationError(`Parameters: [${missing.join(', ')}] must have values`);
  return values;
}

const defaultText = (value: unknown): string => (Array.isArray(value) ? value.join(',') : String(value));

function checkValue(name: string, definition: JsonObject, value: string): string {
  const type = checkType(name, definition['Type']);
  const custom = definition['ConstraintDescription'];
  const refuse = (what: string): Error =>
    validationError(
      typeof custom === 'string'
        ? `Parameter ${name} failed to satisfy constraint: ${custom}`
        : `Parameter '${name}' ${what}`,
    );
  const items = isList(type) ? value.split(',').map((item) => item.trim()) : [value];
  const allowed = definition['AllowedValues'];
  if (Array.isArray(allowed) && !items.every((item) => allowed.some((other) => String(other) === item)))
    throw refuse(`must be one of AllowedValues`);
  if (type === 'Number' || type === 'List<Number>')
    for (const item of items) {
      const number = Number(item);
      if (item.trim() === '' || !Number.isFinite(number)) throw refuse('must be a number');
      const { MinValue: min, MaxValue: max } = definition;
      if (min !== undefined && number < Number(min)) throw refuse(`must be a number not less than ${String(min)}`);
      if (max !== undefined && number > Number(max)) throw refuse(`must be a number not greater than ${String(max)}`);
    }
  const pattern = definition['AllowedPattern'];
  if (typeof pattern === 'string')
    for (const item of items) if (!matches(pattern, item, name)) throw refuse(`must match pattern ${pattern}`);
  const { MinLength: shortest, MaxLength: longest } = definition;
  if (shortest !== undefined && value.length < Number(shortest))
    throw refuse(`must contain at least ${String(shortest)} characters`);
  if (longest !== undefined && value.length > Number(longest))
    throw refuse(`must contain at most ${String(longest)} characters`);
  if (type.startsWith('AWS::') && value === '')
    throw validationError(`Parameter validation failed: parameter value for parameter name ${name} does not exist`);
  return value;
}

/** The whole value has to match, as in CloudFormation. */
function matches(pattern: string, value: string, name: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    throw validationError(
      `Template format error: AllowedPattern of parameter ${name} is not a regular expression: ${pattern}`,
    );
  }
}

/** The value `Ref` gives. */
export function parameterReference(definition: JsonObject | undefined, value: string): string | readonly string[] {
  const type = isObject(definition) ? String(definition['Type']) : 'String';
  if (!isList(type)) return value;
  return value === '' ? [] : value.split(',').map((item) => item.trim());
}

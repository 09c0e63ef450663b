import { validationError } from '../validation-error.ts';
import { cidrBlocks } from './cidr.ts';
import { isObject, isScalar, type JsonObject, type JsonValue } from './json-value.ts';

/** What references mean while a template is evaluated. */
export interface Scope {
  /** A parameter, pseudo parameter or resource. */
  ref(name: string): JsonValue;
  attribute(logicalId: string, attribute: string): JsonValue;
  condition(name: string): boolean;
  readonly mappings: JsonObject;
  importValue(exportName: string): string;
  zones(region: string): readonly string[];
}

/** Stands for "no value": the property or list item is left out. */
const NO_VALUE = Symbol('AWS::NoValue');
type Evaluated = JsonValue | typeof NO_VALUE;

/** What a value reads as that only the deployment itself can tell. AWS shows the same text in a change set. */
export const KNOWN_AFTER_APPLY = '{{changeSet:KNOWN_AFTER_APPLY}}';

const templateError = (message: string): Error => validationError(`Template error: ${message}`);

/** A value with its intrinsic functions replaced. `undefined` for `AWS::NoValue`. */
export function evaluate(value: JsonValue, scope: Scope): JsonValue | undefined {
  const result = resolve(value, scope);
  return result === NO_VALUE ? undefined : result;
}

/** The one function of a value such as `{ "Fn::Sub": … }`. */
export function intrinsicOf(value: JsonValue): readonly [name: string, argument: JsonValue] | undefined {
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  const known = name === 'Ref' || name === 'Condition' || name.startsWith('Fn::');
  return known ? [name, value[name] ?? null] : undefined;
}

function resolve(value: JsonValue, scope: Scope): Evaluated {
  if (Array.isArray(value))
    return (value as readonly JsonValue[]).flatMap((item) => {
      const result = resolve(item, scope);
      return result === NO_VALUE ? [] : [result];
    });
  if (!isObject(value)) return value;
  const intrinsic = intrinsicOf(value);
  // `Condition` is a function in conditions only; elsewhere it is a key like any other (an IAM statement's, for one).
  if (intrinsic && intrinsic[0] !== 'Condition') return call(intrinsic[0], intrinsic[1], scope);
  const result: Record<string, JsonValue> = {};
  for (const [key, member] of Object.entries(value)) {
    if (key.startsWith('Fn::') && Object.keys(value).length > 1)
      throw validationError(`Template format error: ${key} must be the only key of its object`);
    const resolved = member === undefined ? NO_VALUE : resolve(member, scope);
    if (resolved !== NO_VALUE) result[key] = resolved;
  }
  return result;
}

function call(name: string, argument: JsonValue, scope: Scope): Evaluated {
  switch (name) {
    case 'Ref':
      return typeof argument === 'string' && argument === 'AWS::NoValue' ? NO_VALUE : scope.ref(text(argument, 'Ref'));
    case 'Fn::GetAtt': {
      const [logicalId, attribute] = getAttArguments(argument, scope);
      return scope.attribute(logicalId, attribute);
    }
    case 'Fn::Sub':
      return substitute(argument, scope);
    case 'Fn::Join': {
      const [delimiter, items] = argumentsOf(argument, 2, 'Fn::Join');
      const list = listOf(items, scope, 'Fn::Join');
      return list.map((item) => text(item, 'Fn::Join')).join(text(delimiter, 'Fn::Join'));
    }
    case 'Fn::Select': {
      const [index, items] = argumentsOf(argument, 2, 'Fn::Select');
      const list = listOf(items, scope, 'Fn::Select');
      const at = Number(valueOf(index, scope));
      const item = list[at];
      if (list.includes(KNOWN_AFTER_APPLY)) return KNOWN_AFTER_APPLY;
      if (item === undefined)
        throw templateError(`Fn::Select cannot select nonexistent value at index ${String(valueOf(index, scope))}`);
      return item;
    }
    case 'Fn::Split': {
      const [delimiter, source] = argumentsOf(argument, 2, 'Fn::Split');
      return text(valueOf(source, scope), 'Fn::Split').split(text(delimiter, 'Fn::Split'));
    }
    case 'Fn::If': {
      const [condition, yes, no] = argumentsOf(argument, 3, 'Fn::If');
      return resolve(scope.condition(text(condition, 'Fn::If')) ? yes : no, scope);
    }
    case 'Fn::FindInMap':
      return findInMap(argument, scope);
    case 'Fn::ImportValue':
      return scope.importValue(text(valueOf(argument, scope), 'Fn::ImportValue'));
    case 'Fn::Base64':
      return Buffer.from(text(valueOf(argument, scope), 'Fn::Base64')).toString('base64');
    case 'Fn::GetAZs':
      return [...scope.zones(text(valueOf(argument, scope), 'Fn::GetAZs'))];
    case 'Fn::Cidr': {
      const list = valueOf(argument, scope);
      if (!Array.isArray(list) || list.length < 2 || list.length > 3)
        throw templateError('Fn::Cidr needs an address block, a count and, at most, the number of host bits.');
      const [block, count, bits = 8] = list as readonly JsonValue[];
      if (block === KNOWN_AFTER_APPLY) return Array.from({ length: Number(count) }, () => KNOWN_AFTER_APPLY);
      return [...cidrBlocks(text(block ?? null, 'Fn::Cidr'), Number(count), Number(bits))];
    }
    case 'Fn::Length':
      return listOf(argument, scope, 'Fn::Length').length;
    case 'Fn::ToJsonString':
      return JSON.stringify(valueOf(argument, scope));
    case 'Fn::And':
    case 'Fn::Or':
    case 'Fn::Not':
    case 'Fn::Equals':
      return evaluateCondition({ [name]: argument }, scope);
    default:
      throw templateError(`${name} is not supported by this CloudFormation.`);
  }
}

/** A condition's truth. */
export function evaluateCondition(value: JsonValue, scope: Scope): boolean {
  const intrinsic = intrinsicOf(value);
  if (!intrinsic) {
    if (value === true || value === 'true') return true;
    if (value === false || value === 'false') return false;
    throw templateError('every Condition must be an intrinsic function that gives a boolean.');
  }
  const [name, argument] = intrinsic;
  const terms = (least: number, most: number): readonly JsonValue[] => {
    if (!Array.isArray(argument) || argument.length < least || argument.length > most)
      throw templateError(`${name} needs ${least === most ? least : `${least} to ${most}`} conditions.`);
    return argument as readonly JsonValue[];
  };
  switch (name) {
    case 'Condition':
      return scope.condition(text(argument, 'Condition'));
    case 'Fn::And':
      return terms(2, 10).every((term) => evaluateCondition(term, scope));
    case 'Fn::Or':
      return terms(2, 10).some((term) => evaluateCondition(term, scope));
    case 'Fn::Not':
      return !evaluateCondition(terms(1, 1)[0] ?? null, scope);
    case 'Fn::Equals': {
      const [left = null, right = null] = terms(2, 2).map((term) => valueOf(term, scope));
      return comparable(left) === comparable(right);
    }
    default: {
      const result = valueOf(value, scope);
      if (result === true || result === 'true') return true;
      if (result === false || result === 'false') return false;
      throw templateError(`${name} is no condition.`);
    }
  }
}

/** Numbers and booleans compare as their text does: parameters are text. */
const comparable = (value: JsonValue): string => (isScalar(value) ? String(value) : JSON.stringify(value));

function substitute(argument: JsonValue, scope: Scope): string {
  const [template, variables = {}] = Array.isArray(argument) ? (argument as readonly JsonValue[]) : [argument];
  if (typeof template !== 'string' || !isObject(variables))
    throw templateError(
      "One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    );
  return template.replace(/\$\{([^}]*)\}/g, (whole, inner: string) => {
    if (inner.startsWith('!')) return `\${${inner.slice(1)}}`;
    const name = inner.trim();
    if (Object.hasOwn(variables, name)) return text(valueOf(variables[name] ?? null, scope), 'Fn::Sub');
    const dot = name.indexOf('.');
    const value = dot < 0 ? scope.ref(name) : scope.attribute(name.slice(0, dot), name.slice(dot + 1));
    if (!isScalar(value)) throw templateError(`Fn::Sub: ${whole} is a list; use Fn::Join to make text of it.`);
    return String(value);
  });
}

/** The names a `Fn::Sub` refers to, without its own variables. */
export function substitutionNames(argument: JsonValue): readonly string[] {
  const [template, variables = {}] = Array.isArray(argument) ? (argument as readonly JsonValue[]) : [argument];
  if (typeof template !== 'string') return [];
  return [...template.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, name = '']) => name.trim())
    .filter((name) => !isObject(variables) || !Object.hasOwn(variables, name));
}

export function getAttArguments(argument: JsonValue, scope: Scope | undefined): readonly [string, string] {
  if (typeof argument === 'string') {
    const dot = argument.indexOf('.');
    if (dot > 0) return [argument.slice(0, dot), argument.slice(dot + 1)];
  }
  const [logicalId, attribute] = Array.isArray(argument) ? (argument as readonly JsonValue[]) : [];
  const name = scope && attribute !== undefined ? valueOf(attribute, scope) : attribute;
  if (typeof logicalId !== 'string' || (typeof name !== 'string' && scope))
    throw templateError(
      'Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute',
    );
  return [logicalId, typeof name === 'string' ? name : ''];
}

function findInMap(argument: JsonValue, scope: Scope): JsonValue {
  const [mapName, top, second] = argumentsOf(argument, 3, 'Fn::FindInMap').map((item) =>
    text(valueOf(item, scope), 'Fn::FindInMap'),
  ) as [string, string, string];
  const mapping = scope.mappings[mapName];
  const row = isObject(mapping) ? mapping[top] : undefined;
  const value = isObject(row) ? row[second] : undefined;
  if (value === undefined) throw templateError(`Unable to get mapping for ${mapName}::${top}::${second}`);
  return value;
}

function valueOf(value: JsonValue, scope: Scope): JsonValue {
  const result = resolve(value, scope);
  if (result === NO_VALUE) throw templateError('AWS::NoValue cannot be an argument of an intrinsic function.');
  return result;
}

function listOf(value: JsonValue, scope: Scope, name: string): readonly JsonValue[] {
  const list = valueOf(value, scope);
  if (list === KNOWN_AFTER_APPLY) return [KNOWN_AFTER_APPLY];
  if (!Array.isArray(list)) throw templateError(`${name} requires a list.`);
  return list as readonly JsonValue[];
}

function argumentsOf(
  argument: JsonValue,
  count: number,
  name: string,
): JsonValue[] & [JsonValue, JsonValue, JsonValue] {
  if (!Array.isArray(argument) || argument.length !== count)
    throw templateError(`${name} requires a list of ${count} arguments.`);
  return argument as JsonValue[] & [JsonValue, JsonValue, JsonValue];
}

function text(value: JsonValue, name: string): string {
  if (!isScalar(value)) throw templateError(`every ${name} object must have a String parameter.`);
  return String(value);
}

import { validationError } from '../validation-error.ts';
import { getAttArguments, intrinsicOf, substitutionNames } from './evaluate.ts';
import { isObject, type JsonValue } from './json-value.ts';
import type { Template } from './template.ts';

const PSEUDO_PARAMETERS = [
  'AWS::AccountId',
  'AWS::NoValue',
  'AWS::NotificationARNs',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const;

export interface References {
  /** Names in `Ref` and in the plain substitutions of `Fn::Sub`. */
  readonly refs: ReadonlySet<string>;
  /** Logical ids in `Fn::GetAtt` and in the dotted substitutions. */
  readonly attributes: ReadonlySet<string>;
  readonly conditions: ReadonlySet<string>;
}

/** Everything a value refers to. `choose`, where given, says which branch of an `Fn::If` counts. */
export function referencesIn(value: JsonValue, choose?: (condition: string) => boolean): References {
  const refs = new Set<string>();
  const attributes = new Set<string>();
  const conditions = new Set<string>();
  const visit = (node: JsonValue): void => {
    if (Array.isArray(node)) return (node as readonly JsonValue[]).forEach(visit);
    if (!isObject(node)) return;
    const intrinsic = intrinsicOf(node);
    if (!intrinsic || intrinsic[0] === 'Condition') {
      for (const member of Object.values(node)) if (member !== undefined) visit(member);
      return;
    }
    const [name, argument] = intrinsic;
    if (name === 'Ref') refs.add(String(argument));
    else if (name === 'Fn::GetAtt') attributes.add(getAttArguments(argument, undefined)[0]);
    else if (name === 'Fn::Sub')
      for (const target of substitutionNames(argument)) {
        const dot = target.indexOf('.');
        if (dot < 0) refs.add(target);
        else attributes.add(target.slice(0, dot));
      }
    if (name === 'Fn::If' && Array.isArray(argument) && typeof argument[0] === 'string') {
      const [condition, yes, no] = argument as [string, JsonValue, JsonValue];
      conditions.add(condition);
      if (!choose) [yes, no].forEach((branch) => visit(branch ?? null));
      else visit((choose(condition) ? yes : no) ?? null);
    } else visit(argument);
  };
  visit(value);
  return { refs, attributes, conditions };
}

/** Refuses a template that refers to what it does not declare, or whose resources wait for each other in a circle. */
export function checkReferences(template: Template): void {
  const { resources, parameters, conditions } = template;
  const unresolved = new Set<string>();
  const check = (value: JsonValue, where: string): void => {
    const found = referencesIn(value);
    for (const name of found.refs)
      if (!Object.hasOwn(resources, name) && !Object.hasOwn(parameters, name) && !isPseudo(name)) unresolved.add(name);
    for (const name of found.attributes)
      if (!Object.hasOwn(resources, name))
        throw validationError(`Template error: instance of Fn::GetAtt references undefined resource ${name}`);
    for (const name of found.conditions) checkCondition(name, where);
  };
  const checkCondition = (name: string, where: string): void => {
    if (!Object.hasOwn(conditions, name))
      throw validationError(
        `Template format error: Unresolved condition dependency ${name} in the ${where} block of the template`,
      );
  };
  for (const [id, resource] of Object.entries(resources)) {
    check(resource.properties, 'Resources');
    if (resource.condition !== undefined) checkCondition(resource.condition, 'Resources');
    for (const name of resource.dependsOn) {
      if (!Object.hasOwn(resources, name)) unresolved.add(name);
      if (name === id) throw validationError(`Circular dependency between resources: [${id}]`);
    }
  }
  if (unresolved.size > 0)
    throw validationError(
      `Template format error: Unresolved resource dependencies [${[...unresolved].join(', ')}] in the Resources block of the template`,
    );
  for (const output of Object.values(template.outputs)) {
    check(output.value, 'Outputs');
    if (output.exportName !== undefined) check(output.exportName, 'Outputs');
    if (output.condition !== undefined) checkCondition(output.condition, 'Outputs');
  }
  if (unresolved.size > 0)
    throw validationError(
      `Template format error: Unresolved resource dependencies [${[...unresolved].join(', ')}] in the Outputs block of the template`,
    );
  for (const condition of Object.values(conditions))
    for (const name of referencesIn(condition).refs)
      if (!Object.hasOwn(parameters, name) && !isPseudo(name))
        throw validationError(
          `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
        );
  checkCircles(template);
}

const isPseudo = (name: string): boolean => (PSEUDO_PARAMETERS as readonly string[]).includes(name);

/** Which resources each resource waits for. */
export function dependencies(
  template: Template,
  choose?: (condition: string) => boolean,
): ReadonlyMap<string, ReadonlySet<string>> {
  const ids = new Set(Object.keys(template.resources));
  return new Map(
    Object.entries(template.resources).map(([id, resource]) => {
      const found = referencesIn(resource.properties, choose);
      return [id, new Set([...found.refs, ...found.attributes, ...resource.dependsOn].filter((name) => ids.has(name)))];
    }),
  );
}

function checkCircles(template: Template): void {
  const waiting = new Map([...dependencies(template)].map(([id, on]) => [id, new Set(on)]));
  for (let progress = true; progress;) {
    progress = false;
    for (const [id, on] of waiting) if ([...on].every((name) => !waiting.has(name))) progress = waiting.delete(id);
  }
  // What is left waits for a circle; those that nobody in it waits for are only behind it.
  for (let progress = true; progress;) {
    progress = false;
    for (const id of waiting.keys())
      if (![...waiting].some(([other, on]) => other !== id && on.has(id)) && !waiting.get(id)?.has(id))
        progress = waiting.delete(id);
  }
  if (waiting.size > 0)
    throw validationError(`Circular dependency between resources: [${[...waiting.keys()].join(', ')}]`);
}

import type { Cloud } from '../../kernel/index.ts';
import type { Deployment, Resource, Stack, Stacks } from '../stack.ts';
import { evaluateCondition, KNOWN_AFTER_APPLY, type Scope } from '../template/evaluate.ts';
import type { JsonValue } from '../template/json-value.ts';
import { parameterReference } from '../template/parameters.ts';
import { readTemplate, type Template } from '../template/template.ts';
import { validationError } from '../validation-error.ts';

/** Zones of every region: three. AWS's own number differs by region and account. */
const ZONE_LETTERS = ['a', 'b', 'c'] as const;

export interface StackScope extends Scope {
  readonly template: Template;
  /** Logical ids whose condition holds. */
  readonly active: ReadonlySet<string>;
  /** Export names looked up so far. */
  readonly imported: ReadonlySet<string>;
}

export interface ScopeOptions {
  readonly cloud: Cloud;
  readonly stacks: Stacks;
  readonly stack: Pick<Stack, 'id' | 'name' | 'notificationArns'>;
  readonly deployment: Pick<Deployment, 'template' | 'parameters'>;
  readonly resource: (logicalId: string) => Pick<Resource, 'physicalId' | 'attributes'> | undefined;
  /** Before the deployment: what does not exist yet reads as {@link KNOWN_AFTER_APPLY}. */
  readonly planning?: boolean;
}

/** What references in a stack's template mean. */
export function createScope({ cloud, stacks, stack, deployment, resource, planning }: ScopeOptions): StackScope {
  const template = readTemplate(deployment.template);
  const imported = new Set<string>();
  const truths = new Map<string, boolean>();
  const undecided = new Set<string>();
  const pseudo: Readonly<Record<string, JsonValue>> = {
    'AWS::AccountId': cloud.accountId,
    'AWS::NotificationARNs': stack.notificationArns,
    'AWS::Partition': cloud.partition,
    'AWS::Region': cloud.region,
    'AWS::StackId': stack.id,
    'AWS::StackName': stack.name,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  const existing = (logicalId: string): Pick<Resource, 'physicalId' | 'attributes'> | undefined => {
    if (!scope.active.has(logicalId))
      throw validationError(
        `Template format error: Unresolved resource dependencies [${logicalId}] in the Resources block of the template`,
      );
    const found = resource(logicalId);
    if (!planning && found?.physicalId === undefined) throw validationError(`Resource ${logicalId} does not exist yet`);
    return found;
  };
  const scope: StackScope & { active: ReadonlySet<string> } = {
    template,
    imported,
    active: new Set(),
    mappings: template.mappings,
    ref: (name) => {
      if (Object.hasOwn(pseudo, name)) return pseudo[name] ?? null;
      const value = deployment.parameters[name];
      if (Object.hasOwn(template.parameters, name) && value !== undefined)
        return parameterReference(template.parameters[name], value);
      return existing(name)?.physicalId ?? KNOWN_AFTER_APPLY;
    },
    attribute: (logicalId, attribute) => {
      const found = existing(logicalId);
      const value = found?.attributes[attribute];
      if (value !== undefined) return value;
      if (planning) return KNOWN_AFTER_APPLY;
      throw validationError(
        `Template error: resource ${logicalId} does not support attribute type ${attribute} in Fn::GetAtt`,
      );
    },
    condition: (name) => {
      const known = truths.get(name);
      if (known !== undefined) return known;
      const definition = template.conditions[name];
      if (definition === undefined || undecided.has(name))
        throw validationError(`Template format error: Unresolved condition dependency ${name}`);
      undecided.add(name);
      const truth = evaluateCondition(definition, scope);
      truths.set(name, truth);
      return truth;
    },
    importValue: (exportName) => {
      imported.add(exportName);
      return findExport(stacks, exportName, stack.id).OutputValue;
    },
    zones: (region) => ZONE_LETTERS.map((letter) => `${region || cloud.region}${letter}`),
  };
  const isActive = (condition: string | undefined): boolean => condition === undefined || scope.condition(condition);
  return Object.assign(scope, {
    active: new Set(
      Object.entries(template.resources)
        .filter(([, { condition }]) => isActive(condition))
        .map(([id]) => id),
    ),
  });
}

function findExport(stacks: Stacks, name: string, importerId: string): { readonly OutputValue: string } {
  for (const stack of stacks.all()) {
    if (stack.status === 'DELETE_COMPLETE' || stack.id === importerId) continue;
    const found = stack.outputs.find(({ ExportName }) => ExportName === name);
    if (found) return found;
  }
  throw validationError(`No export named ${name} found.`);
}

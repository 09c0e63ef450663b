import { resolveDynamicReferences } from '../dynamic-references.ts';
import type { Properties, ResourceType } from '../resource-type.ts';
import type { Resource, ResourceState, Stack } from '../stack.ts';
import { evaluate } from '../template/evaluate.ts';
import { canonical, isObject, type JsonObject, type JsonValue } from '../template/json-value.ts';
import type { TemplateResource } from '../template/template.ts';
import { validationError } from '../validation-error.ts';
import { createContext, newToken } from './context.ts';
import { provisioner, setResourceStatus, typeOf, type Engine, type StopReason } from './engine.ts';
import { failureReason } from './failure-reason.ts';
import type { StackScope } from './scope.ts';

/** One stack operation at work. */
export interface Work {
  readonly engine: Engine;
  readonly stack: Stack;
  readonly signal: AbortSignal;
}

/** Thrown through the engine when its work is to end without a trace: the cloud closes or the stack is deleted. */
export class WorkStopped extends Error {
  override readonly name = 'WorkStopped';
}

export function throwIfStopped(signal: AbortSignal): void {
  const reason = signal.reason as StopReason | undefined;
  if (signal.aborted && (reason === 'closed' || reason === 'superseded')) throw new WorkStopped();
}

/** A resource's properties as evaluated, with the stack's own tags among its tags. */
export function evaluateProperties(
  engine: Engine,
  stack: { readonly current: { readonly tags: Stack['current']['tags'] } },
  definition: TemplateResource,
  scope: StackScope,
): JsonObject {
  const properties = (evaluate(definition.properties, scope) ?? {}) as JsonObject;
  const type = typeOf(engine, definition.type);
  const own = properties['Tags'] ?? [];
  if (stack.current.tags.length === 0 || !('Tags' in type.properties) || !Array.isArray(own)) return properties;
  const keys = new Set((own as readonly JsonValue[]).map((tag) => (isObject(tag) ? tag['Key'] : undefined)));
  const inherited = stack.current.tags.filter(({ Key }) => !keys.has(Key)).map((tag) => ({ ...tag }));
  return { ...properties, Tags: [...(own as readonly JsonValue[]), ...inherited] };
}

/** @throws AwsError `ValidationError` for a property the type does not have, or one it must have. */
function checkProperties(type: ResourceType, properties: Properties, logicalId: string): void {
  for (const name of Object.keys(properties))
    if (!Object.hasOwn(type.properties, name)) throw validationError(`Encountered unsupported property ${name}`);
  const missing = (type.required ?? []).filter((name) => properties[name] === undefined);
  if (missing.length > 0)
    throw validationError(
      `Properties validation failed for resource ${logicalId} with message:\n${missing.map((name) => `#: required key [${name}] not found`).join('\n')}`,
    );
}

export function changedProperties(before: Properties, after: Properties): readonly string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((name) => canonical(before[name]) !== canonical(after[name]))
    .toSorted();
}

/** What the resource is now, to come back to. */
function stateOf(resource: Resource): ResourceState {
  const { type, physicalId = '', attributes, properties, deletionPolicy, updateReplacePolicy } = resource;
  return { type, physicalId, attributes, properties, deletionPolicy, updateReplacePolicy };
}

const describe = (definition: TemplateResource, dependsOn: Iterable<string>) => ({
  deletionPolicy: definition.deletionPolicy,
  updateReplacePolicy: definition.updateReplacePolicy,
  metadata: definition.metadata,
  dependsOn: [...dependsOn],
});

/** Brings a resource of the template about, whether it is new, changed, unchanged or half done. */
export async function provision(
  work: Work,
  logicalId: string,
  scope: StackScope,
  dependsOn: Iterable<string>,
): Promise<void> {
  throwIfStopped(work.signal);
  const { engine, stack } = work;
  const definition = scope.template.resources[logicalId];
  if (!definition) throw new Error(`${logicalId} is not in the template`);
  const updating = stack.previous !== undefined;
  const found = engine.stacks.resource(stack.id, logicalId);
  if (found?.status === 'CREATE_FAILED' && found.physicalId !== undefined) {
    stack.leftovers = [...stack.leftovers, { ...stateOf(found), logicalId, policy: 'Delete' }];
    engine.stacks.save(stack);
  }
  if (!found || (found.status.startsWith('CREATE_') && found.status !== 'CREATE_COMPLETE')) {
    const resumed = found?.status === 'CREATE_IN_PROGRESS';
    const resource: Resource = {
      attributes: {},
      properties: {},
      ...(resumed ? found : {}),
      ...describe(definition, dependsOn),
      logicalId,
      type: definition.type,
      status: 'CREATE_IN_PROGRESS',
      updatedAt: engine.cloud.clock.now(),
      token: resumed ? found.token : newToken(engine),
      ...(updating && { before: { kind: 'created' } as const }),
    };
    return bring(work, resource, definition, scope, 'CREATE', resumed);
  }
  const half = found.status === 'UPDATE_IN_PROGRESS' || found.status === 'UPDATE_FAILED';
  const before = half && found.before && found.before.kind !== 'created' ? found.before : undefined;
  const base = before ?? found;
  const properties = evaluateProperties(engine, stack, definition, scope);
  const changed = changedProperties(base.properties, properties);
  const described: Resource = { ...found, ...describe(definition, dependsOn) };
  if (changed.length === 0 && !half) {
    if (canonical(described) !== canonical(found)) engine.stacks.saveResource(stack.id, described);
    return undefined;
  }
  const type = typeOf(engine, definition.type);
  const kind = changed.some((name) => type.properties[name] === 'replace') ? 'replaced' : 'changed';
  const resource: Resource = {
    ...described,
    // A replacement that had begun keeps its token, so that it is found again.
    token: kind === 'replaced' && !half ? newToken(engine) : found.token,
    before: before ?? { ...stateOf(found), kind, token: found.token },
  };
  // Until the replacement exists, the record shows what is to be replaced.
  if (kind === 'replaced' && resource.physicalId === base.physicalId) {
    resource.physicalId = undefined;
    resource.created = false;
  }
  return bring(work, resource, definition, scope, kind === 'replaced' ? 'REPLACE' : 'UPDATE', half);
}

type Kind = 'CREATE' | 'UPDATE' | 'REPLACE';

/** Creates, changes or replaces, with the statuses AWS shows on the way. */
async function bring(
  work: Work,
  resource: Resource,
  definition: TemplateResource,
  scope: StackScope,
  kind: Kind,
  resumed: boolean,
): Promise<void> {
  const { engine, stack, signal } = work;
  const verb = kind === 'CREATE' ? 'CREATE' : 'UPDATE';
  const { logicalId, before } = resource;
  if (!resumed)
    setResourceStatus(
      engine,
      stack,
      kind === 'REPLACE'
        ? { ...resource, physicalId: before?.kind === 'replaced' ? before.physicalId : undefined }
        : resource,
      `${verb}_IN_PROGRESS`,
      kind === 'REPLACE'
        ? 'Requested update requires the creation of a new physical resource; hence creating one.'
        : undefined,
    );
  try {
    const type = typeOf(engine, resource.type);
    const properties = evaluateProperties(engine, stack, definition, scope);
    resource.properties = properties;
    checkProperties(type, properties, logicalId);
    if (kind === 'REPLACE' && before?.kind === 'replaced') checkCustomName(type, before.properties, properties);
    const context = createContext(engine, stack, {
      logicalId,
      token: resource.token,
      resumed,
      signal,
      exists: (id) => {
        resource.physicalId = id;
        engine.stacks.saveResource(stack.id, resource);
      },
    });
    const resolved = await resolveDynamicReferences(engine.cloud, properties, provisioner(stack));
    let physical =
      resource.physicalId === undefined ? undefined : { id: resource.physicalId, attributes: resource.attributes };
    if (kind === 'UPDATE') {
      if (before === undefined || before.kind === 'created' || !physical || !type.update)
        throw validationError(`${resource.type} cannot be updated`);
      engine.stacks.saveResource(stack.id, { ...resource, status: 'UPDATE_IN_PROGRESS' });
      const old = await resolveDynamicReferences(engine.cloud, before.properties, provisioner(stack));
      physical = await type.update(physical, resolved, old, context);
    } else if (!physical || !resource.created) {
      physical = await type.create(resolved, context);
      resource.physicalId = physical.id;
      resource.attributes = physical.attributes;
      resource.created = true;
      setResourceStatus(engine, stack, resource, `${verb}_IN_PROGRESS`, 'Resource creation Initiated');
    }
    physical = (await type.settle?.(physical, resolved, context)) ?? physical;
    resource.physicalId = physical.id;
    resource.attributes = physical.attributes;
    setResourceStatus(engine, stack, resource, `${verb}_COMPLETE`);
  } catch (error) {
    throwIfStopped(signal);
    const reason = signal.aborted && error === signal.reason ? cancelled(verb) : failureReason(engine, error);
    setResourceStatus(engine, stack, resource, `${verb}_FAILED`, reason);
    throw new Error(reason, { cause: error });
  }
}

const cancelled = (verb: 'CREATE' | 'UPDATE'): string =>
  `Resource ${verb === 'CREATE' ? 'creation' : 'update'} cancelled`;

/** Two resources of one name cannot exist, and the old one is deleted only after the new one is there. */
function checkCustomName(type: ResourceType, before: Properties, after: Properties): void {
  if (type.named !== undefined && after[type.named] !== undefined && before[type.named] === after[type.named])
    throw validationError(
      `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${String(after[type.named])} and update the stack again.`,
    );
}

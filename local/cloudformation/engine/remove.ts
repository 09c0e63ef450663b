import { resolveDynamicReferences } from '../dynamic-references.ts';
import type { Physical, Properties } from '../resource-type.ts';
import type { Leftover, Resource, Stack } from '../stack.ts';
import type { DeletionPolicy } from '../template/template.ts';
import { createContext } from './context.ts';
import { addResourceEvent, provisioner, setResourceStatus, typeOf, type Engine } from './engine.ts';
import { failureReason } from './failure-reason.ts';
import { inDependencyOrder } from './graph.ts';
import { throwIfStopped, type Work } from './provision.ts';

/** Deletes what a resource stands for, as its policy says. */
async function destroy(
  { engine, stack, signal }: Work,
  target: {
    readonly logicalId: string;
    readonly type: string;
    readonly physical: Physical;
    readonly properties: Properties;
    readonly token: string;
  },
  policy: DeletionPolicy | undefined,
): Promise<void> {
  const type = typeOf(engine, target.type);
  const context = createContext(engine, stack, {
    logicalId: target.logicalId,
    token: target.token,
    resumed: false,
    signal,
  });
  const properties = await resolveDynamicReferences(engine.cloud, target.properties, provisioner(stack)).catch(
    // The secret may be gone already; deleting does not need it.
    () => target.properties,
  );
  await (policy === 'Snapshot' && type.snapshot ? type.snapshot : type.delete)(target.physical, properties, context);
}

/** The policy of a resource without one: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-attribute-deletionpolicy.html */
/**
 * `undoingCreation`: the operation that created it is being undone, so nothing has been in use, and only `Retain` keeps it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
 */
function effectivePolicy(
  engine: Engine,
  resource: Pick<Resource, 'type' | 'deletionPolicy' | 'properties'>,
  undoingCreation: boolean,
): DeletionPolicy {
  const policy = resource.deletionPolicy ?? (typeOf(engine, resource.type).snapshot ? 'Snapshot' : 'Delete');
  return undoingCreation && policy !== 'Retain' ? 'Delete' : policy;
}

export interface Removal {
  readonly ids: readonly string[];
  /** The creation of the stack is being undone. */
  readonly undoingCreation: boolean;
  readonly retain?: readonly string[];
  /** What cannot be deleted is kept and no failure. */
  readonly force?: boolean;
}

/** Deletes a stack's resources, users before what they use. Gives the logical ids that could not be deleted. */
export async function removeResources(work: Work, removal: Removal): Promise<readonly string[]> {
  const { engine, stack } = work;
  const records = new Map(engine.stacks.resources(stack.id).map((resource) => [resource.logicalId, resource]));
  const users = new Map<string, string[]>();
  for (const { logicalId, dependsOn } of records.values())
    for (const used of dependsOn) users.set(used, [...(users.get(used) ?? []), logicalId]);
  const failures = await inDependencyOrder(
    removal.ids,
    (id) => users.get(id) ?? [],
    async (id) => {
      const resource = records.get(id);
      if (!resource || resource.status === 'DELETE_COMPLETE' || resource.status === 'DELETE_SKIPPED') return;
      throwIfStopped(work.signal);
      await removeOne(work, resource, removal);
    },
    { stopAtFailure: false },
  );
  throwIfStopped(work.signal);
  return [...failures.keys()];
}

async function removeOne(work: Work, resource: Resource, removal: Removal): Promise<void> {
  const { engine, stack, signal } = work;
  const policy = effectivePolicy(engine, resource, removal.undoingCreation);
  const keep =
    policy === 'Retain' || policy === 'RetainExceptOnCreate' || (removal.retain?.includes(resource.logicalId) ?? false);
  if (keep && resource.physicalId !== undefined) return setResourceStatus(engine, stack, resource, 'DELETE_SKIPPED');
  if (resource.physicalId === undefined)
    return resource.status === 'CREATE_IN_PROGRESS' || resource.status === 'CREATE_FAILED'
      ? setResourceStatus(engine, stack, resource, 'DELETE_COMPLETE')
      : undefined;
  if (resource.status !== 'DELETE_IN_PROGRESS') setResourceStatus(engine, stack, resource, 'DELETE_IN_PROGRESS');
  const { logicalId, type, physicalId: id, attributes, properties, token } = resource;
  try {
    await destroy(work, { logicalId, type, physical: { id, attributes }, properties, token }, policy);
  } catch (error) {
    throwIfStopped(signal);
    const reason = failureReason(engine, error);
    if (removal.force) return setResourceStatus(engine, stack, resource, 'DELETE_SKIPPED', reason);
    setResourceStatus(engine, stack, resource, 'DELETE_FAILED', reason);
    throw new Error(reason, { cause: error });
  }
  return setResourceStatus(engine, stack, resource, 'DELETE_COMPLETE');
}

/** Deletes what an update left behind. A failure is shown as an event and otherwise forgotten, as in CloudFormation. */
export async function cleanUp(work: Work): Promise<void> {
  const { engine, stack } = work;
  // Newest first: what was created later may use what was created earlier.
  for (const leftover of stack.leftovers.toReversed()) {
    throwIfStopped(work.signal);
    await cleanUpOne(work, leftover);
    throwIfStopped(work.signal);
    stack.leftovers = stack.leftovers.filter((other) => other !== leftover);
    engine.stacks.save(stack);
  }
}

async function cleanUpOne(work: Work, leftover: Leftover): Promise<void> {
  const { engine, stack, signal } = work;
  const { logicalId, type, physicalId: id, attributes, properties, policy } = leftover;
  if (policy === 'Retain' || policy === 'RetainExceptOnCreate')
    return addResourceEvent(engine, stack, leftover, 'DELETE_SKIPPED');
  addResourceEvent(engine, stack, leftover, 'DELETE_IN_PROGRESS');
  try {
    await destroy(work, { logicalId, type, physical: { id, attributes }, properties, token: '' }, policy);
  } catch (error) {
    throwIfStopped(signal);
    return addResourceEvent(engine, stack, leftover, 'DELETE_FAILED', failureReason(engine, error));
  }
  return addResourceEvent(engine, stack, leftover, 'DELETE_COMPLETE');
}

/** A leftover's order and policy for a resource that leaves the stack, at the end of an update or because the one that created it is undone. */
export function leave(engine: Engine, stack: Stack, resource: Resource, undoingCreation: boolean): void {
  if (resource.physicalId !== undefined)
    stack.leftovers = [
      ...stack.leftovers,
      {
        logicalId: resource.logicalId,
        type: resource.type,
        physicalId: resource.physicalId,
        attributes: resource.attributes,
        properties: resource.properties,
        policy: effectivePolicy(engine, resource, undoingCreation),
      },
    ];
  engine.stacks.save(stack);
  engine.stacks.removeResource(stack.id, resource.logicalId);
}

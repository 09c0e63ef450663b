import { resolveDynamicReferences } from '../dynamic-references.ts';
import type { Resource } from '../stack.ts';
import { createContext } from './context.ts';
import { provisioner, setResourceStatus, typeOf } from './engine.ts';
import { failureReason } from './failure-reason.ts';
import { inDependencyOrder } from './graph.ts';
import { throwIfStopped, type Work } from './provision.ts';
import { leave } from './remove.ts';

/** Takes every resource back to what it was before the update. Gives the logical ids that could not be taken back. */
export async function rollBackResources(work: Work): Promise<readonly string[]> {
  const { engine, stack } = work;
  const records = new Map(engine.stacks.resources(stack.id).map((resource) => [resource.logicalId, resource]));
  const failures = await inDependencyOrder(
    records.keys(),
    (id) => records.get(id)?.dependsOn ?? [],
    async (id) => {
      const resource = records.get(id);
      if (!resource?.before) return;
      throwIfStopped(work.signal);
      await rollBackOne(work, resource);
    },
    { stopAtFailure: false },
  );
  throwIfStopped(work.signal);
  return [...failures.keys()];
}

async function rollBackOne(work: Work, resource: Resource): Promise<void> {
  const { engine, stack, signal } = work;
  const { before, logicalId } = resource;
  if (!before) return undefined;
  // Its deletion waits for the cleanup, when nothing refers to it any more.
  if (before.kind === 'created') return leave(engine, stack, resource, true);
  const { kind, token, ...state } = before;
  const restored: Resource = { ...resource, ...state, token, before: undefined };
  if (stack.skip?.includes(logicalId)) {
    setResourceStatus(engine, stack, restored, 'UPDATE_COMPLETE');
    return undefined;
  }
  setResourceStatus(engine, stack, { ...resource, physicalId: state.physicalId }, 'UPDATE_IN_PROGRESS');
  try {
    if (kind === 'replaced') {
      if (resource.physicalId !== undefined && resource.physicalId !== state.physicalId) {
        stack.leftovers = [
          ...stack.leftovers,
          {
            ...state,
            logicalId,
            physicalId: resource.physicalId,
            attributes: resource.attributes,
            properties: resource.properties,
            policy: 'Delete',
          },
        ];
        engine.stacks.save(stack);
      }
    } else {
      const type = typeOf(engine, resource.type);
      const context = createContext(engine, stack, { logicalId, token, resumed: true, signal });
      const target = await resolveDynamicReferences(engine.cloud, state.properties, provisioner(stack));
      const attempted = await resolveDynamicReferences(engine.cloud, resource.properties, provisioner(stack)).catch(
        () => resource.properties,
      );
      const physical = { id: state.physicalId, attributes: state.attributes };
      const changed = (await type.update?.(physical, target, attempted, context)) ?? physical;
      const settled = (await type.settle?.(changed, target, context)) ?? changed;
      restored.physicalId = settled.id;
      restored.attributes = settled.attributes;
    }
  } catch (error) {
    throwIfStopped(signal);
    const reason = failureReason(engine, error);
    setResourceStatus(engine, stack, resource, 'UPDATE_FAILED', reason);
    throw new Error(reason, { cause: error });
  }
  return setResourceStatus(engine, stack, restored, 'UPDATE_COMPLETE');
}

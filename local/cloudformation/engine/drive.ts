import type { Stack } from '../stack.ts';
import { dependencies } from '../template/references.ts';
import { setStackStatus, type Engine, type Stop, type StopReason } from './engine.ts';
import { inDependencyOrder } from './graph.ts';
import { checkExportsUnused, evaluateOutputs } from './outputs.ts';
import { provision, throwIfStopped, WorkStopped, type Work } from './provision.ts';
import { cleanUp, leave, removeResources } from './remove.ts';
import { rollBackResources } from './roll-back.ts';
import { createScope } from './scope.ts';

/**
 * Takes a stack from the status it is in to one that lasts. Everything it does next follows from what is stored, so a stack whose
 * work was cut off goes on where it was.
 */
export async function drive(engine: Engine, stackId: string, stop: Stop): Promise<void> {
  for (;;) {
    const stack = engine.stacks.find(stackId);
    if (!stack) return;
    if (stop.final) throw new WorkStopped();
    // A phase's failure stops that phase only.
    stop.renew();
    const work: Work = { engine, stack, signal: stop.signal };
    switch (stack.status) {
      case 'CREATE_IN_PROGRESS':
        await create(work, stop);
        break;
      case 'ROLLBACK_IN_PROGRESS':
        await rollBackCreation(work);
        break;
      case 'DELETE_IN_PROGRESS':
        await remove(work);
        break;
      case 'UPDATE_IN_PROGRESS':
        await update(work, stop);
        break;
      case 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS':
        await cleanUp(work);
        setStackStatus(engine, stack, 'UPDATE_COMPLETE');
        break;
      case 'UPDATE_ROLLBACK_IN_PROGRESS':
        await rollBackUpdate(work);
        break;
      case 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS':
        await cleanUp(work);
        setStackStatus(engine, stack, 'UPDATE_ROLLBACK_COMPLETE');
        break;
      case 'CREATE_COMPLETE':
      case 'CREATE_FAILED':
      case 'DELETE_COMPLETE':
      case 'DELETE_FAILED':
      case 'REVIEW_IN_PROGRESS':
      case 'ROLLBACK_COMPLETE':
      case 'ROLLBACK_FAILED':
      case 'UPDATE_COMPLETE':
      case 'UPDATE_FAILED':
      case 'UPDATE_ROLLBACK_COMPLETE':
      case 'UPDATE_ROLLBACK_FAILED':
        return;
    }
  }
}

/** Provisions the whole template; gives why it failed, if it did. */
async function provisionAll(work: Work, stop: Stop): Promise<string | undefined> {
  const { engine, stack } = work;
  const { cloud, stacks } = engine;
  const failedVerb = stack.previous ? 'update' : 'create';
  try {
    const scope = createScope({
      cloud,
      stacks,
      stack,
      deployment: stack.current,
      resource: (id) => stacks.resource(stack.id, id),
    });
    const waits = dependencies(scope.template, (condition) => scope.condition(condition));
    const failures = await inDependencyOrder(
      scope.active,
      (id) => waits.get(id) ?? [],
      (id) =>
        provision(
          work,
          id,
          scope,
          [...(waits.get(id) ?? [])].filter((other) => scope.active.has(other)),
        ),
      { stopAtFailure: true, onFailure: () => stop.abort('sibling-failed') },
    );
    throwIfStopped(work.signal);
    if (failures.size > 0)
      return `The following resource(s) failed to ${failedVerb}: [${[...failures.keys()].toSorted().join(', ')}]. `;
    if (work.signal.aborted) return 'Operation cancelled. ';
    const outputs = evaluateOutputs(stacks, stack, scope);
    checkExportsUnused(stacks, stack.outputs, outputs, 'deleted');
    // What is no longer in the template goes once everything else is there.
    for (const resource of stacks.resources(stack.id))
      if (!scope.active.has(resource.logicalId) && resource.status !== 'DELETE_COMPLETE')
        leave(engine, stack, resource, false);
    stack.outputs = outputs;
    stack.imports = [...scope.imported];
    return undefined;
  } catch (error) {
    throwIfStopped(work.signal);
    return `${error instanceof Error ? error.message : String(error)}. `;
  }
}

async function create(work: Work, stop: Stop): Promise<void> {
  const { engine, stack } = work;
  const failure = await provisionAll(work, stop);
  if (failure === undefined) return setStackStatus(engine, stack, 'CREATE_COMPLETE');
  const timedOut =
    work.signal.reason === ('timeout' satisfies StopReason)
      ? 'Stack creation time exceeded the specified timeout. '
      : '';
  if (stack.onFailure === 'DO_NOTHING') return setStackStatus(engine, stack, 'CREATE_FAILED', `${timedOut}${failure}`);
  if (stack.onFailure === 'DELETE') {
    stack.deletion = { retain: [], force: false };
    return setStackStatus(engine, stack, 'DELETE_IN_PROGRESS', `${timedOut}${failure}Delete requested by user.`);
  }
  return setStackStatus(engine, stack, 'ROLLBACK_IN_PROGRESS', `${timedOut}${failure}Rollback requested by user.`);
}

async function rollBackCreation(work: Work): Promise<void> {
  const { engine, stack } = work;
  const ids = engine.stacks.resources(stack.id).map(({ logicalId }) => logicalId);
  const failed = await removeResources(work, { ids, undoingCreation: true });
  await cleanUp(work);
  stack.imports = [];
  if (failed.length === 0) setStackStatus(engine, stack, 'ROLLBACK_COMPLETE');
  else
    setStackStatus(
      engine,
      stack,
      'ROLLBACK_FAILED',
      `The following resource(s) failed to delete: [${failed.join(', ')}]. `,
    );
}

async function remove(work: Work): Promise<void> {
  const { engine, stack } = work;
  const { stacks } = engine;
  try {
    checkExportsUnused(stacks, stack.outputs, [], 'deleted');
  } catch (error) {
    return setStackStatus(engine, stack, 'DELETE_FAILED', (error as Error).message);
  }
  const ids = stacks.resources(stack.id).map(({ logicalId }) => logicalId);
  const failed = await removeResources(work, {
    ids,
    undoingCreation: false,
    retain: stack.deletion?.retain ?? [],
    force: stack.deletion?.force ?? false,
  });
  await cleanUp(work);
  if (failed.length > 0)
    return setStackStatus(
      engine,
      stack,
      'DELETE_FAILED',
      `The following resource(s) failed to delete: [${failed.toSorted().join(', ')}]. `,
    );
  stack.outputs = [];
  stack.imports = [];
  return setStackStatus(engine, stack, 'DELETE_COMPLETE');
}

async function update(work: Work, stop: Stop): Promise<void> {
  const { engine, stack } = work;
  const failure = await provisionAll(work, stop);
  if (failure === undefined) return finishUpdate(engine, stack, 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
  if (work.signal.reason === ('cancelled' satisfies StopReason))
    return setStackStatus(engine, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  if (stack.onFailure === 'DO_NOTHING') return setStackStatus(engine, stack, 'UPDATE_FAILED', failure);
  return setStackStatus(engine, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', failure);
}

async function rollBackUpdate(work: Work): Promise<void> {
  const { engine, stack } = work;
  const failed = await rollBackResources(work);
  if (failed.length > 0)
    return setStackStatus(
      engine,
      stack,
      'UPDATE_ROLLBACK_FAILED',
      `The following resource(s) failed to update: [${failed.toSorted().join(', ')}]. `,
    );
  if (stack.previous) stack.current = stack.previous;
  stack.skip = undefined;
  return finishUpdate(engine, stack, 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
}

/** The resources are where they are to stay; what they replaced, or what was to replace them, is left to the cleanup. */
function finishUpdate(
  engine: Engine,
  stack: Stack,
  status: 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS' | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS',
): void {
  const left = engine.stacks.resources(stack.id).flatMap((resource) => {
    const { before, ...settled } = resource;
    if (!before) return [];
    engine.stacks.saveResource(stack.id, settled);
    if (before.kind !== 'replaced') return [];
    const { kind: _kind, token: _token, ...state } = before;
    return [
      { ...state, logicalId: resource.logicalId, policy: state.updateReplacePolicy ?? replacePolicy(engine, state) },
    ];
  });
  stack.leftovers = [...left, ...stack.leftovers];
  stack.previous = undefined;
  setStackStatus(engine, stack, status);
}

/** Without an `UpdateReplacePolicy` what was replaced is deleted, or kept as a snapshot where the type has those. */
function replacePolicy(engine: Engine, { type }: { readonly type: string }): 'Snapshot' | 'Delete' {
  return engine.types[type]?.snapshot ? 'Snapshot' : 'Delete';
}

import type {
  CancelUpdateStackInput,
  ContinueUpdateRollbackInput,
  CreateStackInput,
  DeleteStackInput,
  UpdateStackInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError, type CallContext, type Operations } from '../../kernel/index.ts';
import { planChanges } from '../changes.ts';
import { prepareDeployment } from '../deployment.ts';
import { setStackStatus, type Engine } from '../engine/engine.ts';
import type { Runner } from '../engine/runner.ts';
import type { Deployment, Stack } from '../stack.ts';
import { validationError } from '../validation-error.ts';

/** Statuses a stack can be updated in. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html */
const UPDATABLE: ReadonlySet<string> = new Set([
  'CREATE_COMPLETE',
  'UPDATE_COMPLETE',
  'UPDATE_ROLLBACK_COMPLETE',
  'CREATE_FAILED',
  'UPDATE_FAILED',
]);

const NAME = /^[a-zA-Z][-a-zA-Z0-9]*$/;
const LONGEST_NAME = 128;

export function checkStackName(name: string | undefined): string {
  const refuse = (constraint: string): Error =>
    validationError(
      `1 validation error detected: Value '${name ?? 'null'}' at 'stackName' failed to satisfy constraint: ${constraint}`,
    );
  if (name === undefined) throw refuse('Member must not be null');
  if (!NAME.test(name)) throw refuse('Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*');
  if (name.length > LONGEST_NAME) throw refuse(`Member must have length less than or equal to ${LONGEST_NAME}`);
  return name;
}

export function findStack({ stacks }: Engine, nameOrId: string | undefined): Stack {
  const stack = nameOrId === undefined ? undefined : stacks.find(nameOrId);
  if (!stack) throw validationError(`Stack with id ${nameOrId ?? ''} does not exist`);
  return stack;
}

export function alreadyExists(name: string): AwsError {
  return new AwsError('AlreadyExistsException', `Stack [${name}] already exists`);
}

/** A stack's id is known before it exists: its parameters may refer to it. */
export function newStackId({ cloud }: Engine, name: string): string {
  return cloud.arn('cloudformation', `stack/${name}/${cloud.ids.uuid()}`);
}

export function checkUpdatable(stack: Stack): void {
  if (!UPDATABLE.has(stack.status))
    throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** @throws AwsError when a template gives an existing logical id another type. */
export function checkTypesUnchanged(engine: Engine, stack: Stack, deployment: Deployment): void {
  const resources = deployment.template['Resources'] as Readonly<Record<string, { readonly Type: string }>>;
  const changed = engine.stacks
    .resources(stack.id)
    .filter(
      ({ logicalId, type, status }) => !status.startsWith('DELETE') && (resources[logicalId]?.Type ?? type) !== type,
    );
  if (changed.length > 0)
    throw validationError(
      `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.map(({ logicalId }) => logicalId).join(', ')}]`,
    );
}

export interface UpdateSettings {
  readonly RoleARN?: string | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly ClientRequestToken?: string | undefined;
  readonly DisableRollback?: boolean | undefined;
  readonly NotificationARNs?: readonly string[] | undefined;
}

/** Begins an update. */
export function beginUpdate(
  engine: Engine,
  runner: Runner,
  stack: Stack,
  deployment: Deployment,
  settings: UpdateSettings,
  callerArn: string,
): void {
  stack.previous ??= stack.current;
  stack.current = deployment;
  stack.updatedAt = engine.cloud.clock.now();
  stack.callerArn = callerArn;
  stack.roleArn = settings.RoleARN ?? stack.roleArn;
  stack.capabilities = settings.Capabilities ?? [];
  stack.clientToken = settings.ClientRequestToken;
  stack.onFailure = settings.DisableRollback ? 'DO_NOTHING' : 'ROLLBACK';
  stack.notificationArns = settings.NotificationARNs ?? stack.notificationArns;
  setStackStatus(engine, stack, 'UPDATE_IN_PROGRESS', 'User Initiated');
  runner.start(stack.id);
}

export function stackChanges(engine: Engine, runner: Runner): Operations {
  const { cloud, stacks } = engine;
  return {
    CreateStack: async (input: CreateStackInput, { caller }: CallContext) => {
      const name = checkStackName(input.StackName);
      const existing = stacks.find(name);
      if (existing) {
        if (input.ClientRequestToken !== undefined && existing.createToken === input.ClientRequestToken)
          return { StackId: existing.id };
        throw alreadyExists(name);
      }
      if (input.OnFailure !== undefined && input.DisableRollback !== undefined)
        throw validationError('Either DisableRollback or OnFailure can be specified, not both');
      const stack: Stack = {
        id: newStackId(engine, name),
        name,
        status: 'CREATE_IN_PROGRESS',
        createdAt: cloud.clock.now(),
        current: { templateText: '', template: {}, parameters: {}, tags: [] },
        outputs: [],
        imports: [],
        capabilities: input.Capabilities ?? [],
        roleArn: input.RoleARN,
        callerArn: caller.principalArn,
        onFailure: input.DisableRollback ? 'DO_NOTHING' : (input.OnFailure ?? 'ROLLBACK'),
        notificationArns: input.NotificationARNs ?? [],
        timeoutMinutes: input.TimeoutInMinutes,
        terminationProtection: input.EnableTerminationProtection ?? false,
        policy: input.StackPolicyBody,
        clientToken: input.ClientRequestToken,
        createToken: input.ClientRequestToken,
        leftovers: [],
      };
      stack.current = await prepareDeployment(engine, input, stack, caller);
      // Somebody else may have been quicker while the template was read.
      if (stacks.find(name)) throw alreadyExists(name);
      setStackStatus(engine, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
      runner.start(stack.id);
      return { StackId: stack.id };
    },

    UpdateStack: async (input: UpdateStackInput, { caller }: CallContext) => {
      const stack = findStack(engine, input.StackName);
      if (input.ClientRequestToken !== undefined && stack.clientToken === input.ClientRequestToken)
        return { StackId: stack.id };
      checkUpdatable(stack);
      const deployment = await prepareDeployment(engine, input, stack, caller, stack.current);
      checkUpdatable(stack);
      checkTypesUnchanged(engine, stack, deployment);
      if (stack.status.endsWith('_COMPLETE') && !planChanges(engine, stack, deployment).different)
        throw validationError('No updates are to be performed.');
      if (input.StackPolicyBody !== undefined) stack.policy = input.StackPolicyBody;
      beginUpdate(engine, runner, stack, deployment, input, caller.principalArn);
      return { StackId: stack.id };
    },

    DeleteStack: (input: DeleteStackInput, { caller }: CallContext) => {
      const stack = input.StackName === undefined ? undefined : stacks.find(input.StackName);
      // Deleting what is not there is no error.
      if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return {};
      if (stack.terminationProtection)
        throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
      if (/^UPDATE_.*IN_PROGRESS$/.test(stack.status))
        throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
      const retain = input.RetainResources ?? [];
      const force = input.DeletionMode === 'FORCE_DELETE_STACK';
      if ((retain.length > 0 || force) && stack.status !== 'DELETE_FAILED')
        throw validationError(
          `Invalid operation on stack [${stack.id}]. When you delete a stack, specify ${force ? 'DeletionMode FORCE_DELETE_STACK' : 'which resources to retain'} only when the stack is in the DELETE_FAILED state.`,
        );
      const ids = new Set(stacks.resources(stack.id).map(({ logicalId }) => logicalId));
      const strange = retain.filter((id) => !ids.has(id));
      if (strange.length > 0)
        throw validationError(
          `The specified resources to retain must be in a valid state: [${strange.join(', ')}] do not exist in the stack`,
        );
      stack.deletion = { retain, force };
      stack.roleArn = input.RoleARN ?? stack.roleArn;
      stack.callerArn = caller.principalArn;
      stack.clientToken = input.ClientRequestToken;
      setStackStatus(engine, stack, 'DELETE_IN_PROGRESS', 'User Initiated');
      runner.start(stack.id);
      return {};
    },

    CancelUpdateStack: (input: CancelUpdateStackInput) => {
      const stack = findStack(engine, input.StackName);
      if (stack.status !== 'UPDATE_IN_PROGRESS')
        throw validationError(`CancelUpdateStack cannot be called from current stack status`);
      runner.cancel(stack.id, 'cancelled');
      return {};
    },

    ContinueUpdateRollback: (input: ContinueUpdateRollbackInput, { caller }: CallContext) => {
      const stack = findStack(engine, input.StackName);
      if (stack.status !== 'UPDATE_ROLLBACK_FAILED')
        throw validationError(`Stack:${stack.id} is in ${stack.status} state and can not continue update rollback.`);
      const strange = (input.ResourcesToSkip ?? []).filter(
        (id) => stacks.resource(stack.id, id)?.status !== 'UPDATE_FAILED',
      );
      if (strange.length > 0)
        throw validationError(`ResourcesToSkip names resources that are not in UPDATE_FAILED: [${strange.join(', ')}]`);
      stack.skip = input.ResourcesToSkip;
      stack.roleArn = input.RoleARN ?? stack.roleArn;
      stack.callerArn = caller.principalArn;
      setStackStatus(engine, stack, 'UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
      runner.start(stack.id);
      return {};
    },
  };
}

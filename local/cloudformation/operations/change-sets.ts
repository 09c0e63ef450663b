import type {
  Change,
  CreateChangeSetInput,
  DeleteChangeSetInput,
  DescribeChangeSetInput,
  ExecuteChangeSetInput,
  ListChangeSetsInput,
} from '@aws-sdk/client-cloudformation';
import { AwsError, type CallContext, type Operations } from '../../kernel/index.ts';
import { planChanges } from '../changes.ts';
import { prepareDeployment } from '../deployment.ts';
import { setStackStatus, type Engine } from '../engine/engine.ts';
import type { Runner } from '../engine/runner.ts';
import type { Deployment, Stack } from '../stack.ts';
import { validationError } from '../validation-error.ts';
import { shownParameters } from './descriptions.ts';
import { page } from './pages.ts';
import {
  alreadyExists,
  beginUpdate,
  checkStackName,
  checkTypesUnchanged,
  checkUpdatable,
  findStack,
  newStackId,
  type UpdateSettings,
} from './stack-changes.ts';

interface ChangeSet {
  readonly id: string;
  readonly name: string;
  readonly stackId: string;
  readonly type: 'CREATE' | 'UPDATE';
  readonly description: string | undefined;
  readonly createdAt: number;
  readonly deployment: Deployment;
  readonly settings: UpdateSettings & { readonly OnStackFailure?: 'DELETE' | 'DO_NOTHING' | 'ROLLBACK' | undefined };
  readonly changes: readonly Change[];
  readonly different: boolean;
  executed: boolean;
}

const KIND = 'cloudformation.change-set';
const CHANGES_PAGE = 100;
const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

const NAME = /^[a-zA-Z][-a-zA-Z0-9]{0,127}$/;

export function changeSets(engine: Engine, runner: Runner): Operations {
  const { cloud, stacks } = engine;
  const { documents } = cloud;

  const all = (): readonly ChangeSet[] => documents.list<ChangeSet>(KIND).map(({ document }) => document);
  const find = (stackName: string | undefined, nameOrId: string | undefined): ChangeSet | undefined => {
    if (nameOrId?.startsWith('arn:')) return documents.get<ChangeSet>(KIND, nameOrId);
    if (stackName === undefined)
      throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
    const stack = stacks.find(stackName);
    return stack && all().find(({ stackId, name }) => stackId === stack.id && name === nameOrId);
  };
  const existing = (stackName: string | undefined, nameOrId: string | undefined): ChangeSet => {
    const changeSet = find(stackName, nameOrId);
    if (!changeSet) throw new AwsError('ChangeSetNotFound', `ChangeSet [${nameOrId ?? ''}] does not exist`, 404);
    return changeSet;
  };
  const summary = ({ id, name, stackId, createdAt, description, different, executed }: ChangeSet) => ({
    ChangeSetId: id,
    ChangeSetName: name,
    StackId: stackId,
    StackName: stacks.find(stackId)?.name ?? '',
    CreationTime: new Date(createdAt),
    Status: different ? 'CREATE_COMPLETE' : 'FAILED',
    ExecutionStatus: executed ? 'EXECUTE_COMPLETE' : different ? 'AVAILABLE' : 'UNAVAILABLE',
    ...(description !== undefined && { Description: description }),
    ...(!different && { StatusReason: NO_CHANGES }),
    IncludeNestedStacks: false,
  });

  /** The stack a change set is for; one that is to create it gets a stack under review. */
  const targetOf = (input: CreateChangeSetInput, type: 'CREATE' | 'UPDATE', callerArn: string): Stack => {
    if (type === 'UPDATE') {
      const stack = findStack(engine, input.StackName);
      if (stack.status === 'REVIEW_IN_PROGRESS')
        throw validationError(`Stack:${stack.id} is in REVIEW_IN_PROGRESS state and can not be updated.`);
      checkUpdatable(stack);
      return stack;
    }
    const name = checkStackName(input.StackName);
    const found = stacks.find(name);
    if (found && found.status !== 'REVIEW_IN_PROGRESS')
      throw validationError(
        `Stack [${name}] already exists and cannot be created again with the changeSet [${input.ChangeSetName ?? ''}].`,
      );
    return (
      found ?? {
        id: newStackId(engine, name),
        name,
        status: 'REVIEW_IN_PROGRESS',
        createdAt: cloud.clock.now(),
        current: { templateText: '', template: {}, parameters: {}, tags: [] },
        outputs: [],
        imports: [],
        capabilities: [],
        callerArn,
        onFailure: 'ROLLBACK',
        notificationArns: input.NotificationARNs ?? [],
        terminationProtection: false,
        leftovers: [],
      }
    );
  };

  return {
    CreateChangeSet: async (input: CreateChangeSetInput, { caller }: CallContext) => {
      const name = input.ChangeSetName ?? '';
      if (!NAME.test(name))
        throw validationError(
          `1 validation error detected: Value '${name}' at 'changeSetName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`,
        );
      const type = input.ChangeSetType ?? 'UPDATE';
      if (type === 'IMPORT') throw validationError('ChangeSetType IMPORT is not supported by this CloudFormation');
      const stack = targetOf(input, type, caller.principalArn);
      if (stacks.find(stack.id) && find(stack.id, name))
        throw new AwsError('AlreadyExistsException', `ChangeSet ${name} already exists`);
      const deployment = await prepareDeployment(
        engine,
        input,
        stack,
        caller,
        type === 'UPDATE' ? stack.current : undefined,
      );
      checkTypesUnchanged(engine, stack, deployment);
      const { changes, different } = planChanges(engine, stack, deployment);
      if (!stacks.find(stack.id)) {
        if (stacks.find(stack.name)) throw alreadyExists(stack.name);
        setStackStatus(engine, stack, 'REVIEW_IN_PROGRESS', 'User Initiated');
      }
      const { RoleARN, Capabilities, NotificationARNs, OnStackFailure } = input;
      const changeSet: ChangeSet = {
        id: cloud.arn('cloudformation', `changeSet/${name}/${cloud.ids.uuid()}`),
        name,
        stackId: stack.id,
        type,
        description: input.Description,
        createdAt: cloud.clock.now(),
        deployment,
        settings: { RoleARN, Capabilities, NotificationARNs, OnStackFailure },
        changes,
        different,
        executed: false,
      };
      documents.put(KIND, changeSet.id, changeSet);
      return { Id: changeSet.id, StackId: stack.id };
    },

    DescribeChangeSet: ({ StackName: stackName, ChangeSetName: name, NextToken: token }: DescribeChangeSetInput) => {
      const changeSet = existing(stackName, name);
      const { items, next } = page(changeSet.changes, token, CHANGES_PAGE);
      const { deployment, settings } = changeSet;
      return {
        ...summary(changeSet),
        Changes: items,
        Parameters: shownParameters(deployment.template, deployment.parameters),
        Tags: deployment.tags,
        Capabilities: settings.Capabilities ?? [],
        NotificationARNs: settings.NotificationARNs ?? [],
        ...next,
      };
    },

    ExecuteChangeSet: (input: ExecuteChangeSetInput, { caller }: CallContext) => {
      const changeSet = existing(input.StackName, input.ChangeSetName);
      const stack = findStack(engine, changeSet.stackId);
      const { id, different, executed, deployment, settings, type } = changeSet;
      if (!different || executed)
        throw new AwsError(
          'InvalidChangeSetStatus',
          `ChangeSet [${id}] cannot be executed in its current status of [${executed ? 'EXECUTE_COMPLETE' : 'FAILED'}]`,
        );
      if (type === 'CREATE') {
        stack.current = deployment;
        stack.callerArn = caller.principalArn;
        stack.roleArn = settings.RoleARN;
        stack.capabilities = settings.Capabilities ?? [];
        stack.onFailure = input.DisableRollback ? 'DO_NOTHING' : (settings.OnStackFailure ?? 'ROLLBACK');
        stack.clientToken = input.ClientRequestToken;
        stack.changeSetId = id;
        setStackStatus(engine, stack, 'CREATE_IN_PROGRESS', 'User Initiated');
        runner.start(stack.id);
      } else {
        checkUpdatable(stack);
        stack.changeSetId = id;
        const { ClientRequestToken, DisableRollback } = input;
        beginUpdate(
          engine,
          runner,
          stack,
          deployment,
          { ...settings, ClientRequestToken, DisableRollback },
          caller.principalArn,
        );
      }
      // The others were made for a stack that is no more as it was.
      for (const other of all()) if (other.stackId === stack.id && other.id !== id) documents.delete(KIND, other.id);
      documents.put(KIND, id, { ...changeSet, executed: true });
      return {};
    },

    DeleteChangeSet: ({ StackName: stackName, ChangeSetName: name }: DeleteChangeSetInput) => {
      const changeSet = find(stackName, name);
      if (changeSet) documents.delete(KIND, changeSet.id);
      return {};
    },

    ListChangeSets: ({ StackName: stackName, NextToken: token }: ListChangeSetsInput) => {
      const stack = findStack(engine, stackName);
      const { items, next } = page(
        all().filter(({ stackId }) => stackId === stack.id),
        token,
        CHANGES_PAGE,
      );
      return { Summaries: items.map(summary), ...next };
    },
  };
}

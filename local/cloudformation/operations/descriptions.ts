import type {
  DescribeStackEventsInput,
  DescribeStackResourceInput,
  DescribeStackResourcesInput,
  DescribeStacksInput,
  ListExportsInput,
  ListImportsInput,
  ListStackResourcesInput,
  ListStacksInput,
  Stack as StackDescription,
  StackEvent as StackEventDescription,
} from '@aws-sdk/client-cloudformation';
import type { Operations } from '../../kernel/index.ts';
import type { Engine } from '../engine/engine.ts';
import { exportsOf, importersOf } from '../engine/outputs.ts';
import type { Resource, Stack, StackEvent } from '../stack.ts';
import { isObject, type JsonObject } from '../template/json-value.ts';
import { isNoEcho, NO_ECHO, type ParameterValues } from '../template/parameters.ts';
import { validationError } from '../validation-error.ts';
import { page } from './pages.ts';
import { findStack } from './stack-changes.ts';

/** Every list of CloudFormation comes in pages of this many. */
const PAGE = 100;

const date = (ms: number): Date => new Date(ms);

/** Parameters as they are shown, NoEcho masked. */
export function shownParameters(template: JsonObject, values: ParameterValues) {
  const declared = isObject(template['Parameters']) ? template['Parameters'] : {};
  return Object.entries(values).map(([key, value]) => {
    const definition = declared[key];
    return { ParameterKey: key, ParameterValue: isObject(definition) && isNoEcho(definition) ? NO_ECHO : value };
  });
}

function describeStack(stack: Stack): StackDescription {
  const { current, updatedAt, deletedAt } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: date(stack.createdAt),
    StackStatus: stack.status,
    DisableRollback: stack.onFailure === 'DO_NOTHING',
    NotificationARNs: [...stack.notificationArns],
    Capabilities: [...stack.capabilities] as NonNullable<StackDescription['Capabilities']>,
    Outputs: stack.outputs.map((output) => ({ ...output })),
    Parameters: shownParameters(current.template, current.parameters),
    Tags: current.tags.map((tag) => ({ ...tag })),
    EnableTerminationProtection: stack.terminationProtection,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    ...(typeof current.template['Description'] === 'string' && { Description: current.template['Description'] }),
    ...(updatedAt !== undefined && { LastUpdatedTime: date(updatedAt) }),
    ...(deletedAt !== undefined && { DeletionTime: date(deletedAt) }),
    ...(stack.statusReason !== undefined && { StackStatusReason: stack.statusReason }),
    ...(stack.roleArn !== undefined && { RoleARN: stack.roleArn }),
    ...(stack.timeoutMinutes !== undefined && { TimeoutInMinutes: stack.timeoutMinutes }),
    ...(stack.changeSetId !== undefined && { ChangeSetId: stack.changeSetId }),
  };
}

function describeEvent(stack: Stack, event: StackEvent): StackEventDescription {
  return {
    StackId: stack.id,
    StackName: stack.name,
    EventId: event.eventId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId ?? '',
    ResourceType: event.type,
    Timestamp: date(event.at),
    ResourceStatus: event.status as NonNullable<StackEventDescription['ResourceStatus']>,
    ...(event.reason !== undefined && { ResourceStatusReason: event.reason }),
    ...(event.token !== undefined && { ClientRequestToken: event.token }),
  };
}

function summary(resource: Resource) {
  return {
    LogicalResourceId: resource.logicalId,
    ...(resource.physicalId !== undefined && { PhysicalResourceId: resource.physicalId }),
    ResourceType: resource.type,
    ResourceStatus: resource.status,
    ...(resource.statusReason !== undefined && { ResourceStatusReason: resource.statusReason }),
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

const inStack = (stack: Stack) => ({ StackId: stack.id, StackName: stack.name });

export function descriptions(engine: Engine): Operations {
  const { stacks } = engine;
  const shown = (stack: Stack): readonly Resource[] => stacks.resources(stack.id);
  const resourceOf = (stack: Stack, logicalId: string | undefined): Resource => {
    const resource = logicalId === undefined ? undefined : stacks.resource(stack.id, logicalId);
    if (!resource) throw validationError(`Resource ${logicalId ?? ''} does not exist for stack ${stack.name}`);
    return resource;
  };
  return {
    DescribeStacks: ({ StackName: name, NextToken: token }: DescribeStacksInput) => {
      if (name !== undefined) return { Stacks: [describeStack(findStack(engine, name))] };
      const alive = stacks.all().filter(({ status }) => status !== 'DELETE_COMPLETE');
      const { items, next } = page(newestFirst(alive), token, PAGE);
      return { Stacks: items.map(describeStack), ...next };
    },

    ListStacks: ({ StackStatusFilter: filter, NextToken: token }: ListStacksInput) => {
      const wanted = stacks.all().filter(({ status }) => !filter?.length || filter.includes(status));
      const { items, next } = page(newestFirst(wanted), token, PAGE);
      return {
        StackSummaries: items.map((stack) => {
          const described = describeStack(stack);
          return {
            ...inStack(stack),
            CreationTime: described.CreationTime,
            StackStatus: described.StackStatus,
            DriftInformation: described.DriftInformation,
            TemplateDescription: described.Description,
            LastUpdatedTime: described.LastUpdatedTime,
            DeletionTime: described.DeletionTime,
            StackStatusReason: described.StackStatusReason,
          };
        }),
        ...next,
      };
    },

    DescribeStackEvents: ({ StackName: name, NextToken: token }: DescribeStackEventsInput) => {
      if (!name || !stacks.find(name)) throw validationError(`Stack [${name ?? ''}] does not exist`);
      const stack = findStack(engine, name);
      const { items, next } = page(stacks.events(stack.id).toReversed(), token, PAGE);
      return { StackEvents: items.map((event) => describeEvent(stack, event)), ...next };
    },

    DescribeStackResource: ({ StackName: name, LogicalResourceId: id }: DescribeStackResourceInput) => {
      const stack = findStack(engine, name);
      const resource = resourceOf(stack, id);
      return {
        StackResourceDetail: {
          ...inStack(stack),
          ...summary(resource),
          LastUpdatedTimestamp: date(resource.updatedAt),
          ...(resource.metadata !== undefined && { Metadata: JSON.stringify(resource.metadata) }),
        },
      };
    },

    DescribeStackResources: ({
      StackName: name,
      LogicalResourceId: id,
      PhysicalResourceId: physicalId,
    }: DescribeStackResourcesInput) => {
      if ((name === undefined) === (physicalId === undefined))
        throw validationError('Either StackName or PhysicalResourceId must be specified, not both');
      const stack =
        name === undefined
          ? stacks
              .all()
              .find(({ id: stackId }) => stacks.resources(stackId).some((other) => other.physicalId === physicalId))
          : findStack(engine, name);
      if (!stack) throw validationError(`Stack for ${physicalId ?? ''} does not exist`);
      const wanted = id === undefined ? shown(stack) : [resourceOf(stack, id)];
      return {
        StackResources: wanted.map((resource) => ({
          ...inStack(stack),
          ...summary(resource),
          Timestamp: date(resource.updatedAt),
        })),
      };
    },

    ListStackResources: ({ StackName: name, NextToken: token }: ListStackResourcesInput) => {
      const { items, next } = page(shown(findStack(engine, name)), token, PAGE);
      return {
        StackResourceSummaries: items.map((resource) => ({
          ...summary(resource),
          LastUpdatedTimestamp: date(resource.updatedAt),
        })),
        ...next,
      };
    },

    ListExports: ({ NextToken: token }: ListExportsInput) => {
      const { items, next } = page(exportsOf(stacks), token, PAGE);
      return { Exports: items, ...next };
    },

    ListImports: ({ ExportName: name = '', NextToken: token }: ListImportsInput) => {
      const users = importersOf(stacks, name);
      if (users.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
      const { items, next } = page(users, token, PAGE);
      return { Imports: items, ...next };
    },
  };
}

function newestFirst(stacks: readonly Stack[]): readonly Stack[] {
  return stacks.toSorted((a, b) => b.createdAt - a.createdAt);
}

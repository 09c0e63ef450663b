import type { Caller, Cloud } from '../../kernel/index.ts';
import type { ResourceType } from '../resource-type.ts';
import type { Resource, Stack, Stacks, StackStatus } from '../stack.ts';
import { validationError } from '../validation-error.ts';

/** Why work on a stack is stopped in the middle. */
export type StopReason = 'sibling-failed' | 'cancelled' | 'timeout' | 'superseded' | 'closed';

/** Stops work on one stack. Each phase has a signal of its own; a final stop ends them all. */
export interface Stop {
  readonly signal: AbortSignal;
  /** The work is over: what it leaves is taken up by somebody else. */
  readonly final: boolean;
  abort(reason: StopReason): void;
  /** A fresh signal for the next phase. */
  renew(): void;
}

export function createStop(): Stop {
  let controller = new AbortController();
  let final = false;
  return {
    get signal() {
      return controller.signal;
    },
    get final() {
      return final;
    },
    abort: (reason) => {
      final ||= reason === 'closed' || reason === 'superseded';
      controller.abort(reason);
    },
    renew: () => {
      if (!final) controller = new AbortController();
    },
  };
}

/** What every part of the engine works with. */
export interface Engine {
  readonly cloud: Cloud;
  readonly stacks: Stacks;
  readonly types: Readonly<Record<string, ResourceType>>;
}

export function typeOf(engine: Engine, name: string): ResourceType {
  const type = Object.hasOwn(engine.types, name) ? engine.types[name] : undefined;
  if (!type) throw validationError(`Template format error: Unrecognized resource types: [${name}]`);
  return type;
}

/** Who provisions a stack's resources: its role, or whoever asked. */
export function provisioner(stack: Stack): Caller {
  return { principalArn: stack.roleArn ?? stack.callerArn };
}

const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Sets the stack's status, with the event that tells of it. */
export function setStackStatus({ cloud, stacks }: Engine, stack: Stack, status: StackStatus, reason?: string): void {
  const at = cloud.clock.now();
  stack.status = status;
  stack.statusReason = reason;
  if (status === 'DELETE_COMPLETE') stack.deletedAt = at;
  stacks.save(stack);
  stacks.addEvent(stack.id, {
    eventId: cloud.ids.uuid(),
    logicalId: stack.name,
    physicalId: stack.id,
    type: STACK_TYPE,
    at,
    status,
    reason,
    token: stack.clientToken,
  });
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/event-detail-stack-status-change.html
  cloud.emit({
    source: 'aws.cloudformation',
    detailType: 'CloudFormation Stack Status Change',
    resources: [stack.id],
    detail: {
      'stack-id': stack.id,
      'status-details': { status, 'status-reason': reason ?? '' },
      'client-request-token': stack.clientToken ?? '',
    },
  });
}

/** Sets a resource's status, with the event that tells of it. */
export function setResourceStatus(
  engine: Engine,
  stack: Stack,
  resource: Resource,
  status: string,
  reason?: string,
): void {
  resource.status = status;
  resource.statusReason = reason;
  resource.updatedAt = engine.cloud.clock.now();
  engine.stacks.saveResource(stack.id, resource);
  addResourceEvent(engine, stack, resource, status, reason);
}

export function addResourceEvent(
  { cloud, stacks }: Engine,
  stack: Stack,
  resource: { readonly logicalId: string; readonly physicalId?: string | undefined; readonly type: string },
  status: string,
  reason?: string,
): void {
  const at = cloud.clock.now();
  stacks.addEvent(stack.id, {
    // The hexadecimal part tells events of one millisecond apart.
    eventId: `${resource.logicalId}-${status}-${new Date(at).toISOString()}-${cloud.ids.hex(6)}`,
    logicalId: resource.logicalId,
    physicalId: resource.physicalId,
    type: resource.type,
    at,
    status,
    reason,
    token: stack.clientToken,
  });
}

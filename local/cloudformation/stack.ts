import type { Cloud } from '../kernel/index.ts';
import type { JsonObject, JsonValue } from './template/json-value.ts';
import type { ParameterValues } from './template/parameters.ts';
import type { DeletionPolicy } from './template/template.ts';

export interface Tag {
  readonly Key: string;
  readonly Value: string;
}

/** What a stack is deployed from. */
export interface Deployment {
  readonly templateText: string;
  readonly template: JsonObject;
  readonly parameters: ParameterValues;
  readonly tags: readonly Tag[];
}

export interface Output {
  readonly OutputKey: string;
  readonly OutputValue: string;
  readonly Description?: string;
  readonly ExportName?: string;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Stack.html */
export type StackStatus =
  | 'CREATE_IN_PROGRESS'
  | 'CREATE_FAILED'
  | 'CREATE_COMPLETE'
  | 'ROLLBACK_IN_PROGRESS'
  | 'ROLLBACK_FAILED'
  | 'ROLLBACK_COMPLETE'
  | 'DELETE_IN_PROGRESS'
  | 'DELETE_FAILED'
  | 'DELETE_COMPLETE'
  | 'UPDATE_IN_PROGRESS'
  | 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_COMPLETE'
  | 'UPDATE_FAILED'
  | 'UPDATE_ROLLBACK_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_FAILED'
  | 'UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS'
  | 'UPDATE_ROLLBACK_COMPLETE'
  | 'REVIEW_IN_PROGRESS';

export interface Stack {
  readonly id: string;
  readonly name: string;
  status: StackStatus;
  statusReason?: string | undefined;
  readonly createdAt: number;
  updatedAt?: number | undefined;
  deletedAt?: number | undefined;
  current: Deployment;
  /** While an update runs or is being undone: what the stack was deployed from before. */
  previous?: Deployment | undefined;
  outputs: readonly Output[];
  /** Export names this stack imports. */
  imports: readonly string[];
  capabilities: readonly string[];
  roleArn?: string | undefined;
  /** Who asked for the running operation; provisioning calls are theirs unless there is a role. */
  callerArn: string;
  onFailure: 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';
  notificationArns: readonly string[];
  timeoutMinutes?: number | undefined;
  terminationProtection: boolean;
  policy?: string | undefined;
  changeSetId?: string | undefined;
  clientToken?: string | undefined;
  /** The token of the request that created the stack: the same request again is answered with the same stack. */
  createToken?: string | undefined;
  /** While a delete runs. */
  deletion?: { readonly retain: readonly string[]; readonly force: boolean } | undefined;
  /** Resources that an update left behind and its cleanup still has to delete. */
  leftovers: readonly Leftover[];
  /** Logical ids that `ContinueUpdateRollback` was told to skip. */
  skip?: readonly string[] | undefined;
}

/** What a resource is, apart from what is happening to it. */
export interface ResourceState {
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, JsonValue>>;
  /** As evaluated; dynamic references stay references. */
  readonly properties: JsonObject;
  readonly deletionPolicy?: DeletionPolicy | undefined;
  readonly updateReplacePolicy?: DeletionPolicy | undefined;
}

export interface Leftover extends ResourceState {
  readonly logicalId: string;
  readonly policy: DeletionPolicy | undefined;
}

export interface Resource {
  readonly logicalId: string;
  type: string;
  status: string;
  statusReason?: string | undefined;
  updatedAt: number;
  /** Makes generated names unique; chosen before the resource is, so that an interrupted creation can be taken up again. */
  token: string;
  physicalId?: string | undefined;
  /** Every call of the creation is done; what is left is to wait until the resource is ready. */
  created?: boolean | undefined;
  attributes: Readonly<Record<string, JsonValue>>;
  properties: JsonObject;
  dependsOn: readonly string[];
  deletionPolicy?: DeletionPolicy | undefined;
  updateReplacePolicy?: DeletionPolicy | undefined;
  metadata?: JsonValue | undefined;
  /** During an update and its rollback: what was before. `created` for a resource the update brought. */
  before?:
    | { readonly kind: 'created' }
    | (ResourceState & { readonly kind: 'changed' | 'replaced'; readonly token: string })
    | undefined;
}

export interface StackEvent {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId?: string | undefined;
  readonly type: string;
  readonly at: number;
  readonly status: string;
  readonly reason?: string | undefined;
  readonly properties?: string | undefined;
  readonly token?: string | undefined;
}

/** Stacks, their resources and events as documents. */
export interface Stacks {
  /** By id, or by the name of a stack that is not deleted. */
  find(nameOrId: string): Stack | undefined;
  all(): readonly Stack[];
  save(stack: Stack): void;
  resources(stackId: string): readonly Resource[];
  resource(stackId: string, logicalId: string): Resource | undefined;
  saveResource(stackId: string, resource: Resource): void;
  removeResource(stackId: string, logicalId: string): void;
  /** Oldest first. */
  events(stackId: string): readonly StackEvent[];
  addEvent(stackId: string, event: StackEvent): void;
}

const STACK = 'cloudformation.stack';
/** Digits that keep events in the order they came in. */
const SEQUENCE_DIGITS = 9;

/** Stacks and resources are held in memory as well, each once, so that everybody who works on one works on the same. */
export function createStacks(cloud: Cloud): Stacks {
  const { documents } = cloud;
  const resourceKind = (stackId: string): string => `cloudformation.resource ${stackId}`;
  const eventKind = (stackId: string): string => `cloudformation.event ${stackId}`;
  const stacks = new Map(documents.list<Stack>(STACK).map(({ id, document }) => [id, document]));
  const resources = new Map<string, Map<string, Resource>>();
  const counts = new Map<string, number>();
  const resourcesOf = (stackId: string): Map<string, Resource> => {
    const known = resources.get(stackId);
    if (known) return known;
    const stored = documents.list<Resource>(resourceKind(stackId));
    const loaded = new Map(stored.map(({ id, document }) => [id, document]));
    resources.set(stackId, loaded);
    return loaded;
  };
  return {
    find: (nameOrId) =>
      nameOrId.startsWith('arn:')
        ? stacks.get(nameOrId)
        : [...stacks.values()].find(({ name, status }) => name === nameOrId && status !== 'DELETE_COMPLETE'),
    all: () => [...stacks.values()],
    save: (stack) => {
      stacks.set(stack.id, stack);
      documents.put(STACK, stack.id, stack);
    },
    resources: (stackId) => [...resourcesOf(stackId).values()],
    resource: (stackId, logicalId) => resourcesOf(stackId).get(logicalId),
    saveResource: (stackId, resource) => {
      resourcesOf(stackId).set(resource.logicalId, resource);
      documents.put(resourceKind(stackId), resource.logicalId, resource);
    },
    removeResource: (stackId, logicalId) => {
      resourcesOf(stackId).delete(logicalId);
      documents.delete(resourceKind(stackId), logicalId);
    },
    events: (stackId) => documents.list<StackEvent>(eventKind(stackId)).map(({ document }) => document),
    addEvent: (stackId, event) => {
      const count = counts.get(stackId) ?? documents.list(eventKind(stackId)).length;
      counts.set(stackId, count + 1);
      documents.put(eventKind(stackId), String(count).padStart(SEQUENCE_DIGITS, '0'), event);
    },
  };
}

import type { Cloud } from '../kernel/index.ts';
import type { JsonObject, JsonValue } from './template/json-value.ts';

/** What changing a property does to the resource, as AWS documents it for each type. */
export type UpdateRule = 'in-place' | 'replace';

/** A resource that exists. */
export interface Physical {
  /** What `Ref` gives. */
  readonly id: string;
  /** What `Fn::GetAtt` gives. */
  readonly attributes: Readonly<Record<string, JsonValue>>;
}

/** What a resource type knows of the resource it works for. */
export interface ResourceContext {
  readonly cloud: Cloud;
  readonly stackName: string;
  readonly stackId: string;
  readonly logicalId: string;
  /** Differs between the resource and what replaces it. */
  readonly token: string;
  /** An earlier attempt may have had its effect: what exists under the resource's name is the resource's. */
  readonly resumed: boolean;
  /** Aborted when the stack no longer wants the resource. */
  readonly signal: AbortSignal;
  /**
   * Calls an operation as the stack's role. The input may be as loosely typed as template values are (`"2"` for 2);
   * a member the operation does not have is refused as an unsupported property.
   */
  readonly call: <Output = unknown>(service: string, operation: string, input: unknown) => Promise<Output>;
  /** For a creation of several calls: from here on there is something to delete if a later call fails. */
  readonly exists: (physicalId: string) => void;
  /** `<stack>-<logical id>-<token>`, at most `longest` characters. */
  readonly name: (longest: number, options?: { readonly lowerCase?: boolean }) => string;
  /** Waits on the cloud's clock until `poll` gives a value. */
  readonly until: <T>(everyMs: number, poll: () => Promise<T | undefined>) => Promise<T>;
}

export type Properties = JsonObject;

export interface ResourceType {
  /** Every property that is supported, and what changing it does. */
  readonly properties: Readonly<Record<string, UpdateRule>>;
  readonly required?: readonly string[];
  /** The property that names the resource: two of one name cannot exist, so replacing it needs a new one. */
  readonly named?: string;
  /** Names allowed to `Fn::GetAtt`. A trailing `*` stands for anything. */
  readonly attributes: readonly string[];
  readonly create: (properties: Properties, context: ResourceContext) => Promise<Physical>;
  /** Waits until a created or changed resource is ready. */
  readonly settle?: (physical: Physical, properties: Properties, context: ResourceContext) => Promise<Physical>;
  readonly update?: (
    physical: Physical,
    properties: Properties,
    before: Properties,
    context: ResourceContext,
  ) => Promise<Physical>;
  /** Ends when the resource is gone; one that is gone already is fine. */
  readonly delete: (physical: Physical, properties: Properties, context: ResourceContext) => Promise<void>;
  /** Called instead of `delete` for `DeletionPolicy: Snapshot`. */
  readonly snapshot?: (physical: Physical, properties: Properties, context: ResourceContext) => Promise<void>;
}

import type { Change, ResourceChange, ResourceChangeDetail } from '@aws-sdk/client-cloudformation';
import { changedProperties, evaluateProperties } from './engine/provision.ts';
import { typeOf, type Engine } from './engine/engine.ts';
import { createScope } from './engine/scope.ts';
import type { Deployment, Resource, Stack } from './stack.ts';
import { evaluate, KNOWN_AFTER_APPLY } from './template/evaluate.ts';
import { canonical } from './template/json-value.ts';
import { dependencies, referencesIn } from './template/references.ts';

/**
 * What deploying would do to each resource, as a change set lists it, and whether anything at all would change.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ResourceChange.html
 */
export function planChanges(
  engine: Engine,
  stack: Stack,
  target: Deployment,
): { readonly changes: readonly Change[]; readonly different: boolean } {
  const replaced = new Set<string>();
  const existing = (id: string): Resource | undefined => {
    const resource = engine.stacks.resource(stack.id, id);
    return resource && !resource.status.startsWith('DELETE') ? resource : undefined;
  };
  const scope = createScope({
    cloud: engine.cloud,
    stacks: engine.stacks,
    stack,
    deployment: target,
    planning: true,
    resource: (id) => {
      const resource = existing(id);
      return resource && replaced.has(id) ? { physicalId: KNOWN_AFTER_APPLY, attributes: {} } : resource;
    },
  });
  const changes: ResourceChange[] = [];
  let different = false;
  for (const id of inOrder(dependencies(scope.template))) {
    const definition = scope.template.resources[id];
    if (!definition || !scope.active.has(id)) continue;
    const resource = existing(id);
    if (!resource) {
      changes.push({ Action: 'Add', LogicalResourceId: id, ResourceType: definition.type, Scope: [], Details: [] });
      continue;
    }
    const type = typeOf(engine, definition.type);
    const properties = evaluateProperties(engine, { current: target }, definition, scope);
    const changed = changedProperties(resource.properties, properties);
    different ||=
      definition.deletionPolicy !== resource.deletionPolicy ||
      definition.updateReplacePolicy !== resource.updateReplacePolicy;
    const metadata = canonical(definition.metadata) !== canonical(resource.metadata);
    if (changed.length === 0 && !metadata) continue;
    const replace = changed.some((name) => type.properties[name] === 'replace');
    if (replace) replaced.add(id);
    changes.push({
      Action: 'Modify',
      LogicalResourceId: id,
      PhysicalResourceId: resource.physicalId,
      ResourceType: definition.type,
      Replacement: replace ? 'True' : 'False',
      Scope: [...(changed.length > 0 ? (['Properties'] as const) : []), ...(metadata ? (['Metadata'] as const) : [])],
      Details: [
        ...changed.map((name): ResourceChangeDetail => {
          const references = referencesIn(definition.properties[name] ?? null);
          const cause = [...references.refs, ...references.attributes].find(
            (other) => other in scope.template.resources,
          );
          return {
            Target: {
              Attribute: 'Properties',
              Name: name,
              RequiresRecreation: type.properties[name] === 'replace' ? 'Always' : 'Never',
            },
            Evaluation: cause === undefined ? 'Static' : 'Dynamic',
            ChangeSource: cause === undefined ? 'DirectModification' : 'ResourceReference',
            ...(cause !== undefined && { CausingEntity: cause }),
          };
        }),
        ...(metadata
          ? [
              {
                Target: { Attribute: 'Metadata', RequiresRecreation: 'Never' },
                Evaluation: 'Static',
                ChangeSource: 'DirectModification',
              } as const,
            ]
          : []),
      ],
    });
  }
  for (const resource of engine.stacks.resources(stack.id))
    if (existing(resource.logicalId) && !scope.active.has(resource.logicalId))
      changes.push({
        Action: 'Remove',
        LogicalResourceId: resource.logicalId,
        PhysicalResourceId: resource.physicalId,
        ResourceType: resource.type,
        PolicyAction: resource.deletionPolicy === 'Retain' ? 'Retain' : 'Delete',
        Scope: [],
        Details: [],
      });
  const outputs = Object.entries(scope.template.outputs).flatMap(([key, output]) =>
    output.condition !== undefined && !scope.condition(output.condition)
      ? []
      : [[key, evaluate(output.value, scope), output.exportName && evaluate(output.exportName, scope)]],
  );
  const before = stack.outputs.map(({ OutputKey, OutputValue, ExportName }) => [OutputKey, OutputValue, ExportName]);
  // Numbers and booleans are text once they are outputs.
  const asText = (rows: readonly (readonly unknown[])[]): string =>
    rows
      .map((row) => JSON.stringify(row.map((cell) => (cell === undefined ? null : String(cell)))))
      .toSorted((a, b) => (a < b ? -1 : 1))
      .join();
  different ||= asText(outputs) !== asText(before) || canonical(target.tags) !== canonical(stack.current.tags);
  return {
    changes: changes.map((change) => ({ Type: 'Resource', ResourceChange: change })),
    different: different || changes.length > 0,
  };
}

/** Ids, each after those it waits for. */
function inOrder(waits: ReadonlyMap<string, ReadonlySet<string>>): readonly string[] {
  const order = new Set<string>();
  const visit = (id: string): void => {
    if (order.has(id)) return;
    for (const other of waits.get(id) ?? []) visit(other);
    order.add(id);
  };
  for (const id of waits.keys()) visit(id);
  return [...order];
}

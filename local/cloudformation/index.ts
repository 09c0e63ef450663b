import type { Cloud, Service, Unsupported } from '../kernel/index.ts';
import type { Engine } from './engine/engine.ts';
import { createRunner } from './engine/runner.ts';
import { changeSets } from './operations/change-sets.ts';
import { descriptions } from './operations/descriptions.ts';
import { protection } from './operations/protection.ts';
import { stackChanges } from './operations/stack-changes.ts';
import { templates } from './operations/templates.ts';
import { RESOURCE_TYPES } from './resource-types/index.ts';
import { createStacks } from './stack.ts';

const UNSUPPORTED: Unsupported = {
  CreateStack: ['ResourceTypes', 'RollbackConfiguration', 'StackPolicyURL', 'RetainExceptOnCreate', 'DeploymentConfig'],
  UpdateStack: [
    'ResourceTypes',
    'RollbackConfiguration',
    'StackPolicyURL',
    'StackPolicyDuringUpdateBody',
    'StackPolicyDuringUpdateURL',
    'RetainExceptOnCreate',
    'DeploymentConfig',
  ],
  DeleteStack: ['DeploymentConfig'],
  ContinueUpdateRollback: ['ForceRollback'],
  CreateChangeSet: [
    'ResourcesToImport',
    'RollbackConfiguration',
    'ImportExistingResources',
    'IncludeNestedStacks',
    'ResourceTypes',
    'DeploymentMode',
    'DeploymentConfig',
  ],
  ExecuteChangeSet: ['RetainExceptOnCreate'],
  GetTemplateSummary: ['StackSetName'],
  SetStackPolicy: ['StackPolicyURL'],
};

/** AWS CloudFormation. Stacks whose work was cut off go on once the other services are registered, in the next turn. */
export function createCloudFormation(cloud: Cloud): Service {
  const engine: Engine = { cloud, stacks: createStacks(cloud), types: RESOURCE_TYPES };
  const runner = createRunner(engine);
  setImmediate(() => runner.resume());
  return {
    name: 'cloudformation',
    client: '@aws-sdk/client-cloudformation',
    unsupported: UNSUPPORTED,
    xmlNamespace: 'http://cloudformation.amazonaws.com/doc/2010-05-15/',
    operations: {
      ...stackChanges(engine, runner),
      ...changeSets(engine, runner),
      ...descriptions(engine),
      ...templates(engine),
      ...protection(engine),
    },
    close: () => runner.close(),
  };
}

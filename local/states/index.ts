import type { Cloud, Service } from '../kernel/index.ts';
import { createDistributedMaps } from './distributed/distributed-maps.ts';
import { Executions, type ExecutionOptions } from './executions/executions.ts';
import { integrationResolver } from './integrations/resolve.ts';
import { PendingTokens } from './integrations/task-tokens.ts';
import { executionOperations } from './operations/executions.ts';
import { loggingOf, machineOperations } from './operations/machines.ts';
import { mapRunOperations } from './operations/map-runs.ts';
import { tagOperations } from './operations/tags.ts';
import { taskOperations } from './operations/tasks.ts';

export type { ExecutionOptions as StatesOptions } from './executions/executions.ts';

/** AWS Step Functions, Standard workflows. Signing name `states`. */
export function createStates(cloud: Cloud, options: ExecutionOptions = {}): Service {
  const executions = new Executions(cloud, options);
  const tokens = new PendingTokens(cloud.ids);
  const resolve = integrationResolver(cloud, (arn) => executions.whenEnded(arn));
  const maps = createDistributedMaps(cloud, executions);
  executions.connect({ resolve, tokens }, maps, (arn) => loggingOf(cloud, arn));
  executions.closeInterrupted();
  return {
    name: 'states',
    client: '@aws-sdk/client-sfn',
    operations: {
      ...machineOperations(cloud, executions),
      ...executionOperations(cloud, executions),
      ...taskOperations(tokens),
      ...mapRunOperations(cloud, maps),
      ...tagOperations(cloud),
    },
    close: () => executions.close(),
  };
}

import type { Cloud } from '../../kernel/index.ts';
import { runtimeFailure } from '../failure.ts';
import { functionIntegration, invokeIntegration } from './lambda.ts';
import { optimizedIntegration } from './optimized.ts';
import type { Integration, Pattern } from './port.ts';
import { sdkIntegration } from './sdk.ts';
import { startExecutionIntegration, type WhenEnded } from './start-execution.ts';

const PATTERNS: Readonly<Record<string, Pattern>> = { sync: 'sync', 'sync:2': 'sync', waitForTaskToken: 'token' };

/** What a Task's resource stands for; each is made once. */
export function integrationResolver(cloud: Cloud, whenEnded: WhenEnded): (resource: string) => Integration {
  const resolved = new Map<string, Integration>();
  return (resource) => {
    let integration = resolved.get(resource);
    if (!integration) resolved.set(resource, (integration = find(cloud, resource, whenEnded)));
    return integration;
  };
}

function find(cloud: Cloud, resource: string, whenEnded: WhenEnded): Integration {
  if (/^arn:[\w-]+:lambda:[^:]*:[^:]*:function:/.test(resource)) return functionIntegration(cloud, resource);
  const [, service, call, suffix] = /^arn:[\w-]+:states:::((?:aws-sdk:)?[\w-]+):(\w+)(?:\.(.+))?$/.exec(resource) ?? [];
  const pattern = suffix === undefined ? 'request' : PATTERNS[suffix];
  let found: Integration | undefined;
  if (service !== undefined && call !== undefined && pattern !== undefined) {
    const name = suffix === undefined ? call : `${call}.${suffix}`;
    if (service.startsWith('aws-sdk:'))
      found = sdkIntegration(cloud, service.slice('aws-sdk:'.length), call, name, pattern);
    else if (service === 'lambda' && call === 'invoke' && pattern !== 'sync')
      found = invokeIntegration(cloud, name, pattern);
    else if (service === 'states' && call === 'startExecution')
      found = startExecutionIntegration(cloud, name, pattern, whenEnded);
    else found = optimizedIntegration(cloud, service, call, name, pattern);
  }
  if (!found) throw runtimeFailure(`The resource '${resource}' is not implemented by the local cloud`);
  return found;
}

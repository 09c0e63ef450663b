import type { Cloud, Service } from '../kernel/index.ts';
import { CodeStore } from './code-store.ts';
import { Functions } from './functions.ts';
import { AsyncQueue } from './invocation/async-queue.ts';
import { Invoker } from './invocation/invoker.ts';
import type { InProcessFunctions } from './invocation/run-in-process.ts';
import { accessOperations } from './operations/access.ts';
import { functionOperations } from './operations/functions.ts';
import { invokeOperations } from './operations/invoke.ts';
import { versionOperations } from './operations/versions.ts';

export type { InProcessContext, InProcessFunctions } from './invocation/run-in-process.ts';

export interface LambdaOptions {
  /** Handlers to run in this process instead of the deployed code of the functions of these names. */
  readonly inProcess?: InProcessFunctions;
}

/** AWS Lambda, Node.js runtimes: a function is its deployed zip, run in worker threads. Signing name `lambda`. */
export function createLambda(cloud: Cloud, options: LambdaOptions = {}): Service {
  const functions = new Functions(cloud, Object.keys(options.inProcess ?? {}));
  const code = new CodeStore(cloud.directory);
  const invoker = new Invoker(cloud, code, options.inProcess ?? {});
  const queue = new AsyncQueue(cloud, functions, invoker);
  return {
    name: 'lambda',
    client: '@aws-sdk/client-lambda',
    unsupported: {
      CreateFunction: ['PublishTo', 'CodeSigningConfigArn', 'TenancyConfig', 'CapacityProviderConfig', 'DurableConfig'],
      Invoke: ['DurableExecutionName', 'TenantId'],
      PublishVersion: ['PublishTo'],
      UpdateFunctionCode: ['PublishTo', 'SourceKMSKeyArn', 'S3ObjectStorageMode'],
      UpdateFunctionConfiguration: ['CapacityProviderConfig', 'DurableConfig'],
    },
    operations: {
      ...functionOperations(cloud, functions, code, invoker),
      ...versionOperations(cloud, functions),
      ...invokeOperations(functions, invoker, queue),
      ...accessOperations(cloud, functions),
    },
    close: async () => {
      queue.close();
      await invoker.close();
    },
  };
}

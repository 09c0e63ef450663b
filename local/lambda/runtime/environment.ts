import type { Cloud } from '../../kernel/index.ts';
import type { FunctionVersion } from '../functions.ts';

export interface EnvironmentOptions {
  readonly cloud: Cloud;
  readonly functionName: string;
  readonly version: FunctionVersion;
  readonly taskRoot: string;
  readonly logGroup: string;
  readonly logStream: string;
}

/**
 * A function's whole environment: Lambda's variables, then its own. Nothing of the host's.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime
 */
export function environmentOf(options: EnvironmentOptions): Record<string, string> {
  const { cloud, functionName, version, taskRoot, logGroup, logStream } = options;
  // Without it the function's SDK would go to AWS itself.
  if (cloud.endpoint === undefined) throw new Error(`${functionName} is invoked before the cloud listens`);
  const credentials = cloud.credentials.issue(version.role, functionName);
  return {
    _HANDLER: version.handler,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${version.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(version.memorySize),
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: logStream,
    AWS_LAMBDA_LOG_FORMAT: version.logging.LogFormat ?? 'Text',
    ...(version.logging.ApplicationLogLevel && { AWS_LAMBDA_LOG_LEVEL: version.logging.ApplicationLogLevel }),
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_XRAY_CONTEXT_MISSING: 'LOG_ERROR',
    AWS_XRAY_DAEMON_ADDRESS: '169.254.79.129:2000',
    AWS_ENDPOINT_URL: cloud.endpoint,
    // The settings of whoever runs the local cloud are none of the function's.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    LAMBDA_TASK_ROOT: taskRoot,
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    LANG: 'en_US.UTF-8',
    PATH: '/var/lang/bin:/usr/local/bin:/usr/bin/:/bin:/opt/bin',
    TZ: ':UTC',
    ...version.environment,
  };
}

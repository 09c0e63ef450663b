import type { CreateFunctionRequest, UpdateFunctionConfigurationRequest } from '@aws-sdk/client-lambda';
import { AwsError } from '../../kernel/index.ts';
import type { FunctionVersion } from '../functions.ts';
import { MAX_ENVIRONMENT_BYTES, MAX_MEMORY_MB, MAX_TIMEOUT_SECONDS, MIN_MEMORY_MB } from '../limits.ts';

type Settings = Omit<UpdateFunctionConfigurationRequest, 'FunctionName' | 'RevisionId'> &
  Partial<CreateFunctionRequest>;

const RUNTIMES = /^nodejs(18|20|22|24)\.x$/;
/** Set by Lambda itself: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const RESERVED =
  /^(_HANDLER|_X_AMZN_TRACE_ID|AWS_(REGION|DEFAULT_REGION|EXECUTION_ENV|LAMBDA_\w+|ACCESS_KEY(_ID)?|SECRET_ACCESS_KEY|SESSION_TOKEN)|LAMBDA_(TASK_ROOT|RUNTIME_DIR))$/;
const ALLOWED_RESERVED = new Set(['AWS_LAMBDA_EXEC_WRAPPER', 'AWS_LAMBDA_NODEJS_DISABLE_CALLBACK_WARNING']);

const invalid = (message: string): AwsError =>
  new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });

function between(value: number, least: number, most: number, member: string): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value between ${least} and ${most}`,
    );
  return value;
}

/** Applies what a request sets to a version. What the local cloud cannot do is refused by name. */
export function applySettings(version: FunctionVersion, input: Settings): void {
  if (input.Layers && input.Layers.length > 0) throw invalid('Layers are not implemented by the local cloud');
  if (input.FileSystemConfigs && input.FileSystemConfigs.length > 0)
    throw invalid('FileSystemConfigs are not implemented by the local cloud');
  if (input.ImageConfig) throw invalid('Container images are not implemented by the local cloud');
  if (input.SnapStart?.ApplyOn === 'PublishedVersions')
    throw invalid('SnapStart is not supported for Node.js functions');
  if (input.Runtime !== undefined) {
    if (!RUNTIMES.test(input.Runtime))
      throw invalid(`The runtime ${input.Runtime} is not implemented by the local cloud: it runs Node.js only`);
    version.runtime = input.Runtime;
  }
  if (input.Handler !== undefined) version.handler = input.Handler;
  if (input.Role !== undefined) {
    if (!/^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(input.Role))
      throw new AwsError(
        'ValidationException',
        `1 validation error detected: Value '${input.Role}' at 'role' failed to satisfy constraint: Member must satisfy regular expression pattern: arn:(aws[a-zA-Z-]*)?:iam::\\d{12}:role/?[a-zA-Z_0-9+=,.@\\-_/]+`,
      );
    version.role = input.Role;
  }
  if (input.Description !== undefined) version.description = input.Description;
  if (input.Timeout !== undefined) version.timeout = between(input.Timeout, 1, MAX_TIMEOUT_SECONDS, 'timeout');
  if (input.MemorySize !== undefined)
    version.memorySize = between(input.MemorySize, MIN_MEMORY_MB, MAX_MEMORY_MB, 'memorySize');
  if (input.EphemeralStorage?.Size !== undefined)
    version.ephemeralStorage = between(input.EphemeralStorage.Size, 512, 10_240, 'ephemeralStorage.size');
  if (input.Environment) version.environment = checkEnvironment(input.Environment.Variables ?? {});
  if (input.TracingConfig?.Mode) version.tracing = input.TracingConfig.Mode;
  if (input.LoggingConfig) version.logging = { LogFormat: 'Text', ...version.logging, ...input.LoggingConfig };
  if (input.VpcConfig) {
    const { SubnetIds = [], SecurityGroupIds = [] } = input.VpcConfig;
    if (SubnetIds.length > 0) version.vpc = { SubnetIds, SecurityGroupIds };
    else delete version.vpc;
  }
  if (input.DeadLetterConfig) {
    if (input.DeadLetterConfig.TargetArn) version.deadLetterArn = input.DeadLetterConfig.TargetArn;
    else delete version.deadLetterArn;
  }
  if (input.KMSKeyArn !== undefined) {
    if (input.KMSKeyArn) version.kmsKeyArn = input.KMSKeyArn;
    else delete version.kmsKeyArn;
  }
}

function checkEnvironment(variables: Record<string, string>): Record<string, string> {
  const reserved = Object.keys(variables).filter((name) => RESERVED.test(name) && !ALLOWED_RESERVED.has(name));
  if (reserved.length > 0)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  const bad = Object.keys(variables).find((name) => !/^[a-zA-Z]\w+$/.test(name));
  if (bad !== undefined) throw invalid(`The environment variable name '${bad}' is not valid`);
  if (Buffer.byteLength(JSON.stringify(variables)) > MAX_ENVIRONMENT_BYTES)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit. String measured: ${JSON.stringify(variables).slice(0, 100)}`,
    );
  return variables;
}

import type {
  AliasConfiguration,
  DestinationConfig,
  EnvironmentResponse,
  FunctionConfiguration,
  LoggingConfig,
  Runtime,
  Architecture,
} from '@aws-sdk/client-lambda';
import { AwsError, required, type Cloud } from '../kernel/index.ts';
import { DEFAULT_MEMORY_MB, MAX_TIMEOUT_SECONDS } from './limits.ts';

const KIND = 'lambda/function';

/** What a version of a function is: its code and its settings. Times are milliseconds. */
export interface FunctionVersion {
  /** `$LATEST` or a number. */
  version: string;
  runtime: Runtime;
  handler: string;
  role: string;
  description: string;
  timeout: number;
  memorySize: number;
  ephemeralStorage: number;
  environment: Record<string, string>;
  architectures: Architecture[];
  tracing: 'Active' | 'PassThrough';
  logging: LoggingConfig;
  deadLetterArn?: string;
  vpc?: { SubnetIds: string[]; SecurityGroupIds: string[] };
  kmsKeyArn?: string;
  codeSha256: string;
  codeSize: number;
  lastModified: number;
  revisionId: string;
}

export interface AsyncSettings {
  readonly retries?: number;
  readonly ageSeconds?: number;
  readonly destinations?: DestinationConfig;
  readonly lastModified: number;
}

export interface PolicyStatement {
  readonly Sid: string;
  readonly [name: string]: unknown;
}

export interface FunctionRecord {
  readonly name: string;
  latest: FunctionVersion;
  /** Published, oldest first. */
  versions: FunctionVersion[];
  lastVersion: number;
  aliases: Record<string, AliasConfiguration>;
  tags: Record<string, string>;
  policy: PolicyStatement[];
  reservedConcurrency?: number;
  /** By qualifier. */
  asyncSettings: Record<string, AsyncSettings>;
}

/** `name`, `name:alias`, a partial or a full ARN. @throws AwsError `InvalidParameterValueException` */
export function parseFunctionName(
  text: string,
  qualifier?: string,
): { readonly name: string; readonly qualifier: string | undefined } {
  const found = /^(?:(?:arn:[\w-]+:lambda:[\w-]+:)?\d{12}:)?(?:function:)?([\w-]{1,140})(?::(\$LATEST|[\w-]+))?$/.exec(
    text,
  );
  if (!found?.[1])
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: (arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?`,
    );
  if (qualifier !== undefined && found[2] !== undefined && qualifier !== found[2])
    throw new AwsError(
      'InvalidParameterValueException',
      'The derived qualifier from the function name does not match the specified qualifier.',
    );
  return { name: found[1], qualifier: qualifier ?? found[2] };
}

/** Functions on disk. */
export class Functions {
  readonly #cloud: Cloud;
  readonly #inProcess: ReadonlySet<string>;

  /** Functions named in `inProcess` can be invoked without having been created. */
  constructor(cloud: Cloud, inProcess: readonly string[] = []) {
    this.#cloud = cloud;
    this.#inProcess = new Set(inProcess);
  }

  arn(name: string, qualifier?: string): string {
    return this.#cloud.arn('lambda', `function:${name}${qualifier === undefined ? '' : `:${qualifier}`}`);
  }

  /** A created function, or one that only has a handler in this process. */
  known(name: string): FunctionRecord | undefined {
    return this.get(name) ?? (this.#inProcess.has(name) ? undeployed(name, this.#cloud) : undefined);
  }

  get(name: string): FunctionRecord | undefined {
    return this.#cloud.documents.get<FunctionRecord>(KIND, name);
  }

  /** @throws AwsError `ResourceNotFoundException` */
  find(
    functionName: string | undefined,
    givenQualifier?: string,
  ): { readonly record: FunctionRecord; readonly qualifier: string | undefined } {
    const { name, qualifier } = parseFunctionName(required(functionName, 'functionName'), givenQualifier);
    const record = this.known(name);
    if (!record)
      throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(name, qualifier)}`, 404, {
        Type: 'User',
      });
    return { record, qualifier };
  }

  /** The version a name and qualifier stand for. @throws AwsError `ResourceNotFoundException` */
  resolve(
    functionName: string | undefined,
    givenQualifier?: string,
  ): { readonly record: FunctionRecord; readonly version: FunctionVersion; readonly qualifier: string | undefined } {
    const { record, qualifier } = this.find(functionName, givenQualifier);
    const number = qualifier === undefined ? '$LATEST' : (record.aliases[qualifier]?.FunctionVersion ?? qualifier);
    const version =
      number === '$LATEST' ? record.latest : record.versions.find((candidate) => candidate.version === number);
    if (!version)
      throw new AwsError('ResourceNotFoundException', `Function not found: ${this.arn(record.name, qualifier)}`, 404, {
        Type: 'User',
      });
    return { record, version, qualifier };
  }

  save(record: FunctionRecord): void {
    this.#cloud.documents.put(KIND, record.name, record);
  }

  delete(name: string): void {
    this.#cloud.documents.delete(KIND, name);
  }

  all(): readonly FunctionRecord[] {
    return this.#cloud.documents.list<FunctionRecord>(KIND).map(({ document }) => document);
  }

  /** As the API shows a version. */
  describe(record: FunctionRecord, version: FunctionVersion, qualifier?: string): FunctionConfiguration {
    const environment: EnvironmentResponse | undefined =
      Object.keys(version.environment).length > 0 ? { Variables: version.environment } : undefined;
    return {
      FunctionName: record.name,
      FunctionArn: this.arn(record.name, qualifier),
      Runtime: version.runtime,
      Role: version.role,
      Handler: version.handler,
      CodeSize: version.codeSize,
      CodeSha256: version.codeSha256,
      Description: version.description,
      Timeout: version.timeout,
      MemorySize: version.memorySize,
      LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
      Version: version.version,
      ...(environment && { Environment: environment }),
      ...(version.vpc && { VpcConfig: { ...version.vpc, VpcId: '' } }),
      ...(version.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: version.deadLetterArn } }),
      ...(version.kmsKeyArn !== undefined && { KMSKeyArn: version.kmsKeyArn }),
      TracingConfig: { Mode: version.tracing },
      RevisionId: version.revisionId,
      State: 'Active',
      LastUpdateStatus: 'Successful',
      PackageType: 'Zip',
      Architectures: version.architectures,
      EphemeralStorage: { Size: version.ephemeralStorage },
      SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
      LoggingConfig: version.logging,
    };
  }
}

/** The record of a function that was never created: Lambda's largest settings. */
function undeployed(name: string, cloud: Cloud): FunctionRecord {
  const latest: FunctionVersion = {
    version: '$LATEST',
    runtime: 'nodejs24.x',
    handler: 'in-process',
    role: `arn:aws:iam::${cloud.accountId}:role/${name}`,
    description: '',
    timeout: MAX_TIMEOUT_SECONDS,
    memorySize: DEFAULT_MEMORY_MB,
    ephemeralStorage: 512,
    environment: {},
    architectures: ['x86_64'],
    tracing: 'PassThrough',
    logging: { LogFormat: 'Text' },
    codeSha256: '',
    codeSize: 0,
    lastModified: 0,
    revisionId: '',
  };
  return { name, latest, versions: [], lastVersion: 0, aliases: {}, tags: {}, policy: [], asyncSettings: {} };
}

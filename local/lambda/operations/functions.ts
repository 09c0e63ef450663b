import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  FunctionCode,
  FunctionConfiguration,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  GetFunctionResponse,
  ListFunctionsRequest,
  ListFunctionsResponse,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda';
import { pathToFileURL } from 'node:url';
import { AwsError, held, required, type Caller, type Cloud, type Operations } from '../../kernel/index.ts';
import type { CodeStore, StoredCode } from '../code-store.ts';
import { parseFunctionName, type FunctionRecord, type Functions, type FunctionVersion } from '../functions.ts';
import type { Invoker } from '../invocation/invoker.ts';
import { DEFAULT_MEMORY_MB, DEFAULT_TIMEOUT_SECONDS } from '../limits.ts';
import { page } from './page.ts';
import { applySettings } from './settings.ts';
import { publish } from './versions.ts';

export function functionOperations(cloud: Cloud, functions: Functions, code: CodeStore, invoker: Invoker): Operations {
  /** Reads and unpacks a package, from the request or from S3. Time stands still meanwhile. */
  const storeCode = (input: FunctionCode, caller: Caller): Promise<StoredCode> => {
    const storing = (async () => code.store(await readZip(cloud, input, caller)))();
    return held(cloud.clock, storing);
  };
  const touch = (version: FunctionVersion): void => {
    version.lastModified = cloud.clock.now();
    version.revisionId = cloud.ids.uuid();
  };
  const checkRevision = (record: FunctionRecord, revisionId: string | undefined): void => {
    if (revisionId !== undefined && revisionId !== record.latest.revisionId)
      throw new AwsError(
        'PreconditionFailedException',
        'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
        412,
      );
  };

  return {
    CreateFunction: async (input: CreateFunctionRequest, { caller }): Promise<FunctionConfiguration> => {
      const { name } = parseFunctionName(required(input.FunctionName, 'functionName'));
      if (functions.get(name))
        throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, { Type: 'User' });
      if (input.PackageType === 'Image')
        throw new AwsError('InvalidParameterValueException', 'Container images are not implemented by the local cloud');
      const version: FunctionVersion = {
        version: '$LATEST',
        runtime: required(input.Runtime, 'runtime'),
        handler: required(input.Handler, 'handler'),
        role: required(input.Role, 'role'),
        description: '',
        timeout: DEFAULT_TIMEOUT_SECONDS,
        memorySize: DEFAULT_MEMORY_MB,
        ephemeralStorage: 512,
        environment: {},
        architectures: input.Architectures ?? ['x86_64'],
        tracing: 'PassThrough',
        logging: { LogFormat: 'Text', LogGroup: `/aws/lambda/${name}` },
        codeSha256: '',
        codeSize: 0,
        lastModified: 0,
        revisionId: '',
      };
      applySettings(version, input);
      const stored = await storeCode(required(input.Code, 'code'), caller);
      if (functions.get(name))
        throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, 409, { Type: 'User' });
      Object.assign(version, { codeSha256: stored.sha256, codeSize: stored.size });
      touch(version);
      const record: FunctionRecord = {
        name,
        latest: version,
        versions: [],
        lastVersion: 0,
        aliases: {},
        tags: input.Tags ?? {},
        policy: [],
        asyncSettings: {},
      };
      const published = input.Publish ? publish(record, cloud) : undefined;
      functions.save(record);
      return functions.describe(record, published ?? version);
    },

    UpdateFunctionCode: async (input: UpdateFunctionCodeRequest, { caller }): Promise<FunctionConfiguration> => {
      const { name } = functions.find(input.FunctionName).record;
      const stored = await storeCode(input, caller);
      const { record } = functions.find(name);
      checkRevision(record, input.RevisionId);
      const candidate: FunctionVersion = { ...record.latest, codeSha256: stored.sha256, codeSize: stored.size };
      if (input.Architectures) candidate.architectures = input.Architectures;
      touch(candidate);
      if (input.DryRun) return functions.describe(record, candidate);
      record.latest = candidate;
      const published = input.Publish ? publish(record, cloud) : undefined;
      functions.save(record);
      invoker.retire(name);
      return functions.describe(record, published ?? candidate);
    },

    UpdateFunctionConfiguration: (input: UpdateFunctionConfigurationRequest): FunctionConfiguration => {
      const { record } = functions.find(input.FunctionName);
      checkRevision(record, input.RevisionId);
      applySettings(record.latest, input);
      touch(record.latest);
      functions.save(record);
      invoker.retire(record.name);
      return functions.describe(record, record.latest);
    },

    GetFunction: (input: GetFunctionRequest): GetFunctionResponse => {
      const { record, version, qualifier } = functions.resolve(input.FunctionName, input.Qualifier);
      return {
        Configuration: functions.describe(record, version, qualifier),
        Code: { RepositoryType: 'S3', Location: pathToFileURL(code.zipFile(version.codeSha256)).href },
        ...(Object.keys(record.tags).length > 0 && { Tags: record.tags }),
        ...(record.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: record.reservedConcurrency },
        }),
      };
    },

    GetFunctionConfiguration: (input: GetFunctionConfigurationRequest): FunctionConfiguration => {
      const { record, version, qualifier } = functions.resolve(input.FunctionName, input.Qualifier);
      return functions.describe(record, version, qualifier);
    },

    DeleteFunction: (input: DeleteFunctionRequest) => {
      const { record, qualifier } = functions.find(input.FunctionName, input.Qualifier);
      if (qualifier === undefined) functions.delete(record.name);
      else {
        if (qualifier === '$LATEST')
          throw new AwsError(
            'InvalidParameterValueException',
            '$LATEST version cannot be deleted without deleting the function.',
          );
        if (Object.values(record.aliases).some(({ FunctionVersion }) => FunctionVersion === qualifier))
          throw new AwsError('ResourceConflictException', `Version ${qualifier} has aliases pointing to it.`, 409);
        record.versions = record.versions.filter(({ version }) => version !== qualifier);
        functions.save(record);
      }
      invoker.retire(record.name);
      return {};
    },

    ListFunctions: (input: ListFunctionsRequest): ListFunctionsResponse => {
      const all = functions
        .all()
        .flatMap((record) =>
          [record.latest, ...(input.FunctionVersion === 'ALL' ? record.versions : [])].map((version) =>
            functions.describe(record, version),
          ),
        );
      const { items, more } = page(all, input);
      return { Functions: items, ...more };
    },
  };
}

async function readZip(cloud: Cloud, input: FunctionCode, caller: Caller): Promise<Buffer> {
  if (input.ImageUri !== undefined)
    throw new AwsError('InvalidParameterValueException', 'Container images are not implemented by the local cloud');
  if (input.ZipFile) return Buffer.from(input.ZipFile);
  if (input.S3Bucket === undefined || input.S3Key === undefined)
    throw new AwsError('InvalidParameterValueException', 'Please provide a source for function code.');
  const { S3Bucket: Bucket, S3Key: Key, S3ObjectVersion: VersionId } = input;
  try {
    const { Body } = await cloud.call<{ Body: Uint8Array | AsyncIterable<Uint8Array> }>(
      's3',
      'GetObject',
      { Bucket, Key, ...(VersionId !== undefined && { VersionId }) },
      caller,
    );
    if (Body instanceof Uint8Array) return Buffer.from(Body);
    const chunks: Uint8Array[] = [];
    for await (const chunk of Body) chunks.push(chunk);
    return Buffer.concat(chunks);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      'InvalidParameterValueException',
      `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
      400,
      { Type: 'User' },
    );
  }
}

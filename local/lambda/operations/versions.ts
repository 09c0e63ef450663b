import type {
  AliasConfiguration,
  CreateAliasRequest,
  DeleteAliasRequest,
  FunctionConfiguration,
  GetAliasRequest,
  ListAliasesRequest,
  ListAliasesResponse,
  ListVersionsByFunctionRequest,
  ListVersionsByFunctionResponse,
  PublishVersionRequest,
  UpdateAliasRequest,
} from '@aws-sdk/client-lambda';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { FunctionRecord, Functions, FunctionVersion } from '../functions.ts';
import { page } from './page.ts';

/** Freezes `$LATEST` as a version; the same code and settings give the version that is there already. */
export function publish(record: FunctionRecord, cloud: Cloud, description?: string): FunctionVersion {
  const last = record.versions.at(-1);
  const comparable = ({ version: _v, revisionId: _r, lastModified: _l, ...rest }: FunctionVersion): string =>
    JSON.stringify(rest);
  if (last && comparable({ ...last, description: record.latest.description }) === comparable(record.latest))
    return last;
  const version: FunctionVersion = {
    ...structuredClone(record.latest),
    version: String(++record.lastVersion),
    revisionId: cloud.ids.uuid(),
    ...(description !== undefined && { description }),
  };
  record.versions.push(version);
  return version;
}

export function versionOperations(cloud: Cloud, functions: Functions): Operations {
  const findAlias = (
    functionName: string | undefined,
    name: string | undefined,
  ): { record: FunctionRecord; alias: AliasConfiguration } => {
    const { record } = functions.find(functionName);
    const alias = record.aliases[required(name, 'name')];
    if (!alias)
      throw new AwsError('ResourceNotFoundException', `Alias not found: ${functions.arn(record.name, name)}`, 404, {
        Type: 'User',
      });
    return { record, alias };
  };
  const refuseRouting = (input: CreateAliasRequest | UpdateAliasRequest): void => {
    if (Object.keys(input.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0)
      throw new AwsError('InvalidParameterValueException', 'Weighted aliases are not implemented by the local cloud');
  };

  return {
    PublishVersion: (input: PublishVersionRequest): FunctionConfiguration => {
      const { record } = functions.find(input.FunctionName);
      if (input.CodeSha256 !== undefined && input.CodeSha256 !== record.latest.codeSha256)
        throw new AwsError(
          'InvalidParameterValueException',
          `CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${record.latest.codeSha256}). Please try again with the CodeSHA256 in $LATEST.`,
        );
      const version = publish(record, cloud, input.Description);
      functions.save(record);
      return functions.describe(record, version, version.version);
    },
    ListVersionsByFunction: (input: ListVersionsByFunctionRequest): ListVersionsByFunctionResponse => {
      const { record } = functions.find(input.FunctionName);
      const all = [record.latest, ...record.versions];
      const { items, more } = page(all, input);
      return { Versions: items.map((version) => functions.describe(record, version, version.version)), ...more };
    },
    CreateAlias: (input: CreateAliasRequest): AliasConfiguration => {
      refuseRouting(input);
      const name = required(input.Name, 'name');
      const { record } = functions.resolve(input.FunctionName, required(input.FunctionVersion, 'functionVersion'));
      if (record.aliases[name])
        throw new AwsError(
          'ResourceConflictException',
          `Alias already exists: ${functions.arn(record.name, name)}`,
          409,
        );
      const alias = {
        AliasArn: functions.arn(record.name, name),
        Name: name,
        FunctionVersion: input.FunctionVersion,
        Description: input.Description ?? '',
        RevisionId: cloud.ids.uuid(),
      };
      record.aliases[name] = alias;
      functions.save(record);
      return alias;
    },
    UpdateAlias: (input: UpdateAliasRequest): AliasConfiguration => {
      refuseRouting(input);
      const { record, alias } = findAlias(input.FunctionName, input.Name);
      if (input.FunctionVersion !== undefined) functions.resolve(record.name, input.FunctionVersion);
      const updated = {
        ...alias,
        FunctionVersion: input.FunctionVersion ?? alias.FunctionVersion,
        Description: input.Description ?? alias.Description,
        RevisionId: cloud.ids.uuid(),
      };
      record.aliases[required(input.Name, 'name')] = updated;
      functions.save(record);
      return updated;
    },
    GetAlias: (input: GetAliasRequest): AliasConfiguration => findAlias(input.FunctionName, input.Name).alias,
    DeleteAlias: (input: DeleteAliasRequest) => {
      const { record } = functions.find(input.FunctionName);
      record.aliases = Object.fromEntries(Object.entries(record.aliases).filter(([name]) => name !== input.Name));
      functions.save(record);
      return {};
    },
    ListAliases: (input: ListAliasesRequest): ListAliasesResponse => ({
      Aliases: Object.values(functions.find(input.FunctionName).record.aliases).filter(
        ({ FunctionVersion }) => input.FunctionVersion === undefined || FunctionVersion === input.FunctionVersion,
      ),
    }),
  };
}

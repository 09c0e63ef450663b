import type {
  AddPermissionRequest,
  AddPermissionResponse,
  DeleteFunctionEventInvokeConfigRequest,
  FunctionEventInvokeConfig,
  GetFunctionConcurrencyRequest,
  GetFunctionConcurrencyResponse,
  GetFunctionEventInvokeConfigRequest,
  GetPolicyRequest,
  GetPolicyResponse,
  ListTagsRequest,
  ListTagsResponse,
  PutFunctionConcurrencyRequest,
  PutFunctionEventInvokeConfigRequest,
  RemovePermissionRequest,
  TagResourceRequest,
  UntagResourceRequest,
} from '@aws-sdk/client-lambda';
import { AwsError, required, type Cloud, type Operations } from '../../kernel/index.ts';
import type { AsyncSettings, Functions, FunctionRecord, PolicyStatement } from '../functions.ts';

/** Who may call a function, how often, and what becomes of its asynchronous calls. */
export function accessOperations(cloud: Cloud, functions: Functions): Operations {
  const describeAsync = (record: FunctionRecord, qualifier: string): FunctionEventInvokeConfig => {
    const settings = record.asyncSettings[qualifier];
    if (!settings)
      throw new AwsError(
        'ResourceNotFoundException',
        `The function ${functions.arn(record.name, qualifier)} doesn't have an EventInvokeConfig`,
        404,
      );
    return {
      FunctionArn: functions.arn(record.name, qualifier),
      LastModified: new Date(settings.lastModified),
      ...(settings.retries !== undefined && { MaximumRetryAttempts: settings.retries }),
      ...(settings.ageSeconds !== undefined && { MaximumEventAgeInSeconds: settings.ageSeconds }),
      DestinationConfig: settings.destinations ?? { OnSuccess: {}, OnFailure: {} },
    };
  };

  return {
    AddPermission: (input: AddPermissionRequest): AddPermissionResponse => {
      const { record, qualifier } = functions.find(input.FunctionName, input.Qualifier);
      const Sid = required(input.StatementId, 'statementId');
      if (record.policy.some((statement) => statement.Sid === Sid))
        throw new AwsError(
          'ResourceConflictException',
          `The statement id (${Sid}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
          409,
        );
      const principal = required(input.Principal, 'principal');
      const condition = {
        ...(input.SourceArn !== undefined && { ArnLike: { 'AWS:SourceArn': input.SourceArn } }),
        ...((input.SourceAccount !== undefined || input.PrincipalOrgID !== undefined) && {
          StringEquals: {
            ...(input.SourceAccount !== undefined && { 'AWS:SourceAccount': input.SourceAccount }),
            ...(input.PrincipalOrgID !== undefined && { 'aws:PrincipalOrgID': input.PrincipalOrgID }),
          },
        }),
      };
      const statement: PolicyStatement = {
        Sid,
        Effect: 'Allow',
        Principal:
          principal === '*' ? '*' : principal.endsWith('.amazonaws.com') ? { Service: principal } : { AWS: principal },
        Action: required(input.Action, 'action'),
        Resource: functions.arn(record.name, qualifier),
        ...(Object.keys(condition).length > 0 && { Condition: condition }),
      };
      record.policy.push(statement);
      functions.save(record);
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission: (input: RemovePermissionRequest) => {
      const { record } = functions.find(input.FunctionName, input.Qualifier);
      const rest = record.policy.filter(({ Sid }) => Sid !== input.StatementId);
      if (rest.length === record.policy.length)
        throw new AwsError(
          'ResourceNotFoundException',
          `Statement ${input.StatementId} is not found in resource policy.`,
          404,
        );
      record.policy = rest;
      functions.save(record);
      return {};
    },
    GetPolicy: (input: GetPolicyRequest): GetPolicyResponse => {
      const { record } = functions.find(input.FunctionName, input.Qualifier);
      if (record.policy.length === 0)
        throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', 404);
      return {
        Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: record.policy }),
        RevisionId: record.latest.revisionId,
      };
    },

    PutFunctionConcurrency: (input: PutFunctionConcurrencyRequest): GetFunctionConcurrencyResponse => {
      const { record } = functions.find(input.FunctionName);
      record.reservedConcurrency = required(input.ReservedConcurrentExecutions, 'reservedConcurrentExecutions');
      functions.save(record);
      return { ReservedConcurrentExecutions: record.reservedConcurrency };
    },
    GetFunctionConcurrency: (input: GetFunctionConcurrencyRequest): GetFunctionConcurrencyResponse => {
      const { reservedConcurrency } = functions.find(input.FunctionName).record;
      return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
    },
    DeleteFunctionConcurrency: (input: GetFunctionConcurrencyRequest) => {
      const { record } = functions.find(input.FunctionName);
      delete record.reservedConcurrency;
      functions.save(record);
      return {};
    },

    PutFunctionEventInvokeConfig: (input: PutFunctionEventInvokeConfigRequest): FunctionEventInvokeConfig => {
      const { record, qualifier = '$LATEST' } = functions.find(input.FunctionName, input.Qualifier);
      const settings: AsyncSettings = {
        lastModified: cloud.clock.now(),
        ...(input.MaximumRetryAttempts !== undefined && { retries: input.MaximumRetryAttempts }),
        ...(input.MaximumEventAgeInSeconds !== undefined && { ageSeconds: input.MaximumEventAgeInSeconds }),
        ...(input.DestinationConfig && { destinations: input.DestinationConfig }),
      };
      for (const { Destination } of [
        input.DestinationConfig?.OnSuccess ?? {},
        input.DestinationConfig?.OnFailure ?? {},
      ])
        if (Destination !== undefined && !/^arn:[\w-]+:(sqs|sns|lambda):/.test(Destination))
          throw new AwsError(
            'InvalidParameterValueException',
            `The destination ${Destination} is not implemented by the local cloud`,
          );
      record.asyncSettings[qualifier] = settings;
      functions.save(record);
      return describeAsync(record, qualifier);
    },
    GetFunctionEventInvokeConfig: (input: GetFunctionEventInvokeConfigRequest): FunctionEventInvokeConfig => {
      const { record, qualifier = '$LATEST' } = functions.find(input.FunctionName, input.Qualifier);
      return describeAsync(record, qualifier);
    },
    DeleteFunctionEventInvokeConfig: (input: DeleteFunctionEventInvokeConfigRequest) => {
      const { record, qualifier = '$LATEST' } = functions.find(input.FunctionName, input.Qualifier);
      describeAsync(record, qualifier);
      record.asyncSettings = Object.fromEntries(
        Object.entries(record.asyncSettings).filter(([key]) => key !== qualifier),
      );
      functions.save(record);
      return {};
    },

    TagResource: (input: TagResourceRequest) => {
      const { record } = functions.find(input.Resource);
      record.tags = { ...record.tags, ...required(input.Tags, 'tags') };
      functions.save(record);
      return {};
    },
    UntagResource: (input: UntagResourceRequest) => {
      const { record } = functions.find(input.Resource);
      const keys = required(input.TagKeys, 'tagKeys');
      record.tags = Object.fromEntries(Object.entries(record.tags).filter(([key]) => !keys.includes(key)));
      functions.save(record);
      return {};
    },
    ListTags: (input: ListTagsRequest): ListTagsResponse => ({ Tags: functions.find(input.Resource).record.tags }),
  };
}

import type { Cloud } from '../../kernel/index.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { exceptionName, pascal, serviceFailure, textOf, toJson } from './outcome.ts';
import type { Integration, Pattern } from './port.ts';

/**
 * A service as the AWS SDK integrations name it.
 * https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html
 */
interface SdkService {
  /** The service's signing name in this cloud. */
  readonly service: string;
  /** The Java client's name, which prefixes every error: `RedshiftData.ValidationException`. */
  readonly prefix: string;
  /** Wire codes of errors that have no class of their own in the client; those arrive as `<prefix>.<prefix>Exception`. */
  readonly modelled: (code: string) => boolean;
  /** Members that are bytes on the wire and may be written as text or JSON. */
  readonly bytes?: readonly string[];
}

const endsInException = (code: string): boolean => /(Exception|Fault)$/.test(code);
/** Codes every AWS front end may answer with; no client has a class for them. */
const COMMON = new Set([
  'AccessDeniedException',
  'ThrottlingException',
  'UnrecognizedClientException',
  'ExpiredTokenException',
]);
const jsonService = (service: string, prefix: string, own: readonly string[] = []): SdkService => ({
  service,
  prefix,
  modelled: (code) => own.includes(code) || (endsInException(code) && !COMMON.has(code)),
});
const listed = (
  service: string,
  prefix: string,
  codes: readonly string[],
  bytes: readonly string[] = [],
): SdkService => {
  const known = new Set(codes);
  return { service, prefix, modelled: (code) => known.has(code), bytes };
};

const S3_ERRORS = [
  'BucketAlreadyExists',
  'BucketAlreadyOwnedByYou',
  'EncryptionTypeMismatch',
  'IdempotencyParameterMismatch',
  'InvalidObjectState',
  'InvalidRequest',
  'InvalidWriteOffset',
  'NoSuchBucket',
  'NoSuchKey',
  'NoSuchUpload',
  'ObjectAlreadyInActiveTierError',
  'ObjectNotInActiveTierError',
  'TooManyParts',
];
const CLOUDFORMATION_ERRORS = [
  'AlreadyExistsException',
  'ChangeSetNotFound',
  'InsufficientCapabilitiesException',
  'InvalidChangeSetStatus',
  'InvalidOperationException',
  'LimitExceededException',
  'OperationInProgressException',
  'TokenAlreadyExistsException',
  'StackNotFoundException',
];
const REDSHIFT_ERRORS = [
  'ClusterAlreadyExists',
  'ClusterNotFound',
  'ClusterQuotaExceeded',
  'InvalidClusterState',
  'InvalidClusterStateFault',
  'ClusterNotFoundFault',
  'ClusterAlreadyExistsFault',
  'InsufficientClusterCapacity',
  'NumberOfNodesQuotaExceeded',
  'UnauthorizedOperation',
  'ClusterSnapshotNotFound',
  'InvalidTagFault',
];
const SNS_ERRORS = [
  'AuthorizationError',
  'EndpointDisabled',
  'FilterPolicyLimitExceeded',
  'InternalError',
  'InvalidParameter',
  'InvalidSecurity',
  'KMSDisabled',
  'KMSNotFound',
  'NotFound',
  'SubscriptionLimitExceeded',
  'Throttled',
  'TopicLimitExceeded',
];
const SQS_ERRORS = [
  'QueueDoesNotExist',
  'InvalidMessageContents',
  'UnsupportedOperation',
  'ReceiptHandleIsInvalid',
  'OverLimit',
  'QueueNameExists',
];
const EVENTS = jsonService('events', 'EventBridge');

const SERVICES: Readonly<Record<string, SdkService>> = {
  s3: listed('s3', 'S3', S3_ERRORS, ['Body']),
  redshiftdata: jsonService('redshift-data', 'RedshiftData'),
  redshift: listed('redshift', 'Redshift', REDSHIFT_ERRORS),
  cloudformation: listed('cloudformation', 'CloudFormation', CLOUDFORMATION_ERRORS),
  secretsmanager: { ...jsonService('secretsmanager', 'SecretsManager'), bytes: ['SecretBinary'] },
  sns: listed('sns', 'Sns', SNS_ERRORS),
  sqs: listed('sqs', 'Sqs', SQS_ERRORS),
  sfn: jsonService('states', 'Sfn', [
    'ActivityDoesNotExist',
    'ExecutionAlreadyExists',
    'ExecutionDoesNotExist',
    'ExecutionLimitExceeded',
    'ExecutionNotRedrivable',
    'InvalidArn',
    'InvalidExecutionInput',
    'InvalidName',
    'InvalidOutput',
    'InvalidToken',
    'ResourceNotFound',
    'StateMachineDeleting',
    'StateMachineDoesNotExist',
    'TaskDoesNotExist',
    'TaskTimedOut',
  ]),
  eventbridge: EVENTS,
  cloudwatchevents: { ...EVENTS, prefix: 'CloudWatchEvents' },
  lambda: { ...jsonService('lambda', 'Lambda'), bytes: ['Payload'] },
  cloudwatchlogs: jsonService('logs', 'CloudWatchLogs'),
  cloudwatch: jsonService('monitoring', 'CloudWatch'),
  sts: listed('sts', 'Sts', [
    'ExpiredTokenException',
    'MalformedPolicyDocument',
    'PackedPolicyTooLarge',
    'RegionDisabledException',
  ]),
  ec2: listed('ec2', 'Ec2', []),
  iam: listed('iam', 'Iam', [
    'NoSuchEntity',
    'EntityAlreadyExists',
    'DeleteConflict',
    'LimitExceeded',
    'MalformedPolicyDocument',
  ]),
  kms: jsonService('kms', 'Kms'),
};

/** `arn:aws:states:::aws-sdk:<service>:<action>`: any operation of any service of this cloud, in its API's own shapes. */
export function sdkIntegration(
  cloud: Cloud,
  service: string,
  action: string,
  resource: string,
  pattern: Pattern,
): Integration | undefined {
  const found = Object.hasOwn(SERVICES, service) ? SERVICES[service] : undefined;
  if (!found || pattern === 'sync') return undefined;
  return {
    kind: 'service',
    resourceType: `aws-sdk:${service}`,
    resource,
    pattern,
    call: async (args: Json, call) => {
      const input: JsonObject = isObject(args) ? args : {};
      try {
        return (
          (await toJson(
            await cloud.call(found.service, pascal(action), withBytes(input, found.bytes ?? []), {
              principalArn: call.roleArn,
            }),
          )) ?? {}
        );
      } catch (error) {
        throw serviceFailure(error, found.prefix, cloud, (code) =>
          found.modelled(code) ? exceptionName(code) : `${found.prefix}Exception`,
        );
      }
    },
  };
}

function withBytes(input: JsonObject, names: readonly string[]): Record<string, unknown> {
  const output: Record<string, unknown> = { ...input };
  for (const name of names) {
    const text = textOf(input[name]);
    if (text !== undefined) output[name] = Buffer.from(text);
  }
  return output;
}

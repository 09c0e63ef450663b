import type { ResourceType } from '../resource-type.ts';
import { CLOUDWATCH_TYPES } from './cloudwatch.ts';
import { EC2_TYPES } from './ec2.ts';
import { EVENTS_TYPES } from './events.ts';
import { IAM_TYPES } from './iam.ts';
import { KMS_TYPES } from './kms.ts';
import { LAMBDA_TYPES } from './lambda.ts';
import { LOGS_TYPES } from './logs.ts';
import { REDSHIFT_TYPES } from './redshift.ts';
import { REDSHIFT_SERVERLESS_TYPES } from './redshift-serverless.ts';
import { S3_TYPES } from './s3.ts';
import { SECRETS_MANAGER_TYPES } from './secrets-manager.ts';
import { SNS_TYPES } from './sns.ts';
import { SQS_TYPES } from './sqs.ts';
import { STATES_TYPES } from './states.ts';
import { CLOUDFORMATION_TYPES } from './wait-conditions.ts';

/** Every resource type that is supported, by name. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  ...CLOUDFORMATION_TYPES,
  ...CLOUDWATCH_TYPES,
  ...EC2_TYPES,
  ...EVENTS_TYPES,
  ...IAM_TYPES,
  ...KMS_TYPES,
  ...LAMBDA_TYPES,
  ...LOGS_TYPES,
  ...REDSHIFT_TYPES,
  ...REDSHIFT_SERVERLESS_TYPES,
  ...S3_TYPES,
  ...SECRETS_MANAGER_TYPES,
  ...SNS_TYPES,
  ...SQS_TYPES,
  ...STATES_TYPES,
};

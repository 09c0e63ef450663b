import type { ResourceType } from '../resource-type.ts';
import { IAM_TYPES } from './iam.ts';
import { LAMBDA_TYPES } from './lambda.ts';
import { LOGS_TYPES } from './logs.ts';
import { S3_TYPES } from './s3.ts';

/** Every resource type that is supported, by name. */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  ...IAM_TYPES,
  ...LAMBDA_TYPES,
  ...LOGS_TYPES,
  ...S3_TYPES,
};

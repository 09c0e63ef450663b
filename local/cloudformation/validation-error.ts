import { AwsError } from '../kernel/index.ts';

/** CloudFormation answers nearly every refusal with this one code. */
export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}

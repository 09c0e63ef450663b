import { AwsError } from '../kernel/index.ts';

export const noSuchEntity = (what: string): AwsError => new AwsError('NoSuchEntity', `${what} cannot be found.`, 404);
export const entityExists = (what: string): AwsError =>
  new AwsError('EntityAlreadyExists', `${what} already exists.`, 409);
export const deleteConflict = (message: string): AwsError => new AwsError('DeleteConflict', message, 409);
export const invalidInput = (message: string): AwsError => new AwsError('ValidationError', message);
export const limitExceeded = (message: string): AwsError => new AwsError('LimitExceeded', message, 409);

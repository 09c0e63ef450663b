import { AwsError } from '../kernel/index.ts';

export function validation(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

export function conflict(message: string): AwsError {
  return new AwsError('ConflictException', message);
}

export function notFound(kind: 'namespace' | 'workgroup' | 'resource', name: string): AwsError {
  return new AwsError('ResourceNotFoundException', `The ${kind} ${name} doesn't exist.`, 400, { resourceName: name });
}

/** A rule of the provisioned clusters, whose refusal this service calls a `ValidationException`. */
export function checked<T>(rule: () => T): T {
  try {
    return rule();
  } catch (error) {
    throw error instanceof AwsError && error.status < 500 ? validation(error.message) : error;
  }
}

/** What this cloud does not have is refused by name, never ignored. */
export function refused(operation: string, input: object, members: readonly string[]): void {
  const member = Object.entries(input).find(([name, value]) => value !== undefined && members.includes(name))?.[0];
  if (member !== undefined)
    throw new AwsError(
      'NotImplemented',
      `redshift-serverless:${operation} with ${member} is not implemented by the local cloud`,
      501,
    );
}

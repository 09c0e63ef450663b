import { notImplemented } from './aws-error.ts';
import type { Service } from './service.ts';

/**
 * An input that asks for what the service has no part for is answered 501 with the member's name. False, and what is empty, asks for nothing.
 * @throws AwsError `NotImplemented`
 */
export function refuseUnsupported(
  { name, unsupported }: Pick<Service, 'name' | 'unsupported'>,
  operation: string,
  input: unknown,
): void {
  const members = input as Readonly<Record<string, unknown>> | undefined;
  const given = unsupported?.[operation]?.find((member) => !asksForNothing(members?.[member]));
  if (given !== undefined) throw notImplemented(name, `${operation} with ${given}`);
}

function asksForNothing(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false;
}

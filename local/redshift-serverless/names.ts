import { pageAfter, required } from '../kernel/index.ts';
import { validation } from './errors.ts';

/** https://docs.aws.amazon.com/redshift-serverless/latest/APIReference/API_CreateWorkgroup.html */
export function nameOf(kind: 'namespaceName' | 'workgroupName', given: string | undefined): string {
  const name = required(given, kind);
  if (!/^[a-z0-9-]{3,64}$/.test(name))
    throw validation(
      `1 validation error detected: Value '${name}' at '${kind}' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-z0-9-]+$ and have a length of 3 to 64`,
    );
  return name;
}

/** @throws AwsError `ValidationException` */
export function within(member: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw validation(`${member} must be between ${least} and ${most}, not ${value}.`);
  return value;
}

const MOST_LISTED = 100;

/** One page of a listing in order of names; the token is the last name of the page before. */
export function page<T>(
  all: readonly T[],
  name: (item: T) => string,
  { maxResults, nextToken }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: T[]; readonly nextToken?: string } {
  const size = within('maxResults', maxResults ?? MOST_LISTED, 1, MOST_LISTED);
  const { items, next } = pageAfter(all, name, size, nextToken, () => validation('The nextToken is not valid.'));
  return next === undefined ? { items } : { items, nextToken: next };
}

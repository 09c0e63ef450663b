import { AwsError, pageOf } from '../../kernel/index.ts';

const DEFAULT_SIZE = 100;
const LARGEST_SIZE = 1000;

/** One page as Step Functions' lists come. @throws AwsError `InvalidToken` */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: T[]; readonly nextToken: string | undefined } {
  const size = Math.min(maxResults || DEFAULT_SIZE, LARGEST_SIZE);
  const found = pageOf(items, size, nextToken, () => new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`));
  return { items: found.items, nextToken: found.next };
}

import { AwsError } from '../../kernel/index.ts';

const DEFAULT_SIZE = 100;
const LARGEST_SIZE = 1000;

/** One page of a list. Tokens are positions, opaque to callers. @throws AwsError `InvalidToken` */
export function page<T>(
  items: readonly T[],
  { maxResults, nextToken }: { readonly maxResults?: number | undefined; readonly nextToken?: string | undefined },
): { readonly items: T[]; readonly nextToken: string | undefined } {
  const size = Math.min(maxResults || DEFAULT_SIZE, LARGEST_SIZE);
  const from = nextToken === undefined ? 0 : Number(Buffer.from(nextToken, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0) throw new AwsError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const to = from + size;
  return {
    items: items.slice(from, to),
    nextToken: to < items.length ? Buffer.from(String(to)).toString('base64url') : undefined,
  };
}

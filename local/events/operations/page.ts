import { AwsError } from '../../kernel/index.ts';

const PAGE_SIZE = 100;

/** One page of a list; tokens are positions, opaque to callers. */
export function page<T>(
  items: readonly T[],
  input: { readonly Limit?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const from = input.NextToken === undefined ? 0 : Number(Buffer.from(input.NextToken, 'base64url').toString('utf8'));
  if (!Number.isInteger(from) || from < 0)
    throw new AwsError('ValidationException', 'Parameter NextToken is not valid.');
  const to = from + (input.Limit ?? PAGE_SIZE);
  return {
    items: items.slice(from, to),
    NextToken: to < items.length ? Buffer.from(String(to)).toString('base64url') : undefined,
  };
}

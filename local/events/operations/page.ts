import { AwsError, pageOf } from '../../kernel/index.ts';

const PAGE_SIZE = 100;

/** One page as EventBridge's lists come: a limit and a token. */
export function page<T>(
  items: readonly T[],
  { Limit, NextToken }: { readonly Limit?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly NextToken: string | undefined } {
  const found = pageOf(
    items,
    Limit ?? PAGE_SIZE,
    NextToken,
    () => new AwsError('ValidationException', 'Parameter NextToken is not valid.'),
  );
  return { items: found.items, NextToken: found.next };
}

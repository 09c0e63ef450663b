import { AwsError, pageOf } from '../../kernel/index.ts';

/** One page as CloudWatch Logs' lists come. */
export function page<T>(
  items: readonly T[],
  size: number,
  token: string | undefined,
): { readonly items: readonly T[]; readonly nextToken: string | undefined } {
  const { items: found, next } = pageOf(
    items,
    size,
    token,
    () => new AwsError('InvalidParameterException', 'The specified nextToken is invalid.'),
  );
  return { items: found, nextToken: next };
}

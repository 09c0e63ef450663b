import { pageAfter } from '../kernel/index.ts';
import { invalidParameter } from './topics.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html */
const PAGE = 100;

/** The next 100 in order of ARN. @throws AwsError `InvalidParameter` */
export function page<T extends { readonly arn: string }>(
  all: readonly T[],
  token: string | undefined,
): { readonly page: readonly T[]; readonly NextToken: string | undefined } {
  const { items, next } = pageAfter(
    all,
    ({ arn }) => arn,
    PAGE,
    token,
    () => invalidParameter('NextToken'),
  );
  return { page: items, NextToken: next };
}

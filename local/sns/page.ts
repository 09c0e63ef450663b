import { inUtf8Order } from '../kernel/index.ts';

/** https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptions.html */
const PAGE = 100;

interface Page<T> {
  readonly page: readonly T[];
  readonly NextToken: string | undefined;
}

/** The next 100, after the ARN the token holds. The list is in order of ARN. */
export function pageOf<T extends { readonly arn: string }>(all: readonly T[], token: string | undefined): Page<T> {
  const after = token === undefined ? '' : Buffer.from(token, 'base64url').toString();
  const left = all.filter(({ arn }) => inUtf8Order(arn, after) > 0);
  const page = left.slice(0, PAGE);
  const last = page.at(-1);
  return {
    page,
    NextToken: last && page.length < left.length ? Buffer.from(last.arn).toString('base64url') : undefined,
  };
}

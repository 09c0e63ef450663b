import { AwsError, pageOf } from '../kernel/index.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html#api-pagination */
const LEAST = 5;
const MOST = 1000;

/** One page as EC2's lists come; all of them where none is asked for. */
export function page<Item>(
  items: readonly Item[],
  {
    MaxResults: most,
    NextToken: token,
  }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: Item[]; readonly NextToken: string | undefined } {
  if (most !== undefined && (most < LEAST || most > MOST))
    throw new AwsError(
      'InvalidParameterValue',
      `Value ( ${most} ) for parameter maxResults is invalid. Expecting a value from ${LEAST} to ${MOST}.`,
    );
  const found = pageOf(
    items,
    most ?? items.length,
    token,
    () => new AwsError('InvalidNextToken', 'The specified pagination token is not valid.'),
  );
  return { items: found.items, NextToken: found.next };
}

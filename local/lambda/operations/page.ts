import { AwsError, pageOf } from '../../kernel/index.ts';

/** https://docs.aws.amazon.com/lambda/latest/api/API_ListFunctions.html */
const MOST = 50;

/** One page as Lambda's lists come. @throws AwsError `InvalidParameterValueException` */
export function page<Item>(
  all: readonly Item[],
  {
    Marker: marker,
    MaxItems: most = MOST,
  }: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: Item[]; readonly more: { readonly NextMarker?: string } } {
  const { items, next } = pageOf(
    all,
    Math.min(most, MOST),
    marker,
    () => new AwsError('InvalidParameterValueException', 'Invalid Marker'),
  );
  return { items, more: next === undefined ? {} : { NextMarker: next } };
}

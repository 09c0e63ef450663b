import { pageOf } from '../kernel/index.ts';
import { invalidInput } from './errors.ts';

const PAGE = 100;

/** One page as IAM's lists come: a marker and how many. */
export function page<Item>(
  items: readonly Item[],
  {
    Marker: marker,
    MaxItems: most = PAGE,
  }: { readonly Marker?: string | undefined; readonly MaxItems?: number | undefined },
): { readonly items: Item[]; readonly more: { readonly IsTruncated: boolean; readonly Marker?: string } } {
  const { items: found, next } = pageOf(items, most, marker, () => invalidInput('Invalid Marker.'));
  return { items: found, more: next === undefined ? { IsTruncated: false } : { IsTruncated: true, Marker: next } };
}

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
  const from = marker === undefined ? 0 : Number(Buffer.from(marker, 'base64url').toString());
  if (!Number.isSafeInteger(from) || from < 0) throw invalidInput('Invalid Marker.');
  const end = from + most;
  return {
    items: items.slice(from, end),
    more:
      end < items.length
        ? { IsTruncated: true, Marker: Buffer.from(String(end)).toString('base64url') }
        : { IsTruncated: false },
  };
}

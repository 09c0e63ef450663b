import { validationError } from '../validation-error.ts';

/** One page of a list, and the token of the next. */
export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly items: Item[]; readonly next: { readonly NextToken?: string } } {
  const from = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isSafeInteger(from) || from < 0) throw validationError('Invalid NextToken');
  const end = from + size;
  return {
    items: items.slice(from, end),
    next: end < items.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {},
  };
}

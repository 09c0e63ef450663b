/**
 * One page of a list, and the token of the next while there is one. Tokens are positions, opaque to callers.
 * @throws what `invalid` makes, for a token that is none
 */
export function pageOf<Item>(
  items: readonly Item[],
  size: number,
  token: string | undefined,
  invalid: () => Error,
): { readonly items: Item[]; readonly next: string | undefined } {
  const position = token === undefined ? '0' : Buffer.from(token, 'base64url').toString();
  if (!/^\d{1,15}$/.test(position)) throw invalid();
  const from = Number(position);
  const end = from + size;
  return {
    items: items.slice(from, end),
    next: end < items.length ? Buffer.from(String(end)).toString('base64url') : undefined,
  };
}

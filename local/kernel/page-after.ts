import { inUtf8Order } from './utf8-order.ts';

/**
 * One page of a list in order of names, and the token of the next while there is one. A token holds the last name of its page, so that it stays
 * right while items come and go; it is opaque to callers.
 * @throws what `invalid` makes, for a token that is none
 */
export function pageAfter<Item>(
  items: readonly Item[],
  nameOf: (item: Item) => string,
  size: number,
  token: string | undefined,
  invalid: () => Error,
): { readonly items: Item[]; readonly next: string | undefined } {
  const after = token === undefined ? undefined : lastName(token, invalid);
  const left = items
    .filter((item) => after === undefined || inUtf8Order(nameOf(item), after) > 0)
    .sort((one, other) => inUtf8Order(nameOf(one), nameOf(other)));
  const last = left[size - 1];
  return {
    items: left.slice(0, size),
    next: last !== undefined && left.length > size ? tokenAfter(nameOf(last)) : undefined,
  };
}

function tokenAfter(name: string): string {
  return Buffer.from(JSON.stringify([name])).toString('base64url');
}

function lastName(token: string, invalid: () => Error): string {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && typeof parsed[0] === 'string') return parsed[0];
  } catch {
    // Not a token at all.
  }
  throw invalid();
}

import { pageOf } from '../../kernel/index.ts';
import { validationError } from '../validation-error.ts';

/** One page of a list, and the token of the next. */
export function page<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { readonly items: Item[]; readonly next: { readonly NextToken?: string } } {
  const { items: found, next } = pageOf(items, size, token, () => validationError('Invalid NextToken'));
  return { items: found, next: next === undefined ? {} : { NextToken: next } };
}

import { validation, within } from './validation.ts';
import { MOST_LISTED_STATEMENTS } from './limits.ts';

interface Listed {
  readonly id: string;
  readonly createdAt: number;
}

/**
 * One page of a listing, the newest first; of the same millisecond, by id. A token says which was the last, so that what comes after it is
 * the same whatever has been submitted meanwhile.
 * @throws AwsError `ValidationException` for a token that was not given out for `what`, or a size that is none.
 */
export function newestFirst<T extends Listed>(
  what: string,
  listed: readonly T[],
  { MaxResults, NextToken }: { readonly MaxResults?: number | undefined; readonly NextToken?: string | undefined },
): { readonly items: readonly T[]; readonly NextToken?: string } {
  const size = within('MaxResults', MaxResults, 0, MOST_LISTED_STATEMENTS) || MOST_LISTED_STATEMENTS;
  const after = NextToken === undefined || NextToken === '' ? undefined : lastOf(what, NextToken);
  const left = listed.filter((one) => after === undefined || order(one, after) > 0).sort(order);
  const last = left[size - 1];
  return last && left.length > size ? { items: left.slice(0, size), NextToken: tokenOf(what, last) } : { items: left };
}

function order(a: Listed, b: Listed): number {
  if (a.createdAt !== b.createdAt) return b.createdAt - a.createdAt;
  if (a.id === b.id) return 0;
  return a.id < b.id ? -1 : 1;
}

function tokenOf(what: string, { createdAt, id }: Listed): string {
  return Buffer.from(JSON.stringify([what, createdAt, id])).toString('base64url');
}

function lastOf(what: string, token: string): Listed {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (Array.isArray(parsed) && parsed[0] === what && Number.isSafeInteger(parsed[1]) && typeof parsed[2] === 'string')
      return { createdAt: Number(parsed[1]), id: parsed[2] };
  } catch {
    // Not a token at all: the same answer as for somebody else's.
  }
  throw validation('NextToken is not valid.');
}

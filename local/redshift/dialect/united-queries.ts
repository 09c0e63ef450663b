import type { Fragment } from './fragment.ts';
import { identifier } from './lexer.ts';

/** A query, or several that are combined, as rewritten. */
export interface Query {
  readonly sql: Fragment;
  /** Of its columns; undefined where a star stands for some. */
  readonly names: readonly string[] | undefined;
}

/** Two columns may have one name: outside of the query they go by their numbers then. */
export function shown({ names }: Query): {
  readonly names: readonly string[];
  readonly columns: string;
  readonly list: string;
} {
  if (names === undefined || new Set(names).size === names.length)
    return { names: ['columns(*)'], columns: '', list: '*' };
  const numbers = names.map((_name, at) => identifier(String(at + 1)));
  return {
    names: numbers,
    columns: `(${numbers.join(', ')})`,
    list: names.map((name, at) => `${numbers[at]} AS ${identifier(name)}`).join(', '),
  };
}

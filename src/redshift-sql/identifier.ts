import { PlanImpossible } from '../errors/errors.ts';
import { RESERVED_WORDS } from './reserved-words.ts';

/** Bytes of a name. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
const MAX_NAME_BYTES = 127;

/** Why a text cannot be a name, and what to do; undefined when it can. */
export interface NotAName {
  readonly why: string;
  readonly do: string;
}

/** Redshift folds ASCII letters to lower case, in quoted names too, and leaves all others alone. */
export function foldName(name: string): string {
  return name.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** The rules for any name of a schema, table or column. https://docs.aws.amazon.com/redshift/latest/dg/r_names.html */
export function nameProblem(name: string): NotAName | undefined {
  if (name === '') return { why: 'A name has at least one character', do: 'Name it' };
  if (!name.isWellFormed())
    return { why: 'It holds half of a character (an unpaired surrogate)', do: 'Remove the broken character' };
  if (Buffer.byteLength(name) > MAX_NAME_BYTES)
    return {
      why: `A name has at most ${MAX_NAME_BYTES} bytes in UTF-8, and this has ${Buffer.byteLength(name)}`,
      do: 'Shorten it',
    };
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}]/u.test(name))
    return {
      why: 'Only printable characters can be in a name',
      do: 'Remove line breaks, tabs and other invisible characters',
    };
  if (name.trim() !== name) return { why: 'It starts or ends with a blank', do: 'Remove the blank' };
  if (name.startsWith('#'))
    return { why: 'A name that starts with # is a temporary table in Redshift', do: 'Remove the #' };
  return undefined;
}

/** A name as SQL says it: folded, and quoted when it must be. Throws on a name that breaks the rules: it should have been refused before. */
export function identifier(name: string): string {
  const problem = nameProblem(name);
  if (problem !== undefined)
    throw new PlanImpossible(`A name cannot be written in SQL. ${problem.why}.`, { next: `${problem.do}.` });
  const folded = foldName(name);
  if (/^[a-z_][a-z0-9_]*$/.test(folded) && !RESERVED_WORDS.has(folded)) return folded;
  return `"${folded.replaceAll('"', '""')}"`;
}

/** `schema.table`, each part quoted when it must be. */
export function qualified(table: { readonly schema: string; readonly name: string }): string {
  return `${identifier(table.schema)}.${identifier(table.name)}`;
}

/** `(a, b)` without the parentheses. */
export function identifiers(names: readonly string[]): string {
  return names.map((name) => identifier(name)).join(', ');
}

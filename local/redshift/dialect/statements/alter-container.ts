import { collationNamed } from '../collations.ts';
import { readName } from '../names.ts';
import { syntaxError, unsupported } from '../redshift-error.ts';
import { isWord, significant } from '../token-tree.ts';
import type { Statement } from './statement.ts';

/**
 * ALTER SCHEMA and ALTER DATABASE. Owners, quotas, limits and isolation make no difference here; names and collations would.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_SCHEMA.html and r_ALTER_DATABASE.html
 */
export function alterContainer({ nodes: all, sql, command }: Statement): undefined {
  const nodes = significant(all);
  const { end } = readName(nodes, 2);
  const verb = nodes[end];
  const value = nodes[end + 1];
  if (verb === undefined) throw syntaxError(undefined, sql.length);
  if (isWord(verb, 'RENAME'))
    throw unsupported(`${command} … RENAME`, verb.at, 'Make a new one, and the tables in it with CREATE TABLE … AS.');
  if (isWord(verb, 'COLLATE') && value && collationNamed(value) !== 'case_sensitive')
    throw unsupported(
      `${command} … COLLATE CASE_INSENSITIVE`,
      verb.at,
      'Declare the columns COLLATE CASE_INSENSITIVE.',
    );
  return undefined;
}

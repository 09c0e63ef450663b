import { collationNamed } from '../collations.ts';
import { readName } from '../names.ts';
import { syntaxError, unsupported } from '../redshift-error.ts';
import { isWord, significant, startOf, textOf } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import type { Statement } from './statement.ts';
import { expectOwner } from './users.ts';

/**
 * ALTER SCHEMA and ALTER DATABASE. Owners, quotas and limits make no difference here; names, collations and isolation would.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_SCHEMA.html and r_ALTER_DATABASE.html
 */
export function alterContainer({
  nodes: all,
  sql,
  command,
}: Statement): ((database: Database) => Promise<readonly Step[]>) | undefined {
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
  refuseSerializable(command, nodes);
  if (!isWord(verb, 'OWNER')) return undefined;
  const to = nodes[end + 1];
  const user = nodes[end + 2];
  if (!isWord(to, 'TO') || !user)
    throw to && user ? syntaxError(textOf([to]), startOf(to)) : syntaxError(undefined, sql.length);
  return async (database) => {
    await expectOwner(user, database);
    return [];
  };
}

/**
 * Under serializable isolation a transaction fails where what it read was changed by another meanwhile. Here, as by default on AWS, only
 * changes to the same rows are a conflict. https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
 */
export function refuseSerializable(
  command: string,
  nodes: readonly { readonly type: string; readonly word?: string; readonly at?: number }[],
): void {
  const level = nodes.findIndex((node, at) => node.word === 'LEVEL' && nodes[at - 1]?.word === 'ISOLATION');
  const value = level < 0 ? undefined : nodes[level + 1];
  if (value?.word === 'SERIALIZABLE')
    throw unsupported(`${command} … ISOLATION LEVEL SERIALIZABLE`, value.at, 'Use LOCK, and snapshot isolation.');
}

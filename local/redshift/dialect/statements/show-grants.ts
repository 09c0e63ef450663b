import { SHOWN_COLUMN_GRANTS, SHOWN_GRANTS } from '../../catalog/access-views.ts';
import { literal, stringValue } from '../lexer.ts';
import { readName } from '../names.ts';
import { syntaxError, type RedshiftError } from '../redshift-error.ts';
import { isName, isParenthesis, isWord, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish } from '../typing.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** The end of a statement, or what it should not go on with. */
export function unexpected(node: Node | undefined, sql: string): RedshiftError {
  return node ? syntaxError(textOf([node]), startOf(node)) : syntaxError(undefined, sql.length);
}

/** `SHOW GRANTS ON kind object [FOR grantee]`, `SHOW GRANTS FOR grantee`. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_GRANTS.html */
export function showGrants(nodes: readonly Node[], sql: string): Steps {
  const where: string[] = [];
  let at = 2;
  if (isWord(nodes[at], 'ON')) {
    // A name alone is a table's.
    const word = nodes[at + 1];
    const kind =
      isWord(word, 'TABLE', 'SCHEMA', 'DATABASE', 'FUNCTION', 'PROCEDURE', 'LANGUAGE') && isName(nodes[at + 2])
        ? word.word
        : undefined;
    const { name, end } = readName(nodes, at + (kind ? 2 : 1));
    where.push(
      `object_type = ${literal(kind === 'PROCEDURE' ? 'FUNCTION' : (kind ?? 'TABLE'))}`,
      `object_name = ${literal(name.name)}`,
    );
    if (name.schema !== undefined && kind !== 'SCHEMA') where.push(`schema_name = ${literal(name.schema)}`);
    at = isParenthesis(nodes[end]) ? end + 1 : end;
  }
  at = readGrantee(nodes, at, where);
  const count = nodes[at + 1];
  const limit = isWord(nodes[at], 'LIMIT') && count?.type === 'number' ? ` LIMIT ${count.text}` : '';
  if (limit !== '') at += 2;
  if (where.length === 0 || nodes[at]) throw unexpected(nodes[at], sql);
  return finish(
    [{ statement: `SELECT * FROM (${SHOWN_GRANTS}) WHERE ${where.join(' AND ')} ORDER BY ALL${limit}` }],
    sql,
  );
}

/** `SHOW COLUMN GRANTS ON TABLE table [FOR grantee] [LIKE 'pattern'] [LIMIT n]`. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_COLUMN_GRANTS.html */
export function showColumnGrants(nodes: readonly Node[], sql: string): Steps {
  if (!isWord(nodes[4], 'TABLE')) throw unexpected(nodes[4], sql);
  const { name, end } = readName(nodes, 5);
  const where = [`table_name = ${literal(name.name)}`];
  if (name.schema !== undefined) where.push(`schema_name = ${literal(name.schema)}`);
  let at = end;
  at = readGrantee(nodes, at, where);
  const pattern = nodes[at + 1];
  if (isWord(nodes[at], 'LIKE') && pattern?.type === 'string') {
    where.push(`column_name LIKE ${literal(stringValue(pattern.text))}`);
    at += 2;
  }
  const count = nodes[at + 1];
  const limit = isWord(nodes[at], 'LIMIT') && count?.type === 'number' ? ` LIMIT ${count.text}` : '';
  if (limit !== '') at += 2;
  if (nodes[at]) throw unexpected(nodes[at], sql);
  return finish(
    [
      {
        statement: `SELECT * FROM (${SHOWN_COLUMN_GRANTS}) WHERE ${where.join(' AND ')} ORDER BY column_name, privilege_type, identity_name${limit}`,
      },
    ],
    sql,
  );
}

/** `FOR grantee`, as conditions; where it ends. */
function readGrantee(nodes: readonly Node[], at: number, where: string[]): number {
  if (!isWord(nodes[at], 'FOR')) return at;
  const kind = isWord(nodes[at + 1], 'ROLE', 'GROUP') ? nodes[at + 1] : undefined;
  const { name, end } = readName(nodes, at + (kind ? 2 : 1));
  where.push(`identity_name = ${literal(name.name)}`);
  if (kind) where.push(`upper(identity_type) = ${literal(textOf([kind]).toUpperCase())}`);
  return end;
}

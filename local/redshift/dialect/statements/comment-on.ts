import { readTable, writeAttributes } from '../attributes.ts';
import { stringValue } from '../lexer.ts';
import { noSuchRelation, qualified, readName } from '../names.ts';
import { isWord, significant } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { expectColumn, withColumn } from './alter-column.ts';
import { steps, type Statement } from './statement.ts';

/**
 * `COMMENT ON TABLE|COLUMN|VIEW name IS 'text'`; one on a database, a schema, a constraint or a routine is kept nowhere.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_COMMENT.html
 */
export function commentOn({
  nodes: all,
  sql,
}: Statement): ((database: Database) => Promise<readonly Step[]>) | undefined {
  const nodes = significant(all);
  const kind = nodes[2];
  if (isWord(kind, 'DATABASE', 'SCHEMA', 'CONSTRAINT', 'FUNCTION', 'PROCEDURE')) return undefined;
  const { name, end } = readName(nodes, 3);
  const value = nodes[end + 1];
  const comment = value?.type === 'string' ? value.text : undefined;
  return async (database) => {
    const target = isWord(kind, 'COLUMN') ? qualified(name.parts.slice(0, -1), name.position) : name;
    const table = await readTable(database, target);
    if (!table) throw noSuchRelation(target);
    const text = comment === undefined ? undefined : stringValue(comment);
    const attributes = isWord(kind, 'COLUMN')
      ? withColumn(table, name.name, { comment: text })
      : { ...table.attributes, comment: text };
    if (isWord(kind, 'COLUMN')) expectColumn(table, target, name.name, name.position);
    return steps([{ statement: writeAttributes(table.kind, target, attributes) }], sql, database);
  };
}

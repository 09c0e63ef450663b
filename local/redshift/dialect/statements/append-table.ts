import { readTable, type StoredTable } from '../attributes.ts';
import { identifier } from '../lexer.ts';
import { noSuchRelation, readName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import { isWord, type Node } from '../token-tree.ts';
import type { Alteration } from './alteration.ts';
import { refuseMore } from './alter-column.ts';
import { storedDefinitions } from './table-steps.ts';

/**
 * `APPEND FROM t [IGNOREEXTRA | FILLTARGET]`: moves all rows, the source is empty afterwards.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE_APPEND.html
 */
export function append(nodes: readonly Node[], at: number): Alteration {
  const from = readName(nodes, at + 2);
  const options = nodes.slice(from.end);
  const ignoreExtra = isWord(options[0], 'IGNOREEXTRA');
  const fillTarget = isWord(options[0], 'FILLTARGET');
  refuseMore(options[ignoreExtra || fillTarget ? 1 : 0]);
  return async (target, name, database) => {
    const source = await readTable(database, from.name);
    if (!source) throw noSuchRelation(from.name);
    if (source.schema === target.schema && from.name.name === name.name)
      throw new RedshiftError(SQLSTATE.notSupported, 'ALTER TABLE APPEND from a table to itself is not supported', {
        position: name.position,
      });
    const names = (table: StoredTable): readonly string[] => table.columns.map((column) => column.name);
    const extra = names(source).filter((column) => !names(target).includes(column));
    const lacking = names(target).filter((column) => !names(source).includes(column));
    if ((extra.length > 0 && !ignoreExtra) || (lacking.length > 0 && !fillTarget))
      throw new RedshiftError(
        SQLSTATE.invalidTableDefinition,
        `column "${[...extra, ...lacking][0]}" is not in both tables`,
        {
          position: name.position,
          hint: 'Use IGNOREEXTRA or FILLTARGET.',
        },
      );
    refuseDifference(source, target, name.position);
    const columns = names(target)
      .filter((column) => names(source).includes(column))
      .map(identifier)
      .join(', ');
    return [
      { statement: `INSERT INTO ${name.sql} (${columns}) SELECT ${columns} FROM ${from.name.sql}` },
      { statement: `DELETE FROM ${from.name.sql}` },
    ];
  };
}

/** Columns of one name have to be the same in both tables, and so have the keys. @throws RedshiftError */
function refuseDifference(source: StoredTable, target: StoredTable, position: number): void {
  const refuse = (what: string): never => {
    throw new RedshiftError(SQLSTATE.notSupported, `ALTER TABLE APPEND: ${what}`, { position });
  };
  if (target.temporary) refuse('the target table must be a permanent table');
  if (source.attributes.view !== undefined || source.kind === 'VIEW')
    refuse('the source must be a table or a materialized view of streaming ingestion');
  const sources = new Map(storedDefinitions(source, true).map((column) => [column.name, column]));
  for (const column of storedDefinitions(target, true)) {
    const other = sources.get(column.name);
    if (!other) continue;
    const identities = [source, target].filter(
      ({ attributes }) => attributes.columns[column.name]?.identity?.byDefault === false,
    );
    if (identities.length > 0) refuse(`identity column "${column.name}" cannot be appended`);
    const different =
      other.type.text !== column.type.text
        ? 'data types'
        : other.notNull !== column.notNull
          ? 'NOT NULL'
          : other.attributes.encode !== column.attributes.encode
            ? 'encodings'
            : undefined;
    if (different !== undefined) refuse(`${different} of column "${column.name}" differ in the two tables`);
  }
  const { attributes: a } = source;
  const { attributes: b } = target;
  if (a.distStyle !== b.distStyle || a.distKey !== b.distKey) refuse('the distribution styles or keys differ');
  if (a.sortStyle !== b.sortStyle || a.sortKeys.join() !== b.sortKeys.join()) refuse('the sort keys differ');
}

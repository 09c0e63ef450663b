import { writeAttributes, type StoredTable, type TableAttributes } from '../attributes.ts';
import { identifier, nameOf } from '../lexer.ts';
import { qualified, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError } from '../redshift-error.ts';
import { isName, isSymbol, isWord, splitAtCommas, startOf, textOf, type Node } from '../token-tree.ts';
import { readType } from '../types.ts';
import type { Draft } from '../typing.ts';
import type { Alteration } from './alteration.ts';
import type { ColumnDefinition } from './column-definition.ts';
import { tableAttributes } from './table-attributes.ts';
import { refuseEncoding, refuseKeys } from './table-rules.ts';
import { createSteps, storedDefinitions } from './table-steps.ts';

/** Why a column's size cannot be changed. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html */
function fixedBy({ columns, primaryKey, unique, foreignKeys }: TableAttributes, column: string): string | undefined {
  const { default: preset, encode = '' } = columns[column] ?? {};
  const keys = [primaryKey, ...unique, ...foreignKeys.map((key) => key.columns)];
  if (preset !== undefined) return 'has a default value';
  if (keys.some((key) => key.includes(column))) return 'is of a primary, unique or foreign key';
  return FIXED_ENCODINGS.has(encode.toLowerCase()) ? `is encoded as ${encode.toUpperCase()}` : undefined;
}

const FIXED_ENCODINGS = new Set(['bytedict', 'runlength', 'text255', 'text32k']);

/**
 * `ALTER COLUMN c TYPE varchar(n)`, `ALTER COLUMN c ENCODE e, …`, `ALTER DISTSTYLE …`, `ALTER SORTKEY (…)` and the two of them together.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
 */
export function alter(nodes: readonly Node[], at: number): Alteration {
  if (isWord(nodes[at], 'DISTKEY', 'DISTSTYLE', 'SORTKEY', 'COMPOUND', 'ENCODE')) return alterKeys(nodes, at);
  const first = at + (isWord(nodes[at], 'COLUMN') ? 1 : 0);
  const [token, verb] = [nodes[first], nodes[first + 1]];
  if (!isName(token)) throw syntaxError(undefined, startOf(nodes[at - 1] as Node));
  if (isWord(verb, 'ENCODE')) return alterEncodings(nodes.slice(at - 1));
  const column = nameOf(token);
  const read = isWord(verb, 'TYPE') ? readType(nodes, first + 2) : undefined;
  if (!read) throw verb ? syntaxError(textOf([verb]), startOf(verb)) : syntaxError(undefined, token.at);
  const { type } = read;
  refuseMore(nodes[read.end]);
  return (table, name) => {
    expectColumn(table, name, column, token.at);
    const definitions = storedDefinitions(table, true);
    const kind = definitions.find((other) => other.name === column)?.type.name;
    if ((kind !== 'varchar' && kind !== 'varbyte') || type.name !== kind)
      throw new RedshiftError(
        SQLSTATE.notSupported,
        `cannot alter column "${column}" of relation "${name.name}", target data type must be varchar of a larger or smaller size`,
        {
          position: token.at,
          hint: 'Only the size of a VARCHAR or VARBYTE column can be changed.',
        },
      );
    const reason = fixedBy(table.attributes, column);
    if (reason !== undefined)
      throw new RedshiftError(
        SQLSTATE.notSupported,
        `cannot alter the type of column "${column}" of relation "${name.name}": it ${reason}`,
        { position: token.at, hint: 'Add a column of the new type, UPDATE it, and drop the old one.' },
      );
    const attributes = withColumn(table, column, { type: type.text });
    return rebuild(
      table,
      name,
      definitions.map((other) => (other.name === column ? { ...other, type } : other)),
      attributes,
    );
  };
}

/** `DISTSTYLE …`, `DISTKEY c`, `SORTKEY (…)`, and one of each: `SORTKEY (a), ALTER DISTKEY b`. */
function alterKeys(nodes: readonly Node[], at: number): Alteration {
  const clauses = nodes
    .slice(at)
    .filter(
      (node, index, all) =>
        !(isSymbol(node, ',') && isWord(all[index + 1], 'ALTER')) &&
        !(isWord(node, 'ALTER') && isSymbol(all[index - 1], ',')),
    );
  const { keys, end } = tableAttributes(clauses, 0);
  refuseMore(clauses[end]);
  return (table, name) => {
    const { attributes } = table;
    const position = startOf(nodes[at] as Node);
    const refuse = (what: string): never => {
      throw new RedshiftError(SQLSTATE.notSupported, `ALTER ${what} is not supported for table "${name.name}"`, {
        position,
      });
    };
    if (attributes.sortStyle === 'INTERLEAVED' && keys.distStyle !== undefined && keys.distStyle !== 'AUTO')
      refuse('of the distribution of a table with an interleaved sort key');
    if (table.temporary && (keys.distStyle === 'ALL' || keys.distStyle === 'EVEN'))
      refuse('DISTSTYLE ALL or EVEN of a temporary table');
    if (table.temporary && keys.sortStyle !== undefined) refuse('SORTKEY of a temporary table');
    const changed = {
      ...attributes,
      ...keys,
      distKey: keys.distStyle === undefined ? attributes.distKey : keys.distKey,
      sortKeys: keys.sortStyle === 'AUTO' ? attributes.sortKeys : (keys.sortKeys ?? attributes.sortKeys),
    };
    refuseKeys(changed, storedDefinitions(table, false));
    return [{ statement: writeAttributes('TABLE', name, changed) }];
  };
}

/** `ALTER COLUMN a ENCODE x, ALTER COLUMN b ENCODE y` */
function alterEncodings(nodes: readonly Node[]): Alteration {
  const changes = splitAtCommas(nodes).map((clause) => {
    const [column, encode, encoding, more] = clause.slice(isWord(clause[1], 'COLUMN') ? 2 : 1);
    if (!isWord(clause[0], 'ALTER') || !isName(column) || !isWord(encode, 'ENCODE') || !isName(encoding))
      throw syntaxError(textOf(clause.slice(0, 1)), startOf(clause[0] as Node));
    refuseMore(more);
    return {
      column: nameOf(column),
      encode: textOf([encoding]).toLowerCase(),
      position: column.at,
      at: startOf(encoding),
    };
  });
  return (table, name) => {
    const seen = new Set<string>();
    let { attributes } = table;
    for (const { column, encode, position, at } of changes) {
      expectColumn(table, name, column, position);
      const definition = storedDefinitions(table, false).find((other) => other.name === column);
      if (definition) refuseEncoding(column, definition.type, encode, at);
      const refuse = (why: string): never => {
        throw new RedshiftError(SQLSTATE.notSupported, `cannot alter the encoding of column "${column}": ${why}`, {
          position,
        });
      };
      if (seen.has(column)) refuse('it comes twice');
      if (attributes.columns[column]?.encode === encode) refuse(`it is ${encode.toUpperCase()} already`);
      if (attributes.sortStyle === 'INTERLEAVED') refuse('the table has an interleaved sort key');
      seen.add(column);
      attributes = withColumn({ ...table, attributes }, column, { encode });
    }
    return [{ statement: writeAttributes('TABLE', name, attributes) }];
  };
}

/** @throws RedshiftError for what stands behind the end of a statement. */
export function refuseMore(node: Node | undefined): void {
  if (node) throw syntaxError(textOf([node]), startOf(node));
}

/** @throws RedshiftError (42703) */
export function expectColumn(table: StoredTable, name: QualifiedName, column: string, position: number): void {
  if (!table.columns.some((other) => other.name === column))
    throw new RedshiftError(SQLSTATE.undefinedColumn, `column "${column}" of relation "${name.name}" does not exist`, {
      position,
    });
}

/** The attributes of a table, those of one column changed. */
export function withColumn(
  table: StoredTable,
  column: string,
  change: Partial<TableAttributes['columns'][string]>,
): TableAttributes {
  const { attributes } = table;
  const type =
    storedDefinitions(table, false).find(({ name }) => name === column)?.type.text ?? 'character varying(256)';
  return {
    ...attributes,
    columns: { ...attributes.columns, [column]: { type, ...attributes.columns[column], ...change } },
  };
}

/** Makes the table anew with other columns, and moves the rows over; a new column gets its default. */
export function rebuild(
  table: StoredTable,
  name: QualifiedName,
  columns: readonly ColumnDefinition[],
  attributes: TableAttributes,
): readonly Draft[] {
  const fresh = qualified([...name.parts.slice(0, -1), `rs_rebuild_${name.name}`]);
  const kept = table.columns.map((column) => identifier(column.name)).join(', ');
  // Identity columns keep their sequence: it is in their default, and only new identity columns would need one.
  const plain = columns.map((column) => ({ ...column, attributes: { ...column.attributes, identity: undefined } }));
  return [
    ...createSteps({ name: fresh, temporary: table.temporary, ifNotExists: false }, plain, attributes, undefined),
    { statement: `INSERT INTO ${fresh.sql} (${kept}) SELECT ${kept} FROM ${name.sql}` },
    { statement: `DROP TABLE ${name.sql}` },
    { statement: `ALTER TABLE ${fresh.sql} RENAME TO ${identifier(name.name)}` },
  ];
}

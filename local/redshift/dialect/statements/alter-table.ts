import { columnCollation } from '../collations.ts';
import { readTable, writeAttributes, type StoredTable, type TableAttributes } from '../attributes.ts';
import { identifier, nameOf, stringValue } from '../lexer.ts';
import { noSuchRelation, qualified, type QualifiedName, readName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isName, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import type { Draft } from '../typing.ts';
import { readType } from '../types.ts';
import { columnDefinition, lengthCheck, type ColumnDefinition } from './column-definition.ts';
import { createSteps, storedDefinitions } from './create-table.ts';
import { refuseWidth } from './result-names.ts';
import { steps, type Statement } from './statement.ts';
import { tableAttributes } from './table-attributes.ts';
import { renamedConstraints, tableConstraint, withoutConstraint } from './table-constraint.ts';

/** What one form of ALTER TABLE does to a table that is there. */
type Alteration = (
  table: StoredTable,
  name: QualifiedName,
  database: Database,
) => readonly Draft[] | Promise<readonly Draft[]>;

/** https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html and r_ALTER_TABLE_APPEND.html */
export function alterTable({ nodes: all, sql }: Statement): (database: Database) => Promise<readonly Step[]> {
  const nodes = significant(all);
  const ifExists = isWord(nodes[2], 'IF');
  const { name, end } = readName(nodes, ifExists ? 4 : 2);
  const alteration = readAlteration(nodes, end, sql);
  return async (database) => {
    const table = await readTable(database, name);
    if (!table) throw noSuchRelation(name);
    return steps(await alteration(table, name, database), sql, database);
  };
}

function readAlteration(nodes: readonly Node[], at: number, sql: string): Alteration {
  const verb = nodes[at];
  const second = nodes[at + 1];
  if (isWord(verb, 'APPEND')) return append(nodes, at);
  if (isWord(verb, 'ADD') && nodes.some((node) => isWord(node, 'PARTITION')))
    throw unsupported('ALTER TABLE … ADD PARTITION', verb.at, 'External tables are not there; COPY the files.');
  if (isWord(verb, 'DROP') && isWord(second, 'PARTITION')) throw unsupported('ALTER TABLE … DROP PARTITION', verb.at);
  if (isWord(verb, 'ADD'))
    return isWord(second, 'CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'TABLE')
      ? addConstraint(nodes, at + 1)
      : addColumn(nodes, at, sql);
  if (isWord(verb, 'DROP')) return isWord(second, 'CONSTRAINT') ? dropConstraint(nodes, at + 2) : dropColumn(nodes, at);
  if (isWord(verb, 'RENAME')) return isWord(second, 'TO') ? renameTable(nodes, at + 2) : renameColumn(nodes, at);
  if (isWord(verb, 'OWNER')) return () => [];
  if (isWord(verb, 'ALTER')) return alter(nodes, at + 1);
  if (verb === undefined) throw syntaxError(undefined, sql.length);
  if (isWord(verb, 'SET', 'ROW', 'MASKING', 'PARTITION', 'SWITCH'))
    throw unsupported(`ALTER TABLE … ${verb.word}`, verb.at);
  throw syntaxError(textOf([verb]), startOf(verb));
}

/** Moves all rows: the source is empty afterwards. */
function append(nodes: readonly Node[], at: number): Alteration {
  const from = readName(nodes, at + 2);
  const options = nodes.slice(from.end);
  const ignoreExtra = options.some((node) => isWord(node, 'IGNOREEXTRA'));
  const fillTarget = options.some((node) => isWord(node, 'FILLTARGET'));
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

function addConstraint(nodes: readonly Node[], at: number): Alteration {
  const constraint = nodes.slice(at + (isWord(nodes[at], 'TABLE') ? 1 : 0));
  return (table, name) => {
    const attributes = tableConstraint(constraint, table.attributes);
    if (!attributes) throw syntaxError(textOf(constraint.slice(0, 1)), startOf(nodes[at] as Node));
    return [{ statement: writeAttributes('TABLE', name, attributes) }];
  };
}

function dropConstraint(nodes: readonly Node[], at: number): Alteration {
  const token = nodes[at];
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, 0);
  const constraint = nameOf(token);
  return (table, name) => {
    const attributes = withoutConstraint(name.name, table.attributes, constraint);
    if (!attributes)
      throw new RedshiftError(
        SQLSTATE.undefinedObject,
        `constraint "${constraint}" of relation "${name.name}" does not exist`,
        { position: token.at },
      );
    return [{ statement: writeAttributes('TABLE', name, attributes) }];
  };
}

function addColumn(nodes: readonly Node[], at: number, sql: string): Alteration {
  const first = at + (isWord(nodes[at + 1], 'COLUMN') ? 2 : 1);
  if (nodes[first] === undefined) throw syntaxError(undefined, sql.length);
  const column = columnDefinition(nodes.slice(first).flatMap((node) => [node, SPACE]));
  return (table, name) => {
    if (table.columns.some((other) => other.name === column.name))
      throw new RedshiftError(
        SQLSTATE.duplicateColumn,
        `column "${column.name}" of relation "${name.name}" already exists`,
        { position: startOf(nodes[first] as Node) },
      );
    refuseWidth(table.columns.length + 1);
    if (column.notNull && column.default === undefined)
      throw new RedshiftError(
        SQLSTATE.invalidTableDefinition,
        `ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression`,
        { position: startOf(nodes[first] as Node) },
      );
    const attributes = {
      ...table.attributes,
      columns: { ...table.attributes.columns, [column.name]: column.attributes },
    };
    const add: Draft = {
      statement: [
        `ALTER TABLE ${name.sql} ADD COLUMN ${identifier(column.name)} ${column.type.duckdb}${columnCollation(column.attributes.collation)}`,
        column.default === undefined ? '' : [' DEFAULT ', column.default],
      ],
    };
    // DuckDB adds no column with a constraint: those need the table made anew around the new column.
    if (!column.notNull && lengthCheck(column.name, column.type) === '')
      return [add, { statement: writeAttributes('TABLE', name, attributes) }];
    return rebuild(table, name, [...storedDefinitions(table, true), column], attributes);
  };
}

const SPACE = { type: 'space', text: ' ', at: 0, word: ' ' } as const;

function dropColumn(nodes: readonly Node[], at: number): Alteration {
  const token = nodes[at + (isWord(nodes[at + 1], 'COLUMN') ? 2 : 1)];
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, 0);
  const column = nameOf(token);
  return (table, name) => {
    expectColumn(table, name, column, token.at);
    const { [column]: _dropped, ...columns } = table.attributes.columns;
    const { attributes } = table;
    if (attributes.distKey === column || attributes.sortKeys.includes(column))
      throw new RedshiftError(
        SQLSTATE.dependentObjects,
        `cannot drop ${attributes.distKey === column ? 'distkey' : 'sortkey'} column "${column}"`,
        { position: token.at },
      );
    return [
      { statement: `ALTER TABLE ${name.sql} DROP COLUMN ${identifier(column)}` },
      { statement: writeAttributes('TABLE', name, { ...attributes, columns }) },
    ];
  };
}

function expectColumn(table: StoredTable, name: QualifiedName, column: string, position: number): void {
  if (!table.columns.some((other) => other.name === column))
    throw new RedshiftError(SQLSTATE.undefinedColumn, `column "${column}" of relation "${name.name}" does not exist`, {
      position,
    });
}

function renameTable(nodes: readonly Node[], at: number): Alteration {
  const to = readName(nodes, at).name;
  return (table, name) => [{ statement: `ALTER ${table.kind} ${name.sql} RENAME TO ${identifier(to.name)}` }];
}

function renameColumn(nodes: readonly Node[], at: number): Alteration {
  const first = at + (isWord(nodes[at + 1], 'COLUMN') ? 2 : 1);
  const [from, to] = [nodes[first], nodes[first + 2]];
  if (!isName(from) || !isName(to)) throw syntaxError(undefined, startOf(nodes[at] as Node));
  const [old, fresh] = [nameOf(from), nameOf(to)];
  return (table, name) => {
    expectColumn(table, name, old, from.at);
    const change = (column: string): string => (column === old ? fresh : column);
    const { attributes } = table;
    const changed: TableAttributes = {
      ...attributes,
      distKey: attributes.distKey === undefined ? undefined : change(attributes.distKey),
      sortKeys: attributes.sortKeys.map(change),
      primaryKey: attributes.primaryKey.map(change),
      unique: attributes.unique.map((columns) => columns.map(change)),
      foreignKeys: attributes.foreignKeys.map((key) => ({ ...key, columns: key.columns.map(change) })),
      names: renamedConstraints(attributes, change),
      columns: Object.fromEntries(Object.entries(attributes.columns).map(([column, value]) => [change(column), value])),
    };
    return [
      { statement: `ALTER TABLE ${name.sql} RENAME COLUMN ${identifier(old)} TO ${identifier(fresh)}` },
      { statement: writeAttributes('TABLE', name, changed) },
    ];
  };
}

/** Why a column's size cannot be changed. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html */
function fixedBy({ columns, primaryKey, unique, foreignKeys }: TableAttributes, column: string): string | undefined {
  const { default: preset, encode = '' } = columns[column] ?? {};
  const keys = [primaryKey, ...unique, ...foreignKeys.map((key) => key.columns)];
  if (preset !== undefined) return 'has a default value';
  if (keys.some((key) => key.includes(column))) return 'is of a primary, unique or foreign key';
  return FIXED_ENCODINGS.has(encode.toLowerCase()) ? `is encoded as ${encode.toUpperCase()}` : undefined;
}

const FIXED_ENCODINGS = new Set(['bytedict', 'runlength', 'text255', 'text32k']);

/** `ALTER COLUMN c TYPE varchar(n)`, `ALTER COLUMN c ENCODE e`, `ALTER DISTSTYLE …`, `ALTER SORTKEY (…)`. */
function alter(nodes: readonly Node[], at: number): Alteration {
  const first = at + (isWord(nodes[at], 'COLUMN') ? 1 : 0);
  const [token, verb] = [nodes[first], nodes[first + 1]];
  if (isWord(nodes[at], 'DISTKEY', 'DISTSTYLE', 'SORTKEY', 'COMPOUND', 'INTERLEAVED', 'ENCODE')) {
    const { keys } = tableAttributes(nodes, at);
    return (table, name) => [{ statement: writeAttributes('TABLE', name, { ...table.attributes, ...keys }) }];
  }
  if (!isName(token)) throw syntaxError(undefined, startOf(nodes[at - 1] as Node));
  const column = nameOf(token);
  if (isWord(verb, 'ENCODE'))
    return (table, name) => {
      expectColumn(table, name, column, token.at);
      const encode = textOf([nodes[first + 2] as Node]).toLowerCase();
      return [{ statement: writeAttributes('TABLE', name, withColumn(table, column, { encode })) }];
    };
  const read = isWord(verb, 'TYPE') ? readType(nodes, first + 2) : undefined;
  if (!read) throw verb ? syntaxError(textOf([verb]), startOf(verb)) : syntaxError(undefined, token.at);
  const { type } = read;
  return (table, name) => {
    expectColumn(table, name, column, token.at);
    const definitions = storedDefinitions(table, true);
    if (definitions.find((other) => other.name === column)?.type.name !== 'varchar' || type.name !== 'varchar')
      throw new RedshiftError(
        SQLSTATE.notSupported,
        `cannot alter column "${column}" of relation "${name.name}", target data type must be varchar of a larger or smaller size`,
        {
          position: token.at,
          hint: 'Only the size of a VARCHAR column can be changed.',
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

function withColumn(
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
function rebuild(
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

import { columnCollation } from '../collations.ts';
import { readTable, writeAttributes, type StoredTable, type TableAttributes } from '../attributes.ts';
import { identifier, nameOf } from '../lexer.ts';
import { noSuchRelation, type QualifiedName, readName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import { isName, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import type { Draft } from '../typing.ts';
import { alter, expectColumn, rebuild, refuseMore } from './alter-column.ts';
import type { Alteration } from './alteration.ts';
import { append } from './append-table.ts';
import { columnDefinition, lengthCheck } from './column-definition.ts';
import { dropColumn } from './drop-column.ts';
import { refuseWidth } from './result-names.ts';
import { steps, type Statement } from './statement.ts';
import { renamedConstraints, tableConstraint, withoutConstraint } from './table-constraint.ts';
import {
  refuseForeignKeys,
  refuseKeyColumns,
  refuseSystemColumn,
  refuseTemporaryName,
  refuseUserFunctions,
} from './table-rules.ts';
import { storedDefinitions } from './table-steps.ts';
import { expectOwner } from './users.ts';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html and r_ALTER_TABLE_APPEND.html */
export function alterTable({ nodes: all, sql }: Statement): (database: Database) => Promise<readonly Step[]> {
  const nodes = significant(all);
  const ifExists = isWord(nodes[2], 'IF');
  const { name, end } = readName(nodes, ifExists ? 4 : 2);
  const alteration = readAlteration(nodes, end, sql);
  return async (database) => {
    const table = await readTable(database, name);
    if (!table) throw noSuchRelation(name);
    if (isWord(nodes[end], 'ADD', 'DROP', 'ALTER') || isWord(nodes[end + 1], 'COLUMN')) refuseView(table, name);
    return steps(await alteration(table, name, database), sql, database);
  };
}

/** A view of either kind has the columns and keys that its query gives it. */
function refuseView({ kind, attributes }: StoredTable, { name, position }: QualifiedName): void {
  if (kind === 'VIEW' || attributes.view !== undefined)
    throw new RedshiftError(SQLSTATE.wrongObjectType, `"${name}" is not a table`, { position });
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
  if (isWord(verb, 'DROP')) return isWord(second, 'CONSTRAINT') ? dropConstraint(nodes, at + 2) : readDrop(nodes, at);
  if (isWord(verb, 'RENAME')) return isWord(second, 'TO') ? renameTable(nodes, at + 2) : renameColumn(nodes, at);
  if (isWord(verb, 'OWNER')) return ownedBy(nodes, at + 1, sql);
  if (isWord(verb, 'ALTER')) return alter(nodes, at + 1);
  if (verb === undefined) throw syntaxError(undefined, sql.length);
  if (isWord(verb, 'SET', 'ROW', 'MASKING', 'PARTITION', 'SWITCH'))
    throw unsupported(`ALTER TABLE … ${verb.word}`, verb.at);
  throw syntaxError(textOf([verb]), startOf(verb));
}

/** Whoever owns it, here all tables are the same user's. */
function ownedBy(nodes: readonly Node[], at: number, sql: string): Alteration {
  const [to, user] = [nodes[at], nodes[at + 1]];
  if (!isWord(to, 'TO') || !isName(user))
    throw to && user ? syntaxError(textOf([to]).slice(0, 40), startOf(to)) : syntaxError(undefined, sql.length);
  return async (_table, _name, database) => {
    await expectOwner(user, database);
    return [];
  };
}

function addConstraint(nodes: readonly Node[], at: number): Alteration {
  const constraint = nodes.slice(at + (isWord(nodes[at], 'TABLE') ? 1 : 0));
  return async (table, name, database) => {
    const attributes = tableConstraint(constraint, table.attributes, name.name);
    if (!attributes) throw syntaxError(textOf(constraint.slice(0, 1)), startOf(nodes[at] as Node));
    const { primaryKey, unique, foreignKeys } = attributes;
    refuseKeyColumns(
      [primaryKey, ...unique, ...foreignKeys.map(({ columns }) => columns)],
      table.columns.map((column) => column.name),
    );
    const nullable = table.columns.find((column) => column.nullable && primaryKey.includes(column.name));
    if (nullable && table.attributes.primaryKey.length === 0)
      throw new RedshiftError(
        SQLSTATE.invalidTableDefinition,
        `column "${nullable.name}" of a primary key must be NOT NULL`,
        { position: startOf(nodes[at] as Node), hint: 'Make the table anew with a column that is NOT NULL.' },
      );
    await refuseForeignKeys(database, foreignKeys.slice(table.attributes.foreignKeys.length));
    return [{ statement: writeAttributes('TABLE', name, attributes) }];
  };
}

function dropConstraint(nodes: readonly Node[], at: number): Alteration {
  const token = nodes[at];
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, 0);
  const constraint = nameOf(token);
  refuseMore(nodes[at + (isWord(nodes[at + 1], 'RESTRICT', 'CASCADE') ? 2 : 1)]);
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
  const kept = (
    [
      ['DISTKEY', column.distKey],
      ['SORTKEY', column.sortKey],
      ['UNIQUE', column.unique],
      ['PRIMARY KEY', column.primaryKey],
      ['REFERENCES', column.references !== undefined],
      ['IDENTITY', column.attributes.identity !== undefined],
    ] as const
  ).find(([, given]) => given);
  if (kept)
    throw new RedshiftError(SQLSTATE.notSupported, `ALTER TABLE ADD COLUMN … ${kept[0]} is not supported`, {
      position: startOf(nodes[first]),
    });
  return async (table, name, database) => {
    await refuseUserFunctions(database, [column]);
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

function readDrop(nodes: readonly Node[], at: number): Alteration {
  const first = at + (isWord(nodes[at + 1], 'COLUMN') ? 2 : 1);
  const [token, behaviour] = [nodes[first], nodes[first + 1]];
  if (!isName(token)) throw token ? syntaxError(textOf([token]), startOf(token)) : syntaxError(undefined, 0);
  const known = isWord(behaviour, 'RESTRICT', 'CASCADE');
  refuseMore(nodes[first + (known ? 2 : 1)]);
  const column = nameOf(token);
  return (table, name, database) => {
    expectColumn(table, name, column, token.at);
    return dropColumn(table, name, column, isWord(behaviour, 'CASCADE'), token.at, database);
  };
}

function renameTable(nodes: readonly Node[], at: number): Alteration {
  const { name: to, end } = readName(nodes, at);
  refuseMore(nodes[end]);
  return (table, name) => {
    if (table.attributes.view === 'materialized')
      throw new RedshiftError(SQLSTATE.notSupported, `cannot rename materialized view "${name.name}"`, {
        position: name.position,
        hint: 'Make it anew under the other name, and drop this one.',
      });
    if (!table.temporary) refuseTemporaryName(to);
    return [{ statement: `ALTER ${table.kind} ${name.sql} RENAME TO ${identifier(to.name)}` }];
  };
}

function renameColumn(nodes: readonly Node[], at: number): Alteration {
  const first = at + (isWord(nodes[at + 1], 'COLUMN') ? 2 : 1);
  const [from, to] = [nodes[first], nodes[first + 2]];
  if (!isName(from) || !isName(to)) throw syntaxError(undefined, startOf(nodes[at] as Node));
  refuseMore(nodes[first + 3]);
  const [old, fresh] = [nameOf(from), nameOf(to)];
  refuseSystemColumn([fresh], to.at);
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

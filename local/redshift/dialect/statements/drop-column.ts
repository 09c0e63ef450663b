import { parseAttributes, writeAttributes, type StoredTable, type TableAttributes } from '../attributes.ts';
import { identifier, isTrivia, lex, nameOf, type Token } from '../lexer.ts';
import { qualified, type QualifiedName } from '../names.ts';
import { RedshiftError, SQLSTATE } from '../redshift-error.ts';
import type { Database } from '../translation.ts';
import type { Draft } from '../typing.ts';
import { dependentViews } from './dependent-views.ts';

/**
 * Views that show the column, foreign keys that refer to it and keys of several columns it is part of keep a column from being dropped; with
 * CASCADE they go with it. https://docs.aws.amazon.com/redshift/latest/dg/r_ALTER_TABLE.html
 */
export async function dropColumn(
  table: StoredTable,
  name: QualifiedName,
  column: string,
  cascade: boolean,
  position: number,
  database: Database,
): Promise<readonly Draft[]> {
  const { attributes } = table;
  if (attributes.distKey === column || attributes.sortKeys.includes(column))
    throw new RedshiftError(
      SQLSTATE.dependentObjects,
      `cannot drop ${attributes.distKey === column ? 'distkey' : 'sortkey'} column "${column}"`,
      { position },
    );
  if (table.columns.length === 1)
    throw new RedshiftError(
      SQLSTATE.invalidTableDefinition,
      'Cannot drop column: table only has one column remaining!',
      { position },
    );
  const views = await viewsOf(database, name, column);
  const referring = await referringTables(database, name, column);
  const joint = [attributes.primaryKey, ...attributes.unique].some((key) => key.length > 1 && key.includes(column));
  if (!cascade && (views.length > 0 || referring.length > 0 || joint))
    throw new RedshiftError(
      SQLSTATE.dependentObjects,
      `cannot drop table ${name.name} column ${column} because other objects depend on it`,
      { position, hint: 'Use DROP ... CASCADE to drop the dependent objects too.' },
    );
  return [
    ...views.map((view) => ({ statement: `DROP VIEW IF EXISTS ${view.sql}` })),
    ...referring.map((other) => ({ statement: writeAttributes('TABLE', other.name, other.attributes) })),
    { statement: `ALTER TABLE ${name.sql} DROP COLUMN ${identifier(column)}` },
    { statement: writeAttributes('TABLE', name, withoutColumn(attributes, column)) },
  ];
}

function withoutColumn(attributes: TableAttributes, column: string): TableAttributes {
  const { [column]: _dropped, ...columns } = attributes.columns;
  return {
    ...attributes,
    columns,
    primaryKey: attributes.primaryKey.includes(column) ? [] : attributes.primaryKey,
    unique: attributes.unique.filter((key) => !key.includes(column)),
    foreignKeys: attributes.foreignKeys.filter((key) => !key.columns.includes(column)),
  };
}

/** The views that show a column of a table, and those that read them. */
async function viewsOf(database: Database, name: QualifiedName, column: string): Promise<readonly QualifiedName[]> {
  const views = await dependentViews(database, name);
  if (views.length === 0) return [];
  const texts = await database.query(
    "SELECT schema_name, view_name, sql FROM duckdb_views() WHERE NOT internal AND database_name = getvariable('rs_database')",
    'catalogue',
  );
  const text = (view: QualifiedName): string =>
    String(texts.find(([schema, found]) => schema === view.schema && found === view.name)?.[2] ?? '');
  const found = new Map<string, QualifiedName>();
  for (const view of views) {
    if (!names(text(view), name.name, column)) continue;
    found.set(view.shown, view);
    for (const reader of await dependentViews(database, view)) found.set(reader.shown, reader);
  }
  return [...found.values()];
}

/** Whether a query names a column of a relation: by itself, or with what the relation is called there. */
function names(sql: string, relation: string, column: string): boolean {
  const tokens = lex(sql, { identifiers: true, attributes: false }).filter((token) => !isTrivia(token));
  const isNameToken = (token: Token | undefined): token is Token => token?.type === 'word' || token?.type === 'quoted';
  const called = new Set([relation]);
  tokens.forEach((token, at) => {
    if (!isNameToken(token) || nameOf(token) !== relation) return;
    const alias = tokens[at + 1]?.word === 'AS' ? tokens[at + 2] : tokens[at + 1];
    if (isNameToken(alias)) called.add(nameOf(alias));
  });
  return tokens.some((token, at) => {
    if (token.text === '*' && !isNameToken(tokens[at - 1])) return tokens[at - 1]?.word === 'SELECT';
    if (!isNameToken(token) || nameOf(token) !== column) return false;
    const qualifier = tokens[at - 1]?.text === '.' ? tokens[at - 2] : undefined;
    return !isNameToken(qualifier) || called.has(nameOf(qualifier));
  });
}

/** The tables with foreign keys that refer to a column, and what they are without these. */
async function referringTables(
  database: Database,
  { name, schema = 'public' }: QualifiedName,
  column: string,
): Promise<readonly { readonly name: QualifiedName; readonly attributes: TableAttributes }[]> {
  const rows = await database.query(
    `SELECT schema_name, table_name, comment FROM duckdb_tables()
     WHERE database_name = current_database() AND contains(comment, '"foreignKeys":[{')`,
    'catalogue',
  );
  return rows.flatMap(([owner, table, comment]) => {
    const attributes = parseAttributes(comment);
    const kept = attributes.foreignKeys.filter(
      (key) => !([name, `${schema}.${name}`].includes(key.table) && key.references.includes(column)),
    );
    if (kept.length === attributes.foreignKeys.length || table === name) return [];
    return [{ name: qualified([String(owner), String(table)]), attributes: { ...attributes, foreignKeys: kept } }];
  });
}

import { isThere, NO_ATTRIBUTES, readTable, writeAttributes, type TableAttributes } from '../attributes.ts';
import { redshiftError } from '../errors.ts';
import { rewrite } from '../expressions.ts';
import type { Fragment } from '../fragment.ts';
import { identifier } from '../lexer.ts';
import { noSuchRelation, readName } from '../names.ts';
import { RedshiftError, SQLSTATE, syntaxError, unsupported } from '../redshift-error.ts';
import {
  isParenthesis,
  isSymbol,
  isWord,
  significant,
  splitAtCommas,
  startOf,
  textOf,
  type Group,
  type Node,
} from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { textColumns } from '../text-types.ts';
import { finish, finishWith } from '../typing.ts';
import { columnDefinition, columnNames, type ColumnDefinition } from './column-definition.ts';
import { inheritedKeys, namedKeys } from './inherited-keys.ts';
import { refuseWidth, resultNames } from './result-names.ts';
import { steps, type Statement } from './statement.ts';
import { tableAttributes } from './table-attributes.ts';
import { tableConstraint } from './table-constraint.ts';
import { createSteps, freeSequence, storedDefinitions, type TableHead } from './table-steps.ts';
import {
  refuseForeignKeys,
  refuseKeyColumns,
  refuseKeys,
  refusePrimaryKeys,
  refuseStyle,
  refuseSystemColumn,
  refuseUserFunctions,
} from './table-rules.ts';

interface Head extends TableHead {
  /** Index, in the significant nodes, of what follows the name. */
  readonly end: number;
}

/** `CREATE [LOCAL] [TEMP] TABLE [IF NOT EXISTS] name` */
function readHead(nodes: readonly Node[]): Head {
  let at = nodes.findIndex((node) => isWord(node, 'TABLE')) + 1;
  const temporary = nodes.slice(0, at).some((node) => isWord(node, 'TEMP', 'TEMPORARY'));
  const ifNotExists = isWord(nodes[at], 'IF') && isWord(nodes[at + 1], 'NOT');
  if (ifNotExists) at += 3;
  const { name, end } = readName(nodes, at);
  if (temporary && name.schema !== undefined && !name.schema.startsWith('pg_temp'))
    throw new RedshiftError(SQLSTATE.invalidTableDefinition, 'temporary tables may not specify a schema name', {
      position: name.position,
    });
  return { name, temporary: temporary || name.temporary, ifNotExists, end };
}

/** CREATE TABLE in every form: columns, LIKE, AS. https://docs.aws.amazon.com/redshift/latest/dg/r_CREATE_TABLE_NEW.html */
export function createTable({
  nodes: all,
  sql,
}: Statement): readonly Step[] | ((database: Database) => Promise<readonly Step[]>) {
  const nodes = significant(all);
  const head = readHead(nodes);
  const list = nodes[head.end];
  const columns = isParenthesis(list) && !isWord(significant(list.items)[0], 'SELECT', 'WITH') ? list : undefined;
  const { keys, end } = tableAttributes(nodes, head.end + (columns ? 1 : 0));
  const rest = nodes[end];
  if (isWord(rest, 'AS') || (isParenthesis(rest) && end > head.end - 1 && columns !== rest)) {
    const query = all.slice(all.indexOf(rest) + (isWord(rest, 'AS') ? 1 : 0));
    if (significant(query).length === 0) throw syntaxError(undefined, sql.length);
    return createTableAs(head, columns, query, keys, sql);
  }
  if (isWord(rest, 'USING')) throw unsupported('CREATE TABLE … USING ICEBERG', rest.at);
  if (rest) throw syntaxError(textOf([rest]), startOf(rest));
  if (!columns) throw syntaxError(undefined, sql.length);
  refuseEmptyItems(columns);
  const lists = splitAtCommas(columns.items);
  if (lists.some((item) => isWord(significant(item)[0], 'LIKE'))) return createTableLike(head, lists, keys, sql);
  const table = tableDefinition(lists, keys, head.name.name);
  const { foreignKeys } = table.attributes;
  const identities = table.columns.some(({ attributes }) => attributes.identity);
  const literals = table.columns.filter((column) => /^'[^']*'$/.test(column.attributes.default ?? ''));
  const texts = literals.filter(({ type }) => type.name !== 'varchar' && type.name !== 'bpchar');
  const calls = table.columns.some((column) => column.calls.length > 0);
  if (texts.length === 0 && !calls && !identities && !head.ifNotExists && foreignKeys.length === 0)
    return finish(createSteps(head, table.columns, table.attributes, undefined), sql);
  return async (database) => {
    if (head.ifNotExists && (await isThere(database, head.name))) return NOTHING_TO_DO;
    await refuseUserFunctions(database, table.columns);
    for (const { default: value } of texts) await refuseUnreadable(value ?? '', database, sql);
    await refuseForeignKeys(
      database,
      foreignKeys.filter((key) => key.table !== head.name.shown),
    );
    const first = identities ? await freeSequence(database) : undefined;
    return steps(createSteps(head, table.columns, table.attributes, first), sql, database);
  };
}

/** A text that is a default is read when the table is made: `DEFAULT 'x'` of a date is none. */
async function refuseUnreadable(value: Fragment, database: Database, sql: string): Promise<void> {
  const step = await finishWith({ statement: ['SELECT ', value] }, database, sql);
  await database.query(step.sql).catch((error: unknown) => {
    throw redshiftError(error, sql, step);
  });
}

/** `(a int, )`, where it is not `()` as a whole. */
function refuseEmptyItems({ items, close }: Group): void {
  const nodes = significant(items);
  const after = nodes.findIndex(
    (node, at) => isSymbol(node, ',') && (nodes[at + 1] === undefined || isSymbol(nodes[at + 1], ',')),
  );
  const next = nodes[0] && isSymbol(nodes[0], ',') ? nodes[0] : after < 0 ? undefined : (nodes[after + 1] ?? close);
  if (next) throw syntaxError(textOf([next]), startOf(next));
}

interface TableDefinition {
  readonly columns: readonly ColumnDefinition[];
  readonly attributes: TableAttributes;
}

function tableDefinition(
  lists: readonly (readonly Node[])[],
  keys: Partial<TableAttributes>,
  table: string,
): TableDefinition {
  const columns: ColumnDefinition[] = [];
  let attributes: TableAttributes = { ...NO_ATTRIBUTES, ...keys };
  for (const list of lists) {
    const constraint = tableConstraint(significant(list), attributes, table);
    if (constraint) attributes = constraint;
    else columns.push(columnDefinition(list));
  }
  refuseWidth(columns.length);
  const distKeys = [
    ...columns.filter((column) => column.distKey).map(({ name }) => name),
    ...(attributes.distKey === undefined ? [] : [attributes.distKey]),
  ];
  const [distKey, otherDistKey] = distKeys;
  if (otherDistKey !== undefined) throw twiceDefined('distribution key', otherDistKey);
  const sortKeys = columns.filter((column) => column.sortKey).map(({ name }) => name);
  const otherSortKey = sortKeys[1] ?? (sortKeys.length > 0 ? attributes.sortKeys[0] : undefined);
  if (otherSortKey !== undefined) throw twiceDefined('sort key', otherSortKey);
  const primary = columns.filter((column) => column.primaryKey).map(({ name }) => name);
  if (primary.length > 1 || (primary.length > 0 && attributes.primaryKey.length > 0)) refusePrimaryKeys(table);
  attributes = {
    ...attributes,
    distKey,
    distStyle: keys.distStyle ?? (distKey === undefined ? 'AUTO' : 'KEY'),
    sortKeys: sortKeys.length > 0 ? sortKeys : attributes.sortKeys,
    sortStyle: sortKeys.length > 0 ? 'COMPOUND' : attributes.sortStyle,
    primaryKey: primary.length > 0 ? primary : attributes.primaryKey,
    unique: [...attributes.unique, ...columns.filter((column) => column.unique).map(({ name }) => [name])],
    foreignKeys: [...attributes.foreignKeys, ...columns.flatMap(({ references }) => (references ? [references] : []))],
    columns: Object.fromEntries(columns.map(({ name, attributes: column }) => [name, column])),
  };
  refuseKeys(attributes, columns);
  const { primaryKey, unique, foreignKeys } = attributes;
  refuseKeyColumns(
    [primaryKey, ...unique, ...foreignKeys.map((key) => key.columns)],
    columns.map(({ name }) => name),
  );
  return {
    columns: columns.map((column) =>
      attributes.primaryKey.includes(column.name) ? { ...column, notNull: true } : column,
    ),
    attributes,
  };
}

function twiceDefined(what: string, column: string): RedshiftError {
  return new RedshiftError(
    SQLSTATE.invalidTableDefinition,
    `a table can have one ${what}: that of column "${column}" is another`,
    { hint: what === 'sort key' ? 'Use SORTKEY (a, b) behind the columns.' : undefined },
  );
}

const NOTHING_TO_DO: readonly Step[] = [];

/** A table made of the rows of a query, with the text lengths and the keys that come from there. */
export function createTableAs(
  head: TableHead,
  columns: Group | undefined,
  query: readonly Node[],
  keys: Partial<TableAttributes>,
  sql: string,
): readonly Step[] | ((database: Database) => Promise<readonly Step[]>) {
  const create = `CREATE ${head.temporary ? 'TEMP ' : ''}TABLE ${head.ifNotExists ? 'IF NOT EXISTS ' : ''}${head.name.sql} AS `;
  const body = rewrite(query);
  for (const item of columns ? splitAtCommas(columns.items) : []) {
    const [, more] = significant(item);
    if (more) throw syntaxError(textOf([more]), startOf(more));
  }
  const names = columns ? columnNames(columns.items) : [];
  const statement: Fragment =
    names.length > 0
      ? [create, 'SELECT * FROM (', body, `) AS rs_created(${names.map(identifier).join(', ')})`]
      : [create, body];
  return async (database) => {
    // A table that is there keeps its attributes.
    if (head.ifNotExists && (await isThere(database, head.name))) return NOTHING_TO_DO;
    const select = await finishWith({ statement: body }, database, sql);
    const own = names.length > 0 ? names : await resultNames(database, select, sql, head.name.position);
    const all = own.map((name) => name.toLowerCase());
    refuseSystemColumn(all, head.name.position);
    const declared = {
      ...NO_ATTRIBUTES,
      ...(await inheritedKeys(query, all, keys, database)),
      ...keys,
      ...namedKeys(keys, all),
      columns: await textColumns(database, select.sql, all),
    };
    refuseStyle(declared);
    return steps(
      [{ statement, query: body }, { statement: writeAttributes('TABLE', head.name, declared) }],
      sql,
      database,
    );
  };
}

/** `CREATE TABLE name (LIKE other [INCLUDING DEFAULTS])`: attributes and NOT NULL are inherited, keys' constraints are not. */
function createTableLike(
  head: Head,
  lists: readonly (readonly Node[])[],
  keys: Partial<TableAttributes>,
  sql: string,
): (database: Database) => Promise<readonly Step[]> {
  if (Object.keys(keys).length > 0)
    throw new RedshiftError(
      SQLSTATE.syntaxError,
      'CREATE TABLE LIKE cannot specify DISTSTYLE, DISTKEY, SORTKEY or BACKUP: they are inherited',
      { position: head.name.position },
    );
  return async (database) => {
    if (head.ifNotExists && (await isThere(database, head.name))) return NOTHING_TO_DO;
    const columns: ColumnDefinition[] = [];
    let keysOfOthers: Partial<TableAttributes> = {};
    for (const list of lists) {
      const nodes = significant(list);
      if (!isWord(nodes[0], 'LIKE')) {
        columns.push(columnDefinition(list));
        continue;
      }
      const { name, end } = readName(nodes, 1);
      const defaults = isWord(nodes[end], 'INCLUDING') && isWord(nodes[end + 1], 'DEFAULTS');
      const other = await readTable(database, name);
      if (!other) throw noSuchRelation(name);
      columns.push(...storedDefinitions(other, defaults));
      const { distStyle, distKey, sortStyle, sortKeys, backup } = other.attributes;
      keysOfOthers = { distStyle, distKey, sortStyle, sortKeys, backup };
    }
    const attributes: TableAttributes = {
      ...NO_ATTRIBUTES,
      ...keysOfOthers,
      columns: Object.fromEntries(columns.map(({ name, attributes: column }) => [name, column])),
    };
    return steps(createSteps(head, columns, attributes, undefined), sql, database);
  };
}

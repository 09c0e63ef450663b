import {
  NO_ATTRIBUTES,
  readTable,
  writeAttributes,
  type ColumnAttributes,
  type StoredTable,
  type TableAttributes,
} from '../attributes.ts';
import { columnCollation } from '../collations.ts';
import { rewrite } from '../expressions.ts';
import { type Fragment, join } from '../fragment.ts';
import { identifier, literal } from '../lexer.ts';
import { noSuchRelation, type QualifiedName, readName } from '../names.ts';
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
import { finish, finishWith, type Draft } from '../typing.ts';
import { columnDefinition, columnNames, lengthCheck, type ColumnDefinition } from './column-definition.ts';
import { storedType } from '../types.ts';
import { inheritedKeys, namedKeys } from './inherited-keys.ts';
import { refuseWidth, resultNames } from './result-names.ts';
import { steps, type Statement } from './statement.ts';
import { tableAttributes } from './table-attributes.ts';
import { tableConstraint } from './table-constraint.ts';

interface Head {
  readonly name: QualifiedName;
  readonly temporary: boolean;
  readonly ifNotExists: boolean;
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
  const table = tableDefinition(lists, keys);
  const identities = table.columns.some(({ attributes }) => attributes.identity);
  if (!identities && !head.ifNotExists)
    return finish(createSteps(head, table.columns, table.attributes, undefined), sql);
  return async (database) => {
    if (head.ifNotExists && (await readTable(database, head.name))) return NOTHING_TO_DO;
    const first = identities ? await freeSequence(database) : undefined;
    return steps(createSteps(head, table.columns, table.attributes, first), sql, database);
  };
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

function tableDefinition(lists: readonly (readonly Node[])[], keys: Partial<TableAttributes>): TableDefinition {
  const columns: ColumnDefinition[] = [];
  let attributes: TableAttributes = { ...NO_ATTRIBUTES, ...keys };
  for (const list of lists) {
    const constraint = tableConstraint(significant(list), attributes);
    if (constraint) attributes = constraint;
    else columns.push(columnDefinition(list));
  }
  refuseWidth(columns.length);
  const distKey = columns.find((column) => column.distKey)?.name ?? attributes.distKey;
  const sortKeys = columns.filter((column) => column.sortKey).map(({ name }) => name);
  const primary = columns.filter((column) => column.primaryKey).map(({ name }) => name);
  const declared = attributes.primaryKey.length;
  attributes = {
    ...attributes,
    distKey,
    distStyle: distKey === undefined ? attributes.distStyle : 'KEY',
    sortKeys: sortKeys.length > 0 ? sortKeys : attributes.sortKeys,
    sortStyle: sortKeys.length > 0 ? 'COMPOUND' : attributes.sortStyle,
    primaryKey: primary.length > 0 ? primary : attributes.primaryKey,
    unique: [...attributes.unique, ...columns.filter((column) => column.unique).map(({ name }) => [name])],
    foreignKeys: [...attributes.foreignKeys, ...columns.flatMap(({ references }) => (references ? [references] : []))],
    columns: Object.fromEntries(columns.map(({ name, attributes: column }) => [name, column])),
  };
  if (columns.filter((column) => column.distKey).length + (keys.distKey === undefined ? 0 : 1) > 1)
    throw new RedshiftError(SQLSTATE.invalidTableDefinition, 'a table can have one distribution key');
  if (primary.length > 1 || (primary.length > 0 && declared > 0))
    throw new RedshiftError(SQLSTATE.invalidTableDefinition, 'multiple primary keys for one table are not allowed');
  const names = new Set(columns.map(({ name }) => name));
  for (const key of [...attributes.sortKeys, ...(distKey === undefined ? [] : [distKey]), ...attributes.primaryKey])
    if (!names.has(key))
      throw new RedshiftError(SQLSTATE.undefinedColumn, `column "${key}" named in key does not exist`);
  refuseSuperKeys(columns, attributes);
  return {
    columns: columns.map((column) =>
      attributes.primaryKey.includes(column.name) ? { ...column, notNull: true } : column,
    ),
    attributes,
  };
}

/** https://docs.aws.amazon.com/redshift/latest/dg/limitations-super.html */
function refuseSuperKeys(columns: readonly ColumnDefinition[], { distKey, sortKeys }: TableAttributes): void {
  for (const { name, type } of columns)
    if (type.name === 'super' && (name === distKey || sortKeys.includes(name)))
      throw new RedshiftError(
        SQLSTATE.invalidTableDefinition,
        `column "${name}" of type super cannot be a ${name === distKey ? 'distribution' : 'sort'} key`,
      );
}

const NOTHING_TO_DO: readonly Step[] = [];

/** How far apart in the catalogue two identity columns' sequences are named. */
const SEQUENCE_PREFIX = 'rs_identity_';

async function freeSequence(database: Database): Promise<number> {
  const [row] = await database.query(
    `SELECT coalesce(max(TRY_CAST(replace(sequence_name, '${SEQUENCE_PREFIX}', '') AS BIGINT)), 0) + 1 FROM duckdb_sequences()`,
  );
  return Number(row?.[0] ?? 1);
}

/** `table` in DuckDB, with its attributes; `sequence` is the first free number for identity columns. */
export function createSteps(
  head: Pick<Head, 'name' | 'temporary' | 'ifNotExists'>,
  columns: readonly ColumnDefinition[],
  attributes: TableAttributes,
  sequence: number | undefined,
): readonly Draft[] {
  const drafts: Draft[] = [];
  let next = sequence ?? 0;
  const definitions = columns.map((column): Fragment => {
    const { identity } = column.attributes;
    let initial: Fragment = column.default === undefined ? '' : [' DEFAULT ', column.default];
    if (identity) {
      const name = `${SEQUENCE_PREFIX}${next++}`;
      const path =
        head.name.schema === undefined || head.temporary
          ? identifier(name)
          : `${identifier(head.name.schema)}.${identifier(name)}`;
      drafts.push({
        statement: `CREATE ${head.temporary ? 'TEMP ' : ''}SEQUENCE ${path} START ${identity.seed} INCREMENT ${identity.step} MINVALUE -9223372036854775807 MAXVALUE 9223372036854775807`,
      });
      initial = ` DEFAULT nextval(${literal(path)})`;
    }
    return [
      identifier(column.name),
      ' ',
      column.type.duckdb,
      columnCollation(column.attributes.collation),
      initial,
      column.notNull ? ' NOT NULL' : '',
      lengthCheck(column.name, column.type),
    ];
  });
  const create = `CREATE ${head.temporary ? 'TEMP ' : ''}TABLE ${head.ifNotExists ? 'IF NOT EXISTS ' : ''}${head.name.sql} (`;
  drafts.push({ statement: [create, join(definitions, ', '), ')'] });
  return [...drafts, { statement: writeAttributes('TABLE', head.name, attributes) }];
}

function createTableAs(
  head: Head,
  columns: Group | undefined,
  query: readonly Node[],
  keys: Partial<TableAttributes>,
  sql: string,
): readonly Step[] | ((database: Database) => Promise<readonly Step[]>) {
  const create = `CREATE ${head.temporary ? 'TEMP ' : ''}TABLE ${head.ifNotExists ? 'IF NOT EXISTS ' : ''}${head.name.sql} AS `;
  const body = rewrite(query);
  const names = columns ? columnNames(columns.items) : [];
  const statement: Fragment =
    names.length > 0
      ? [create, 'SELECT * FROM (', body, `) AS rs_created(${names.map(identifier).join(', ')})`]
      : [create, body];
  return async (database) => {
    // A table that is there keeps its attributes.
    if (head.ifNotExists && (await readTable(database, head.name))) return NOTHING_TO_DO;
    const select = await finishWith({ statement: body }, database, sql);
    const own = names.length > 0 ? names : await resultNames(database, select, sql, head.name.position);
    const all = own.map((name) => name.toLowerCase());
    const declared = {
      ...NO_ATTRIBUTES,
      ...(await inheritedKeys(query, all, keys, database)),
      ...keys,
      ...namedKeys(keys, all),
      columns: await textColumns(database, select.sql, all),
    };
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
  return async (database) => {
    if (head.ifNotExists && (await readTable(database, head.name))) return NOTHING_TO_DO;
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
      ...keys,
      columns: Object.fromEntries(columns.map(({ name, attributes: column }) => [name, column])),
    };
    return steps(createSteps(head, columns, attributes, undefined), sql, database);
  };
}

/** The columns of a table that is there, as definitions to make it again. */
export function storedDefinitions(table: StoredTable, defaults: boolean): readonly ColumnDefinition[] {
  return table.columns.map((column) => {
    const attributes: ColumnAttributes | undefined = table.attributes.columns[column.name];
    const { identity: _identity, default: written, ...kept } = attributes ?? { type: column.type };
    const expression = defaults ? column.default : undefined;
    return {
      name: column.name,
      type: storedType(attributes?.type, column.type),
      notNull: !column.nullable,
      default: expression,
      attributes: { ...kept, default: defaults ? written : undefined },
      distKey: false,
      sortKey: false,
      primaryKey: false,
      unique: false,
      references: undefined,
    };
  });
}

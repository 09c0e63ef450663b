import { showProcedure } from '../../procedures/definition.ts';
import { inlineRelation } from '../../catalog/system-relations.ts';
import { readTable, type StoredTable } from '../attributes.ts';
import { identifier, literal, nameOf, stringValue } from '../lexer.ts';
import { noSuchRelation, type QualifiedName, readName } from '../names.ts';
import { RedshiftError, SQLSTATE, unsupported } from '../redshift-error.ts';
import { isName, isSymbol, isWord, significant, startOf, textOf, type Node } from '../token-tree.ts';
import type { Database, Step } from '../translation.ts';
import { finish } from '../typing.ts';
import { storedDefinitions } from './table-steps.ts';
import { showColumnGrants, showGrants, unexpected } from './show-grants.ts';
import { showParameters } from './show-parameters.ts';
import { steps, type Statement } from './statement.ts';

type Steps = readonly Step[] | ((database: Database) => Promise<readonly Step[]>);

/** What SHOW lists without a further word. */
export const SHOWN_ALONE = [
  'DATABASES',
  'SCHEMAS',
  'TABLES',
  'DATASHARES',
  'MODEL',
  'GRANTS',
  'PROCEDURES',
  'FUNCTIONS',
  'PARAMETERS',
  'CONSTRAINTS',
  'POLICIES',
  'TEMPLATES',
];

/** `SHOW TABLE t`, `SHOW TABLES FROM SCHEMA s` and their like. https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW.html */
export function showObjects(statement: Statement): Steps {
  const { nodes: all, sql } = statement;
  const nodes = significant(all);
  const kind = nodes[1];
  if (isWord(kind, 'PROCEDURE')) return showProcedure(statement);
  if (isWord(kind, 'TABLE', 'VIEW')) return showDefinition(nodes, kind.word === 'VIEW', sql);
  if (isWord(kind, 'GRANTS')) return showGrants(nodes, sql);
  if (isWord(kind, 'CONSTRAINTS') && isWord(nodes[2], 'PRIMARY') && isWord(nodes[3], 'KEYS'))
    return finish([{ statement: listing(nodes.slice(2), PRIMARY_KEYS, sql) }], sql);
  if (isWord(kind, 'CONSTRAINTS') && isWord(nodes[2], 'FOREIGN') && isWord(nodes[3], 'KEYS')) {
    const exported = isWord(nodes[4], 'EXPORTED');
    return finish(
      [{ statement: listing(nodes.slice(exported ? 3 : 2), foreignKeys(exported ? 'pk' : 'fk'), sql) }],
      sql,
    );
  }
  if (isWord(kind, 'COLUMN') && isWord(nodes[2], 'GRANTS') && isWord(nodes[3], 'ON'))
    return showColumnGrants(nodes, sql);
  if (isWord(kind, 'PARAMETERS')) return showParameters(statement);
  const list = isWord(kind, ...Object.keys(LISTS)) ? LISTS[kind.word] : undefined;
  if (list && kind) return finish([{ statement: listing(nodes, list, sql) }], sql);
  const words = nodes.slice(1, 3).map((node) => textOf([node]).toUpperCase());
  throw unsupported(`SHOW ${REFUSED_PAIRS.has(words.join(' ')) ? words.join(' ') : words[0]}`, kind && startOf(kind));
}

const REFUSED_PAIRS = new Set(['EXTERNAL TABLE', 'MASKING POLICIES', 'RLS POLICIES']);

interface List {
  /** What the listed objects are in, outermost first. */
  readonly within: readonly string[];
  /** The word before it: `FROM SCHEMA a.b`. */
  readonly container: string;
  readonly select: string;
  readonly name: string;
  /** What they are ordered by, if not their names. */
  readonly order?: string;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_CONSTRAINTS.html */
const PRIMARY_KEYS: List = {
  within: ['database_name', 'schema_name', 'table_name'],
  container: 'TABLE',
  name: 'column_name',
  order: 'schema_name, key_seq',
  select: `SELECT current_database() AS database_name, schema_name, relation AS table_name, name AS pk_name, unnest(columns) AS column_name,
      CAST(unnest(range(1, len(columns) + 1)) AS INTEGER) AS key_seq
    FROM rs.main.rs_constraints WHERE kind = 'p'`,
};

/** Those of a table, or those of other tables that refer to it. Rules and deferrability are JDBC's numbers: nothing is done, never deferred. */
const foreignKeys = (of: 'pk' | 'fk'): List => ({
  within: ['database_name', 'schema_name', 'table_name'].map((name) => `${of}_${name}`),
  container: 'TABLE',
  name: 'fk_name',
  order: 'fk_schema_name, fk_table_name, fk_name, key_seq',
  select: `SELECT current_database() AS pk_database_name, f.ref_schema AS pk_schema_name, f.ref_relation AS pk_table_name,
      unnest(f.ref_columns) AS pk_column_name, current_database() AS fk_database_name, f.schema_name AS fk_schema_name, f.relation AS fk_table_name,
      unnest(f.columns) AS fk_column_name, CAST(unnest(range(1, len(f.columns) + 1)) AS INTEGER) AS key_seq, f.name AS fk_name, p.name AS pk_name,
      CAST(3 AS SMALLINT) AS update_rule, CAST(3 AS SMALLINT) AS delete_rule, CAST(7 AS SMALLINT) AS deferrability
    FROM rs.main.rs_constraints f LEFT JOIN rs.main.rs_constraints p ON p.oid = f.ref_oid AND p.kind = 'p' WHERE f.kind = 'f'`,
});

/** Types as the guide's lists name them, of arguments in the JSON that a routine is kept with. */
const typesOf = (args: string, where: string): string =>
  `coalesce(array_to_string(list_transform(list_filter(CAST(${args} AS JSON[]), lambda a: ${where}), lambda a: rs.main.rs_type_name(rs.main.rs_type_oid(a->>'$.type'))), ', '), '')`;

const LISTS: Readonly<Record<string, List>> = {
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_DATABASES.html
  DATABASES: {
    within: [],
    container: '',
    name: 'database_name',
    select: `SELECT database_name, database_owner, database_type, database_acl, database_options AS parameters,
      database_isolation_level FROM rs.main.svv_redshift_databases`,
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_DATASHARES.html
  DATASHARES: {
    within: [],
    container: '',
    name: 'share_name',
    select: `SELECT share_name, share_owner, source_database, consumer_database, share_type, createdate, is_publicaccessible, share_acl,
      producer_account, producer_namespace FROM ${inlineRelation('svv_datashares')}`,
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_SCHEMAS.html
  SCHEMAS: {
    within: ['database_name'],
    container: 'DATABASE',
    name: 'schema_name',
    select: `SELECT database_name, schema_name, schema_owner, schema_type, schema_acl, source_database, schema_option
      FROM rs.main.svv_all_schemas`,
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLES.html
  TABLES: {
    within: ['database_name', 'schema_name'],
    container: 'SCHEMA',
    name: 'table_name',
    select: `SELECT database_name, schema_name, table_name, table_type, table_acl, remarks FROM rs.main.svv_all_tables`,
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_PROCEDURES.html
  PROCEDURES: {
    within: ['database_name', 'schema_name'],
    container: 'SCHEMA',
    name: 'procedure_name',
    select: `SELECT current_database() AS database_name, f.schema_name, regexp_extract(f.function_name, '^rs_proc_([^(]*)', 1) AS procedure_name,
        CAST(len(list_filter(CAST(f.comment->'$.args' AS JSON[]), lambda a: a->>'$.mode' <> 'OUT')) AS INTEGER) AS number_of_arguments,
        ${typesOf("f.comment->'$.args'", "a->>'$.mode' <> 'OUT'")} AS argument_list, ${typesOf("f.comment->'$.args'", "a->>'$.mode' <> 'IN'")} AS return_type,
        CAST(NULL AS VARCHAR) AS remarks
      FROM duckdb_functions() f
      WHERE f.database_name = current_database() AND f.function_name LIKE 'rs_proc_%' AND NOT f.internal`,
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_FUNCTIONS.html
  FUNCTIONS: {
    within: ['database_name', 'schema_name'],
    container: 'SCHEMA',
    name: 'function_name',
    select: `SELECT current_database() AS database_name, n.nspname AS schema_name, p.proname AS function_name, CAST(p.pronargs AS INTEGER) AS number_of_arguments,
        coalesce(rs.main.rs_type_names(p.proargtypes), '') AS argument_list, rs.main.rs_type_name(p.prorettype) AS return_type, CAST(NULL AS VARCHAR) AS remarks
      FROM rs.main.pg_proc_info p JOIN rs.main.pg_namespace n ON n.oid = p.pronamespace WHERE p.prokind = 'f'`,
  },
  // https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_COLUMNS.html
  COLUMNS: {
    within: ['database_name', 'schema_name', 'table_name'],
    container: 'TABLE',
    name: 'column_name',
    select: `SELECT current_database() AS database_name, schema_name, relation AS table_name, column_name, position AS ordinal_position,
        column_default, CASE WHEN is_nullable THEN 'YES' ELSE 'NO' END AS is_nullable, base_type AS data_type,
        length AS character_maximum_length, numeric_precision, numeric_scale, remarks,
        CASE WHEN sortkey <> 0 THEN sort_style END AS sort_key_type, CASE WHEN sortkey <> 0 THEN abs(sortkey) END AS sort_key_order,
        CASE WHEN distkey THEN 1 END AS distribution_key, CASE WHEN encoding <> 'none' THEN encoding END AS encoding,
        "collation"
      FROM rs.main.rs_columns`,
  },
};

/** `SHOW TABLES FROM SCHEMA [database.]schema [LIKE 'pattern'] [LIMIT n]` */
function listing(nodes: readonly Node[], list: List, sql: string): string {
  const where: string[] = [];
  let at = 2;
  if (isWord(nodes[at], 'FROM')) {
    const container = nodes[at + 1];
    if (isWord(container, 'DATA')) throw unsupported('SHOW DATABASES FROM DATA CATALOG', container.at);
    if (!isWord(container, list.container)) throw unexpected(container, sql);
    const path: string[] = [];
    for (at += 2; isName(nodes[at]); at++) {
      path.push(nameOf(nodes[at] as Node & { readonly type: 'word' }));
      if (!isSymbol(nodes[at + 1], '.')) {
        at++;
        break;
      }
      at++;
    }
    if (path.length === 0 || path.length > list.within.length) throw unexpected(nodes[at], sql);
    for (const [index, name] of list.within.slice(-path.length).entries())
      where.push(`${name} = ${literal(path[index] ?? '')}`);
  } else if (list.container !== '') throw unexpected(nodes[at], sql);
  const pattern = nodes[at + 1];
  if (isWord(nodes[at], 'LIKE') && pattern?.type === 'string') {
    where.push(`${list.name} LIKE ${literal(stringValue(pattern.text))}`);
    at += 2;
  }
  const count = nodes[at + 1];
  let limit = '';
  if (isWord(nodes[at], 'LIMIT') && count?.type === 'number') {
    limit = ` LIMIT ${count.text}`;
    at += 2;
  }
  if (nodes[at]) throw unexpected(nodes[at], sql);
  const order = list.order ?? (list.container === 'TABLE' ? 'ordinal_position' : list.name);
  const filter = where.length === 0 ? '' : ` WHERE ${where.join(' AND ')}`;
  return `SELECT * FROM (${list.select})${filter} ORDER BY ${order}${limit}`;
}

/** https://docs.aws.amazon.com/redshift/latest/dg/r_SHOW_TABLE.html and r_SHOW_VIEW.html */
function showDefinition(nodes: readonly Node[], view: boolean, sql: string): Steps {
  const { name, end } = readName(nodes, 2);
  if (nodes[end]) throw unexpected(nodes[end], sql);
  return async (database) => {
    const table = await readTable(database, name);
    if (!table) throw noSuchRelation(name);
    const isView = table.kind === 'VIEW' || table.attributes.view === 'materialized';
    if (isView !== view)
      throw new RedshiftError(SQLSTATE.wrongObjectType, `"${name.name}" is not a ${view ? 'view' : 'table'}`, {
        position: name.position,
      });
    const text = view
      ? `${table.attributes.query ?? ''};`
      : tableDefinition(table, name, await encodingsOf(database, table, name));
    const label = view ? 'Show View DDL statement' : 'Show Table DDL statement';
    return steps([{ statement: `SELECT ${literal(text)} AS ${identifier(label)}` }], sql, database);
  };
}

/** What the columns that are compressed are encoded as, whether the table says so or not. */
async function encodingsOf(
  database: Database,
  { schema }: StoredTable,
  { name }: QualifiedName,
): Promise<ReadonlyMap<string, string>> {
  const rows = await database.query(
    `SELECT column_name, encoding FROM rs.main.rs_columns WHERE schema_name = ${literal(schema)} AND relation = ${literal(name)} AND encoding <> 'none'`,
  );
  return new Map(rows.map(([column, encoding]) => [String(column), String(encoding)]));
}

function tableDefinition(table: StoredTable, name: QualifiedName, encodings: ReadonlyMap<string, string>): string {
  const { attributes } = table;
  const keys = new Set(attributes.distKey === undefined ? [] : [attributes.distKey]);
  const columns = storedDefinitions(table, true).map((column) => {
    const { collation, encode: declared, identity, default: expression } = attributes.columns[column.name] ?? {};
    const encode = declared === 'raw' ? declared : encodings.get(column.name);
    return [
      `    ${shownName(column.name)} ${column.type.text}`,
      identity && `identity(${identity.seed},${identity.step})`,
      identity || expression === undefined ? '' : `DEFAULT ${expression}`,
      column.notNull && 'NOT NULL',
      encode && `ENCODE ${encode}`,
      collation && `COLLATE ${collation}`,
      keys.has(column.name) && 'distkey',
    ]
      .filter(Boolean)
      .join(' ');
  });
  const listed = (names: readonly string[]): string => names.map(shownName).join(', ');
  const constraints = [
    ...(attributes.primaryKey.length > 0 ? [`PRIMARY KEY (${listed(attributes.primaryKey)})`] : []),
    ...attributes.unique.map((unique) => `UNIQUE (${listed(unique)})`),
    ...attributes.foreignKeys.map(
      (key) => `FOREIGN KEY (${listed(key.columns)}) REFERENCES ${key.table}(${listed(key.references)})`,
    ),
  ].map((constraint) => `    ${constraint}`);
  const sorted = attributes.sortKeys.length > 0;
  return [
    `CREATE ${table.temporary ? 'TEMPORARY TABLE ' : `TABLE ${shownName(table.schema)}.`}${shownName(name.name)} (`,
    [...columns, ...constraints].join(',\n'),
    ')',
    `DISTSTYLE ${attributes.distStyle}${sorted ? `\n${attributes.sortStyle === 'INTERLEAVED' ? 'INTERLEAVED ' : ''}SORTKEY ( ${attributes.sortKeys.map(shownName).join(', ')} )` : ''};`,
  ].join('\n');
}

/** Quoted only where it has to be. */
function shownName(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) ? name : identifier(name);
}

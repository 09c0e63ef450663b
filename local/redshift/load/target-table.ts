import type { DuckDBConnection } from '@duckdb/node-api';
import type { CopyStatement, TableName } from './copy-statement.ts';
import { columnsOf, parseAttributes } from '../dialect/attributes.ts';
import { columnType } from './column-type.ts';
import type { TargetColumn } from './target-column.ts';
import { SQLSTATE, type RedshiftError } from '../dialect/redshift-error.ts';
import { failure, notSupported } from './failure.ts';
import { identifier, rowsOf } from './sql-text.ts';

export interface TargetTable {
  /** Quoted and qualified, for DuckDB. */
  readonly sql: string;
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly columns: readonly TargetColumn[];
}

/** @throws RedshiftError when the session's search path has no such table. */
export async function describeTable(
  connection: DuckDBConnection,
  table: TableName,
  database: string,
): Promise<TargetTable> {
  if (table.database !== undefined && table.database !== database.toLowerCase())
    throw notSupported('COPY into a table of another database', 'connect to the other database');
  const [found] = await rowsOf(
    connection,
    `SELECT database_name, schema_name, table_name, table_oid, comment FROM duckdb_tables()
     WHERE lower(table_name) = $name AND NOT internal
       AND (temporary OR database_name = current_database())
       AND ($schema IS NULL OR lower(schema_name) = $schema)
     ORDER BY temporary DESC, list_position(current_schemas(false), schema_name) NULLS LAST LIMIT 1`,
    { name: table.name, schema: table.schema ?? null },
  );
  if (!found) throw await noSuchTable(connection, table);
  const catalog = String(found['database_name']);
  const schema = String(found['schema_name']);
  const name = String(found['table_name']);
  const columns = (await connection.runAndReadAll(columnsOf([catalog, schema, name]))).getRows();
  const { columns: declared, view } = parseAttributes(found['comment']);
  if (view !== undefined) throw isView(name);
  const undeclared = columns.some(
    ([column, type]) => type === 'VARCHAR' && !LENGTH.test(declared[String(column)]?.type ?? ''),
  );
  const lengths = undeclared ? await checkedLengths(connection, { database: catalog, schema, name }) : undefined;
  return {
    sql: [catalog, schema, name].map(identifier).join('.'),
    schema,
    name,
    oid: Number(found['table_oid']),
    columns: columns.map(([column, type, nullable, expression]) => {
      const name = String(column);
      const attributes = declared[name];
      return {
        name,
        type: columnType(String(type), attributes?.type, lengths?.get(name)),
        notNull: nullable === false,
        hasDefault: expression !== null,
        identity: attributes?.identity && (attributes.identity.byDefault ? 'by default' : 'always'),
      };
    }),
  };
}

async function noSuchTable(connection: DuckDBConnection, { schema, name }: TableName): Promise<RedshiftError> {
  const views = await rowsOf(
    connection,
    `SELECT 1 FROM duckdb_views() WHERE lower(view_name) = $name AND NOT internal AND database_name = current_database()
       AND ($schema IS NULL OR lower(schema_name) = $schema)`,
    { name, schema: schema ?? null },
  );
  if (views.length > 0) return isView(name);
  return failure(`Cannot COPY into nonexistent table ${schema === undefined ? name : `${schema}.${name}`}`, '42P01');
}

function isView(name: string): RedshiftError {
  return failure(`cannot copy to view "${name}"`, SQLSTATE.wrongObjectType);
}

/** Of a declared type. */
const LENGTH = /\(\d+\)|^super/i;

/** Bytes at most by column: text columns carry their length as a check. */
async function checkedLengths(
  connection: DuckDBConnection,
  table: { readonly database: string; readonly schema: string; readonly name: string },
): Promise<ReadonlyMap<string, number>> {
  const rows = await rowsOf(
    connection,
    `SELECT constraint_text FROM duckdb_constraints() WHERE constraint_type = 'CHECK'
     AND database_name = $database AND schema_name = $schema AND table_name = $name`,
    table,
  );
  const lengths = new Map<string, number>();
  for (const row of rows) {
    const match = /^CHECK\(\(strlen\((?:"((?:[^"]|"")+)"|(\w+))\) <= (\d+)\)\)$/.exec(String(row['constraint_text']));
    if (match) lengths.set((match[1] ?? match[2] ?? '').replaceAll('""', '"'), Number(match[3]));
  }
  return lengths;
}

/**
 * The columns a COPY fills, in the order of the file's fields.
 *
 * Without a column list these are the table's, IDENTITY columns left out unless EXPLICIT_IDS is given; see
 * https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-column-mapping.html
 */
export function targetColumns(table: TargetTable, { columns, options }: CopyStatement): readonly TargetColumn[] {
  if (!columns) return table.columns.filter(({ identity }) => identity === undefined || options.explicitIds);
  const targets = columns.map((name) => {
    const column = table.columns.find((candidate) => candidate.name.toLowerCase() === name);
    if (!column) throw failure(`column "${name}" of relation "${table.name}" does not exist`, '42703');
    return column;
  });
  const twice = targets.find((column, index) => targets.indexOf(column) !== index);
  if (twice) throw failure(`column "${twice.name}" specified more than once`, '42701');
  for (const { name, notNull, hasDefault, identity } of table.columns) {
    const listed = targets.some((target) => target.name === name);
    if (listed && identity === 'always' && !options.explicitIds)
      throw failure(`cannot set an identity column to a value: column "${name}" needs EXPLICIT_IDS`, '42601');
    if (!listed && identity !== undefined && options.explicitIds)
      throw failure(`EXPLICIT_IDS needs the identity column "${name}" in the column list`, '42601');
    if (!listed && notNull && !hasDefault && identity === undefined)
      throw failure(`null value in column "${name}" violates not-null constraint`, '23502');
  }
  return targets;
}

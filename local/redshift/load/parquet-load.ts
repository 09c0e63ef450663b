import type { DuckDBConnection } from '@duckdb/node-api';
import type { RedshiftError } from '../dialect/redshift-error.ts';
import { redshiftError } from '../dialect/errors.ts';
import { UnreadableContent } from './content.ts';
import { failure } from './failure.ts';
import type { Load, LoadOutcome } from './load.ts';
import { LOAD_ERROR, type LoadError } from './load-error.ts';
import type { LoadedFile } from './load-log.ts';
import { faultsOf, type Pair } from './parquet-faults.ts';
import { plainParquet } from './parquet-source.ts';
import type { LoadEnvironment } from './ports.ts';
import { lengthText } from './record-converter.ts';
import type { SourceFile } from './source-files.ts';
import { identifier, literal, rowsOf } from './sql-text.ts';
import type { TargetColumn } from './target-column.ts';

/**
 * Loads Parquet files: their columns go to the table's by position.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/copy-usage_notes-copy-from-columnar.html
 */
export async function loadParquet(load: Load, environment: LoadEnvironment): Promise<LoadOutcome> {
  const { connection, now, signal } = environment;
  const { statement, table, enoughErrors } = load;
  // Names that begin with a dot or an underscore are not data.
  const files = load.files.filter(({ url }) => !/\/[._][^/]*$/.test(url));
  const loaded: LoadedFile[] = [];
  const errors: LoadError[] = [];
  for (const stored of files) {
    signal.throwIfAborted();
    const startMs = now();
    const file = await plainParquet(stored, load.directory, signal).catch((error: unknown) => {
      throw error instanceof UnreadableContent ? noParquet(stored, error.message) : error;
    });
    const pairs = await pairColumns(environment.log, file, load);
    errors.push(...(await faults(environment.log, file, pairs, enoughErrors)));
    if (errors.length >= enoughErrors) return { files: [], errors, failed: true };
    const rows = statement.options.noLoad ? 0 : (await connection.run(insertion(table.sql, file, pairs))).rowsChanged;
    loaded.push({ url: file.url, bytes: file.bytes, lines: rows, rows, errors: 0, startMs, endMs: now() });
  }
  return { files: loaded, errors, failed: false };
}

async function pairColumns(
  connection: DuckDBConnection,
  file: SourceFile,
  { columns, statement }: Load,
): Promise<readonly Pair[]> {
  let described: readonly Record<string, unknown>[];
  try {
    described = await rowsOf(connection, `DESCRIBE SELECT * FROM read_parquet(${literal(file.path)})`);
  } catch (error) {
    throw noParquet(file, redshiftError(error, '').message);
  }
  const fewer = described.length < columns.length && statement.options.fillRecord;
  if (described.length !== columns.length && !fewer)
    throw scanError(
      `Unmatched number of columns between table and file. Table columns: ${columns.length}, Data columns: ${described.length}, File name: ${file.url}`,
    );
  return described.map((row, index) => {
    const target = columns[index];
    const source = String(row['column_name']);
    const sourceType = String(row['column_type']);
    if (target?.type.kind === 'super' && !statement.options.serializeToJson)
      throw failure('SUPER column in COPY query requires SERIALIZETOJSON option', '0A000');
    if (!target || !compatible(sourceType, target))
      throw scanError(
        `File '${file.url}' has an incompatible Parquet schema for column '${target?.name}'. Column type: ${target?.type.name.toUpperCase()}, Parquet schema: ${source} ${sourceType}`,
      );
    return { source, sourceType, target };
  });
}

function noParquet(file: SourceFile, why: string): RedshiftError {
  return scanError(`File '${file.url}' is not a valid Parquet file: ${why.replaceAll(file.path, () => file.url)}`);
}

/** Columnar files are read by Redshift Spectrum, whose errors look like this. */
function scanError(context: string): RedshiftError {
  return failure(`Spectrum Scan Error\n  Detail: \n  code:      ${SCAN_ERROR}\n  context:   ${context}`);
}

const SCAN_ERROR = 15_007;

const WIDTHS: Readonly<Record<string, number>> = {
  TINYINT: 1,
  UTINYINT: 2,
  SMALLINT: 2,
  USMALLINT: 4,
  INTEGER: 4,
  UINTEGER: 8,
  BIGINT: 8,
};
const TARGET_WIDTHS: Readonly<Record<string, number>> = { smallint: 2, integer: 4, bigint: 8 };

/** A value must fit its column whatever it is: no narrowing, no conversion. */
function compatible(source: string, { type }: TargetColumn): boolean {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(source);
  switch (type.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return (WIDTHS[source] ?? Number.POSITIVE_INFINITY) <= (TARGET_WIDTHS[type.kind] ?? 0);
    case 'decimal':
      return (
        decimal !== null &&
        Number(decimal[2]) <= type.scale &&
        Number(decimal[1]) - Number(decimal[2]) <= type.precision - type.scale
      );
    case 'real':
      return source === 'FLOAT';
    case 'double':
      return source === 'DOUBLE' || source === 'FLOAT';
    case 'varchar':
    case 'char':
      return source === 'VARCHAR' || source.startsWith('ENUM');
    case 'date':
      return source === 'DATE';
    case 'timestamp':
    case 'timestamptz':
      return source.startsWith('TIMESTAMP');
    case 'time':
    case 'timetz':
      return source.startsWith('TIME') && !source.startsWith('TIMESTAMP');
    case 'boolean':
      return source === 'BOOLEAN';
    case 'varbyte':
      return source === 'BLOB';
    case 'interval':
      return false;
    case 'super':
      return true;
  }
}

/** The first values that do not fit, by row. */
async function faults(
  connection: DuckDBConnection,
  file: SourceFile,
  pairs: readonly Pair[],
  limit: number,
): Promise<readonly LoadError[]> {
  const checks = pairs.flatMap((pair) => faultsOf(pair).map((fault) => ({ pair, ...fault })));
  if (checks.length === 0) return [];
  const column = checks.map(({ when }, index) => `WHEN ${when} THEN ${index}`).join(' ');
  const reason = checks.map(({ when, reason }) => `WHEN ${when} THEN ${reason}`).join(' ');
  const value = checks
    .map(({ when, pair }) => `WHEN ${when} THEN CAST(${identifier(pair.source)} AS VARCHAR)`)
    .join(' ');
  const rows = await rowsOf(
    connection,
    `SELECT file_row_number + 1 AS line, CASE ${column} END AS at, CASE ${reason} END AS reason, left(CASE ${value} END, 1024) AS raw
     FROM read_parquet(${literal(file.path)}, file_row_number = true)
     WHERE ${checks.map(({ when }) => when).join(' OR ')} ORDER BY file_row_number LIMIT ${Math.min(limit, 100_000)}`,
  );
  return rows.map((row) => {
    const check = checks[Number(row['at'])];
    const target = check?.pair.target;
    return {
      file: file.url,
      line: Number(row['line']),
      column: target?.name ?? '',
      type: target?.type.name ?? '',
      length: target ? lengthText(target.type) : '',
      rawLine: '',
      rawField: typeof row['raw'] === 'string' ? row['raw'] : '',
      code: check?.code ?? LOAD_ERROR.parse,
      reason: String(row['reason']),
      position: 0,
    };
  });
}

function insertion(table: string, file: SourceFile, pairs: readonly Pair[]): string {
  const values = pairs.map(({ source, target }) => {
    const column = identifier(source);
    // A CHAR is stored without the blanks at its end.
    if (target.type.kind === 'char') return `rtrim(CAST(${column} AS VARCHAR), ' ')`;
    return `CAST(${target.type.kind === 'super' ? `to_json(${column})` : column} AS ${target.type.duckdb})`;
  });
  return `INSERT INTO ${table} (${pairs.map(({ target }) => identifier(target.name)).join(', ')})
    SELECT ${values.join(', ')} FROM read_parquet(${literal(file.path)})`;
}

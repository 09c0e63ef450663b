import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { redshiftError } from '../dialect/errors.ts';
import { checkColumnTypes } from './copy-rules.ts';
import { parseCopy, type CopyStatement } from './copy-statement.ts';
import { failure } from './failure.ts';
import { parseJsonPaths } from './json-fields.ts';
import type { Load, LoadOutcome } from './load.ts';
import { copyVariables, recordLoad } from './load-log.ts';
import { loadParquet } from './parquet-load.ts';
import type { LoadEnvironment } from './ports.ts';
import { parseS3Address } from './s3-address.ts';
import { sourceFiles, type SourceFile } from './source-files.ts';
import type { TargetColumn } from './target-column.ts';
import { describeTable, targetColumns } from './target-table.ts';
import { loadText } from './text-load.ts';

/** A small load puts its rows in the order they have in the files. On AWS there is none, either, and a large one takes half as long without. */
const LARGEST_IN_ORDER_BYTES = 8 * 1024 * 1024;

/**
 * Runs a COPY in the session's transaction: all files or none.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 * @throws RedshiftError; after one the transaction has to be rolled back.
 */
export async function runCopy(statementText: string, environment: LoadEnvironment): Promise<{ readonly rows: number }> {
  const startMs = environment.now();
  const statement = parseCopy(statementText);
  const table = await describeTable(environment.connection, statement.table, environment.query.database);
  const columns = targetColumns(table, statement);
  checkColumnTypes(columns, statement);
  const recordOf = (outcome: LoadOutcome, status: 'completed' | 'failed' | 'canceled', message: string) => ({
    query: environment.query,
    table,
    source: statement.source,
    format: statement.options.format,
    startMs,
    endMs: environment.now(),
    status,
    message,
    ...outcome,
  });
  const record = (...of: Parameters<typeof recordOf>): Promise<void> => recordLoad(environment.keep, recordOf(...of));
  const directory = join(environment.directory, `copy-${environment.query.queryId}`);
  let files: readonly SourceFile[] = [];
  let outcome: LoadOutcome = { files: [], errors: [], failed: true };
  let began = false;
  try {
    files = await sourceFiles(environment.objects, statement);
    const paths = await jsonPaths(statement, columns, environment);
    const enoughErrors = Math.max(1, statement.options.maxError);
    const load: Load = { statement, table, columns, files, paths, enoughErrors, directory };
    await mkdir(directory, { recursive: true });
    environment.signal.throwIfAborted();
    if (files.reduce((sum, { bytes }) => sum + bytes, 0) > LARGEST_IN_ORDER_BYTES) await environment.inAnyOrder();
    began = true;
    outcome =
      statement.options.format === 'parquet' ? await loadParquet(load, environment) : await loadText(load, environment);
    environment.signal.throwIfAborted();
    if (outcome.failed)
      throw failure(`Load into table '${table.name}' failed.  Check 'stl_load_errors' system table for details.`);
    const rows = statement.options.noLoad ? 0 : outcome.files.reduce((sum, file) => sum + file.rows, 0);
    await environment.remember(copyVariables({ query: environment.query, table, files: outcome.files }, rows));
    await record(outcome, 'completed', '');
    return { rows };
  } catch (error) {
    const nothing = { ...outcome, files: [], failed: true };
    // So that the session finds the errors: https://docs.aws.amazon.com/redshift/latest/dg/PG_LAST_COPY_ID.html
    if (began) await environment.remember(copyVariables({ query: environment.query, table, files: [] }, 0));
    if (environment.signal.aborted)
      await record({ ...nothing, errors: [] }, 'canceled', "Query cancelled on user's request");
    else await record(nothing, 'failed', redshiftError(error, statementText).message);
    throw error;
  } finally {
    for (const file of files) file.release();
    await rm(directory, { recursive: true, force: true });
  }
}

const NAMED_MODES = new Set(['auto', 'auto ignorecase', 'noshred']);

async function jsonPaths(
  { options }: CopyStatement,
  columns: readonly TargetColumn[],
  { objects }: LoadEnvironment,
): Promise<readonly string[] | undefined> {
  if (options.format !== 'json' && options.format !== 'avro') return undefined;
  if (NAMED_MODES.has(options.paths.toLowerCase())) return undefined;
  const { bucket, key } = parseS3Address(options.paths);
  const file = objects.file(bucket, key);
  if (!file) throw failure(`The specified jsonpaths file ${options.paths} does not exist`);
  return parseJsonPaths(await readFile(file.path, 'utf8'), options.paths, columns.length);
}

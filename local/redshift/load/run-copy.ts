import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCopy, type CopyStatement } from './copy-statement.ts';
import { failure } from './failure.ts';
import { parseJsonPaths } from './json-fields.ts';
import type { Load, LoadOutcome } from './load.ts';
import { recordLoad } from './load-log.ts';
import { loadParquet } from './parquet-load.ts';
import type { LoadEnvironment } from './ports.ts';
import { parseS3Address } from './s3-address.ts';
import { sourceFiles } from './source-files.ts';
import { describeTable, targetColumns, type TargetColumn } from './target-table.ts';
import { loadText } from './text-load.ts';

/**
 * Runs a COPY in the session's transaction: all files or none.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_COPY.html
 * @throws RedshiftError; after one the transaction has to be rolled back.
 */
export async function runCopy(statementText: string, environment: LoadEnvironment): Promise<{ readonly rows: number }> {
  const startMs = environment.now();
  const statement = parseCopy(statementText);
  const table = await describeTable(environment.connection, statement.table);
  const columns = targetColumns(table, statement);
  const files = await sourceFiles(environment.objects, statement);
  const paths = await jsonPaths(statement, columns, environment);
  const directory = join(environment.directory, `copy-${environment.query.queryId}`);
  const load: Load = {
    statement,
    table,
    columns,
    files,
    paths,
    enoughErrors: Math.max(1, statement.options.maxError),
    directory,
  };
  const record = (outcome: LoadOutcome, status: 'completed' | 'failed' | 'canceled', message: string): Promise<void> =>
    recordLoad(environment.log, {
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
  await mkdir(directory, { recursive: true });
  try {
    environment.signal.throwIfAborted();
    const outcome =
      statement.options.format === 'parquet' ? await loadParquet(load, environment) : await loadText(load, environment);
    environment.signal.throwIfAborted();
    if (outcome.failed) {
      const message = `Load into table '${table.name}' failed.  Check 'stl_load_errors' system table for details.`;
      await record({ ...outcome, files: [] }, 'failed', message);
      throw failure(message);
    }
    const rows = statement.options.noLoad ? 0 : outcome.files.reduce((sum, file) => sum + file.rows, 0);
    await record(outcome, 'completed', '');
    await environment.connection.run(
      `SET VARIABLE rs_last_copy_count = ${rows}; SET VARIABLE rs_last_copy_id = ${environment.query.queryId}`,
    );
    return { rows };
  } catch (error) {
    if (environment.signal.aborted)
      await record({ files: [], errors: [], failed: true }, 'canceled', "Query cancelled on user's request");
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

import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describeQuery } from '../dialect/described-query.ts';
import { redshiftError } from '../dialect/errors.ts';
import { databaseOn } from '../dialect/plain-database.ts';
import { RedshiftError } from '../dialect/redshift-error.ts';
import { isTrivia, lex } from '../dialect/lexer.ts';
import { textTypes } from '../dialect/text-types.ts';
import type { Step } from '../dialect/translation.ts';
import { failure, messageOf } from './failure.ts';
import type { LoadEnvironment } from './ports.ts';
import { s3Url } from './s3-address.ts';
import { prefixOf, writeRows, type ReadyFile, type Unload } from './unload-files.ts';
import { recordUnload } from './unload-log.ts';
import { manifestText, type UnloadedFile } from './unload-manifest.ts';
import { writePartitions } from './unload-partitions.ts';
import { parseUnload, type UnloadStatement } from './unload-statement.ts';
import type { ResultColumn } from './unload-text.ts';
import { redshiftColumnType } from './unload-types.ts';

/**
 * Runs an UNLOAD: its objects appear when all of its files are written.
 *
 * See https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html
 * @throws RedshiftError
 */
export async function runUnload(
  statementText: string,
  environment: LoadEnvironment,
): Promise<{ readonly rows: number }> {
  const startMs = environment.now();
  const statement = parseUnload(statementText);
  refuseLimit(statement.query);
  const directory = join(environment.directory, `unload-${environment.query.queryId}`);
  const record = (
    status: 'completed' | 'failed' | 'canceled',
    message: string,
    files: readonly UnloadedFile[],
    rows: number,
  ): Promise<void> => {
    const { query, keep, now } = environment;
    return recordUnload(keep, { query, statement, status, message, files, rows, startMs, endMs: now() });
  };
  try {
    checkTarget(statement, environment);
    await mkdir(directory, { recursive: true });
    const { unload, files, columns } = await writeResult(statement, environment, directory);
    environment.signal.throwIfAborted();
    const objects = await publish(unload, files, columns);
    const rows = files.reduce((sum, file) => sum + file.rows, 0);
    await environment.remember({ rs_last_unload_count: rows, rs_last_unload_id: environment.query.queryId });
    await record('completed', '', objects, rows);
    return { rows };
  } catch (error) {
    if (environment.signal.aborted) await record('canceled', "Query cancelled on user's request", [], 0);
    else await record('failed', redshiftError(error, statementText).message, [], 0);
    environment.signal.throwIfAborted();
    throw error;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

interface Written {
  readonly unload: Unload;
  readonly files: readonly ReadyFile[];
  readonly columns: readonly ResultColumn[];
}

/** Numbers that 64 bits cannot hold are counted in 128, which takes longer: at once where a failure would end the transaction. */
async function writeResult(
  statement: UnloadStatement,
  environment: LoadEnvironment,
  directory: string,
): Promise<Written> {
  const translated = (): ReturnType<LoadEnvironment['translateQuery']> =>
    environment.translateQuery(statement.query).catch((error: unknown) => {
      throw inStatement(error, statement);
    });
  const query = await translated();
  const write = async (form: Step): Promise<Written> => {
    const columns = await resultColumns(environment, form, statement);
    const names = columns.map(({ column }) => column).join(', ');
    // The line break ends a comment at the end of the query.
    const unload = { statement, environment, directory, select: `SELECT * FROM (${form.sql}\n) AS result (${names})` };
    const files = await (statement.options.partitionBy.length > 0
      ? writePartitions(unload, columns)
      : writeRows(unload, `(${unload.select})`, columns, ''));
    return { unload, files, columns };
  };
  const { restart } = environment;
  if (!query.wide || !restart) return write(query.wide ?? query);
  try {
    return await write(query);
  } catch (error) {
    if (redshiftError(error, statement.query).code !== '22003') throw error;
    await restart();
    const again = await translated();
    return write(again.wide ?? again);
  }
}

/** What is wrong with the query stands in the statement around it. */
function inStatement(error: unknown, { queryOffset }: UnloadStatement): unknown {
  if (!(error instanceof RedshiftError) || error.position === undefined) return error;
  const { code, message, hint, position } = error;
  return new RedshiftError(code, message, { position: queryOffset(position), hint, cause: error });
}

/** Redshift takes a LIMIT in a subquery only. */
function refuseLimit(query: string): void {
  let depth = 0;
  for (const token of lex(query)) {
    if (isTrivia(token)) continue;
    if (token.text === '(') depth++;
    if (token.text === ')') depth--;
    if (depth === 0 && token.word === 'LIMIT' && token.type === 'word')
      throw failure('Limit clause is not supported', '0A000');
  }
}

function checkTarget({ target, options }: UnloadStatement, { objects }: LoadEnvironment): void {
  let existing: number;
  try {
    existing = objects.list(target.bucket, target.key).length;
  } catch (error) {
    throw failure(`S3ServiceException:${messageOf(error)},Status 404,Error NoSuchBucket`);
  }
  if (existing > 0 && !options.allowOverwrite && !options.cleanPath)
    throw failure(
      'Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.',
    );
}

/** Two columns may have one name: each gets one of its own. */
async function resultColumns(
  { connection }: LoadEnvironment,
  query: Step,
  statement: UnloadStatement,
): Promise<readonly ResultColumn[]> {
  try {
    const described = await describeQuery(databaseOn(connection), query, statement.query);
    return described.map((column, index) => ({ ...column, column: `c${index}` }));
  } catch (error) {
    throw inStatement(error, statement);
  }
}

/** Turns the files into objects, at one moment: a reader, and whoever looks after a crash, finds all of them or none. */
async function publish(
  { statement, environment, directory, select }: Unload,
  files: readonly ReadyFile[],
  columns: readonly ResultColumn[],
): Promise<readonly UnloadedFile[]> {
  const { target, options } = statement;
  const { kmsKeyId } = options;
  const { objects } = environment;
  const unloaded = files.map(({ key, bytes, rows }) => ({ url: s3Url({ bucket: target.bucket, key }), bytes, rows }));
  const encrypted = kmsKeyId === undefined ? {} : { kmsKeyId };
  const put = files.map(({ key, path }) => ({ key, path, ...encrypted }));
  if (options.manifest !== 'none') {
    const path = join(directory, 'manifest');
    const texts = options.manifest === 'verbose' ? await textsOf(environment, select) : [];
    const types = columns.map(({ name, type }, at) => ({ name, type: redshiftColumnType(type, texts[at]) }));
    // A header counts as a record there.
    const counted = options.header ? unloaded.map((file) => ({ ...file, rows: file.rows + 1 })) : unloaded;
    await writeFile(path, manifestText(counted, types, options.manifest === 'verbose'));
    put.push({ key: `${prefixOf(target, options)}manifest`, path, ...encrypted });
  }
  const remove = options.cleanPath ? keysToClean(statement, files, environment) : [];
  await objects.change(target.bucket, { put, remove });
  return unloaded;
}

/** What is known of the lengths of a query's texts. */
function textsOf({ connection }: LoadEnvironment, select: string): ReturnType<typeof textTypes> {
  return textTypes(databaseOn(connection), select).catch(() => []);
}

/** CLEANPATH: with partitions only the folders that get new files are emptied. */
function keysToClean(
  { target, options }: UnloadStatement,
  files: readonly ReadyFile[],
  { objects }: LoadEnvironment,
): readonly string[] {
  const prefixes =
    options.partitionBy.length > 0
      ? new Set(files.map(({ key }) => key.slice(0, key.lastIndexOf('/') + 1)))
      : new Set([target.key]);
  return [...prefixes].flatMap((prefix) => objects.list(target.bucket, prefix).map(({ key }) => key));
}

import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { redshiftError } from '../dialect/errors.ts';
import { isTrivia, lex } from '../dialect/lexer.ts';
import { textTypes } from '../dialect/text-types.ts';
import type { Database } from '../dialect/translation.ts';
import { failure, messageOf } from './failure.ts';
import type { LoadEnvironment } from './ports.ts';
import { s3Url } from './s3-address.ts';
import { identifier, literal, rowsOf } from './sql-text.ts';
import { recordUnload } from './unload-log.ts';
import { manifestText, type UnloadedFile } from './unload-manifest.ts';
import { cutParquet, writeParquetFile } from './unload-parquet.ts';
import { cutFile, writePiece } from './unload-pieces.ts';
import { parseUnload, type UnloadStatement } from './unload-statement.ts';
import { refuseSameNames, refuseTypes, textWriting, type ResultColumn } from './unload-text.ts';
import { redshiftColumnType } from './unload-types.ts';

/** A file that is ready to become an object. */
interface ReadyFile {
  readonly key: string;
  readonly path: string;
  readonly bytes: number;
  readonly rows: number;
}

const DEFAULT_SLICES = 2;

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
  const { sql, wide } = await environment.translateQuery(statement.query);
  const write = async (query: string): Promise<Written> => {
    const columns = await resultColumns(environment, query);
    const names = columns.map(({ column }) => column).join(', ');
    const unload = { statement, environment, directory, select: `SELECT * FROM (${query}) AS result (${names})` };
    const files = await (statement.options.partitionBy.length > 0
      ? writePartitions(unload, columns)
      : writeRows(unload, `(${unload.select})`, columns, ''));
    return { unload, files, columns };
  };
  const { restart } = environment;
  if (!wide || !restart) return write(wide?.sql ?? sql);
  try {
    return await write(sql);
  } catch (error) {
    if (redshiftError(error, statement.query).code !== '22003') throw error;
    await restart();
    return write((await environment.translateQuery(statement.query)).wide?.sql ?? wide.sql);
  }
}

interface Unload {
  readonly statement: UnloadStatement;
  readonly environment: LoadEnvironment;
  readonly directory: string;
  /** The query, for DuckDB, its columns under the names of `ResultColumn.column`. */
  readonly select: string;
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
async function resultColumns({ connection }: LoadEnvironment, query: string): Promise<readonly ResultColumn[]> {
  const rows = await rowsOf(connection, `DESCRIBE ${query}`);
  return rows.map((row, index) => ({
    name: String(row['column_name']),
    type: String(row['column_type']),
    column: `c${index}`,
  }));
}

/** Writes the rows of `source` as the files of one folder, `folder` being what comes after the prefix. */
async function writeRows(
  unload: Unload,
  source: string,
  columns: readonly ResultColumn[],
  folder: string,
): Promise<readonly ReadyFile[]> {
  const { options } = unload.statement;
  return options.format === 'parquet'
    ? writeParquet(unload, source, columns, folder)
    : writeText(unload, source, columns, folder);
}

let written = 0;

function newPath({ directory }: Unload): string {
  written++;
  return join(directory, `file-${written}`);
}

/** How many files are written side by side; a partition's folder gets one. */
function slicesOf({ statement, environment }: Unload, folder: string): number {
  return statement.options.parallel && folder === '' ? (environment.slices ?? DEFAULT_SLICES) : 1;
}

async function writeText(
  unload: Unload,
  source: string,
  columns: readonly ResultColumn[],
  folder: string,
): Promise<readonly ReadyFile[]> {
  const { statement, environment } = unload;
  const { options } = statement;
  const { signal } = environment;
  const { select, options: copyOptions, header } = textWriting(source, columns, options);
  const path = newPath(unload);
  const { rowsChanged: rows } = await environment.connection.run(
    `COPY (${select}) TO ${literal(path)} (${copyOptions})`,
  );
  signal.throwIfAborted();
  // Without rows there are empty files, but none of JSON.
  if (rows === 0 && options.format === 'json') return [];
  const { size } = await stat(path);
  const slices = slicesOf(unload, folder);
  const largest = options.maxFileSize - Buffer.byteLength(header);
  if (slices === 1 && size <= largest && header === '' && options.compression === 'none')
    return [{ key: keyOf(unload, folder, 0, 0), path, bytes: size, rows }];
  const pieces =
    (slices === 1 && size <= largest) || rows === 0
      ? [{ start: 0, end: size, records: rows }]
      : await cutFile(path, Math.ceil(size / slices), largest, options.format, options.escape, signal);
  const files: ReadyFile[] = [];
  for (const [index, piece] of pieces.entries()) {
    const target = newPath(unload);
    await writePiece(path, piece, header, options.compression, target, signal);
    files.push({
      key: keyOf(unload, folder, index % slices, Math.floor(index / slices)),
      path: target,
      bytes: (await stat(target)).size,
      rows: piece.records,
    });
  }
  await rm(path);
  return files;
}

async function writeParquet(
  unload: Unload,
  source: string,
  columns: readonly ResultColumn[],
  folder: string,
): Promise<readonly ReadyFile[]> {
  const { connection } = unload.environment;
  refuseSameNames(columns, 'Parquet');
  refuseTypes(columns, unload.statement.options);
  const list = columns
    .map(({ name, column, type }) => `${parquetValue(column, type)} AS ${identifier(name)}`)
    .join(', ');
  const whole = await writeParquetFile(connection, `SELECT ${list} FROM ${source}`, newPath(unload));
  const slices = slicesOf(unload, folder);
  const { maxFileSize, rowGroupSize } = unload.statement.options;
  const parts = await cutParquet(connection, whole, slices, maxFileSize, rowGroupSize, () => {
    unload.environment.signal.throwIfAborted();
    return newPath(unload);
  });
  return parts.map((part, index) => ({
    ...part,
    key: keyOf(unload, folder, index % slices, Math.floor(index / slices)),
  }));
}

/** DuckDB would write what counts in 128 bits as a floating point number. */
function parquetValue(column: string, type: string): string {
  return type === 'HUGEINT' ? `CAST(${column} AS DECIMAL(38, 0))` : column;
}

const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby-notes */
const PARTITION_TYPES =
  /^(?:(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL\(\d+,\d+\)|FLOAT|BOOLEAN|VARCHAR|DATE|TIMESTAMP)$/;

/** A folder `column=value/` for each combination of values. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby */
async function writePartitions(unload: Unload, columns: readonly ResultColumn[]): Promise<readonly ReadyFile[]> {
  const { environment, statement, select } = unload;
  const { partitionBy, includePartitions } = statement.options;
  const keys = partitionBy.map((name) => {
    const column = columns.find((candidate) => candidate.name.toLowerCase() === name);
    if (!column) throw failure(`column "${name}" does not exist in the UNLOAD query`, '42703');
    if (!PARTITION_TYPES.test(column.type))
      throw failure(
        `column "${name}" cannot be a PARTITION BY column: its type is ${redshiftColumnType(column.type, undefined).base}`,
        '0A000',
      );
    return column;
  });
  const kept = includePartitions ? columns : columns.filter((column) => !keys.includes(column));
  if (kept.length === 0) throw failure('At least one column must remain beside the partition columns', '22023');
  const table = `temp.main.${identifier(`rs_unload_${environment.query.queryId}`)}`;
  await environment.connection.run(`CREATE TEMP TABLE ${table} AS ${select}`);
  try {
    const names = keys.map(({ column }) => column);
    const combinations = await rowsOf(
      environment.connection,
      `SELECT DISTINCT ${names.map((name, index) => `CAST(${name} AS VARCHAR) AS k${index}`).join(', ')} FROM ${table} ORDER BY ALL`,
    );
    const files: ReadyFile[] = [];
    for (const combination of combinations) {
      environment.signal.throwIfAborted();
      const values = keys.map((_key, index) => combination[`k${index}`] as string | null);
      const where = names.map((name, index) => {
        const value = values[index] ?? null;
        return `CAST(${name} AS VARCHAR) IS NOT DISTINCT FROM ${value === null ? 'NULL' : literal(value)}`;
      });
      const folder = keys.map(({ name }, index) => `${name}=${values[index] ?? HIVE_NULL}/`).join('');
      files.push(...(await writeRows(unload, `(FROM ${table} WHERE ${where.join(' AND ')})`, kept, folder)));
    }
    return files;
  } finally {
    await environment.connection.run(`DROP TABLE IF EXISTS ${table}`).catch(() => undefined);
  }
}

const COMPRESSION_EXTENSIONS = { none: '', gzip: '.gz', zstd: '.zst' };

/** `<prefix>0000_part_00`, or `<prefix>000` where one process writes. */
function keyOf({ statement: { target, options } }: Unload, folder: string, slice: number, part: number): string {
  const number = options.parallel ? `${pad(slice, 4)}_part_${pad(part, 2)}` : pad(part, 3);
  const own = options.format === 'parquet' ? '.parquet' : COMPRESSION_EXTENSIONS[options.compression];
  const extension = options.extension === undefined ? own : `.${options.extension.replace(/^\./, '')}`;
  return `${prefixOf(target, options)}${folder}${number}${extension}`;
}

/** With PARTITION BY the prefix is a folder. */
function prefixOf({ key }: UnloadStatement['target'], { partitionBy }: UnloadStatement['options']): string {
  return partitionBy.length === 0 || key === '' || key.endsWith('/') ? key : `${key}/`;
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0');
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
  const query: Database['query'] = async (sql) => (await connection.runAndReadAll(sql)).getRowsJS();
  return textTypes({ query }, select).catch(() => []);
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

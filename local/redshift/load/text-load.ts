import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { readContent, UnreadableContent } from './content.ts';
import { canonicalInsert, readFileExactly } from './exact-load.ts';
import { failure, messageOf } from './failure.ts';
import { flagRaised, planFastLoad, takeBack, type FastPlan } from './fast-load.ts';
import { LineSurveyor, surveyLines, type LineSurvey } from './line-survey.ts';
import type { LoadError } from './load-error.ts';
import type { LoadedFile } from './load-log.ts';
import type { LoadEnvironment } from './ports.ts';
import type { Load, LoadOutcome } from './load.ts';
import type { SourceFile } from './source-files.ts';
import { identifier } from './sql-text.ts';

/** DuckDB's reader gave up, so the transaction is aborted: only the reason can still be found. */
class FastLoadFailed extends Error {
  override readonly name = 'FastLoadFailed';
}

/**
 * Loads files of every format but Parquet.
 *
 * First with DuckDB's own reader and expressions that vouch for every value. Whatever they cannot vouch for, the files are read
 * again record by record: to convert what Redshift would, or to find the file, line and column at fault.
 */
export async function loadText(load: Load, environment: LoadEnvironment): Promise<LoadOutcome> {
  const flag = `rs_copy_${environment.query.queryId}`;
  const plan = planFastLoad(load.statement, load.table, load.columns, `temp.main.${identifier(flag)}`);
  if (!plan) return loadExactly(load, environment);
  const probing = !environment.restart && !isStrict(load);
  try {
    return (await loadFast(load, plan, probing, environment)) ?? (await loadExactly(load, environment));
  } catch (error) {
    environment.signal.throwIfAborted();
    if (!(error instanceof FastLoadFailed)) throw error;
    if (environment.restart) {
      await environment.restart();
      return loadExactly(load, environment);
    }
    const found = await checkExactly(load, environment);
    if (found.failed) return found;
    throw failure(
      `COPY into '${load.table.name}' cannot go on inside this transaction (${error.message}); make it the transaction's first statement`,
    );
  }
}

/** Whether input that DuckDB's reader refuses makes the COPY fail in any case. */
function isStrict({ statement: { options } }: Load): boolean {
  return (
    options.maxError <= 1 && !options.fillRecord && options.acceptInvalidChars === undefined && !options.removeQuotes
  );
}

/** @returns undefined where a value raised the flag; the table is then as it was before. */
async function loadFast(
  load: Load,
  plan: FastPlan,
  probing: boolean,
  environment: LoadEnvironment,
): Promise<LoadOutcome | undefined> {
  const { connection, now, signal } = environment;
  await connection.run(`CREATE TEMP SEQUENCE ${plan.flag}`);
  const loaded: LoadedFile[] = [];
  let total = 0;
  let next = load.files[0] && prepare(load.files[0], 0, load, signal);
  try {
    for (const [index, file] of load.files.entries()) {
      const startMs = now();
      const prepared = await next;
      const following = load.files[index + 1];
      next = following && prepare(following, index + 1, load, signal);
      next?.catch(() => undefined);
      if (
        !prepared ||
        !isReadable(prepared.survey, load) ||
        (probing && !(await probe(plan.count(prepared.path), environment)))
      ) {
        await takeBack(connection, load.table, total);
        return undefined;
      }
      const rows = await insert(plan.insert(prepared.path), environment);
      total += rows;
      if (await flagRaised(connection, plan.flag, index)) {
        await takeBack(connection, load.table, total);
        return undefined;
      }
      if (prepared.path !== file.path) await rm(prepared.path, { force: true });
      loaded.push({ url: file.url, bytes: file.bytes, lines: rows, rows, errors: 0, startMs, endMs: now() });
    }
    await connection.run(`DROP SEQUENCE ${plan.flag}`);
    return { files: loaded, errors: [], failed: false };
  } finally {
    await next?.catch(() => undefined);
  }
}

/** Whether DuckDB's reader can cut the file into records: on a connection whose transaction may fail. */
async function probe(sql: string, { log, signal }: LoadEnvironment): Promise<boolean> {
  try {
    await log.run(sql);
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  }
}

async function insert(sql: string, { connection, signal }: LoadEnvironment): Promise<number> {
  try {
    signal.throwIfAborted();
    return (await connection.run(sql)).rowsChanged;
  } catch (error) {
    signal.throwIfAborted();
    throw new FastLoadFailed(messageOf(error), {
      cause: error,
    });
  }
}

/** DuckDB skips empty lines, which are records, or errors, in Redshift. */
function isReadable({ emptyLine, regular }: LineSurvey, { statement: { options }, columns }: Load): boolean {
  return regular && (!emptyLine || (options.ignoreBlankLines && columns.length > 1));
}

interface Prepared {
  readonly path: string;
  readonly survey: LineSurvey;
}

/** A file DuckDB can read in parallel: decompressed. Undefined where that failed, which the record readers then report. */
async function prepare(
  file: SourceFile,
  index: number,
  load: Load,
  signal: AbortSignal,
): Promise<Prepared | undefined> {
  const { compression, encoding } = load.statement.options;
  if (compression === 'none') return { path: file.path, survey: await surveyLines(file.path, signal) };
  const surveyor = new LineSurveyor();
  const path = join(load.directory, `file-${index}`);
  const surveyed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of readContent(file.path, compression, encoding, signal)) {
      surveyor.take(chunk);
      yield chunk;
    }
  };
  try {
    await pipeline(Readable.from(surveyed()), createWriteStream(path));
  } catch (error) {
    if (error instanceof UnreadableContent) return undefined;
    throw error;
  }
  return { path, survey: surveyor.survey };
}

/** Finds what is wrong; loads nothing. */
function checkExactly(load: Load, environment: LoadEnvironment): Promise<LoadOutcome> {
  return readAll(load, environment, false);
}

/** Reads every file record by record, then loads what can be loaded, unless there are too many errors. */
async function loadExactly(load: Load, environment: LoadEnvironment): Promise<LoadOutcome> {
  const outcome = await readAll(load, environment, !load.statement.options.noLoad);
  if (outcome.failed || load.statement.options.noLoad) return outcome;
  for (const [index, { rows }] of outcome.files.entries()) {
    environment.signal.throwIfAborted();
    if (rows > 0)
      await environment.connection.run(canonicalInsert(load.table, load.columns, canonicalPath(load, index)));
  }
  return outcome;
}

function canonicalPath({ directory }: Load, index: number): string {
  return join(directory, `canonical-${index}`);
}

async function readAll(load: Load, { now, signal }: LoadEnvironment, keep: boolean): Promise<LoadOutcome> {
  const files: LoadedFile[] = [];
  const errors: LoadError[] = [];
  for (const [index, file] of load.files.entries()) {
    const startMs = now();
    const { statement, columns, paths } = load;
    const reading = await readFileExactly(file, {
      statement,
      columns,
      paths,
      signal,
      enoughErrors: load.enoughErrors - errors.length,
      output: keep ? canonicalPath(load, index) : undefined,
    });
    errors.push(...reading.errors);
    if (errors.length >= load.enoughErrors) return { files: [], errors, failed: true };
    files.push({
      url: file.url,
      bytes: file.bytes,
      lines: reading.lines,
      rows: reading.rows,
      errors: reading.errors.length,
      startMs,
      endMs: now(),
    });
  }
  return { files, errors, failed: false };
}

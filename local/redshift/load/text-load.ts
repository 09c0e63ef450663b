import { join } from 'node:path';
import { UnreadableContent } from './content.ts';
import { canonicalInsert, readFileExactly } from './exact-load.ts';
import { failure } from './failure.ts';
import { groupFiles, prepareGroup, removeCopies, type Group } from './fast-files.ts';
import { FastLoadFailed, insertRows } from './insert-rows.ts';
import { loadPlainly } from './plain-load.ts';
import { flagRaised, planFastLoad, takeBack, type FastPlan } from './fast-load.ts';
import { LineSurveyor, type LineSurvey } from './line-survey.ts';
import { MOST_REPLACEMENTS, type LoadError, type Replacement } from './load-error.ts';
import type { LoadedFile } from './load-log.ts';
import type { LoadEnvironment } from './ports.ts';
import type { Load, LoadOutcome } from './load.ts';
import { identifier } from './sql-text.ts';

/**
 * Loads files of every format but Parquet.
 *
 * First as DuckDB loads files that are plain, if these are; else with its reader and expressions that vouch for every value. Whatever they
 * cannot vouch for, the files are read again record by record: to convert what Redshift would, or to find the file, line and column at
 * fault.
 */
export async function loadText(load: Load, environment: LoadEnvironment): Promise<LoadOutcome> {
  const flag = `rs_copy_${environment.query.queryId}`;
  const plan = planFastLoad(load.statement, load.table, load.columns, `temp.main.${identifier(flag)}`);
  if (!plan) return loadExactly(load, environment);
  const plainly = await loadPlainly(load, flag, environment);
  if (plainly) return plainly;
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
  const { connection, signal } = environment;
  await connection.run(`CREATE TEMP SEQUENCE ${plan.flag}`);
  const counter = { loaded: 0, asked: 0 };
  const files: LoadedFile[] = [];
  const groups = groupFiles(load);
  const { options } = load.statement;
  const surveyor = (): LineSurveyor =>
    new LineSurveyor({ counting: load.files.length > 1, quote: options.format === 'csv' ? options.quote : undefined });
  let next = groups[0] && prepareGroup(groups[0], load, surveyor, signal);
  try {
    for (const index of groups.keys()) {
      const group = (await next) ?? [];
      const following = groups[index + 1];
      next = following && prepareGroup(following, load, surveyor, signal);
      next?.catch(() => undefined);
      const loaded = await loadGroup(group, load, plan, probing, counter, environment);
      if (!loaded) {
        await takeBack(connection, load.table, counter.loaded);
        return undefined;
      }
      files.push(...loaded);
      await removeCopies(group);
    }
    await connection.run(`DROP SEQUENCE ${plan.flag}`);
    return { files, errors: [], failed: false };
  } catch (error) {
    // Broken gzip: the record readers say which file and where.
    if (!(error instanceof UnreadableContent)) throw error;
    await takeBack(connection, load.table, counter.loaded);
    return undefined;
  } finally {
    await next?.catch(() => undefined);
  }
}

/** @returns undefined where the record readers have to decide. */
async function loadGroup(
  group: Group<LineSurvey>,
  load: Load,
  plan: FastPlan,
  probing: boolean,
  counter: { loaded: number; asked: number },
  environment: LoadEnvironment,
): Promise<readonly LoadedFile[] | undefined> {
  const { connection, now, restart } = environment;
  const { format, ignoreBlankLines } = load.statement.options;
  // Where nothing is lost by starting over, the survey goes on while the files load.
  const first = !restart || (group.length > 1 && (format === 'csv' || ignoreBlankLines));
  const known = first ? await surveysOf(group, load) : undefined;
  if (first && !known) return undefined;
  const paths = group.map(({ path }) => path);
  if (probing && !(await probe(plan.count(paths), environment))) return undefined;
  const startMs = now();
  // Files whose records cannot be counted by their lines are loaded one by one.
  const apart = group.length > 1 && known?.some(({ lines }) => lines === undefined) === true;
  const inserted: number[] = [];
  for (const part of apart ? paths.map((path) => [path]) : [paths]) {
    const rows = await insertRows(plan.insert(part), environment);
    counter.loaded += rows;
    inserted.push(rows);
  }
  if (await flagRaised(connection, plan.flag, counter.asked++)) return undefined;
  const surveys = known ?? (await surveysOf(group, load));
  const rows = inserted.length === group.length ? inserted : surveys?.map(({ lines = 0 }) => recordsOf(lines, load));
  if (!surveys || !rows || sum(rows) !== sum(inserted)) return undefined;
  return group.map(({ file }, index) => ({
    url: file.url,
    bytes: file.bytes,
    lines: rows[index] ?? 0,
    rows: rows[index] ?? 0,
    errors: 0,
    startMs,
    endMs: now(),
  }));
}

function recordsOf(lines: number, { statement: { options } }: Load): number {
  return Math.max(0, lines - options.ignoreHeader);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** @returns undefined where DuckDB skips empty lines, which are records, or errors, in Redshift. */
async function surveysOf(
  group: Group<LineSurvey>,
  { statement: { options }, columns }: Load,
): Promise<readonly LineSurvey[] | undefined> {
  const surveys = await Promise.all(group.map(({ found }) => found));
  const skipping = options.ignoreBlankLines && columns.length > 1;
  if (!surveys.every(({ regular, emptyLine }) => regular && (!emptyLine || skipping))) return undefined;
  return surveys.map((survey) => (survey.emptyLine ? { ...survey, lines: undefined } : survey));
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
  const replacements: Replacement[] = [];
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
    replacements.push(...reading.replacements.slice(0, MOST_REPLACEMENTS - replacements.length));
    if (errors.length >= load.enoughErrors || reading.cutShort) return { files: [], errors, failed: true };
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
  return { files, errors, replacements, failed: false };
}

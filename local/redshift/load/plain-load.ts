import { open } from 'node:fs/promises';
import { readContent, UnreadableContent } from './content.ts';
import { groupFiles, prepareGroup, removeCopies, type Group } from './fast-files.ts';
import { flagRaised, planFastLoad, type FastPlan } from './fast-load.ts';
import { FastLoadFailed, insertRows } from './insert-rows.ts';
import type { LoadedFile } from './load-log.ts';
import type { Load, LoadOutcome } from './load.ts';
import { plainRecords, type PlainRecords, type PlainVerdict } from './plain-records.ts';
import type { LoadEnvironment } from './ports.ts';
import { identifier } from './sql-text.ts';

/**
 * Loads files whose every field has a form that DuckDB's reader takes as COPY does: as fast as DuckDB loads files, while an inspector
 * reads along. Where one turns out to hold anything else the transaction begins anew, as if nothing had been tried; so it is tried
 * only where nothing else is lost by that.
 * @returns undefined where other readers have to decide.
 */
export async function loadPlainly(
  load: Load,
  flag: string,
  environment: LoadEnvironment,
): Promise<LoadOutcome | undefined> {
  const { statement, table, columns } = load;
  if (!environment.restart || statement.options.removeQuotes) return undefined;
  for (const nulls of ['named', 'empty'] as const) {
    const plan = planFastLoad(statement, table, columns, `temp.main.${identifier(flag)}`, nulls);
    const records = plan && plainRecords(columns, statement.options, nulls);
    if (!records || !(await beginsPlainly(load, records, environment.signal))) continue;
    const files = await loadGroups(load, plan, records, environment);
    if (files) return { files, errors: [], failed: false };
    await environment.restart();
    return undefined;
  }
  return undefined;
}

/** Bytes that show what a file is like. */
const FIRST_BYTES = 64 * 1024;

/** Whether the first file's first records are plain: mostly the others are, too, or none is. */
async function beginsPlainly({ files, statement }: Load, records: PlainRecords, signal: AbortSignal): Promise<boolean> {
  const [first] = files;
  if (!first) return false;
  const inspector = records.inspect();
  const { compression, encoding } = statement.options;
  if (compression !== 'none') {
    try {
      for await (const chunk of readContent(first.path, compression, encoding, signal))
        return inspector.take(chunk.subarray(0, FIRST_BYTES));
    } catch (error) {
      if (!(error instanceof UnreadableContent)) throw error;
    }
    return false;
  }
  const file = await open(first.path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(FIRST_BYTES), 0, FIRST_BYTES, 0);
    return inspector.take(buffer.subarray(0, bytesRead));
  } finally {
    await file.close();
  }
}

/** @returns undefined where a file is not plain; the transaction is then to be begun anew. */
async function loadGroups(
  load: Load,
  plan: FastPlan,
  { inspect }: PlainRecords,
  environment: LoadEnvironment,
): Promise<readonly LoadedFile[] | undefined> {
  const { connection, signal } = environment;
  await connection.run(`CREATE TEMP SEQUENCE ${plan.flag}`);
  const files: LoadedFile[] = [];
  const groups = groupFiles(load);
  let next = groups[0] && prepareGroup(groups[0], load, inspect, signal, true);
  try {
    for (const index of groups.keys()) {
      const group = (await next) ?? [];
      const following = groups[index + 1];
      next = following && prepareGroup(following, load, inspect, signal, true);
      next?.catch(() => undefined);
      const loaded = await loadGroup(group, plan, index, environment);
      if (!loaded) return undefined;
      files.push(...loaded);
      await removeCopies(group);
    }
    await connection.run(`DROP SEQUENCE ${plan.flag}`);
    return files;
  } catch (error) {
    if (error instanceof FastLoadFailed || error instanceof UnreadableContent) return undefined;
    throw error;
  } finally {
    await next?.catch(() => undefined);
  }
}

async function loadGroup(
  group: Group<PlainVerdict>,
  plan: FastPlan,
  asked: number,
  environment: LoadEnvironment,
): Promise<readonly LoadedFile[] | undefined> {
  const startMs = environment.now();
  const inserted = await insertRows(plan.insert(group.map(({ path }) => path)), environment);
  if (await flagRaised(environment.connection, plan.flag, asked)) return undefined;
  const verdicts = await Promise.all(group.map(({ found }) => found));
  const records = verdicts.map((verdict) => (verdict.plain ? verdict.records : Number.NaN));
  // Both have to have cut the files into the same records.
  if (records.reduce((sum, count) => sum + count, 0) !== inserted) return undefined;
  return group.map(({ file }, index) => ({
    url: file.url,
    bytes: file.bytes,
    lines: records[index] ?? 0,
    rows: records[index] ?? 0,
    errors: 0,
    startMs,
    endMs: environment.now(),
  }));
}

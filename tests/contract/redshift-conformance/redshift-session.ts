import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance, type DuckDBConnection, type DuckDBResultReader } from '@duckdb/node-api';
import {
  FOLDED,
  nameCases,
  prepareDatabase,
  prepareSession,
  redshiftError,
  resultColumn,
  SQLSTATE,
  translate,
  type Database,
  type NameCases,
  type Step,
} from '../../../local/redshift/dialect/index.ts';
import { redshiftDialect } from '../../../local/redshift/engine/redshift-dialect.ts';
import { folderObjects, type FolderObjects } from '../../support/folder-objects.ts';
import { loadStatements, type LoadStatements } from '../../support/load-statements.ts';
import type { Row } from './chapter.ts';

export interface Answer {
  /** `name type` */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** The steps DuckDB was given. */
  readonly steps: readonly string[];
}

/** A DuckDB prepared as a Redshift database, with nothing around it but the dialect and a store of objects for COPY and UNLOAD. */
export interface RedshiftSession {
  readonly objects: FolderObjects;
  run(sql: string): Promise<Answer>;
  close(): void;
}

export async function openRedshift(): Promise<RedshiftSession> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await redshiftDialect.prepareInstance(connection);
  await connection.run("ATTACH ':memory:' AS dev");
  await prepareDatabase(connection, 'dev');
  await prepareSession(connection, 'dev', 'admin');
  let cases = FOLDED;
  const directory = mkdtempSync(join(tmpdir(), 'conformance-'));
  const objects = folderObjects(join(directory, 'objects'));
  const log = await instance.connect();
  const files = loadStatements({
    connection,
    log,
    objects,
    directory: join(directory, 'work'),
    translateQuery: (sql) => queryOf(connection, sql, cases),
  });
  return {
    objects,
    run: async (sql) => {
      const answer = await run(connection, sql, cases, files);
      if (/^\s*(re)?set\b/i.test(sql)) cases = await nameCases(databaseOn(connection));
      return answer;
    },
    close: () => {
      log.closeSync();
      connection.closeSync();
      instance.closeSync();
      rmSync(directory, { recursive: true });
    },
  };
}

async function runForm(connection: DuckDBConnection, sql: string, form: Step): Promise<DuckDBResultReader> {
  try {
    return await connection.runAndReadAll(form.sql);
  } catch (error) {
    if (!form.wide || redshiftError(error, sql, form).code !== '22003') throw error;
    return connection.runAndReadAll(form.wide.sql);
  }
}

/** Where the quick form of a query has an answer, the exact one has the same. */
async function agree(connection: DuckDBConnection, sql: string, exact: Step, quick: Step): Promise<void> {
  const shown = (result: DuckDBResultReader): string[] =>
    result
      .getRows()
      .map((row) => JSON.stringify(row.map(String)))
      .toSorted();
  const quickly = await runForm(connection, sql, quick).catch(() => undefined);
  if (quickly === undefined) return;
  const exactly = await runForm(connection, sql, exact);
  if (exactly.columnNames().join() !== quickly.columnNames().join() || shown(exactly).join() !== shown(quickly).join())
    throw new Error(
      `the quick form gives ${shown(quickly).join()}, the exact one ${shown(exactly).join()}: ${exact.sql}`,
    );
}

const databaseOn = (connection: DuckDBConnection): Database => ({
  query: async (text) => (await connection.runAndReadAll(text)).getRowsJS(),
});

/** DuckDB's forms of a query that is not run by itself. */
async function queryOf(connection: DuckDBConnection, sql: string, cases: NameCases): Promise<Step> {
  const translation = translate(sql, cases);
  if (translation.kind !== 'run') throw new Error(`${translation.command} is no query`);
  const { steps } = translation;
  return (
    (typeof steps === 'function' ? await steps(databaseOn(connection)) : steps).at(-1) ?? {
      sql: '',
      originalOffset: (offset) => offset,
    }
  );
}

async function run(
  connection: DuckDBConnection,
  sql: string,
  cases: NameCases,
  files: LoadStatements,
): Promise<Answer> {
  let step: Step | undefined;
  try {
    const translation = translate(sql, cases);
    if (translation.kind === 'copy' || translation.kind === 'unload') await files[translation.kind](sql);
    if (translation.kind !== 'run') return { columns: [], rows: [], steps: [] };
    const database = databaseOn(connection);
    const steps = typeof translation.steps === 'function' ? await translation.steps(database) : translation.steps;
    let result: DuckDBResultReader | undefined;
    for (step of steps) {
      const { quick } = step;
      if (quick && translation.hasResultSet) await agree(connection, sql, step, quick);
      result = await runForm(connection, sql, quick && translation.hasResultSet ? quick : step).catch(
        (error: unknown) => {
          if (!quick || redshiftError(error, sql, quick).code !== SQLSTATE.blanks) throw error;
          return runForm(connection, sql, step as Step);
        },
      );
    }
    for (step of (await translation.after?.(database)) ?? []) await connection.run(step.sql);
    const texts = steps.map((each) => each.sql);
    if (!result || !translation.hasResultSet) return { columns: [], rows: [], steps: texts };
    const types = result.columnTypes();
    const columns = result.columnNames().map((name, at) => {
      const { typeName, type } = resultColumn(name, types[at] as (typeof types)[number]);
      return `${name} ${typeName === 'numeric' ? `numeric(${type.precision},${type.scale})` : typeName}`;
    });
    const rows = result.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
    return { columns, rows, steps: texts };
  } catch (error) {
    throw redshiftError(error, sql, step);
  }
}

import { DuckDBInstance, type DuckDBConnection, type DuckDBResultReader } from '@duckdb/node-api';
import {
  prepareDatabase,
  prepareInstance,
  prepareSession,
  redshiftError,
  resultColumn,
  translate,
  type Step,
} from '../../../local/redshift/dialect/index.ts';
import type { Row } from './chapter.ts';

export interface Answer {
  /** `name type` */
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
  /** The steps DuckDB was given. */
  readonly steps: readonly string[];
}

/** A DuckDB prepared as a Redshift database, with nothing around it but the dialect. */
export interface RedshiftSession {
  run(sql: string): Promise<Answer>;
  close(): void;
}

export async function openRedshift(): Promise<RedshiftSession> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await prepareInstance(connection);
  await connection.run("ATTACH ':memory:' AS dev");
  await prepareDatabase(connection, 'dev');
  await prepareSession(connection, 'dev', 'admin');
  return {
    run: (sql) => run(connection, sql),
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

async function run(connection: DuckDBConnection, sql: string): Promise<Answer> {
  let step: Step | undefined;
  try {
    const translation = translate(sql);
    if (translation.kind !== 'run') return { columns: [], rows: [], steps: [] };
    const database = { query: async (text: string) => (await connection.runAndReadAll(text)).getRowsJS() };
    const steps = typeof translation.steps === 'function' ? await translation.steps(database) : translation.steps;
    let result: DuckDBResultReader | undefined;
    for (step of steps) {
      try {
        result = await connection.runAndReadAll(step.sql);
      } catch (error) {
        if (!step.wide || redshiftError(error, sql, step).code !== '22003') throw error;
        result = await connection.runAndReadAll(step.wide.sql);
      }
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

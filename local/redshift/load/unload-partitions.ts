import { failure } from './failure.ts';
import { identifier, literal, rowsOf } from './sql-text.ts';
import { writeRows, type ReadyFile, type Unload } from './unload-files.ts';
import type { ResultColumn } from './unload-text.ts';
import { redshiftColumnType } from './unload-types.ts';

const HIVE_NULL = '__HIVE_DEFAULT_PARTITION__';

/** https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby-notes */
const PARTITION_TYPES =
  /^(?:(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DECIMAL\(\d+,\d+\)|FLOAT|BOOLEAN|VARCHAR|DATE|TIMESTAMP)$/;

/** A folder `column=value/` for each combination of values. https://docs.aws.amazon.com/redshift/latest/dg/r_UNLOAD.html#unload-partitionby */
export async function writePartitions(unload: Unload, columns: readonly ResultColumn[]): Promise<readonly ReadyFile[]> {
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

import type { KeepRows } from '../catalog/load-notes.ts';
import { MOST_DETAILED, type LoadError, type ParsedField, type Replacement } from './load-error.ts';
import type { QueryIdentity, SessionVariables } from './ports.ts';
import type { TargetTable } from './target-table.ts';

/** A file of a finished COPY. */
export interface LoadedFile {
  readonly url: string;
  readonly bytes: number;
  readonly lines: number;
  readonly rows: number;
  readonly errors: number;
  readonly startMs: number;
  readonly endMs: number;
}

/** What the system views tell of one COPY. */
export interface LoadRecord {
  readonly query: QueryIdentity;
  readonly table: TargetTable;
  readonly source: string;
  readonly format: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly status: 'completed' | 'failed' | 'canceled';
  readonly message: string;
  readonly files: readonly LoadedFile[];
  readonly errors: readonly LoadError[];
  readonly replacements?: readonly Replacement[];
}

/** What `error_message` holds. https://docs.aws.amazon.com/redshift/latest/dg/SYS_LOAD_ERROR_DETAIL.html */
const LONGEST_REASON = 512;

const LOAD_COLUMNS = {
  query: 'BIGINT',
  pid: 'INTEGER',
  userid: 'INTEGER',
  xid: 'BIGINT',
  database_name: 'VARCHAR',
  tbl: 'INTEGER',
  schema_name: 'VARCHAR',
  table_name: 'VARCHAR',
  starttime: 'TIMESTAMP',
  endtime: 'TIMESTAMP',
};

const FILE_COLUMNS = {
  ...LOAD_COLUMNS,
  filename: 'VARCHAR',
  bytes: 'BIGINT',
  lines: 'BIGINT',
  rows: 'BIGINT',
  errors: 'BIGINT',
};

/**
 * The files of the session's last COPY, as `log.load_file` has them. The log is another connection's: a transaction sees it as it was when it began,
 * while Redshift's shows a transaction what its own COPY has loaded. A variable is the session's own, and no transaction's.
 */
export const LAST_COPY_FILES = `SELECT unnest(json_transform(row, '${JSON.stringify(FILE_COLUMNS)}'))
    FROM (SELECT unnest(CAST(CAST(coalesce(getvariable('rs_last_copy_files'), '[]') AS VARCHAR) AS JSON[])) AS row)`;

/** What all rows of a COPY begin with; the times are the whole COPY's, or one file's. */
function identityOf(
  { query, table }: Pick<LoadRecord, 'query' | 'table'>,
  { startMs, endMs }: Pick<LoadedFile, 'startMs' | 'endMs'>,
): Readonly<Record<keyof typeof LOAD_COLUMNS, string | number>> {
  return {
    query: query.queryId,
    pid: query.pid,
    userid: query.userId,
    xid: query.transactionId,
    database_name: query.database,
    tbl: table.oid,
    schema_name: table.schema,
    table_name: table.name,
    starttime: isoTime(startMs),
    endtime: isoTime(endMs),
  };
}

/** One row a file, as `FILE_COLUMNS` has it. */
function fileRows(load: Pick<LoadRecord, 'query' | 'table' | 'files'>) {
  return load.files.map((file) => ({
    ...identityOf(load, file),
    filename: file.url,
    bytes: file.bytes,
    lines: file.lines,
    rows: file.rows,
    errors: file.errors,
  }));
}

/** The variables by which the session sees what its COPY has loaded, before it commits, too. */
export function copyVariables(load: Pick<LoadRecord, 'query' | 'table' | 'files'>, rows: number): SessionVariables {
  return {
    rs_last_copy_count: rows,
    rs_last_copy_id: load.query.queryId,
    rs_last_copy_files: JSON.stringify(fileRows(load)),
  };
}

/** Writes a COPY into the log the system views read. */
export async function recordLoad(keep: KeepRows, load: LoadRecord): Promise<void> {
  const identity = identityOf(load, load);
  const sum = (of: (file: LoadedFile) => number): number => load.files.reduce((total, file) => total + of(file), 0);
  await keep(
    'load',
    {
      ...LOAD_COLUMNS,
      status: 'VARCHAR',
      source: 'VARCHAR',
      format: 'VARCHAR',
      loaded_rows: 'BIGINT',
      loaded_bytes: 'BIGINT',
      file_count: 'INTEGER',
      error_count: 'INTEGER',
      message: 'VARCHAR',
    },
    [
      {
        ...identity,
        status: load.status,
        source: load.source,
        format: load.format,
        loaded_rows: sum(({ rows }) => rows),
        loaded_bytes: sum(({ bytes }) => bytes),
        file_count: load.files.length,
        error_count: load.errors.length,
        message: load.message,
      },
    ],
  );
  await keep('load_file', FILE_COLUMNS, fileRows(load));
  await keep(
    'load_error',
    {
      ...LOAD_COLUMNS,
      ...PLACE_COLUMNS,
      type: 'VARCHAR',
      col_length: 'VARCHAR',
      position: 'INTEGER',
      raw_field_value: 'VARCHAR',
      err_code: 'INTEGER',
      err_reason: 'VARCHAR',
    },
    load.errors.map((error) => ({
      ...identity,
      filename: error.file,
      line_number: error.line,
      colname: error.column,
      type: error.type,
      col_length: error.length,
      position: error.position,
      raw_line: error.rawLine,
      raw_field_value: error.rawField,
      err_code: error.code,
      err_reason: error.reason.slice(0, LONGEST_REASON),
    })),
  );
  await keep(
    'load_error_field',
    { ...LOAD_COLUMNS, ...PLACE_COLUMNS, type: 'VARCHAR', col_length: 'VARCHAR', value: 'VARCHAR' },
    load.errors.slice(0, MOST_DETAILED).flatMap((error) =>
      fieldsOf(error).map(({ column, type, length, value }) => ({
        ...identity,
        filename: error.file,
        line_number: error.line,
        colname: column,
        type,
        col_length: length,
        value,
      })),
    ),
  );
  await keep(
    'load_replacement',
    { ...LOAD_COLUMNS, ...PLACE_COLUMNS },
    (load.replacements ?? []).map(({ file, line, column, rawLine }) => ({
      ...identity,
      filename: file,
      line_number: line,
      colname: column,
      raw_line: rawLine,
    })),
  );
}

/** What was read of the record; of a record that is at fault as a whole only that. */
function fieldsOf({ column, type, length, rawField, parsed = [] }: LoadError): readonly ParsedField[] {
  return parsed.length > 0 ? parsed : [{ column, type, length, value: rawField }];
}

/** Where in the files something was found. */
const PLACE_COLUMNS = { filename: 'VARCHAR', line_number: 'BIGINT', colname: 'VARCHAR', raw_line: 'VARCHAR' };

/** A moment as DuckDB reads a TIMESTAMP. */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

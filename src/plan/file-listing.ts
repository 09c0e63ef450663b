import type { Table } from '../manifest/manifest.ts';
import { copyManifestJson, copySql } from '../redshift-sql/copy.ts';
import { integer, literal, s3Url } from '../redshift-sql/literal.ts';
import { type CopyContext, promisesFileRows, tableCondition } from './copy-context.ts';
import { counted } from '../report/words.ts';
import type { PlannedFile, TableName, Unit, UnitStatement } from './plan.ts';

/** The batch's files as a temporary table of the unit: what guards compare with and what `sluice.loaded_file` is filled from. */
export interface FileListing {
  readonly statements: readonly UnitStatement[];
  /** Present when the list is too long for a statement and is itself loaded with COPY. */
  readonly objects?: NonNullable<Unit['fileList']>;
}

const FILES = 'sluice_incoming_file';

/** Above this many bytes of SQL the list is loaded from S3 instead: a statement has at most 100 KB. */
const INLINE_BYTES = 60_000;

/** A table that neither remembers its files nor promises rows for them needs no list. */
export function fileListing(
  table: Table,
  files: readonly PlannedFile[],
  unitId: string,
  context: CopyContext,
): FileListing | undefined {
  if (table.load !== 'append' && !promisesFileRows(table)) return undefined;
  const create: UnitStatement = {
    role: 'work',
    purpose: 'create the list of files',
    sql: `create temp table ${FILES} (url varchar(2048), version varchar(1024), bytes bigint, arrived timestamp, promised_rows bigint)`,
  };
  const values = files.map(
    (file) =>
      `(${[literal(urlOf(file)), literal(versionOf(file)), integer(file.bytes), arrivedLiteral(file), file.rows === undefined ? 'null' : integer(file.rows)].join(', ')})`,
  );
  const inline = `insert into ${FILES} (url, version, bytes, arrived, promised_rows) values\n${values.join(',\n')}`;
  if (Buffer.byteLength(inline) <= INLINE_BYTES)
    return { statements: [create, { role: 'work', purpose: `list ${counted(files.length, 'file')}`, sql: inline }] };
  return loadedListing(create, files, unitId, context);
}

function loadedListing(
  create: UnitStatement,
  files: readonly PlannedFile[],
  unitId: string,
  context: CopyContext,
): FileListing {
  const { workBucket: bucket, redshiftRoleArn: roleArn } = context.settings;
  const rows = {
    key: `runs/${context.runId}/copy/${unitId}.files.json`,
    body: files
      .map(
        (file) =>
          `${JSON.stringify({ url: urlOf(file), version: versionOf(file), bytes: file.bytes, arrived: arrivalOf(file) ?? null, promised_rows: file.rows ?? null })}\n`,
      )
      .join(''),
  };
  const manifest = {
    key: `runs/${context.runId}/copy/${unitId}.files.manifest`,
    body: copyManifestJson([{ url: s3Url(bucket, rows.key), bytes: Buffer.byteLength(rows.body) }]),
  };
  const format = { type: 'json', paths: 'auto', compression: 'none', truncateColumns: false, maxErrors: 0 } as const;
  const sql = copySql(FILES, [], format, { manifest: { bucket, key: manifest.key }, roleArn });
  return {
    statements: [create, { role: 'work', purpose: `list ${counted(files.length, 'file')}`, sql }],
    objects: { manifest, rows },
  };
}

export function urlOf(file: PlannedFile): string {
  return s3Url(file.bucket, file.key);
}

/** What tells two contents of one key apart: the version, or the ETag in a bucket without versions. */
export function versionOf(file: PlannedFile): string {
  return file.versionId ?? file.etag;
}

/** `YYYY-MM-DD HH:MI:SS` in UTC, as Redshift's own logs tell the time: S3 tells whole seconds. */
function arrivalOf({ arrivedAt }: PlannedFile): string | undefined {
  return arrivedAt === undefined ? undefined : new Date(arrivedAt).toISOString().slice(0, 19).replace('T', ' ');
}

function arrivedLiteral(file: PlannedFile): string {
  const arrival = arrivalOf(file);
  return arrival === undefined ? 'null' : literal(arrival);
}

/**
 * Fails when an earlier run has loaded one of the files into the table. COPY reads whatever is under a key, so what that run has loaded may be
 * a version that came after the one it had planned: any that was there before its COPY had ended. Attempts of this run are the ledger's
 * business.
 */
export function filesNotLoadedGuard(table: Table): UnitStatement {
  return {
    role: 'guard',
    purpose: 'none of the files has been loaded before, or came while an earlier version of it was being loaded',
    guards: 'files-not-loaded',
    sql:
      'select 1 / case when count(*) = 0 then 1 else 0 end as files_not_loaded\n' +
      `from sluice.loaded_file as loaded join ${FILES} as incoming on incoming.url = loaded.url\n` +
      '  and (incoming.version = loaded.version or incoming.arrived <= loaded.loaded_at)\n' +
      `where ${tableCondition(table)}`,
  };
}

/** Files of one question: with the longest keys still inside the 100 KB of a statement. */
const FILES_A_QUESTION = 80;

/** What was loaded into the table under the names of the first of `files`: `url`, `version`, `run_id` and `loaded_at`, in UTC. */
export function loadedBeforeSql(table: TableName, files: readonly PlannedFile[]): string {
  const urls = files.slice(0, FILES_A_QUESTION).map((file) => literal(urlOf(file)));
  return (
    'select url, version, run_id, to_char(loaded_at, \'YYYY-MM-DD"T"HH24:MI:SS\') as loaded_at\n' +
    `from sluice.loaded_file where ${tableCondition({ schema: table.schema, name: table.table })}\n` +
    `  and url in (${urls.join(', ')})\norder by loaded_at`
  );
}

/** `loaded_at` is when COPY had read the last of them. https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html */
export function rememberFiles(table: Table, unitId: string, context: CopyContext): UnitStatement {
  return {
    role: 'work',
    purpose: 'remember the files',
    sql:
      'insert into sluice.loaded_file (table_schema, table_name, url, version, bytes, run_id, unit_id, loaded_at)\n' +
      `select ${literal(table.schema)}, ${literal(table.name)}, url, version, bytes, ${literal(context.runId)}, ${literal(unitId)},\n` +
      `  coalesce((select max(curtime) from stl_load_commits where query = pg_last_copy_id()), getdate())\nfrom ${FILES}`,
  };
}

/** `filename` has 256 bytes. https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html */
const LOGGED_NAME_BYTES = 256;

/**
 * Fails when a file has other rows than the manifest promises for it, though the sum may be right. Redshift logs the lines it scanned;
 * whether header lines are among them it does not say, so both are accepted: with the sum right, a file with a row too few then still
 * shows, in itself or in the file that has it. Names too long to be logged whole are left to the sum.
 */
export function fileRowsGuard(table: Table): UnitStatement {
  const header = 'headerLines' in table.format ? table.format.headerLines : 0;
  return {
    role: 'guard',
    purpose: 'each file has the rows the manifest promises for it',
    guards: 'file-row-counts',
    sql:
      'select 1 / case when count(*) = 0 then 1 else 0 end as file_rows_as_promised\n' +
      `from ${FILES} as incoming\n` +
      'join (\n' +
      '  select trim(filename) as url, sum(lines_scanned) as lines\n' +
      '  from stl_load_commits where query = pg_last_copy_id()\n' +
      '  group by 1\n' +
      ') as scanned on scanned.url = incoming.url\n' +
      `where octet_length(incoming.url) <= ${integer(LOGGED_NAME_BYTES)}\n` +
      `  and scanned.lines not in (incoming.promised_rows, incoming.promised_rows + ${integer(header)})`,
  };
}

import { type Table, tableLabel } from '../manifest/manifest.ts';
import { FilesNotThere } from '../errors/errors.ts';
import { copyManifestJson, copySql } from '../redshift-sql/copy.ts';
import { identifier, identifiers, qualified } from '../redshift-sql/identifier.ts';
import { integer, s3Url } from '../redshift-sql/literal.ts';
import { type FileListing, fileListing, filesNotLoadedGuard, fileRowsGuard, rememberFiles } from './file-listing.ts';
import { type LedgerRows, ledgerRow, notDoneGuard } from './ledger.ts';
import { type CopyContext, promisesFileRows } from './copy-context.ts';
import type { PlannedFile, Unit, UnitStatement } from './plan.ts';
import { undoAppend } from './undo-append.ts';
import { counted } from '../report/words.ts';

/** Names of a unit's temporary tables; a manifest cannot name a table like them. */
const INCOMING = 'sluice_incoming';
const DISTINCT = 'sluice_incoming_distinct';
const BEFORE = 'sluice_rows_before';

/** Repeated keys that the failure of a merge names. */
const KEYS_NAMED = 5;

/**
 * The unit that loads one table. It locks the table first: a second attempt waits there, and takes its snapshot after the first has
 * committed, so its guard sees the ledger row under either isolation level.
 * https://docs.aws.amazon.com/redshift/latest/dg/c_serial_isolation.html
 */
export function copyUnit(table: Table, id: string, context: CopyContext): Unit {
  const files = table.files.map(({ key, rows }) => plannedFile(table, key, rows, context.files));
  const key = `runs/${context.runId}/copy/${id}.manifest`;
  const listing = fileListing(table, files, id, context);
  const name = { schema: table.schema, table: table.name };
  const load = LOADS[table.load](table, files, key, context);
  return {
    id,
    kind: 'copy',
    title: `load ${tableLabel(table)}`,
    table: name,
    statements: [
      { role: 'lock', purpose: 'wait for other loads of this table', sql: `lock table ${qualified(table)}` },
      notDoneGuard(context, id),
      ...(listing?.statements ?? []),
      ...(table.load === 'append' && !table.loadAgain && context.settings.loadAgain !== true
        ? [filesNotLoadedGuard(table)]
        : []),
      ...load.before,
      load.copy,
      ...counts(),
      ...rowsGuard(table, load.loaded),
      ...(listing === undefined || !promisesFileRows(table) ? [] : [fileRowsGuard(table)]),
      ...load.after,
      ...(table.load === 'append' ? [rememberFiles(table, id, context)] : []),
      ledgerRow(context, { id, kind: 'copy', table: name }, load.loaded),
    ],
    dependsOn: [],
    load: table.load,
    ...(table.load === 'append' ? { undo: undoAppend(table, id, key, context) } : {}),
    files,
    ...(table.rows === undefined ? {} : { expectedRows: table.rows }),
    ...(refusable(table) === 0 ? {} : { maxErrors: refusable(table) }),
    copyManifest: {
      key,
      body: copyManifestJson(files.map((file) => ({ url: s3Url(file.bucket, file.key), bytes: file.bytes }))),
    },
    ...fileListObjects(listing),
  };
}

function fileListObjects(listing: FileListing | undefined): Pick<Unit, 'fileList'> {
  return listing?.objects === undefined ? {} : { fileList: listing.objects };
}

function plannedFile(
  table: Table,
  key: string,
  rows: number | undefined,
  found: ReadonlyMap<string, PlannedFile>,
): PlannedFile {
  const file = found.get(key);
  if (file === undefined)
    throw new FilesNotThere(`The file '${key}' of ${tableLabel(table)} is not in the inbox.`, {
      where: { table: tableLabel(table), file: key },
    });
  return rows === undefined ? file : { ...file, rows };
}

interface Load {
  readonly before: readonly UnitStatement[];
  readonly copy: UnitStatement;
  readonly after: readonly UnitStatement[];
  /** The rows that came from the files, counted where they are. */
  readonly loaded: LedgerRows;
}

type LoadBuilder = (table: Table, files: readonly PlannedFile[], manifestKey: string, context: CopyContext) => Load;

const LOADS: Readonly<Record<Table['load'], LoadBuilder>> = {
  // Never TRUNCATE: it would commit, and a failed load would leave an empty table behind.
  replace: (table, files, key, context) => ({
    before: [work('delete the previous batch', `delete from ${qualified(table)}`)],
    copy: copyStatement(qualified(table), table, files, key, context),
    after: [],
    loaded: { expression: 'count(*)', from: qualified(table) },
  }),
  append: (table, files, key, context) => ({
    before: [
      work(
        'count the rows that are there',
        `create temp table ${BEFORE} as select count(*) as rows from ${qualified(table)}`,
      ),
    ],
    copy: copyStatement(qualified(table), table, files, key, context),
    after: [],
    loaded: { expression: `count(*) - (select rows from ${BEFORE})`, from: qualified(table) },
  }),
  merge: (table, files, key, context) => ({
    before: [work('create a place to load to', `create temp table ${INCOMING} (like ${qualified(table)})`)],
    copy: copyStatement(INCOMING, table, files, key, context),
    after: mergeStatements(table),
    loaded: { expression: 'count(*)', from: INCOMING },
  }),
};

function copyStatement(
  target: string,
  table: Table,
  files: readonly PlannedFile[],
  key: string,
  context: CopyContext,
): UnitStatement {
  const { workBucket: bucket, redshiftRoleArn: roleArn } = context.settings;
  const names = table.columns.map(({ name }) => name);
  return work(
    `load ${counted(files.length, 'file')}`,
    copySql(target, names, table.format, { manifest: { bucket, key }, roleArn }),
  );
}

/** Rows that are equal in every column are one row; rows that share a key and differ fail the unit, for nobody can know which is right. */
function mergeStatements(table: Table): UnitStatement[] {
  const columns = identifiers(table.columns.map(({ name }) => name));
  const key = identifiers(table.key);
  const repeated = `select ${key} from ${DISTINCT} group by ${key} having count(*) > 1`;
  const same = table.key
    .map((name) => `${qualified(table)}.${identifier(name)} = ${DISTINCT}.${identifier(name)}`)
    .join(' and ');
  return [
    work(
      'drop rows that are there twice',
      `create temp table ${DISTINCT} as\nselect distinct ${columns}\nfrom ${INCOMING}`,
    ),
    {
      role: 'count',
      purpose: 'look for keys that rows share and differ',
      counts: 'repeated-keys',
      sql: `${repeated} order by ${key} limit ${integer(KEYS_NAMED)}`,
    },
    {
      role: 'guard',
      purpose: 'no two rows of the batch share a key',
      guards: 'keys-unique',
      sql: `select 1 / case when count(*) = 0 then 1 else 0 end as keys_unique\nfrom (${repeated}) as repeated`,
    },
    work(
      'delete the rows that the batch replaces',
      `delete from ${qualified(table)}\nusing ${DISTINCT}\nwhere ${same}`,
    ),
    work(
      'insert the rows of the batch',
      `insert into ${qualified(table)} (${columns})\nselect ${columns}\nfrom ${DISTINCT}`,
    ),
  ];
}

/** https://docs.aws.amazon.com/redshift/latest/dg/PG_LAST_COPY_COUNT.html, https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_COMMITS.html */
function counts(): UnitStatement[] {
  return [
    { role: 'count', purpose: 'count the rows loaded', counts: 'rows', sql: 'select pg_last_copy_count() as rows' },
    {
      role: 'count',
      purpose: 'count the lines of each file',
      counts: 'file-rows',
      sql: 'select trim(filename) as file, sum(lines_scanned) as lines\nfrom stl_load_commits where query = pg_last_copy_id()\ngroup by 1 order by 1',
    },
  ];
}

/** Rows COPY may refuse without failing. */
function refusable({ format }: Table): number {
  return format.type === 'parquet' ? 0 : format.maxErrors;
}

/** Inside the transaction, so that a mismatch leaves the table as it was. Rows the manifest lets COPY refuse may be missing. */
function rowsGuard(table: Table, loaded: LedgerRows): UnitStatement[] {
  if (table.rows === undefined) return [];
  const most = refusable(table);
  const condition =
    most === 0
      ? `= ${integer(table.rows)}`
      : `between ${integer(Math.max(0, table.rows - most))} and ${integer(table.rows)}`;
  return [
    {
      role: 'guard',
      purpose: `the manifest promises ${table.rows} rows`,
      guards: 'row-count',
      sql: `select 1 / case when ${loaded.expression} ${condition} then 1 else 0 end as rows_as_promised\nfrom ${loaded.from}`,
    },
  ];
}

function work(purpose: string, sql: string): UnitStatement {
  return { role: 'work', purpose, sql };
}

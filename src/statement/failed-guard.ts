import { FilesLoadedBefore, KeysNotUnique, RowsDiffer, StatementFailed, TableDiffers } from '../errors/errors.ts';
import type { SluiceError } from '../errors/sluice-error.ts';
import { loadedBeforeSql, urlOf, versionOf } from '../plan/file-listing.ts';
import type { GuardKind, PlannedFile, TableName, UnitStatement } from '../plan/plan.ts';
import { columnsSql } from '../redshift-sql/create-table.ts';
import { counted } from '../report/words.ts';
import type { UnitDocument } from '../run/unit-document.ts';
import { type Counts, readCounts } from './counts.ts';
import { askWarehouse } from './ledger-lookup.ts';
import { runPrefix } from './statement-name.ts';
import type { Row, StatementDescription, Warehouse } from './warehouse.ts';

/** Guards whose failing is an error: that of `unit-not-done` means that there is nothing left to do. */
export type ErrorGuard = Exclude<GuardKind, 'unit-not-done'>;

const ERRORS: Readonly<Record<ErrorGuard, new (message: string, details: object) => SluiceError>> = {
  'columns-as-planned': TableDiffers,
  'files-not-loaded': FilesLoadedBefore,
  'row-count': RowsDiffer,
  'file-row-counts': RowsDiffer,
  'keys-unique': KeysNotUnique,
};

/** How many files, keys or columns a message names. */
const MOST_NAMED = 5;
const MOST_COLUMNS = 40;

/** What was found, in words, and the file it was found in if there is one. */
interface Found {
  readonly text: string;
  readonly file?: string;
}

/** The guard that failed, and all that is known of the batch it belongs to. */
interface Failed {
  readonly unit: UnitDocument;
  readonly statement: UnitStatement;
  readonly described: StatementDescription;
  readonly where: object;
}

/**
 * The error of a failed guard. A guard only divides by zero, so what it found is asked for: of what the batch had counted before it, and of
 * tables that its transaction does not touch. Where that cannot be told any more, the error says what does not hold.
 */
export async function guardFailed(
  warehouse: Warehouse,
  runId: string,
  { unit, statement, described, where }: Failed,
): Promise<SluiceError> {
  const { guards } = statement;
  if (guards === undefined || guards === 'unit-not-done')
    return new StatementFailed(`${unit.title}: a guard failed: ${statement.purpose}.`, { where });
  const ask: Asking = {
    unit,
    table: statement.table ?? unit.table,
    counts: () => readCounts(warehouse, unit, described),
    rows: async (sql) => (await askWarehouse(warehouse, sql, `${runPrefix(runId)}guard`)) ?? [],
  };
  // What the run failed with is known: that no more can be said of it does not change it.
  const found = await FINDERS[guards](ask).catch(() => undefined);
  return new ERRORS[guards](`${unit.title}: ${found?.text ?? `this does not hold: ${statement.purpose}`}.`, {
    where: { ...where, ...(found?.file === undefined ? {} : { file: found.file }) },
  });
}

interface Asking {
  readonly unit: UnitDocument;
  readonly table: TableName | undefined;
  readonly counts: () => Promise<Counts>;
  readonly rows: (sql: string) => Promise<readonly Row[]>;
}

type Finder = (ask: Asking) => Promise<Found | undefined>;

const FINDERS: Readonly<Record<ErrorGuard, Finder>> = {
  'columns-as-planned': columnsFound,
  'files-not-loaded': filesLoadedBefore,
  'row-count': rowsFound,
  'file-row-counts': rowsFound,
  'keys-unique': keysRepeated,
};

async function rowsFound({ unit, counts }: Asking): Promise<Found | undefined> {
  const { rows, fileRows = [] } = await counts();
  if (rows === undefined) return undefined;
  const files = unit.maxErrors === undefined ? filesThatDiffer(unit.files ?? [], fileRows, rows) : [];
  const [first] = files;
  if (rows === unit.expectedRows && !first) return undefined;
  const total =
    unit.expectedRows === undefined || rows === unit.expectedRows
      ? counted(rows, 'row')
      : `${counted(rows, 'row')} instead of the ${unit.expectedRows} that the manifest promises`;
  return {
    text: `the files have ${total}${first ? `: ${named(files.map(({ text }) => text))}` : ''}`,
    ...(first && { file: first.url }),
  };
}

/** Redshift logs the lines it scanned of each file; that its header lines are among them shows in their sum. */
function filesThatDiffer(
  files: readonly PlannedFile[],
  fileRows: NonNullable<Counts['fileRows']>,
  rows: number,
): { readonly url: string; readonly text: string }[] {
  const lines = new Map(fileRows.map((each) => [each.file, each.lines]));
  const headers = (fileRows.reduce((sum, each) => sum + each.lines, 0) - rows) / fileRows.length;
  if (!Number.isInteger(headers)) return [];
  return files.flatMap((file) => {
    const url = urlOf(file);
    const scanned = lines.get(url);
    return file.rows === undefined || scanned === undefined || scanned - headers === file.rows
      ? []
      : [{ url, text: `${url} has ${scanned - headers} instead of ${file.rows}` }];
  });
}

async function filesLoadedBefore({ unit, table, rows }: Asking): Promise<Found | undefined> {
  const files = unit.files ?? [];
  if (!table) return undefined;
  const loaded = await rows(loadedBeforeSql(table, files));
  const again = files.flatMap((file) => {
    const url = urlOf(file);
    const before = loaded.find(
      (row) =>
        row['url'] === url &&
        (row['version'] === versionOf(file) ||
          (file.arrivedAt !== undefined && file.arrivedAt <= Date.parse(`${String(row['loaded_at'])}Z`))),
    );
    return before ? [{ url, text: `${url} by run ${String(before['run_id'])}` }] : [];
  });
  const [first] = again;
  return first && { text: `loaded before: ${named(again.map(({ text }) => text))}`, file: first.url };
}

async function keysRepeated({ counts }: Asking): Promise<Found | undefined> {
  const { repeatedKeys = [] } = await counts();
  return repeatedKeys.length === 0
    ? undefined
    : { text: `rows that differ share ${named(repeatedKeys.map((key) => `(${key})`))}` };
}

async function columnsFound({ table, rows }: Asking): Promise<Found | undefined> {
  if (!table) return undefined;
  const columns = (await rows(columnsSql(table))).map(columnText);
  return columns.length === 0
    ? undefined
    : { text: `the table is there with other columns than the manifest's: ${named(columns, MOST_COLUMNS)}` };
}

function columnText(row: Row): string {
  const { column_name: name, data_type: type, characters, precision, scale } = row;
  const size = typeof characters === 'number' ? `(${characters})` : type === 'numeric' ? `(${precision},${scale})` : '';
  return `${name} ${type}${size}`;
}

function named(all: readonly string[], most = MOST_NAMED): string {
  return all.length > most ? `${all.slice(0, most).join(', ')} and ${all.length - most} more` : all.join(', ');
}

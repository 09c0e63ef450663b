import type { Format, Table } from '../manifest/manifest.ts';
import { literal } from '../redshift-sql/literal.ts';
import type { LedgerContext } from './ledger.ts';
import type { PlanSettings, PlannedFile } from './plan.ts';

/** What every unit that loads files needs to know of the run. */
export interface CopyContext extends LedgerContext {
  readonly settings: PlanSettings;
  /** The files as they were found, by their key in the manifest. */
  readonly files: ReadonlyMap<string, PlannedFile>;
}

/** Whether the manifest gives rows for single files of a table, so that more than their sum can be compared. */
export function promisesFileRows(table: Table): boolean {
  return linesAreRows(table.format) && table.files.length > 1 && table.files.some(({ rows }) => rows !== undefined);
}

/** The literal of a table's own name, for tables that list others. */
export function tableCondition(table: Pick<Table, 'schema' | 'name'>): string {
  return `table_schema = ${literal(table.schema)} and table_name = ${literal(table.name)}`;
}

/** Whether the lines Redshift logs for a file are its rows. What it logs for columnar files and blank lines is not documented. */
function linesAreRows(format: Format): boolean {
  return format.type !== 'parquet' && !('ignoreBlankLines' in format && format.ignoreBlankLines);
}

import * as z from 'zod';
import { integer } from '../redshift-sql/literal.ts';
import { layout } from '../run/layout.ts';
import type { WorkStore } from '../run/work-store.ts';
import { askWarehouse } from './ledger-lookup.ts';
import { runPrefix } from './statement-name.ts';
import type { Row, StatementDescription, SubStatement, Warehouse } from './warehouse.ts';

/** A line COPY refused. */
export const loadError = z.object({
  file: z.string(),
  line: z.number(),
  column: z.string(),
  type: z.string(),
  value: z.string(),
  reason: z.string(),
  /** https://docs.aws.amazon.com/redshift/latest/dg/r_Load_Error_Reference.html */
  code: z.number().default(0),
});
export type LoadError = z.infer<typeof loadError>;

/** Enough to see what is wrong; the rest is usually the same. */
const MOST_KEPT = 100;

/**
 * Which load errors are those of one COPY: by its query, or, where the Data API does not tell it, by the process that ran it.
 * https://docs.aws.amazon.com/redshift/latest/dg/r_STL_LOAD_ERRORS.html
 */
function loadErrorsSql(by: { readonly query: number } | { readonly process: number }): string {
  const which = 'query' in by ? `query = ${integer(by.query)}` : `session = ${integer(by.process)}`;
  return `select trim(filename) as file, line_number as line, trim(colname) as column_name, trim(type) as type,
  trim(raw_field_value) as value, trim(err_reason) as reason, err_code as code,
  count(*) over () as errors
from stl_load_errors
where ${which}
order by starttime desc, line_number
limit ${integer(MOST_KEPT)}`;
}

/** The first errors of a COPY, and how many there are. */
export interface LoadErrors {
  readonly errors: readonly LoadError[];
  readonly total: number;
}

const NONE: LoadErrors = { errors: [], total: 0 };

/** Reads the errors of a COPY and keeps them in the work bucket: they are lost with the cluster. */
export async function keepLoadErrors(
  ports: { readonly work: WorkStore; readonly warehouse: Warehouse },
  runId: string,
  unit: string,
  described: StatementDescription,
  copy: SubStatement | undefined,
): Promise<LoadErrors> {
  const queryId = copy?.queryId ?? described.queryId ?? 0;
  const by = queryId > 0 ? { query: queryId } : described.pid === undefined ? undefined : { process: described.pid };
  if (!by) return NONE;
  const rows = await askWarehouse(ports.warehouse, loadErrorsSql(by), `${runPrefix(runId)}load-errors`);
  const errors = (rows ?? []).map(loadErrorOf);
  if (errors.length > 0) await ports.work.write(layout.loadErrors(runId, unit), JSON.stringify(errors));
  return errors.length === 0 ? NONE : { errors, total: Number(rows?.[0]?.['errors'] ?? errors.length) };
}

export async function readLoadErrors(work: WorkStore, runId: string, unit: string): Promise<readonly LoadError[]> {
  const stored = await work.read(layout.loadErrors(runId, unit));
  return stored ? z.array(loadError).parse(JSON.parse(stored.text)) : [];
}

function loadErrorOf(row: Row): LoadError {
  const text = (name: string): string => String(row[name] ?? '').trim();
  return {
    file: text('file'),
    line: Number(row['line'] ?? 0),
    column: text('column_name'),
    type: text('type'),
    value: text('value'),
    reason: text('reason'),
    code: Number(row['code'] ?? 0),
  };
}
